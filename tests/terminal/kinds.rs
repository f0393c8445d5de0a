//! Every kind of terminal and of locale, read as bytes: no sequence the terminal lacks, no byte the locale lacks (R16).
//!
//! What a terminal has is what its entry in terminfo says, and what [`ITS_MANUAL_SAYS`] adds.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::Command,
    sync::Mutex,
    thread,
};

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    desk,
    figure::figure,
    served::Served,
    step,
    support::missing,
};

/// What terminals call themselves.
const TERMS: [&str; 16] = [
    "alacritty",
    "ansi",
    "foot",
    "linux",
    "rxvt-unicode",
    "screen",
    "screen-256color",
    "tmux",
    "tmux-256color",
    "vt100",
    "vt220",
    "xterm",
    "xterm-16color",
    "xterm-256color",
    "xterm-direct",
    "xterm-kitty",
];

/// What locales people have: the variables, and whether the characters are those of UTF-8.
const LOCALES: [(&[(&str, &str)], bool); 11] = [
    (&[("LANG", "C.UTF-8")], true),
    (&[("LANG", "C")], false),
    (&[("LANG", "POSIX")], false),
    (&[("LANG", "en_GB.ISO-8859-1")], false),
    (&[("LANG", "")], false),
    (&[], false),
    (&[("LC_ALL", "C"), ("LANG", "C.UTF-8")], false),
    (&[("LC_ALL", ""), ("LANG", "C.utf8")], true),
    (&[("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], true),
    (
        &[("LC_CTYPE", "en_GB.ISO-8859-1"), ("LANG", "C.UTF-8")],
        false,
    ),
    (&[("LC_ALL", "en_GB.UTF-8"), ("LANG", "C")], true),
];

/// What terminals have and their entries do not say, by the beginning of their names. Terminfo knows no way to say that
/// there are sixteen colours to write in and eight for paper, and nothing of what came lately.
const ITS_MANUAL_SAYS: &[(&str, &[&str], &str)] = &[
    (
        "linux",
        &["sixteen"],
        "console_codes(4): 90 to 97 set the foreground to the bright ones",
    ),
    (
        "xterm",
        &["sixteen", "BE", "XM"],
        "ctlseqs: 90 to 97, as aixterm; 2004; 1000 and 1006",
    ),
    (
        "screen",
        &["ech", "rmam", "sixteen"],
        "screen(1): CSI X, ?7; and 90 to 97 in its source",
    ),
    (
        "tmux",
        &["ech", "rmam", "sixteen", "BE", "XM"],
        "tmux reads CSI X, ?7, ?1000, ?1006 and ?2004",
    ),
    ("rxvt", &["BE", "XM"], "urxvt(7): 1000, 1006 and 2004"),
    ("foot", &["BE", "Sync"], "foot-ctlseqs(7): 2004, 2026"),
    (
        "alacritty",
        &["RGB", "Sync"],
        "its escape_support: direct colour, 2026",
    ),
    (
        "xterm-kitty",
        &["Sync"],
        "kitty took 2026 in place of the older form",
    ),
];

/// What one terminal has.
struct Has {
    term: String,
    entry: BTreeMap<String, String>,
    besides: BTreeSet<&'static str>,
}

impl Has {
    /// `None`, and that is said, where terminfo does not know it.
    fn of(term: &str) -> Option<Self> {
        let said = Command::new("infocmp").args(["-x", "-1", term]).output();
        let said = said.ok().filter(|said| said.status.success());
        let Some(said) = said else {
            missing(&format!("the entry of {term} in terminfo"));
            return None;
        };
        let said = String::from_utf8(said.stdout).expect("text");
        let entry = said.lines().filter_map(|line| {
            let line = line.strip_prefix('\t')?.trim_end_matches(',');
            let (name, value) = line.split_once(['=', '#']).unwrap_or((line, ""));
            Some((name.to_owned(), value.to_owned()))
        });
        let besides = ITS_MANUAL_SAYS
            .iter()
            .filter(|(start, ..)| term.starts_with(start));
        Some(Self {
            term: term.to_owned(),
            entry: entry.collect(),
            besides: besides
                .flat_map(|(_, besides, _)| besides.iter().copied())
                .collect(),
        })
    }

    /// Whether the entry has this, and a part of it.
    fn says(&self, name: &str, part: &str) -> bool {
        self.besides.contains(name)
            || self
                .entry
                .get(name)
                .is_some_and(|value| value.contains(part))
    }

    fn colours(&self) -> u32 {
        let said = self.entry.get("colors").map_or("0", String::as_str);
        let hexadecimal = said
            .strip_prefix("0x")
            .map(|said| u32::from_str_radix(said, 16));
        hexadecimal
            .unwrap_or_else(|| said.parse())
            .expect("a number")
    }

    /// Why a sequence, without its `CSI`, is none of this terminal's.
    fn lacks(&self, parameters: &str, last: char) -> Option<String> {
        let has = match (parameters.strip_prefix('?'), last) {
            (Some("1049"), 'h') => self.says("smcup", "\\E[?1049h"),
            (Some("1049"), 'l') => self.says("rmcup", "\\E[?1049l"),
            (Some("7"), 'h' | 'l') => self.says("rmam", "\\E[?7l"),
            (Some("25"), 'h') => self.says("cnorm", "\\E[?25h"),
            (Some("25"), 'l') => self.says("civis", "\\E[?25l"),
            (Some("2004"), 'h' | 'l') => self.says("BE", "\\E[?2004h"),
            (Some("1000" | "1006"), 'h' | 'l') => self.says("XM", "1006;1000"),
            (Some("2026"), 'h' | 'l') => self.says("Sync", "?2026"),
            (None, 'H') => self.says("cup", "H"),
            (None, 'A') => self.says("cuu", "A"),
            (None, 'B') => self.says("cud", "B"),
            (None, 'C') => self.says("cuf", "C"),
            (None, 'D') => self.says("cub", "D"),
            (None, 'G') => self.says("hpa", "G"),
            (None, 'd') => self.says("vpa", "d"),
            (None, 'J') => self.says("ed", "J"),
            (None, 'K') => self.says("el", "K"),
            (None, 'X') => self.says("ech", "X"),
            (None, 'r') => self.says("csr", "r"),
            (None, 'L') => self.says("il", "L"),
            (None, 'M') => self.says("dl", "M"),
            (None, 'm') => return self.lacks_look(parameters),
            _ => false,
        };
        (!has).then(|| format!("{} has no CSI {parameters}{last}", self.term))
    }

    /// Why a change of how things look is none of this terminal's.
    fn lacks_look(&self, numbers: &str) -> Option<String> {
        let mut numbers = numbers.split(';').map(|number| match number {
            "" => Some(0),
            number => number.parse::<u32>().ok(),
        });
        while let Some(number) = numbers.next() {
            let has = match number? {
                0 => self.says("sgr0", "m"),
                1 => self.says("bold", "[1m"),
                2 => self.says("dim", "[2m"),
                3 => self.says("sitm", "[3m"),
                4 => self.says("smul", "[4m"),
                5 => self.says("blink", "[5m"),
                7 => self.says("rev", "[7m"),
                9 => self.says("smxx", "[9m"),
                // One by one they can be switched off by whoever says so of the underline.
                22 | 24 | 25 | 27 => self.says("rmul", "[24m"),
                23 => self.says("ritm", "[23m"),
                30..=37 | 40..=47 => self.colours() >= 8,
                39 | 49 => self.says("op", "39;49"),
                90..=97 => self.colours() >= 16 || self.says("sixteen", ""),
                100..=107 => self.colours() >= 16,
                38 | 48 => match numbers.next().flatten() {
                    Some(5) => numbers
                        .next()
                        .flatten()
                        .is_some_and(|nth| nth < self.colours()),
                    Some(2) => {
                        numbers.by_ref().take(3).for_each(drop);
                        ["RGB", "Tc", "setrgbf"]
                            .iter()
                            .any(|name| self.says(name, ""))
                    }
                    _ => false,
                },
                _ => false,
            };
            if !has {
                return Some(format!("{} has no SGR {number:?}", self.term));
            }
        }
        None
    }

    /// The first thing in these bytes that is none of this terminal's.
    fn fault(&self, bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(bytes);
        let mut parts = text.split('\x1b');
        let control = |part: &str| {
            part.chars()
                .find(|c| c.is_control() && !matches!(c, '\r' | '\n'))
        };
        if let Some(control) = control(parts.next()?) {
            return Some(format!("{control:?} before all"));
        }
        parts.find_map(|part| {
            let Some(sequence) = part.strip_prefix('[') else {
                return Some(format!("no CSI: {part:.20?}"));
            };
            let end = sequence.find(|c: char| ('\x40'..='\x7e').contains(&c))?;
            let last = sequence[end..].chars().next()?;
            let lacks = self.lacks(&sequence[..end], last);
            lacks.or_else(|| Some(format!("{:?} in text", control(sequence)?)))
        })
    }
}

/// A desk with enough to scroll through, and names that need more than ASCII.
fn busy_desk() -> Served {
    let mut desk = desk();
    desk.customer("Łukasz → ☎", "Zażółć gęślą jaźń — 你好 👩‍👩‍👧");
    for nth in 0..24 {
        desk.customer(&format!("Customer {nth}"), "Is anybody there?");
    }
    desk
}

/// A session of everything that is drawn, in one kind of terminal and of locale; gives its bytes.
fn session(desk: &Served, term: &str, locale: &[(&str, &str)], no_color: bool) -> Vec<u8> {
    let account = Account::new();
    let socket = format!("unix:{}", desk.socket.display());
    let mut command = account.typed(HANDBACK, &["--desk", &socket]);
    command.env_remove("LANG");
    command.env("TERM", term);
    for (name, value) in locale {
        command.env(name, value);
    }
    if no_color {
        command.env("NO_COLOR", "1");
    }
    let mut console = Console::start(command);
    console.shows("1 of 27");
    for (keys, shown) in [
        ("G", "27 of 27"),
        ("k", "26 of 27"),
        ("g", "1 of 27"),
        (".", "letter or"),
        ("\x1b", "!letter or"),
        ("?", "your last act"),
        ("\x1b", "!your last act"),
        ("p", "What the team did"),
        ("p", "!What the team did"),
        ("r", "Reply to"),
        ("Hm", "Hm"),
        ("\x1b", "!Reply to"),
    ] {
        step(&mut console, keys, shown);
    }
    console.resizes(80, 24);
    console.shows("1 of 27");
    console.types("q");
    console.shows("keep them and leave");
    console.rests();
    console.types("q");
    assert_eq!(console.ended().exit_code(), 0, "{term}");
    console.bytes()
}

/// Whether a sequence, after its `CSI`, sets a colour.
fn is_colour(sequence: &str) -> bool {
    let Some(end) = sequence.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':')) else {
        return false;
    };
    let colours = |number: &str| matches!(number.parse(), Ok(30..=49_u8 | 90..=107));
    sequence[end..].starts_with('m') && sequence[..end].split([';', ':']).any(colours)
}

/// What is wrong with a session's bytes.
fn wrong(has: &Has, bytes: &[u8], is_utf8: bool, no_color: bool) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    if !is_utf8 && let Some(byte) = bytes.iter().find(|byte| !byte.is_ascii()) {
        return Some(format!("a byte {byte:#x} where there is no UTF-8"));
    }
    if is_utf8 && bytes.is_ascii() {
        return Some("no character beyond ASCII where there is UTF-8".into());
    }
    let coloured = text
        .split("\x1b[")
        .skip(1)
        .find(|sequence| is_colour(sequence));
    let is_coloured = coloured.is_some();
    let has_colours = has.colours() >= 8 && !no_color && has.term != "ansi";
    if is_coloured != has_colours {
        return Some(format!("colours: {is_coloured}, and not {has_colours}"));
    }
    has.fault(bytes)
}

/// The sessions to look at: terminal, locale, `NO_COLOR`. A sample of all, in which each terminal is three times, each
/// locale and `NO_COLOR` with several; or all of them, for `scripts/deep terminal`.
fn sessions() -> Vec<(&'static str, usize, bool)> {
    if env::var_os("HANDBACK_DEEP").is_some() {
        let locales = 0..LOCALES.len();
        return TERMS
            .iter()
            .flat_map(|term| locales.clone().map(move |locale| (*term, locale)))
            .flat_map(|(term, locale)| [(term, locale, false), (term, locale, true)])
            .collect();
    }
    let both = TERMS.iter().enumerate().flat_map(|(nth, term)| {
        [
            (*term, 0, false),
            (*term, 1 + nth % (LOCALES.len() - 1), nth % 2 == 0),
        ]
    });
    both.collect()
}

#[test]
fn r16_no_sequence_the_terminal_lacks_and_no_byte_the_locale_lacks() {
    if Command::new("infocmp").arg("-V").output().is_err() {
        return missing("infocmp");
    }
    let desk = busy_desk();
    let known: BTreeMap<&str, Has> = TERMS
        .iter()
        .filter_map(|term| Some((*term, Has::of(term)?)))
        .collect();
    let all = sessions();
    let next = Mutex::new(all.iter());
    let (faults, seen) = (Mutex::new(BTreeSet::new()), Mutex::new((0, 0)));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let one = next.lock().expect("the sessions").next();
                    let Some((term, locale, no_color)) = one else {
                        return;
                    };
                    let Some(has) = known.get(term) else { continue };
                    let (variables, is_utf8) = LOCALES[*locale];
                    let bytes = session(&desk, term, variables, *no_color);
                    let mut seen = seen.lock().expect("what was seen");
                    *seen = (seen.0 + 1, seen.1 + bytes.len());
                    drop(seen);
                    if let Some(why) = wrong(has, &bytes, is_utf8, *no_color) {
                        let which = format!("{term} {variables:?} NO_COLOR {no_color}: {why}");
                        faults.lock().expect("faults").insert(which);
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().expect("faults");
    assert!(faults.is_empty(), "{faults:#?}");
    let (sessions, bytes) = seen.into_inner().expect("what was seen");
    figure("kinds of terminals", known.len());
    figure(
        "sessions in them, in all locales, with and without NO_COLOR",
        sessions,
    );
    figure("bytes read", bytes);
}

#[test]
fn r16_where_no_text_can_be_placed_there_is_a_hint_and_64() {
    let account = Account::new();
    for term in [Some("dumb"), Some(""), None] {
        let mut command = account.typed(HANDBACK, &["--desk", "unix:/nowhere"]);
        match term {
            Some(term) => command.env("TERM", term),
            None => command.env_remove("TERM"),
        }
        let console = Console::start(command);
        assert_eq!(console.ended().exit_code(), 64);
        console.shows("the verbs list, show, unassign and take need no such terminal");
        assert!(!console.bytes().contains(&0x1b), "and not one sequence");
    }
    let piped = account.command(HANDBACK).output().expect("the program");
    assert_eq!(piped.status.code(), Some(64), "{piped:?}");
    // Only one of the two is a terminal.
    for half in ["\"$@\" </dev/null", "\"$@\" | cat"] {
        let script = format!("set -o pipefail 2>/dev/null; {half}; echo ended $?");
        let mut command = account.typed("bash", &["-c", &script, "bash", HANDBACK]);
        command.args(["--desk", "unix:/nowhere"]);
        let console = Console::start(command);
        console.shows("ended 64");
        console.shows("standard input and output are not a terminal");
        assert!(!console.bytes().contains(&0x1b), "and not one sequence");
    }
}
