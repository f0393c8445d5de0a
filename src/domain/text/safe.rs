//! [`Safe`]: the one type of text that the view accepts (R1).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use super::clean::{Shape, clean};
use super::width::{char_width, width};

/// Text that can be shown on a terminal whoever wrote it.
///
/// It holds only characters with a shape, spaces, marks on characters that carry them, and `\n` between lines.
/// What replaces the others is told in `clean`; nothing goes silently but the finery of emoji.
///
/// Cloning and slicing share the text. Equality, order and hash are those of the text alone.
#[derive(Clone, Default)]
pub struct Safe {
    text: Shared,
    altered: usize,
}

impl Safe {
    /// A field of one line: a name, an address, a preview. A line break becomes `⏎`, a tab one space.
    pub fn line(source: &str) -> Self {
        Self::cleaned(source, Shape::Line)
    }

    /// The body of a message. Every kind of line break becomes `\n`; a tab, spaces to the next fourth column.
    pub fn text(source: &str) -> Self {
        Self::cleaned(source, Shape::Text)
    }

    /// Our own words, which need no cleaning: one line without tabs (checked in debug builds). Costs nothing.
    pub fn literal(words: &'static str) -> Self {
        debug_assert_eq!(
            clean(words, Shape::Line).0,
            words,
            "not a literal for the screen"
        );
        Safe {
            text: Shared::Ours(words),
            altered: 0,
        }
    }

    fn cleaned(source: &str, shape: Shape) -> Self {
        let (text, altered) = clean(source, shape);
        Self::vouched(text, altered)
    }

    /// A text made only of safe texts and printable ASCII, so that it is safe without another look.
    pub(super) fn vouched(text: String, altered: usize) -> Self {
        Safe {
            text: Shared::Theirs {
                range: 0..text.len(),
                whole: text.into(),
            },
            altered,
        }
    }

    /// The parts one after the other, with `separator` between them.
    pub fn join<'a>(separator: &Safe, parts: impl IntoIterator<Item = &'a Safe>) -> Self {
        let mut whole = String::new();
        let mut altered = 0;
        for (place, part) in parts.into_iter().enumerate() {
            if place > 0 {
                whole.push_str(separator.as_str());
            }
            whole.push_str(part.as_str());
            altered += part.altered;
        }
        Self::vouched(whole, altered)
    }

    /// Appends; costs a copy of the whole, so [`join`](Self::join) what has many parts.
    pub fn push(&mut self, more: &Safe) {
        *self = Self::join(&Safe::default(), [&*self, more]);
    }

    /// The text, for a string of bytes that goes nowhere near a terminal, or a cell of it.
    pub fn as_str(&self) -> &str {
        match &self.text {
            Shared::Ours(words) => words,
            Shared::Theirs { whole, range } => &whole[range.clone()],
        }
    }

    /// Bytes of [`as_str`](Self::as_str).
    pub fn len(&self) -> usize {
        self.as_str().len()
    }

    /// Is there no character in it?
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    /// Is there nothing in it to see?
    pub fn is_blank(&self) -> bool {
        // A cell of Braille without a dot counts as a letter elsewhere.
        let unseen = |c: char| c.is_whitespace() || c == '\u{2800}';
        self.as_str().chars().all(unseen)
    }

    /// The lines, without their line breaks; an empty text has one, and a break at the end begins one.
    pub fn lines(&self) -> impl Iterator<Item = Safe> {
        let mut start = 0;
        self.as_str().split('\n').map(move |line| {
            let range = start..start + line.len();
            start = range.end + 1;
            self.slice(range)
        })
    }

    /// Columns it takes in one row.
    pub fn width(&self) -> usize {
        width(self.as_str())
    }

    /// Its cells from left to right with their columns; see [`cells`](super::cells).
    pub fn cells(&self) -> impl Iterator<Item = (&str, usize)> {
        super::cells(self.as_str())
    }

    /// How many characters of the source are shown otherwise than they were written (R2).
    ///
    /// Line breaks, tabs and the finery of emoji are not counted; a slice counts nothing.
    pub fn altered(&self) -> usize {
        self.altered
    }

    /// A part, by bytes, sharing the text: of all the cells that begin in `range`, whatever it cuts through.
    pub fn slice(&self, range: Range<usize>) -> Safe {
        let text = self.as_str();
        let start = next_cell(text, range.start);
        let end = next_cell(text, range.end).max(start);
        let text = match &self.text {
            Shared::Ours(words) => Shared::Ours(&words[start..end]),
            Shared::Theirs { whole, range } => Shared::Theirs {
                whole: Arc::clone(whole),
                range: range.start + start..range.start + end,
            },
        };
        Safe { text, altered: 0 }
    }
}

/// The first offset from `offset` on where a character begins that is no mark, or the end.
fn next_cell(text: &str, offset: usize) -> usize {
    let begins = |&at: &usize| {
        text.get(at..)
            .is_some_and(|rest| rest.chars().next().is_none_or(|c| char_width(c) > 0))
    };
    (offset..text.len()).find(begins).unwrap_or(text.len())
}

/// A text without a copy: our own, or a part of one that its slices share.
#[derive(Clone)]
enum Shared {
    Ours(&'static str),
    Theirs {
        whole: Arc<str>,
        range: Range<usize>,
    },
}

impl Default for Shared {
    fn default() -> Self {
        Shared::Ours("")
    }
}

impl PartialEq for Safe {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Safe {}

impl PartialEq<str> for Safe {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Safe {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Safe {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Safe {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Safe {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl AsRef<str> for Safe {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// Pads, aligns and cuts as `{:<10}` asks for, but by characters: for columns use [`Safe::pad`] and [`Safe::cut`].
impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How long it is, not what it says: a customer's words are in no log and no report of a panic (R42).
impl fmt::Debug for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Safe({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r2_a_text_says_how_many_characters_were_changed() {
        let message = Safe::text("\u{1b}[31m\u{202e}Hi\tthere\n");
        assert_eq!(message.altered(), 2);
        assert_eq!(
            Safe::join(&Safe::literal(", "), [&message, &message]).altered(),
            4
        );
    }

    #[test]
    fn blanks_of_all_kinds_are_nothing_to_see() {
        for blank in ["", " \n\t", "\u{a0} \u{3000}", "\u{2800}\u{2003}"] {
            assert!(Safe::text(blank).is_blank(), "{blank:?}");
        }
        // What hides is shown by its code.
        for seen in [".", "\u{3164}", "\u{200b}", " \u{202e} "] {
            assert!(!Safe::text(seen).is_blank(), "{seen:?}");
        }
    }

    #[test]
    fn equality_and_order_are_those_of_the_text() {
        assert_eq!(Safe::line("\u{1b}"), Safe::literal("␛"));
        assert!(Safe::literal("a") < Safe::line("b"));
        assert_eq!(Safe::default(), "");
    }

    #[test]
    fn joins_and_pushes() {
        let parts = [Safe::line("Anna"), Safe::line("Ben")];
        let mut names = Safe::join(&Safe::literal(", "), &parts);
        names.push(&Safe::literal("."));
        assert_eq!(names, "Anna, Ben.");
    }

    #[test]
    fn a_slice_starts_with_no_mark_and_halves_no_character() {
        let text = Safe::text("ae\u{301}汉b");
        assert_eq!(text.slice(1..4), "e\u{301}");
        assert_eq!(text.slice(2..5), "汉");
        assert_eq!(text.slice(5..99), "b");
        assert_eq!(text.slice(3..4).slice(0..9), "");
    }

    #[test]
    fn lines_are_without_their_breaks() {
        let lines: Vec<_> = Safe::text("a\r\n\nb").lines().collect();
        assert_eq!(lines, ["a", "", "b"]);
    }

    #[cfg(debug_assertions)]
    #[test]
    #[should_panic(expected = "not a literal")]
    fn r1_a_literal_is_our_own_words() {
        let _ = Safe::literal("\u{1b}[2J");
    }
}
