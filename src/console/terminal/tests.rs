//! The terminal as a whole, in a real pty.

use std::env;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use portable_pty::{CommandBuilder, MasterPty, PtyPair, PtySize, native_pty_system};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use rustix::termios::{Termios, tcgetattr};

use super::*;
use crate::console::input::{Arrived, Input};
use crate::console::key::Key;

/// Long enough for the slowest machine; a test that waits this long has failed.
const FAILED: Duration = Duration::from_secs(20);

const LEFT: &str = "\x1b[?7h\x1b[?1049l";

fn xterm() -> Abilities {
    Abilities::of(|name| (name == "TERM").then(|| "xterm".to_owned())).unwrap()
}

fn pty() -> PtyPair {
    native_pty_system()
        .openpty(PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap()
}

fn tty(master: &dyn MasterPty) -> OwnedFd {
    let path = master.tty_name().unwrap();
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap()
        .into()
}

fn enter(master: &dyn MasterPty) -> (Terminal, Keyboard, Screen) {
    open_on(tty(master), tty(master), xterm()).unwrap()
}

/// What the person's side of the line has received so far.
#[derive(Clone, Default)]
struct Received(Arc<(Mutex<String>, Condvar)>);

impl Received {
    fn from(master: &dyn MasterPty) -> Self {
        let received = Self::default();
        let (into, mut reader) = (received.clone(), master.try_clone_reader().unwrap());
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                into.0
                    .0
                    .lock()
                    .unwrap()
                    .push_str(&String::from_utf8_lossy(&bytes[..count]));
                into.0.1.notify_all();
            }
        });
        received
    }

    fn wait_for(&self, text: &str) -> String {
        let guard = self.0.0.lock().unwrap();
        let (guard, timeout) = self
            .0
            .1
            .wait_timeout_while(guard, FAILED, |received| !received.contains(text))
            .unwrap();
        assert!(
            !timeout.timed_out(),
            "{text:?} never came, but {:?}",
            *guard
        );
        guard.clone()
    }
}

fn one_line(text: &str) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 24));
    buffer.set_string(0, 0, text, Style::new());
    buffer
}

/// Everything of termios that a person would notice.
fn settings(termios: &Termios) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        termios.input_modes,
        termios.output_modes,
        termios.control_modes,
        termios.local_modes,
    )
}

fn key(key: Key) -> Heard {
    Heard::Inputs(vec![Arrived {
        input: Input::Key(key),
        burst: false,
    }])
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(FAILED, future).await.expect("it came")
}

#[tokio::test]
async fn r11_leaving_gives_the_terminal_back_as_it_was_exactly_once() {
    let pair = pty();
    let received = Received::from(&*pair.master);
    let tty = tty(&*pair.master);
    let found = settings(&tcgetattr(&tty).unwrap());
    for leave in [Terminal::leave, drop::<Terminal>] {
        let (terminal, _keyboard, mut screen) = enter(&*pair.master);
        assert_ne!(settings(&tcgetattr(&tty).unwrap()), found);
        screen.paint(&one_line("inside"), None);
        soon(screen.idle()).await.unwrap();
        leave(terminal);
        assert_eq!(settings(&tcgetattr(&tty).unwrap()), found);
        screen.paint(&one_line("too late"), None);
        soon(screen.idle()).await.unwrap();
    }
    pair.master.take_writer().unwrap().write_all(b"\n").unwrap();
    let all = received.wait_for(&format!("{LEFT}\r\n"));
    assert_eq!(all.matches("\x1b[?1049h").count(), 2);
    assert_eq!(all.matches(LEFT).count(), 2);
    assert!(all.contains("inside") && !all.contains("late"), "{all:?}");
}

#[tokio::test]
async fn r11_what_was_never_entered_is_not_left_but_the_settings_are_given_back() {
    let pair = pty();
    let received = Received::from(&*pair.master);
    let tty = tty(&*pair.master);
    let found = settings(&tcgetattr(&tty).unwrap());
    let (terminal, _keyboard, _screen) = enter(&*pair.master);
    terminal.leave();
    assert_eq!(settings(&tcgetattr(&tty).unwrap()), found);
    pair.master.take_writer().unwrap().write_all(b"\n").unwrap();
    assert!(!received.wait_for("\n").contains('\x1b'));
}

#[tokio::test]
async fn what_is_typed_is_heard_and_an_esc_after_its_time() {
    let pair = pty();
    let _received = Received::from(&*pair.master);
    let (_terminal, mut keyboard, _screen) = enter(&*pair.master);
    let mut typed = pair.master.take_writer().unwrap();
    for (bytes, heard) in [
        (b"j".as_slice(), Key::Char('j')),
        (b"\x1b", Key::Esc),
        (b"\x1b[D", Key::Left),
        (b"\x03", Key::Ctrl('c')),
        (b"\x1a", Key::Ctrl('z')),
        (b"\r", Key::Enter),
    ] {
        typed.write_all(bytes).unwrap();
        assert_eq!(soon(keyboard.next()).await, key(heard));
    }
    typed.write_all(b"jju").unwrap();
    let Heard::Inputs(burst) = soon(keyboard.next()).await else {
        panic!("hung up")
    };
    assert!(burst.iter().all(|arrived| arrived.burst), "{burst:?}");
}

#[tokio::test]
async fn r10_a_dead_terminal_ends_both_threads_and_is_not_touched_again() {
    let pair = pty();
    let (terminal, mut keyboard, mut screen) = enter(&*pair.master);
    drop(pair);
    assert_eq!(soon(keyboard.next()).await, Heard::HangUp);
    // The second comes from a channel that only the end of the thread closes.
    assert_eq!(soon(keyboard.next()).await, Heard::HangUp);
    screen.paint(&one_line("inside"), None);
    assert_eq!(soon(screen.idle()).await, Err(HangUp));
    assert_eq!(soon(screen.idle()).await, Err(HangUp));
    terminal.abandon();
}

#[tokio::test]
async fn r14_a_terminal_that_reads_nothing_holds_up_nobody_else() {
    let pair = pty();
    let tty = tty(&*pair.master);
    let found = settings(&tcgetattr(&tty).unwrap());
    let (terminal, mut keyboard, mut screen) = enter(&*pair.master);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 300, 100));
    for y in 0..100 {
        buffer.set_string(0, y, "é".repeat(300), Style::new());
    }
    assert!(screen.paint(&buffer, None));
    let mut typed = pair.master.take_writer().unwrap();
    typed.write_all(b"j").unwrap();
    assert_eq!(soon(keyboard.next()).await, key(Key::Char('j')));
    assert!(
        screen.idle().now_or_never().is_none(),
        "nobody has read the frame"
    );
    assert!(!screen.paint(&buffer, None));
    terminal.leave();
    assert_eq!(settings(&tcgetattr(&tty).unwrap()), found);
}

#[tokio::test]
async fn r13_what_is_shown_already_is_not_written() {
    let pair = pty();
    let received = Received::from(&*pair.master);
    let (_terminal, _keyboard, mut screen) = enter(&*pair.master);
    for text in ["first", "first", "second"] {
        assert!(screen.paint(&one_line(text), None));
        soon(screen.idle()).await.unwrap();
    }
    let all = received.wait_for("second");
    assert_eq!(all.matches("first").count(), 1);
}

#[test]
fn r15_the_size_is_the_terminals_own() {
    let pair = pty();
    let (terminal, _keyboard, _screen) = enter(&*pair.master);
    assert_eq!(terminal.size(), Size::new(80, 24));
    pair.master
        .resize(PtySize {
            rows: 5,
            cols: 20,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    assert_eq!(terminal.size(), Size::new(20, 5));
}

/// Runs one of the `play_…` tests below in a process and a session of its own, after the words in `before`.
fn perform(
    pair: &PtyPair,
    part: &str,
    before: &str,
    after: &str,
) -> Box<dyn portable_pty::Child + Send + Sync> {
    let mut command = CommandBuilder::new("sh");
    let program = env::current_exe().unwrap();
    let name = format!("console::terminal::tests::{part}");
    command.args([
        "-c",
        &format!("{before} \"$0\" --exact {name} --ignored --nocapture; {after}"),
    ]);
    command.arg(program);
    pair.slave.spawn_command(command).unwrap()
}

fn play() -> (Terminal, Keyboard, Screen) {
    open(xterm()).unwrap()
}

#[test]
#[ignore = "played by r11_a_panic_is_reported_on_the_normal_screen"]
fn play_a_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (_terminal, _keyboard, mut screen) = play();
    screen.paint(&one_line("inside"), None);
    runtime.block_on(screen.idle()).unwrap();
    let died = std::thread::spawn(|| panic!("the beans are spilt")).join();
    assert!(died.is_err());
    std::process::exit(101);
}

#[test]
fn r11_a_panic_is_reported_on_the_normal_screen() {
    let pair = pty();
    let received = Received::from(&*pair.master);
    let mut child = perform(&pair, "play_a_panic", "", "echo code $?");
    let all = received.wait_for("code");
    let (left, report) = (
        all.find(LEFT).expect("it left"),
        all.find("the beans are spilt").expect("a report"),
    );
    assert!(left < report, "{all:?}");
    assert!(all.contains("code 101"), "{all:?}");
    // Lines end as lines do on a normal screen: the terminal is cooked again.
    assert!(all[report..].contains("\r\n"), "{all:?}");
    child.wait().unwrap();
}

#[test]
#[ignore = "played by the tests of R12"]
fn play_a_suspension() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut signals = Signals::listen().unwrap();
        let (terminal, _keyboard, mut screen) = play();
        screen.paint(&one_line("before"), None);
        screen.idle().await.unwrap();
        match terminal.suspend(&Safe::literal("type fg to come back")) {
            Ok(()) => {
                assert_eq!(signals.next().await, Signal::Continue);
                terminal.resume().unwrap();
                screen.redraw();
                screen.paint(&one_line("back again"), None);
            }
            Err(reason) => assert!(screen.paint(&one_line(&reason.to_string()), None)),
        }
        screen.idle().await.unwrap();
        terminal.leave();
    });
}

#[test]
fn r12_a_suspension_gives_the_shell_a_normal_screen_and_comes_back() {
    let pair = pty();
    let received = Received::from(&*pair.master);
    let mut child = perform(
        &pair,
        "play_a_suspension",
        "set -m;",
        "stty -a; echo shell; fg",
    );
    let all = received.wait_for("test result");
    let order = [
        "\x1b[?1049h",
        "before",
        LEFT,
        "type fg to come back",
        " icanon",
        "shell",
        "\x1b[?1049h",
        "back again",
        LEFT,
    ];
    let mut rest = all.as_str();
    for step in order {
        let at = rest
            .find(step)
            .unwrap_or_else(|| panic!("no {step:?} in {rest:?} of {all:?}"));
        rest = &rest[at + step.len()..];
    }
    child.wait().unwrap();
}

#[test]
fn r12_where_there_is_no_shell_to_go_back_to_it_stays() {
    let pair = pty();
    let received = Received::from(&*pair.master);
    // The session's first process, as under `ForceCommand`: nobody above it could continue us.
    let mut child = perform(&pair, "play_a_suspension", "exec", "");
    let all = received.wait_for("test result");
    assert!(
        all.contains("there is no shell to go back to") && !all.contains("type fg"),
        "{all:?}"
    );
    child.wait().unwrap();
}
