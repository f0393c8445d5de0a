//! What lies over the panes: which keys do what in each layer.

use super::{
    acting, acts, alone, asking, choosing, chosen, dots, drafts, exporting, finding, leaving,
    listing, notices, some,
};
use crate::{
    console::{
        command::{Binding, Command, TABLE},
        effect::Effect,
        key::Key,
        model::{Field, Layer, Model, Tone},
    },
    domain::text::Safe,
};

/// A command in the layer on top. Where that was to choose a row of the table of keys, gives which: it is to be done where
/// one is then.
#[must_use]
pub(super) fn command(
    model: &mut Model,
    command: Command,
    effects: &mut Vec<Effect>,
) -> Option<Binding> {
    match model.layers.last() {
        Some(Layer::Help { .. }) if command != Command::Back => return in_help(model, command),
        Some(Layer::Picker(_)) if command == Command::Enter => {
            return chosen::choose_at_cursor(model, effects);
        }
        _ => in_layer(model, command, effects),
    }
    None
}

fn in_layer(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match model.layers.last() {
        Some(Layer::Some(_)) => return some::command(model, command, effects),
        Some(Layer::Acts(_)) => return acts::command(model, command, effects),
        Some(Layer::Find) if command != Command::Back => {
            return finding::command(model, command, effects);
        }
        Some(Layer::Alone(_)) => return alone::command(model, command, effects),
        Some(Layer::Drafts(_)) => return drafts::command(model, command, effects),
        _ if command == Command::Back => return close(model, effects),
        _ => {}
    }
    match model.layers.last() {
        Some(Layer::Menu(_)) => dots::command(model, command, effects),
        Some(Layer::Notices(_)) => notices::command(model, command),
        Some(Layer::Preview(_)) => in_preview(model, command, effects),
        Some(Layer::Picker(_)) if matches!(command, Command::Down | Command::Up) => {
            choosing::step(model, command == Command::Down);
        }
        Some(Layer::Question(_)) => match command {
            Command::Down | Command::Up => asking::step(model, command == Command::Down),
            Command::Enter => asking::answer_at_cursor(model, effects),
            _ => {}
        },
        Some(Layer::Reason(_)) if command == Command::Enter => asking::with_reason(model, effects),
        Some(Layer::FileName(_)) if command == Command::Enter => exporting::write(model, effects),
        Some(Layer::Filter(_)) if command == Command::Enter => drop(model.layers.pop()),
        Some(Layer::Leaving) => match command {
            Command::HandBackAllAndQuit => leaving::hand_back_all(model, effects),
            Command::KeepAndQuit => effects.push(Effect::Quit),
            _ => {}
        },
        _ => {}
    }
}

/// Takes the layer on top away. Who leaves a text is asked for a second `u` (R22).
fn close(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.place().takes_text() {
        model.left_text = Some(model.now);
    }
    match model.layers.pop() {
        Some(Layer::Filter(_)) => clear_filter(model, effects),
        Some(Layer::Find) => finding::leave(model, effects),
        Some(Layer::FileName(_)) => model.say(Tone::Plain, Safe::literal("Nothing was written")),
        Some(Layer::Reason(_) | Layer::Question(_)) => {
            model.say(Tone::Plain, Safe::literal("Nothing was done"));
        }
        _ => {}
    }
}

fn in_help(model: &mut Model, command: Command) -> Option<Binding> {
    let page = usize::from(model.size.1.saturating_sub(6)).max(1);
    let Some(Layer::Help { cursor }) = model.layers.last_mut() else {
        return None;
    };
    let last = TABLE.len() - 1;
    match command {
        Command::Down => *cursor = (*cursor + 1).min(last),
        Command::Up => *cursor = cursor.saturating_sub(1),
        Command::PageDown => *cursor = (*cursor + page).min(last),
        Command::PageUp => *cursor = cursor.saturating_sub(page),
        Command::Enter => {
            let binding = TABLE[*cursor];
            model.layers.pop();
            return Some(binding);
        }
        _ => {}
    }
    None
}

fn in_preview(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let Some(Layer::Preview(preview)) = model.layers.last_mut() else {
        return;
    };
    let last = preview.items.len().saturating_sub(1);
    match command {
        Command::Down => preview.top = (preview.top + 1).min(last),
        Command::Up => preview.top = preview.top.saturating_sub(1),
        Command::Enter if preview.results.is_none() => acting::go_on(model, effects),
        Command::Enter if preview.operation.is_none() => drop(model.layers.pop()),
        Command::Retry => acting::try_again(model, effects),
        _ => {}
    }
}

/// Shows everything again.
pub(super) fn clear_filter(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.list.filter.is_empty() {
        model.list.filter.clear();
        listing::show(model, effects);
    }
}

/// A key in a layer where text is typed.
pub(super) fn type_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    if matches!(model.layers.last(), Some(Layer::Some(_))) {
        return some::type_key(model, key, effects);
    }
    if matches!(model.layers.last(), Some(Layer::Find)) {
        return finding::type_key(model, key, effects);
    }
    let field = match model.layers.last_mut() {
        Some(Layer::Filter(field)) => field,
        Some(Layer::Picker(picker)) => &mut picker.typed,
        Some(Layer::Reason(reason)) => &mut reason.typed,
        Some(Layer::FileName(file)) if !file.writing => &mut file.typed,
        _ => return,
    };
    if field.type_key(key) {
        choosing::typed(model);
        narrow(model, effects);
    }
}

/// Text was pasted into a layer where text is typed.
pub(super) fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    for character in text.chars().take(200) {
        type_key(
            model,
            Key::Char(if character.is_control() {
                ' '
            } else {
                character
            }),
            effects,
        );
    }
}

/// The filter narrows the list at the desk as one types.
fn narrow(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(Layer::Filter(field)) = model.layers.last() {
        model.list.filter.clone_from(&field.text);
        listing::show(model, effects);
    }
}

impl Field {
    /// Types a key; says whether the text changed.
    pub(super) fn type_key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(character) if self.text.len() < 200 => {
                self.text.push(character);
                true
            }
            Key::Backspace => self.text.pop().is_some(),
            Key::Ctrl('u') if !self.text.is_empty() => {
                self.text.clear();
                true
            }
            _ => false,
        }
    }
}
