//! The reply: begun, sent, and never lost.

use super::{
    acting, composing, crossing, delaying, doubt, keeping, noting, reporting, surprise, verdict,
};
use crate::{
    console::{
        command::{Command, Place},
        compose::{Composer, Kind, name_of},
        draft::Order,
        effect::Effect,
        model::{LastAct, Loaded, Model, Tone},
        pending::{Asked, Pending},
        words::keys,
    },
    desk::{Answer, No},
    domain::{action::Action, id::ConversationId, row::Row, text::Safe},
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
    keeping::goes_out(model, effects);
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

/// The desk answered a reply.
pub(super) fn answered(
    model: &mut Model,
    pending: &Pending,
    id: &ConversationId,
    answer: Answer,
    effects: &mut Vec<Effect>,
) {
    let name = &pending.name;
    composing::heard(model, &pending.operation);
    match answer {
        Answer::Done(row) | Answer::Already(row) => {
            let text = pending.text().unwrap_or_default().to_owned();
            let closed = composing::close(model, Kind::Reply, id, &text, effects);
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
            reporting::report(model, id, row, effects);
            model.say(
                Tone::Plain,
                say!("Sent to {name}{}", composing::stays(closed)),
            );
        }
        Answer::Taken(row) => {
            keeping::not_taken(model, Kind::Reply, id, effects);
            let text = reporting::taken(name, row.as_deref());
            composing::freeze(model, id, &text);
            reporting::take_in(model, id, row, effects);
            model.say(Tone::Warning, say!("{text} · your text is kept as a draft"));
        }
        Answer::Refused(refused) => {
            keeping::not_taken(model, Kind::Reply, id, effects);
            match refused.kind {
                No::Crossed => return crossing::refused(model, id, effects),
                No::NotFound => {
                    composing::freeze(model, id, &say!("A colleague has {name} by now"));
                    reporting::report(model, id, None, effects);
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
            composing::freeze(model, &row.id, &why);
        }
        _ => {}
    }
    verdict::looked_at(model, row, effects);
}
