//! Every verb of the command line, and how it is asked: a verb that is not in this table fails the test.

use std::collections::BTreeMap;

/// How a verb is run.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// With this behind its name.
    With(&'static [&'static str]),
    /// Likewise, with something to read on its standard input.
    Reading(&'static [&'static str]),
    /// Never asks a desk: it prints what we wrote ourselves, or is the desk.
    AsksNobody,
    /// Opens a console, which has tests of its own.
    Opens,
}
use Run::{AsksNobody, Opens, Reading, With};

const TABLE: &[(&str, &[Run])] = &[
    (
        "list",
        &[With(&[]), With(&["--queue", "ben", "--view", "mine"])],
    ),
    ("find", &[With(&["hello"])]),
    ("show", &[With(&["C1"])]),
    ("history", &[With(&["C1", "--limit", "5"])]),
    (
        "unassign",
        &[
            With(&["C1"]),
            With(&["C1", "C3"]),
            With(&["--all", "--dry-run"]),
        ],
    ),
    (
        "some",
        &[
            With(&["--of", "ben", "--dry-run"]),
            With(&["--of", "me", "--to", "ben"]),
            With(&["--of", "ben", "--spread"]),
        ],
    ),
    ("take", &[With(&["C1"])]),
    ("assign", &[With(&["C1", "--to", "ben"])]),
    ("move", &[With(&["C1", "--to", "ben"])]),
    (
        "status",
        &[With(&["C1", "--none"]), With(&["C1", "Nowhere"])],
    ),
    ("block", &[With(&["C1"])]),
    ("unblock", &[With(&["C1"])]),
    ("close", &[With(&["C1"])]),
    ("reopen", &[With(&["C1"])]),
    ("intervene", &[With(&["C1"])]),
    ("note", &[Reading(&["C1"])]),
    ("reply", &[Reading(&["C1"])]),
    ("undo", &[With(&["--last"]), With(&["op"])]),
    (
        "acts",
        &[With(&[]), With(&["--of", "ben", "--since", "2026-01-01"])],
    ),
    ("users", &[With(&[]), With(&["--for", "C1"])]),
    ("queues", &[With(&[])]),
    ("statuses", &[With(&[])]),
    ("phrases", &[With(&[])]),
    (
        "transcript",
        &[
            With(&["C1"]),
            With(&["C1", "--notes"]),
            With(&["C1", "--format", "text"]),
            With(&["C1", "--format", "json"]),
        ],
    ),
    ("watch", &[With(&[])]),
    ("doctor", &[With(&[])]),
    // On a socket, where the host says who one is, they have nothing to ask.
    ("login", &[With(&[])]),
    ("logout", &[With(&[])]),
    ("demo", &[Opens]),
    ("serve", &[AsksNobody]),
    ("admin", &[AsksNobody]),
    ("keys", &[With(&[])]),
    ("completions", &[AsksNobody]),
    ("man", &[AsksNobody]),
    ("help", &[AsksNobody]),
];

/// A verb as it is typed, and whether it reads what stands on standard input.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) words: Vec<String>,
    pub(crate) reads: bool,
}

/// All there is to type, in plain and, where there is such a form, in JSON.
pub(crate) fn typed() -> Vec<Typed> {
    let table: BTreeMap<_, _> = TABLE.iter().copied().collect();
    let mut all = Vec::new();
    let command = handback::cli::command();
    for verb in command.get_subcommands() {
        let name = verb.get_name();
        let runs = table.get(name).unwrap_or_else(|| {
            panic!("{name} is new: say in tests/hostile_desk/verbs.rs how it is asked")
        });
        let has_json = verb
            .get_arguments()
            .any(|argument| argument.get_id() == "json");
        for run in *runs {
            let (arguments, reads) = match run {
                With(arguments) => (arguments, false),
                Reading(arguments) => (arguments, true),
                AsksNobody | Opens => continue,
            };
            let words: Vec<String> = [&[name], *arguments]
                .concat()
                .iter()
                .map(|w| (*w).into())
                .collect();
            if has_json {
                let words = [&words[..], &["--json".into()]].concat();
                all.push(Typed { words, reads });
            }
            all.push(Typed { words, reads });
        }
    }
    all
}
