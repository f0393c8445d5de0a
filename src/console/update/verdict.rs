//! Why one cannot reply, said before one has typed, or over what was typed (S4, S5, S6): what the row shows at once, the
//! rest as the desk says it.

use std::time::Duration;

use crate::{
    console::{
        compose::{Kind, name_of},
        effect::Effect,
        menu,
        model::{Model, Open, Tone},
        msg::Timer,
    },
    domain::{
        action::Action,
        conversation::{Handler, State},
        id::ConversationId,
        moment::Moment,
        row::Row,
        text::Safe,
    },
    say,
};

/// A look at whether the time is over is taken this often at least: no timer outlives its composer for long.
const LOOK: Duration = Duration::from_secs(3600);

/// Why the conversation shown cannot be replied to, as far as is known now.
pub(super) fn of_shown(open: &Open, now: Moment) -> Option<Safe> {
    if open.gone.is_some() {
        let name = name_of(&open.row);
        return Some(say!("{name} is out of your sight: it cannot be answered"));
    }
    of_row(&open.row, now).or_else(|| said(open))
}

/// What the row itself tells.
fn of_row(row: &Row, now: Moment) -> Option<Safe> {
    let name = name_of(row);
    if row.state == State::Closed {
        return Some(say!("{name} is closed: reopen it to answer"));
    }
    if row.handler == Handler::Bot {
        return Some(say!("A bot handles {name}: intervene to answer"));
    }
    row.reply_until.filter(|until| *until <= now).map(|_| {
        say!(
            "More than 24 hours since {name} wrote: {} takes no free text until they write again",
            row.channel
        )
    })
}

/// What the desk said.
fn said(open: &Open) -> Option<Safe> {
    let why = menu::not_now(open.actions.as_deref()?, Action::Reply)?;
    Some(say!("{} cannot be answered: {why}", name_of(&open.row)))
}

/// The desk said what may be done to a conversation: what is being written to it is frozen, or may go on.
pub(super) fn heard(model: &mut Model, id: &ConversationId) {
    let open = model.open.as_ref().filter(|open| open.row.id == *id);
    let Some(verdict) = open.map(|open| of_shown(open, model.now)) else {
        return;
    };
    bar(model, id, verdict);
}

/// The row of a conversation changed: what it tells counts at once, and the desk is asked for the rest.
pub(super) fn looked_at(model: &mut Model, row: &Row, effects: &mut Vec<Effect>) {
    let asked = model.open.as_ref().filter(|open| open.row.id == row.id);
    if asked.is_some_and(|open| open.actions.is_none()) {
        effects.push(Effect::LoadDetail(row.id.clone()));
    }
    if let Some(why) = of_row(row, model.now) {
        bar(model, &row.id, Some(why));
    }
}

/// Freezes what is written to this conversation, or lets it go on; what was typed stays.
fn bar(model: &mut Model, id: &ConversationId, verdict: Option<Safe>) {
    let composer = model.composer.as_mut();
    let Some(composer) = composer.filter(|c| c.row.id == *id && c.kind == Kind::Reply) else {
        return;
    };
    if composer.barred == verdict {
        return;
    }
    let was = std::mem::replace(&mut composer.barred, verdict.clone());
    composer.waiting = None;
    let kept = match composer.text().trim().is_empty() {
        true => "",
        false => " · your text is kept",
    };
    match (was, verdict) {
        (_, Some(why)) => model.say(Tone::Warning, say!("{why}{kept}")),
        (Some(_), None) => {
            let name = name_of(&composer.row);
            model.say(Tone::Plain, say!("{name} can be answered again"));
        }
        (None, None) => {}
    }
}

/// Sees that it is noticed when the time for free text is over while one writes (S6).
pub(super) fn watch(row: &Row, now: Moment, effects: &mut Vec<Effect>) {
    if let Some(until) = row.reply_until.filter(|until| *until > now) {
        let wait = until.since(now).min(LOOK);
        effects.push(Effect::After(wait, Timer::WindowEnds(row.id.clone())));
    }
}

/// The time may be over.
pub(super) fn may_be_over(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    let composer = model.composer.as_ref();
    let Some(row) = composer.filter(|c| c.row.id == *id).map(|c| c.row.clone()) else {
        return;
    };
    match row.reply_until.is_some_and(|until| until > model.now) {
        true => watch(&row, model.now, effects),
        false => looked_at(model, &row, effects),
    }
}
