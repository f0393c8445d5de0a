//! Every key and what it does, from the one table, by place; and what the signs mean.

use super::{canvas::Canvas, entry, frame, scroll, strip::Strip, target::Target};
use crate::{
    console::{
        command::TABLE,
        model::Model,
        theme::{Role, Sign},
        words::keys,
    },
    domain::{order::Group, text::Safe},
};

/// The columns of the box.
const WIDTH: u16 = 84;
/// The columns of the keys.
const KEYS: u16 = 16;

/// What stands on one line.
#[derive(Clone, Copy)]
enum Line {
    Blank,
    Sign(Sign, Role, &'static str),
    Heading(&'static str),
    /// A row of the table.
    Key(usize),
}

/// Draws the help over everything.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, cursor: usize) {
    let lines = lines();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let room = canvas.area().height.saturating_sub(4);
    let inside = frame::centred(canvas, &Safe::literal("Keys"), WIDTH, rows.min(room));
    let at = |line: &Line| matches!(line, Line::Key(index) if *index == cursor);
    let place = lines.iter().position(at).unwrap_or(0);
    let top = scroll::scrolled(place, lines.len(), usize::from(inside.height));
    for (y, line) in (0..inside.height).zip(lines.into_iter().skip(top)) {
        line_of(canvas, Strip::of(inside, y), model, line, cursor);
    }
}

fn lines() -> Vec<Line> {
    let mut lines: Vec<Line> = Group::ALL
        .into_iter()
        .filter_map(|group| {
            let words = match group {
                Group::UnansweredJustIn => "the customer waits, and it just entered the queue",
                Group::Unanswered => "the customer waits",
                Group::AnsweredJustIn => "answered, and it just entered the queue",
                Group::Answered => "answered",
            };
            entry::sign(group).map(|(sign, role)| Line::Sign(sign, role, words))
        })
        .collect();
    lines.insert(0, Line::Heading("Signs"));
    lines.push(Line::Sign(
        Sign::Marked,
        Role::Mark,
        "marked, to hand back several",
    ));
    lines.push(Line::Sign(Sign::Cursor, Role::Cursor, "where you are"));
    // In the table's order, which the cursor follows.
    let mut place = None;
    for (index, binding) in TABLE.iter().enumerate() {
        if place.replace(binding.place) != Some(binding.place) {
            lines.extend([Line::Blank, Line::Heading(binding.place.title())]);
        }
        lines.push(Line::Key(index));
    }
    lines
}

fn line_of(canvas: &mut Canvas<'_>, strip: Strip, model: &Model, line: Line, cursor: usize) {
    match line {
        Line::Blank => {}
        Line::Heading(words) => {
            canvas.write(strip, &Safe::literal(words), Role::Strong);
        }
        Line::Sign(sign, role, words) => {
            if strip.width > 2 {
                canvas.sign(strip.x + 2, strip.y, sign, role);
            }
            canvas.write(strip.skip(2 + KEYS), &Safe::literal(words), Role::Text);
        }
        Line::Key(index) => {
            let Some(binding) = TABLE.get(index) else {
                return;
            };
            if index == cursor {
                frame::mark(canvas, strip.x, strip.y);
            }
            let role = if index == cursor {
                Role::MenuCursor
            } else {
                Role::Text
            };
            let keys = keys::all(binding, model);
            let left = strip.skip(2);
            canvas.write(left.take(KEYS - 1), &keys, Role::Accent);
            canvas.write(left.skip(KEYS), &Safe::literal(binding.what), role);
            canvas.offer(strip.area(), Target::HelpItem(index));
        }
    }
}
