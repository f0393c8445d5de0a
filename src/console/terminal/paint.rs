//! From what is shown to what shall be shown, in the fewest bytes. Pure.
//!
//! An advisor's line may be thin and far: a cursor moved by one row should cost tens of bytes, a page two thousand.
//! What goes out is printable UTF-8, cursor movements, SGR, erasures, scroll regions and the brackets of a
//! synchronized update, and nothing else: no control character but ESC, hence no `\r`, `\n` or `\b` either (R4).

mod brush;
mod colour;
mod decimal;
mod glyph;
mod pen;
mod row;
mod scroll;
mod travel;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

use super::abilities::Abilities;
use brush::{Brush, Hand};
use scroll::Scroller;

/// From here on a frame is bracketed as a synchronized update, for 16 bytes. Less than this arrives in one piece
/// anyway.
const BRACKETED: usize = 512;

/// From here on it is worth the time to look for rows that only moved.
const WORTH_SCROLLING: usize = 200;

/// Knows what the terminal shows, and turns the next buffer into the bytes that make it shown.
#[derive(Debug)]
pub struct Painter {
    abilities: Abilities,
    /// What the terminal shows; `None` before the first frame, or when that is not known any more.
    shown: Option<Buffer>,
    hand: Hand,
    scroller: Scroller,
    suspicious: u64,
}

impl Painter {
    /// A painter for a terminal of which nothing is known but what it can do.
    pub fn new(abilities: Abilities) -> Self {
        Self {
            abilities,
            shown: None,
            hand: Hand::default(),
            scroller: Scroller::default(),
            suspicious: 0,
        }
    }

    /// Forgets what is shown, so that the next frame is a whole one.
    pub fn forget(&mut self) {
        self.shown = None;
        self.hand = Hand::default();
    }

    /// How many characters had to be replaced by `?` because they must not reach a terminal. `Safe` lets none of them
    /// through, so that anything but 0 is a bug of whoever drew them; a test asks (R4).
    pub fn suspicious(&self) -> u64 {
        self.suspicious
    }

    /// Appends to `frame` what turns the screen into `next`, with the cursor at that cell of it or else hidden.
    /// Appends nothing if that is what is shown already.
    pub fn paint(&mut self, next: &Buffer, cursor: Option<Position>, frame: &mut Vec<u8>) {
        let start = frame.len();
        let mut brush = Brush::new(self.abilities, self.hand, next.area.as_size(), frame);
        let (shown, is_known) = match self.shown.take() {
            Some(shown) if shown.area == next.area => (shown, true),
            _ => {
                brush.clear_screen();
                (Buffer::empty(next.area), false)
            }
        };
        let (start_of_rows, hand) = (brush.written(), brush.hand());
        rows(&mut brush, &shown, next);
        let length = brush.written() - start_of_rows;
        if self.abilities.scrolling
            && is_known
            && length >= WORTH_SCROLLING
            && let Some(shorter) =
                self.scroller
                    .scrolled(self.abilities, hand, &shown, next, length)
        {
            brush.replace(start_of_rows, shorter);
        }
        brush.place_cursor(within(next.area, cursor));
        self.hand = brush.hand();
        self.suspicious += brush.suspicious();
        self.shown = Some(remember(shown, next));
        if self.abilities.synchronized && frame.len() - start >= BRACKETED {
            frame.splice(start..start, *b"\x1b[?2026h");
            frame.extend(b"\x1b[?2026l");
        }
    }
}

/// The cell of the area next to where the cursor is wanted; a terminal would do the same, and not say so.
fn within(area: Rect, cursor: Option<Position>) -> Option<Position> {
    let (right, bottom) = (area.width.checked_sub(1)?, area.height.checked_sub(1)?);
    cursor.map(|Position { x, y }| Position::new(x.min(right), y.min(bottom)))
}

/// Paints every row in which `shown` and `next` differ.
fn rows(brush: &mut Brush<'_>, shown: &Buffer, next: &Buffer) {
    let Rect { width, height, .. } = next.area;
    if width == 0 {
        return;
    }
    let pairs = shown
        .content
        .chunks(usize::from(width))
        .zip(next.content.chunks(usize::from(width)));
    for (y, (before, after)) in (0..height).zip(pairs) {
        if brush.abilities.whole_rows && before != after {
            brush.move_to(0, y);
            brush.erase_to_edge();
            row::paint(brush, y, &vec![Cell::EMPTY; after.len()], after);
        } else {
            row::paint(brush, y, before, after);
        }
    }
}

/// Makes `shown` the same as `next`, in the memory it has.
fn remember(mut shown: Buffer, next: &Buffer) -> Buffer {
    shown.area = next.area;
    shown.content.clone_from(&next.content);
    shown
}

#[cfg(test)]
mod tests;
