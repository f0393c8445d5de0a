//! Any window, in any order (R15).

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::{
    account::Account,
    console::SIZE,
    desk, drafts,
    figure::figure,
    idle::{redraw_changes_nothing, settle},
    support::dice::Dice,
};

#[test]
fn r15_any_window_in_any_order() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    let sides = [
        0, 1, 2, 3, 5, 12, 20, 33, 69, 70, 80, 99, 100, 120, 200, 300,
    ];
    for (nth, columns) in sides.into_iter().enumerate() {
        for rows in [sides[nth * 7 % 16].min(100), sides[15 - nth].min(100)] {
            console.resizes(columns, rows);
            let known = console.bytes().len();
            console.types("\x0c"); // paint it all, so that this size is surely drawn
            console.bytes_after(known, Duration::from_millis(200));
        }
    }
    console.types("?");
    for (columns, rows) in [(3, 3), (300, 100), (20, 5), (0, 0), (300, 1), (1, 100)] {
        console.resizes(columns, rows);
        let known = console.bytes().len();
        console.types("\x0c");
        console.bytes_after(known, Duration::from_millis(200));
    }
    console.resizes(10, 2);
    console.shows("nlarge");
    console.types("\x1b");
    console.resizes(SIZE.0, SIZE.1);
    console.types("\x0c");
    console.selects("Zoë Jones");
    console.shows("Carl Smith");
}

#[test]
fn r15_a_storm_of_windows_costs_neither_the_draft_nor_the_screen() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    drafts(&mut console, "Half a sent");
    let mut dice = Dice::new(15);
    let before = console.bytes().len();
    let began = Instant::now();
    const STORM: u32 = 2_000;
    for nth in 0..STORM {
        let (columns, rows) = (dice.below(301), dice.below(101));
        console.resizes(columns as u16, rows as u16);
        if nth % 3 == 0 {
            console.signal(Signal::WINCH); // and one more than there were windows
        }
        if nth % 50 == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    console.resizes(SIZE.0, SIZE.1);
    console.shows("Half a sent");
    let took = began.elapsed();
    settle(&console);
    figure("windows in the storm", STORM);
    figure(
        "its first until the last window is right",
        format!("{} ms", took.as_millis()),
    );
    figure("bytes written meanwhile", console.bytes().len() - before);
    console.writes_on("Half a sent", "ence");
    console.types("\x1b");
    console.hides("Reply to");
    console.selects("Zoë Jones");
    redraw_changes_nothing(&mut console, "a storm of windows");
    assert!(account.drafts().contains("Half a sentence"));
}
