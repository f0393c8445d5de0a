//! `H`: my acts of the last days, and what became of their conversations.

use std::time::Duration;

use super::{acting, listing, loading, moving};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{LastAct, Layer, Line, Loaded, Model, MyActs, Ticket, Tone},
        msg::Timer,
        view,
        words::time,
    },
    desk::{ActsQuery, Done, From, Trouble, What, Whose},
    domain::{action::UNDO_WITHIN, id::UserId, moment::Moment, text::Safe},
    say,
};

/// How long what happens gathers before what became of the acts is fetched again.
const GATHER: Duration = Duration::from_secs(2);

/// Opens them.
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(me) = model.user().cloned() else {
        return model.say(
            Tone::Plain,
            Safe::literal("The desk did not say yet who you are"),
        );
    };
    let ticket = model.numbers.ticket();
    effects.push(Effect::LoadActs(ticket, query(me, model.now)));
    model
        .layers
        .push(Layer::Acts(Box::new(MyActs::new(ticket))));
}

/// All that can still be taken back, and nothing older (U6).
fn query(me: UserId, now: Moment) -> ActsQuery {
    let within = i64::try_from(UNDO_WITHIN.as_micros()).unwrap_or(i64::MAX);
    ActsQuery {
        whose: Whose::By(me),
        since: Moment(now.0.saturating_sub(within)),
    }
}

/// The screen, if it is open, whatever lies over it.
fn screen(model: &mut Model) -> Option<&mut MyActs> {
    model.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Acts(acts) => Some(&mut **acts),
        _ => None,
    })
}

/// Fetches them again.
pub(super) fn refresh(model: &mut Model, effects: &mut Vec<Effect>) {
    let (me, now) = (model.user().cloned(), model.now);
    let ticket = model.numbers.ticket();
    if let (Some(acts), Some(me)) = (screen(model), me) {
        acts.asked = Some(ticket);
        effects.push(Effect::LoadActs(ticket, query(me, now)));
    }
}

/// They are here, or are not to be had. A late answer is ignored.
pub(super) fn arrived(model: &mut Model, ticket: Ticket, result: Result<Vec<Done>, Trouble>) {
    let zone = model.zone.clone();
    let Some(acts) = screen(model).filter(|acts| acts.asked == Some(ticket)) else {
        return;
    };
    match result {
        Ok(done) => acts.take_in(done, |at| time::date(at, &zone)),
        Err(trouble) if acts.loaded != Loaded::Yes => {
            acts.loaded = Loaded::Failed(say!("{trouble}"));
        }
        Err(_) => {}
    }
    keep_in_sight(model);
}

/// One of the conversations changed: what became of them is asked again soon.
pub(super) fn stirred(model: &mut Model, what: &What, effects: &mut Vec<Effect>) {
    let ticket = model.numbers.ticket();
    let Some(acts) = screen(model) else { return };
    let concerns = match what {
        What::Row(row) | What::Message(row, _) => acts.shows(&row.id),
        What::Gone(id) => acts.shows(id),
        What::Counts { .. } | What::Attention(_) | What::Reset | What::Alive => false,
    };
    if concerns && acts.renew.is_none() {
        acts.renew = Some(ticket);
        effects.push(Effect::After(GATHER, Timer::Renew(ticket)));
    }
}

/// What happened has gathered.
pub(super) fn renew(model: &mut Model, ticket: Ticket, effects: &mut Vec<Effect>) {
    if let Some(acts) = screen(model).filter(|acts| acts.renew == Some(ticket)) {
        acts.renew = None;
        refresh(model, effects);
    }
}

/// An act was taken back.
pub(super) fn taken_back(model: &mut Model, effects: &mut Vec<Effect>) {
    refresh(model, effects);
}

/// A command while the screen has the keys.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let zone = model.zone.clone();
    let page = i64::from(view::acts::lines(model).max(2)) - 1;
    let Some(acts) = screen(model) else { return };
    match command {
        Command::Back => {
            model.layers.pop();
        }
        Command::Enter if acts.fate().is_some() => go_to_conversation(model, effects),
        Command::Enter => acts.toggle(|at| time::date(at, &zone)),
        Command::Undo => undo(model, effects),
        Command::Down => acts.by(1),
        Command::Up => acts.by(-1),
        Command::PageDown => acts.by(page),
        Command::PageUp => acts.by(-page),
        Command::Top => acts.go_to(0, false),
        Command::Bottom => acts.go_to(usize::MAX, true),
        _ => {}
    }
    keep_in_sight(model);
}

/// The mouse was pressed on a line: the first press goes there, the second opens it.
pub(super) fn press(model: &mut Model, line: usize, effects: &mut Vec<Effect>) {
    let Some(acts) = screen(model) else { return };
    let was_there = acts.cursor() == line;
    acts.go_to(line, false);
    if was_there {
        command(model, Command::Enter, effects);
    }
}

fn keep_in_sight(model: &mut Model) {
    let height = usize::from(view::acts::lines(model));
    if let Some(acts) = screen(model) {
        // The day of the first act stays in sight with it.
        let day = match acts.cursor().checked_sub(1).map(|at| acts.lines()[at]) {
            Some(Line::Day(_)) if height > 1 => 1,
            _ => 0,
        };
        let top = view::scroll::in_sight(acts.top, acts.cursor(), acts.lines().len(), height);
        acts.top = top.min(acts.cursor() - day);
    }
}

/// Goes to the conversation in the list, if it is there.
fn go_to_conversation(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(row) = screen(model).and_then(|acts| acts.fate().map(|fate| fate.row.clone())) else {
        return;
    };
    if model.list.inbox.find(&row.id).is_none() {
        super::finding::leave(model, effects);
    }
    let is_here = model.list.inbox.find(&row.id).is_some();
    if !is_here && (!model.belongs(&row) || !model.list.filter.is_empty()) {
        let why = listing::whereabouts(model, &row);
        let text = say!("{} is not in the list shown: {why}", row.contact.shown());
        return model.say(Tone::Plain, text);
    }
    model
        .layers
        .retain(|layer| !matches!(layer, Layer::Acts(_)));
    listing::let_go(model, effects);
    if model.list.inbox.find(&row.id).is_some() {
        moving::land(model, &row.id, effects);
        moving::enter(model, effects);
    } else {
        // Beyond what is held of the list.
        model.list.cursor = Some(row.id.clone());
        loading::load(model, From::Around(row.id), effects);
    }
}

/// Takes an act back, where it is the last one: undo never skips to an older (U6).
fn undo(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(acts) = screen(model) else { return };
    let Some((done, _)) = acts.act() else { return };
    let newest = acts.acts().first();
    let is_newest = newest.is_some_and(|(act, _)| act.operation == done.operation);
    let (operation, undone) = (done.operation.clone(), done.undone);
    let on: Vec<_> = done.fates.iter().map(|fate| fate.row.id.clone()).collect();
    let (what, at, action) = (view::acts::doing(done), done.at, done.action);
    if undone {
        return model.say(Tone::Plain, Safe::literal("It was taken back already"));
    }
    // What was done here since, a reply say, is no act of this list and yet the last.
    let known = model
        .last_act
        .as_ref()
        .is_none_or(|last| last.operation == operation);
    if !is_newest || !known {
        let text = match &model.last_act {
            Some(last) if !known => {
                say!(
                    "Only your last act can be taken back, which is {}",
                    last.what
                )
            }
            _ => Safe::literal("Only your last act can be taken back: it is the first in the list"),
        };
        return model.say(Tone::Plain, text);
    }
    model.last_act.get_or_insert(LastAct {
        operation,
        at,
        action,
        what,
        on,
        undoable: true,
    });
    acting::undo(model, effects);
}

#[cfg(test)]
mod tests;
