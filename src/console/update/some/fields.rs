//! What is typed and chosen: the number, the rule, the queue, the status, the reason, and where to.

use super::{looking, screen, sending};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        key::Key,
        model::{
            Layer, Model, Picker, Tone,
            some::{Focus, HandBackSome, Then},
        },
        view::some::choices::{Value, found},
    },
    domain::text::Safe,
};

/// A number has at most so many digits.
const DIGITS: usize = 4;

/// A key where text is typed; says whether it was for this screen.
pub(in crate::console::update) fn type_key(
    model: &mut Model,
    key: Key,
    effects: &mut Vec<Effect>,
) -> bool {
    if !matches!(model.layers.last(), Some(Layer::Some(_))) {
        return false;
    }
    let Some(some) = screen(model) else {
        return false;
    };
    if let Some(picker) = &mut some.picking {
        picker.typed.type_key(key);
        picker.cursor = 0;
        return true;
    }
    match some.focus {
        // The act under way has its reason already, and its number.
        _ if some.plan.operation.is_some() => {
            looking::is_open_to_change(model);
        }
        Focus::Reason => {
            some.reason.type_key(key);
        }
        Focus::Number => {
            let digit = !matches!(key, Key::Char(c) if !c.is_ascii_digit())
                && (some.number.text.len() < DIGITS || !matches!(key, Key::Char(_)));
            if digit && some.number.type_key(key) {
                looking::changed(model, effects);
            }
        }
        _ => {}
    }
    true
}

/// The next thing a field can be, or the one before.
pub(super) fn change(model: &mut Model, by: i64, effects: &mut Vec<Effect>) {
    if !looking::is_open_to_change(model) {
        return;
    }
    let next = |here: usize, count: usize| match by {
        1 => (here + 1) % count,
        _ => (here + count - 1) % count,
    };
    let queues = model.queues.clone();
    let Some(some) = screen(model) else { return };
    match some.focus {
        Focus::Rule => some.untouched = !some.untouched,
        Focus::Queue => {
            let here = some
                .queue
                .as_ref()
                .and_then(|queue| queues.iter().position(|q| q.queue.id == queue.id));
            let at = next(here.map_or(0, |at| at + 1), queues.len() + 1);
            some.queue = at.checked_sub(1).map(|at| queues[at].queue.clone());
        }
        Focus::Status => {
            let here = some
                .status
                .as_ref()
                .and_then(|status| some.statuses.iter().position(|s| s.word == status.word));
            let at = next(here.map_or(0, |at| at + 1), some.statuses.len() + 1);
            some.status = at.checked_sub(1).map(|at| some.statuses[at].clone());
        }
        Focus::Then => {
            let here = Then::ALL.iter().position(|t| *t == some.then).unwrap_or(0);
            return go_then(model, next(here, Then::ALL.len()), effects);
        }
        _ => return,
    }
    looking::changed(model, effects);
}

/// Where they go then, by its place in the row of ways.
pub(super) fn go_then(model: &mut Model, index: usize, effects: &mut Vec<Effect>) {
    if !looking::is_open_to_change(model) {
        return;
    }
    if let (Some(some), Some(then)) = (screen(model), Then::ALL.get(index)) {
        some.then = *then;
        some.plan.unsee();
        looking::settle(model, effects);
    }
}

/// Opens the list of what the field can be.
pub(super) fn choose(model: &mut Model, effects: &mut Vec<Effect>) {
    if !looking::is_open_to_change(model) {
        return;
    }
    let Some(some) = screen(model) else { return };
    match (some.focus, some.then) {
        (Focus::Rule, _) => change(model, 1, effects),
        (Focus::Then, Then::Queue) => {}
        _ => some.picking = Some(Picker::default()),
    }
}

/// A command in that list.
pub(super) fn in_list(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let Some((picker, count)) = open_list(model) else {
        return;
    };
    let cursor = picker.cursor;
    let Some(some) = screen(model) else { return };
    match command {
        Command::Back => some.picking = None,
        Command::Down => go_to(some, (cursor + 1).min(count.saturating_sub(1))),
        Command::Up => go_to(some, cursor.saturating_sub(1)),
        Command::Enter => take(model, cursor, effects),
        _ => {}
    }
}

fn go_to(some: &mut HandBackSome, row: usize) {
    if let Some(picker) = &mut some.picking {
        picker.cursor = row;
    }
}

/// The open list and how many it finds.
fn open_list(model: &Model) -> Option<(&Picker, usize)> {
    let some = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Some(some) => Some(some),
        _ => None,
    })?;
    let picker = some.picking.as_ref()?;
    Some((picker, found(model, some, picker).len()))
}

/// Takes the value at that row.
fn take(model: &mut Model, row: usize, effects: &mut Vec<Effect>) {
    let value = model.layers.iter().rev().find_map(|layer| match layer {
        Layer::Some(some) => {
            let picker = some.picking.as_ref()?;
            found(model, some, picker).into_iter().nth(row)
        }
        _ => None,
    });
    let (Some(value), Some(some)) = (value, screen(model)) else {
        return;
    };
    match value.is {
        Value::Queue(queue) => some.queue = queue,
        Value::Status(status) => some.status = status,
        Value::Give(user) => {
            some.takers.to = Some(user.id);
            some.picking = None;
            some.plan.unsee();
            return looking::settle(model, effects);
        }
        Value::Spread(user) => {
            // The list stays open: one may leave out several.
            let without = &mut some.takers.without;
            if !without.remove(&user.id) {
                without.insert(user.id);
            }
            some.plan.unsee();
            return looking::settle(model, effects);
        }
    }
    some.picking = None;
    looking::changed(model, effects);
}

/// Whom to give them to is not said yet: asks, and says so.
pub(super) fn ask_for_a_taker(model: &mut Model) {
    if let Some(some) = screen(model) {
        some.focus = Focus::Then;
        some.picking = Some(Picker::default());
        model.say(Tone::Plain, Safe::literal(sending::TO_WHOM));
    }
}
