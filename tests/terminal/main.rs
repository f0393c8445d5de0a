//! The console and its terminal, from the first byte to the last: the program itself in a real terminal, at a real
//! desk.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures and skips are what it finds"
)]

#[path = "../support/account.rs"]
mod account;
#[path = "../support/console.rs"]
mod console;
#[path = "../support/figure.rs"]
mod figure;
#[path = "../support/grammar.rs"]
mod grammar;
mod hang_up;
mod idle;
mod kinds;
mod leaving;
#[path = "../support/line.rs"]
mod line;
mod mosh;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/served.rs"]
mod served;
mod settings;
#[path = "../support/sshd.rs"]
mod sshd;
mod stalled;
mod strangers;
#[path = "../support/mod.rs"]
mod support;
mod suspended;
mod thin;
mod typed;
mod windows;

use console::Console;
use served::Served;

/// A desk with two conversations, the first of them Anna's.
pub(crate) fn desk() -> Served {
    let mut desk = Served::start(support::sqlite());
    let zoe = desk.customer("Zoë Jones", "Can I pay later?");
    desk.act("anna", &zoe, "take");
    desk.act("anna", &zoe, "unassign");
    desk.act("anna", &zoe, "take");
    let carl = desk.customer("Carl Smith", "Hello?");
    desk.act("anna", &carl, "take");
    desk
}

/// Presses keys and waits for what they show; or, behind a `!`, for the end of it.
pub(crate) fn step(console: &mut Console, keys: &str, shown: &str) {
    console.types(keys);
    match shown.strip_prefix('!') {
        Some(hidden) => console.hides(hidden),
        None => console.shows(shown),
    }
}

/// Begins a reply and writes a draft.
pub(crate) fn drafts(console: &mut Console, text: &str) {
    console.types("r");
    console.shows("Reply to");
    console.writes(text);
}
