//! The words a contact is found by, and the ranges of words that a search asks for.
//!
//! A word of the name is kept folded: case and accents gone, so that `jose` finds `José`. The digits of
//! the address are kept forwards and backwards, so that both its beginning and its end are a prefix.
//! Prefixes are ranges of an index: there is no infix search.

use std::collections::BTreeSet;

use crate::domain::{
    fold::{fold, is_mark},
    id::is_id,
};

/// A folded word of the name, or an address that is a word.
const NAME: char = 'n';
/// The address's digits.
const DIGITS: char = 'd';
/// The address's digits, last one first.
const REVERSED: char = 'r';

/// How much of a word is kept, in characters: more than anybody types.
const LONGEST: usize = 48;

/// How many words of a name are kept: strangers write names.
const MOST: usize = 16;

/// Everything a contact is found by, each marked with what it is.
pub(super) fn of_contact(name: &str, address: &str) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = split(name).take(MOST).map(|w| marked(NAME, &w)).collect();
    if address.chars().any(char::is_alphabetic) {
        words.extend(split(address).take(MOST).map(|w| marked(NAME, &w)));
    }
    let digits: String = address
        .chars()
        .filter(char::is_ascii_digit)
        .take(LONGEST)
        .collect();
    if !digits.is_empty() {
        words.insert(marked(REVERSED, &reversed(&digits)));
        words.insert(marked(DIGITS, &digits));
    }
    words
}

/// What one word of a search asks for: contacts with a word in any of these ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted(pub(super) Vec<Range>);

impl Wanted {
    /// Whether a contact that has these words has something of it.
    pub(super) fn is_among(&self, words: &[String]) -> bool {
        let Self(ranges) = self;
        ranges
            .iter()
            .any(|(from, to)| words.iter().any(|word| word >= from && word < to))
    }
}

/// Words from the first on, before the second.
pub(super) type Range = (String, String);

/// The words of a search; a contact must have something of each. Nothing to search for: no words.
pub(super) fn wanted(q: &str) -> Vec<Wanted> {
    let words = q.split_whitespace().flat_map(|typed| {
        let digits: String = typed
            .chars()
            .filter(char::is_ascii_digit)
            .take(LONGEST)
            .collect();
        let number = typed
            .chars()
            .all(|c| c.is_ascii_digit() || "+-()./".contains(c));
        if number && !digits.is_empty() {
            let ranges = [
                marked(NAME, &digits),
                marked(REVERSED, &reversed(&digits)),
                marked(DIGITS, &digits),
            ];
            vec![Wanted(ranges.into_iter().map(prefix).collect())]
        } else {
            let ranges = split(typed).map(|word| prefix(marked(NAME, &word)));
            ranges.map(|range| Wanted(vec![range])).collect()
        }
    });
    words.take(MOST).collect()
}

fn marked(mark: char, word: &str) -> String {
    let mut text = String::with_capacity(word.len() + 1);
    text.push(mark);
    text.extend(word.chars().take(LONGEST));
    text
}

fn reversed(digits: &str) -> String {
    digits.chars().rev().collect()
}

/// All words that begin with this one. No character a word is kept with comes after the last one there is.
fn prefix(word: String) -> Range {
    let beyond = format!("{word}{}", char::MAX);
    (word, beyond)
}

/// The words of a text, folded.
fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .map(fold)
        .filter(|word| !word.is_empty())
}

/// An id made from a name: the name itself if it may be one, else its words, folded, joined by hyphens.
pub(super) fn as_id(name: &str) -> String {
    if is_id(name) {
        return name.to_owned();
    }
    split(name).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(q: &str, name: &str, address: &str) -> bool {
        let words: Vec<String> = of_contact(name, address).into_iter().collect();
        wanted(q).iter().all(|wanted| wanted.is_among(&words))
    }

    #[test]
    fn f1_each_word_is_a_prefix_of_a_word_of_the_name() {
        assert!(finds("jo", "Bea Jones", "") && finds("JONES bea", "Bea Jones", ""));
        assert!(finds("", "Bea Jones", ""), "nothing asked, nothing refused");
        assert!(!finds("ones", "Bea Jones", ""), "no infix");
        assert!(!finds("bea smith", "Bea Jones", ""), "each word counts");
        assert!(finds("o'brien", "Mary O'Brien", "") && finds("brien", "Mary O'Brien", ""));
    }

    #[test]
    fn f1_case_and_accents_make_no_difference() {
        for name in ["José Müller", "JOSÉ MÜLLER", "Jose\u{301} Mu\u{308}ller"] {
            assert!(finds("jose muller", name, ""), "{name}");
            assert!(finds("JOSÉ", name, "") && finds("mül", name, ""), "{name}");
        }
        assert!(finds("strasse", "Straße", "") && finds("lodz", "Łódź", ""));
        assert!(finds("наташа", "Наташа", "") && finds("田", "田中", ""));
    }

    #[test]
    fn f1_digits_start_or_end_the_address() {
        let address = "+44 7700 900123";
        for q in [
            "4477",
            "+44",
            "900123",
            "0123",
            "447700900123",
            "+447700900123",
        ] {
            assert!(finds(q, "Bea", address), "{q}");
        }
        for q in ["7700", "44 7701", "9001234"] {
            assert!(!finds(q, "Bea", address), "{q}");
        }
        assert!(
            finds("123", "Agent 1234", ""),
            "a number may be a word of the name"
        );
    }

    #[test]
    fn a_hostile_name_keeps_few_and_short_words() {
        let words = of_contact(&"x".repeat(10_000), &"1".repeat(10_000));
        assert!(words.iter().all(|w| w.chars().count() <= LONGEST + 1));
        assert!(of_contact(&"a b c d e f g h i j k l m n o p q r".repeat(99), "").len() <= MOST);
    }
}
