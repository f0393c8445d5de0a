//! Writing: a reply, or a note, typed and kept; a reply sent, and never lost.

use ratatui_textarea::CursorMove;

use super::{acting, answers, crossing, delaying, doubt, keeping, noting, surprise, verdict};
use crate::{
    console::{
        command::{Command, Place},
        compose::{Composer, Edit, Kind, MOST, name_of},
        draft::Order,
        effect::Effect,
        key::Key,
        model::{LastAct, Loaded, Model, Pane, Tone},
        pending::{Asked, Pending},
        view,
        words::keys,
    },
    desk::{Answer, No},
    domain::{
        action::Action,
        id::{ConversationId, OperationId},
        row::Row,
        text::{Safe, caret},
    },
    say,
};

/// `r`: opens the composer in the frame of its key, before the network answers, so that no typed word
/// becomes a command (R22). What cannot be replied to says so before one has typed; what the desk says later freezes what
/// was typed meanwhile.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    super::moving::enter(model, effects);
    begin(model, effects);
}

/// Opens the composer on the conversation shown.
pub(super) fn begin(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(open) = &model.open else { return };
    let no = verdict::of_shown(open, model.now);
    if let Some(no) = no {
        return model.say(Tone::Warning, no);
    }
    let seen = open.newest.clone();
    if open.actions.is_none() && open.loaded != Loaded::Asked {
        effects.push(Effect::LoadDetail(open.row.id.clone()));
    }
    let row = open.row.clone();
    let draft = keeping::take_up(model, Kind::Reply, &row, effects);
    verdict::watch(&row, model.now, effects);
    let id = row.id.clone();
    model.composer = Some(Composer::new(row, seen, &draft));
    doubt::read(model, &id, effects);
    effects.push(Effect::Draft(Order::Look)); // Another console of one's own may have one, too.
}

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

/// Sends what is written, or has it kept, by what it is (N1). Nothing is cleared before the desk has it.
pub(super) fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    if surprise::just_opened(model) {
        let send = keys::here(model, Place::Composer, Command::Send);
        let text = say!("This opened by itself just now: nothing was sent, {send} again sends it");
        return model.say(Tone::Plain, text);
    }
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
    match model.send_delay.is_zero() {
        true => go_out(model, effects),
        false => delaying::wait(model, effects),
    }
}

/// Hands it to the desk. What was asked before, and nobody knows what became of it, is asked again as it was: then
/// nothing is sent twice (R20).
pub(super) fn go_out(model: &mut Model, effects: &mut Vec<Effect>) {
    if doubt::is_being_read(model) || is_being_sent(model) {
        return;
    }
    let Some((unsure, before)) = keeping::asking(model) else {
        return;
    };
    let reply = unsure.reply();
    let Some(name) = model.composer.as_ref().map(|c| name_of(&c.row)) else {
        return;
    };
    let (operation, asked) = (reply.operation.clone(), Asked::Reply(reply.clone()));
    let pending = Pending::new(operation, name, asked, unsure.at);
    let pending = if before {
        pending.again(unsure.at)
    } else {
        pending
    };
    // Before it is on its way: whoever finds the draft after a kill asks again as this did.
    effects.push(Effect::Draft(Order::Asking(unsure)));
    effects.push(Effect::Send(reply));
    model.pending.push(pending);
}

/// Whether a reply to the same conversation is on its way, left and come back to meanwhile; then that is said.
fn is_being_sent(model: &mut Model) -> bool {
    let Some(row) = model.composer.as_ref().map(|composer| composer.row.clone()) else {
        return false;
    };
    let is_it =
        |p: &Pending| matches!(&p.asked, Asked::Reply(reply) if reply.conversation == row.id);
    let sent = model.pending.iter().any(is_it);
    if sent {
        let name = name_of(&row);
        let text = say!("{name}: a reply is on its way, wait for the answer");
        model.say(Tone::Plain, text);
    }
    sent
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
            let text = pending.text().unwrap_or_default().to_owned();
            let closed = close(model, Kind::Reply, id, &text, effects);
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
            model.say(Tone::Plain, say!("Sent to {name}{}", stays(closed)));
        }
        Answer::Taken(row) => {
            keeping::not_taken(model, Kind::Reply, id, effects);
            let text = answers::taken(name, row.as_deref());
            freeze(model, id, &text);
            answers::take_in(model, id, row, effects);
            model.say(Tone::Warning, say!("{text} · your text is kept as a draft"));
        }
        Answer::Refused(refused) => {
            keeping::not_taken(model, Kind::Reply, id, effects);
            match refused.kind {
                No::Crossed => return crossing::refused(model, id, effects),
                No::NotFound => {
                    freeze(model, id, &say!("A colleague has {name} by now"));
                    answers::report(model, id, None, effects);
                }
                // Why is known; whether it is so for good, the desk says.
                No::Rule => effects.push(Effect::LoadDetail(id.clone())),
                No::Busy | No::NotSignedIn => {}
            }
            model.say(
                Tone::Warning,
                say!("Not sent: {} · your text is kept", refused.why),
            );
        }
        // Never sent by itself: the advisor asks again, under the same operation id.
        Answer::Unknown(why) => {
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

/// News of the conversation being answered.
pub(super) fn row_changed(model: &mut Model, row: &Row, effects: &mut Vec<Effect>) {
    let (me, now) = (model.user().cloned(), model.now);
    let Some(composer) = model.composer.as_mut().filter(|c| c.row.id == row.id) else {
        return;
    };
    let until = std::mem::replace(&mut composer.row, row.clone()).reply_until;
    if composer.kind == Kind::Note {
        return; // Whoever sees it may note on it.
    }
    if until != row.reply_until {
        verdict::watch(row, now, effects);
    }
    match &row.assignee {
        // What I may answer without having it, I still may; what somebody took from under me, I may not.
        Some(a) if Some(&a.id) != me.as_ref() && Some(&a.id) != composer.expected.as_ref() => {
            let why = say!("{} took it", a.name);
            freeze(model, &row.id, &why);
        }
        _ => {}
    }
    verdict::looked_at(model, row, effects);
}
