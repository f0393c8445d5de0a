//! Which word somebody meant who wrote one we do not know.

/// The valid word nearest to `word`, if any is near enough to be what was meant: less than half of the
/// letters differ. The earlier of two equally near ones.
#[must_use]
pub fn nearest<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).collect();
    valid
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| distance * 2 < candidate.len().max(word.len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to add, drop or change to come from one word to the other.
fn distance(from: &[char], to: &str) -> usize {
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (line, letter) in to.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in from.iter().enumerate() {
            let change = diagonal + usize::from(*other != letter);
            diagonal = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[from.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(from: &str, to: &str) -> usize {
        distance(&from.chars().collect::<Vec<_>>(), to)
    }

    proptest! {
        #[test]
        fn the_distance_is_none_for_itself_and_the_same_both_ways(a in "[a-c]{0,6}", b in "[a-c]{0,6}") {
            prop_assert_eq!(between(&a, &a), 0);
            prop_assert_eq!(between(&a, &b), between(&b, &a));
            prop_assert!(between(&a, &b) >= a.len().abs_diff(b.len()));
            prop_assert!(between(&a, &b) <= a.len().max(b.len()));
        }
    }

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_none() {
        let valid = ["view", "queue", "expected_assignee", "limit"];
        assert_eq!(
            nearest("veiw", valid),
            None,
            "half of the letters are a stranger"
        );
        assert_eq!(nearest("vie", valid), Some("view"));
        assert_eq!(
            nearest("expected_asignee", valid),
            Some("expected_assignee")
        );
        assert_eq!(nearest("Queue", valid), Some("queue"));
        assert_eq!(nearest("colour", valid), None);
        assert_eq!(nearest("", valid), None);
    }
}
