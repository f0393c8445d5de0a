//! Rows that only moved: found, and moved by the terminal itself where that is shorter.

use std::hash::{Hash, Hasher};

use ratatui::buffer::{Buffer, Cell};

use super::brush::{Brush, Hand};
use super::pen::Look;
use crate::console::terminal::abilities::Abilities;

/// The memory of the search, used again by every frame.
#[derive(Debug, Default)]
pub(super) struct Scroller {
    shown: Vec<u32>,
    next: Vec<u32>,
    frame: Vec<u8>,
}

/// Rows `top` to `bottom`, both included, that stand `by` rows higher than before (lower, if negative).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shift {
    top: usize,
    bottom: usize,
    by: i32,
}

impl Scroller {
    /// The bytes that lead from `shown` to `next` by scrolling first, if they are fewer than `length`.
    pub(super) fn scrolled(
        &mut self,
        abilities: Abilities,
        hand: Hand,
        shown: &Buffer,
        next: &Buffer,
        length: usize,
    ) -> Option<(&[u8], Hand)> {
        let width = usize::from(next.area.width);
        fingerprint(&shown.content, &abilities, &mut self.shown);
        fingerprint(&next.content, &abilities, &mut self.next);
        let shift = best(&self.shown, &self.next, width)?;
        self.frame.clear();
        let mut brush = Brush::new(abilities, hand, next.area.as_size(), &mut self.frame);
        brush.scroll(shift.top as u16, shift.bottom as u16, shift.by);
        let moved = moved(shown, shift, width);
        super::rows(&mut brush, &moved, next);
        let hand = brush.hand();
        (self.frame.len() < length).then_some((&self.frame, hand))
    }
}

/// The screen after the terminal has scrolled.
fn moved(shown: &Buffer, Shift { top, bottom, by }: Shift, width: usize) -> Buffer {
    let mut moved = shown.clone();
    let rows = &mut moved.content[top * width..(bottom + 1) * width];
    let cells = by.unsigned_abs() as usize * width;
    if by > 0 {
        rows.rotate_left(cells);
        let kept = rows.len() - cells;
        rows[kept..].fill(Cell::EMPTY);
    } else {
        rows.rotate_right(cells);
        rows[..cells].fill(Cell::EMPTY);
    }
    moved
}

/// A number for what each cell shows; 0 for a blank, which is not worth being moved.
fn fingerprint(cells: &[Cell], abilities: &Abilities, numbers: &mut Vec<u32>) {
    numbers.clear();
    numbers.extend(cells.iter().map(|cell| {
        let look = Look::of(cell, abilities);
        if cell.symbol() == " " && look == Look::PLAIN {
            return 0;
        }
        let mut fnv = Fnv(0x811c_9dc5);
        look.hash(&mut fnv);
        fnv.write(cell.symbol().as_bytes());
        fnv.0.max(1)
    }));
}

/// FNV-1a. Only a guess hangs on it, so that a collision costs bytes and never correctness.
struct Fnv(u32);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }

    fn finish(&self) -> u64 {
        u64::from(self.0)
    }
}

/// The shift that brings the most cells to their place, more than stand there already.
fn best(shown: &[u32], next: &[u32], width: usize) -> Option<Shift> {
    let height = next.len() / width;
    let matches = |y: usize, from: usize| -> i32 {
        let (wanted, there) = (
            &next[y * width..(y + 1) * width],
            &shown[from * width..(from + 1) * width],
        );
        wanted
            .iter()
            .zip(there)
            .map(|(a, b)| i32::from(a == b && *a != 0))
            .sum()
    };
    let already: Vec<i32> = (0..height).map(|y| matches(y, y)).collect();
    let mut best: Option<(i32, Shift)> = None;
    let mut consider = |gain: i32, shift: Shift| {
        if gain > best.map_or(0, |(most, _)| most) {
            best = Some((gain, shift));
        }
    };
    for distance in 1..=height / 2 {
        // Up: what is in row y comes from further down. The region ends where the last of them comes from.
        let gains = (0..height - distance).map(|y| matches(y, y + distance) - already[y]);
        if let Some((gain, first, last)) = richest(gains) {
            consider(
                gain,
                Shift {
                    top: first,
                    bottom: last + distance,
                    by: distance as i32,
                },
            );
        }
        // Down: the region begins where the first of them comes from.
        let gains =
            (0..height - distance).map(|y| matches(y + distance, y) - already[y + distance]);
        if let Some((gain, first, last)) = richest(gains) {
            consider(
                gain,
                Shift {
                    top: first,
                    bottom: last + distance,
                    by: -(distance as i32),
                },
            );
        }
    }
    best.map(|(_, shift)| shift)
}

/// The stretch of rows with the largest sum, and that sum, if any is above 0.
fn richest(gains: impl Iterator<Item = i32>) -> Option<(i32, usize, usize)> {
    let mut best: Option<(i32, usize, usize)> = None;
    let (mut sum, mut first) = (0, 0);
    for (row, gain) in gains.enumerate() {
        if sum <= 0 {
            (sum, first) = (0, row);
        }
        sum += gain;
        if sum > best.map_or(0, |(most, ..)| most) {
            best = Some((sum, first, row));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_richest_stretch_is_found() {
        assert_eq!(richest([-1, 3, -1, 4, -9, 5].into_iter()), Some((6, 1, 3)));
        assert_eq!(richest([-1, 0].into_iter()), None);
    }

    #[test]
    fn rows_that_moved_are_found_where_they_are() {
        let shown = [1, 2, 3, 4, 5, 6];
        assert_eq!(
            best(&shown, &[1, 3, 4, 5, 0, 6], 1),
            Some(Shift {
                top: 1,
                bottom: 4,
                by: 1
            })
        );
        assert_eq!(
            best(&shown, &[1, 0, 2, 3, 4, 6], 1),
            Some(Shift {
                top: 1,
                bottom: 4,
                by: -1
            })
        );
        assert_eq!(best(&shown, &shown, 1), None);
    }
}
