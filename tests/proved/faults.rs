//! The faults that `scripts/deep faults` seeds: each still fits the code, breaks a promise there is, and is looked for
//! by a test there is.

use std::{collections::BTreeSet, fs};

use serde::Deserialize;

use crate::{house, promises::promised_tags, tests_named::tests};

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    name: String,
    promise: String,
    what: String,
    file: String,
    find: String,
    with: String,
    test: String,
}

#[test]
fn each_seeded_fault_fits_the_code_and_has_its_test() {
    let text = fs::read_to_string(house().join("tests/faults.toml")).expect("the faults");
    let faults = toml::from_str::<Faults>(&text).expect("faults").fault;
    let (promised, tests) = (promised_tags(), tests());
    let mut names = BTreeSet::new();
    for fault in &faults {
        let name = &fault.name;
        assert!(names.insert(name), "{name} is there twice");
        assert!(
            !fault.what.is_empty(),
            "{name} does not say what goes wrong"
        );
        assert!(
            promised.contains(&fault.promise),
            "{name}: no promise {}",
            fault.promise
        );
        let code = fs::read_to_string(house().join(&fault.file)).expect("a source");
        let stands = code.matches(&fault.find).count();
        assert_eq!(
            stands, 1,
            "{name}: in {} it stands {stands} times: {}",
            fault.file, fault.find
        );
        assert_ne!(fault.find, fault.with, "{name} breaks nothing");
        let filter = fault.test.split_whitespace().last().unwrap_or_default();
        let filter = filter.rsplit("::").next().unwrap_or_default();
        assert!(
            tests.iter().any(|test| test.name.starts_with(filter)),
            "{name}: no test begins with {filter:?}"
        );
    }
}
