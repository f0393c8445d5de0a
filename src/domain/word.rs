//! The words of a text as they are looked for: case and accents gone, so that `jose` finds `José`.
//!
//! A contact's name and a message are taken apart by the same rule. Where a script writes no spaces between its words,
//! each of its characters in a message stands for itself, so that what is looked for is found in the middle, too.

use std::ops::Range;

use super::fold::{fold, is_mark};

/// How much of a word is kept, in characters: more than anybody types.
pub const LONGEST: usize = 48;

/// The words of a text, folded.
pub fn folded(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .map(fold)
        .filter(|word| !word.is_empty())
}

/// Whether two texts have the same words.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    folded(a).eq(folded(b))
}

/// Whether the words of a text begin with those looked for, the last of which need not be whole.
#[must_use]
pub fn begins(text: &str, with: &str) -> bool {
    let mut has = folded(text);
    let mut wanted = folded(with).peekable();
    while let Some(word) = wanted.next() {
        match has.next() {
            Some(there) if there == word => {}
            Some(there) => return wanted.peek().is_none() && there.starts_with(&word),
            None => return false,
        }
    }
    true
}

/// A word of a message: where it stands, and how it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Its bytes in the text.
    pub at: Range<usize>,
    /// The word, folded, at most [`LONGEST`] characters of it.
    pub word: String,
}

/// The words of a message, in order.
pub fn spoken(text: &str) -> impl Iterator<Item = Spoken> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (from, first) = rest.next()?;
            if !first.is_alphanumeric() {
                continue;
            }
            let alone = stands_alone(first);
            let mut to = from + first.len_utf8();
            while let Some((at, c)) = rest.next_if(|(_, c)| {
                is_mark(*c) || (!alone && c.is_alphanumeric() && !stands_alone(*c))
            }) {
                to = at + c.len_utf8();
            }
            let mut word = fold(&text[from..to]);
            if let Some((end, _)) = word.char_indices().nth(LONGEST) {
                word.truncate(end);
            }
            if !word.is_empty() {
                return Some(Spoken { at: from..to, word });
            }
        }
    })
}

/// Whether a character is of a script that writes no spaces between words: Thai, Lao, Burmese, Khmer, kana and Han.
fn stands_alone(c: char) -> bool {
    matches!(
        c,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        spoken(text).map(|spoken| spoken.word).collect()
    }

    #[test]
    fn a_message_is_taken_apart_as_a_name_is() {
        assert_eq!(
            words("Straße, O'Brien: 3.50€!"),
            ["strasse", "o", "brien", "3", "50"]
        );
        assert_eq!(words("Jose\u{301} JOSÉ"), ["jose", "jose"]);
        assert_eq!(
            words("返金 refund をお願い"),
            ["返", "金", "refund", "を", "お", "願", "い"]
        );
    }

    #[test]
    fn what_is_typed_is_the_beginning_of_a_name() {
        assert!(begins("Promise to pay", "promise t") && begins("Payments", "PAY"));
        assert!(begins("Payments", "") && begins("José", "jose"));
        assert!(!begins("Promise to pay", "prom to") && !begins("Pay", "payments"));
        assert!(!begins("Promise to pay", "pay"));
        assert!(same("Promise  to-pay", "promise TO pay") && !same("Pay", "Payments"));
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_is_said_to(text in any::<String>()) {
            let mut end = 0;
            for Spoken { at, word } in spoken(&text) {
                prop_assert!(end <= at.start && at.start < at.end);
                end = at.end;
                prop_assert!(fold(&text[at]).starts_with(&word));
                prop_assert!(!word.is_empty() && !word.contains(char::is_whitespace));
                // What is kept of it finds itself.
                prop_assert_eq!(&fold(&word), &word);
            }
        }

        #[test]
        fn the_letters_of_both_readings_are_the_same(text in "[ -~à-öø-ÿ\u{300}-\u{303}]{0,60}") {
            prop_assert_eq!(words(&text), folded(&text).collect::<Vec<_>>());
        }
    }
}
