//! What the README says of the keys is the one table of keys. `HANDBACK_REWRITE=1 cargo test --test readme` writes it anew.

use std::{fs, path::Path, process::Command};

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
    if std::env::var_os("HANDBACK_REWRITE").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", keys())).unwrap();
    } else {
        assert_eq!(
            written,
            keys(),
            "the README's keys are out of date: HANDBACK_REWRITE=1 cargo test --test readme"
        );
    }
}

/// What stands between the fences of that kind.
fn blocks(kind: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).unwrap();
    let block = |rest: &str| rest.split("```").next().unwrap_or_default().to_owned();
    readme
        .split(&format!("```{kind}\n"))
        .skip(1)
        .map(block)
        .collect()
}

/// The words of a line as a shell would have them that knows quotes only, up to the next command.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '|') => break,
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn the_readmes_commands_are_ones_the_program_takes() {
    let mut seen = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let Some(at) = line
            .find("handback ")
            .filter(|at| *at == 0 || line[..*at].ends_with("| "))
        else {
            continue;
        };
        seen += 1;
        let taken = handback::cli::command().try_get_matches_from(words(&line[at..]));
        assert!(taken.is_ok(), "{line}: {}", taken.unwrap_err());
    }
    assert!(seen > 10, "the README shows how to use it");
}

#[test]
fn the_readmes_team_is_one_that_can_be_applied() {
    let folder = tempfile::tempdir().unwrap();
    let team = folder.path().join("team.toml");
    fs::write(&team, &blocks("toml")[0]).unwrap();
    let database = format!("sqlite:{}", folder.path().join("desk.db").display());
    let applied = Command::new(env!("CARGO_BIN_EXE_handback"))
        .args(["admin", "apply"])
        .arg(&team)
        .args(["--database", &database])
        .output()
        .unwrap();
    assert!(applied.status.success(), "{applied:?}");
    let said = String::from_utf8(applied.stdout).unwrap();
    assert!(said.contains("queue Late letters"), "{said}");
}
