//! What an advisor set, as the program in a terminal shows it.

use crate::{
    account::{Account, HANDBACK},
    console::{Console, SIZE},
    desk, grammar, step,
};

#[test]
fn configured_keys_are_the_ones_that_work_and_the_ones_that_are_shown() {
    let desk = desk();
    let account = Account::new();
    account.configures("[keys.list]\nunassign = \"x\"\nmenu = [\",\", \"f2\"]\n");
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.shows("x hand back");
    console.shows("Actions (,)");
    step(&mut console, ",", "Unassign conversation");
    console.shows("x │");
    step(&mut console, "\x1b", "!Unassign conversation");
    step(&mut console, "?", "hand the conversation back at once, or");
    step(
        &mut console,
        "\x1b",
        "!hand the conversation back at once, or",
    );
    // The table's own key does nothing any more; the next one shows that it was dealt with.
    console.types("u");
    step(&mut console, "/", "Esc show everything");
    step(&mut console, "\x1b", "!Esc show everything");
    assert!(!console.screen().contents().contains("Handed back"));
    console.rests();
    console.types("x");
    let asked = console.until("x does it, or asks for another", |screen| {
        let text = screen.contents();
        let asked = text.contains("Press x again");
        (asked || text.contains("Handed back")).then_some(asked)
    });
    if asked {
        console.types("x");
    }
    console.shows("Handed back Zoë Jones");

    let said = account.command(HANDBACK).arg("keys").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("menu = [\",\", \"f2\"]"), "{said}");
}

#[test]
fn a_key_that_cannot_be_had_is_said_with_its_line_before_anything_is_drawn() {
    let desk = desk();
    let account = Account::new();
    account.configures("[keys.list]\nunassign = \"t\"\n");
    let console = desk.annas_as_configured(&account);
    assert_eq!(console.ended().exit_code(), 64);
    console.shows("config.toml:2: `t` is `take` in [keys.list] already");
}

#[test]
fn for_a_screen_reader_the_cursor_is_on_a_row_that_is_a_sentence_and_nothing_is_drawn() {
    let desk = desk();
    let account = Account::new();
    account.configures("[console]\nscreen_reader = true\n");
    let mut console = desk.annas_as_configured(&account);
    let on = |console: &Console, sentence: &str| {
        console.until(sentence, |screen| {
            let (row, column) = screen.cursor_position();
            let line = screen.rows(0, SIZE.0).nth(usize::from(row))?;
            (column == 0 && line.starts_with(sentence)).then_some(())
        });
    };
    on(&console, "Zoë Jones, waits since ");
    console.types("j");
    on(&console, "Carl Smith, waits since ");
    let before = console.bytes().len();
    console.types("u");
    console.shows("Handed back Carl Smith");
    let written = String::from_utf8(console.bytes()[before..].to_vec()).unwrap();
    assert!(
        written.contains("Handed back Carl Smith to Payments"),
        "whole: {written}"
    );
    step(&mut console, ".", "Unassign conversation");
    step(&mut console, "\x1b", "!Unassign conversation");
    let all = String::from_utf8(console.bytes()).unwrap();
    let drawn = all.chars().find(|c| ('\u{2500}'..='\u{25ff}').contains(c));
    assert_eq!(drawn, None, "no lines and no signs");
    assert_eq!(grammar::fault(all.as_bytes()), None);
}

#[test]
fn who_is_here_the_first_time_is_told_where_to_begin_and_only_then() {
    let desk = desk();
    let account = Account::newcomer();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.shows("Your first time here");
    console.types("j");
    console.hides("Your first time here");
    console.selects("Carl Smith");
    let mut again = desk.annas(&account);
    again.selects("Zoë Jones");
    assert!(!again.screen().contents().contains("Your first time here"));
    step(&mut again, ":", "What to do");
}

#[test]
fn r40_a_token_that_stood_in_a_variable_is_told_of_and_is_in_no_environment_any_more() {
    let desk = desk();
    let account = Account::new();
    let address = format!("http://{}", desk.address());
    let mut command = account.typed(HANDBACK, &["--desk", &address]);
    let token = desk.token("anna");
    command.env("HANDBACK_TOKEN", &token);
    let mut console = Console::start(command);
    console.shows("live ");
    console.shows("HANDBACK_TOKEN was taken out of the environment");
    let process = console.process.as_raw_nonzero();
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    let environment = String::from_utf8_lossy(&environment);
    assert!(!environment.contains(&token), "{environment:?}");
    assert!(!String::from_utf8_lossy(&console.bytes()).contains(&token));
    console.types("q");
    console.shows("keep them and leave");
    console.rests();
    console.types("q");
    assert_eq!(console.ended().exit_code(), 0);
}
