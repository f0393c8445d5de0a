//! The loop, played whole: what ends it, and how the terminal is left then.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    path::Path,
    sync::{Arc, Condvar, Mutex},
    time::Instant as Moments,
};

use jiff::tz::TimeZone;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::termios::{Termios, tcgetattr};

use super::*;
use crate::{
    console::{
        model::Preferences,
        theme::Palette,
        trip::{ARMED, DAWDLES, PART},
        view::fixture::row,
    },
    desk::{Event, View, What, scripted::Scripted},
};

#[test]
fn the_clock_turns_with_the_minute() {
    assert_eq!(until_the_next_minute(Moment(0)), Duration::from_secs(60));
    assert_eq!(
        until_the_next_minute(Moment(59_999_999)),
        Duration::from_micros(1)
    );
}

/// Everything of a console that runs beside the rest: two threads, the loop, and the kinds of its tasks.
const PARTS: [&str; 7] = [
    "the thread that reads",
    "the thread that writes",
    "the loop",
    "an errand",
    "what tells where one is",
    "what passes news on",
    "the link",
];

/// Longer than the slowest machine needs.
const IN_VAIN: Duration = Duration::from_secs(30);

fn options(home: &Path) -> Options {
    let abilities = Abilities::of(|name| (name == "TERM").then(|| "xterm-kitty".to_owned()));
    Options {
        abilities: abilities.expect("it is no dumb terminal"),
        theme: Theme::new(Palette::True),
        setting: Setting {
            zone: TimeZone::UTC,
            ascii: false,
            size: (0, 0),
            seed: "played".into(),
            view: View::All,
            preferences: Preferences::default(),
        },
        drafts: home.join("drafts"),
        begun: home.join("begun"),
        bookmarks: home.join("bookmarks"),
    }
}

#[test]
#[ignore = "played by r11_a_panic_in_any_part_ends_it_on_the_normal_screen"]
fn play() {
    crate::cli::report_panics();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let armed = env::var_os(ARMED).expect("a file");
    let home = Path::new(&armed).parent().expect("a folder").to_owned();
    let ended = runtime.block_on(async {
        let bea = row("a", "Bea Jones", "SMS", 5, "Hello?");
        let desk = Scripted::with(vec![
            bea.clone(),
            row("b", "Carl Smith", "SMS", 3, "Hello?"),
        ]);
        let tells = desk.clone();
        tokio::spawn(async move {
            loop {
                sleep(Duration::from_millis(10)).await;
                if Path::new(&armed).exists() {
                    tells.say(Event {
                        cursor: Some(1),
                        what: What::Row(Box::new(bea.clone())),
                    });
                }
            }
        });
        run(desk, options(&home)).await
    });
    panic!("it ended, and nothing tripped: {ended:?}");
}

/// What came over the line so far.
#[derive(Clone, Default)]
struct Received(Arc<(Mutex<Vec<u8>>, Condvar)>);

impl Received {
    fn from(mut line: Box<dyn Read + Send>) -> Self {
        let received = Self::default();
        let into = received.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = line.read(&mut bytes) {
                into.0.0.lock().expect("bytes").extend(&bytes[..count]);
                into.0.1.notify_all();
            }
        });
        received
    }

    fn has(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.0.0.lock().expect("bytes")).contains(text)
    }

    fn wait_for(&self, text: &str) -> String {
        let guard = self.0.0.lock().expect("bytes");
        let so_far = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let (guard, timeout) = self
            .0
            .1
            .wait_timeout_while(guard, IN_VAIN, |bytes| !so_far(bytes).contains(text))
            .expect("bytes");
        assert!(
            !timeout.timed_out(),
            "{text:?} never came, but {:?}",
            so_far(&guard)
        );
        so_far(&guard)
    }
}

fn settings(tty: &File) -> impl PartialEq + std::fmt::Debug + use<> {
    let Termios {
        input_modes,
        output_modes,
        control_modes,
        local_modes,
        ..
    } = tcgetattr(tty).expect("settings");
    (input_modes, output_modes, control_modes, local_modes)
}

/// Plays a console in which a part fails; gives how long that took to end it.
fn trips_over(part: &str, dawdles: bool) -> Duration {
    let size = PtySize {
        rows: 24,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).expect("a terminal");
    let received = Received::from(pair.master.try_clone_reader().expect("the line"));
    let tty = OpenOptions::new()
        .read(true)
        .write(true)
        .open(pair.master.tty_name().expect("a name"))
        .expect("the terminal");
    let found = settings(&tty);
    let home = tempfile::tempdir().expect("a folder");
    let armed = home.path().join("armed");
    let is_first = part == "the link";
    if is_first {
        fs::write(&armed, "").expect("a file");
    }
    let mut command = CommandBuilder::new("sh");
    let played = "\"$0\" --exact console::runtime::tests::play --ignored --nocapture; echo code $?";
    command.args(["-c", played]);
    command.arg(env::current_exe().expect("this program"));
    command.env(PART, part);
    // However much whoever runs this wishes to know of panics: it has to fit the screen.
    command.env("RUST_BACKTRACE", "0");
    command.env(ARMED, &armed);
    if dawdles {
        command.env(DAWDLES, "1");
    }
    let mut began = Moments::now();
    let mut child = pair.slave.spawn_command(command).expect("it plays");
    if !is_first {
        received.wait_for("Bea Jones");
        began = Moments::now();
        fs::write(&armed, "").expect("a file");
        let mut keyboard = pair.master.take_writer().expect("the line");
        keyboard.write_all(b"\r").expect("a key");
        // Where lines are read again, that is the end of what there is to read.
        while dawdles && !received.has("code ") {
            keyboard.write_all(b"\x04").expect("a key");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let all = received.wait_for("code");
    let took = began.elapsed();
    child.wait().expect("its end");
    assert!(all.contains("code 101"), "{part}: {all:?}");
    assert!(!all.contains("nothing tripped"), "{part}: {all:?}");
    assert_eq!(
        all.matches(&format!("{part} tripped")).count(),
        1,
        "{part}: one report: {all:?}"
    );
    let mut emulated = vt100::Parser::new(
        24.try_into().expect("rows"),
        80.try_into().expect("columns"),
        0,
    );
    emulated.process(all.as_bytes());
    let screen = emulated.screen();
    assert!(
        screen.contents().contains("spilt the beans"),
        "{part}: on the normal screen"
    );
    assert!(
        !screen.alternate_screen() && !screen.hide_cursor(),
        "{part}: {all:?}"
    );
    assert!(!screen.bracketed_paste(), "{part}");
    assert_eq!(
        screen.mouse_protocol_mode(),
        vt100::MouseProtocolMode::None,
        "{part}"
    );
    if all.contains("\x1b[?1049h") {
        let left = all.rfind("\x1b[?1049l").expect("it left");
        assert!(
            left < all.find("tripped").expect("a report"),
            "{part}: {all:?}"
        );
    }
    assert_eq!(settings(&tty), found, "{part}");
    took
}

#[test]
fn r11_a_panic_in_any_part_ends_it_on_the_normal_screen() {
    for part in PARTS {
        let took = trips_over(part, false);
        println!("R11: {part} failed: {took:?} until the program had ended");
        // The start of the program itself is in the link's.
        assert!(
            took <= Duration::from_millis(500) || part == "the link",
            "{part}: {took:?}"
        );
    }
}

/// The terminal reads lines again while a panic is reported, and the end of one is not the end of the line to it.
#[test]
fn r11_what_is_typed_while_a_panic_is_reported_is_no_hang_up() {
    for part in PARTS.into_iter().filter(|part| *part != "the link") {
        trips_over(part, true);
    }
}
