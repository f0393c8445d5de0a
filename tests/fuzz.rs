//! The short form of the fuzzing: every target over its seeds and over random cases made of them.

#[path = "support/figure.rs"]
mod figure;
mod fuzzed;

use std::{cell::Cell, fs, path::Path};

use figure::figure;
use fuzzed::{TARGETS, Target};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// How many random cases each gets; `HANDBACK_CASES` says otherwise.
fn count() -> u32 {
    let said = std::env::var("HANDBACK_CASES").ok();
    said.and_then(|count| count.parse().ok()).unwrap_or(400)
}

/// Seeds with a part of them replaced, cut, doubled or put together with another; and bytes out of nowhere.
fn cases(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let seed = proptest::sample::select(seeds);
    let noise = || proptest::collection::vec(any::<u8>(), 0..12);
    let changed = (
        seed.clone(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        noise(),
    )
        .prop_map(|(mut seed, from, to, noise)| {
            let (from, to) = (from.index(seed.len() + 1), to.index(seed.len() + 1));
            let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 40));
            seed.splice(from..to, noise);
            seed
        });
    let both = (seed.clone(), seed.clone(), any::<prop::sample::Index>()).prop_map(|(a, b, at)| {
        let at = at.index(a.len() + 1);
        [&a[..at], &b[..], &a[at..]].concat()
    });
    prop_oneof![
        4 => changed,
        1 => both,
        1 => proptest::collection::vec(any::<u8>(), 0..400),
        1 => any::<String>().prop_map(String::into_bytes),
    ]
}

fn short(target: &Target) {
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty());
    let ran = Cell::new(0);
    for seed in &seeds {
        (target.run)(seed);
        ran.set(ran.get() + 1);
    }
    let config = Config {
        cases: count(),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&cases(seeds), |bytes| {
        ran.set(ran.get() + 1);
        (target.run)(&bytes);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{}: {error}", target.name);
    }
    figure(&format!("{}: cases", target.name), ran.get());
}

#[test]
fn r2_r4_r7_r23_no_bytes_undo_what_reads_them() {
    for target in &TARGETS {
        short(target);
    }
}

/// For the programs that go on from here: `HANDBACK_SEEDS=FOLDER` writes a folder of seeds for each.
#[test]
fn seeds_are_written_where_they_are_asked_for() {
    let Some(folder) = std::env::var_os("HANDBACK_SEEDS") else {
        return;
    };
    for target in &TARGETS {
        let folder = Path::new(&folder).join(target.name);
        fs::create_dir_all(&folder).expect("a folder");
        for (n, seed) in (target.seeds)().into_iter().enumerate() {
            fs::write(folder.join(n.to_string()), seed).expect("a seed");
        }
    }
}

#[test]
fn every_target_has_a_program() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(house.join("fuzz/Cargo.toml")).expect("the manifest");
    for target in &TARGETS {
        let name = target.name;
        let program = house.join(format!("fuzz/fuzz_targets/{name}.rs"));
        let text = fs::read_to_string(&program).unwrap_or_else(|_| panic!("no program for {name}"));
        assert!(text.contains("fuzz_target!"), "{name}");
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} in fuzz/Cargo.toml"
        );
    }
}
