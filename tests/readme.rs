//! What the README says of the keys is the one table of keys. `HANDBACK_BLESS=1 cargo test --test readme` writes it anew.

use std::{fs, path::Path};

use handback::console::command::{Place, TABLE};

const BEGIN: &str = "<!-- keys: written from the one table, see tests/readme.rs -->\n";
const END: &str = "<!-- end of keys -->\n";

fn keys() -> String {
    let mut table = String::from("| where | key | what it does |\n|---|---|---|\n");
    for place in Place::ALL {
        let mut title = place.title();
        for binding in TABLE.iter().filter(|b| b.place == place) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
            table.push_str(&format!(
                "| {title} | {} | {} |\n",
                keys.join(" "),
                binding.what
            ));
            title = "";
        }
    }
    table
}

#[test]
fn the_readmes_keys_are_those_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(BEGIN)
        .expect("the README says where its keys begin");
    let (written, after) = rest.split_once(END).expect("and where they end");
    if std::env::var_os("HANDBACK_BLESS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", keys())).unwrap();
    } else {
        assert_eq!(
            written,
            keys(),
            "the README's keys are out of date: HANDBACK_BLESS=1 cargo test --test readme"
        );
    }
}

/// The README's example of a team is one that can be applied.
#[test]
fn the_readmes_commands_are_ones_the_program_knows() {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let verbs: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.trim().strip_prefix("handback "))
        .filter_map(|rest| rest.split_whitespace().next())
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    assert!(verbs.len() > 5, "the README shows how to use it");
    let known: Vec<String> = handback::cli::command()
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .collect();
    for verb in verbs {
        assert!(
            known.iter().any(|name| name == verb),
            "the README says `handback {verb}`, which there is not"
        );
    }
}
