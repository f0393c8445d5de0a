//! A terminal that takes nothing (R14).

use std::{
    env, thread,
    time::{Duration, Instant},
};

use crate::{account::Account, desk, figure::figure, process::soon};

/// How long the terminal reads nothing, in seconds; `scripts/deep terminal` waits the minute that is promised.
fn stretch() -> u64 {
    let seconds = env::var("HANDBACK_STALL").ok();
    seconds.map_or(2, |seconds| seconds.parse().expect("seconds"))
}

#[test]
fn r14_a_terminal_that_takes_nothing_costs_no_draft_no_event_and_no_heartbeat() {
    let mut desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.types("r");
    console.shows("Reply to");
    console.stalls();
    let began = Instant::now();
    console.types("Written into the dark");
    soon("the draft", || {
        account
            .drafts()
            .contains("Written into the dark")
            .then_some(())
    });
    figure(
        "typed until the draft is on disk",
        format!("{} ms", began.elapsed().as_millis()),
    );
    let length = Duration::from_secs(stretch());
    let mut names = ["Dee Okafor", "Eve Price", "Fay Nolan"].into_iter();
    let mut last = String::from("Written into the dark");
    let mut looks = 0;
    while began.elapsed() < length {
        if let Some(name) = names.next() {
            desk.customer(name, "Is anybody there?");
        }
        assert!(desk.is_signed_in("anna"), "after {:?}", began.elapsed());
        looks += 1;
        console.types("!");
        last.push('!');
        soon("the draft", || {
            account.drafts().contains(&last).then_some(())
        });
        thread::sleep(length / 10);
    }
    for name in names {
        desk.customer(name, "Is anybody there?");
    }
    let flowed = Instant::now();
    console.flows();
    console.shows(&last);
    console.types("\x1b");
    for name in ["Dee Okafor", "Eve Price", "Fay Nolan"] {
        console.lists(name, true);
    }
    console.shows("live ");
    figure("seconds it took nothing", length.as_secs());
    figure("looks at the desk that found her signed in", looks);
    figure(
        "flowing again until all of it is shown",
        format!("{} ms", flowed.elapsed().as_millis()),
    );
}
