//! What a test measured: printed, and kept for the table of `docs/promises.md`, which
//! `HANDBACK_REWRITE=1 cargo test --test proved` writes.

#![allow(unreachable_pub, reason = "each test file is a program of its own")]

use std::{fmt::Display, fs, path::Path, thread};

/// Says what the running test measured, with its unit: `figure("closed until gone", "12 ms")`.
///
/// # Panics
/// If it is not the thread of the test that says it: it is told by its name whose figure it is.
pub fn figure(what: &str, value: impl Display) {
    let thread = thread::current();
    // The test of one database is named by the module it stands in.
    let named = |name: &str| {
        name.rsplit("::")
            .find(|part| part.contains('_'))
            .map(str::to_owned)
    };
    let test = thread.name().and_then(named).expect("a test's own thread");
    let build = if cfg!(debug_assertions) {
        ""
    } else {
        " (release build)"
    };
    println!("{test}: {what}: {value}{build}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("figures")
        .join(&test);
    fs::create_dir_all(&folder).expect("a folder for figures");
    let file: String = what
        .chars()
        .map(|c| if c == '/' { '∕' } else { c })
        .collect();
    fs::write(folder.join(file), format!("{value}{build}")).expect("a figure kept");
}
