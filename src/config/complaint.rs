//! What is wrong with a configuration file: where, and what was probably meant.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// One thing wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    file: PathBuf,
    line: usize,
    what: String,
}

impl Complaint {
    pub(super) fn new(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start).min(text.len());
        Self {
            file: file.to_owned(),
            line: 1 + text.as_bytes()[..start]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count(),
            what: meant(error.message()),
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.what)
    }
}

/// serde's message in words for people. It names the wrong word first and the possible ones after it, each in
/// backticks; any other message is left as it is.
fn meant(message: &str) -> String {
    let mut words = message.split('`').skip(1).step_by(2);
    let (Some(wrong), possible) = (words.next(), words.collect::<Vec<_>>()) else {
        return message.to_owned();
    };
    let complaint = if message.starts_with("unknown field") {
        format!("there is no setting `{wrong}`")
    } else if message.starts_with("unknown variant") {
        format!("`{wrong}` is not possible here")
    } else {
        return message.to_owned();
    };
    match nearest(wrong, &possible) {
        Some(word) => format!("{complaint}; did you mean `{word}`?"),
        None => format!("{complaint}; possible are `{}`", possible.join("`, `")),
    }
}

/// The possible word with the fewest letters to change, if that is less than half of them.
fn nearest<'a>(wrong: &str, possible: &[&'a str]) -> Option<&'a str> {
    possible
        .iter()
        .map(|word| (changes(wrong, word), *word))
        .min()
        .filter(|(changes, word)| changes * 2 < word.len().max(wrong.len()))
        .map(|(_, word)| word)
}

/// How many letters are to be added, removed or replaced between two words (Levenshtein).
fn changes(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in to.chars().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[row.len() - 1]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_nearest_word_is_the_one_probably_meant() {
        let words = ["theme", "ascii", "mouse", "send"];
        assert_eq!(nearest("teme", &words), Some("theme"));
        assert_eq!(nearest("mose", &words), Some("mouse"));
        assert_eq!(nearest("tokens", &words), None);
    }

    proptest! {
        #[test]
        fn the_distance_is_none_for_itself_and_the_same_both_ways(a in "[a-c]{0,6}", b in "[a-c]{0,6}") {
            prop_assert_eq!(changes(&a, &a), 0);
            prop_assert_eq!(changes(&a, &b), changes(&b, &a));
            prop_assert!(changes(&a, &b) >= a.len().abs_diff(b.len()));
            prop_assert!(changes(&a, &b) <= a.len().max(b.len()));
        }
    }
}
