//! What the console costs: nothing when nothing happens, one write a frame, few frames in a burst (R13).

use std::{
    env,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    account::Account, console::Console, desk, figure::figure, process::Process, support::dice::Dice,
};

/// How long nothing happens, in seconds; `scripts/deep terminal` waits longer.
fn stretch() -> u64 {
    let seconds = env::var("HANDBACK_IDLE").ok();
    seconds.map_or(6, |seconds| seconds.parse().expect("seconds"))
}

/// The minute it is: when it turns, so do all relative times.
fn minute() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.expect("a time").as_secs() / 60
}

/// Waits until nothing more comes; gives how many bytes came.
pub(crate) fn settle(console: &Console) -> usize {
    let mut known = console.bytes().len();
    loop {
        let now = console.bytes_after(known, Duration::from_millis(300));
        if now == known {
            return known;
        }
        known = now;
    }
}

/// What the screen shows is what it shows once it was drawn anew; at another minute it would not be.
pub(crate) fn redraw_changes_nothing(console: &mut Console, after: &str) {
    let shown = |console: &Console| {
        settle(console);
        (looks(console), console.screen().contents())
    };
    loop {
        let now = minute();
        let (painted, before) = shown(console);
        console.types("\x0c");
        let (repainted, anew) = shown(console);
        if minute() == now {
            assert!(
                painted == repainted,
                "after {after:?}:\n{before}\nand drawn anew:\n{anew}"
            );
            return;
        }
    }
}

#[test]
fn r13_idle_it_writes_nothing_wakes_hardly_and_takes_no_processor() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    console.types("j");
    console.shows("Carl · "); // the message: nothing is on its way any more
    let process = Process::of(console.process);
    let length = stretch();
    loop {
        let settled = settle(&console);
        let (began, woken, cpu) = (minute(), process.wake_ups(), process.cpu());
        let until = Instant::now() + Duration::from_secs(length);
        let (mut known, mut pieces) = (settled, 0_u64);
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            let now = console.bytes_after(known, left);
            pieces += u64::from(now > known);
            known = now;
        }
        let (turned, woken, cpu) = (
            minute() - began,
            process.wake_ups() - woken,
            process.cpu() - cpu,
        );
        // All relative times turn together, once a minute: a short stretch is to be free of that.
        if length < 60 && turned > 0 {
            continue;
        }
        figure("seconds without a key or an event", length);
        figure("bytes", known - settled);
        figure("pieces they came in, one a minute at most", pieces);
        figure(
            "wake-ups a second, at most 0.2",
            format!("{:.2}", woken as f64 / length as f64),
        );
        figure(
            "processor time",
            format!(
                "{:.2} ms a minute",
                cpu.as_secs_f64() * 60_000.0 / length as f64
            ),
        );
        assert!(
            pieces <= turned,
            "idle, and yet it wrote {} bytes",
            known - settled
        );
        assert!(
            woken <= length.div_ceil(5),
            "{woken} wake-ups in {length} s"
        );
        assert!(
            cpu <= Duration::from_millis(2 * length),
            "{cpu:?} in {length} s"
        );
        return;
    }
}

/// What the writing thread wrote so far.
#[derive(Clone, Copy)]
struct Written {
    calls: u64,
    bytes: u64,
    /// What came at the other end.
    came: u64,
}

impl Written {
    /// Once nothing more comes. `None` where the system does not tell.
    fn by(console: &Console) -> Option<Self> {
        let came = settle(console) as u64;
        let (calls, bytes) = Process::of(console.process).written_by("tty-write")?;
        Some(Self { calls, bytes, came })
    }

    /// How often it wrote to the terminal since. With 8 bytes that go elsewhere it wakes the loop, where that sleeps.
    fn writes_since(self, before: Self) -> u64 {
        let woken = (self.bytes - before.bytes - (self.came - before.came)) / 8;
        self.calls - before.calls - woken
    }
}

#[test]
fn r13_a_frame_is_one_write() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    let mut largest = 0;
    for (columns, rows) in [(20, 5), (60, 20), (80, 24), (120, 40), (300, 100)] {
        console.resizes(columns, rows);
        let mut frames = 0;
        while frames < 3 {
            let now = minute();
            let Some(before) = Written::by(&console) else {
                return;
            };
            console.types("\x0c");
            console.bytes_after(
                usize::try_from(before.came).expect("bytes"),
                Duration::from_secs(5),
            );
            let Some(after) = Written::by(&console) else {
                return;
            };
            if minute() == now {
                assert_eq!(after.writes_since(before), 1, "{columns}×{rows}");
                largest = largest.max(after.came - before.came);
                frames += 1;
            }
        }
    }
    figure("bytes of the largest frame, one write", largest);
}

#[test]
fn r13_in_a_burst_at_most_30_frames_a_second() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.selects("Zoë Jones");
    let Some(before) = Written::by(&console) else {
        return;
    };
    let began = Instant::now();
    let mut down = true;
    let mut keys = 0;
    while began.elapsed() < Duration::from_secs(2) {
        console.types(if down { "j" } else { "k" });
        (down, keys) = (!down, keys + 1);
        std::thread::sleep(Duration::from_millis(4));
    }
    let lasted = began.elapsed().as_secs_f64();
    let Some(after) = Written::by(&console) else {
        return;
    };
    let frames = after.writes_since(before) as f64;
    figure("keys a second", format!("{:.0}", f64::from(keys) / lasted));
    figure(
        "frames a second, each one write",
        format!("{:.1}", frames / lasted),
    );
    figure(
        "bytes a second",
        format!("{:.0}", (after.came - before.came) as f64 / lasted),
    );
    // Eight may follow each other at once after a pause; the last, and the messages, come after the last key.
    assert!(
        frames <= 30.0 * lasted + 10.0,
        "{frames} frames in {lasted} s"
    );
    assert!(
        f64::from(keys) > 40.0 * lasted,
        "else this would find nothing"
    );
}

#[test]
fn r13_a_full_redraw_is_never_needed() {
    let mut desk = desk();
    for name in [
        "Łukasz ☎",
        "Eve 你好 Price",
        "Fay 👩‍👩‍👧 Nolan",
        "Dee Okafor",
        "Ida Moss",
        "Jo Park",
    ] {
        desk.customer(name, "Zażółć — 你好 👩‍👩‍👧 e\u{301}\nand another line\tof it");
    }
    let account = Account::new();
    let mut console = desk.annas(&account);
    console.shows("Zoë Jones");
    let mut dice = Dice::new(13);
    let keys = [
        "j", "k", "G", "g", "\x1b[6~", "\r", "\x1b", "p", ".", "?", "\t", "1", "2", "3", "v", " ",
        "/", "!",
    ];
    let sizes = [(120, 40), (80, 24), (60, 20), (100, 30)];
    let (mut compared, mut typed) = (0, String::new());
    for round in 0..60_u64 {
        let key = *dice.one_of(&keys);
        typed += key;
        console.types(key);
        console.rests();
        if round % 12 == 11 {
            let (columns, rows) = sizes[(round / 12) as usize % sizes.len()];
            console.resizes(columns, rows);
        }
        if round % 6 != 5 {
            continue;
        }
        redraw_changes_nothing(&mut console, &typed);
        compared += 1;
    }
    figure(
        "screens painted bit by bit that a redraw left as they were",
        compared,
    );
    assert!(compared >= 8, "{compared}");
}

/// Every cell of the screen, with how it looks.
pub(crate) fn looks(console: &Console) -> Vec<String> {
    let screen = console.screen();
    let (rows, columns) = screen.size();
    let cell = |row: u16, column: u16| {
        let cell = screen.cell(row, column).expect("a cell");
        let blank = !cell.has_contents() || cell.contents() == " ";
        let ink = if blank {
            vt100::Color::Default
        } else {
            cell.fgcolor()
        };
        format!(
            "{}{:?}{:?}{}{}",
            if blank { " " } else { cell.contents() },
            ink,
            cell.bgcolor(),
            u8::from(!blank && cell.bold()),
            u8::from(cell.inverse()),
        )
    };
    (0..rows.get())
        .map(|row| (0..columns.get()).map(|column| cell(row, column)).collect())
        .collect()
}
