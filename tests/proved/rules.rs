//! The rules of the domain.

use std::fs;

use crate::{
    house,
    tests_named::{is_tag, tests},
};

/// Rules nothing keeps yet. The list only ever gets shorter: what has a test may not stand in it.
const NOT_YET: &[&str] = &[];

/// The tags of the rules, in their order.
fn rules() -> Vec<String> {
    let text = fs::read_to_string(house().join("docs/rules.md")).expect("the rules");
    let tag = |line: &str| {
        let (tag, rest) = line.strip_prefix("- **")?.split_once(' ')?;
        (rest.starts_with('[') && is_tag(tag)).then(|| tag.to_owned())
    };
    text.lines().filter_map(tag).collect()
}

#[test]
fn every_rule_is_named_by_a_test_or_said_to_have_none_yet() {
    let rules = rules();
    let proved: Vec<String> = tests().into_iter().flat_map(|test| test.tags).collect();
    assert!(rules.len() > 50, "the reader of rules found only {rules:?}");
    let unproved: Vec<&str> = rules
        .iter()
        .map(String::as_str)
        .filter(|rule| !proved.iter().any(|tag| tag == rule))
        .collect();
    assert_eq!(
        unproved, NOT_YET,
        "left: the rules without a test; right: those allowed to have none, in the order of docs/rules.md"
    );
}
