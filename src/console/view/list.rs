//! The list: its headings and rows, where the cursor is in it, and what to do when it is empty.

use ratatui::layout::Rect;

use super::{
    canvas::Canvas,
    entry, finding, header,
    layout::Layout,
    spoken,
    strip::Strip,
    target::Target,
    window::{self, Piece},
};
use crate::{
    console::{
        command::{Command, Place},
        model::{Link, Model},
        theme::{Role, Sign},
        words::keys,
    },
    desk::View,
    domain::{
        inbox::{Beyond, Side},
        order::Group,
        text::{Safe, wrap},
    },
    say,
};

/// Draws the list and the line that says where in it one is.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model) {
    let area = layout.list;
    if area.is_empty() {
        return; // One pane at a time, and this is not it.
    }
    canvas.offer(area, Target::List);
    if model.list.inbox.is_empty() {
        empty(canvas, area, model);
    }
    let inbox = &model.list.inbox;
    let shown = window::shown(model, layout, model.list.top);
    for (line, piece) in shown.pieces {
        match piece {
            Piece::Heading(group, count) => heading(canvas, Strip::of(area, line), group, count),
            Piece::More => canvas.sign(area.x + 1, area.y + line, Sign::More, Role::Dim),
            Piece::Row(index) => {
                let Some(row) = inbox.get(index) else {
                    continue;
                };
                let height = layout.row.min(area.height - line);
                let place = Rect {
                    y: area.y + line,
                    height,
                    ..area
                };
                let draw = match model.spoken {
                    true => spoken::draw,
                    false => entry::draw,
                };
                draw(canvas, place, model, row, model.trace(row));
                canvas.offer(place, Target::Row(row.id.clone()));
            }
        }
    }
    position(canvas, Strip::of(layout.position, 0).inset(), model);
}

fn heading(canvas: &mut Canvas<'_>, line: Strip, group: Group, count: Option<usize>) {
    let name = match group {
        Group::UnansweredJustIn => "Unanswered, just in",
        Group::Unanswered => "Unanswered",
        Group::AnsweredJustIn => "Answered, just in",
        Group::Answered => "Answered",
    };
    let words = count.map_or_else(|| Safe::literal(name), |count| say!("{name}: {count}"));
    let left = canvas.write(line.inset(), &words, Role::Dim);
    canvas.rule(left.skip(1), Role::Border);
}

/// Where the cursor is, how many are marked, and why the list may not be what the desk has.
fn position(canvas: &mut Canvas<'_>, line: Strip, model: &Model) {
    let mut parts = Vec::new();
    match place(model) {
        (Some(place), Some(total)) => parts.push(say!("{place} of {total}")),
        (Some(place), None) => parts.push(say!("row {place}")),
        (None, Some(total)) if !model.list.inbox.is_empty() => parts.push(say!("of {total}")),
        _ => {}
    }
    if !model.marks.is_empty() {
        parts.push(say!("{} marked", model.marks.len()));
    }
    let left = canvas.write(line, &Safe::join(&Safe::literal(" · "), &parts), Role::Dim);
    let waiting = model.list.waiting.len();
    if let Some(why) = model
        .list
        .trouble
        .as_ref()
        .filter(|_| !model.list.inbox.is_empty())
    {
        canvas.write_right(left.skip(2), &say!("not refreshed: {why}"), Role::Warning);
    } else if waiting > 0 {
        let left = left.skip(2);
        let brief = match waiting {
            1 => Safe::literal("1 change waits"),
            _ => say!("{waiting} changes wait"),
        };
        let words = say!("list held: {brief}");
        let fits = canvas.width(&words) <= left.width;
        canvas.write_right(left, if fits { &words } else { &brief }, Role::Dim);
    }
}

/// The cursor's place in the whole list and the list's length, as far as they are known.
fn place(model: &Model) -> (Option<usize>, Option<usize>) {
    let inbox = &model.list.inbox;
    let begins = *inbox.beyond(Side::Before) == Beyond::End;
    let ends = *inbox.beyond(Side::After) == Beyond::End;
    let counted = usize::try_from(model.list.counts.of(model.list.view)).ok();
    let total = match begins && ends {
        true => Some(inbox.len()),
        false if model.finding.is_some() => None,
        false => counted.filter(|total| model.list.filter.is_empty() && *total >= inbox.len()),
    };
    let place = model.cursor_index().and_then(|index| match total {
        _ if begins => Some(index + 1),
        Some(total) if ends => Some(total + index + 1 - inbox.len()),
        _ => None,
    });
    (place, total)
}

/// What an empty list says, and what to do about it.
fn empty(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let (what, hint) = reason(model);
    let text = Rect {
        x: area.x + area.width.min(2),
        width: area.width.saturating_sub(4),
        ..area
    };
    let mut line = u16::from(area.height > 4);
    for (words, role) in [(what, Role::Text), (hint, Role::Dim)] {
        let words = canvas.shown(&words);
        for range in wrap(&words, usize::from(text.width)).filter(|r| !r.is_empty()) {
            canvas.write(Strip::of(text, line), &words.slice(range), role);
            line += 1;
        }
    }
}

fn reason(model: &Model) -> (Safe, Safe) {
    if let Some(finding) = &model.finding {
        return finding::empty(model, finding);
    }
    let list = &model.list;
    let words = |what, hint| (Safe::literal(what), Safe::literal(hint));
    if model.me.as_ref().is_some_and(|me| !me.conversations) {
        return words(
            "Your role does not have the Conversation screen",
            "Whoever administers your organisation can give it",
        );
    }
    match (&list.trouble, &model.link) {
        (Some(why), _) => (
            say!("The list cannot be had: {why}"),
            say!(
                "It is asked for again by itself, or with {} now",
                keys::named(model, Command::Refresh)
            ),
        ),
        (None, Link::Lost { why, .. }) if !list.loaded => (
            say!("The desk cannot be reached: {why}"),
            Safe::literal("It is tried again by itself"),
        ),
        (None, Link::Connecting) if !list.loaded => words("connecting to the desk…", ""),
        _ if !list.loaded || list.loading.is_some() => words("loading…", ""),
        _ if !list.filter.is_empty() => (
            say!("Nobody here matches {}", list.filter),
            say!(
                "{} shows everything again; {} looks among all one may see",
                keys::here(model, Place::List, Command::Back),
                keys::named(model, Command::Show(View::All))
            ),
        ),
        _ => idle(model),
    }
}

/// What a list says in which nothing is, and rightly so; and where something may be.
fn idle(model: &Model) -> (Safe, Safe) {
    let key = |command| keys::named(model, command);
    let queue = model.list.queue.as_ref().map(|_| header::queue_name(model));
    let within = queue.map_or_else(Safe::default, |queue| say!(" in {queue}"));
    let other_queues = match model.list.queue {
        Some(_) => say!("; {} chooses another queue", key(Command::PickQueue)),
        None => Safe::default(),
    };
    match model.list.view {
        View::Mine => (
            say!("You have no conversations{within}"),
            say!(
                "{} shows those nobody has: {} answers, {} takes one{other_queues}",
                key(Command::Show(View::Unassigned)),
                key(Command::Reply),
                key(Command::Take)
            ),
        ),
        View::Unassigned => (
            say!("Nobody waits{within}: no conversation is unassigned"),
            say!(
                "New ones appear here by themselves; {} shows all you may see{other_queues}",
                key(Command::Show(View::All))
            ),
        ),
        View::All => (
            say!("No conversations{within}"),
            say!("New ones appear here by themselves{other_queues}"),
        ),
    }
}
