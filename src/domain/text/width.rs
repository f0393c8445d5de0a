//! How many columns a text takes, cell by cell (R5).
//!
//! A cell is a character of one or two columns with the marks drawn over it; two halves of a flag are one cell.
//! That is how a terminal counts. A grapheme cluster of Unicode can be several cells (an Indian conjunct),
//! and there terminals differ, which is why the writer re-positions the cursor after each such cell.
//!
//! Meant for text that is [`Safe`](super::Safe); on any other it is total, but promises nothing.

use unicode_width::UnicodeWidthChar as _;

use super::character::is_flag_half;

/// Marks kept on one character (R5).
pub const MARKS: usize = 3;

/// What a line break looks like where there is one row only; one column.
pub const BREAK_SIGN: &str = "⏎";

/// Columns that a text takes in one row, a line break counted as the one column of its sign.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    cells(text).map(|(_, columns)| columns).sum()
}

/// The cells of a text from left to right, each with its columns, one or two.
///
/// At most [`MARKS`] marks and 32 bytes each. A line break, which no row should hold, is given as its sign.
pub fn cells(text: &str) -> impl Iterator<Item = (&str, usize)> {
    spans(text).map(|(cell, columns)| match cell {
        "\n" => (BREAK_SIGN, columns),
        _ => (cell, columns),
    })
}

/// As [`cells`], every byte of the text in one of them.
pub(super) fn spans(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (bytes, columns) = first_cell(rest)?;
        let (cell, after) = rest.split_at(bytes);
        rest = after;
        Some((cell, columns))
    })
}

/// Bytes and columns of the first cell.
fn first_cell(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let (&first, second) = (bytes.first()?, bytes.get(1));
    if first.is_ascii() && second.is_none_or(u8::is_ascii) {
        return Some((1, 1));
    }
    let mut chars = text.chars();
    let base = chars.next()?;
    let mut columns = char_width(base);
    let mut end = base.len_utf8();
    let mut marks = 0;
    for next in chars {
        if is_flag_half(base) && end == base.len_utf8() && is_flag_half(next) {
            columns = 2;
        } else if char_width(next) == 0 && marks < MARKS {
            marks += 1;
        } else {
            break;
        }
        end += next.len_utf8();
    }
    // A mark that stands alone, as no safe text holds one, still gets a place.
    Some((end, columns.max(1)))
}

/// Columns of one character: none for a mark, at most two.
pub(super) fn char_width(c: char) -> usize {
    match c {
        '\n' | ' '..='~' => 1,
        _ => c.width().unwrap_or(1).min(2),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::domain::text::character::{Kind, kind};

    #[test]
    fn r5_a_cell_is_a_character_and_its_marks() {
        let text = "ae\u{301}\u{323}汉🇬🇧\u{1112}\u{1161}\u{11ab}👍!";
        let expected = [
            ("a", 1),
            ("e\u{301}\u{323}", 1),
            ("汉", 2),
            ("🇬🇧", 2),
            ("\u{1112}\u{1161}\u{11ab}", 2),
            ("👍", 2),
            ("!", 1),
        ];
        assert_eq!(cells(text).collect::<Vec<_>>(), expected);
        assert_eq!(width(text), 11);
    }

    #[test]
    fn a_line_break_takes_the_column_of_its_sign() {
        assert_eq!(
            cells("a\nb").collect::<Vec<_>>(),
            [("a", 1), (BREAK_SIGN, 1), ("b", 1)]
        );
        assert_eq!((width("a\nb"), width(BREAK_SIGN)), (3, 1));
    }

    /// The screen's buffer measures a cell as a string, we measure its base: they must agree.
    #[test]
    fn r5_a_cell_is_as_wide_as_its_string() {
        let shown = ('\0'..=char::MAX).filter(|&c| kind(c) == Kind::Shown);
        for cell in shown.flat_map(|c| [c.to_string(), format!("{c}\u{301}")]) {
            assert_eq!(
                cells(&cell).collect::<Vec<_>>(),
                [(cell.as_str(), cell.width())]
            );
        }
    }

    #[test]
    fn three_half_flags_are_a_flag_and_a_half() {
        assert_eq!(cells("🇬🇧🇫").collect::<Vec<_>>(), [("🇬🇧", 2), ("🇫", 1)]);
    }

    #[test]
    fn r5_even_text_that_was_never_cleaned_has_bounded_cells() {
        let flood = format!("{}e{}", "\u{301}".repeat(5), "\u{301}".repeat(10_000));
        assert!(cells(&flood).all(|(cell, columns)| cell.len() <= 32 && columns == 1));
        assert_eq!(
            cells(&flood).map(|(cell, _)| cell.len()).sum::<usize>(),
            flood.len()
        );
    }
}
