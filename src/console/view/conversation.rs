//! The open conversation: whose it is, in which state, what may be done, and its messages (P2).

use super::{
    canvas::Canvas, composer, entry, frame::label_right, layout::Layout, messages, panel,
    strip::Strip, target::Target,
};
use crate::{
    console::{
        command::Command,
        model::{Loaded, Model, Open, Pane},
        theme::{Role, Sign},
        words::{keys, time},
    },
    domain::{
        conversation::{Handler, State},
        row::{Activity, Row},
        text::Safe,
    },
    say,
};

/// Draws the pane.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model) {
    for y in layout.divider.top()..layout.divider.bottom() {
        canvas.sign(layout.divider.x, y, Sign::Along, Role::Border);
    }
    canvas.offer(layout.messages, Target::Conversation);
    canvas.offer(layout.head, Target::Conversation);
    rule(canvas, layout, model);
    if let Some(open) = &model.open {
        head(canvas, layout, model, open);
        if let Some(why) = &open.gone {
            let bar = say!("! {why} · shown until you move on");
            canvas.write(Strip::of(layout.bar, 0).inset(), &bar, Role::Warning);
        }
        // What the panel lies over is not drawn.
        if layout.panel != layout.messages {
            body(canvas, layout, model, open);
        }
        panel::draw(canvas, layout, model);
    }
    if let Some(open) = &model.composer {
        composer::draw(canvas, layout.composer, model, open);
    }
}

fn head(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, open: &Open) {
    if layout.head.is_empty() {
        return;
    }
    let row = &open.row;
    if model.pane == Pane::Conversation && model.composer.is_none() {
        for y in layout.head.top()..layout.head.bottom() {
            canvas.sign(layout.head.x, y, Sign::Cursor, Role::Cursor);
        }
        canvas.place_cursor(layout.head.x, layout.head.y);
    }
    let line = Strip::of(layout.head, 0).inset();
    let left = dots(canvas, line, model);
    let left = canvas
        .write(left, row.contact.shown(), Role::Strong)
        .skip(3);
    let mut left = canvas.write(left, &row.channel, Role::Dim).skip(1);
    if !row.contact.name.is_empty() {
        let more = Sign::More.glyph(canvas.is_ascii());
        let address = canvas.shown(&row.contact.address);
        let address = address.cut_middle(usize::from(left.width), more);
        left = canvas.write(left, &address, Role::Text);
    }
    // When something was last written, where there is room for all of it; with the messages, so that a cursor that passes
    // by costs a thin line no more.
    if let Some(last) = row
        .last_message
        .as_ref()
        .filter(|_| open.loaded == Loaded::Yes)
    {
        let at = say!("· {}", time::stamp(last.at, model.now, &model.zone));
        if left.width > canvas.width(&at) {
            canvas.write(left.skip(1), &at, Role::Dim);
        }
    }
    let mut left = Strip::of(layout.head, 1).inset();
    if let Some((words, role)) = reply_until(model, row) {
        left = canvas.write_right(left, &words, role).less(2);
    }
    let (holder, role) = holder(model, open, line_has_room(layout));
    left = canvas.write(left, &holder, role);
    for words in circumstances(row) {
        left = canvas.write(left, &say!(" · {words}"), Role::Dim);
    }
}

/// The three dots, which the mouse can press (U1); gives what is left of the line.
fn dots(canvas: &mut Canvas<'_>, line: Strip, model: &Model) -> Strip {
    let words = match (keys::named(model, Command::Menu), line.width) {
        (key, 48..) => say!("Actions ({key})"),
        (key, _) => say!("({key})"),
    };
    let left = canvas.write_right(line, &words, Role::Accent).less(1);
    let x = (left.x + left.width).saturating_sub(1);
    canvas.sign(x, line.y, Sign::Dots, Role::Accent);
    let width = line.x + line.width - x;
    canvas.offer(Strip { x, width, ..line }.area(), Target::Dots);
    left.less(3)
}

/// Whether the second line of the head has room for more than what one acts by.
fn line_has_room(layout: &Layout) -> bool {
    layout.head.width >= 60
}

/// Who has it, in words, and since when, if there is room for that and what the team did says so.
fn holder(model: &Model, open: &Open, since: bool) -> (Safe, Role) {
    let row = &open.row;
    if let Some(pending) = model.pending_on(&row.id) {
        return (Safe::literal(pending.words()), Role::Accent);
    }
    let (who, role) = match &row.assignee {
        Some(_) if model.is_mine(row) => (Safe::literal("YOURS"), Role::Accent),
        Some(assignee) => (say!("held by {}", assignee.name), Role::Text),
        None => return (Safe::literal("unassigned"), Role::Text),
    };
    let done = open.done.as_ref().filter(|done| since && !done.has_newer());
    let mut done = done.map_or(&[][..], |done| &done[..]).iter().rev();
    let got = done.find(|item| item.kind.as_str() == "assignee");
    let name = row.assignee.as_ref().map(|assignee| &assignee.name);
    match got.filter(|item| item.to.as_ref() == name) {
        Some(got) => {
            let since = time::stamp(got.at, model.now, &model.zone);
            (say!("{who} since {since}"), role)
        }
        None => (who, role),
    }
}

/// Queue, status, and what is unusual about it.
fn circumstances(row: &Row) -> Vec<Safe> {
    let mut parts = vec![row.queue.name.clone()];
    parts.extend(row.status.clone());
    if row.state == State::Closed {
        parts.push(Safe::literal("closed"));
    }
    if row.handler == Handler::Bot {
        parts.push(Safe::literal("a bot answers"));
    }
    parts
}

/// Until when free text may be sent (S6).
fn reply_until(model: &Model, row: &Row) -> Option<(Safe, Role)> {
    let until = row.reply_until?;
    let stamp = time::stamp(until, model.now, &model.zone);
    Some(match until > model.now {
        true => (say!("reply by {stamp}"), Role::Dim),
        false => (say!("no free text since {stamp}"), Role::Warning),
    })
}

/// The line under the head, and who else is there.
fn rule(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model) {
    if layout.rule.is_empty() {
        return;
    }
    let line = Strip::of(layout.rule, 0);
    canvas.rule(line, Role::Border);
    if !layout.divider.is_empty() {
        canvas.sign(layout.divider.x, line.y, Sign::Begins, Role::Border);
    }
    let Some(row) = model.open.as_ref().map(|open| &open.row) else {
        return;
    };
    if let Some((words, role)) = who_else(model, row) {
        label_right(canvas, line, &words, role);
    }
}

/// Who else is in a conversation, the most urgent first: `Ben Cole is replying`, `Ben Cole and 2 more are reading`.
fn who_else(model: &Model, row: &Row) -> Option<(Safe, Role)> {
    let doing = [
        (
            Activity::Replying,
            "is replying",
            "are replying",
            Role::Warning,
        ),
        (Activity::Viewing, "is reading", "are reading", Role::Dim),
        (Activity::Draft, "has a draft", "have drafts", Role::Dim),
    ];
    doing.into_iter().find_map(|(what, one, several, role)| {
        let who = &entry::colleague(model, row, what)?.who.name;
        let words = match entry::colleagues(model, row, what).count() {
            1 => say!("{who} {one}"),
            all => say!("{who} and {} more {several}", all - 1),
        };
        Some((words, role))
    })
}

fn body(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, open: &Open) {
    let line = Strip::of(layout.messages, 0).inset();
    match &open.loaded {
        _ if !open.messages.is_empty() => messages::draw(canvas, layout.messages, model, open),
        // The cursor may pass on at once: nothing is written that would have to be erased.
        Loaded::No => {}
        Loaded::Asked => {
            canvas.write(line, &Safe::literal("loading messages…"), Role::Dim);
        }
        Loaded::Yes => {
            canvas.write(line, &Safe::literal("No messages yet"), Role::Dim);
        }
        Loaded::Failed(why) => {
            canvas.write(
                line,
                &say!("The messages cannot be had: {why}"),
                Role::Warning,
            );
            let second = Strip::of(layout.messages, 1).inset();
            canvas.write(
                second,
                &say!(
                    "{} asks for them again",
                    keys::named(model, Command::Refresh)
                ),
                Role::Dim,
            );
        }
    }
}
