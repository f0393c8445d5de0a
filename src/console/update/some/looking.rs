//! The look before anything moves: the desk is asked when the choice changed and the keys rest, and again when something
//! happened meanwhile. Only the answer to the newest question counts.

use std::time::Duration;

use super::{literal, screen};
use crate::{
    console::{
        effect::Effect,
        model::{
            Loaded, Model, Ticket, Tone,
            some::{HandBackSome, Then},
        },
        msg::Timer,
    },
    desk::{Colleague, Outlook, Trouble, What},
    domain::id::ConversationId,
    say,
};

/// How long the keys rest before the desk is asked what would move.
const REST: Duration = Duration::from_millis(200);
/// How long what happens gathers before the people, and what would move, are fetched again.
const GATHER: Duration = Duration::from_secs(2);

/// Whether the choice can be changed: not while an act is under way.
pub(super) fn is_open_to_change(model: &mut Model) -> bool {
    let busy = screen(model).is_some_and(|some| some.plan.operation.is_some());
    if busy {
        let words = "Wait for the answer to what is under way";
        model.say(Tone::Plain, literal(words));
    }
    !busy
}

/// The choice changed: what would move is asked when the keys rest.
pub(super) fn changed(model: &mut Model, effects: &mut Vec<Effect>) {
    let ticket = model.numbers.ticket();
    let heard = model.notices.back().cloned();
    let Some(some) = screen(model) else { return };
    some.heard = heard;
    some.plan.look_soon(ticket);
    if some.choice().is_some() {
        effects.push(Effect::After(REST, Timer::Look(ticket)));
    } else {
        some.plan.look_nowhere();
    }
    settle(model, effects);
}

/// The keys rested.
pub(in crate::console::update) fn due(
    model: &mut Model,
    ticket: Ticket,
    effects: &mut Vec<Effect>,
) {
    let Some(some) = screen(model) else { return };
    if some.plan.ask(ticket)
        && let Some(choice) = some.choice()
    {
        effects.push(Effect::LoadOutlook(ticket, choice));
    }
}

/// `r`: looks again at those that did not move, to try them alone (R24); or at all, where the look failed.
pub(super) fn retry(model: &mut Model, effects: &mut Vec<Effect>) {
    if !is_open_to_change(model) {
        return;
    }
    let ticket = model.numbers.ticket();
    let heard = model.notices.back().cloned();
    let Some(some) = screen(model) else { return };
    match some.plan.done() {
        Some(came) if came.failed > 0 => {
            some.heard = heard;
            some.plan.ask_for_the_failed(ticket);
            if let Some(choice) = some.choice() {
                effects.push(Effect::LoadOutlook(ticket, choice));
            }
        }
        Some(_) => model.say(Tone::Plain, literal("All of them moved")),
        None => refresh(model, effects),
    }
}

/// Fetches the people again, and what would move.
pub(in crate::console::update) fn refresh(model: &mut Model, effects: &mut Vec<Effect>) {
    let ticket = model.numbers.ticket();
    let Some(some) = screen(model) else { return };
    effects.push(Effect::LoadPeople(None));
    if some.plan.done().is_some() || some.plan.operation.is_some() {
        return;
    }
    if let Some(choice) = some.choice() {
        some.plan.look_soon(ticket);
        some.plan.ask(ticket);
        effects.push(Effect::LoadOutlook(ticket, choice));
    }
}

/// What would move is here, or is not to be had.
pub(in crate::console::update) fn outlook(
    model: &mut Model,
    ticket: Ticket,
    result: Result<Box<Outlook>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(some) = screen(model) else { return };
    match result {
        Ok(outlook) => {
            if some.plan.take_in(ticket, *outlook) {
                settle(model, effects);
            }
        }
        Err(trouble) => some.plan.fail(ticket, say!("{trouble}")),
    }
    super::keep_in_sight(model);
}

/// Who is to have what would move is settled anew: the desk is asked who can, of each queue once.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let me = model.user().cloned();
    let Some(some) = screen(model) else { return };
    if some.then != Then::Queue {
        let questions = some.takers.questions(some.plan.moves());
        effects.extend(questions.into_iter().map(|id| Effect::LoadPeople(Some(id))));
    }
    settle_takers(some, me.as_ref());
}

fn settle_takers(some: &mut HandBackSome, me: Option<&crate::domain::id::UserId>) {
    if some.takers.settle(&some.load, some.then, me) {
        some.plan.unsee();
    }
}

/// The people are here.
pub(in crate::console::update) fn people(
    model: &mut Model,
    result: Result<Vec<Colleague>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let Some(some) = screen(model) else { return };
    match result {
        Ok(people) => {
            let (first, before) = (!some.is_loaded(), some.load.count_picked());
            let differ = some.load.take_in(people);
            if some.load.count_picked() != before && (first || some.plan.operation.is_none()) {
                changed(model, effects);
            } else if differ || some.plan.stale {
                look_again(model, effects);
            }
            settle(model, effects);
        }
        Err(trouble) if !some.is_loaded() => some.load.loaded = Loaded::Failed(say!("{trouble}")),
        Err(_) => {}
    }
    super::keep_in_sight(model);
}

/// Something happened to what is shown: the same is asked again, and what is shown stays until the answer is here.
fn look_again(model: &mut Model, effects: &mut Vec<Effect>) {
    let ticket = model.numbers.ticket();
    let Some(some) = screen(model) else { return };
    some.plan.ask_again(ticket);
    if some.plan.is_asking_again()
        && let Some(choice) = some.choice()
    {
        effects.push(Effect::LoadOutlook(ticket, choice));
    }
}

/// Those who can have a conversation of some queue are here.
pub(in crate::console::update) fn able(
    model: &mut Model,
    of: &ConversationId,
    result: Result<&[Colleague], &Trouble>,
) {
    let me = model.user().cloned();
    if let Some(some) = screen(model) {
        some.takers.answer(of, result.ok());
        settle_takers(some, me.as_ref());
    }
}

/// Something happened at the desk: the people may have more or less to do. Nothing is asked while nothing happens (R13).
pub(in crate::console::update) fn stirred(
    model: &mut Model,
    what: &What,
    effects: &mut Vec<Effect>,
) {
    let ticket = model.numbers.ticket();
    let Some(some) = screen(model) else { return };
    match what {
        What::Alive | What::Reset => return,
        What::Row(row) | What::Message(row, _) => some.plan.stale |= some.plan.shows(&row.id),
        What::Gone(id) => some.plan.stale |= some.plan.shows(id),
        What::Counts { .. } | What::Attention(_) => {}
    }
    if some.renew.is_none() {
        some.renew = Some(ticket);
        effects.push(Effect::After(GATHER, Timer::Renew(ticket)));
    }
}

/// What happened has gathered.
pub(in crate::console::update) fn renew(
    model: &mut Model,
    ticket: Ticket,
    effects: &mut Vec<Effect>,
) {
    if let Some(some) = screen(model).filter(|some| some.renew == Some(ticket)) {
        some.renew = None;
        effects.push(Effect::LoadPeople(None));
    }
}

/// A frame is on its way to the terminal.
pub(in crate::console::update) fn painted(model: &mut Model) {
    if let Some(some) = screen(model) {
        some.plan.painted();
    }
}

/// That frame has gone out.
pub(in crate::console::update) fn seen(model: &mut Model) {
    let now = model.now;
    if let Some(some) = screen(model) {
        some.plan.seen(now);
    }
}
