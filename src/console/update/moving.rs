//! The cursor: a conversation id, never a row number (R22).

use std::time::Duration;

use super::{loading, panel, reading, scrolling, surprise};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{Loaded, Model, Open, Pane, Tone},
        msg::Timer,
        view,
    },
    desk::From,
    domain::{
        id::ConversationId,
        inbox::{Beyond, Side},
        text::Safe,
    },
};

/// How long the cursor rests on a conversation before its messages are fetched: holding `j` fetches nothing.
const REST: Duration = Duration::from_millis(150);

/// Moves in the pane that has the keys.
pub(super) fn go(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    match model.pane {
        Pane::List => in_list(model, command, effects),
        Pane::Conversation => scrolling::scroll(model, command, effects),
        Pane::Panel => panel::scroll(model, command, effects),
    }
}

fn in_list(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let page = i64::try_from(view::window::rows_per_page(model))
        .unwrap_or(1)
        .max(1);
    match command {
        Command::Down => by(model, 1, effects),
        Command::Up => by(model, -1, effects),
        Command::PageDown => by(model, page, effects),
        Command::PageUp => by(model, -page, effects),
        Command::HalfDown => by(model, (page / 2).max(1), effects),
        Command::HalfUp => by(model, -(page / 2).max(1), effects),
        Command::Top => to_end(model, Side::Before, effects),
        Command::Bottom => to_end(model, Side::After, effects),
        _ => {}
    }
}

/// Moves the cursor by so many rows; what lies beyond the held stretch is fetched and then walked.
pub(super) fn by(model: &mut Model, rows: i64, effects: &mut Vec<Effect>) {
    if let (Some(side), Some(_)) = (model.list.land_at, model.list.loading) {
        // Who goes on typing means the list they asked for, from the end of it where they will be.
        let walked = model.list.owed + rows;
        model.list.owed = match side {
            Side::Before => walked.max(0),
            Side::After => walked.min(0),
        };
        return;
    }
    let Some(last) = model.list.inbox.len().checked_sub(1) else {
        return;
    };
    // What is still to be walked that way counts (R7); who turns round moves from what they see.
    let owed = std::mem::take(&mut model.list.owed);
    let rows = rows
        + if owed.signum() == rows.signum() {
            owed
        } else {
            0
        };
    let from = model.cursor_index().unwrap_or(0);
    let wanted = i64::try_from(from).unwrap_or(0) + rows;
    let to = usize::try_from(wanted.max(0)).unwrap_or(0).min(last);
    let owed = wanted - i64::try_from(to).unwrap_or(0);
    if to != from {
        let left = model.list.cursor.clone();
        land_on(model, to, effects);
        if let Some(left) = left {
            surprise::moved_by(model, &left, rows);
        }
    }
    let side = if rows > 0 { Side::After } else { Side::Before };
    // What could not be walked yet is walked when the next page is here.
    model.list.owed = if *model.list.inbox.beyond(side) == Beyond::End {
        0
    } else {
        owed
    };
    loading::reach_out(model, effects);
}

fn to_end(model: &mut Model, side: Side, effects: &mut Vec<Effect>) {
    if model.finding.is_some() {
        // Nobody knows yet where the search ends: to the last one found so far.
        if let Some(last) = model.list.inbox.len().checked_sub(1) {
            land_on(model, if side == Side::Before { 0 } else { last }, effects);
            loading::reach_out(model, effects);
        }
    } else if *model.list.inbox.beyond(side) != Beyond::End {
        let from = if side == Side::Before {
            From::Start
        } else {
            From::End
        };
        model.list.land_at = Some(side);
        loading::load(model, from, effects);
    } else if let Some(last) = model.list.inbox.len().checked_sub(1) {
        land_on(model, if side == Side::Before { 0 } else { last }, effects);
    }
}

/// A list is here in place of what was held: the cursor goes to the end of it that was asked for, and on by what was
/// walked meanwhile. Where neither was asked for it stays with its conversation, or about where that stood.
pub(super) fn arrive(model: &mut Model, stood: usize, walked: i64, effects: &mut Vec<Effect>) {
    let last = model.list.inbox.len().saturating_sub(1);
    match model.list.land_at.take() {
        Some(side) => {
            land_on(model, if side == Side::Before { 0 } else { last }, effects);
            if walked != 0 {
                by(model, walked, effects);
            }
        }
        None if model.cursor_index().is_some() => {}
        None => land_on(model, stood.min(last), effects),
    }
}

/// Puts the cursor on the row at `index`.
pub(super) fn land_on(model: &mut Model, index: usize, effects: &mut Vec<Effect>) {
    if let Some(row) = model.list.inbox.get(index) {
        let id = row.id.clone();
        land(model, &id, effects);
    }
}

/// Puts the cursor on a conversation; the right pane follows, its messages when the cursor rests.
pub(super) fn land(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    let left = model.list.cursor.replace(id.clone());
    model.list.owed = 0;
    if let Some(left) = left.filter(|left| left != id) {
        release(model, &left);
    }
    follow(model, effects);
}

/// Lets a conversation that was held in its place go to where it belongs.
fn release(model: &mut Model, id: &ConversationId) {
    let row = model.list.inbox.row(id);
    let belongs = row.is_some_and(|row| model.belongs(row));
    if model.list.inbox.is_held(id) {
        model.list.inbox.release(id);
        if !belongs {
            model.list.inbox.remove(id);
        }
    }
}

/// Shows in the right pane what the cursor is on.
pub(super) fn follow(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(row) = model.under_cursor().cloned() else {
        return;
    };
    if model
        .open
        .as_ref()
        .is_some_and(|open| open.row.id == row.id)
    {
        return;
    }
    effects.push(Effect::After(REST, Timer::Rest(row.id.clone())));
    reading::left(model);
    model.open = Some(Open::new(row));
}

/// Shows what a key means: what the cursor is on, while the list has the keys. Elsewhere it is what is shown already, which
/// need not be in the list (R22).
pub(super) fn show_what_is_meant(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.pane == Pane::List || model.open.is_none() {
        follow(model, effects);
    }
}

/// Into the conversation the cursor is on.
pub(super) fn enter(model: &mut Model, effects: &mut Vec<Effect>) {
    show_what_is_meant(model, effects);
    let Some(open) = &model.open else { return };
    model.pane = panel::over_messages(model).unwrap_or(Pane::Conversation);
    if open.loaded == Loaded::No {
        let id = open.row.id.clone();
        reading::rested(model, &id, effects);
    }
}

/// Back to the list; the newest message is in sight again, if it is here.
pub(super) fn back(model: &mut Model) {
    model.pane = Pane::List;
    if let Some(open) = model.open.as_mut().filter(|open| !open.has_newer()) {
        open.place = None;
        open.unseen = 0;
        open.seen = open.newest.clone();
    }
}

/// The other pane: from the list into the conversation, from there into the side panel beside it, and back to the list.
pub(super) fn other_pane(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.pane {
        Pane::List => enter(model, effects),
        Pane::Conversation if panel::is_beside(model) => model.pane = Pane::Panel,
        Pane::Conversation | Pane::Panel => back(model),
    }
}

/// `]`: to the next unanswered conversation, whichever pane has the keys; after the last one comes the first again.
pub(super) fn next_unanswered(model: &mut Model, effects: &mut Vec<Effect>) {
    let inbox = &model.list.inbox;
    let here = model.cursor_index();
    let is_unanswered = |index: &usize| inbox.get(*index).is_some_and(|row| row.unanswered);
    let from = here.map_or(0, |here| here + 1);
    let first = (0..inbox.len()).find(is_unanswered);
    let goes_on = inbox.len().checked_sub(1).filter(is_unanswered).is_some()
        && *inbox.beyond(Side::After) != Beyond::End;
    match (from..inbox.len()).find(is_unanswered) {
        Some(next) => go_to(model, next, effects),
        // The list goes on with unanswered ones that are not here yet.
        None if goes_on => {
            let rows = inbox.len() - here.unwrap_or(0);
            by(model, i64::try_from(rows).unwrap_or(1), effects);
        }
        None if *inbox.beyond(Side::Before) != Beyond::End => {
            to_end(model, Side::Before, effects);
        }
        None => match first {
            Some(first) if Some(first) != here => {
                go_to(model, first, effects);
                let text = "That was the last unanswered one: back at the first";
                model.say(Tone::Plain, Safe::literal(text));
            }
            Some(_) => model.say(
                Tone::Plain,
                Safe::literal("This is the only unanswered one"),
            ),
            None => model.say(Tone::Plain, Safe::literal("Nothing here is unanswered")),
        },
    }
}

/// `[`: to the unanswered conversation before.
pub(super) fn previous_unanswered(model: &mut Model, effects: &mut Vec<Effect>) {
    let inbox = &model.list.inbox;
    let here = model.cursor_index().unwrap_or(0);
    let is_unanswered = |index: &usize| inbox.get(*index).is_some_and(|row| row.unanswered);
    match (0..here).rev().find(is_unanswered) {
        Some(before) => go_to(model, before, effects),
        // In the list's order those before are all unanswered.
        None if *inbox.beyond(Side::Before) != Beyond::End => {
            by(model, -i64::try_from(here + 1).unwrap_or(1), effects);
        }
        None => model.say(
            Tone::Plain,
            Safe::literal("No unanswered one stands before this"),
        ),
    }
}

/// Puts the cursor on a row; who reads goes on reading there.
fn go_to(model: &mut Model, index: usize, effects: &mut Vec<Effect>) {
    land_on(model, index, effects);
    if model.pane != Pane::List
        && let Some(id) = model.open.as_ref().map(|open| open.row.id.clone())
    {
        reading::rested(model, &id, effects);
    }
}
