//! R5 in terminals that others wrote: whatever a terminal thinks of a character's width, the line between the panes and
//! the other pane stay as they are.
//!
//! A real console at a real desk, among names and messages over whose width terminals quarrel, is moved about; what it
//! wrote is shown to each terminal, and what the terminal then shows is read. Where theirs stands is wiped out first, at
//! fixed places: what is left must be ours, cell by cell. tmux, GNU screen and the grid of the vt100 crate in `cargo
//! test`; xterm and kitty too, and all emoji there are, in `scripts/deep emulators`.

#[path = "../support/account.rs"]
mod account;
#[path = "../support/console.rs"]
mod console;
mod emulator;
#[path = "../support/figure.rs"]
mod figure;
#[path = "../support/grammar.rs"]
mod grammar;
#[path = "../support/served.rs"]
mod served;
#[path = "../support/mod.rs"]
mod support;
mod texts;

use std::{fs, time::Duration};

use account::{Account, HANDBACK};
use console::Console;
use emulator::{Emulator, Grid, Kitty, SIZE, Screen, Tmux, Xterm, has};
use figure::figure;
use handback::{
    domain::{message::Direction, moment::Moment},
    server::store::{SeedConversation, SeedMessage},
};
use served::Served;
use support::missing;

const MINUTE: i64 = 60_000_000;

/// Whose text is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theirs {
    /// The names in the list; every third is ours, and there the other pane is looked at.
    Names,
    /// The messages but the newest; the list is ours.
    Messages,
    /// All of it: only the line between the panes is ours.
    Everything,
}

fn deep() -> bool {
    std::env::var_os("HANDBACK_DEEP").is_some()
}

/// A desk with so many conversations, which say these texts.
fn desk(theirs: Theirs, count: usize) -> Served {
    let database = support::sqlite();
    let again = database.again();
    let mut desk = Served::start(database);
    desk.kill(); // What is seeded is said to have happened before.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let texts = texts::texts(deep());
    let names = texts::names(&texts, count);
    runtime.block_on(async {
        let store = again.open().await;
        let directory = store.directory();
        let queue = directory.queue("Payments").expect("a queue").id.clone();
        let anna = directory.user("anna").expect("Anna").id.clone();
        let now = store.now().0;
        let seeds = (0..count).map(|n| {
            let is_ours = theirs == Theirs::Messages || (theirs == Theirs::Names && n % 3 == 0);
            let name = match is_ours {
                true => format!("Bea Jones {n}"),
                false => names[n].clone(),
            };
            let body = |nth: usize| match theirs {
                Theirs::Names => format!("Message {nth} of {n}, and so on"),
                _ if nth == 9 && theirs == Theirs::Messages => {
                    format!("Message {nth} of {n}, and so on")
                }
                _ => (0..6)
                    .map(|at| texts[(n * 54 + nth * 6 + at) % texts.len()].clone() + " ")
                    .collect(),
            };
            let last = now - (count - n) as i64 * MINUTE;
            SeedConversation {
                queue: queue.clone(),
                name,
                assignee: (n % 2 == 0).then(|| anna.clone()),
                messages: (0..10)
                    .map(|nth| SeedMessage {
                        body: body(nth),
                        ..support::desk::message(
                            Direction::In,
                            Moment(last - (9 - nth as i64) * 1_000_000),
                        )
                    })
                    .collect(),
                ..support::desk::conversation(&format!("C{n}"), "payments", None, 1)
            }
        });
        store.seed(seeds).await.expect("seeded");
    });
    desk.serve();
    desk
}

/// What a console wrote up to a moment, and the grid of it.
struct Moments(Vec<(Vec<u8>, vt100::Screen)>);

/// Moves about in so many frames, and notes some of them.
fn moves(desk: &Served, theirs: Theirs, term: &str) -> Moments {
    let (frames, each) = if deep() { (100, 10) } else { (24, 8) };
    let account = Account::new();
    let mut command = account.typed(
        HANDBACK,
        &["--desk", &format!("unix:{}", desk.socket.display())],
    );
    command.env("TERM", term);
    let mut console = Console::start(command);
    console.shows("live ");
    let keys = [
        "j", "j", "\x1b[6~", "k", "j", "\x04", "G", "\x1b[5~", "g", "\x1b[6~", "\x1b[6~", "j",
        "\x1b[6~",
    ];
    let mut moments = Vec::new();
    for frame in 1..=frames {
        console.rests();
        console.types(keys[(frame * 5) % keys.len()]);
        if theirs != Theirs::Names && frame % 5 == 0 {
            // Into the conversation, up in it, and back.
            for key in ["l", "\x1b[5~", "k", "\x1b[5~", "h"] {
                console.rests();
                console.types(key);
            }
        }
        if frame % each == 0 {
            if theirs == Theirs::Names {
                to_one_of_ours(&mut console);
            }
            settles(&console);
            moments.push((console.bytes(), console.screen()));
        }
    }
    assert_eq!(grammar::fault(&console.bytes()), None);
    Moments(moments)
}

/// Goes on until the cursor is on a conversation of ours, whose messages are there.
fn to_one_of_ours(console: &mut Console) {
    for key in ["j", "j", "j", "k", "k", "k", "k", "k"] {
        settles(console);
        let selected = selected(&console.screen());
        if let Some((_, number)) = selected.split_once("Bea Jones ") {
            let number: String = number.chars().take_while(char::is_ascii_digit).collect();
            return console.shows(&format!("Message 9 of {number}, and so on"));
        }
        console.types(key);
    }
    panic!("every third is ours: {}", console.screen().contents());
}

fn selected(screen: &vt100::Screen) -> String {
    let contents = screen.contents();
    contents
        .lines()
        .find(|line| line.starts_with('▌'))
        .unwrap_or_default()
        .to_owned()
}

/// Waits until nothing more comes for longer than the cursor has to rest before anything is fetched.
fn settles(console: &Console) {
    let mut known = console.bytes().len();
    loop {
        let now = console.bytes_after(known, Duration::from_millis(250));
        if now == known {
            return;
        }
        known = now;
    }
}

/// The column of the line between the panes.
const LINE: u16 = 50;

/// The rows that have it, which are all but the first and the last two.
fn rows() -> std::ops::Range<u16> {
    1..SIZE.1 - 2
}

fn at(screen: &vt100::Screen, row: u16, column: u16) -> String {
    let cell = screen.cell(row, column).expect("a cell");
    match cell.contents() {
        "" => " ".to_owned(),
        shown => shown.to_owned(),
    }
}

/// What is ours of a row, at its place; theirs is blank.
fn ours(screen: &vt100::Screen, row: u16, theirs: Theirs) -> String {
    let is_ours = |column| match theirs {
        Theirs::Names => column >= LINE,
        Theirs::Messages => column <= LINE,
        Theirs::Everything => column == LINE,
    };
    (0..SIZE.0)
        .map(|column| {
            if is_ours(column) {
                at(screen, row, column)
            } else {
                " ".into()
            }
        })
        .collect()
}

/// What wipes theirs out, whatever the terminal thinks stands there.
fn wipe(theirs: Theirs) -> Vec<u8> {
    let mut bytes = b"\x1b[m".to_vec();
    for row in rows() {
        if theirs != Theirs::Messages {
            bytes.extend(format!("\x1b[{};{LINE}H\x1b[1K", row + 1).bytes());
        }
        if theirs != Theirs::Names {
            bytes.extend(format!("\x1b[{};{}H\x1b[K", row + 1, LINE + 2).bytes());
        }
    }
    bytes
}

/// Looks at a terminal after each of these moments: how many cells of ours differ, and of how many.
fn look(emulator: &mut dyn Emulator, theirs: Theirs, moments: &Moments) -> (usize, usize) {
    let (mut differ, mut all) = (0, 0);
    for (bytes, grid) in &moments.0 {
        let shown = emulator.screen(&[&bytes[..], &wipe(theirs)].concat());
        for row in rows() {
            let wanted: Vec<char> = ours(grid, row, theirs)
                .chars()
                .map(|c| emulator.gives(c))
                .collect();
            let found: Vec<char> = shown[usize::from(row)].chars().collect();
            let wrong = |(column, wanted): (usize, &char)| {
                found.get(column).copied().unwrap_or(' ') != *wanted
            };
            let wrong = wanted
                .iter()
                .enumerate()
                .filter(|pair| wrong(*pair))
                .count();
            if wrong > 0 && differ == 0 {
                // To be looked at by hand: `cat` it in a terminal of that size.
                let kept = format!(
                    "{}/{}-{theirs:?}",
                    env!("CARGO_TARGET_TMPDIR"),
                    emulator.name()
                );
                fs::write(kept, bytes).expect("kept");
                let (wanted, found) = (String::from_iter(&wanted), String::from_iter(&found));
                println!(
                    "{} {theirs:?} row {row}\n{wanted}\n{found}",
                    emulator.name()
                );
            }
            differ += wrong
                + found
                    .iter()
                    .skip(wanted.len())
                    .filter(|c| **c != ' ')
                    .count();
            all += ours(grid, row, theirs)
                .chars()
                .filter(|c| *c != ' ')
                .count();
        }
    }
    (differ, all)
}

/// What is ours on the grid is what it should be: the line from top to bottom, and nothing but letters and signs of
/// ours beside it.
fn is_sound(theirs: Theirs, moments: &Moments) {
    for (_, grid) in &moments.0 {
        for row in rows() {
            let line = at(grid, row, LINE);
            assert!(
                "│├┤╰╭┴┬".contains(&line),
                "{theirs:?} row {row}: {line:?}\n{}",
                grid.contents()
            );
            let row = ours(grid, row, theirs);
            let foreign = row
                .chars()
                .find(|c| !c.is_ascii() && !"│├┤╰╭┴┬─▌●◆◇○…·↵⋮▾↑↓×".contains(*c));
            assert_eq!(foreign, None, "{theirs:?} {row}");
        }
    }
}

fn stays_whole(emulator: &mut dyn Emulator) {
    let mut wrong = 0;
    for theirs in [Theirs::Names, Theirs::Messages, Theirs::Everything] {
        let desk = desk(theirs, if deep() { 400 } else { 120 });
        let moments = moves(&desk, theirs, emulator.term());
        is_sound(theirs, &moments);
        let (differ, all) = look(emulator, theirs, &moments);
        let what = match theirs {
            Theirs::Names => "line and conversation",
            Theirs::Messages => "line and list",
            Theirs::Everything => "line",
        };
        figure(
            &format!("{}: cells of {what} that differ", emulator.name()),
            format!("{differ} of {all}"),
        );
        wrong += differ;
    }
    assert_eq!(
        wrong,
        0,
        "{}: cells that are not as they were drawn",
        emulator.name()
    );
}

#[test]
fn r5_the_grid_of_vt100_keeps_the_line_and_the_other_pane() {
    stays_whole(&mut Grid);
}

#[test]
fn r5_tmux_keeps_the_line_and_the_other_pane() {
    match has("tmux") {
        true => stays_whole(&mut Tmux::start()),
        false => missing("tmux"),
    }
}

#[test]
fn r5_gnu_screen_keeps_the_line_and_the_other_pane() {
    match has("screen") {
        true => stays_whole(&mut Screen::start()),
        false => missing("screen"),
    }
}

#[test]
#[ignore = "needs a display: scripts/deep emulators"]
fn r5_xterm_keeps_the_line_and_the_other_pane() {
    stays_whole(&mut Xterm::start());
}

#[test]
#[ignore = "needs a display: scripts/deep emulators"]
fn r5_kitty_keeps_the_line_and_the_other_pane() {
    stays_whole(&mut Kitty::start());
}
