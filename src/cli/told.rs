//! What came of acts, in sentences or as JSON, and how the verb ends.

use super::{Exit, Outcome, json, print::Out, settle::Settled, words};
use crate::{
    desk::Answer,
    domain::{
        action::Action,
        id::{OperationId, UserId},
        row::Row,
        text::Safe,
    },
    say,
};

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tried {
    /// An act.
    Act(Action),
    /// Taking one back.
    Undo,
}

/// Prints what came of everything, and ends as the worst of it.
pub(super) fn tell_all(all: &[Settled], tried: Tried, me: &UserId, json: bool) -> Outcome {
    let mut out = Out::stdout();
    if json {
        out.json(&json::Results::new(all))?;
    } else {
        for settled in all {
            out.text(&tell(settled, tried, me))?;
        }
        if tried != Tried::Undo && is_one_act_on_several(all) {
            out.text(&way_back(all).unwrap_or_default())?;
        }
    }
    out.finish()?;
    Ok(worst(all))
}

/// How a verb ends that did all this.
pub(super) fn worst(all: &[Settled]) -> Exit {
    let ends = all.iter().map(|settled| Exit::from(&settled.answer));
    ends.max().unwrap_or(Exit::Done)
}

/// The operations under which anything was done, in their order.
fn operations(all: &[Settled]) -> Vec<&OperationId> {
    let done = all.iter().filter(|s| matches!(s.answer, Answer::Done(_)));
    let mut operations: Vec<_> = done.map(|settled| &settled.operation).collect();
    operations.dedup();
    operations
}

fn is_one_act_on_several(all: &[Settled]) -> bool {
    let done = all.iter().filter(|s| matches!(s.answer, Answer::Done(_)));
    done.count() > operations(all).len()
}

/// What takes back what was done; none if nothing was. Undo takes back the last act only, then the one before it.
pub(super) fn way_back(all: &[Settled]) -> Option<Safe> {
    let operations = operations(all).into_iter().rev();
    let undo: Vec<String> = operations
        .map(|one| format!("handback undo {one}"))
        .collect();
    (!undo.is_empty()).then(|| say!("To take it back: {}", undo.join(", then ")))
}

/// What came of one, in a sentence.
pub(super) fn tell(settled: &Settled, tried: Tried, me: &UserId) -> Safe {
    let id = &settled.conversation;
    match &settled.answer {
        Answer::Done(Some(row)) => say!("{id}: {}", done(row, tried, me)),
        Answer::Done(None) if tried == Tried::Act(Action::Unassign) => say!("{id}: handed back"),
        Answer::Done(None) if tried == Tried::Act(Action::Reply) => say!("{id}: sent"),
        Answer::Done(None) => say!("{id}: done, and you do not see it any more"),
        Answer::Already(row) => say!("{id}: it is so already, {}", state(row.as_deref(), me)),
        Answer::Taken(row) => say!("{id}: nothing changed, {}", state(row.as_deref(), me)),
        Answer::Refused(refused) => say!("{id}: nothing changed, {}", refused.why),
        Answer::Unknown(why) => say!("{id}: done or not, nobody can say: {why}"),
    }
}

/// What is so now.
fn done(row: &Row, tried: Tried, me: &UserId) -> Safe {
    let (who, queue, holder) = (row.contact.shown(), &row.queue.name, words::holder(row, me));
    let Tried::Act(action) = tried else {
        return say!("taken back, {who} is in {queue}, {holder}");
    };
    match action {
        Action::Unassign => say!("handed back {who} to {queue}"),
        Action::Reply => Safe::literal("sent"),
        Action::Note => Safe::literal("noted"),
        Action::Assign if !row.is_held_by(me) => say!("gave {who} to {holder}"),
        Action::Move => say!("moved {who} to {queue}, {holder}"),
        Action::Status => match &row.status {
            Some(status) => say!("{who} has the status {status}"),
            None => say!("{who} has no status"),
        },
        Action::Block => say!("{who} is on the blocklist"),
        Action::Unblock => say!("{who} is off the blocklist"),
        Action::Close => say!("closed {who}"),
        Action::Reopen => say!("reopened {who} in {queue}, {holder}"),
        Action::Intervene => say!("the bot is done with {who}, {holder}"),
        Action::Take | Action::Assign | Action::Transcript => say!("{who} is {holder}"),
    }
}

fn state(row: Option<&Row>, me: &UserId) -> Safe {
    match row {
        Some(row) if row.assignee.is_some() => match words::holder(row, me) {
            holder if row.is_held_by(me) => say!("it is {holder}"),
            holder => say!("{holder} has it"),
        },
        Some(_) => Safe::literal("nobody has it"),
        None => Safe::literal("and you do not see it any more"),
    }
}
