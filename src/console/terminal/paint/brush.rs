//! What writes: the pen in hand, the place of the cursor, and the bytes so far.

use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::decimal::decimal;
use super::glyph;
use super::pen::{self, Look};
use super::travel::{self, Place};
use crate::console::terminal::abilities::Abilities;

/// What is known of the terminal's own state between two sequences.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hand {
    pub pen: Option<Look>,
    pub place: Place,
    pub cursor_shown: Option<bool>,
}

/// Writes sequences and cells, and keeps track of what they do to the terminal.
#[derive(Debug)]
pub(super) struct Brush<'a> {
    pub(super) abilities: Abilities,
    hand: Hand,
    size: Size,
    out: &'a mut Vec<u8>,
    suspicious: u64,
}

impl<'a> Brush<'a> {
    pub(super) fn new(abilities: Abilities, hand: Hand, size: Size, out: &'a mut Vec<u8>) -> Self {
        Self {
            abilities,
            hand,
            size,
            out,
            suspicious: 0,
        }
    }

    pub(super) fn hand(&self) -> Hand {
        self.hand
    }

    pub(super) fn suspicious(&self) -> u64 {
        self.suspicious
    }

    /// How many bytes there are.
    pub(super) fn written(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written since there were `from` bytes, for another way to the same screen.
    pub(super) fn replace(&mut self, from: usize, (bytes, hand): (&[u8], Hand)) {
        self.out.truncate(from);
        self.out.extend(bytes);
        self.hand = hand;
    }

    /// Empties the whole screen.
    pub(super) fn clear_screen(&mut self) {
        self.look(Look::PLAIN);
        self.out.extend(b"\x1b[2J");
    }

    /// How many bytes it costs to go there.
    pub(super) fn way_to(&self, column: u16, row: u16) -> usize {
        travel::cost(self.hand.place, (column, row), self.abilities.modern)
    }

    pub(super) fn place(&self) -> Place {
        self.hand.place
    }

    pub(super) fn move_to(&mut self, column: u16, row: u16) {
        travel::travel(
            self.hand.place,
            (column, row),
            self.abilities.modern,
            self.out,
        );
        self.hand.place = Place::At(column, row);
    }

    /// Whether the cell can be written without touching the pen.
    pub(super) fn suits(&self, cell: &Cell) -> bool {
        self.hand.pen == Some(self.wanted(cell))
    }

    /// Writes the cell at the cursor, which must be at its column and row.
    pub(super) fn put(&mut self, cell: &Cell, column: u16, row: u16) {
        let width = glyph::width(cell) as u16;
        let end = column + width;
        if end >= self.size.width && row + 1 == self.size.height && !self.abilities.unwrapped {
            return; // The whole screen would move up.
        }
        let wanted = self.wanted(cell);
        self.look(wanted);
        if end > self.size.width {
            // Half a wide character fits nowhere.
            self.out.push(b' ');
            self.hand.place = Place::Unknown;
            return;
        }
        self.symbol(cell.symbol(), width);
        let is_trusted = glyph::is_trusted(cell.symbol());
        self.hand.place = if is_trusted && end < self.size.width {
            Place::At(end, row)
        } else if is_trusted && self.abilities.unwrapped || end + 1 < self.size.width {
            Place::Row(row)
        } else {
            // It might have wrapped: next to the edge, where wrapping cannot be switched off.
            Place::Unknown
        };
    }

    /// Makes the rest of the row blank, from the cursor on.
    pub(super) fn erase_to_edge(&mut self) {
        self.look(Look::PLAIN.for_blank(self.hand.pen));
        self.out.extend(b"\x1b[K");
    }

    /// Makes that many cells blank, from the cursor on, which stays.
    pub(super) fn erase(&mut self, count: u16) {
        self.look(Look::PLAIN.for_blank(self.hand.pen));
        self.csi(count, b'X');
    }

    /// Makes that many cells blank, from the cursor on, which is then where it was.
    pub(super) fn blank(&mut self, count: u16) {
        if self.abilities.modern {
            return self.erase(count);
        }
        let Place::At(column, row) = self.hand.place else {
            return;
        };
        self.look(Look::PLAIN.for_blank(self.hand.pen));
        self.out.extend((0..count).map(|_| b' '));
        self.hand.place = Place::Row(row);
        self.move_to(column, row);
    }

    /// Moves the rows from `top` to `bottom`, both included, up (or down, if negative) by `by`. New rows are blank. It is done
    /// by taking rows out of a region, or putting some in, which more terminals know than scrolling it.
    pub(super) fn scroll(&mut self, top: u16, bottom: u16, by: i32) {
        self.look(Look::PLAIN.for_blank(self.hand.pen));
        self.out.extend(b"\x1b[");
        decimal(self.out, top + 1);
        self.out.push(b';');
        decimal(self.out, bottom + 1);
        self.out.push(b'r');
        // Setting the region puts the cursor at the origin, in most terminals.
        self.hand.place = Place::Unknown;
        self.move_to(0, top);
        self.csi(by.unsigned_abs() as u16, if by > 0 { b'M' } else { b'L' });
        self.out.extend(b"\x1b[r");
        self.hand.place = Place::Unknown;
    }

    /// Shows the cursor at that cell, or hides it.
    pub(super) fn place_cursor(&mut self, cursor: Option<Position>) {
        if let Some(Position { x, y }) = cursor {
            self.move_to(x, y);
        }
        if self.abilities.cursor_hiding && self.hand.cursor_shown != Some(cursor.is_some()) {
            self.out.extend(if cursor.is_some() {
                b"\x1b[?25h"
            } else {
                b"\x1b[?25l"
            });
            self.hand.cursor_shown = Some(cursor.is_some());
        }
    }

    fn wanted(&self, cell: &Cell) -> Look {
        let look = Look::of(cell, &self.abilities);
        if cell.symbol() == " " {
            look.for_blank(self.hand.pen)
        } else {
            look
        }
    }

    fn look(&mut self, look: Look) {
        pen::change(self.hand.pen, look, &self.abilities, self.out);
        self.hand.pen = Some(look);
    }

    /// The symbol itself. The last line of defence: a cell that got this far unsafe shows `?`, and is counted (R4).
    fn symbol(&mut self, symbol: &str, width: u16) {
        let harmful = if glyph::is_trusted(symbol) {
            0
        } else {
            symbol
                .chars()
                .filter(|character| glyph::is_harmful(*character))
                .count()
        };
        if harmful == 0 {
            self.out.extend(symbol.as_bytes());
        } else {
            self.suspicious += harmful as u64;
            self.out.push(b'?');
            self.out.extend((1..width).map(|_| b' '));
        }
    }

    fn csi(&mut self, number: u16, letter: u8) {
        self.out.extend(b"\x1b[");
        if number != 1 {
            decimal(self.out, number);
        }
        self.out.push(letter);
    }
}
