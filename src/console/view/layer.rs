//! What lies over the panes: a box with a title, and whatever is in it.

use ratatui::layout::Rect;

use super::{
    acts, alone, canvas::Canvas, drafts, file_name, help, layout::Layout, leaving, menu, notices,
    picker, preview, question, reason, some, strip::Strip, target::Target,
};
use crate::{
    console::{
        model::{Layer, Model},
        theme::{Role, Sign},
    },
    domain::text::Safe,
};

/// A layer's lines look like what is dim in it: they stand out from the panes, and a row costs one colour less.
pub const FRAME: Role = Role::Dim;

/// Draws one layer over what is there.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, layer: &Layer) {
    if matches!(layer, Layer::Filter(_) | Layer::Find) {
        return; // It is typed where the tabs are.
    }
    canvas.offer(canvas.area(), Target::Outside);
    canvas.hide_cursor();
    match layer {
        Layer::Menu(menu) => menu::draw(canvas, layout, model, menu),
        Layer::Help { cursor } => help::draw(canvas, model, *cursor),
        Layer::Picker(picker) => picker::draw(canvas, layout, model, picker),
        Layer::Reason(reason) => reason::draw(canvas, reason),
        Layer::Question(question) => question::draw(canvas, question),
        Layer::Preview(preview) => preview::draw(canvas, model, preview),
        Layer::Leaving => leaving::draw(canvas, model),
        Layer::Some(some) => some::draw(canvas, model, some),
        Layer::Acts(acts) => acts::draw(canvas, model, acts),
        Layer::Alone(message) => alone::draw(canvas, model, message),
        Layer::Drafts(shown) => drafts::draw(canvas, layout, model, shown),
        Layer::FileName(name) => file_name::draw(canvas, model, name),
        Layer::Notices(cursor) => notices::draw(canvas, model, *cursor),
        Layer::Filter(_) | Layer::Find => {}
    }
}

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

/// The first of `count` rows to show in `height` lines so that `cursor` is in sight, from no state but that:
/// it stands in the middle, but at the ends.
#[must_use]
pub fn scrolled(cursor: usize, count: usize, height: usize) -> usize {
    cursor
        .saturating_sub(height / 2)
        .min(count.saturating_sub(height))
}

/// The first of `count` rows to show in `height` lines so that `cursor` is in sight, moved as little as possible from
/// `top`, and no line wasted below the last.
#[must_use]
pub fn in_sight(top: usize, cursor: usize, count: usize, height: usize) -> usize {
    let most = count.saturating_sub(height);
    let least = (cursor + 1).saturating_sub(height);
    top.clamp(least, cursor.max(least)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_moves_only_when_its_cursor_leaves_the_window() {
        for (count, height) in (1..20).flat_map(|c| (1..25).map(move |h| (c, h))) {
            for (top, cursor) in (0..count).flat_map(|t| (0..count).map(move |c| (t, c))) {
                let now = in_sight(top, cursor, count, height);
                assert!((now..now + height).contains(&cursor));
                assert!(now == 0 || now + height <= count);
                let was_fine = (top..top + height).contains(&cursor) && top + height <= count;
                assert!(!was_fine || now == top);
            }
        }
    }

    #[test]
    fn the_cursor_is_in_sight_and_no_line_is_wasted() {
        for (count, height) in (0..20).flat_map(|c| (1..25).map(move |h| (c, h))) {
            for cursor in 0..count {
                let top = scrolled(cursor, count, height);
                assert!((top..top + height).contains(&cursor));
                assert!(top == 0 || top + height <= count);
            }
        }
    }
}
