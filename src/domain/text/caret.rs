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
    /// The column; as many as the rows are wide where the caret is behind a full one.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::text::wrap;

    fn at(row: usize, column: usize) -> Place {
        Place { row, column }
    }

    #[test]
    fn an_offset_at_a_fold_is_in_the_next_row() {
        let text = Safe::text("split the rest");
        let rows: Vec<_> = wrap(&text, 6).collect();
        assert_eq!(place(&text, &rows, 0), at(0, 0));
        assert_eq!(place(&text, &rows, 5), at(0, 5));
        assert_eq!(place(&text, &rows, 6), at(1, 0));
        assert_eq!(place(&text, &rows, text.len()), at(2, 4));
    }

    #[test]
    fn spaces_without_room_are_at_the_end_of_their_row() {
        let text = Safe::text("12345   67");
        let rows: Vec<_> = wrap(&text, 5).collect();
        assert_eq!(place(&text, &rows, 7), at(0, 5));
        assert_eq!(place(&text, &rows, 8), at(1, 0));
    }

    #[test]
    fn a_column_inside_a_wide_cell_is_its_beginning() {
        let text = Safe::text("a汉b\nc");
        let rows: Vec<_> = wrap(&text, 9).collect();
        assert_eq!(offset(&text, &rows, at(0, 2)), 1);
        assert_eq!(offset(&text, &rows, at(0, 3)), 4);
        assert_eq!(offset(&text, &rows, at(0, 99)), 5);
        assert_eq!(offset(&text, &rows, at(9, 0)), 6);
        assert_eq!(offset(&text, &[], at(0, 0)), 0);
    }

    proptest! {
        #[test]
        fn what_is_shown_at_the_place_of_a_cell_is_that_cell(source in "[a汉🇬\u{301} \n-]{0,60}", columns in 2_usize..9) {
            let text = Safe::text(&source);
            let rows: Vec<_> = wrap(&text, columns).collect();
            for row in &rows {
                let mut cell = row.start;
                for (symbol, _) in spans(&text.as_str()[row.clone()]) {
                    prop_assert_eq!(offset(&text, &rows, place(&text, &rows, cell)), cell);
                    cell += symbol.len();
                }
            }
        }
    }
}
