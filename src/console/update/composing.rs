//! What is typed into the composer, be it a reply or a note: kept as a draft, left, frozen, and gone once the desk has it.

use ratatui_textarea::CursorMove;

use super::keeping;
use crate::{
    console::{
        command::{Command, Place},
        compose::{Composer, Edit, Kind, MOST, name_of},
        effect::Effect,
        key::Key,
        model::{Model, Pane, Tone},
        view,
        words::keys,
    },
    domain::{
        id::{ConversationId, OperationId},
        text::{Safe, caret},
    },
    say,
};

/// A key in the composer that the table does not know: text and editing.
pub(super) fn type_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let Some(composer) = model.composer.as_mut().filter(|c| c.is_open()) else {
        return;
    };
    let room = match key {
        Key::Char(character) => composer.insert(character),
        other => composer.edit(match other {
            Key::Backspace => Edit::Backspace,
            Key::Delete => Edit::Delete,
            Key::Left => Edit::Move(CursorMove::Back),
            Key::Right => Edit::Move(CursorMove::Forward),
            Key::Up | Key::Down => return go_by_row(model, key == Key::Down),
            _ => return,
        }),
    };
    keep(model, room, effects);
}

/// Text was pasted into the composer; it never submits (R7).
pub(super) fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) {
    if let Some(composer) = model.composer.as_mut().filter(|c| c.is_open()) {
        let room = composer.paste(text);
        keep(model, room, effects);
    }
}

/// A line break, or taking back what was typed last.
pub(super) fn edit(model: &mut Model, edit: Option<Edit>, effects: &mut Vec<Effect>) {
    if let Some(composer) = model.composer.as_mut().filter(|c| c.is_open()) {
        let room = match edit {
            Some(edit) => composer.edit(edit),
            None => composer.insert('\n'),
        };
        keep(model, room, effects);
    }
}

/// The caret goes up or down by a row as it is shown, where a long line has several.
fn go_by_row(model: &mut Model, down: bool) {
    let Some((place, rows)) = view::composer::caret(model) else {
        return;
    };
    let row = match down {
        true if place.row + 1 == rows => return,
        true => place.row + 1,
        false if place.row == 0 => return,
        false => place.row - 1,
    };
    let Some(composer) = &mut model.composer else {
        return;
    };
    let column = composer.kept_column(place.column);
    let place = caret::Place { row, column };
    if let Some(offset) = view::composer::offset_at(model, place)
        && let Some(composer) = &mut model.composer
    {
        composer.put_caret(offset);
    }
}

/// Keeps what is written; where there was no room for more, that is said.
pub(super) fn keep(model: &mut Model, room: bool, effects: &mut Vec<Effect>) {
    let Some(composer) = &model.composer else {
        return;
    };
    let (kind, row, text) = (composer.kind, composer.row.clone(), composer.text());
    if model
        .drafts_of(kind)
        .get(&row.id)
        .map_or("", String::as_str)
        != text
    {
        keeping::written(model, kind, &row, text, effects);
    }
    if !room {
        model.say(
            Tone::Warning,
            say!("At most {MOST} bytes can be written: the rest was not taken in"),
        );
    }
}

/// Leaves the composer; the draft is kept.
pub(super) fn leave(model: &mut Model) {
    if let Some(composer) = model.composer.take() {
        model.left_text = Some(model.now);
        model.pane = Pane::Conversation;
        if !composer.text().is_empty() {
            let name = name_of(&composer.row);
            let text = match composer.kind {
                Kind::Reply => say!("The draft to {name} is kept: r goes on with it"),
                Kind::Note => say!("The draft of a note on {name} is kept: n goes on with it"),
            };
            model.say(Tone::Plain, text);
        }
    }
}

/// What was sent under this operation is answered: it can be typed on.
pub(super) fn heard(model: &mut Model, operation: &OperationId) {
    let composer = model.composer.as_mut();
    if let Some(composer) = composer.filter(|c| c.sending.as_ref() == Some(operation)) {
        composer.sending = None;
    }
}

/// The desk has this text: the composer closes, and the draft goes. Unless something else was typed since: that the desk
/// does not have, and it stays (R23). Says which.
pub(super) fn close(
    model: &mut Model,
    kind: Kind,
    id: &ConversationId,
    text: &str,
    effects: &mut Vec<Effect>,
) -> bool {
    let draft = model.drafts_of(kind).get(id);
    if draft.is_some_and(|draft| draft != text && !draft.trim().is_empty()) {
        keeping::not_taken(model, kind, id, effects);
        return false;
    }
    let is_it = |c: &Composer| c.row.id == *id && c.kind == kind;
    if model.composer.as_ref().is_some_and(is_it) {
        model.composer = None;
        model.left_text = Some(model.now);
    }
    keeping::gone(model, kind, id, effects);
    true
}

/// That it stays, after what was said.
pub(super) fn stays(closed: bool) -> &'static str {
    match closed {
        true => "",
        false => " · what you typed since is kept",
    }
}

/// The composer's conversation is somebody else's now: it freezes, says who has it, and keeps the text (U8).
pub(super) fn freeze(model: &mut Model, id: &ConversationId, why: &Safe) {
    let at = crate::console::words::time::of_day(model, model.now);
    let leaves = keys::here(model, Place::Composer, Command::Back);
    if let Some(composer) = model
        .composer
        .as_mut()
        .filter(|c| c.row.id == *id && c.frozen.is_none())
    {
        composer.sending = None;
        composer.waiting = None;
        composer.frozen = Some(say!(
            "{why} · {at} · your text is kept as a draft, {leaves} leaves"
        ));
    }
}
