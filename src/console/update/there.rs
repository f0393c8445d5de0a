//! Who is there: what colleagues are told of where the advisor is (L3), and when they count as away (A4).
//!
//! What the desk is told follows from the model, looked at after every fact; nothing else sends it. Idle stays idle:
//! it is said again only while one is in a conversation, and the keyboard is looked at once in ten minutes (R13).

use std::time::Duration;

use crate::{
    console::{
        command::Command,
        compose::Kind,
        effect::Effect,
        model::{Away, Link, Model, NOWHERE, Pane, Ticket, Tone},
        msg::Timer,
        words::keys,
    },
    desk::{Doing, Whereabouts},
    domain::{id::ConversationId, text::Safe},
    say,
};

/// How often it is said again that one is still in a conversation; the desk forgets it after 30 s.
const AGAIN: Duration = Duration::from_secs(10);

/// Without a key for so long one counts as away (A4).
const STILL: Duration = Duration::from_secs(10 * 60);

/// Somebody did something at the terminal: whoever was only still is back.
pub(super) fn pressed(model: &mut Model) {
    model.there.pressed = model.now;
    if model.there.away == Some(Away::Still) {
        model.there.away = None;
        let text = "You were away for lack of a key, and are back";
        model.say(Tone::Plain, Safe::literal(text));
    }
}

/// `w`: away, or back.
pub(super) fn away_or_back(model: &mut Model) {
    let text = match model.there.away.take() {
        Some(_) => Safe::literal("You are back: queues may give you conversations again"),
        None => {
            model.there.away = Some(Away::Said);
            let again = keys::named(model, Command::Away);
            say!(
                "You are away: no queue gives you anything, and nothing is taken from you · {again} comes back"
            )
        }
    };
    model.say(Tone::Plain, text);
}

/// The program is about to be suspended: it counts as away, not as signed out (R12).
pub(super) fn suspending(model: &mut Model) {
    model.there.away.get_or_insert(Away::Suspended);
}

/// It came back, or could not be suspended. The runtime told the desk that one is away.
pub(super) fn resumed(model: &mut Model) {
    model.there.pressed = model.now;
    model.there.told = AWAY;
    if model.there.away == Some(Away::Suspended) {
        model.there.away = None;
    }
}

/// The line is back: the desk may have forgotten where one is.
pub(super) fn forgotten(model: &mut Model) {
    model.there.told = NOWHERE;
}

/// Drafts found on disk, of which the desk was told when they were left.
pub(super) fn kept(model: &mut Model) {
    let kept = model.drafts.keys().cloned();
    model.there.drafts.extend(kept);
}

/// Ten minutes since somebody looked: whether a key was pressed meanwhile.
pub(super) fn still_awake(model: &mut Model) {
    model.there.watched = false;
    if model.now.since(model.there.pressed) >= STILL && model.there.away.is_none() {
        model.there.away = Some(Away::Still);
        let text = "No key for 10 minutes: you count as away · any key comes back";
        model.say(Tone::Plain, Safe::literal(text));
    }
}

/// Ten seconds since it was said that one is in a conversation: it is said again.
pub(super) fn still_there(model: &mut Model, ticket: Ticket, effects: &mut Vec<Effect>) {
    if model.there.again == Some(ticket) {
        model.there.again = None;
        if model.there.told.open.is_some() && !is_offline(model) {
            effects.push(Effect::Tell(model.there.told.clone()));
            again(model, effects);
        }
    }
}

const AWAY: Whereabouts = Whereabouts {
    open: None,
    what: Doing::Away,
};

/// Tells the desk what changed about where the advisor is, and sees that it is told again.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.me.is_none() || is_offline(model) {
        return;
    }
    watch(model, effects);
    let now = whereabouts(model);
    if model.there.told != now {
        let before = std::mem::replace(&mut model.there.told, now.clone());
        if let Some(left) = before.open.filter(|left| now.open.as_ref() != Some(left)) {
            leave(model, left, effects);
        }
        // Being nowhere needs no words, but for whoever was away.
        if now.open.is_some() || now.what == Doing::Away || before.what == Doing::Away {
            effects.push(Effect::Tell(now));
        }
        again(model, effects);
    }
    forget_drafts(model, effects);
}

/// Where the advisor is. Following the cursor is not being there: going in is.
fn whereabouts(model: &Model) -> Whereabouts {
    if model.there.away.is_some() {
        return AWAY;
    }
    let open = model.open.as_ref().filter(|open| open.gone.is_none());
    let (id, what) = match (&model.composer, open) {
        (Some(composer), _) if composer.is_still().is_none() => {
            let what = match composer.kind {
                Kind::Reply => Doing::Replying,
                Kind::Note => Doing::Viewing,
            };
            (composer.row.id.clone(), what)
        }
        (None, Some(open)) if model.pane != Pane::List => (open.row.id.clone(), Doing::Viewing),
        _ => return NOWHERE,
    };
    Whereabouts {
        open: Some(id),
        what,
    }
}

/// Says that a conversation was left, with a draft or without.
fn leave(model: &mut Model, left: ConversationId, effects: &mut Vec<Effect>) {
    let is_kept = has_draft(model, &left);
    let what = if is_kept {
        model.there.drafts.insert(left.clone());
        Doing::Draft
    } else {
        model.there.drafts.remove(&left);
        Doing::Nothing
    };
    effects.push(Effect::Tell(Whereabouts {
        open: Some(left),
        what,
    }));
}

/// Says of drafts that were cleared or sent that they are none any more; and then, since that reads as having left,
/// where one still is.
fn forget_drafts(model: &mut Model, effects: &mut Vec<Effect>) {
    let mut gone = std::mem::take(&mut model.there.drafts);
    model.there.drafts = gone.extract_if(.., |id| has_draft(model, id)).collect();
    // While it is being written to, an empty text is no draft that was given up.
    let told = model.there.told.clone();
    for id in gone {
        if told.open.as_ref() == Some(&id) && told.what == Doing::Replying {
            model.there.drafts.insert(id);
            continue;
        }
        let is_here = told.open.as_ref() == Some(&id);
        effects.push(Effect::Tell(Whereabouts {
            open: Some(id),
            what: Doing::Nothing,
        }));
        if is_here {
            effects.push(Effect::Tell(told.clone()));
        }
    }
}

fn has_draft(model: &Model, id: &ConversationId) -> bool {
    let draft = model.drafts.get(id);
    draft.is_some_and(|text| !text.trim().is_empty())
}

fn again(model: &mut Model, effects: &mut Vec<Effect>) {
    model.there.again = None;
    if model.there.told.open.is_some() {
        let ticket = model.numbers.ticket();
        model.there.again = Some(ticket);
        effects.push(Effect::After(AGAIN, Timer::StillThere(ticket)));
    }
}

/// Sees that the keyboard is looked at when ten minutes have passed since the last key. Who is away is not watched.
fn watch(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.there.watched && model.there.away.is_none() {
        model.there.watched = true;
        let left = STILL.saturating_sub(model.now.since(model.there.pressed));
        effects.push(Effect::After(left, Timer::StillAwake));
    }
}

fn is_offline(model: &Model) -> bool {
    matches!(model.link, Link::Lost { .. })
}
