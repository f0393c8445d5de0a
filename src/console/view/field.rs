//! A line that is being typed.

use super::{canvas::Canvas, strip::Strip};
use crate::{console::theme::Role, domain::text::Safe};

/// The text that is being typed, with the cursor at its end, which stays in sight.
pub(super) fn type_into(canvas: &mut Canvas<'_>, line: Strip, text: &str) -> Strip {
    let text = canvas.shown(&Safe::line(text));
    let room = usize::from(line.width.saturating_sub(1));
    let mut hidden = text.width().saturating_sub(room);
    let from: usize = text
        .cells()
        .take_while(|(_, columns)| {
            let skipped = hidden > 0;
            hidden = hidden.saturating_sub(*columns);
            skipped
        })
        .map(|(cell, _)| cell.len())
        .sum();
    let left = canvas.write(line, &text.slice(from..text.len()), Role::Text);
    if left.width > 0 {
        canvas.place_cursor(left.x, left.y);
    }
    left
}
