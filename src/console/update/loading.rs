//! Asking the desk for what the list shows: from a place on, again, and what comes next.

use std::time::Duration;

use crate::{
    console::{
        effect::Effect,
        model::{Model, Ticket},
        msg::Timer,
    },
    desk::{Find, From, Query, Trouble},
    domain::inbox::{Beyond, Side},
};

/// Rows fetched at once: three screens of a tall terminal.
const PAGE: u16 = 100;
/// Rows kept ahead of the cursor, so that a page down is there at once.
const AHEAD: usize = 50;
/// In how long to ask again after the desk did not answer, at a random moment; twice as long each time.
const AGAIN: Duration = Duration::from_secs(2);
/// The longest of these (R17).
const LONGEST: Duration = Duration::from_secs(15);
/// Findings fetched at once.
pub(super) const FOUND: u16 = 60;

/// Fetches the list anew from a place; what is shown stays until it is here.
pub(super) fn load(model: &mut Model, from: From, effects: &mut Vec<Effect>) {
    if model.finding.is_some() {
        return look_again(model, effects);
    }
    let ticket = begins(model);
    effects.push(Effect::LoadList(ticket, query(model, from)));
}

/// Another list is asked for: what was asked for before counts no more.
fn begins(model: &mut Model) -> Ticket {
    let ticket = model.numbers.ticket();
    model.list.loading = Some(ticket);
    model.list.extending = None;
    model.list.owed = 0;
    model.list.since_asked.clear();
    ticket
}

/// Fetches what is shown again, where the cursor is.
pub(super) fn reload(model: &mut Model, effects: &mut Vec<Effect>) {
    let from = match (&model.list.cursor, model.list.inbox.beyond(Side::Before)) {
        (Some(id), Beyond::Cursor(_) | Beyond::Forgotten) => From::Around(id.clone()),
        _ => From::Start,
    };
    load(model, from, effects);
}

/// A [`Timer::Refetch`] ran out.
pub(super) fn refetch(model: &mut Model, ticket: Ticket, effects: &mut Vec<Effect>) {
    if model.list.refetch == Some(ticket) {
        model.list.refetch = None;
        reload(model, effects);
    }
}

/// Fetches what is shown again in so long, unless that is to be anyway.
pub(super) fn refetch_after(model: &mut Model, wait: Duration, effects: &mut Vec<Effect>) {
    if model.list.refetch.is_none() {
        let ticket = model.numbers.ticket();
        model.list.refetch = Some(ticket);
        effects.push(Effect::After(wait, Timer::Refetch(ticket)));
    }
}

/// The desk did not answer: it is asked again, less and less often, and not by all consoles at once. What it asks for is
/// honoured.
pub(super) fn ask_again(model: &mut Model, trouble: &Trouble, effects: &mut Vec<Effect>) {
    let within = AGAIN.saturating_mul(1 << model.list.failures.min(5));
    model.list.failures = model.list.failures.saturating_add(1);
    let at_least = match trouble {
        Trouble::Busy(wait) => (*wait).min(LONGEST * 20),
        _ => Duration::ZERO,
    };
    let ticket = model.numbers.ticket();
    model.list.refetch = Some(ticket);
    effects.push(Effect::Within(
        at_least,
        within.min(LONGEST),
        Timer::Refetch(ticket),
    ));
}

/// Looks again for the same, from the beginning; what is shown stays until the answer is here.
pub(super) fn look_again(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(find) = find(model, None) else {
        return;
    };
    let ticket = begins(model);
    effects.push(Effect::Find(ticket, find));
}

/// What the desk is asked, from a cursor on.
fn find(model: &Model, cursor: Option<String>) -> Option<Find> {
    let search = model.finding.as_ref()?.of.clone()?;
    let find = Find::of(search, model.now, &model.zone, FOUND);
    Some(Find { cursor, ..find })
}

fn query(model: &Model, from: From) -> Query {
    Query {
        view: model.list.view,
        queue: model.list.queue.clone(),
        filter: model.list.filter.clone(),
        from,
        limit: PAGE,
    }
}

/// Fetches the next stretch of the list if the cursor nears an end of what is held.
pub(super) fn reach_out(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.list.loading.is_some() || model.list.extending.is_some() {
        return;
    }
    let index = model.cursor_index().unwrap_or(0);
    let side = if index + AHEAD >= model.list.inbox.len()
        && *model.list.inbox.beyond(Side::After) != Beyond::End
    {
        Side::After
    } else if index < AHEAD && *model.list.inbox.beyond(Side::Before) != Beyond::End {
        Side::Before
    } else {
        return;
    };
    let from = match (model.list.inbox.beyond(side), model.list.inbox.edge(side)) {
        (Beyond::Cursor(cursor), _) => From::Cursor(cursor.clone()),
        (Beyond::Forgotten, Some(row)) => From::Around(row.id.clone()),
        _ => return,
    };
    let ticket = model.numbers.ticket();
    let effect = match (from, &model.finding) {
        (from, None) => Effect::LoadList(ticket, query(model, from)),
        (From::Cursor(cursor), Some(_)) => match find(model, Some(cursor)) {
            Some(find) => Effect::Find(ticket, find),
            None => return,
        },
        _ => return,
    };
    model.list.extending = Some((ticket, side));
    effects.push(effect);
}
