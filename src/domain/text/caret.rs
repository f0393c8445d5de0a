//! Where an offset of a text is shown once it is in rows, and which offset is shown at a place.
//!
//! For the composer and the mouse. `rows` are those that [`wrap`](super::wrap()) gave for the same text.

use std::ops::Range;

use super::Safe;
use super::width::{spans, width};

/// A place among rows, both counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
}

/// The place of a byte offset. At a fold it is the beginning of the next row;
/// among spaces that had no room, the end of the row before.
pub fn place(text: &Safe, rows: &[Range<usize>], offset: usize) -> Place {
    let row = rows
        .partition_point(|row| row.start <= offset)
        .saturating_sub(1);
    let column = rows.get(row).map_or(0, |range| {
        let before = text.as_str().get(range.start..offset.min(range.end));
        width(before.unwrap_or_default())
    });
    Place { row, column }
}

/// The byte offset of the cell at a place; beyond the end of a row that end, beyond the last row the last.
pub fn offset(text: &Safe, rows: &[Range<usize>], place: Place) -> usize {
    let Some(range) = rows.get(place.row).or(rows.last()) else {
        return 0;
    };
    let row = text.as_str().get(range.clone()).unwrap_or_default();
    let mut column = 0;
    let cell = spans(row).take_while(|(_, wide)| {
        column += wide;
        column <= place.column
    });
    range.start + cell.map(|(cell, _)| cell.len()).sum::<usize>()
}
