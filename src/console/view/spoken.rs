//! A row of the list for whoever hears it: one sentence, what matters most first, on one line.

use ratatui::layout::Rect;

use super::{
    canvas::Canvas,
    entry::{colleague, found, standing},
    strip::Strip,
};
use crate::{
    console::{
        model::{Model, Pane},
        theme::Role,
        words::{BLANK, time},
    },
    domain::{
        conversation::State,
        message::Direction,
        row::{Activity, Row},
        text::Safe,
    },
    say,
};

/// Writes the sentence, and puts the cursor at its beginning if the row is the one the cursor is on.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    model: &Model,
    row: &Row,
    trace: Option<&'static str>,
) {
    if model.list.cursor.as_ref() == Some(&row.id) && model.pane == Pane::List {
        canvas.place_cursor(area.x, area.y);
    }
    let role = match row.unanswered {
        true => Role::Strong,
        false => Role::Text,
    };
    canvas.write(Strip::of(area, 0), &sentence(model, row, trace), role);
}

/// `Bea Jones, waits since 13:41, yours, draft, WhatsApp: And can I split the rest?`
fn sentence(model: &Model, row: &Row, trace: Option<&'static str>) -> Safe {
    let mut parts = vec![row.contact.shown().clone()];
    if model.marks.contains_key(&row.id) {
        parts.push(Safe::literal("marked"));
    }
    match trace {
        Some(trace) => parts.push(Safe::literal(trace)),
        None => {
            if row.state == State::Open {
                parts.push(waits(model, row));
            }
            parts.extend(
                standing(model, row, true)
                    .into_iter()
                    .map(|(words, _)| words),
            );
            parts.extend(others(model, row));
        }
    }
    parts.push(row.channel.clone());
    parts.extend(row.status.clone());
    let facts = Safe::join(&Safe::literal(", "), &parts);
    if let Some(message) = found(model, row).and_then(|found| found.message.as_ref()) {
        let pieces = message.excerpt.iter().map(|(piece, _)| piece.as_str());
        return say!("{facts}: found in: {}", pieces.collect::<String>());
    }
    match &row.last_message {
        Some(last) if last.preview.is_blank() => say!("{facts}: {BLANK}"),
        Some(last) if last.direction == Direction::Out => {
            say!("{facts}: we wrote: {}", last.preview)
        }
        Some(last) => say!("{facts}: {}", last.preview),
        None => facts,
    }
}

/// What the signs of the groups say to the eye (L2).
fn waits(model: &Model, row: &Row) -> Safe {
    let just_in = if row.just_entered { ", just in" } else { "" };
    match row.unanswered {
        true if model.absolute_times => say!("waits {}{just_in}", time::waits(model, row.since)),
        true => say!("{}{just_in}", time::waits(model, row.since)),
        false => say!(
            "answered {}{just_in}",
            time::stamp(row.since, model.now, &model.zone)
        ),
    }
}

/// Who else is there.
fn others(model: &Model, row: &Row) -> Option<Safe> {
    let reading = colleague(model, row, Activity::Viewing);
    reading.map(|colleague| say!("{} is reading", colleague.who.name))
}
