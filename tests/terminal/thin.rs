//! A session over ssh on a thin and far line: 64 kbit/s, and 300 ms there and back. What a day in front of it costs, in
//! bytes and in seconds; and beside it, for `scripts/deep thin`, what neomutt costs with as many mails.

use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    desk,
    figure::figure,
    line::Line,
    served::Served,
    sshd::{self, Sshd, is_there},
    support::missing,
};

const BITS_A_SECOND: u64 = 64_000;
/// One way.
const DELAY: Duration = Duration::from_millis(150);

/// Conversations, and mails.
const MANY: usize = 100;

/// No byte for that long: all of it is here.
const QUIET: Duration = Duration::from_millis(900);

/// What one step cost.
#[derive(Clone, Copy)]
struct Cost {
    /// Until it was to be seen.
    seen: Duration,
    /// Until nothing more came.
    whole: Duration,
    bytes: usize,
}

/// Somebody at the near end of the line.
struct Far {
    console: Console,
    _line: Line,
    who: String,
}

impl Far {
    /// Signed in over ssh, and a script of the far side waits for a return.
    fn start(
        who: &str,
        sshd: &Sshd,
        account: &Account,
        script: &str,
        (columns, rows): (u16, u16),
    ) -> Self {
        let line = Line::to(&sshd.address());
        line.delays(DELAY, DELAY);
        line.throttles(BITS_A_SECOND);
        let environment = sshd::environment(account);
        let words = format!("export {environment}; echo ready; read go; {script}");
        let mut console = Console::start(sshd.client(account, line.address(), &words));
        console.resizes(columns, rows);
        console.shows("ready");
        Self {
            console,
            _line: line,
            who: format!("{who} {columns}×{rows}"),
        }
    }

    /// Types keys and waits for what they show.
    fn step(&mut self, what: &str, keys: &str, is_seen: impl Fn(&vt100::Screen) -> bool) -> Cost {
        let before = self.console.bytes().len();
        let began = Instant::now();
        self.console.types(keys);
        self.console
            .until(what, |screen| is_seen(screen).then_some(()));
        let seen = began.elapsed();
        let (mut known, mut whole) = (self.console.bytes().len(), began.elapsed());
        loop {
            let now = self.console.bytes_after(known, QUIET);
            if now == known {
                break;
            }
            (known, whole) = (now, began.elapsed());
        }
        let bytes = known - before;
        figure(
            &format!("{}: {what}", self.who),
            format!(
                "{bytes} bytes, seen after {:.2} s, whole after {:.2} s",
                seen.as_secs_f64(),
                whole.as_secs_f64()
            ),
        );
        Cost { seen, whole, bytes }
    }
}

/// Anna has them all: as many rows as neomutt has mails.
fn many() -> Served {
    let mut desk = desk();
    for nth in 2..MANY {
        let name = format!(
            "{} {}",
            FIRST[nth % FIRST.len()],
            LAST[nth / FIRST.len() % LAST.len()]
        );
        let id = desk.customer(&name, WORDS[nth % WORDS.len()]);
        desk.act("anna", &id, "take");
    }
    desk
}

const FIRST: [&str; 10] = [
    "Bea", "Carl", "Dee", "Eve", "Fay", "Gus", "Ida", "Jo", "Kit", "Lea",
];
const LAST: [&str; 10] = [
    "Jones", "Webb", "Okafor", "Price", "Nolan", "Moss", "Park", "Vale", "Reid", "Stone",
];
const WORDS: [&str; 4] = [
    "Can I move my payment to Friday, please?",
    "Please stop the letters, I have moved house since",
    "Is anybody there?",
    "I paid 50 on Monday and it still says that I did not. What shall I do now?",
];

fn handback(sshd: &Sshd, desk: &Served, size: (u16, u16)) -> [Cost; 4] {
    let account = Account::new();
    let script = format!("exec {HANDBACK} --desk unix:{}", desk.socket.display());
    let mut far = Far::start("handback", sshd, &account, &script, size);
    let shows = |text: &'static str| move |screen: &vt100::Screen| screen.contents().contains(text);
    let first = far.step("first paint, its messages too", "\r", |screen| {
        let text = screen.contents();
        text.contains(&format!("1 of {MANY}")) && text.contains("live ") && text.contains("Today")
    });
    let down = far.step(
        "cursor down, the next conversation beside it",
        "j",
        move |screen| shows("2 of 100")(screen),
    );
    far.step("cursor up", "k", shows("1 of 100"));
    let open = far.step("opening it", "\r", shows("Esc list"));
    far.step("back to the list", "\x1b", |screen| {
        !shows("Esc list")(screen)
    });
    far.step("the menu", ".", shows("letter or"));
    far.step("and back", "\x1b", |screen| !shows("letter or")(screen));
    far.step("a page down", "\x1b[6~", |screen| {
        !shows("1 of 100")(screen)
    });
    let back = far.step("handing back", "u", shows("Handed back"));
    far.step("taking that back", "z", |screen| {
        !shows("you handed it back")(screen)
    });
    [first, down, open, back]
}

/// The account's mails, all of them unread.
fn maildir(folder: &Path) {
    for name in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    for nth in 0..MANY {
        let name = format!(
            "{} {}",
            FIRST[nth % FIRST.len()],
            LAST[nth / FIRST.len() % LAST.len()]
        );
        let words = WORDS[nth % WORDS.len()];
        let mail = format!(
            "From: {name} <c{nth}@example.org>\nTo: anna@example.org\nSubject: {words}\n\
             Date: Mon, 1 Dec 2025 14:{:02}:00 +0000\nMessage-ID: <{nth}@example.org>\n\n{words}\n",
            nth % 60
        );
        fs::write(
            folder.join(format!("cur/{}.{nth}.host:2,", 1_700_000_000 + nth)),
            mail,
        )
        .expect("a mail");
    }
}

fn neomutt(sshd: &Sshd, size: (u16, u16)) {
    if !is_there("neomutt") {
        return missing("neomutt");
    }
    let account = Account::new();
    let mails = account.home().join("mails");
    maildir(&mails);
    let settings = account.home().join("muttrc");
    let folder = mails.display();
    let words = format!(
        "set mbox_type=Maildir\nset folder={folder}\nset wait_key=no\nset sleep_time=0\nset mail_check=600\n"
    );
    fs::write(&settings, words).expect("a file");
    let script = format!(
        "exec neomutt -n -F {} -f {}",
        settings.display(),
        mails.display()
    );
    let mut far = Far::start("neomutt", sshd, &account, &script, size);
    far.step("first paint", "\r", |screen| {
        let text = screen.contents();
        text.contains("Msgs:100") && !text.contains("Reading") && !text.contains("Sorting")
    });
    let row = |screen: &vt100::Screen| screen.cursor_position().0;
    let at = row(&far.console.screen());
    far.step("cursor down", "j", move |screen| row(screen) > at);
    far.step("cursor up", "k", move |screen| row(screen) == at);
    far.step("opening a mail", "\r", |screen| {
        screen.contents().contains("Subject:")
    });
    far.step("back to the list", "i", |screen| {
        screen.contents().contains("Msgs:100")
    });
    far.step("a page down", "z", move |screen| {
        !screen
            .contents()
            .lines()
            .nth(1)
            .unwrap_or("")
            .contains("  1 ")
    });
    far.step("flagging one", "F", |screen| {
        screen.contents().contains('!')
    });
    far.step("deleting one", "d", |screen| {
        screen.contents().contains("Del:1")
    });
}

#[test]
fn r13_a_session_over_64_kbit_and_300_ms() {
    let Some(sshd) = Sshd::start("") else { return };
    let desk = many();
    let [first, down, open, back] = handback(&sshd, &desk, (120, 40));
    // What the line itself takes for the bytes, there and back, and the start of the program.
    let line = |cost: Cost| {
        Duration::from_secs_f64(cost.bytes as f64 * 8.0 / BITS_A_SECOND as f64) + 2 * DELAY
    };
    for (what, cost, at_most) in [
        ("first paint", first, 7_000),
        ("down", down, 1_200),
        ("open", open, 1_200),
        ("back", back, 1_500),
    ] {
        assert!(cost.bytes <= at_most, "{what}: {} bytes", cost.bytes);
        assert!(
            cost.seen <= line(cost) + Duration::from_millis(800),
            "{what}: {:?} for {} bytes",
            cost.seen,
            cost.bytes
        );
        assert!(cost.whole >= cost.seen.min(2 * DELAY), "{what}");
    }
    if env::var_os("HANDBACK_DEEP").is_some() {
        handback(&sshd, &desk, (80, 24));
        for size in [(120, 40), (80, 24)] {
            neomutt(&sshd, size);
        }
    }
}
