//! The program in a terminal of its own, with somebody before it: what they type, what they see, and every byte that
//! came over the line.
//!
//! Nothing here sleeps: a person waits until the screen shows what they wait for, and a test that waits in vain ends
//! with that screen.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    fs::OpenOptions,
    io::{Read, Write},
    num::NonZero,
    os::fd::OwnedFd,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::{
    fs::OFlags,
    process::{Pid, Signal, kill_process},
    termios::{
        Action, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcflow, tcgetattr,
        tcsetattr,
    },
};

/// Longer than the slowest machine needs; who waits this long waits in vain.
const IN_VAIN: Duration = Duration::from_secs(30);

/// The size of a terminal whose size does not matter: the widest layout, list on the left, conversation on the right.
pub const SIZE: (u16, u16) = (120, 40);

/// A program in a terminal. Dropping it kills the program.
pub struct Console {
    /// The program in it.
    pub process: Pid,
    seen: Arc<Seen>,
    tty: PathBuf,
    /// `None` after the line broke.
    line: Option<Line>,
}

/// The person's end of the line.
struct Line {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    reader: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    now: Mutex<Now>,
    news: Condvar,
}

struct Now {
    emulated: vt100::Parser,
    bytes: Vec<u8>,
    ended: Option<ExitStatus>,
    breaking: bool,
}

impl Default for Now {
    fn default() -> Self {
        Self {
            emulated: vt100::Parser::new(cells(SIZE.1), cells(SIZE.0), 0),
            bytes: Vec::new(),
            ended: None,
            breaking: false,
        }
    }
}

impl Seen {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Takes in what the program wrote, until the line breaks.
    fn watch(&self, mut line: Box<dyn Read + Send>) {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = line.read(&mut bytes) {
            let mut now = self.now();
            if now.breaking {
                return;
            }
            now.bytes.extend(&bytes[..count]);
            now.emulated.process(&bytes[..count]);
            self.news.notify_all();
        }
    }
}

impl Console {
    /// Starts a program in a terminal of [`SIZE`].
    pub fn start(command: CommandBuilder) -> Self {
        let size = size_of(SIZE);
        let pair = native_pty_system()
            .openpty(size)
            .expect("a pseudo-terminal");
        let tty = pair.master.tty_name().expect("its name");
        let mut child = pair.slave.spawn_command(command).expect("the program");
        let id = child.process_id().expect("its number");
        let seen = Arc::new(Seen::default());
        let (watching, waiting) = (Arc::clone(&seen), Arc::clone(&seen));
        let reader = pair.master.try_clone_reader().expect("the line");
        let line = Line {
            keyboard: pair.master.take_writer().expect("the line"),
            master: pair.master,
            reader: thread::spawn(move || watching.watch(reader)),
        };
        // The slave's end stays open until the program has ended, so that its last words are not lost.
        let slave = pair.slave;
        thread::spawn(move || {
            let ended = child.wait().expect("the program's end");
            waiting.now().ended = Some(ended);
            waiting.news.notify_all();
            drop(slave);
        });
        Self {
            process: Pid::from_raw(i32::try_from(id).expect("a number")).expect("a process"),
            seen,
            tty,
            line: Some(line),
        }
    }

    /// Types: one write, as a line delivers what was typed between two of its packets.
    pub fn types(&mut self, keys: &str) {
        let line = self.line.as_mut().expect("the line is broken");
        line.keyboard.write_all(keys.as_bytes()).expect("the line");
    }

    /// Likewise, of bytes that need not be characters.
    pub fn types_bytes(&mut self, keys: &[u8]) {
        let line = self.line.as_mut().expect("the line is broken");
        line.keyboard.write_all(keys).expect("the line");
    }

    /// Types a text as a person does: one letter, and a look at it, after the other.
    pub fn writes(&mut self, text: &str) {
        for (at, letter) in text.char_indices() {
            let end = at + letter.len_utf8();
            self.types(&text[at..end]);
            self.shows(text[..end].trim_end());
        }
    }

    /// Likewise, behind what is there already.
    pub fn writes_on(&mut self, before: &str, text: &str) {
        for (at, letter) in text.char_indices() {
            let end = at + letter.len_utf8();
            self.types(&text[at..end]);
            self.shows(format!("{before}{}", &text[..end]).trim_end());
        }
    }

    /// Presses the mouse's left button on a cell, counted from 0, and lets it go.
    pub fn clicks(&mut self, (column, row): (u16, u16)) {
        let (x, y) = (column + 1, row + 1);
        self.types(&format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"));
    }

    /// Lets as much time pass between two keys as a person does at least, so that the next one is no part of a burst.
    /// The pause is what is typed, not a wait for something.
    pub fn rests(&self) {
        std::thread::sleep(Duration::from_millis(30));
    }

    /// The line stalls: what is typed still comes through, but the terminal takes nothing any more.
    pub fn stalls(&self) {
        tcflow(self.slave(), Action::OOff).expect("flow control");
    }

    /// Somebody else makes it a terminal of lines, as a shell has it.
    pub fn cooks(&self) {
        let slave = self.slave();
        let mut settings = tcgetattr(&slave).expect("settings");
        settings.local_modes |= LocalModes::ICANON;
        settings.special_codes[SpecialCodeIndex::VEOF] = 4;
        tcsetattr(&slave, OptionalActions::Now, &settings).expect("settings");
    }

    /// The line flows again.
    pub fn flows(&self) {
        tcflow(self.slave(), Action::OOn).expect("flow control");
    }

    /// Makes the window another size.
    pub fn resizes(&mut self, columns: u16, rows: u16) {
        let mut now = self.seen.now();
        now.emulated
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        let line = self.line.as_ref().expect("the line is broken");
        line.master
            .resize(size_of((columns, rows)))
            .expect("resize");
    }

    /// Waits until the screen is as wished; gives what the wish gives.
    pub fn until<T>(&self, what: &str, wish: impl Fn(&vt100::Screen) -> Option<T>) -> T {
        self.wait(what, |now| wish(now.emulated.screen()))
    }

    /// Waits until a text is somewhere on the screen.
    pub fn shows(&self, text: &str) {
        self.until(text, |screen| {
            screen.contents().contains(text).then_some(())
        });
    }

    /// Waits until a text is nowhere on the screen.
    pub fn hides(&self, text: &str) {
        let what = format!("the end of {text}");
        self.until(&what, |screen| {
            (!screen.contents().contains(text)).then_some(())
        });
    }

    /// Waits until the list, the left pane of two, has a text or has it not.
    pub fn lists(&self, text: &str, is_there: bool) {
        let what = format!("{text} in the list: {is_there}");
        self.until(&what, |screen| {
            (list_of(screen).contains(text) == is_there).then_some(())
        });
    }

    /// Waits until a text is on the screen and gives the cell of its first letter.
    pub fn place_of(&self, text: &str) -> (u16, u16) {
        self.until(text, |screen| {
            screen.contents().lines().zip(0..).find_map(|(line, row)| {
                let before = &line[..line.find(text)?];
                Some((u16::try_from(before.chars().count()).ok()?, row))
            })
        })
    }

    /// Waits until the cursor is on the row of a conversation.
    pub fn selects(&self, name: &str) {
        let what = format!("the cursor on {name}");
        self.until(&what, |screen| {
            let list = list_of(screen);
            list.lines()
                .any(|line| line.starts_with('▌') && line.contains(name))
                .then_some(())
        });
    }

    /// Waits for more than `known` bytes, at most as long as said; gives how many there are then.
    pub fn bytes_after(&self, known: usize, at_most: Duration) -> usize {
        let now = self.seen.now();
        let (now, _) = self
            .seen
            .news
            .wait_timeout_while(now, at_most, |now| now.bytes.len() <= known)
            .expect("what is seen");
        now.bytes.len()
    }

    /// Every byte that came so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.now().bytes.clone()
    }

    /// The screen as it is at this moment.
    pub fn screen(&self) -> vt100::Screen {
        self.seen.now().emulated.screen().clone()
    }

    /// Waits until the program has ended.
    pub fn ended(&self) -> ExitStatus {
        self.wait("its end", |now| now.ended.clone())
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.process, signal).expect("a living process");
    }

    /// The settings of the terminal, as `stty` would show them.
    pub fn settings(&self) -> Termios {
        tcgetattr(self.slave()).expect("settings")
    }

    /// Breaks the line, as a window that is closed does: nobody is at the other end any more.
    pub fn breaks(&mut self) {
        let line = self.line.take().expect("a line");
        let slave = self.slave();
        // What reads our end of the line and what writes it must both have let go. The reader is blocked, and a byte
        // wakes it; the writer would type a farewell of its own if the terminal had a key for the end of a file.
        let mut settings = tcgetattr(&slave).expect("settings");
        settings.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(&slave, OptionalActions::Now, &settings).expect("settings");
        drop(line.keyboard);
        self.seen.now().breaking = true;
        rustix::io::write(&slave, b" ").expect("a byte");
        line.reader.join().expect("the reader");
        drop(line.master);
    }

    fn slave(&self) -> OwnedFd {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        std::os::unix::fs::OpenOptionsExt::custom_flags(
            &mut options,
            i32::try_from(OFlags::NOCTTY.bits()).expect("a flag"),
        );
        options.open(&self.tty).expect("the terminal").into()
    }

    fn wait<T>(&self, what: &str, wish: impl Fn(&Now) -> Option<T>) -> T {
        let until = Instant::now() + IN_VAIN;
        let mut now = self.seen.now();
        loop {
            if let Some(found) = wish(&now) {
                return found;
            }
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                let screen = now.emulated.screen().contents();
                let ended = &now.ended;
                panic!("waited in vain for: {what}\nended: {ended:?}\n{screen}");
            };
            now = self
                .seen
                .news
                .wait_timeout(now, left)
                .expect("what is seen")
                .0;
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if self.seen.now().ended.is_none() {
            let _ = kill_process(self.process, Signal::KILL);
        }
    }
}

fn size_of((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The emulator knows no window without cells.
fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap_or(NonZero::<u16>::MIN)
}

/// What stands left of the line between the panes.
pub fn list_of(screen: &vt100::Screen) -> String {
    let contents = screen.contents();
    let left = |line: &str| Some(line.split_once(['│', '├', '╰'])?.0.to_owned() + "\n");
    contents.lines().filter_map(left).collect()
}
