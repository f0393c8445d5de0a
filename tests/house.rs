//! The floors of the house, kept by reading the sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Each module and those it may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("trust", &[]),
    ("log", &["domain"]),
    ("wire", &["domain"]),
    ("desk", &["domain", "trust", "wire"]),
    ("config", &["domain", "desk"]),
    ("console", &["domain", "desk"]),
    ("server", &["domain", "trust", "wire"]),
    (
        "demo",
        &["domain", "log", "wire", "desk", "server", "config"],
    ),
    (
        "cli",
        &[
            "domain", "trust", "log", "wire", "desk", "config", "console", "server", "demo",
        ],
    ),
];

/// Words that only those who touch the world may use, and the pure places that may not.
const IMPURE: &[&str] = &[
    "async fn",
    "tokio::",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "getrandom",
    "rustix::",
    "reqwest::",
    "sqlx::",
];
const PURE: &[&str] = &[
    "src/domain",
    "src/console/update",
    "src/console/view",
    "src/console/menu.rs",
    "src/console/command.rs",
    "src/console/command",
    "src/console/model",
    "src/console/compose.rs",
    "src/console/effect.rs",
    "src/console/key.rs",
    "src/console/keymap.rs",
];

fn sources(under: &Path) -> Vec<PathBuf> {
    if under.is_file() {
        return vec![under.to_owned()];
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(under).unwrap_or_else(|error| panic!("{}: {error}", under.display()))
    {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The code of a file without its comments and without the tests at its foot.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let tests = text
        .find("#[cfg(test)]\nmod ")
        .or_else(|| text.find("#[cfg(test)]\npub(crate) mod "));
    let whole = if path.ends_with("tests.rs") {
        ""
    } else {
        &text[..tests.unwrap_or(text.len())]
    };
    whole
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules of the crate's root that a file names, also inside `use crate::{…}`.
fn used(code: &str) -> Vec<String> {
    let mut names = named_in(code, "crate::");
    names.retain(|name| FLOORS.iter().any(|(module, _)| module == name));
    names
}

/// What a file names of a place, also inside `use PLACE::{…}`.
fn named_in(code: &str, place: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(place) {
        let rest = &code[at + place.len()..];
        match rest.strip_prefix('{') {
            None => names.push(
                rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or("")
                    .to_owned(),
            ),
            Some(group) => {
                let (mut depth, mut word, mut fresh) = (0, String::new(), true);
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            names.push(std::mem::take(&mut word));
                            fresh = true;
                        }
                        c if depth == 0 && fresh && (c.is_ascii_alphanumeric() || c == '_') => {
                            word.push(c)
                        }
                        ':' if depth == 0 => fresh = false,
                        _ => {}
                    }
                }
                names.push(word);
            }
        }
    }
    names
}

#[test]
fn no_floor_reaches_sideways_or_up() {
    let mut seen = 0;
    for (module, below) in FLOORS {
        let folder = house().join("src").join(module);
        let file = folder.with_extension("rs");
        let files = if folder.is_dir() {
            sources(&folder)
        } else {
            vec![file]
        };
        for path in files {
            for name in used(&code(&path)) {
                seen += 1;
                assert!(
                    name == *module || below.contains(&name.as_str()),
                    "{}: {module} uses {name}, which is not below it",
                    path.display()
                );
            }
        }
    }
    assert!(
        seen > 100,
        "the reader of `use` lines found only {seen}: it is broken"
    );
}

/// Places of the console, and what stands above each.
const ABOVE: &[(&str, &[&str])] = &[
    ("command", &["model", "words", "choices", "view", "update"]),
    (
        "compose.rs",
        &["model", "words", "choices", "view", "update"],
    ),
    ("draft.rs", &["model", "words", "choices", "view", "update"]),
    (
        "keymap.rs",
        &["model", "words", "choices", "view", "update"],
    ),
    (
        "model",
        &["effect", "msg", "words", "choices", "view", "update"],
    ),
    ("effect.rs", &["words", "choices", "view", "update"]),
    ("msg.rs", &["words", "choices", "view", "update"]),
    ("words.rs", &["choices", "view", "update"]),
    ("words", &["choices", "view", "update"]),
    ("choices.rs", &["view", "update"]),
    ("choices", &["view", "update"]),
    ("view", &["update", "runtime"]),
    ("update", &["runtime", "terminal"]),
];

/// What a console knows is below what is said and shown of it, and that below what changes it.
#[test]
fn in_the_console_nothing_reaches_up() {
    let mut read = 0;
    for (place, above) in ABOVE {
        for path in sources(&house().join("src/console").join(place)) {
            let inside = path.strip_prefix(house()).unwrap();
            let is_test = |part: std::path::Component<'_>| {
                part.as_os_str().to_string_lossy().starts_with("test")
            };
            if inside.components().any(is_test) || path.ends_with("fixture.rs") {
                continue;
            }
            read += 1;
            let code = code(&path);
            for name in *above {
                let used = code.match_indices(&format!("{name}::")).find(|(at, _)| {
                    let before = code[..*at].chars().next_back();
                    before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                });
                assert_eq!(used, None, "{} reaches up", path.display());
            }
        }
    }
    assert!(read > 100, "only {read} sources were read");
}

/// Places of many files, each of which can be read before those that use it.
const READABLE: [&str; 5] = [
    "console/update",
    "console/view",
    "server",
    "server/store",
    "wire",
];

#[test]
fn nothing_goes_round_in_circles() {
    for place in READABLE {
        let folder = house().join("src").join(place);
        let module = place.rsplit('/').next().unwrap();
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in sources(&folder) {
            let inside = path.strip_prefix(&folder).unwrap();
            // A folder counts as one.
            let first = inside.components().next().unwrap();
            let name = first.as_os_str().to_str().unwrap();
            let name = name.trim_end_matches(".rs").to_owned();
            if ["mod", "tests", "fixture"].contains(&name.as_str()) {
                continue;
            }
            let code = code(&path);
            let mut named = named_in(&code, &format!("{module}::"));
            let depth = inside.components().count() - usize::from(path.ends_with("mod.rs"));
            named.extend(named_in(&code, &"super::".repeat(depth)));
            named.retain(|other| *other != name);
            uses.entry(name).or_default().extend(named);
        }
        let all: BTreeSet<String> = uses.keys().cloned().collect();
        let arrows: usize = uses
            .values()
            .map(|named| named.intersection(&all).count())
            .sum();
        assert!(arrows > 4, "of {place} only {arrows} arrows were read");
        // Those that use none of the others are read, and then those that use these alone, until none is left.
        let mut left = all;
        while let Some(lowest) = left.iter().find(|name| uses[*name].is_disjoint(&left)) {
            let lowest = lowest.clone();
            left.remove(&lowest);
        }
        assert!(left.is_empty(), "{place} goes round in circles: {left:?}");
    }
}

#[test]
fn the_pure_places_touch_nothing() {
    for place in PURE {
        for path in sources(&house().join(place)) {
            let code = code(&path);
            for word in IMPURE {
                assert!(
                    !code.contains(word),
                    "{} is pure, but says {word}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn no_domain_type_is_serialisable_or_knows_the_screen() {
    for path in sources(&house().join("src/domain")) {
        let code = code(&path);
        for word in ["serde", "ratatui", "Serialize", "jiff"] {
            assert!(!code.contains(word), "{} says {word}", path.display());
        }
    }
}

/// R1: the view has one way to the screen, and it takes `Safe`.
#[test]
fn r1_the_view_draws_only_through_the_canvas() {
    let ways = [
        "Span",
        "Paragraph",
        "set_string",
        "set_stringn",
        "set_symbol",
        "set_line",
        "Line::from",
        "Text::from",
    ];
    for path in sources(&house().join("src/console")) {
        let code = code(&path);
        if path.ends_with("view/canvas.rs")
            || path.components().any(|c| c.as_os_str() == "terminal")
        {
            continue;
        }
        for way in ways {
            assert!(
                !code
                    .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
                    .any(|word| word == way),
                "{} draws with {way}, past the canvas",
                path.display()
            );
        }
    }
}

/// The ways to a terminal that take any text, and the files that may use one, each for a reason.
const WAYS_OUT: &[(&str, &[&str])] = &[
    ("print!(", &[]),
    ("println!(", &[]),
    ("dbg!(", &[]),
    // The command line's writer; whether there is a terminal or a reader; what clap says of our own words.
    (
        "io::stdout()",
        &[
            "cli/print.rs",
            "cli/watch.rs",
            "cli/doctor/terminal.rs",
            "console/terminal/abilities.rs",
            "console/terminal/mod.rs",
            // To whoever started the demo's desk, which reads it as data.
            "demo/background.rs",
        ],
    ),
    (
        "io::stderr()",
        &[
            "cli/print.rs",
            "cli/doctor/terminal.rs",
            "log.rs",
            // Where the log of the demo's desk goes.
            "demo/background.rs",
        ],
    ),
    ("tracing_subscriber::", &["log.rs"]),
    ("set_hook(", &["cli/panic.rs", "console/terminal/enter.rs"]),
    ("/dev/tty", &[]),
];

/// R1: what is printed, logged or said of a panic goes through a writer that takes `Safe`, or makes it so.
#[test]
fn r1_nothing_is_printed_past_the_writers_that_take_safe_text() {
    for (way, by) in WAYS_OUT {
        let mut used = Vec::new();
        for path in sources(&house().join("src")) {
            let file = path.strip_prefix(house().join("src")).expect("a source");
            let file = file.to_str().expect("a name").to_owned();
            if !file.contains("/tests/") && code(&path).contains(way) {
                used.push(file);
            }
        }
        used.sort();
        let mut by: Vec<_> = by.iter().map(|file| (*file).to_owned()).collect();
        by.sort();
        assert_eq!(used, by, "left: who uses {way}; right: who may");
    }
}

/// R8: who may start a program, and why: none is ever handed what a customer wrote.
const STARTS: &[(&str, &str)] = &[
    (
        "cli/admin/dump.rs",
        "PostgreSQL's own tools, for a backup and its return",
    ),
    (
        "cli/serve.rs",
        "getent, for the name of a group in the settings",
    ),
    (
        "cli/variable.rs",
        "ourselves, in our own place, without a variable that holds a token",
    ),
    ("demo/join.rs", "ourselves, as the demo's desk"),
    (
        "desk/handback/token.rs",
        "the token command of the settings, without a shell",
    ),
    ("server/account.rs", "getent, for the number of an account"),
];

#[test]
fn r8_no_program_is_started_but_these() {
    let mut found = Vec::new();
    for path in sources(&house().join("src")) {
        let file = path.strip_prefix(house().join("src")).expect("a source");
        let file = file.to_str().expect("a name").to_owned();
        let code = code(&path);
        let starts = [
            "process::Command",
            "Command::new",
            "posix_spawn",
            "execv",
            "execve",
            "libc::",
        ];
        if !file.contains("/tests/") && starts.iter().any(|way| code.contains(way)) {
            found.push(file);
        }
        assert!(!code.contains("\"-c\""), "{}: a shell", path.display());
    }
    found.sort();
    let known: Vec<&str> = STARTS.iter().map(|(file, _)| *file).collect();
    assert_eq!(found, known, "left: the files that start programs");
}

/// SQLite plans a query anew each time a bare placeholder behind `LIMIT` is given its value, in order to know it: of a
/// list of a hundred branches two thirds of the time. In a sum it is not looked at.
#[test]
fn a_query_is_not_planned_anew_for_its_limit() {
    for path in sources(&house().join("src/server/store")) {
        let code = code(&path);
        let bare = code.lines().find(|line| line.contains("LIMIT $"));
        assert_eq!(bare, None, "{}: LIMIT 0 + $", path.display());
    }
}

/// The programs of fuzz/ are built with a lock file of their own, which is stale as soon as the crate needs one crate more.
#[test]
fn the_fuzz_programs_lock_what_the_crate_needs() {
    let read = |file: &str| -> toml::Table {
        let text = fs::read_to_string(house().join(file)).expect(file);
        text.parse().expect(file)
    };
    let needs = read("Cargo.toml");
    let needs = needs["dependencies"].as_table().expect("a table").keys();
    let lock = read("fuzz/Cargo.lock");
    let mut packages = lock["package"].as_array().expect("packages").iter();
    let ours = packages.find(|package| package["name"].as_str() == Some("handback"));
    let locked: Vec<&str> = ours.expect("handback")["dependencies"]
        .as_array()
        .expect("what it needs")
        .iter()
        .filter_map(|name| name.as_str()?.split(' ').next())
        .collect();
    for name in needs {
        assert!(
            locked.contains(&name.as_str()),
            "{name} is not locked: cargo metadata --manifest-path fuzz/Cargo.toml"
        );
    }
}

#[test]
fn the_reader_of_use_lines_reads_them() {
    assert_eq!(
        used("use crate::{domain::{a, b}, desk::c};"),
        ["domain", "desk"]
    );
    assert_eq!(
        used("use crate::server::x; crate::console::y()"),
        ["server", "console"]
    );
}
