//! The console at a desk that means harm.

use crate::{
    account::Account, canned::Canned, console::Console, contract::Contract, figure::figure,
    grammar, harmful, hostile,
};

/// Goes through every screen that shows what a desk said, and leaves; gives all that was written to the terminal.
pub(crate) fn sit(desk: &Canned, mark: &str) -> Vec<u8> {
    let account = Account::new();
    let mut command = account.typed(crate::HANDBACK, &[]);
    command.env("HANDBACK_DESK", desk.socket());
    let mut console = Console::start(command);
    console.shows(mark);
    console.shows("live ");
    for (keys, shown) in [
        (".", "letter or"),
        ("\x1b", "!letter or"),
        ("a", "choose"),
        ("\x1b", "!choose"),
        ("m", "choose"),
        ("\x1b", "!choose"),
        ("s", "choose"),
        ("\x1b", "!choose"),
        ("y", "choose"),
        ("\x1b", "!choose"),
        ("Q", "choose"),
        ("\x1b", "!choose"),
        ("/", "show everything"),
        ("\x1b", "!show everything"),
        ("U", "nothing done"),
        ("\x1b", "!nothing done"),
        ("l", "Esc list"),
        ("p", "Address"),
        ("p", "!Address"),
        ("v", "message after"),
        ("e", mark),
        ("\x1b", "!message after"),
        ("r", "Reply to"),
        ("\t", "choose"),
        ("\x1b", "!choose"),
        ("\x1b", "!Reply to"),
        ("h", "open"),
        ("n", "NOTE"),
        ("\x1b", "!NOTE"),
        ("f", "back to the list"),
        ("hello\r", "found, newest first"),
        ("\x1b", "!back to the list"),
        ("\x1b", "!Find hello"),
        ("D", "Hand back some"),
        (" ", mark),
        ("\x1b", "!Hand back some"),
        ("H", "My acts"),
        ("\r", mark),
        ("\x1b", "!My acts"),
        ("!", "close"),
        ("\x1b", "!Esc close"),
    ] {
        console.rests();
        step(&mut console, keys, shown);
    }
    // So soon after a text field it may ask for a second.
    console.rests();
    console.types("u");
    let asked = console.until("u is heard", |screen| {
        let text = screen.contents();
        let asked = text.contains("again to hand back");
        (asked || text.contains("Handed back")).then_some(asked)
    });
    if asked {
        console.rests();
        console.types("u");
        console.shows("Handed back");
    }
    for (columns, rows) in [(80, 24), (60, 20), (33, 9)] {
        let known = console.bytes().len();
        console.resizes(columns, rows);
        console.bytes_after(known, std::time::Duration::from_secs(2));
        console.rests();
    }
    console.resizes(120, 40);
    console.rests();
    console.types("\x03");
    console.until("the question, or the end", |screen| {
        let asked = screen.contents().contains("keep them and leave");
        (asked || !screen.alternate_screen()).then_some(())
    });
    if console.screen().alternate_screen() {
        console.rests();
        console.types("q");
    }
    console.ended();
    console.until("the normal screen", |screen| {
        (!screen.alternate_screen()).then_some(())
    });
    console.bytes()
}

/// Begins, with a stranger's text where the contract wants a word of its own in an event, and looks at what that wrote.
pub(crate) fn glance(word: &str) {
    let mut contract = Contract::hostile(&hostile());
    contract.spoilt = Some(word.to_owned());
    let desk = harmful(contract);
    let account = Account::new();
    let mut command = account.typed(crate::HANDBACK, &[]);
    command.env("HANDBACK_DESK", desk.socket());
    let console = Console::start(command);
    console.shows("ZQ");
    // The stream was read as far as it could be: it is asked for again, or the next one is.
    console.until(word, |_| {
        let streams = desk
            .asked()
            .iter()
            .filter(|asked| asked.what.contains("/v1/events"))
            .count();
        (streams > 0).then_some(())
    });
    console.bytes_after(console.bytes().len(), std::time::Duration::from_millis(300));
    assert_eq!(grammar::fault(&console.bytes()), None, "{word}");
}

/// Presses keys and waits for what they show; or, behind a `!`, for the end of it.
fn step(console: &mut Console, keys: &str, shown: &str) {
    console.types(keys);
    match shown.strip_prefix('!') {
        Some(hidden) if !hidden.is_empty() => console.hides(hidden),
        _ => console.shows(shown),
    }
}

#[test]
fn r3_r4_the_console_at_a_desk_that_means_harm() {
    let desk = harmful(Contract::hostile(&hostile()));
    let written = sit(&desk, "ZQ");
    assert_eq!(grammar::fault(&written), None);
    figure(
        "written to the terminal, all within the grammar",
        format!("{} kB", written.len() / 1000),
    );
}
