//! Every way out, from every mode: the terminal is as it was found (R11).

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use rustix::{process::Signal, termios::Termios};

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    desk, drafts,
    figure::figure,
    process::{Process, soon},
    served::{Served, TEAM},
    step, support,
};

/// What decides how a terminal behaves.
pub(crate) fn settings(termios: &Termios) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        termios.input_modes,
        termios.output_modes,
        termios.local_modes,
        termios.control_modes,
    )
}

/// Nothing that was switched on is on any more (R11).
pub(crate) fn is_left(console: &Console) {
    console.until("the normal screen", |screen| {
        (!screen.alternate_screen()).then_some(())
    });
    let screen = console.screen();
    assert!(!screen.hide_cursor(), "the cursor is visible");
    assert!(!screen.bracketed_paste(), "no paste mode");
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

/// What is wrong with how the modes of a terminal were left, by the bytes it got: each that was switched is switched
/// back, those of entering in reverse; no colour, no scroll region is left.
pub(crate) fn left_on(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut modes: BTreeMap<&str, char> = BTreeMap::new();
    let (mut entered, mut left) = (Vec::new(), Vec::new());
    let (mut region, mut pen) = ("", "");
    for sequence in text.split("\x1b[").skip(1) {
        let Some(end) = sequence.find(|c: char| c.is_ascii_alphabetic()) else {
            continue;
        };
        let (parameters, last) = (&sequence[..end], &sequence[end..=end]);
        match (parameters.strip_prefix('?'), last) {
            (Some(mode), "h" | "l") => {
                let usual = if matches!(mode, "7" | "25") { "h" } else { "l" };
                if last == usual {
                    modes.remove(mode);
                    left.push(mode);
                } else {
                    modes.insert(mode, 'x');
                    if !entered.contains(&mode) {
                        entered.push(mode);
                    }
                    left.retain(|known| *known != mode);
                }
            }
            (None, "r") => region = parameters,
            (None, "m") => pen = parameters,
            _ => {}
        }
    }
    if !modes.is_empty() {
        return Some(format!("still on: {:?}", modes.keys()));
    }
    // A frame's own brackets are no mode of the program; the cursor is shown and hidden on the way.
    let lasting = |modes: &[&str]| -> Vec<String> {
        let own = |mode: &&&str| !matches!(**mode, "2026" | "25");
        modes
            .iter()
            .filter(own)
            .map(|mode| (*mode).to_owned())
            .collect()
    };
    let (mut entered, left) = (lasting(&entered), lasting(&left));
    entered.reverse();
    if left.ends_with(&entered) && (region, pen) == ("", "") {
        return None;
    }
    Some(format!(
        "{left:?} do not undo {entered:?} in reverse, or a region {region:?} or a colour {pen:?} is left"
    ))
}

/// Runs the program and writes what `stty` says before and after it, and how it ended.
const WITNESSED: &str = "stty -a >before; \"$@\"; echo $? >status; stty -a >after";

fn witnessed(account: &Account, desk: &Served) -> Console {
    let mut command = account.typed("sh", &["-c", WITNESSED, "sh", HANDBACK]);
    command.args(["--desk", &format!("unix:{}", desk.socket.display())]);
    Console::start(command)
}

/// A way out.
#[derive(Clone, Copy, Debug)]
enum Way {
    Quits,
    Told(Signal),
}

const WAYS: [Way; 4] = [
    Way::Quits,
    Way::Told(Signal::TERM),
    Way::Told(Signal::INT),
    Way::Told(Signal::QUIT),
];

/// Where somebody may be when they leave: the keys that lead there, and what it shows.
const PLACES: [(&str, &[(&str, &str)]); 5] = [
    ("the list", &[]),
    ("a draft", &[("r", "Reply to"), ("Hm", "Hm")]),
    ("the menu", &[(".", "letter or")]),
    ("the search", &[("/", "Esc show everything")]),
    (
        "a message alone, the mouse left to the terminal",
        &[("\r", "Esc list"), ("v", "Esc")],
    ),
];

fn leaves(way: Way, place: &str, keys: &[(&str, &str)]) -> Duration {
    let desk = desk();
    let account = Account::new();
    let mut console = witnessed(&account, &desk);
    let found = settings(&console.settings());
    console.selects("Zoë Jones");
    let screen = console.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    assert_ne!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert_ne!(settings(&console.settings()), found, "raw");
    for (keys, shown) in keys {
        step(&mut console, keys, shown);
    }
    let process = Process::child_of(console.process);
    let began = match way {
        Way::Quits => {
            console.types("q");
            console.shows("keep them and leave");
            console.rests();
            let began = Instant::now();
            console.types("q");
            began
        }
        Way::Told(signal) => {
            let began = Instant::now();
            process.signal(signal);
            began
        }
    };
    let within = process.goes(began).within;
    console.ended();
    is_left(&console);
    assert_eq!(left_on(&console.bytes()), None, "{way:?} from {place}");
    assert_eq!(settings(&console.settings()), found, "{way:?} from {place}");
    let read = |name| fs::read_to_string(account.home().join(name)).expect("a file");
    assert_eq!(read("before"), read("after"), "{way:?} from {place}");
    assert_eq!(read("status").trim(), "0", "{way:?} from {place}");
    within
}

#[test]
fn r11_every_way_out_leaves_the_terminal_as_it_was() {
    let mut slowest = Duration::ZERO;
    for (nth, way) in WAYS.into_iter().enumerate() {
        for (at, (place, keys)) in PLACES.into_iter().enumerate() {
            // One quits from the list, and where one writes the key is a letter.
            let quits_elsewhere = matches!(way, Way::Quits) && at > 0;
            // Each signal from the list and from another place.
            let is_another_round = at > 0 && at != nth && (nth != 3 || at != 4);
            if !quits_elsewhere && !is_another_round {
                slowest = slowest.max(leaves(way, place, keys));
            }
        }
    }
    figure(
        "a key or a signal until it is gone, at most",
        format!("{} ms", slowest.as_millis()),
    );
    // Half a second of it is what the desk may take to hear that one signs out.
    assert!(slowest <= Duration::from_secs(1), "{slowest:?}");
}

#[test]
fn r11_told_to_end_while_the_terminal_takes_nothing_it_does() {
    let desk = desk();
    let account = Account::new();
    let mut console = witnessed(&account, &desk);
    console.selects("Zoë Jones");
    let found = {
        let before = fs::read_to_string(account.home().join("before")).expect("a file");
        drafts(&mut console, "Hm");
        before
    };
    let process = Process::child_of(console.process);
    console.stalls();
    console.types("\x0c");
    let began = Instant::now();
    process.signal(Signal::TERM);
    let gone = process.goes(began);
    figure(
        "TERM while the terminal takes nothing, until it is gone",
        format!("{} ms", gone.within.as_millis()),
    );
    assert!(gone.within <= Duration::from_secs(1), "{gone:?}");
    console.flows();
    console.ended();
    let after = fs::read_to_string(account.home().join("after")).expect("a file");
    assert_eq!(found, after);
    assert!(account.drafts().contains("Hm"));
}

#[test]
fn r11_an_error_at_the_start_touches_nothing() {
    let account = Account::new();
    let nowhere = account.home().join("nowhere.sock");
    let nowhere = format!("unix:{}", nowhere.display());
    let mut command = account.typed("sh", &["-c", WITNESSED, "sh", HANDBACK]);
    command.args(["--desk", &nowhere]);
    let console = Console::start(command);
    console.ended();
    let read = |name| fs::read_to_string(account.home().join(name)).expect("a file");
    assert_eq!(read("before"), read("after"));
    assert_eq!(read("status").trim(), "69");
    let bytes = console.bytes();
    assert!(
        !bytes.contains(&0x1b),
        "{}",
        String::from_utf8_lossy(&bytes)
    );
}

#[test]
fn r11_an_error_that_comes_later_is_said_on_the_normal_screen() {
    // Nobody of this team is the account that runs this: the desk says so when the terminal is entered already.
    let desk = Served::of(
        support::sqlite(),
        &TEAM.replace("unix_user = \"ACCOUNT\"", "unix_user = \"somebody\""),
    );
    let account = Account::new();
    let console = witnessed(&account, &desk);
    let found = settings(&console.settings());
    console.ended();
    is_left(&console);
    console.shows("no user of this desk");
    assert_eq!(left_on(&console.bytes()), None);
    assert_eq!(settings(&console.settings()), found);
    let read = |name| fs::read_to_string(account.home().join(name)).expect("a file");
    assert_eq!(read("before"), read("after"));
    assert_eq!(read("status").trim(), "77");
}

#[test]
fn r11_r12_told_to_end_while_it_is_suspended() {
    let desk = desk();
    let account = Account::new();
    let mut command = account.typed("bash", &["--norc", "--noprofile", "--noediting", "-i"]);
    command.env("PS1", "shell> ");
    let mut console = Console::start(command);
    console.shows("shell> ");
    let to = format!("unix:{}", desk.socket.display());
    console.types(&format!("{HANDBACK} --desk {to}\r"));
    console.selects("Zoë Jones");
    let process = Process::running("handback", &to);
    console.types("\x1a");
    process.stops();
    console.until("the shell", |screen| {
        screen.contents().ends_with("shell> ").then_some(())
    });
    let before = console.bytes().len();
    process.signal(Signal::TERM);
    process.signal(Signal::CONT);
    soon("its end", || (!process.is_there()).then_some(()));
    // It had left the terminal before, and the shell's line is not spoilt.
    console.types("echo all $((40+2))\r");
    console.shows("all 42");
    is_left(&console);
    let since = String::from_utf8_lossy(&console.bytes()[before..]).into_owned();
    assert!(!since.contains("\x1b[?1049"), "{since:?}");
}
