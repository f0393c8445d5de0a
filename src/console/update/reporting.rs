//! What the desk reports of conversations in an answer.

use super::{listing, reading, surprise};
use crate::{
    console::{
        effect::Effect,
        model::{Change, Model},
    },
    desk::{Answer, ManyDeed},
    domain::{id::ConversationId, row::Row, text::Safe},
    say,
};

/// Somebody else was faster.
pub(super) fn taken(name: &Safe, row: Option<&Row>) -> Safe {
    match row.and_then(|row| row.assignee.as_ref()) {
        Some(assignee) => say!("{} has {name} by now: nothing changed", assignee.name),
        None if row.is_some() => {
            say!("{name} changed in the meantime: nothing was done, look and press again")
        }
        None => say!("A colleague has {name} by now: nothing changed"),
    }
}

/// What one did oneself: the row stays in its place until the cursor leaves it (U1).
pub(super) fn own(
    model: &mut Model,
    id: &ConversationId,
    row: Option<Box<Row>>,
    effects: &mut Vec<Effect>,
) {
    if model.list.cursor.as_ref() == Some(id) {
        model.list.inbox.hold(id);
    }
    report(model, id, row, effects);
}

/// Takes in what the desk reports of a conversation in an answer; an event will say the same.
pub(super) fn report(
    model: &mut Model,
    id: &ConversationId,
    row: Option<Box<Row>>,
    effects: &mut Vec<Effect>,
) {
    if let Some(row) = &row {
        surprise::done_here(model, row);
    }
    take_in(model, id, row, effects);
}

/// Takes in what the desk reports where somebody was faster: nobody did it here (R22).
pub(super) fn take_in(
    model: &mut Model,
    id: &ConversationId,
    row: Option<Box<Row>>,
    effects: &mut Vec<Effect>,
) {
    match row {
        Some(row) => {
            reading::row_changed(model, &row, effects);
            listing::hear(model, None, Change::Row(row), effects);
        }
        None => {
            reading::gone(model, id, &Safe::literal("a colleague has it"));
            listing::hear(model, None, Change::Gone(id.clone()), effects);
        }
    }
}

/// What came of one of them, in words, and whether that is as wished.
pub(super) fn line(model: &Model, deed: &ManyDeed, answer: &Answer) -> (bool, Safe) {
    match answer {
        Answer::Done(row) => {
            let holder = row.as_ref().and_then(|row| row.assignee.as_ref());
            let text = match (deed, holder) {
                (ManyDeed::Unassign, _) => Safe::literal("handed back"),
                (ManyDeed::Assign(_), Some(holder)) if model.is_mine_id(&holder.id) => {
                    Safe::literal("yours now")
                }
                (ManyDeed::Assign(_), Some(holder)) => say!("{} has it now", holder.name),
                (ManyDeed::Assign(_), None) => Safe::literal("given"),
                (ManyDeed::Move(_), Some(holder)) => say!("moved, {} has it now", holder.name),
                (ManyDeed::Move(_), None) => Safe::literal("moved"),
                (ManyDeed::Status(_), _) => Safe::literal("done"),
            };
            (true, text)
        }
        Answer::Already(_) => {
            let text = match deed {
                ManyDeed::Unassign => "was unassigned already",
                ManyDeed::Assign(_) => "had it already",
                ManyDeed::Move(_) => "was there already",
                ManyDeed::Status(_) => "was so already",
            };
            (true, Safe::literal(text))
        }
        Answer::Taken(row) => match row.as_ref().and_then(|row| row.assignee.as_ref()) {
            Some(holder) => (false, say!("{} has it by now", holder.name)),
            None => (false, Safe::literal("changed in the meantime")),
        },
        Answer::Refused(refused) => (false, refused.why.clone()),
        Answer::Unknown(why) => (false, why.clone()),
    }
}
