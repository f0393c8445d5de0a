//! How what is being typed into a search could go on: a field, or what a field can be.

use super::{
    search::{Field, Is, Piece, Quotes, pieces},
    text::Safe,
    word,
};
use crate::say;

/// What is known to look for, by name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The queues.
    pub queues: Vec<Safe>,
    /// The statuses.
    pub statuses: Vec<Safe>,
    /// The channels.
    pub channels: Vec<Safe>,
    /// The people: what they sign in as, and what they are called.
    pub people: Vec<(Safe, Safe)>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// As it is offered.
    pub shown: Safe,
    /// The whole text, once it is taken.
    pub text: String,
}

/// How many are offered at once.
const MOST: usize = 12;

/// How the last thing typed could go on, the likeliest first. Where nothing was typed yet, every field.
#[must_use]
pub fn completions(text: &str, known: &Known) -> Vec<Completion> {
    let last = pieces(text).last();
    let begun = last.filter(|piece| {
        piece.quotes == Quotes::Open
            || (piece.quotes == Quotes::None && !text.ends_with(char::is_whitespace))
    });
    match begun {
        None => of_fields(text, ""),
        Some(piece) if piece.field.is_none() => match piece.quotes {
            Quotes::None => of_fields(&text[..piece.at], piece.value),
            _ => Vec::new(),
        },
        Some(piece) => of_values(&text[..piece.at], piece, known),
    }
}

fn of_fields(before: &str, begun: &str) -> Vec<Completion> {
    let begun = begun.to_ascii_lowercase();
    let fits = |field: &&Field| field.word().starts_with(&begun);
    let offer = |field: &Field| Completion {
        shown: say!("{}:", field.word()),
        text: format!("{before}{}:", field.word()),
    };
    Field::ALL.iter().filter(fits).map(offer).collect()
}

fn of_values(before: &str, piece: Piece<'_>, known: &Known) -> Vec<Completion> {
    let Some(field) = piece
        .field
        .and_then(|name| Field::from_word(&name.to_ascii_lowercase()))
    else {
        return Vec::new();
    };
    let named = |names: &[Safe]| -> Vec<(Safe, Safe)> {
        names
            .iter()
            .map(|name| (name.clone(), name.clone()))
            .collect()
    };
    let fixed = |words: &[&'static str]| -> Vec<(Safe, Safe)> {
        let words = words.iter().map(|word| Safe::literal(word));
        words.map(|word| (word.clone(), word)).collect()
    };
    let values = match field {
        Field::Contact | Field::Text => Vec::new(),
        Field::Queue => named(&known.queues),
        Field::Status => named(&known.statuses),
        Field::Channel => named(&known.channels),
        Field::By => {
            let people = known.people.iter();
            let people =
                people.map(|(username, name)| (username.clone(), say!("{username} ({name})")));
            fixed(&["me", "nobody"]).into_iter().chain(people).collect()
        }
        Field::Is => fixed(&Is::ALL.iter().map(|is| is.word()).collect::<Vec<_>>()),
        Field::From | Field::Until => fixed(&["today", "yesterday", "7d"]),
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (value, shown) in &values {
        if word::begins(value.as_str(), piece.value) {
            first.push((value, shown));
        } else if has_word(shown, piece.value) {
            second.push((value, shown));
        }
    }
    let offer = |(value, shown): (&Safe, &Safe)| Completion {
        shown: shown.clone(),
        text: format!(
            "{before}{}:{} ",
            field.word(),
            written(value.as_str(), &values)
        ),
    };
    first
        .into_iter()
        .chain(second)
        .take(MOST)
        .map(offer)
        .collect()
}

/// Whether a name has a word that begins so.
fn has_word(name: &Safe, begun: &str) -> bool {
    let words = name.as_str().match_indices(|c: char| !c.is_alphanumeric());
    words
        .map(|(at, separator)| &name.as_str()[at + separator.len()..])
        .any(|rest| word::begins(rest, begun))
}

/// A value as it is read again: between quotes if it has spaces, or if another one begins with it.
fn written(value: &str, values: &[(Safe, Safe)]) -> String {
    let longer =
        |(other, _): &(Safe, Safe)| other.as_str() != value && word::begins(other.as_str(), value);
    if value.contains(char::is_whitespace) || values.iter().any(longer) {
        format!("\"{}\"", value.replace('"', ""))
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::search::Search;

    fn known() -> Known {
        let names = |names: &[&'static str]| names.iter().map(|name| Safe::literal(name)).collect();
        Known {
            queues: names(&["Letters", "Payments", "Payments abroad"]),
            statuses: names(&["promise to pay", "dispute"]),
            channels: names(&["SMS", "WhatsApp"]),
            people: vec![
                (Safe::literal("anna"), Safe::literal("Anna Webb")),
                (Safe::literal("bcole"), Safe::literal("Ben Cole")),
            ],
        }
    }

    fn texts(typed: &str) -> Vec<String> {
        let offered = completions(typed, &known());
        offered.into_iter().map(|c| c.text).collect()
    }

    #[test]
    fn f1_fields_go_on_and_then_what_they_can_be() {
        assert_eq!(texts("bea q"), ["bea queue:"]);
        assert_eq!(texts("bea ").len(), Field::ALL.len());
        assert_eq!(texts("queue:let"), ["queue:Letters "]);
        assert_eq!(
            texts("queue:pay"),
            ["queue:\"Payments\" ", "queue:\"Payments abroad\" "]
        );
        assert_eq!(
            texts("x status:\"promise t"),
            ["x status:\"promise to pay\" "]
        );
        assert_eq!(
            texts("status:pay"),
            ["status:\"promise to pay\" "],
            "a word in the middle"
        );
        assert_eq!(
            texts("by:col"),
            ["by:bcole "],
            "by what they are called, too"
        );
        assert_eq!(
            texts("by:"),
            ["by:me ", "by:nobody ", "by:anna ", "by:bcole "]
        );
        assert_eq!(texts("is:un"), ["is:unanswered ", "is:unassigned "]);
        assert_eq!(texts("from:y"), ["from:yesterday "]);
        for nothing in ["contact:b", "colour:x", "zzz", "\"exact"] {
            assert_eq!(texts(nothing), [""; 0], "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_read_and_begins_as_what_was_typed(before in "[a-z ]{0,6}", typed in "(queue|status|by|is|from|channel):\"?[a-z]{0,2}") {
            let before = if before.is_empty() { before } else { format!("{before} ") };
            for offered in completions(&format!("{before}{typed}"), &known()) {
                prop_assert!(offered.text.starts_with(&before));
                prop_assert!(Search::parse(&offered.text).is_ok(), "{}", offered.text);
            }
        }

        #[test]
        fn nothing_typed_breaks_it(text in any::<String>()) {
            let _ = completions(&text, &known());
        }
    }
}
