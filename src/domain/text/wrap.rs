//! A text in rows: folded at spaces, after hyphens and between wide characters; a longer word is broken.
//!
//! Written here since the rows must be found one at a time, as ranges of the text:
//! the first screenful of a long message then costs no more than that (R6).

use std::iter::FusedIterator;
use std::ops::Range;

use super::Safe;
use super::width::{char_width, spans};

/// The rows of a text, each at most `columns` wide (from two columns on), as byte ranges in ascending order.
///
/// Between one row and the next nothing is left out but a `\n`, or the spaces at a fold that had no room.
/// There is always at least one row; a `\n` at the end begins an empty one. Lazy: take as many as are needed.
pub fn wrap(text: &Safe, columns: usize) -> Rows<'_> {
    Rows {
        text: text.as_str(),
        columns: columns.max(1),
        next: Some(0),
    }
}

/// The iterator that [`wrap`] returns.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    text: &'a str,
    columns: usize,
    /// Where the next row begins.
    next: Option<usize>,
}

impl Iterator for Rows<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.next?;
        let (length, next) = first_row(&self.text[start..], self.columns);
        self.next = next.map(|after| start + after);
        Some(start..start + length)
    }
}

impl FusedIterator for Rows<'_> {}

/// Length of the first row, and where the next begins if there is one.
fn first_row(text: &str, columns: usize) -> (usize, Option<usize>) {
    let mut at = 0;
    let mut used = 0;
    let mut fold = None;
    let mut last = "";
    for (cell, wide) in spans(text) {
        if cell == "\n" {
            return (at, Some(at + 1));
        }
        if may_fold(&text[..at], last, cell) {
            fold = Some(at);
        }
        if used + wide > columns && at > 0 {
            if is_space(cell) {
                return (at, after_spaces(text, at));
            }
            let end = fold.unwrap_or(at);
            return (end, Some(end));
        }
        at += cell.len();
        used += wide;
        last = cell;
    }
    (at, None)
}

/// Where the row after a fold at `at` begins: the spaces without room, and the line break behind them, are in no row.
fn after_spaces(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].trim_start_matches(' ');
    let start = text.len() - rest.len();
    match rest.chars().next() {
        None => None,
        Some('\n') => Some(start + 1),
        Some(_) => Some(start),
    }
}

fn is_space(cell: &str) -> bool {
    cell == " "
}

/// May a row end after `before`, whose last cell is `last`, and the next begin with `cell`?
fn may_fold(before: &str, last: &str, cell: &str) -> bool {
    let (Some(last), Some(first)) = (last.chars().next(), cell.chars().next()) else {
        return false;
    };
    match last {
        _ if first == ' ' => false,
        ' ' => true,
        // In a word, not in an option's name or a number.
        '-' => {
            first.is_alphabetic()
                && before
                    .chars()
                    .rev()
                    .nth(1)
                    .is_some_and(char::is_alphanumeric)
        }
        _ => {
            (stands_alone(last) || stands_alone(first))
                && !OPENING.contains(last)
                && !CLOSING.contains(first)
        }
    }
}

/// Wide characters need no space between words, but for Korean, which writes it.
fn stands_alone(c: char) -> bool {
    let korean =
        matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}');
    char_width(c) == 2 && !korean
}

/// No row ends with these.
const OPENING: &str = "([{（［｛「『【〈《";

/// No row begins with these.
const CLOSING: &str = ")]}.,:;!?）］｝」』】〉》、。，．：；！？ーっッゃャゅュょョ々";
