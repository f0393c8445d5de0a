//! The part of a message around what was found in it.

use std::ops::Range;

/// How long it is at most, in bytes.
pub(super) const LONGEST: usize = 200;
/// How much of it comes before the first thing found, at most.
const BEFORE: usize = 60;
/// What stands for what was left out.
const ELLIPSIS: &str = "…";

/// A part of an excerpt, and whether it is what was looked for.
pub type Part = (String, bool);

/// The part of a text around the first of these places, which lie in order and apart.
pub(super) fn excerpt(text: &str, found: &[Range<usize>]) -> Vec<Part> {
    let first = found.first().map_or(0, |at| at.start);
    let from = start(text, first);
    let room = LONGEST - 2 * ELLIPSIS.len();
    let to = end(text, from, room);
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |piece: &str, is_found: bool| {
        if piece.is_empty() {
            return;
        }
        match parts.last_mut() {
            Some((last, was)) if *was == is_found => last.push_str(piece),
            _ => parts.push((piece.to_owned(), is_found)),
        }
    };
    if from > 0 {
        add(ELLIPSIS, false);
    }
    let mut at = from;
    for range in found {
        let (start, end) = (range.start.clamp(at, to), range.end.clamp(at, to));
        add(&text[at..start], false);
        add(&text[start..end], true);
        at = end;
    }
    add(&text[at..to], false);
    if to < text.len() {
        add(ELLIPSIS, false);
    }
    parts
}

/// Where it begins: at the text's beginning, or before a word, not far before what was found.
fn start(text: &str, first: usize) -> usize {
    if first <= BEFORE {
        return 0;
    }
    let earliest = text.ceil_char_boundary(first - BEFORE);
    let space = text[earliest..first].find(char::is_whitespace);
    let space = space.map(|at| earliest + at);
    space.map_or(earliest, |at| first - text[at..first].trim_start().len())
}

/// Where it ends: with the text, or after a word.
fn end(text: &str, from: usize, room: usize) -> usize {
    if text.len() - from <= room {
        return text.len();
    }
    let latest = text.floor_char_boundary(from + room);
    let space = text[from..latest].rfind(char::is_whitespace);
    match space {
        Some(at) if at > room / 2 => from + at,
        _ => latest,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_lies_around_the_first_thing_found() {
        let text = format!(
            "{} the refund is late, refund it {}",
            "a ".repeat(99),
            "z ".repeat(99)
        );
        let at = text.find("refund").unwrap();
        let again = text.rfind("refund").unwrap();
        let parts = excerpt(&text, &[at..at + 6, again..again + 6]);
        assert_eq!(parts.iter().filter(|(_, found)| *found).count(), 2);
        assert!(parts[0].0.starts_with("…a ") && parts[0].0.ends_with("the "));
        assert!(parts.last().unwrap().0.ends_with(" z…"));
        let whole = vec![Range { start: 0, end: 6 }];
        assert_eq!(excerpt("refund", &whole), [("refund".to_owned(), true)]);
    }

    proptest! {
        #[test]
        fn it_is_short_and_of_the_text(text in "([a-zé日\u{301} ]{0,40}\n?){0,20}", at in any::<prop::sample::Index>(), len in 1usize..9) {
            let from = text.floor_char_boundary(at.index(text.len() + 1));
            let to = text.floor_char_boundary((from + len).min(text.len()));
            let found = vec![Range { start: from, end: to.max(from) }];
            let parts = excerpt(&text, &found);
            let whole: String = parts.iter().map(|(part, _)| part.as_str()).collect();
            prop_assert!(whole.len() <= LONGEST);
            prop_assert!(text.contains(whole.trim_start_matches('…').trim_end_matches('…')));
            let found: String = parts.iter().filter(|(_, f)| *f).map(|(part, _)| part.as_str()).collect();
            prop_assert_eq!(found, &text[from..to.max(from)]);
        }
    }
}
