//! What strangers wrote, on its way to a real terminal (R4).

use std::time::Duration;

use crate::{account::Account, console::SIZE, desk, grammar, leaving::is_left, step};

#[test]
fn r4_a_whole_session_among_hostile_texts_sends_only_what_we_name() {
    let mut desk = desk();
    let naughty = "\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}evil\u{200b}\u{feff}\u{1b}[?1049l\u{e000}\u{1b}P+q\u{1b}\\";
    desk.customer(
        naughty,
        &format!("{naughty}\r\n\t{}{naughty}", "a\u{301}".repeat(200)),
    );
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.shows("owned");
    let pasted = format!("\x1b[200~{naughty} pasted\x1b[201~");
    for (keys, shown) in [
        ("g", "evil"),
        ("\r", "Esc list"),
        ("h", "↵ open"),
        (".", "letter or"),
        ("\x1b", "!letter or"),
        ("?", "your last act"),
        ("\x1b", "!your last act"),
        ("r", "Reply to"),
        (&pasted, "pasted"),
        ("\x1b", "!Ctrl-J"),
        ("h", "↵ open"),
        ("G", "3 of 3"),
        (" ", "marked"),
        ("/", "Esc show everything"),
        ("\x1b", "!Esc show everything"),
    ] {
        step(&mut console, keys, shown);
    }
    for (columns, rows) in [(80, 24), (40, 10), SIZE] {
        console.resizes(columns, rows);
        console.types("\x0c");
        console.bytes_after(console.bytes().len(), Duration::from_millis(200));
    }
    console.types("q");
    console.shows("keep them and leave");
    console.rests();
    console.types("q");
    assert_eq!(console.ended().exit_code(), 0);
    is_left(&console);
    let bytes = console.bytes();
    println!("R4: {} bytes, all of the grammar", bytes.len());
    assert_eq!(grammar::fault(&bytes), None);
}

/// What a console writes when a customer begins to wait, with such settings.
fn written_when_somebody_waits(settings: &str) -> Vec<u8> {
    let mut desk = desk();
    let account = Account::new();
    account.configures(settings);
    let console = desk.annas(&account);
    console.selects("Zoë Jones");
    desk.customer("Dee Okafor", "Is anybody there?");
    console.lists("Dee Okafor", true);
    console.bytes()
}

#[test]
fn r4_who_begins_to_wait_rings_no_bell_unless_that_is_wished_and_then_once() {
    let silent = written_when_somebody_waits("");
    assert_eq!(grammar::fault(&silent), None);
    for (wish, said) in [
        ("bell", "\x07"),
        ("osc-9", "\x1b]9;A customer waits in Payments\x1b\\"),
        (
            "osc-777",
            "\x1b]777;notify;handback;A customer waits in Payments\x1b\\",
        ),
    ] {
        let written = written_when_somebody_waits(&format!("[console]\nalert = \"{wish}\"\n"));
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written.matches(said).count(), 1, "{wish}");
        let rest = written.replace(said, "");
        assert_eq!(
            grammar::fault(rest.as_bytes()),
            None,
            "{wish}: nothing else"
        );
    }
}
