//! Every rule of `docs/rules.md` has a test that says so by its name: `q3_…`, `u3_u5_…`, `v1_to_v6_…`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Rules nothing keeps yet. The list only ever gets shorter: what has a test may not stand in it.
const NOT_YET: &[&str] = &["SP1", "T1"];

/// The tags of the rules, in their order.
fn rules() -> Vec<String> {
    let text = fs::read_to_string(house().join("docs/rules.md")).expect("the rules");
    let tag = |line: &str| {
        let (tag, rest) = line.strip_prefix("- **")?.split_once(' ')?;
        (rest.starts_with('[') && is_tag(tag)).then(|| tag.to_owned())
    };
    text.lines().filter_map(tag).collect()
}

/// The tags that names of functions begin with, ranges written out.
fn proved() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in sources(&house().join("src"))
        .into_iter()
        .chain(sources(&house().join("tests")))
    {
        let text = fs::read_to_string(&path).expect("a source");
        for (at, _) in text.match_indices("fn ") {
            let name = text[at + 3..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            found.extend(tags(name.into_iter().next().unwrap_or_default()));
        }
    }
    found
}

/// The tags a name begins with.
fn tags(name: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut parts = name.split('_').peekable();
    while let Some(part) = parts.next() {
        let part = part.to_uppercase();
        if part == "TO"
            && let (Some(first), Some(last)) = (tags.last().cloned(), parts.peek())
        {
            let last = last.to_uppercase();
            tags.extend(between(&first, &last));
        } else if is_tag(&part) {
            tags.push(part);
        } else {
            break;
        }
    }
    tags
}

/// What lies between two tags of one kind.
fn between(first: &str, last: &str) -> Vec<String> {
    let (kind, from) = halves(first);
    let (_, to) = halves(last);
    match (from.parse::<u32>(), to.parse::<u32>()) {
        (Ok(from), Ok(to)) => (from + 1..to).map(|n| format!("{kind}{n}")).collect(),
        _ => Vec::new(),
    }
}

/// One or two capitals, then a number.
fn is_tag(word: &str) -> bool {
    let (kind, number) = halves(word);
    (1..=2).contains(&kind.len())
        && kind.bytes().all(|b| b.is_ascii_uppercase())
        && number.parse::<u32>().is_ok()
}

fn halves(tag: &str) -> (&str, &str) {
    tag.split_at(tag.find(|c: char| c.is_ascii_digit()).unwrap_or(tag.len()))
}

fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_rule_is_named_by_a_test_or_said_to_have_none_yet() {
    let (rules, proved) = (rules(), proved());
    assert!(rules.len() > 50, "the reader of rules found only {rules:?}");
    let unproved: Vec<&str> = rules
        .iter()
        .map(String::as_str)
        .filter(|rule| !proved.contains(*rule))
        .collect();
    assert_eq!(
        unproved, NOT_YET,
        "left: the rules without a test; right: those allowed to have none, in the order of docs/rules.md"
    );
}

#[test]
fn names_are_read_as_they_are_meant() {
    assert_eq!(tags("q3_a_login_gets_them"), ["Q3"]);
    assert_eq!(tags("u3_u5_unassigning"), ["U3", "U5"]);
    assert_eq!(tags("v1_to_v4_who_sees"), ["V1", "V2", "V3", "V4"]);
    assert_eq!(tags("sp1_phrases"), ["SP1"]);
    assert!(tags("to_v3").is_empty() && tags("a_q3_in_the_middle").is_empty());
    assert!(tags("utf8_is_no_rule").is_empty());
}
