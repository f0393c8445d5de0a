//! The console and its terminal, from the first byte to the last: the program itself in a real terminal, at a real
//! desk.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/grammar.rs"]
mod grammar;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    fs,
    time::{Duration, Instant, SystemTime},
};

use account::{Account, HANDBACK};
use console::{Console, SIZE};
use rustix::{process::Signal, termios::Termios};
use served::Served;

/// A desk with two conversations, the first of them Anna's.
fn desk() -> Served {
    let mut desk = Served::start(support::sqlite());
    let zoe = desk.customer("Zoë Jones", "Can I pay later?");
    desk.act("anna", &zoe, "take");
    desk.act("anna", &zoe, "unassign");
    desk.act("anna", &zoe, "take");
    let carl = desk.customer("Carl Smith", "Hello?");
    desk.act("anna", &carl, "take");
    desk
}

/// What decides how a terminal behaves.
fn settings(termios: &Termios) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        termios.input_modes,
        termios.output_modes,
        termios.local_modes,
        termios.control_modes,
    )
}

/// Nothing that was switched on is on any more (R11).
fn is_left(console: &Console) {
    console.until("the normal screen", |screen| {
        (!screen.alternate_screen()).then_some(())
    });
    let screen = console.screen();
    assert!(!screen.hide_cursor(), "the cursor is visible");
    assert!(!screen.bracketed_paste(), "no paste mode");
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

/// Presses keys and waits for what they show; or, behind a `!`, for the end of it.
fn step(console: &mut Console, keys: &str, shown: &str) {
    console.types(keys);
    match shown.strip_prefix('!') {
        Some(hidden) => console.hides(hidden),
        None => console.shows(shown),
    }
}

/// Begins a reply and writes a draft.
fn drafts(console: &mut Console, text: &str) {
    console.types("r");
    console.shows("Reply to");
    console.writes(text);
}

#[test]
fn r11_every_way_out_leaves_the_terminal_as_it_was() {
    let desk = desk();
    for way in [
        None,
        Some(Signal::TERM),
        Some(Signal::INT),
        Some(Signal::QUIT),
    ] {
        let account = Account::new();
        let mut command = account.typed(
            "sh",
            &[
                "-c",
                "stty -a >before; \"$@\"; echo $? >status; stty -a >after",
                "sh",
                HANDBACK,
            ],
        );
        command.args(["--desk", &format!("unix:{}", desk.socket.display())]);
        let mut console = Console::start(command);
        let found = settings(&console.settings());
        console.selects("Zoë Jones");
        let screen = console.screen();
        assert!(screen.alternate_screen() && screen.bracketed_paste());
        assert_ne!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_ne!(settings(&console.settings()), found, "raw");
        match way {
            None => {
                console.types("q");
                console.shows("keep them and leave");
                console.rests();
                console.types("q");
            }
            Some(signal) => rustix::process::kill_process(child_of(&console), signal).unwrap(),
        }
        console.ended();
        is_left(&console);
        assert_eq!(settings(&console.settings()), found, "{way:?}");
        let read = |name| fs::read_to_string(account.home().join(name)).unwrap();
        assert_eq!(read("before"), read("after"), "{way:?}");
        assert_eq!(read("status").trim(), "0", "{way:?}");
    }
}

/// The one process that a shell started.
fn child_of(console: &Console) -> rustix::process::Pid {
    let shell = console.process.as_raw_pid();
    let path = format!("/proc/{shell}/task/{shell}/children");
    let children = fs::read_to_string(path).expect("its children");
    let child = children.split_whitespace().next().expect("a child");
    rustix::process::Pid::from_raw(child.parse().unwrap()).unwrap()
}

#[test]
fn r10_a_window_that_is_closed_ends_it_with_the_draft_on_disk() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    drafts(&mut console, "Half a sent");
    let broken = Instant::now();
    console.breaks();
    let ended = console.ended();
    println!(
        "R10: gone {:?} after the window was closed",
        broken.elapsed()
    );
    assert_eq!(ended.exit_code(), 129, "{ended:?}");
    assert!(account.drafts().contains("Half a sent"));
}

#[test]
fn r10_a_hang_up_by_signal_ends_it_too() {
    let desk = desk();
    let account = Account::new();
    let console = desk.annas(&account);
    console.selects("Zoë Jones");
    let before = console.bytes().len();
    console.signal(Signal::HUP);
    assert_eq!(console.ended().exit_code(), 129);
    // A frame that was under way may still have come; nothing that undoes a mode did.
    let since = String::from_utf8_lossy(&console.bytes()[before..]).into_owned();
    for undone in ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?1006l"] {
        assert!(!since.contains(undone), "nothing is restored: {since:?}");
    }
}

#[test]
fn r10_where_nobody_tells_of_the_hang_up_the_dead_terminal_does() {
    let desk = desk();
    let account = Account::new();
    // The shell, which the system tells, ignores it; the console is only its child.
    let script = "trap '' HUP; \"$@\"; echo $? >status";
    let mut command = account.typed("sh", &["-c", script, "sh", HANDBACK]);
    command.args(["--desk", &format!("unix:{}", desk.socket.display())]);
    let mut console = Console::start(command);
    console.selects("Zoë Jones");
    drafts(&mut console, "Half a sent");
    let broken = Instant::now();
    console.breaks();
    console.ended();
    println!(
        "R10: gone {:?} after its terminal died in silence",
        broken.elapsed()
    );
    let status = fs::read_to_string(account.home().join("status")).unwrap();
    assert_eq!(status.trim(), "129");
    assert!(account.drafts().contains("Half a sent"));
}

#[test]
fn r12_suspended_under_a_shell_it_gives_the_screen_back_and_fg_repaints() {
    let desk = desk();
    let account = Account::new();
    let mut command = account.typed("bash", &["--norc", "--noprofile", "--noediting", "-i"]);
    command.env("PS1", "shell> ");
    command.env("HANDBACK_DESK", format!("unix:{}", desk.socket.display()));
    let mut console = Console::start(command);
    console.shows("shell> ");
    console.types(&format!("{HANDBACK}\r"));
    console.selects("Zoë Jones");
    console.types("\x1a");
    console.shows("handback is suspended; fg comes back");
    is_left(&console);
    console.until("the shell", |screen| {
        screen.contents().ends_with("shell> ").then_some(())
    });
    let job = child_of(&console);
    let stat = fs::read_to_string(format!("/proc/{job}/stat", job = job.as_raw_pid())).unwrap();
    assert!(stat.contains(") T "), "{stat}");
    // What happens meanwhile is there on return.
    let meanwhile = desk.ask("gwen", "GET", "/v1/conversations", None).1;
    let id = meanwhile["items"][1]["id"].as_str().unwrap();
    desk.act("gwen", id, "unassign");
    console.types("fg\r");
    console.selects("Zoë Jones");
    console.lists("unassigned", true);
    assert!(console.screen().alternate_screen());
    console.types("j");
    console.selects("Carl Smith");
    console.types("q");
    console.shows("keep them and leave");
    console.rests();
    console.types("q");
    console.until("the shell", |screen| {
        screen
            .contents()
            .trim_end()
            .ends_with("shell>")
            .then_some(())
    });
    is_left(&console);
}

#[test]
fn r13_idle_it_writes_nothing() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.types("j");
    console.shows("Carl · "); // the message: nothing is on its way any more
    let minute = || {
        SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_secs()
            / 60
    };
    loop {
        let settled = settle(&console);
        let (began, woken) = (minute(), wake_ups(&console));
        let after = console.bytes_after(settled, Duration::from_secs(5));
        if began == minute() {
            println!(
                "R13: {} wake-ups in 5 s without a key",
                wake_ups(&console) - woken
            );
            assert_eq!(after, settled, "idle, and yet it wrote");
            return;
        }
        // All relative times turned together, once a minute: that is not idle.
    }
}

/// Waits until nothing more comes; gives how many bytes came.
fn settle(console: &Console) -> usize {
    let mut known = console.bytes().len();
    loop {
        let now = console.bytes_after(known, Duration::from_millis(300));
        if now == known {
            return known;
        }
        known = now;
    }
}

/// How often its threads gave up the processor and were woken, so far.
fn wake_ups(console: &Console) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{}/task", console.process.as_raw_pid())).unwrap();
    let of_one = |path: std::path::PathBuf| -> Option<u64> {
        let status = fs::read_to_string(path.join("status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        line.trim().parse().ok()
    };
    tasks.flatten().filter_map(|task| of_one(task.path())).sum()
}

#[test]
fn r14_a_terminal_that_takes_nothing_costs_no_draft_and_no_event() {
    let mut desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.types("r");
    console.shows("Reply to");
    console.stalls();
    console.types("Written into the dark");
    let written = || account.drafts().contains("Written into the dark");
    let until = Instant::now() + Duration::from_secs(30);
    while !written() {
        assert!(Instant::now() < until, "no draft: {}", account.drafts());
        std::thread::yield_now();
    }
    desk.customer("Dee Okafor", "Is anybody there?");
    console.flows();
    console.shows("Written into the dark");
    console.types("\x1b");
    console.lists("Dee Okafor", true);
}

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
fn r16_where_no_text_can_be_placed_there_is_a_hint_and_64() {
    let account = Account::new();
    for term in ["dumb", ""] {
        let mut command = account.typed(HANDBACK, &["--desk", "unix:/nowhere"]);
        command.env("TERM", term);
        let console = Console::start(command);
        assert_eq!(console.ended().exit_code(), 64);
        console.shows("the verbs list, show, unassign and take need no such terminal");
        assert!(!console.bytes().contains(&0x1b), "and not one sequence");
    }
    let piped = account.command(HANDBACK).output().unwrap();
    assert_eq!(piped.status.code(), Some(64), "{piped:?}");
}

#[test]
fn r16_without_colour_and_without_utf8_neither_is_sent() {
    let mut desk = desk();
    desk.customer("Łukasz → ☎", "Zażółć gęślą jaźń — 你好 👩‍👩‍👧");
    let account = Account::new();
    let socket = format!("unix:{}", desk.socket.display());
    let mut command = account.typed(HANDBACK, &["--desk", &socket]);
    command.env("LANG", "C");
    command.env("NO_COLOR", "1");
    let mut console = Console::start(command);
    console.shows("Zoe Jones");
    for (keys, shown) in [
        ("g", "Zaz"),
        (".", "letter or"),
        ("\x1b", "!letter or"),
        ("?", "your last act"),
        ("\x1b", "!your last act"),
        ("r", "Reply to"),
    ] {
        step(&mut console, keys, shown);
    }
    let bytes = console.bytes();
    assert!(
        bytes.is_ascii(),
        "{:?}",
        bytes.iter().find(|byte| !byte.is_ascii())
    );
    let text = String::from_utf8(bytes).unwrap();
    let coloured: Vec<&str> = text
        .split("\x1b[")
        .skip(1)
        .filter(|sequence| is_colour(sequence))
        .collect();
    assert!(coloured.is_empty(), "{:?}", coloured[0]);
    let mut with_colour = desk.annas(&account);
    with_colour.selects("ukasz");
    with_colour.types(".");
    with_colour.shows("Take");
    let text = String::from_utf8(with_colour.bytes()).unwrap();
    assert!(
        text.split("\x1b[").skip(1).any(is_colour),
        "else this would find nothing"
    );
    assert!(!text.is_ascii(), "else this would find nothing");
}

/// Whether a sequence, after its `CSI`, sets a colour.
fn is_colour(sequence: &str) -> bool {
    let Some(end) = sequence.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':')) else {
        return false;
    };
    let colours = |number: &str| matches!(number.parse(), Ok(30..=49_u8 | 90..=107));
    sequence[end..].starts_with('m') && sequence[..end].split([';', ':']).any(colours)
}

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

#[test]
fn r7_a_burst_moves_and_does_not_act() {
    let mut desk = desk();
    for name in ["Dee Okafor", "Eve Price", "Fay Nolan"] {
        let id = desk.customer(name, "Hello?");
        desk.act("anna", &id, "take");
    }
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.types("jjju");
    console.shows("did not do u");
    console.selects("Eve Price");
    console.lists("handed it back", false);
    let kept = desk
        .ask("anna", "GET", "/v1/conversations?view=mine", None)
        .1;
    assert_eq!(kept["counts"]["mine"], 5, "nothing was handed back");
    console.rests();
    console.types("u");
    console.shows("Handed back Eve Price");
}

#[test]
fn r23_a_draft_is_there_after_kill_9() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    drafts(&mut console, "Half a sentence, and");
    console.signal(Signal::KILL);
    console.ended();
    let mut again = desk.annas(&account);
    again.selects("Zoë Jones");
    again.lists("draft", true);
    again.types("r");
    again.shows("Half a sentence, and");
}

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
