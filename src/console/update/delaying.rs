//! A reply that goes out in a moment: it waits in its composer, counted down, and can be taken back. Whatever happens
//! meanwhile, it goes out only from here: who leaves, or loses the line, has a draft.

use std::time::Duration;

use crate::{
    console::{
        compose::{Composer, Waiting},
        effect::Effect,
        key::Key,
        model::{Model, Ticket, Tone},
        msg::Timer,
    },
    domain::text::Safe,
};

use super::composing;

/// How often it is counted down.
const TICK: Duration = Duration::from_secs(1);

/// It waits from now on.
pub(super) fn wait(model: &mut Model, effects: &mut Vec<Effect>) {
    let until = model.now.after(model.send_delay);
    tick_on(model, until, effects);
}

fn tick_on(model: &mut Model, until: crate::domain::moment::Moment, effects: &mut Vec<Effect>) {
    let ticket = model.numbers.ticket();
    let left = until.since(model.now);
    if let Some(composer) = &mut model.composer {
        composer.waiting = Some(Waiting { until, ticket });
        effects.push(Effect::After(left.min(TICK), Timer::Tick(ticket)));
    }
}

/// A second has passed: whether the wait is over, so that it goes out. Else it waits on.
#[must_use]
pub(super) fn is_over(model: &mut Model, ticket: Ticket, effects: &mut Vec<Effect>) -> bool {
    let composer = model.composer.as_mut();
    let Some(composer) = composer.filter(|c| c.waiting.is_some_and(|w| w.ticket == ticket)) else {
        return false;
    };
    match composer.waiting.take() {
        Some(waiting) if waiting.until > model.now => {
            tick_on(model, waiting.until, effects);
            false
        }
        _ => true,
    }
}

/// It is not sent: its text can be typed on.
pub(super) fn take_back(model: &mut Model) {
    if is_waiting(model) {
        stop(model, "Taken back: it was not sent");
    }
}

/// Something was typed while it waited: whoever types on does not want it sent as it is.
pub(super) fn typed(model: &mut Model, key: Key, effects: &mut Vec<Effect>) {
    if matches!(key, Key::Char(_) | Key::Backspace | Key::Left | Key::Right) {
        take_back(model);
        composing::type_key(model, key, effects);
    }
}

/// The line is lost, or the program is left to the shell: it waits no more, and is not sent.
pub(super) fn interrupted(model: &mut Model) {
    if is_waiting(model) {
        stop(
            model,
            "Not sent, your text is kept: the reply still waited when that happened",
        );
    }
}

fn is_waiting(model: &Model) -> bool {
    model.composer.as_ref().is_some_and(|c| c.waiting.is_some())
}

fn stop(model: &mut Model, why: &'static str) {
    if let Some(Composer { waiting, .. }) = &mut model.composer {
        *waiting = None;
        model.say(Tone::Plain, Safe::literal(why));
    }
}
