//! Every key and what it does, from the one table, by place; and what the signs mean.

use std::ops::Range;

use super::{canvas::Canvas, entry, frame, scroll, strip::Strip, target::Target};
use crate::{
    console::{
        command::TABLE,
        model::Model,
        theme::{Role, Sign},
        words::keys,
    },
    domain::{
        order::Group,
        text::{Safe, wrap},
    },
};

/// The columns of the box.
const WIDTH: u16 = 84;
/// The columns of the keys.
const KEYS: u16 = 16;

/// From here on what a key does stands beside it, else below.
const BESIDE: u16 = 40;
/// The columns before it where it stands below.
const BELOW: u16 = 4;

/// What stands on one line.
enum Line {
    Blank,
    Sign(Sign, Role, &'static str),
    Heading(&'static str),
    /// A row of the table begins: its keys.
    Key(usize),
    /// The same, and beside them what it does, as far as there is room.
    KeyAnd(usize, Range<usize>),
    /// So far from the left what it does, or the rest of it.
    What(usize, u16, Range<usize>),
}

impl Line {
    /// Which row of the table it is of.
    fn of(&self) -> Option<usize> {
        match self {
            Self::Key(index) | Self::KeyAnd(index, _) | Self::What(index, ..) => Some(*index),
            Self::Blank | Self::Sign(..) | Self::Heading(_) => None,
        }
    }
}

/// Draws the help over everything.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, cursor: usize) {
    let width = WIDTH.min(canvas.area().width.saturating_sub(4));
    let lines = lines(width);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let room = canvas.area().height.saturating_sub(4);
    let inside = frame::centred(canvas, &Safe::literal("Keys"), WIDTH, rows.min(room));
    let of_cursor = |line: &Line| line.of() == Some(cursor);
    let first = lines.iter().position(of_cursor).unwrap_or(0);
    let last = lines.iter().rposition(of_cursor).unwrap_or(0);
    // All of what it says, from its beginning.
    let top = scroll::scrolled(last, lines.len(), usize::from(inside.height)).min(first);
    for (y, line) in (0..inside.height).zip(lines.into_iter().skip(top)) {
        line_of(canvas, Strip::of(inside, y), model, &line, cursor);
    }
}

fn lines(width: u16) -> Vec<Line> {
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
        lines.extend(row(index, binding.what, width));
    }
    lines
}

/// A row of the table, on as many lines as it takes.
fn row(index: usize, what: &'static str, width: u16) -> Vec<Line> {
    let (what, beside) = (Safe::literal(what), width >= BESIDE);
    let from = if beside { 2 + KEYS } else { BELOW };
    let columns = usize::from(width.saturating_sub(from)).max(1);
    let mut pieces = wrap(&what, columns);
    let first = match beside {
        true => Line::KeyAnd(index, pieces.next().unwrap_or_default()),
        false => Line::Key(index),
    };
    let rest = pieces.map(|piece| Line::What(index, from, piece));
    std::iter::once(first).chain(rest).collect()
}

fn line_of(canvas: &mut Canvas<'_>, strip: Strip, model: &Model, line: &Line, cursor: usize) {
    let binding = line.of().and_then(|index| TABLE.get(index));
    if let Some(index) = line.of() {
        canvas.offer(strip.area(), Target::HelpItem(index));
    }
    let is_there = line.of() == Some(cursor);
    match line {
        Line::Blank => {}
        Line::Heading(words) => {
            canvas.write(strip, &Safe::literal(words), Role::Strong);
        }
        Line::Sign(sign, role, words) => {
            if strip.width > 2 {
                canvas.sign(strip.x + 2, strip.y, *sign, *role);
            }
            canvas.write(strip.skip(2 + KEYS), &Safe::literal(words), Role::Text);
        }
        Line::Key(_) | Line::KeyAnd(..) => {
            if is_there {
                frame::mark(canvas, strip.x, strip.y);
            }
            let keys = binding.map(|binding| keys::all(binding, model));
            let left = strip.skip(2);
            let room = match line {
                Line::Key(_) => left,
                _ => left.take(KEYS - 1),
            };
            canvas.write(room, &keys.unwrap_or_default(), Role::Accent);
        }
        Line::What(..) => {}
    }
    let (from, piece) = match line {
        Line::KeyAnd(_, piece) => (2 + KEYS, piece),
        Line::What(_, from, piece) => (*from, piece),
        _ => return,
    };
    let role = match is_there {
        true => Role::MenuCursor,
        false => Role::Text,
    };
    if let Some(binding) = binding {
        let words = Safe::literal(binding.what).slice(piece.clone());
        canvas.write(strip.skip(from), &words, role);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{buffer::Buffer, layout::Rect};

    use super::*;
    use crate::console::{
        theme::{Palette, Theme},
        view::fixture,
    };

    /// What stands in the box, without its frame and line breaks.
    fn words(model: &Model, cursor: usize) -> String {
        let (width, height) = model.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let theme = Theme::new(Palette::True);
        let mut canvas = Canvas::new(&mut buffer, theme, false).spoken(model.spoken);
        draw(&mut canvas, model, cursor);
        let cells = buffer.content().chunks(usize::from(width));
        let rows = cells.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
        let rows: Vec<String> = rows.map(|row| row.replace(['│', '▌'], " ")).collect();
        let rows = rows.join(" ");
        rows.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_key_does_can_be_read_whole_at_any_width() {
        for size in [(120, 40), (60, 20), (24, 12)] {
            for spoken in [false, true] {
                let mut model = fixture::busy();
                (model.size, model.spoken) = (size, spoken);
                for (cursor, binding) in TABLE.iter().enumerate() {
                    let words = words(&model, cursor);
                    let what = binding.what;
                    assert!(words.contains(what), "{size:?}: {what}\n{words}");
                }
            }
        }
    }
}
