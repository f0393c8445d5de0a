//! The list: its pages, the changes that news brings, and where the cursor goes when its conversation leaves.

use std::time::Duration;

use super::{
    loading::{self, reach_out},
    moving, reading,
};
use crate::{
    console::{
        effect::Effect,
        model::{Change, Model, Pane, Surprise, Ticket, Tone},
    },
    desk::{From, Page, Trouble},
    domain::{
        conversation::State,
        id::ConversationId,
        inbox::{Beyond, Inbox, Side},
        row::Row,
        text::Safe,
    },
    say,
};

/// How long changes gather before a narrowed list is fetched again.
const GATHER: Duration = Duration::from_millis(300);

/// Shows another view, queue or filter: from its top, with nothing marked.
pub(super) fn show(model: &mut Model, effects: &mut Vec<Effect>) {
    model.marks.clear();
    model.list.land_at = Some(Side::Before);
    loading::load(model, From::Start, effects);
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
            loading::ask_again(model, &trouble, effects);
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

/// Changes the list.
pub(super) fn apply(model: &mut Model, change: Change, effects: &mut Vec<Effect>) {
    match change {
        Change::Row(row) if model.belongs(&row) => {
            let known = model.list.inbox.find(&row.id).is_some();
            if known || model.list.filter.is_empty() {
                model.list.inbox.put(*row);
            } else {
                loading::refetch_after(model, GATHER, effects); // Only the desk knows whether the filter finds it.
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
