//! Writing: a reply, or a note, typed and kept; a reply sent, and never lost.

use ratatui_textarea::CursorMove;

use super::{acting, answers, noting};
use crate::{
    console::{
        command::{Command, Place},
        compose::{Composer, Edit, Kind, MOST, name_of},
        effect::Effect,
        key::Key,
        model::{LastAct, Model, Pane, Part, Tone},
        pending::{Asked, Pending},
        view::keys,
    },
    desk::{Answer, No, Reply},
    domain::{
        action::Action,
        conversation::{Handler, State},
        id::{ConversationId, OperationId},
        row::Row,
        text::Safe,
    },
    say,
};

/// `r`: opens the composer in the frame of its key, before the network answers, so that no typed word
/// becomes a command (R22). What cannot be replied to says so before one has typed.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    super::moving::enter(model, effects);
    let Some(open) = &model.open else { return };
    let name = open.row.contact.shown();
    let no = if open.gone.is_some() {
        Some(say!("{name} is out of your sight: it cannot be answered"))
    } else if open.row.state == State::Closed {
        Some(say!("{name} is closed: reopen it to answer"))
    } else if open.row.handler == Handler::Bot {
        Some(say!("A bot handles {name}: intervene to answer"))
    } else {
        None
    };
    if let Some(no) = no {
        return model.say(Tone::Warning, no);
    }
    let seen = open.newest.clone();
    let row = open.row.clone();
    let draft = model.drafts.get(&row.id).cloned().unwrap_or_default();
    model.composer = Some(Composer::new(row, seen, &draft));
}

/// A key in the composer that the table does not know: text and editing.
pub(super) fn type_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let Some(composer) = model.composer.as_mut().filter(|c| c.is_open()) else {
        return;
    };
    let room = match key {
        Key::Char(character) => composer.insert(character),
        other => {
            composer.edit(match other {
                Key::Backspace => Edit::Backspace,
                Key::Delete => Edit::Delete,
                Key::Left => Edit::Move(CursorMove::Back),
                Key::Right => Edit::Move(CursorMove::Forward),
                Key::Up => Edit::Move(CursorMove::Up),
                Key::Down => Edit::Move(CursorMove::Down),
                Key::Home | Key::Ctrl('a') => Edit::Move(CursorMove::Head),
                Key::End | Key::Ctrl('e') => Edit::Move(CursorMove::End),
                _ => return,
            });
            true
        }
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
            Some(edit) => {
                composer.edit(edit);
                true
            }
            None => composer.insert('\n'),
        };
        keep(model, room, effects);
    }
}

fn keep(model: &mut Model, room: bool, effects: &mut Vec<Effect>) {
    let Some(composer) = &mut model.composer else {
        return;
    };
    composer.again = None; // Another text is another reply.
    let (kind, id, text) = (composer.kind, composer.row.id.clone(), composer.text());
    if text.is_empty() {
        model.drafts_of(kind).remove(&id);
    } else {
        model.drafts_of(kind).insert(id.clone(), text.clone());
    }
    effects.push(Effect::KeepDraft(kind, id, text));
    if !room {
        model.say(
            Tone::Warning,
            say!("At most {MOST} bytes can be written: the rest was not taken in"),
        );
    }
}

/// Sends what is written, or has it kept, by what it is (N1). Nothing is cleared before the desk has it.
pub(super) fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.composer.as_ref().map(|composer| composer.kind) {
        Some(Kind::Reply) => send_reply(model, effects),
        Some(Kind::Note) => noting::send(model, effects),
        None => {}
    }
}

fn send_reply(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(composer) = model.composer.as_ref().filter(|c| c.is_open()) else {
        return;
    };
    if composer.text().trim().is_empty() {
        return model.say(Tone::Plain, Safe::literal("There is nothing to send yet"));
    }
    if !acting::is_reachable(model) {
        return;
    }
    let fresh = model.numbers.operation();
    let Some(composer) = &mut model.composer else {
        return;
    };
    let operation = composer.again.take().unwrap_or(fresh);
    let reply = Reply {
        operation: operation.clone(),
        conversation: composer.row.id.clone(),
        body: composer.text(),
        expected_assignee: Some(composer.expected.clone()),
        seen: composer.seen.clone(),
    };
    composer.sending = Some(operation.clone());
    effects.push(Effect::Send(reply.clone()));
    let name = name_of(&composer.row);
    model.pending.push(Pending {
        operation,
        name,
        asked: Asked::Reply(reply),
        tries: 1,
    });
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

/// The desk has it: the composer closes, and the draft goes.
pub(super) fn close(model: &mut Model, kind: Kind, id: &ConversationId, effects: &mut Vec<Effect>) {
    let is_it = |c: &Composer| c.row.id == *id && c.kind == kind;
    if model.composer.as_ref().is_some_and(is_it) {
        model.composer = None;
        model.left_text = Some(model.now);
    }
    model.drafts_of(kind).remove(id);
    effects.push(Effect::KeepDraft(kind, id.clone(), String::new()));
}

/// The desk answered a reply.
pub(super) fn answered(
    model: &mut Model,
    pending: &Pending,
    id: &ConversationId,
    answer: Answer,
    effects: &mut Vec<Effect>,
) {
    let name = &pending.name;
    heard(model, &pending.operation);
    match answer {
        Answer::Done(row) | Answer::Already(row) => {
            close(model, Kind::Reply, id, effects);
            model.last_act = Some(LastAct {
                operation: pending.operation.clone(),
                at: model.now,
                action: Action::Reply,
                what: say!("a sent reply ({name})"),
                on: vec![id.clone()],
                undoable: false,
            });
            if model.list.cursor.as_ref() == Some(id) {
                model.list.inbox.hold(id);
            }
            answers::report(model, id, row, effects);
            model.say(Tone::Plain, say!("Sent to {name}"));
        }
        Answer::Taken(row) => {
            let text = answers::taken(name, row.as_deref());
            freeze(model, id, &text);
            answers::report(model, id, row, effects);
            model.say(Tone::Warning, say!("{text} · your text is kept as a draft"));
        }
        Answer::Refused(refused) => {
            match refused.kind {
                No::Crossed => {
                    let newest = model.open.as_ref().and_then(|o| o.newest.clone());
                    if let Some(composer) = &mut model.composer {
                        composer.crossed = true;
                        composer.seen = newest;
                    }
                    effects.push(Effect::LoadMessages(id.clone(), Part::Newest));
                    let text =
                        Safe::literal("A colleague replied meanwhile: read it, Enter sends anyway");
                    return model.say(Tone::Warning, text);
                }
                No::NotFound => {
                    freeze(model, id, &say!("A colleague has {name} by now"));
                    answers::report(model, id, None, effects);
                }
                No::Rule | No::Busy => {}
            }
            model.say(
                Tone::Warning,
                say!("Not sent: {} · your text is kept", refused.why),
            );
        }
        Answer::Unknown(why) => {
            // Never sent by itself: the advisor asks again, under the same operation id.
            if let Some(composer) = model.composer.as_mut().filter(|c| c.row.id == *id) {
                composer.again = Some(pending.operation.clone());
            }
            let send = keys::named(model, Command::Send);
            let text = say!(
                "Not known whether it was sent to {name} · {send} asks again, it is never sent twice · {why}"
            );
            model.say(Tone::Warning, text);
        }
    }
}

/// The composer's conversation is somebody else's now: it freezes, says who has it, and keeps the text (U8).
pub(super) fn freeze(model: &mut Model, id: &ConversationId, why: &Safe) {
    let at = crate::console::view::time::of_day(model, model.now);
    let leaves = keys::here(model, Place::Composer, Command::Back);
    if let Some(composer) = model
        .composer
        .as_mut()
        .filter(|c| c.row.id == *id && c.frozen.is_none())
    {
        composer.sending = None;
        composer.frozen = Some(say!(
            "{why} · {at} · your text is kept as a draft, {leaves} leaves"
        ));
    }
}

/// News of the conversation being answered.
pub(super) fn row_changed(model: &mut Model, row: &Row) {
    let me = model.user().cloned();
    let Some(composer) = model.composer.as_mut().filter(|c| c.row.id == row.id) else {
        return;
    };
    composer.row = row.clone();
    if composer.kind == Kind::Note {
        return; // Whoever sees it may note on it.
    }
    match &row.assignee {
        // What I may answer without having it, I still may; what somebody took from under me, I may not.
        Some(a) if Some(&a.id) != me.as_ref() && Some(&a.id) != composer.expected.as_ref() => {
            let why = say!("{} took it", a.name);
            freeze(model, &row.id, &why);
        }
        _ => {}
    }
}
