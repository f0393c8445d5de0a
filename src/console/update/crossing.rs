//! A colleague wrote between what one had read and what one sends: it is shown who, and when, and what they wrote stands
//! above; sending again sends anyway.

use std::time::Duration;

use crate::{
    console::{
        command::{Command, Place},
        compose::Kind,
        effect::Effect,
        model::{Model, Part, Tone},
        msg::Timer,
        words::keys,
    },
    domain::id::ConversationId,
    say,
};

/// How often the age of what was written is said anew while it is counted in seconds.
const EACH: Duration = Duration::from_secs(5);
/// From here on it is counted in minutes, which turn with the clock.
const MINUTES: Duration = Duration::from_secs(60);

/// The desk refused the reply for it: what was written is fetched, and shown.
pub(super) fn refused(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    let composer = model.composer.as_mut();
    if let Some(composer) = composer.filter(|c| c.row.id == *id && c.kind == Kind::Reply) {
        composer.crossed = true;
    }
    if let Some(open) = model.open.as_mut().filter(|open| open.row.id == *id) {
        open.place = None;
        open.unseen = 0;
    }
    effects.push(Effect::LoadMessages(id.clone(), Part::Newest));
    read(model, id, effects);
    let send = keys::here(model, Place::Composer, Command::Send);
    let text = say!("A colleague replied meanwhile: read it, {send} sends anyway");
    model.say(Tone::Warning, text);
}

/// Messages are here: who wrote in between is known, and seen by whoever sends again.
pub(super) fn read(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    let composer = model.composer.as_ref();
    let Some(composer) = composer.filter(|c| c.row.id == *id && c.crossed) else {
        return;
    };
    let who = model
        .unseen_reply(composer)
        .and_then(|m| Some((m.sender.as_ref()?.name.clone(), m.at)));
    let newest = model.open.as_ref().and_then(|open| open.messages.last());
    let newest = newest.map(|message| message.id.clone());
    if let Some(composer) = &mut model.composer {
        composer.seen = newest.or(composer.seen.take());
        composer.crossed_by = who.or(composer.crossed_by.take());
    }
    age(model, effects);
}

/// What was written is some seconds older, and that is said.
pub(super) fn age(model: &mut Model, effects: &mut Vec<Effect>) {
    let now = model.now;
    let ticket = model.numbers.ticket();
    if let Some(composer) = &mut model.composer
        && let Some((_, at)) = &composer.crossed_by
        && now.since(*at) < MINUTES
    {
        composer.ages = Some(ticket);
        effects.push(Effect::After(EACH, Timer::Ages(ticket)));
    }
}
