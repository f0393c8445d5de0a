//! What others, or a queue's rule, did with what is or was the advisor's: who, what, and why (U8, U9, A2, Q3).

use std::time::Duration;

use super::{bouncing, returning};
use crate::{
    console::{
        effect::Effect,
        model::{Model, Tone},
        msg::Timer,
    },
    desk::{Attention, AttentionKind},
    domain::{action::Cause, id::ConversationId, row::Row, text::Safe},
    say,
};

/// How long something waits for the row that it is about: a desk says both in one breath.
const BREATH: Duration = Duration::from_millis(200);

/// Something to tell came. Where the row it is about is not as it says yet, it waits for that row, a moment.
pub(super) fn hear(model: &mut Model, attention: Attention, effects: &mut Vec<Effect>) {
    flush(model);
    let row = row_of(model, &attention.conversation);
    let mine = row.map(|row| model.is_mine(row));
    let is_settled = match attention.kind {
        AttentionKind::HandedBack | AttentionKind::GivenBack => mine.is_some(),
        AttentionKind::Assigned => mine == Some(true),
        AttentionKind::TakenAway => mine == Some(false),
    };
    if is_settled {
        tell(model, &attention);
    } else {
        model.untold = Some(attention);
        effects.push(Effect::After(BREATH, Timer::Attend));
    }
}

/// News of a conversation was taken in, or the breath is over: what waited is told.
pub(super) fn told_with(model: &mut Model, id: Option<&ConversationId>) {
    if model
        .untold
        .as_ref()
        .is_some_and(|waits| id.is_none_or(|id| waits.conversation == *id))
    {
        flush(model);
    }
}

fn flush(model: &mut Model) {
    if let Some(attention) = model.untold.take() {
        tell(model, &attention);
    }
}

fn row_of<'a>(model: &'a Model, id: &ConversationId) -> Option<&'a Row> {
    let opened = || {
        let open = model.open.as_ref().map(|open| &open.row);
        open.filter(|row| row.id == *id)
    };
    let waiting = || {
        model
            .list
            .waiting
            .iter()
            .rev()
            .find_map(|change| match change {
                crate::console::model::Change::Row(row) if row.id == *id => Some(&**row),
                _ => None,
            })
    };
    waiting()
        .or_else(|| model.list.inbox.row(id))
        .or_else(opened)
}

fn tell(model: &mut Model, attention: &Attention) {
    let text = sentence(model, attention);
    let is_back = matches!(
        attention.kind,
        AttentionKind::Assigned | AttentionKind::GivenBack
    );
    let bounced = is_back.then(|| bouncing::bounced(model, &attention.conversation));
    let text = match bounced.flatten() {
        Some(after) => say!("Back {after} after you handed it back: {text}"),
        None => text,
    };
    model.say(Tone::Warning, text);
}

fn sentence(model: &Model, attention: &Attention) -> Safe {
    let id = &attention.conversation;
    let row = row_of(model, id);
    let name = row.map_or_else(
        || returning::name_of(model, id),
        |row| row.contact.shown().clone(),
    );
    let by = attention.by.as_ref();
    let by = by.map_or(Safe::literal("The desk"), |by| by.name.clone());
    let why = attention.reason.as_ref();
    let why = why.map_or_else(Safe::default, |reason| say!(": {reason}"));
    let queue = row.map_or(Safe::literal("Its queue"), |row| row.queue.name.clone());
    match (attention.kind, attention.cause) {
        (AttentionKind::Assigned, Some(Cause::Assign)) => say!("{by} gave {name} to you{why}"),
        (AttentionKind::Assigned, Some(Cause::RoundRobin)) => {
            say!("{queue} gave you {name}: it was your turn")
        }
        (AttentionKind::Assigned, Some(Cause::LeastBusy)) => {
            say!("{queue} gave you {name}: you had the fewest")
        }
        (AttentionKind::Assigned, Some(Cause::Login)) => {
            say!("{queue} gave you {name}: you signed in")
        }
        (AttentionKind::Assigned, _) => say!("{name} is yours now{why}"),
        (AttentionKind::TakenAway, Some(Cause::Assign | Cause::Take)) => {
            match row.and_then(|row| row.assignee.as_ref()) {
                Some(holder) => {
                    say!("{by} gave {name}, which was yours, to {}{why}", holder.name)
                }
                None => say!("{by} gave {name}, which was yours, to a colleague{why}"),
            }
        }
        (AttentionKind::TakenAway, Some(Cause::Move)) => {
            let queue = row.filter(|row| !model.is_mine(row));
            match queue {
                Some(row) => say!(
                    "{by} moved {name}, which was yours, to {}{why}",
                    row.queue.name
                ),
                None => say!("{by} moved {name}, which was yours, to another queue{why}"),
            }
        }
        (AttentionKind::TakenAway, Some(Cause::Close)) => {
            say!("{by} closed {name}, which was yours{why}")
        }
        (AttentionKind::TakenAway, Some(Cause::LostAccess)) => {
            say!("{name} was handed back: you have no access to {queue} any more")
        }
        (AttentionKind::TakenAway, Some(Cause::Logout)) => {
            say!("{name} was handed back: you counted as signed out")
        }
        (AttentionKind::TakenAway, Some(Cause::Undo)) => {
            say!("{by} took {name} back from you{why}")
        }
        (AttentionKind::TakenAway, _) => say!("{name} is no longer yours{why}"),
        (AttentionKind::HandedBack, Some(Cause::Logout)) => {
            say!("{name} was handed back: you counted as signed out")
        }
        (AttentionKind::HandedBack, _) => say!("{by} handed back {name}, which was yours{why}"),
        (AttentionKind::GivenBack, _) => say!("{by} gave {name} back to you{why}"),
    }
}
