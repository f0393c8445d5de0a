//! The demo as two people try it, in two terminals.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;

use std::time::Instant;

use account::Account;
use console::list_of;

#[test]
fn the_first_u_in_one_terminal_is_seen_in_the_other() {
    let account = Account::new();
    let linger = "--linger=300";
    let began = Instant::now();
    let mut anna = account.console(&["demo", "--still", linger]);
    anna.shows("live ");
    println!(
        "the demo stood {:?} after it was asked for",
        began.elapsed()
    );
    anna.shows("DEMO, no real customers");
    let mut ben = account.console(&["demo", "--as", "ben", linger]);
    ben.shows("live ");
    let name = anna.until("a conversation of hers under the cursor", |screen| {
        let list = list_of(screen);
        let mut rows = list.lines().filter_map(|line| line.strip_prefix('▌'));
        let (first, second) = (rows.next()?, rows.next()?);
        let name = first
            .trim_start_matches([' ', '◆', '●', '◇'])
            .split("  ")
            .next()?;
        second.contains("yours").then(|| name.to_owned())
    });
    ben.lists(&name, false);
    anna.types("u");
    let pressed = Instant::now();
    ben.lists(&name, true);
    println!(
        "Ben saw {name} {:?} after Anna pressed u",
        pressed.elapsed()
    );
    anna.shows(&format!("Handed back {name}"));
    anna.lists("you handed it back", true);
    anna.types("z");
    ben.lists(&name, false);
    for console in [&mut anna, &mut ben] {
        console.types("q");
        console.shows("keep them and leave");
        console.rests();
        console.types("q");
        assert!(console.ended().success());
    }
}
