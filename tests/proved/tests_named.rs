//! The tests of the house, and the tags their names begin with.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::house;

/// A function whose name begins with a tag.
pub(crate) struct Named {
    pub(crate) tags: Vec<String>,
    pub(crate) name: String,
    /// Below the house's own folder.
    pub(crate) file: String,
}

/// All of them, by file and place in it.
pub(crate) fn tests() -> Vec<Named> {
    let mut paths = sources(&house().join("src"));
    paths.extend(sources(&house().join("tests")));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("a source");
        let file = path.strip_prefix(house()).expect("a file of the house");
        for (at, _) in text.match_indices("fn ") {
            let name = text[at + 3..].split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let name = name.into_iter().next().unwrap_or_default();
            let tags = tags(name);
            if !tags.is_empty() {
                found.push(Named {
                    tags,
                    name: name.to_owned(),
                    file: file.display().to_string(),
                });
            }
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
pub(crate) fn is_tag(word: &str) -> bool {
    let (kind, number) = halves(word);
    (1..=2).contains(&kind.len())
        && kind.bytes().all(|b| b.is_ascii_uppercase())
        && number.parse::<u32>().is_ok()
}

fn halves(tag: &str) -> (&str, &str) {
    tag.split_at(tag.find(|c: char| c.is_ascii_digit()).unwrap_or(tag.len()))
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
fn names_are_read_as_they_are_meant() {
    assert_eq!(tags("q3_a_login_gets_them"), ["Q3"]);
    assert_eq!(tags("u3_u5_unassigning"), ["U3", "U5"]);
    assert_eq!(tags("v1_to_v4_who_sees"), ["V1", "V2", "V3", "V4"]);
    assert_eq!(tags("sp1_phrases"), ["SP1"]);
    assert!(tags("to_v3").is_empty() && tags("a_q3_in_the_middle").is_empty());
    assert!(tags("utf8_is_no_rule").is_empty());
}
