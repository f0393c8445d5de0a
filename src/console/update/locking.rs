//! The screen locks when nobody pressed a key for a while: what customers wrote is hidden, and nothing is lost of it.
//!
//! On a socket the host says who sits here, and any key goes on; with a token the desk is asked whether it is still good.

use std::time::Duration;

use crate::{
    console::{
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::{Away, Locked, Model},
        msg::Timer,
    },
    desk::Trouble,
    domain::text::Safe,
    say,
};

/// Sees that somebody looks when the time may be over.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(after) = model.lock.after.filter(|_| model.me.is_some()) else {
        return;
    };
    if !model.lock.watched && !model.lock.is_locked() {
        model.lock.watched = true;
        let left = after.saturating_sub(model.now.since(model.there.pressed));
        effects.push(Effect::After(left.max(LEAST), Timer::Lock));
    }
}

/// So that a clock that was set does not make it look again and again.
const LEAST: Duration = Duration::from_secs(1);

/// The time may be over.
pub(super) fn due(model: &mut Model) {
    model.lock.watched = false;
    let is_still = |after| model.now.since(model.there.pressed) >= after;
    if model.lock.after.is_some_and(is_still) && !model.lock.is_locked() {
        model.lock.locked = Some(Locked {
            by_desk: model.lock.by_desk,
            ..Locked::default()
        });
        model.there.away.get_or_insert(Away::Still);
    }
}

/// The desk lets whoever sits here in no more: what customers wrote is hidden from them (R32).
pub(super) fn shut_out(model: &mut Model, why: &Safe) {
    if model.me.is_none() {
        return; // There is nothing to hide yet, and it says why it ends.
    }
    model.lock.locked = Some(Locked {
        by_desk: true,
        why: Some(no_more(why)),
        ..Locked::default()
    });
}

fn no_more(why: &Safe) -> Safe {
    say!("The desk lets you in no more: {why} A key asks again, q leaves; your drafts are kept.")
}

/// Whether what was typed went to the locked screen: it means only that somebody is there, whatever it was.
pub(super) fn takes(model: &mut Model, arrived: &Arrived, effects: &mut Vec<Effect>) -> bool {
    let Some(locked) = &mut model.lock.locked else {
        return false;
    };
    match arrived.input {
        Input::Key(Key::Char('q')) if locked.why.is_some() => effects.push(Effect::Quit),
        Input::Key(_) | Input::Mouse(_) => opens(model, effects),
        _ => {}
    }
    true
}

/// Somebody is there who wants to go on.
fn opens(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(locked) = &mut model.lock.locked else {
        return;
    };
    if !locked.by_desk {
        model.lock.locked = None;
        super::there::pressed(model);
    } else if !locked.asked {
        locked.asked = true;
        locked.why = None;
        effects.push(Effect::LoadMe);
    }
}

/// The desk said who sits here, or not.
pub(super) fn known(model: &mut Model, trouble: Option<&Trouble>) {
    let Some(locked) = model.lock.locked.as_mut().filter(|locked| locked.asked) else {
        return;
    };
    match trouble {
        None => {
            model.lock.locked = None;
            super::there::pressed(model);
        }
        Some(trouble) => {
            locked.asked = false;
            locked.why = Some(match trouble {
                Trouble::NotSignedIn(why) => no_more(why),
                other => say!("The desk cannot be asked: {other} · a key asks again, q leaves"),
            });
        }
    }
}
