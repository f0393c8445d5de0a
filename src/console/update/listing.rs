//! The list: its pages, the changes that news brings, and where the cursor goes when its conversation leaves.

use std::time::Duration;

use super::{finding, moving, reading};
use crate::{
    console::{
        effect::Effect,
        model::{Change, Model, Pane, Surprise, Ticket, Tone},
        msg::Timer,
    },
    desk::{From, Page, Query, Trouble, View},
    domain::{
        conversation::State,
        id::ConversationId,
        inbox::{Beyond, Inbox, Side},
        row::Row,
        text::Safe,
    },
    say,
};

/// Rows fetched at once: three screens of a tall terminal.
const PAGE: u16 = 100;
/// Rows kept ahead of the cursor, so that a page down is there at once.
const AHEAD: usize = 50;
/// In how long to ask again after the desk did not answer, at a random moment; twice as long each time.
const AGAIN: Duration = Duration::from_secs(2);
/// The longest of these (R17).
const LONGEST: Duration = Duration::from_secs(15);
/// How long changes gather before a narrowed list is fetched again.
const GATHER: Duration = Duration::from_millis(300);

/// Fetches the list anew from a place; what is shown stays until it is here.
pub(super) fn load(model: &mut Model, from: From, effects: &mut Vec<Effect>) {
    if model.finding.is_some() {
        return finding::again(model, effects);
    }
    let ticket = model.numbers.ticket();
    model.list.loading = Some(ticket);
    model.list.extending = None;
    model.list.owed = 0;
    model.list.since_asked.clear();
    effects.push(Effect::LoadList(ticket, query(model, from)));
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

fn refetch_after(model: &mut Model, wait: Duration, effects: &mut Vec<Effect>) {
    if model.list.refetch.is_none() {
        let ticket = model.numbers.ticket();
        model.list.refetch = Some(ticket);
        effects.push(Effect::After(wait, Timer::Refetch(ticket)));
    }
}

/// The desk did not answer: it is asked again, less and less often, and not by all consoles at once. What it asks for is
/// honoured.
fn ask_again(model: &mut Model, trouble: &Trouble, effects: &mut Vec<Effect>) {
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

/// Shows another view, queue or filter: from its top, with nothing marked.
pub(super) fn show(model: &mut Model, effects: &mut Vec<Effect>) {
    model.marks.clear();
    model.list.land_at = Some(Side::Before);
    load(model, From::Start, effects);
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
        (From::Cursor(cursor), Some(_)) => match finding::find(model, Some(cursor)) {
            Some(find) => Effect::Find(ticket, find),
            None => return,
        },
        _ => return,
    };
    model.list.extending = Some((ticket, side));
    effects.push(effect);
}

/// A page is here, or is not to be had.
pub(super) fn arrived(
    model: &mut Model,
    ticket: Ticket,
    result: Result<Box<Page>, Trouble>,
    effects: &mut Vec<Effect>,
) {
    let extending = model
        .list
        .extending
        .filter(|(asked, _)| *asked == ticket)
        .map(|(_, side)| side);
    if model.list.loading != Some(ticket) && extending.is_none() {
        return; // The answer to a wish that is no more.
    }
    match (result, extending) {
        (Ok(page), None) => {
            model.list.loading = None;
            replace(model, *page, effects);
        }
        (Ok(page), Some(side)) => {
            model.list.extending = None;
            extend(model, side, *page, effects);
        }
        (Err(trouble), _) => {
            model.list.loading = None;
            model.list.extending = None;
            model.list.trouble = Some(say!("{trouble}"));
            ask_again(model, &trouble, effects);
        }
    }
}

fn replace(model: &mut Model, page: Page, effects: &mut Vec<Effect>) {
    let list = &mut model.list;
    let first = !list.loaded;
    let walked = std::mem::take(&mut list.owed);
    let stood = list
        .cursor
        .as_ref()
        .and_then(|id| list.inbox.find(id))
        .unwrap_or(0);
    list.inbox = Inbox::of(page.rows, Beyond::of(page.prev), Beyond::of(page.next));
    list.counts = model.told.of(list.queue.as_ref()).unwrap_or(page.counts);
    list.as_of = page.as_of;
    list.loaded = true;
    list.trouble = None;
    list.failures = 0;
    list.waiting.clear();
    catch_up(model, effects);
    moving::arrive(model, stood, walked, effects);
    if model.list.inbox.is_empty() {
        model.list.cursor = None;
        if model.composer.is_none() && model.pane == Pane::List {
            model.open = None;
        }
    } else if let (Some(row), Some(open)) = (model.under_cursor().cloned(), &model.open)
        && open.row.id == row.id
    {
        reading::row_changed(model, &row, effects);
    }
    if first && let Some(id) = model.list.cursor.clone() {
        reading::rested(model, &id, effects); // The first screen is whole at once.
    }
    reach_out(model, effects);
}

/// Lets in what happened since the page that is here was asked for.
pub(super) fn catch_up(model: &mut Model, effects: &mut Vec<Effect>) {
    for (cursor, change) in std::mem::take(&mut model.list.since_asked) {
        if cursor > model.list.as_of {
            apply(model, change, effects);
        }
    }
}

fn extend(model: &mut Model, side: Side, page: Page, effects: &mut Vec<Effect>) {
    let beyond = Beyond::of(match side {
        Side::Before => page.prev,
        Side::After => page.next,
    });
    model.list.inbox.extend(side, page.rows, beyond);
    let told = model.told.of(model.list.queue.as_ref());
    model.list.counts = told.unwrap_or(page.counts);
    let owed = std::mem::take(&mut model.list.owed);
    if owed == 0 {
        reach_out(model, effects);
    } else {
        moving::by(model, owed, effects);
    }
    if let Some(index) = model.cursor_index() {
        model.list.inbox.trim_around(index);
    }
}

/// Hears of a change at the desk, at this cursor of the stream.
pub(super) fn hear(
    model: &mut Model,
    cursor: Option<u64>,
    change: Change,
    effects: &mut Vec<Effect>,
) {
    if model.list.loading.is_some() {
        // The page under way may be older than this.
        model
            .list
            .since_asked
            .push((cursor.unwrap_or(u64::MAX), change.clone()));
    }
    if model.list_is_held() {
        // Of each conversation the newest only: a screen may lie over the list for long.
        let waiting = &mut model.list.waiting;
        waiting.retain(|waits| waits.conversation() != change.conversation());
        waiting.push(change);
    } else {
        apply(model, change, effects);
    }
}

/// Lets the changes in that waited while something lay over the list.
pub(super) fn let_go(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.list_is_held() && !model.list.waiting.is_empty() {
        for change in std::mem::take(&mut model.list.waiting) {
            apply(model, change, effects);
        }
    }
}

/// Lets a conversation that was held in its place go to where it belongs.
pub(super) fn release(model: &mut Model, id: &ConversationId) {
    let belongs = model
        .list
        .inbox
        .row(id)
        .is_some_and(|row| belongs(model, row));
    if model.list.inbox.is_held(id) {
        model.list.inbox.release(id);
        if !belongs {
            model.list.inbox.remove(id);
        }
    }
}

/// Changes the list.
pub(super) fn apply(model: &mut Model, change: Change, effects: &mut Vec<Effect>) {
    match change {
        Change::Row(row) if belongs(model, &row) => {
            let known = model.list.inbox.find(&row.id).is_some();
            if known || model.list.filter.is_empty() {
                model.list.inbox.put(*row);
            } else {
                refetch_after(model, GATHER, effects); // Only the desk knows whether the filter finds it.
            }
        }
        Change::Row(row) => {
            if model.list.inbox.is_held(&row.id) {
                model.list.inbox.put(*row);
            } else {
                let why = whereabouts(model, &row);
                leave(model, &row.id, &why, effects);
            }
        }
        Change::Gone(id) => leave(model, &id, &Safe::literal("a colleague has it"), effects),
    }
    if model.list.cursor.is_none() || model.cursor_index().is_none() {
        moving::land_on(model, 0, effects);
    }
}

/// A conversation leaves the list; the cursor, if it was there, goes to the nearest neighbour and says why.
fn leave(model: &mut Model, id: &ConversationId, why: &Safe, effects: &mut Vec<Effect>) {
    model.marks.remove(id);
    let Some(row) = model.list.inbox.row(id).cloned() else {
        return;
    };
    let under_cursor = model.list.cursor.as_ref() == Some(id);
    let Some(index) = model.list.inbox.remove(id) else {
        return;
    };
    if !under_cursor {
        return;
    }
    let left = say!("{} left: {why}", row.contact.shown());
    if model.pane != Pane::List && model.composer.is_none() {
        moving::back(model);
    }
    model.list.cursor = None;
    let last = model.list.inbox.len().checked_sub(1);
    match last {
        Some(last) => moving::land_on(model, index.min(last), effects),
        None => {
            if model.composer.is_none() {
                model.open = None;
            }
        }
    }
    model.say(Tone::Plain, left.clone());
    model.surprise = Some(Surprise::moved(left));
}

/// Why a conversation one still sees is no longer in this list.
pub(super) fn whereabouts(model: &Model, row: &Row) -> Safe {
    if row.state == State::Closed {
        return Safe::literal("it was closed");
    }
    if model
        .list
        .queue
        .as_ref()
        .is_some_and(|queue| *queue != row.queue.id)
    {
        return say!("it is in {} now", row.queue.name);
    }
    match &row.assignee {
        Some(_) if model.is_mine(row) => Safe::literal("it is yours now"),
        Some(assignee) => say!("{} has it", assignee.name),
        None => Safe::literal("it is unassigned now"),
    }
}

/// Whether a conversation is of the present view and queue. Whether the filter finds it only the desk knows.
pub(super) fn belongs(model: &Model, row: &Row) -> bool {
    if model.finding.is_some() {
        return true; // What was found is shown whatever becomes of it.
    }
    row.state == State::Open
        && model
            .list
            .queue
            .as_ref()
            .is_none_or(|queue| *queue == row.queue.id)
        && match model.list.view {
            View::All => true,
            View::Mine => model.is_mine(row),
            View::Unassigned => row.assignee.is_none(),
        }
}
