//! Why something is handed back: one line, and who will read it.

use super::{canvas::Canvas, field, frame, strip::Strip};
use crate::{
    console::{model::Reason, theme::Role},
    domain::text::{Safe, wrap},
    say,
};

/// The columns of the box.
const WIDTH: u16 = 64;

/// Draws the box.
pub fn draw(canvas: &mut Canvas<'_>, reason: &Reason) {
    let columns = WIDTH.min(canvas.area().width.saturating_sub(4));
    let words = "Whoever had it and whoever takes it next will read this; the customer never does";
    let words = Safe::literal(words);
    let mut lines: Vec<_> = wrap(&words, usize::from(columns)).collect();
    if canvas.area().height < 9 {
        lines.clear();
    }
    let below = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let title = say!("Hand back {}: why?", reason.subject.name());
    let inside = frame::centred(canvas, &title, columns, 1 + below + below.min(1));
    for (y, range) in (2..inside.height).zip(lines) {
        canvas.write(Strip::of(inside, y), &words.slice(range), Role::Dim);
    }
    let line = canvas.write(Strip::of(inside, 0), &Safe::literal("> "), Role::Accent);
    field::type_into(canvas, line, &reason.typed.text);
}
