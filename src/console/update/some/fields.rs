//! What is typed and chosen: the number, the rule, the queue, the status, the reason, and where to.

use super::{looking, screen};
use crate::{
    console::{
        choices::Chosen,
        effect::Effect,
        key::Key,
        model::{
            Choosing, Layer, Loaded, Model, Picker, Tone,
            some::{Focus, Then},
        },
    },
    domain::text::Safe,
};

/// A number has at most so many digits.
const DIGITS: usize = 4;

/// What is asked where nobody was chosen yet.
pub(super) const TO_WHOM: &str = "Choose whom to give them to";

/// A key where text is typed.
pub(in crate::console::update) fn type_key(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    let Some(some) = screen(model) else { return };
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
    let (queues, statuses) = (model.queues.clone(), model.statuses.clone());
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
                .and_then(|status| statuses.iter().position(|s| s.word == status.word));
            let at = next(here.map_or(0, |at| at + 1), statuses.len() + 1);
            some.status = at.checked_sub(1).map(|at| statuses[at].clone());
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
        (field, _) => open_list(model, field),
    }
}

fn open_list(model: &mut Model, field: Focus) {
    let picker = Picker::new(Choosing::Some(field), Loaded::Yes);
    model.layers.push(Layer::Picker(picker));
}

/// Whom to give them to is not said yet: asks, and says so.
pub(super) fn ask_for_a_taker(model: &mut Model) {
    if let Some(some) = screen(model) {
        some.focus = Focus::Then;
        open_list(model, Focus::Then);
        model.say(Tone::Plain, Safe::literal(TO_WHOM));
    }
}

/// Something was chosen in the list on top: the field is that.
pub(in crate::console::update) fn chosen(
    model: &mut Model,
    field: Focus,
    chosen: Chosen,
    effects: &mut Vec<Effect>,
) {
    let queues = model.queues.iter().map(|queue| queue.queue.clone());
    let queue_of = |id| queues.clone().find(|queue| Some(&queue.id) == id);
    let status_of = |word: &str| model.statuses.iter().find(|s| s.word == word).cloned();
    let (queue, status) = match &chosen {
        Chosen::Queue(id) => (queue_of(id.as_ref()), None),
        Chosen::Status(word) => (None, word.as_deref().and_then(status_of)),
        _ => (None, None),
    };
    let spreads = screen(model).is_some_and(|some| some.then == Then::Spread);
    // Of those they are spread over one may leave out several: the list stays.
    if field != Focus::Then || !spreads {
        model.layers.pop();
    }
    let Some(some) = screen(model) else { return };
    match (field, chosen) {
        (Focus::Queue, _) => some.queue = queue,
        (Focus::Status, _) => some.status = status,
        (_, Chosen::Person(id)) if spreads => {
            if !some.takers.without.remove(&id) {
                some.takers.without.insert(id);
            }
        }
        (_, Chosen::Person(id)) => some.takers.to = Some(id),
        _ => return,
    }
    if field == Focus::Then {
        some.plan.unsee();
        looking::settle(model, effects);
    } else {
        looking::changed(model, effects);
    }
}
