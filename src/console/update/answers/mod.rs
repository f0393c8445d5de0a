//! What the desk said to an act: one of five, each said to the advisor as what it is (R21).
//!
//! [`mod@one`] an act on one conversation · [`several`] the same on many · [`undone`] what was taken back · here which of
//! them it is, and asking again for an answer that was lost.

mod one;
mod several;
mod undone;

use std::time::Duration;

use super::{acts, composing, noting, refetching, some, writing};
use crate::{
    console::{
        effect::Effect,
        model::{Layer, Link, Model, Tone},
        msg::Timer,
        pending::{Asked, Pending},
        words::time,
    },
    desk::{Answer, Trouble},
    domain::{
        action::Action,
        id::{ConversationId, OperationId},
        text::Safe,
    },
    say,
};

/// The first wait before asking again what came of an act; doubled each time, at most [`LONGEST`].
const FIRST: Duration = Duration::from_millis(500);
/// The longest wait before asking again.
const LONGEST: Duration = Duration::from_secs(15);

/// An act on one conversation, a reply, was answered. A late answer to something else is ignored.
pub(super) fn one(
    model: &mut Model,
    operation: &OperationId,
    answer: Answer,
    effects: &mut Vec<Effect>,
) {
    let Some(pending) = take_pending(model, operation) else {
        return;
    };
    let answer = match pending.still_open(&answer) {
        Some(why) => Answer::Unknown(why),
        None => answer,
    };
    match (pending.asked.clone(), answer) {
        (Asked::Reply(reply), answer) => {
            writing::answered(model, &pending, &reply.conversation, answer, effects);
        }
        (_, Answer::Unknown(why)) => unknown(model, pending, &why, effects),
        (Asked::Act(act), answer) if act.deed.action() == Action::Note => {
            noting::answered(model, &pending, &act.conversation, answer, effects);
        }
        (Asked::Act(act), answer) => one::answered(model, &pending, &act, answer, effects),
        (Asked::Many(_) | Asked::HandBackSome(_) | Asked::Undo { .. }, _) => {}
    }
}

/// Several were answered, or an undo.
pub(super) fn many(
    model: &mut Model,
    operation: &OperationId,
    result: Result<Vec<(ConversationId, Answer)>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(pending) = take_pending(model, operation) else {
        return;
    };
    let results = match result {
        Ok(results) => results,
        Err(Trouble::Unreachable(why)) => return unknown(model, pending, &why, effects),
        // It says nothing of what came of it when it was asked before.
        Err(trouble @ (Trouble::Busy(_) | Trouble::NotSignedIn(_))) if pending.tries > 1 => {
            return unknown(model, pending, &say!("{trouble}"), effects);
        }
        Err(trouble) => {
            nothing_under_way(model, operation);
            return model.say(Tone::Warning, say!("Nothing was done: {trouble}"));
        }
    };
    match &pending.asked {
        Asked::Undo { what, action, .. } => {
            undone::undone(model, what, *action, results, effects);
            some::taken_back(model, effects);
            acts::taken_back(model, effects);
        }
        Asked::HandBackSome(many) => {
            some::answered(model, many, results, effects);
        }
        Asked::Many(many) => several::answered(model, &pending, many, results, effects),
        Asked::Act(_) | Asked::Reply(_) => {}
    }
}

/// What asked for it waits no longer.
fn nothing_under_way(model: &mut Model, operation: &OperationId) {
    for layer in &mut model.layers {
        if let Layer::Preview(preview) = layer {
            preview
                .operation
                .take_if(|under_way| under_way == operation);
        }
    }
    some::not_done(model, operation);
}

fn take_pending(model: &mut Model, operation: &OperationId) -> Option<Pending> {
    let mut all = model.pending.iter();
    let index = all.position(|pending| pending.operation == *operation)?;
    Some(model.pending.remove(index))
}

/// The line broke before the answer: ask again with the same operation id, which does nothing twice (R21).
fn unknown(model: &mut Model, mut pending: Pending, why: &Safe, effects: &mut Vec<Effect>) {
    if pending.tries == 1 {
        let text = say!(
            "{}: not known yet whether it was done, asking again · {why}",
            pending.name
        );
        model.say(Tone::Warning, text);
    }
    let wait = FIRST.saturating_mul(1 << pending.tries.min(6)).min(LONGEST);
    pending.tries += 1;
    effects.push(Effect::After(
        wait,
        Timer::AskAgain(pending.operation.clone()),
    ));
    model.pending.push(pending);
}

/// Asks again for an answer that was lost. While the line is down it waits; the link says when it is back.
pub(super) fn ask_again(model: &mut Model, operation: &OperationId, effects: &mut Vec<Effect>) {
    if matches!(model.link, Link::Lost { .. }) {
        return;
    }
    let now = model.now;
    if let Some(at) = model
        .pending
        .iter()
        .position(|p| p.operation == *operation && !p.can_be_asked(now))
    {
        let pending = model.pending.remove(at);
        return too_old(model, &pending, effects);
    }
    if let Some(pending) = model.pending.iter().find(|p| p.operation == *operation) {
        effects.push(match &pending.asked {
            Asked::Act(act) => Effect::Act(act.clone()),
            Asked::Reply(reply) => Effect::Send(reply.clone()),
            Asked::Many(many) | Asked::HandBackSome(many) => Effect::Many(many.clone()),
            Asked::Undo { act, .. } => Effect::Undo {
                operation: operation.clone(),
                act: act.clone(),
            },
        });
    }
}

/// Asked again now, it could be done twice: the desk may not know any more that it was asked. How things stand is
/// fetched, and tells.
fn too_old(model: &mut Model, pending: &Pending, effects: &mut Vec<Effect>) {
    nothing_under_way(model, &pending.operation);
    composing::heard(model, &pending.operation);
    let at = time::stamp(pending.at, model.now, &model.zone);
    let name = &pending.name;
    let text = say!(
        "{name}: not known whether it was done ({at}), and too long ago to ask: look how it stands now"
    );
    model.say(Tone::Warning, text);
    refetching::everything(model, effects);
}
