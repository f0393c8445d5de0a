//! What the desk said to an act: one of five, each said to the advisor as what it is (R21).

use std::time::Duration;

use super::{acts, listing, reading, some, writing};
use crate::{
    console::{
        effect::Effect,
        model::{Change, LastAct, Layer, Link, Model, Tone},
        msg::Timer,
        pending::{Asked, Pending},
    },
    desk::{Answer, No, Refused, Trouble},
    domain::{
        action::Action,
        id::{ConversationId, OperationId},
        row::Row,
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
    let Some(index) = model.pending.iter().position(|p| p.operation == *operation) else {
        return;
    };
    let pending = model.pending.remove(index);
    match (&pending.asked, answer) {
        (Asked::Reply(_), answer) => writing::answered(model, &pending, answer, effects),
        (_, Answer::Unknown(why)) => unknown(model, pending, &why, effects),
        (Asked::Act(act), answer) => {
            let action = act.deed.action();
            acted(model, &pending, action, answer, effects);
        }
        (Asked::Many(_) | Asked::Undo { .. }, _) => {}
    }
}

fn acted(
    model: &mut Model,
    pending: &Pending,
    action: Action,
    answer: Answer,
    effects: &mut Vec<Effect>,
) {
    let name = &pending.name;
    match answer {
        Answer::Done(row) => {
            let (what, text) = in_words(model, pending, action, row.as_deref());
            model.last_act = Some(LastAct {
                operation: pending.operation.clone(),
                at: model.now,
                what,
                on: vec![pending.conversation.clone()],
                undoable: true,
            });
            own(model, &pending.conversation, row, effects);
            model.say(Tone::Plain, text);
        }
        Answer::Already(row) => {
            let how = if action == Action::Take {
                "yours"
            } else {
                "unassigned"
            };
            own(model, &pending.conversation, row, effects);
            model.say(Tone::Plain, say!("{name} was {how} already"));
        }
        Answer::Taken(row) => {
            let text = taken(name, row.as_deref());
            report(model, &pending.conversation, row, effects);
            model.say(Tone::Warning, text);
        }
        Answer::Refused(refused) => {
            let did = if action == Action::Take {
                "Not taken"
            } else {
                "Not handed back"
            };
            refusal(model, pending, &refused, effects);
            model.say(Tone::Warning, say!("{did}: {name}, {}", refused.why));
        }
        Answer::Unknown(_) => unreachable!("asked again before this"),
    }
}

/// What was done, for `z`, and the sentence that says so.
fn in_words(model: &Model, pending: &Pending, action: Action, row: Option<&Row>) -> (Safe, Safe) {
    let name = &pending.name;
    if action == Action::Take {
        return (say!("taking {name}"), say!("Took {name} · z hands it back"));
    }
    let former = former_of(pending);
    let to_whom = match model
        .list
        .inbox
        .row(&pending.conversation)
        .and_then(|r| r.assignee.clone())
    {
        Some(a) if former == Some(&a.id) && !model.is_mine_id(&a.id) => a.name,
        _ => Safe::literal("you"),
    };
    let whereto = row.map_or_else(Safe::default, |row| say!(" to {}", row.queue.name));
    (
        say!("handing back {name}"),
        say!("Handed back {name}{whereto} · nobody has it yet · z gives it back to {to_whom}"),
    )
}

fn former_of(pending: &Pending) -> Option<&crate::domain::id::UserId> {
    match &pending.asked {
        Asked::Act(act) => act.expected.assignee.as_ref().and_then(Option::as_ref),
        _ => None,
    }
}

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
fn own(model: &mut Model, id: &ConversationId, row: Option<Box<Row>>, effects: &mut Vec<Effect>) {
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
    match row {
        Some(row) => {
            reading::row_changed(model, &row);
            listing::hear(model, None, Change::Row(row), effects);
        }
        None => {
            reading::gone(model, id, &Safe::literal("a colleague has it"));
            listing::hear(model, None, Change::Gone(id.clone()), effects);
        }
    }
}

fn refusal(model: &mut Model, pending: &Pending, refused: &Refused, effects: &mut Vec<Effect>) {
    if refused.kind == No::NotFound {
        report(model, &pending.conversation, None, effects);
    }
}

/// Several were answered, or an undo.
pub(super) fn many(
    model: &mut Model,
    operation: &OperationId,
    result: Result<Vec<(ConversationId, Answer)>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(index) = model.pending.iter().position(|p| p.operation == *operation) else {
        return;
    };
    let pending = model.pending.remove(index);
    let results = match result {
        Ok(results) => results,
        Err(Trouble::Unreachable(why)) => return unknown(model, pending, &why, effects),
        Err(trouble) => {
            if let Some(Layer::Preview(preview)) = model.layers.last_mut() {
                preview.operation = None;
            }
            some::not_done(model, operation);
            return model.say(Tone::Warning, say!("Nothing was done: {trouble}"));
        }
    };
    match &pending.asked {
        Asked::Undo { what, .. } => {
            undone(model, what, results, effects);
            some::taken_back(model, effects);
            acts::taken_back(model, effects);
        }
        Asked::Many(many) if many.if_quiet => some::answered(model, &pending, results, effects),
        _ => handed_back(model, &pending, results, effects),
    }
}

fn undone(
    model: &mut Model,
    what: &Safe,
    results: Vec<(ConversationId, Answer)>,
    effects: &mut Vec<Effect>,
) {
    model.last_act = None; // Taken back or not, an older act is never next (U6).
    let (total, mut done, mut why) = (results.len(), 0, None);
    let mut whose = None;
    for (id, answer) in results {
        match answer {
            Answer::Done(row) | Answer::Already(row) => {
                done += 1;
                whose = row
                    .as_ref()
                    .map(|row| (row.contact.shown().clone(), row.assignee.clone()));
                own(model, &id, row, effects);
            }
            Answer::Taken(row) => {
                let name = row
                    .as_ref()
                    .map_or(Safe::literal("it"), |row| row.contact.shown().clone());
                why = Some(taken(&name, row.as_deref()));
                report(model, &id, row, effects);
            }
            // What we handed back and see no more, somebody took (V1, V8).
            Answer::Refused(refused) if refused.kind == No::NotFound => {
                why = Some(Safe::literal("a colleague has it by now"));
                report(model, &id, None, effects);
            }
            Answer::Refused(refused) => why = Some(refused.why),
            Answer::Unknown(text) => why = Some(text),
        }
    }
    match (done == total, whose, why) {
        _ if total == 0 => model.say(
            Tone::Warning,
            say!("Not taken back: {what} · the desk knows of no such act of yours"),
        ),
        (true, Some((name, Some(assignee))), _) if total == 1 => {
            let whom = if model.is_mine_id(&assignee.id) {
                Safe::literal("you")
            } else {
                assignee.name
            };
            model.say(Tone::Plain, say!("Taken back: {name} is with {whom} again"));
        }
        (true, Some((name, None)), _) if total == 1 => {
            model.say(Tone::Plain, say!("Taken back: {name} is unassigned again"));
        }
        (true, ..) => model.say(Tone::Plain, say!("Taken back: {what}")),
        (false, _, why) => {
            let why = why.unwrap_or_default();
            let which = match total {
                1 => what.clone(),
                _ => say!("{} of {what}", total - done),
            };
            model.say(Tone::Warning, say!("Not taken back: {which} · {why}"));
        }
    }
}

/// A result per row; the failed ones stay marked, so that they can be tried again alone (R24).
fn handed_back(
    model: &mut Model,
    pending: &Pending,
    results: Vec<(ConversationId, Answer)>,
    effects: &mut Vec<Effect>,
) {
    let mut moved = Vec::new();
    let mut lines = Vec::new();
    let total = results.len();
    for (id, answer) in results {
        let (good, text) = of_many(&answer);
        if matches!(answer, Answer::Done(_)) {
            moved.push(id.clone());
        }
        if good {
            model.marks.remove(&id);
        }
        lines.push((id.clone(), text, good));
        match answer {
            Answer::Done(row) | Answer::Already(row) | Answer::Taken(row) => {
                report(model, &id, row, effects)
            }
            Answer::Refused(refused) if refused.kind == No::NotFound => {
                report(model, &id, None, effects)
            }
            Answer::Refused(_) | Answer::Unknown(_) => {}
        }
    }
    let failed = lines.iter().filter(|(_, _, good)| !good).count();
    if let Some(Layer::Preview(preview)) = model.layers.last_mut() {
        preview.operation = None;
        preview.results = Some(lines);
        if failed == 0 {
            model.layers.pop();
        }
    }
    if !moved.is_empty() {
        let what = say!("handing back {}", count(moved.len()));
        model.last_act = Some(LastAct {
            operation: pending.operation.clone(),
            at: model.now,
            what,
            on: moved,
            undoable: true,
        });
    }
    if failed == 0 {
        model.say(
            Tone::Plain,
            say!("Handed back {} · z takes all of it back", count(total)),
        );
    } else {
        model.say(
            Tone::Warning,
            say!(
                "Handed back {} of {total}, {failed} stay marked",
                total - failed
            ),
        );
    }
    super::leaving::after_handing_back(model, failed, effects);
}

/// What came of one of many that were handed back: whether it went as wished, and in words.
pub(super) fn of_many(answer: &Answer) -> (bool, Safe) {
    match answer {
        Answer::Done(_) => (true, Safe::literal("handed back")),
        Answer::Already(_) => (true, Safe::literal("was unassigned already")),
        Answer::Taken(row) => match row.as_ref().and_then(|r| r.assignee.as_ref()) {
            Some(assignee) => (false, say!("{} has it by now", assignee.name)),
            None => (false, Safe::literal("changed in the meantime")),
        },
        Answer::Refused(refused) => (false, refused.why.clone()),
        Answer::Unknown(why) => (false, why.clone()),
    }
}

pub(super) fn count(n: usize) -> Safe {
    if n == 1 {
        Safe::literal("1 conversation")
    } else {
        say!("{n} conversations")
    }
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
        effects.push(Effect::After(FIRST, Timer::AskAgain(operation.clone())));
        return;
    }
    if let Some(pending) = model.pending.iter().find(|p| p.operation == *operation) {
        effects.push(match &pending.asked {
            Asked::Act(act) => Effect::Act(act.clone()),
            Asked::Reply(reply) => Effect::Send(reply.clone()),
            Asked::Many(many) => Effect::Many(many.clone()),
            Asked::Undo { act, .. } => Effect::Undo {
                operation: operation.clone(),
                act: act.clone(),
            },
        });
    }
}
