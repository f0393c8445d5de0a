//! One row: only the cells that differ, by the shortest way from one to the next.

use ratatui::buffer::Cell;

use super::brush::Brush;
use super::glyph;
use super::pen::Look;
use super::travel::{Place, digits};
use crate::console::terminal::abilities::Abilities;

/// Paints what differs between the row as it is shown and as it shall be.
pub(super) fn paint(brush: &mut Brush<'_>, row: u16, shown: &[Cell], next: &[Cell]) {
    // Most rows of most frames.
    if shown == next {
        return;
    }
    let abilities = brush.abilities;
    let stripe = Stripe {
        abilities: &abilities,
        shown,
        next,
    };
    let tail = stripe.tail();
    let mut changes = stripe.changes().peekable();
    while let Some(&column) = changes.peek() {
        let from = column as u16;
        // Blank from here to the edge of the screen, and more than a sequence takes.
        if column >= tail
            && stripe
                .changes()
                .last()
                .is_some_and(|last| last - column >= 3)
        {
            brush.move_to(from, row);
            brush.erase_to_edge();
            return;
        }
        if abilities.modern
            && let Some(count) = stripe.blanks(column)
        {
            brush.move_to(from, row);
            brush.erase(count as u16);
            while changes.next_if(|change| *change < column + count).is_some() {}
            continue;
        }
        go(brush, &stripe, from, row);
        if stripe.may_leave_something(column) {
            brush.blank(2);
        }
        brush.put(&next[column], from, row);
        changes.next();
    }
}

/// Goes to a column, by writing again what stands in between if that is shorter.
fn go(brush: &mut Brush<'_>, stripe: &Stripe<'_>, column: u16, row: u16) {
    if let Place::At(from, at) = brush.place()
        && at == row
        && from < column
    {
        let range = usize::from(from)..usize::from(column);
        let between = &stripe.next[range.clone()];
        let bytes: usize = between.iter().map(|cell| cell.symbol().len()).sum();
        if bytes < brush.way_to(column, row)
            && between.iter().all(|cell| brush.suits(cell))
            && range.clone().all(|at| stripe.is_same(at))
            && stripe.begins_at(range.start)
        {
            for (at, cell) in (from..column).zip(between) {
                brush.put(cell, at, row);
            }
        }
    }
    brush.move_to(column, row);
}

/// The row before and after.
struct Stripe<'a> {
    abilities: &'a Abilities,
    shown: &'a [Cell],
    next: &'a [Cell],
}

impl Stripe<'_> {
    /// The columns to be written, in order. The second half of a wide character is never one of them; what was the
    /// second half and is so no more always is, for nobody knows what the terminal left there. So is what stands
    /// where a character just written may reach, if the terminal thinks it wider than we do (R5).
    fn changes(&self) -> impl Iterator<Item = usize> + '_ {
        let (mut shown_until, mut next_until, mut doubtful_until) = (0, 0, 0);
        self.shown
            .iter()
            .zip(self.next)
            .enumerate()
            .filter_map(move |(column, (shown, next))| {
                let was_half = column < shown_until;
                if !was_half {
                    shown_until = column + glyph::width(shown);
                }
                if column < next_until {
                    return None;
                }
                next_until = column + glyph::width(next);
                let changed = was_half || column < doubtful_until || !self.looks_same(shown, next);
                if !changed || glyph::is_left_alone(next) {
                    return None;
                }
                doubtful_until = doubtful_until.max(next_until + glyph::reach(next));
                Some(column)
            })
    }

    fn looks_same(&self, shown: &Cell, next: &Cell) -> bool {
        shown == next
            || (shown.symbol() == next.symbol()
                && Look::of(shown, self.abilities) == Look::of(next, self.abilities))
    }

    /// Whether the cell can be written again without any effect: unchanged, and of a sure width before and after.
    fn is_same(&self, column: usize) -> bool {
        glyph::is_trusted(self.next[column].symbol())
            && !glyph::is_left_alone(&self.next[column])
            && self.looks_same(&self.shown[column], &self.next[column])
    }

    /// Whether a terminal that gives a wide character one column would leave in the second what stands there now.
    fn may_leave_something(&self, column: usize) -> bool {
        glyph::width(&self.next[column]) > 1
            && self
                .shown
                .get(column + 1)
                .is_some_and(|cell| !self.is_blank(cell))
    }

    /// Whether a cell begins here, and not the second half of a wide one (where only the person's cursor can be).
    fn begins_at(&self, column: usize) -> bool {
        let mut at = 0;
        while at < column {
            at += glyph::width(&self.next[at]);
        }
        at == column
    }

    /// Where the blanks begin that reach to the edge.
    fn tail(&self) -> usize {
        let inked = self.next.iter().rposition(|cell| !self.is_blank(cell));
        inked.map_or(0, |column| column + glyph::width(&self.next[column]))
    }

    fn is_blank(&self, cell: &Cell) -> bool {
        cell.symbol() == " "
            && Look::of(cell, self.abilities) == Look::PLAIN
            && !glyph::is_left_alone(cell)
    }

    /// How many blanks to erase from this column on, if that is shorter than writing them: all that the sequence
    /// costs, and the way behind them.
    fn blanks(&self, column: usize) -> Option<usize> {
        let count = self.next[column..]
            .iter()
            .take_while(|cell| self.is_blank(cell))
            .count();
        let last = (column..column + count)
            .rev()
            .find(|at| !self.looks_same(&self.shown[*at], &self.next[*at]))?;
        let count = last + 1 - column;
        let cost = 2 * (3 + digits(count as u16));
        (count > cost).then_some(count)
    }
}
