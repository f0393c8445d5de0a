//! The box that lies over the panes, with a title and words on its lines, and the mark of the row its cursor is on.

use ratatui::layout::Rect;

use super::{canvas::Canvas, strip::Strip, target::Target};
use crate::{
    console::theme::{Role, Sign},
    domain::text::Safe,
};

/// A layer's lines look like what is dim in it: they stand out from the panes, and a row costs one colour less.
pub const FRAME: Role = Role::Dim;

/// A box in the middle with room for so much; gives its inside.
pub fn centred(canvas: &mut Canvas<'_>, title: &Safe, columns: u16, rows: u16) -> Rect {
    let screen = canvas.area();
    let width = columns.saturating_add(4).min(screen.width);
    // The footer with the keys stays in sight.
    let room = screen.height.saturating_sub(1);
    let height = rows.saturating_add(2).min(room);
    let x = (screen.width - width) / 2;
    let y = (room - height) / 2;
    boxed(canvas, Rect::new(x, y, width, height), title)
}

/// A box with a title; gives its inside, without a column of air at either side.
pub fn boxed(canvas: &mut Canvas<'_>, area: Rect, title: &Safe) -> Rect {
    let area = room(canvas, area);
    let inside = canvas.frame(area, FRAME);
    canvas.offer(area, Target::Layer);
    label(canvas, Strip::of(area, 0), title, Role::Strong);
    Rect {
        x: inside.x + inside.width.min(1),
        width: inside.width.saturating_sub(2),
        ..inside
    }
}

/// Where a box of that area stands: there, but for a screen reader all over the screen, with nothing beside it.
#[must_use]
pub fn room(canvas: &Canvas<'_>, area: Rect) -> Rect {
    let screen = canvas.area();
    match canvas.is_spoken() {
        true => Rect {
            height: screen.height.saturating_sub(2),
            ..screen
        },
        false => area,
    }
}

/// Words on a line, with a column of air around them; gives what is left of the line.
pub fn label(canvas: &mut Canvas<'_>, line: Strip, words: &Safe, role: Role) -> Strip {
    let room = line.skip(2).less(2);
    if words.is_empty() || room.width < 5 {
        return room;
    }
    let air = Safe::literal(" ");
    let rest = canvas.write(room, &air, role);
    let after = canvas.write(rest.less(1), words, role);
    let width = after.width + 1;
    canvas.write(Strip { width, ..after }, &air, role)
}

/// Words at the end of a line, with a column of air around them; gives what is left of the line.
pub fn label_right(canvas: &mut Canvas<'_>, line: Strip, words: &Safe, role: Role) -> Strip {
    let columns = canvas.width(words).saturating_add(6);
    if columns > line.width {
        return line;
    }
    label(canvas, line.skip(line.width - columns), words, role);
    line.less(columns - 2)
}

/// The mark of the row the cursor is on.
pub fn mark(canvas: &mut Canvas<'_>, x: u16, y: u16) {
    canvas.sign(x, y, Sign::Cursor, Role::Cursor);
    canvas.place_cursor(x, y);
}
