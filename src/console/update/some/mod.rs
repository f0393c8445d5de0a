//! Handing back some: from `D` to what became of each (U7).
//!
//! [`looking`] asks the desk what would move · [`fields`] is what is typed and chosen · [`sending`] does it, once what
//! would move was seen, and tells what came of it.

mod fields;
mod looking;
mod sending;

#[cfg(test)]
mod tests;

use super::acting;
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{
            Layer, Model,
            some::{Column, Focus, HandBackSome},
        },
        view::{self, target::Spot},
    },
    domain::text::Safe,
};

pub(super) use fields::{chosen, type_key};
pub(super) use looking::{able, due, outlook, painted, people, refresh, renew, seen, stirred};
pub(super) use sending::{answered, not_done, taken_back};

/// `D`: load by advisor, and what to hand back of it.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let some = HandBackSome::new(model.notices.back().cloned());
    model.layers.push(Layer::Some(Box::new(some)));
    effects.extend([Effect::LoadPeople(None), Effect::LoadStatuses]);
}

/// The screen, if it is open, whatever lies over it.
fn screen(model: &mut Model) -> Option<&mut HandBackSome> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Some(some) => Some(&mut **some),
        _ => None,
    })
}

/// A command while the screen has the keys.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let parts = view::some::Parts::of(model);
    let Some(some) = screen(model) else { return };
    match (some.focus, command) {
        (_, Command::Back) => leave(model),
        (_, Command::NextField) => step(some, 1),
        (_, Command::PreviousField) => step(some, -1),
        (Focus::Whose, Command::Mark) => {
            pick(model, effects);
        }
        (Focus::Whose, Command::SortNext) => sort(some, 1),
        (Focus::Whose, Command::SortBack) => sort(some, -1),
        (Focus::Whose, Command::SortTurn) => {
            let (column, turned) = some.load.sort();
            some.load.sort_by(column, !turned);
        }
        (Focus::Moves, Command::Mark) => keep_back(model),
        (Focus::Rule | Focus::Queue | Focus::Status, Command::HandBackThese)
        | (Focus::Then | Focus::Queue | Focus::Status, Command::Mark) => {
            fields::choose(model, effects);
        }
        (Focus::Rule, Command::Mark) => fields::change(model, 1, effects),
        (_, Command::NextValue) => fields::change(model, 1, effects),
        (_, Command::PreviousValue) => fields::change(model, -1, effects),
        (_, Command::HandBackThese) => sending::send(model, effects),
        (_, Command::Retry) => looking::retry(model, effects),
        (_, Command::Undo) => acting::undo(model, effects),
        (_, movement) => walk(some, movement, &parts),
    }
    keep_in_sight(model);
}

/// Keeps what the cursors are on in sight, moving what is shown as little as possible.
pub(super) fn keep_in_sight(model: &mut Model) {
    let parts = view::some::Parts::of(model);
    let Some(some) = screen(model) else { return };
    let load = &mut some.load;
    load.top = parts.top(load.top, load.cursor(), load.people().len(), Focus::Whose);
    let plan = &mut some.plan;
    let (moves, stays) = (plan.moves().len(), plan.stays.len());
    plan.top = parts.top(plan.top, plan.cursor(), moves, Focus::Moves);
    plan.top_of_stays = parts.top(plan.top_of_stays, plan.at_stay, stays, Focus::Stays);
}

/// Leaves; an act under way goes on, and its answer is told wherever one is then.
fn leave(model: &mut Model) {
    let typed = screen(model).is_some_and(|some| some.focus.place().takes_text());
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Some(_)));
    if typed {
        model.left_text = Some(model.now);
    }
}

/// On to the next part, or back; past those with nothing in them.
fn step(some: &mut HandBackSome, by: i64) {
    let count = Focus::ALL.len();
    let here = Focus::ALL
        .iter()
        .position(|f| *f == some.focus)
        .unwrap_or(0);
    let to = |steps: usize| match by {
        1 => Focus::ALL[(here + steps) % count],
        _ => Focus::ALL[(here + count - steps) % count],
    };
    let there = |focus: &Focus| match focus {
        Focus::Moves => !some.plan.moves().is_empty(),
        Focus::Stays => !some.plan.stays.is_empty() && some.plan.done().is_none(),
        _ => true,
    };
    some.focus = (1..count).map(to).find(there).unwrap_or_default();
}

fn sort(some: &mut HandBackSome, by: i64) {
    let count = Column::ALL.len();
    let (column, _) = some.load.sort();
    let here = Column::ALL.iter().position(|c| *c == column).unwrap_or(0);
    let to = if by > 0 { here + 1 } else { here + count - 1 };
    some.load.sort_by(Column::ALL[to % count], false);
}

/// Picks the person under the cursor, or drops them: what would move is another then.
fn pick(model: &mut Model, effects: &mut Vec<Effect>) {
    if looking::is_open_to_change(model)
        && let Some(some) = screen(model)
    {
        some.load.toggle();
        looking::changed(model, effects);
    }
}

/// Keeps back the one under the cursor, or lets it go again.
fn keep_back(model: &mut Model) {
    let done = screen(model).is_some_and(|some| some.plan.done().is_some());
    if !done
        && looking::is_open_to_change(model)
        && let Some(some) = screen(model)
    {
        some.plan.toggle();
        let next = some.plan.cursor() + 1;
        some.plan.go_to(next);
    }
}

fn walk(some: &mut HandBackSome, movement: Command, parts: &view::some::Parts) {
    let (at, count) = match some.focus {
        Focus::Moves => (some.plan.cursor(), some.plan.moves().len()),
        Focus::Stays => (some.plan.at_stay, some.plan.stays.len()),
        _ => (some.load.cursor(), some.load.people().len()),
    };
    let page = parts.lines(some.focus).max(2) - 1;
    let to = match movement {
        Command::Down => at + 1,
        Command::Up => at.saturating_sub(1),
        Command::PageDown => at + page,
        Command::PageUp => at.saturating_sub(page),
        Command::Top => 0,
        Command::Bottom => count,
        _ => return,
    };
    match some.focus {
        Focus::Moves => some.plan.go_to(to),
        Focus::Stays => some.plan.at_stay = to.min(count.saturating_sub(1)),
        _ => some.load.go_to(to),
    }
}

/// The mouse was pressed there.
pub(super) fn press(model: &mut Model, spot: Spot, effects: &mut Vec<Effect>) {
    let Some(some) = screen(model) else { return };
    match spot {
        Spot::Person(row) => {
            // The first press goes there, the second picks.
            let was_there = some.focus == Focus::Whose && some.load.cursor() == row;
            some.focus = Focus::Whose;
            some.load.go_to(row);
            if was_there {
                pick(model, effects);
            }
        }
        Spot::Title(column) => {
            let (sorting, turned) = some.load.sort();
            some.load.sort_by(column, sorting == column && !turned);
        }
        Spot::Part(focus) => {
            let was_there = some.focus == focus;
            some.focus = focus;
            if was_there && focus == Focus::Rule {
                fields::change(model, 1, effects);
            } else if was_there && matches!(focus, Focus::Queue | Focus::Status) {
                fields::choose(model, effects);
            }
        }
        Spot::Then(index) => {
            some.focus = Focus::Then;
            fields::go_then(model, index, effects);
        }
        Spot::Moving(row) => {
            let was_there = some.focus == Focus::Moves && some.plan.cursor() == row;
            some.focus = Focus::Moves;
            some.plan.go_to(row);
            if was_there {
                keep_back(model);
                if let Some(some) = screen(model) {
                    some.plan.go_to(row);
                }
            }
        }
        Spot::Staying(row) => {
            some.focus = Focus::Stays;
            some.plan.at_stay = row;
        }
    }
    keep_in_sight(model);
}

fn literal(words: &'static str) -> Safe {
    Safe::literal(words)
}
