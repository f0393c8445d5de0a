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
        let mut brush = Brush::new(abilities, hand, next.area.width, &mut self.frame);
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
    let matches = |y: usize, from: usize| {
        let (a, b) = (
            &next[y * width..(y + 1) * width],
            &shown[from * width..(from + 1) * width],
        );
        a.iter()
            .zip(b)
            .map(|(a, b)| i32::from(a == b && *a != 0))
            .sum::<i32>()
    };
    let already: Vec<i32> = (0..height).map(|y| matches(y, y)).collect();
    let mut best: Option<(i32, Shift)> = None;
    for distance in 1..=height / 2 {
        for by in [distance as i32, -(distance as i32)] {
            // The stretch of rows with the largest gain, each row's gain being what it wins less what it loses.
            let (mut sum, mut start) = (0, 0);
            for y in 0..height {
                let from = y as i32 + by;
                let gain = if (0..height as i32).contains(&from) {
                    matches(y, from as usize) - already[y]
                } else {
                    -already[y]
                };
                if sum <= 0 {
                    (sum, start) = (0, y);
                }
                sum += gain;
                if sum > best.map_or(0, |(gain, _)| gain) {
                    // The region also holds the rows that the moved ones come from.
                    let (top, bottom) = if by > 0 {
                        (start, y + distance)
                    } else {
                        (start.saturating_sub(distance), y)
                    };
                    if bottom < height && bottom - top >= distance {
                        best = Some((sum, Shift { top, bottom, by }));
                    }
                }
            }
        }
    }
    best.map(|(_, shift)| shift)
}
