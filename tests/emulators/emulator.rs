//! Terminals that others wrote, each as a function: bytes in, lines of its screen out.
//!
//! In each runs a relay: what is written into one pipe it passes to the terminal, and what the terminal answers it
//! passes into another. Every time the terminal is asked for its status, so that it is known when it has taken in
//! all that came before.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::{fd::AsFd, unix::fs::OpenOptionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, mkfifoat},
};

/// The size of them all.
pub(crate) const SIZE: (u16, u16) = (120, 40);

/// How long a terminal may take.
const IN_VAIN: Duration = Duration::from_secs(30);

/// A terminal.
pub(crate) trait Emulator {
    /// What it is called.
    fn name(&self) -> &'static str;
    /// What `TERM` is in it.
    fn term(&self) -> &'static str;
    /// Takes in these bytes, from a fresh start, and gives the lines of the screen they leave.
    fn screen(&mut self, bytes: &[u8]) -> Vec<String>;
    /// What it gives for a cell that shows this character.
    fn gives(&self, shown: char) -> char {
        shown
    }
}

/// Back to how it began: no modes, nothing shown.
const FRESH: &[u8] = b"\x1b[?1049l\x1b[?7h\x1b[r\x1b[m\x1b[2J\x1b[H";

/// The grid of the vt100 crate.
pub(crate) struct Grid;

impl Emulator for Grid {
    fn name(&self) -> &'static str {
        "vt100"
    }

    fn term(&self) -> &'static str {
        "xterm-256color"
    }

    fn screen(&mut self, bytes: &[u8]) -> Vec<String> {
        let (columns, rows) = (
            SIZE.0.try_into().expect("a size"),
            SIZE.1.try_into().expect("a size"),
        );
        let mut grid = vt100::Parser::new(rows, columns, 0);
        grid.process(bytes);
        grid.screen().rows(0, SIZE.0).collect()
    }
}

/// The pipes to a relay, and the program of the terminal that shows it.
struct Relay {
    folder: tempfile::TempDir,
    to: File,
    back: File,
    terminal: Option<Child>,
}

impl Relay {
    /// Pipes, and the command line that a terminal runs in itself. `start` starts the terminal.
    fn start(start: impl FnOnce(&Path, &str) -> Option<Child>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = |name: &str| -> PathBuf {
            let path = folder.path().join(name);
            let mode = Mode::RUSR | Mode::WUSR;
            mkfifoat(rustix::fs::CWD, &path, mode).expect("a pipe");
            path
        };
        let (to, back) = (pipe("to"), pipe("back"));
        // Held open both ways, so that neither end ever waits for the other or sees an end.
        let open = |path: &Path| {
            let mut options = OpenOptions::new();
            options
                .read(true)
                .write(true)
                .custom_flags(0)
                .open(path)
                .expect("a pipe")
        };
        let (to_file, back_file) = (open(&to), open(&back));
        let script = folder.path().join("relay");
        let text = format!(
            "stty raw -echo\ncat <'{}' &\nexec cat >'{}'\n",
            to.display(),
            back.display()
        );
        fs::write(&script, text).expect("a script");
        let terminal = start(folder.path(), &format!("sh {}", script.display()));
        let mut relay = Self {
            folder,
            to: to_file,
            back: back_file,
            terminal,
        };
        relay.takes(b"");
        relay
    }

    /// Hands bytes over, and waits until the terminal has taken them in.
    fn takes(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).expect("the relay");
        self.to.write_all(b"\x1b[5n").expect("the relay");
        let (began, mut said) = (Instant::now(), Vec::new());
        while !said.ends_with(b"\x1b[0n") {
            assert!(
                began.elapsed() < IN_VAIN,
                "no answer from the terminal: {said:?}"
            );
            let second = Timespec {
                tv_sec: 1,
                tv_nsec: 0,
            };
            let ready = poll(
                &mut [PollFd::new(&self.back.as_fd(), PollFlags::IN)],
                Some(&second),
            );
            if ready.is_ok_and(|ready| ready > 0) {
                let mut bytes = [0; 256];
                let count = self.back.read(&mut bytes).expect("the relay");
                said.extend(&bytes[..count]);
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(terminal) = &mut self.terminal {
            let _ = terminal.kill();
            let _ = terminal.wait();
        }
    }
}

/// Whether a program is there.
pub(crate) fn has(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", "command -v \"$0\"", program])
        .output();
    found.is_ok_and(|found| found.status.success())
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn lines(text: &str) -> Vec<String> {
    let line = |line: &str| line.trim_end_matches([' ', '\r']).replace('\0', " ");
    let mut lines: Vec<String> = text.split('\n').map(line).collect();
    lines.resize(usize::from(SIZE.1), String::new());
    lines
}

/// tmux, by its own account of its screen.
pub(crate) struct Tmux(Relay);

impl Tmux {
    pub(crate) fn start() -> Self {
        Self(Relay::start(|folder, relay| {
            let socket = folder.join("tmux").display().to_string();
            let (columns, rows) = (SIZE.0.to_string(), SIZE.1.to_string());
            run(
                "tmux",
                &[
                    "-u",
                    "-S",
                    &socket,
                    "-f",
                    "/dev/null",
                    "new-session",
                    "-d",
                    "-x",
                    &columns,
                    "-y",
                    &rows,
                    relay,
                    ";",
                    "set",
                    "-g",
                    "status",
                    "off",
                ],
            );
            None
        }))
    }

    fn says(&self, arguments: &[&str]) -> String {
        let socket = self.0.file("tmux").display().to_string();
        run("tmux", &[&["-u", "-S", &socket], arguments].concat())
    }
}

impl Emulator for Tmux {
    fn name(&self) -> &'static str {
        "tmux"
    }

    fn term(&self) -> &'static str {
        "tmux-256color"
    }

    fn screen(&mut self, bytes: &[u8]) -> Vec<String> {
        self.0.takes(FRESH);
        self.0.takes(bytes);
        lines(&self.says(&["capture-pane", "-p"]))
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.says(&["kill-server"]);
    }
}

/// GNU screen, by the copy it writes of its screen.
pub(crate) struct Screen {
    relay: Relay,
    session: String,
}

impl Screen {
    pub(crate) fn start() -> Self {
        let session = format!(
            "handback-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        );
        let session = session.replace(['(', ')'], "");
        let name = session.clone();
        let relay = Relay::start(move |folder, relay| {
            let settings = folder.join("screenrc");
            let text = "defutf8 on\nautodetach on\nstartup_message off\ndefhstatus \"\"\nhardstatus off\naltscreen on\n";
            fs::write(&settings, text).expect("settings");
            // It has the size of the terminal it is started in.
            let (columns, rows) = SIZE;
            let script = format!(
                "stty cols {columns} rows {rows}; exec screen -U -T xterm-256color -c {} -S {name} {relay}",
                settings.display()
            );
            let pair = portable_pty::native_pty_system()
                .openpty(portable_pty::PtySize {
                    rows,
                    cols: columns,
                    pixel_width: 0,
                    pixel_height: 0,
                })
                .expect("a terminal");
            let mut command = portable_pty::CommandBuilder::new("sh");
            command.args(["-c", &script]);
            command.env("LC_ALL", "C.UTF-8");
            command.env("TERM", "xterm-256color");
            command.env("SCREENDIR", folder.join("screens"));
            fs::create_dir(folder.join("screens")).expect("a folder");
            fs::set_permissions(
                folder.join("screens"),
                std::os::unix::fs::PermissionsExt::from_mode(0o700),
            )
            .expect("permissions");
            drop(pair.slave.spawn_command(command).expect("screen"));
            let mut shown = pair.master.try_clone_reader().expect("its terminal");
            // Somebody has to look at it, or it waits.
            std::thread::spawn(move || {
                let _held = pair;
                let mut bytes = vec![0; 64 * 1024];
                while matches!(shown.read(&mut bytes), Ok(1..)) {}
            });
            None
        });
        Self { relay, session }
    }

    fn is_told(&self, words: &[&str]) {
        let output = Command::new("screen")
            .args(["-S", &self.session, "-p", "0", "-X"])
            .args(words)
            .env("SCREENDIR", self.relay.file("screens"))
            .env("LC_ALL", "C.UTF-8")
            .output()
            .expect("screen");
        assert!(output.status.success(), "screen {words:?}: {output:?}");
    }
}

impl Emulator for Screen {
    fn name(&self) -> &'static str {
        "screen"
    }

    fn term(&self) -> &'static str {
        "screen-256color"
    }

    fn screen(&mut self, bytes: &[u8]) -> Vec<String> {
        self.relay.takes(FRESH);
        self.relay.takes(bytes);
        let copy = self.relay.file("copy");
        let _ = fs::remove_file(&copy);
        self.is_told(&["hardcopy", copy.to_str().expect("a path")]);
        let is_whole =
            |bytes: &[u8]| bytes.iter().filter(|b| **b == b'\n').count() >= usize::from(SIZE.1);
        let text: String = until_there(&copy, is_whole)
            .into_iter()
            .map(char::from)
            .collect();
        lines(&text)
    }

    /// Its copy has the lowest byte of each character, so that every cell is one.
    fn gives(&self, shown: char) -> char {
        match u32::from(shown) as u8 {
            0 => ' ',
            byte => char::from(byte),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.is_told(&["quit"]);
    }
}

/// Waits for a file that is whole, and reads it.
fn until_there(path: &Path, is_whole: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let began = Instant::now();
    loop {
        if let Ok(bytes) = fs::read(path)
            && is_whole(&bytes)
        {
            return bytes;
        }
        assert!(began.elapsed() < IN_VAIN, "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A display without a screen, for terminals that draw windows.
pub(crate) struct Display {
    server: Child,
    number: String,
}

impl Display {
    pub(crate) fn start() -> Self {
        let (mut read, write) = std::io::pipe().expect("a pipe");
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1600x1200x24",
            "-nolisten",
            "tcp",
        ]);
        let server = command
            .stdout(write)
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb");
        drop(command);
        let mut number = Vec::new();
        let mut byte = [0];
        while !number.ends_with(b"\n") {
            assert_eq!(read.read(&mut byte).expect("its number"), 1, "Xvfb ended");
            number.push(byte[0]);
        }
        let number = String::from_utf8(number).expect("a number");
        Self {
            server,
            number: format!(":{}", number.trim()),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// xterm, by what it prints when it is asked to print its screen.
pub(crate) struct Xterm(
    Relay,
    #[expect(dead_code, reason = "it is where the window is")] Display,
);

impl Xterm {
    pub(crate) fn start() -> Self {
        let display = Display::start();
        let number = display.number.clone();
        let relay = Relay::start(move |folder, relay| {
            let print = format!(
                "cat >{0}/printing; mv {0}/printing {0}/printed",
                folder.display()
            );
            let geometry = format!("{}x{}", SIZE.0, SIZE.1);
            let mut command = Command::new("xterm");
            command.args(["-u8", "-geometry", &geometry, "-fn", "fixed"]);
            for setting in [
                &format!("XTerm*printerCommand: sh -c '{print}'"),
                "XTerm*printAttributes: 0",
                "XTerm*printerAutoClose: true",
                "XTerm*printerFormFeed: false",
            ] {
                command.args(["-xrm", setting]);
            }
            command
                .args(["-e", "sh", "-c", relay])
                .env("DISPLAY", number)
                .env("LC_ALL", "C.UTF-8");
            Some(command.stderr(Stdio::null()).spawn().expect("xterm"))
        });
        Self(relay, display)
    }
}

impl Emulator for Xterm {
    fn name(&self) -> &'static str {
        "xterm"
    }

    fn term(&self) -> &'static str {
        "xterm-256color"
    }

    fn screen(&mut self, bytes: &[u8]) -> Vec<String> {
        let printed = self.0.file("printed");
        let _ = fs::remove_file(&printed);
        self.0.takes(FRESH);
        self.0.takes(bytes);
        self.0.takes(b"\x1b[i");
        lines(&String::from_utf8_lossy(&until_there(&printed, |_| true)))
    }
}

/// kitty, by its remote control.
pub(crate) struct Kitty(
    Relay,
    #[expect(dead_code, reason = "it is where the window is")] Display,
);

impl Kitty {
    pub(crate) fn start() -> Self {
        let display = Display::start();
        let number = display.number.clone();
        let relay = Relay::start(move |folder, relay| {
            let mut command = Command::new("kitty");
            let socket = format!("unix:{}/kitty", folder.display());
            command.args(["--config", "NONE", "--listen-on", &socket]);
            for setting in [
                "allow_remote_control=yes",
                "remember_window_size=no",
                &format!("initial_window_width={}c", SIZE.0),
                &format!("initial_window_height={}c", SIZE.1),
                "font_size=8",
                "update_check_interval=0",
                "shell_integration=disabled",
                "confirm_os_window_close=0",
            ] {
                command.args(["-o", setting]);
            }
            command.args(["sh", "-c", relay]);
            command
                .env("DISPLAY", number)
                .env("LC_ALL", "C.UTF-8")
                .env("LIBGL_ALWAYS_SOFTWARE", "1");
            Some(
                command
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("kitty"),
            )
        });
        Self(relay, display)
    }
}

impl Emulator for Kitty {
    fn name(&self) -> &'static str {
        "kitty"
    }

    fn term(&self) -> &'static str {
        "xterm-kitty"
    }

    fn screen(&mut self, bytes: &[u8]) -> Vec<String> {
        self.0.takes(FRESH);
        self.0.takes(bytes);
        let socket = format!("unix:{}", self.0.file("kitty").display());
        lines(&run(
            "kitty",
            &["@", "--to", &socket, "get-text", "--extent", "screen"],
        ))
    }
}
