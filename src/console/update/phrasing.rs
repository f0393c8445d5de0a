//! Smart phrases: a few keywords find one, and it stands in the reply to be edited. It is never sent by itself (SP1).

use super::{choosing, composing};
use crate::{
    console::{
        choices,
        compose::Kind,
        effect::Effect,
        model::{Choosing, Field, Layer, Loaded, Model, Picker, Tone},
    },
    desk::{Phrase, Trouble},
    domain::text::Safe,
    say,
};

/// At most so many words before the caret are taken for what one looks for.
const WORDS: usize = 4;
/// Fewer letters than this are no word to look for.
const LETTERS: usize = 2;

/// `Tab`: opens the picker, with the words just typed in it if they find something.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let is_open = |c: &crate::console::compose::Composer| c.kind == Kind::Reply && c.is_open();
    if !model.composer.as_ref().is_some_and(is_open) {
        return;
    }
    effects.push(Effect::LoadPhrases);
    let loaded = match model.phrases.is_empty() {
        true => Loaded::Asked,
        false => Loaded::Yes, // As they were last time, until the desk says anew.
    };
    model.layers.push(Layer::Picker(Picker::new(
        Choosing::Phrase(String::new()),
        loaded,
    )));
    look_at_what_was_typed(model);
}

/// The words just before the caret, as many as find something together, are what is looked for.
fn look_at_what_was_typed(model: &mut Model) {
    let Some(composer) = &model.composer else {
        return;
    };
    let text = composer.text();
    let before = text.get(..composer.caret()).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut starts: Vec<usize> = line
        .split_whitespace()
        .map(|word| word.as_ptr() as usize - line.as_ptr() as usize)
        .collect();
    let starts = starts.split_off(starts.len().saturating_sub(WORDS));
    let found = starts
        .into_iter()
        .map(|start| &line[start..])
        .find(|words| {
            words.trim().len() >= LETTERS
                && model
                    .phrases
                    .iter()
                    .any(|p| choices::has_keywords(p, words))
        });
    let found = found.unwrap_or_default().to_owned();
    if let Some(Layer::Picker(picker)) = model.layers.last_mut()
        && let Choosing::Phrase(looked_for) = &mut picker.choosing
    {
        picker.typed = Field {
            text: found.trim().to_owned(),
        };
        *looked_for = found;
    }
    choosing::typed(model);
}

/// The phrases are here.
pub(super) fn arrived(model: &mut Model, result: Result<Vec<Phrase>, Trouble>) {
    let failed = result.as_ref().err().map(|trouble| say!("{trouble}"));
    if let Ok(phrases) = result {
        model.phrases = phrases;
    }
    let Some(Layer::Picker(picker)) = model.layers.last_mut() else {
        return;
    };
    if !matches!(picker.choosing, Choosing::Phrase(_)) {
        return;
    }
    let waited = picker.loaded == Loaded::Asked;
    match failed {
        // Those of last time are better than none.
        Some(why) if waited => picker.loaded = Loaded::Failed(why),
        Some(_) => {}
        None => picker.loaded = Loaded::Yes,
    }
    match waited && picker.typed.text.is_empty() {
        true => look_at_what_was_typed(model),
        false => choosing::keep_cursor(model),
    }
}

/// One was chosen: it stands where the caret was, in the place of the words that found it.
pub(super) fn chosen(
    model: &mut Model,
    looked_for: &str,
    typed: &str,
    words: &str,
    effects: &mut Vec<Effect>,
) {
    model.left_text = None; // One is in a text again.
    let Some(composer) = model.composer.as_mut().filter(|c| c.is_open()) else {
        let text = "The phrase was not put in: the reply cannot be written on now";
        return model.say(Tone::Warning, Safe::literal(text));
    };
    // Words that were erased in the picker were not meant, and stay.
    let bytes = match typed.starts_with(looked_for.trim()) {
        true => looked_for.len(),
        false => 0,
    };
    let room = composer.replace_before(bytes, words);
    composing::keep(model, room, effects);
}
