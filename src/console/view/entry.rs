//! One row of the list, on two lines (L3): who waits and how long; what was written last and who has it.
//!
//! The row the cursor is on differs by the mark in its first column and nothing else.

use ratatui::layout::Rect;

use super::{canvas::Canvas, finding, strip::Strip};
use crate::{
    console::{
        model::{Layer, Model, Pane, Trace},
        theme::{Role, Sign},
        words::{BLANK, time},
    },
    desk::View,
    domain::{
        conversation::{Handler, State},
        message::{Delivery, Direction},
        order::Group,
        row::{Active, Activity, Row},
        text::Safe,
    },
    say,
};

/// From here on a row writes its words out; narrower ones use short forms.
const FULL: u16 = 46;
/// Under this a row has no channel.
const WITH_CHANNEL: u16 = 26;
/// The columns of marks and sign before the text.
const MARGIN: u16 = 4;

/// Draws a row; `trace` is what one did to it that stays in its place until the cursor leaves it (U1).
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    model: &Model,
    row: &Row,
    trace: Option<&'static str>,
) {
    let held = trace.is_some();
    let (first, second) = (Strip::of(area, 0), Strip::of(area, 1));
    margin(canvas, area, model, row, held);
    who_waits(canvas, first.skip(MARGIN).less(1), model, row, held);
    what_was_said(canvas, second.skip(MARGIN).less(1), model, row, trace);
}

/// The cursor, the mark, and the sign of the group (L2).
fn margin(canvas: &mut Canvas<'_>, area: Rect, model: &Model, row: &Row, held: bool) {
    if model.list.cursor.as_ref() == Some(&row.id) {
        let role = match model.pane {
            Pane::List => Role::Cursor,
            Pane::Conversation | Pane::Panel => Role::CursorAside,
        };
        for y in area.top()..area.bottom() {
            canvas.sign(area.x, y, Sign::Cursor, role);
        }
        // Where one types above the list, the text has it.
        let types = matches!(model.layers.last(), Some(Layer::Filter(_) | Layer::Find));
        if model.pane == Pane::List && !types {
            canvas.place_cursor(area.x, area.y);
        }
    }
    if model.marks.contains_key(&row.id) {
        canvas.sign(area.x + 1, area.y, Sign::Marked, Role::Mark);
    }
    let stands_out = !held && row.state == State::Open;
    if let Some((sign, role)) = sign(row.group()).filter(|_| stands_out) {
        canvas.sign(area.x + 2, area.y, sign, role);
    }
}

/// The sign of a group, which says in shape what its colour says (L2).
#[must_use]
pub fn sign(group: Group) -> Option<(Sign, Role)> {
    match group {
        Group::UnansweredJustIn => Some((Sign::UnansweredJustIn, Role::Unanswered)),
        Group::Unanswered => Some((Sign::Unanswered, Role::Unanswered)),
        Group::AnsweredJustIn => Some((Sign::AnsweredJustIn, Role::JustIn)),
        Group::Answered => None,
    }
}

fn who_waits(canvas: &mut Canvas<'_>, line: Strip, model: &Model, row: &Row, held: bool) {
    let full = line.width + MARGIN + 1 >= FULL;
    let waits = row.unanswered && row.state == State::Open;
    let time = match (waits, full) {
        _ if row.state == State::Closed => {
            let at = row.last_message.as_ref().map_or(row.since, |last| last.at);
            time::stamp(at, model.now, &model.zone)
        }
        (true, true) => time::waits(model, row.since),
        (true, false) => time::waiting(model, row.since, 4),
        (false, _) => time::stamp(row.since, model.now, &model.zone),
    };
    let role = |role| if held { Role::Dim } else { role };
    let left = canvas.write_right(line, &time, Role::Dim).less(1);
    let (channel, columns) = match full {
        // `WhatsApp waits 1 h 51 min` and a column between each.
        true => (row.channel.clone(), 26),
        false => (short_channel(&row.channel), 10),
    };
    let name = line.less(columns).width.min(left.width);
    let contact = if line.width + MARGIN < WITH_CHANNEL {
        left
    } else {
        let channel_at = left.skip(name + u16::from(name < left.width));
        if full || canvas.width(&channel) <= channel_at.width {
            canvas.write(channel_at, &channel, Role::Dim);
        }
        left.take(name).less(u16::from(!full))
    };
    let strong = if waits { Role::Strong } else { Role::Text };
    canvas.write(
        contact.less(u16::from(full)),
        row.contact.shown(),
        role(strong),
    );
}

/// The usual channels by their initials, others by their beginning.
#[must_use]
pub fn short_channel(channel: &Safe) -> Safe {
    match channel.as_str() {
        "WhatsApp" => Safe::literal("WA"),
        "Webchat" => Safe::literal("Web"),
        "Messenger" => Safe::literal("FB"),
        "Email" => Safe::literal("Mail"),
        _ => channel.cut(4, ""),
    }
}

fn what_was_said(
    canvas: &mut Canvas<'_>,
    line: Strip,
    model: &Model,
    row: &Row,
    trace: Option<&'static str>,
) {
    let full = line.width + MARGIN + 1 >= FULL;
    let mut end = line.width;
    let standing = if trace.is_some() && !full {
        Vec::new()
    } else {
        standing(model, row, full)
    };
    for (words, role) in standing.into_iter().rev() {
        let room = line.take(end).skip(end / 3);
        let rest = canvas.write_right(room, &words, role);
        end = (rest.x + rest.width - line.x).saturating_sub(2);
    }
    let mut left = line.take(end);
    if let Some(trace) = trace {
        let at = model.last_act.as_ref().map(|act| act.at);
        let at = at.map_or_else(Safe::default, |at| time::clock(at, &model.zone));
        canvas.write(left, &say!("{trace} at {at}"), Role::Dim);
        return;
    }
    if let Some(message) = found(model, row).and_then(|found| found.message.as_ref()) {
        finding::excerpt(canvas, left, message);
        return;
    }
    let Some(last) = &row.last_message else {
        return;
    };
    if last.direction == Direction::Out {
        left = canvas.write(left, &Safe::literal("We: "), Role::Dim);
    }
    let preview = match last.preview.is_blank() {
        true => Safe::literal(BLANK),
        false => canvas.shown(&last.preview),
    };
    let spare = left.width.saturating_sub(canvas.width(&preview));
    canvas.write(left, &preview, Role::Dim);
    aside(canvas, left.skip(left.width - spare), model, row);
}

/// Who has it and what became of it, the most urgent alone where it is (L3); left to right.
pub(super) fn standing(model: &Model, row: &Row, full: bool) -> Vec<(Safe, Role)> {
    if let Some(pending) = model.pending_on(&row.id) {
        return vec![(Safe::literal(pending.words()), Role::Accent)];
    }
    let mut parts = Vec::new();
    let failed = row
        .last_message
        .as_ref()
        .is_some_and(|m| matches!(m.delivery, Some(Delivery::Failed(_))));
    if let Some(colleague) = colleague(model, row, Activity::Replying) {
        let name = first_word(&colleague.who.name);
        let words = if full {
            say!("{name} is replying")
        } else {
            say!("{name} replies")
        };
        parts.push((words, Role::Warning));
    } else if failed {
        parts.push((Safe::literal("NOT DELIVERED"), Role::Error));
    } else if let Some((words, role)) = holder(model, row, full) {
        parts.push((words, role));
    }
    if model.has_draft(&row.id) {
        parts.push((Safe::literal("draft"), Role::Warning));
    }
    parts
}

/// Who has it; what the view says of all its rows is left out where room is short.
fn holder(model: &Model, row: &Row, full: bool) -> Option<(Safe, Role)> {
    if let Some(found) = found(model, row).filter(|_| row.state == State::Closed) {
        let words = match found.closed_at {
            Some(at) => say!("closed {}", time::stamp(at, model.now, &model.zone)),
            None => Safe::literal("closed"),
        };
        return Some((words, Role::Text));
    }
    match &row.assignee {
        Some(_) if model.is_mine(row) => {
            (full || model.list.view != View::Mine).then(|| (Safe::literal("yours"), Role::Accent))
        }
        Some(assignee) if full => Some((assignee.name.clone(), Role::Text)),
        Some(assignee) => Some((first_word(&assignee.name), Role::Text)),
        None if row.handler == Handler::Bot => Some((Safe::literal("a bot answers"), Role::Dim)),
        None => (full || model.list.view != View::Unassigned)
            .then(|| (Safe::literal("unassigned"), Role::Dim)),
    }
}

/// What a search knows of a conversation it found.
pub(super) fn found<'a>(model: &'a Model, row: &Row) -> Option<&'a Trace> {
    model.finding.as_ref()?.hits.get(&row.id)
}

/// What is worth saying where there is room: the status, or who else is there.
fn aside(canvas: &mut Canvas<'_>, room: Strip, model: &Model, row: &Row) {
    let reading = colleague(model, row, Activity::Viewing)
        .map(|c| say!("{} is reading", first_word(&c.who.name)));
    let drafting = || {
        colleague(model, row, Activity::Draft)
            .map(|c| say!("{} has a draft", first_word(&c.who.name)))
    };
    let Some(words) = reading.or_else(drafting).or_else(|| row.status.clone()) else {
        return;
    };
    if room.width >= canvas.width(&words) + 2 {
        canvas.write_right(room, &words, Role::Dim);
    }
}

/// Somebody else who is doing that in the conversation.
#[must_use]
pub fn colleague<'a>(model: &Model, row: &'a Row, what: Activity) -> Option<&'a Active> {
    colleagues(model, row, what).next()
}

/// Everybody else who is doing that in the conversation; never oneself.
pub fn colleagues<'a>(
    model: &Model,
    row: &'a Row,
    what: Activity,
) -> impl Iterator<Item = &'a Active> {
    let me = model.user().cloned();
    row.active
        .iter()
        .filter(move |a| a.what == what && me.as_ref() != Some(&a.who.id))
}

/// The first name, where names are written so.
#[must_use]
pub fn first_word(name: &Safe) -> Safe {
    let end = name.as_str().find(' ').filter(|at| *at > 0);
    name.slice(0..end.unwrap_or(name.len()))
}
