//! Scrolling in the open conversation without a jump, and what that makes it fetch.

use crate::console::{
    command::Command,
    effect::Effect,
    model::{Loaded, Model, Open, Scrolled},
    view::{layout::Layout, messages::Reader},
};

/// So many entries beyond what is in sight are fetched ahead, so that one does not wait for them.
const AHEAD: usize = 20;

/// Moves in the messages, by lines; near the ends of what is held, more is fetched.
pub(super) fn scroll(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    let height = Layout::of(model).messages.height;
    let page = usize::from(height.saturating_sub(2).max(1));
    let Some(reader) = Reader::of(model) else {
        return;
    };
    let place = match command {
        Command::Down => reader.down(1),
        Command::Up => reader.up(1),
        Command::PageDown => reader.down(page),
        Command::PageUp => reader.up(page),
        Command::HalfDown => reader.down(page.div_ceil(2)),
        Command::HalfUp => reader.up(page.div_ceil(2)),
        Command::Top => reader.top(),
        _ => reader.bottom(),
    };
    scroll_to(model, place);
    if let Some(open) = &mut model.open
        && !open.leaping
        && let Some(oldest) = match command {
            Command::Top if open.has_older() => Some(true),
            Command::Bottom if open.has_newer() => Some(false),
            _ => None,
        }
    {
        // The end may be far: it is fetched, and not all that lies between.
        open.leaping = true;
        effects.push(Effect::Open(open.row.id.clone(), oldest));
    }
    settle(model, effects);
}

/// To the first of what is held.
pub(super) fn to_top(model: &mut Model) {
    if let Some(top) = Reader::of(model).map(|reader| reader.top()) {
        scroll_to(model, top);
    }
}

fn scroll_to(model: &mut Model, place: Option<Scrolled>) {
    if let Some(open) = &mut model.open {
        open.place = place;
    }
}

/// After what is held or where one is changed: what is in sight was seen, and what is near the ends is fetched.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if Reader::of(model).is_some_and(|reader| reader.is_lost()) {
        scroll_to(model, None); // What one looked at is not held any more.
    }
    if let Some(open) = &mut model.open
        && open.place.is_none()
        && open.loaded == Loaded::Yes
    {
        open.unseen = 0;
        open.seen = open.newest.clone();
    }
    let Some(reader) = Reader::of(model) else {
        return;
    };
    let (sight, count) = (reader.sight(), reader.len());
    let Some(open) = &mut model.open else { return };
    if open.leaping || open.loaded != Loaded::Yes {
        return;
    }
    if sight.start < AHEAD {
        reach(open, effects, true);
    }
    if sight.end + AHEAD > count && open.place.is_some() {
        reach(open, effects, false);
    }
}

/// Fetches what lies beyond an end of what is shown: of messages, of what the team did, or of both, whichever ends
/// there first.
fn reach(open: &mut Open, effects: &mut Vec<Effect>, older: bool) {
    let id = open.row.id.clone();
    let Open { messages, done, .. } = open;
    let end_of = |first: Option<i64>, more: bool| first.filter(|_| more);
    let ends = match older {
        true => (
            end_of(messages.first().map(|m| m.at.0), messages.has_older()),
            done.as_ref()
                .and_then(|d| end_of(d.first().map(|i| i.at.0), d.has_older())),
        ),
        // The other way round, so that the larger one is the one that ends first.
        false => (
            end_of(
                messages.last().map(|m| m.at.0.saturating_neg()),
                messages.has_newer(),
            ),
            done.as_ref()
                .and_then(|d| end_of(d.last().map(|i| i.at.0.saturating_neg()), d.has_newer())),
        ),
    };
    if ends.0.is_some() && ends.0 >= ends.1 {
        let part = match older {
            true => messages.ask_older(),
            false => messages.ask_newer(),
        };
        effects.extend(part.map(|part| Effect::LoadMessages(id.clone(), part)));
    }
    if let Some(done) = done
        && ends.1.is_some()
        && ends.1 >= ends.0
    {
        let part = match older {
            true => done.ask_older(),
            false => done.ask_newer(),
        };
        effects.extend(part.map(|part| Effect::LoadHistory(id.clone(), part)));
    }
}
