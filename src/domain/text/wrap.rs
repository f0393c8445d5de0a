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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str, columns: usize) -> Vec<String> {
        let text = Safe::text(text);
        wrap(&text, columns)
            .map(|row| text.slice(row).to_string())
            .collect()
    }

    #[test]
    fn folds_between_words() {
        assert_eq!(
            rows("Can I split the rest?", 9),
            ["Can I ", "split the", "rest?"]
        );
        assert_eq!(
            rows("well-known pay-as-you-go", 10),
            ["well-known", "pay-as-", "you-go"]
        );
    }

    #[test]
    fn breaks_a_word_longer_than_a_row() {
        assert_eq!(
            rows("see https://pay.example/x", 8),
            ["see ", "https://", "pay.exam", "ple/x"]
        );
    }

    #[test]
    fn an_option_or_a_number_is_not_folded_at_its_hyphen() {
        assert_eq!(rows("ab --help", 6), ["ab ", "--help"]);
        assert_eq!(rows("ab -50", 5), ["ab ", "-50"]);
    }

    #[test]
    fn keeps_the_lines_it_was_given() {
        assert_eq!(rows("", 5), [""]);
        assert_eq!(rows("a\n\nb\n", 5), ["a", "", "b", ""]);
        assert_eq!(rows("12345\n12345 \nx", 5), ["12345", "12345", "x"]);
    }

    #[test]
    fn spaces_without_room_are_in_no_row() {
        assert_eq!(rows("12345   67", 5), ["12345", "67"]);
        assert_eq!(rows("       67", 5), ["     ", "67"]);
        assert_eq!(rows("12345 ", 5), ["12345"]);
    }

    #[test]
    fn wide_characters_fold_anywhere_but_before_a_full_stop() {
        assert_eq!(rows("汉字汉字。", 8), ["汉字汉", "字。"]);
        assert_eq!(rows("한국어 한국어", 8), ["한국어 ", "한국어"]);
        assert_eq!(rows("汉字", 1), ["汉", "字"]);
    }

    fn prose() -> impl Strategy<Value = String> {
        prop_oneof!["[a-c汉한🇬\u{301} \n(。-]{0,80}", any::<String>()]
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_shown_twice(source in prose(), columns in 1_usize..12) {
            let text = Safe::text(&source);
            let mut shown = 0;
            for row in wrap(&text, columns) {
                let gap = &text.as_str()[shown..row.start];
                prop_assert!(gap.trim_start_matches(' ').len() <= 1, "{:?}", gap);
                prop_assert!(gap.chars().all(|c| c == ' ' || c == '\n'), "{:?}", gap);
                prop_assert!(!text.as_str()[row.clone()].contains('\n'));
                shown = row.end;
            }
            prop_assert!(text.as_str()[shown..].chars().all(|c| c == ' '));
        }

        #[test]
        fn no_row_is_wider_than_asked(source in prose(), columns in 2_usize..12) {
            let text = Safe::text(&source);
            for row in wrap(&text, columns) {
                prop_assert!(text.slice(row).width() <= columns);
            }
        }
    }
}
