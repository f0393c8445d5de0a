//! The promises of `docs/promises.md`, and the table below them: promise, test, figure.
//!
//! What the tests measured is kept by `support/figure.rs`; a figure not measured since stays as it was written.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    house,
    tests_named::{Named, is_tag, tests},
};

/// Promises nothing keeps yet. The list only ever gets shorter.
const NOT_YET: &[&str] = &[];

/// What begins the table; all above it is written by hand.
const HEADING: &str = "## What proves them\n";

const INTRODUCTION: &str = "
Written by the tests themselves: `HANDBACK_REWRITE=1 cargo test --test proved`, after those that measure. A test whose
row has no figure proves that something holds, not how much. Debug build where nothing else is said, two cores, other
work beside it.

| promise | test | measured |
|---|---|---|
";

/// The page, by hand and by the tests.
fn page() -> (String, String) {
    let text = fs::read_to_string(house().join("docs/promises.md")).expect("the promises");
    match text.split_once(HEADING) {
        Some((by_hand, table)) => (by_hand.to_owned(), table.to_owned()),
        None => (text + "\n", String::new()),
    }
}

/// The tags of the promises, in their order.
fn promised(by_hand: &str) -> Vec<String> {
    let tag = |line: &str| {
        let (tag, _) = line.strip_prefix("- **")?.split_once("**")?;
        is_tag(tag).then(|| tag.to_owned())
    };
    by_hand.lines().filter_map(tag).collect()
}

/// The tags of all promises.
pub(crate) fn promised_tags() -> Vec<String> {
    promised(&page().0)
}

/// What a row says was measured, by the row's test.
fn written(table: &str) -> BTreeMap<String, String> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (_, test, measured) = (cells.next()?, cells.next()?, cells.next()?);
        let test = test.strip_prefix('`')?.split('`').next()?;
        Some((test.to_owned(), measured.trim().to_owned()))
    };
    table.lines().filter_map(row).collect()
}

/// What was measured since the folder of figures was last emptied.
fn measured(test: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("figures")
        .join(test);
    let mut figures: Vec<String> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|file| {
            let what = file.file_name().to_string_lossy().replace('∕', "/");
            let value = fs::read_to_string(file.path()).expect("a figure");
            format!("{what}: {value}")
        })
        .collect();
    figures.sort();
    Some(figures.join("; ").replace('|', "/"))
}

/// A row for each promise and each of its tests.
fn table(promised: &[String], tests: &[Named], figure: impl Fn(&str) -> String) -> String {
    let mut table = INTRODUCTION.to_owned();
    for promise in promised {
        for test in tests.iter().filter(|test| test.tags.contains(promise)) {
            let (name, file, figure) = (&test.name, &test.file, figure(&test.name));
            table += &format!("| {promise} | `{name}` in {file} | {figure} |\n");
        }
    }
    table
}

#[test]
fn every_promise_is_named_by_a_test_or_said_to_have_none_yet() {
    let (promised, tests) = (promised(&page().0), tests());
    assert!(
        promised.len() > 25,
        "the reader of promises found only {promised:?}"
    );
    let proved = |promise: &str| {
        tests
            .iter()
            .any(|test| test.tags.iter().any(|tag| tag == promise))
    };
    let unproved: Vec<&String> = promised.iter().filter(|promise| !proved(promise)).collect();
    assert_eq!(
        unproved, NOT_YET,
        "left: without a test; right: those allowed to have none"
    );
}

#[test]
fn the_table_of_promises_names_the_tests_there_are() {
    let (by_hand, old) = page();
    let known = written(&old);
    let (promised, tests) = (promised(&by_hand), tests());
    let kept = |test: &str| known.get(test).cloned().unwrap_or_default();
    if std::env::var_os("HANDBACK_REWRITE").is_some() {
        let figure = |test: &str| measured(test).unwrap_or_else(|| kept(test));
        let page = by_hand + HEADING + &table(&promised, &tests, figure);
        fs::write(house().join("docs/promises.md"), page).expect("the page written");
        return;
    }
    assert!(
        old == table(&promised, &tests, kept),
        "docs/promises.md names other tests than there are: HANDBACK_REWRITE=1 cargo test --test proved"
    );
}
