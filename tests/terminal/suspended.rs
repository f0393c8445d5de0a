//! Suspended to the shell, or not where there is none (R12).

use std::time::Instant;

use rustix::process::Signal;

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    desk,
    figure::figure,
    leaving::{is_left, left_on},
    process::{Process, soon},
    served::Served,
    sshd::{self, Sshd, is_there},
    support::missing,
};

const NO_SHELL: &str = "there is no shell to go back to";

/// A console in a shell of job control, suspended by `stop`, and what happened meanwhile seen on return.
fn comes_back(shell: &str, arguments: &[&str], stop: impl Fn(&mut Console, Process)) {
    if !is_there(shell) {
        return missing(shell);
    }
    let desk = desk();
    let account = Account::new();
    let mut command = account.typed(shell, arguments);
    command.env("PS1", "shell> ");
    command.env("HANDBACK_DESK", format!("unix:{}", desk.socket.display()));
    let mut console = Console::start(command);
    console.shows("shell> ");
    console.types(&format!("{HANDBACK}\r"));
    console.selects("Zoë Jones");
    assert!(!desk.is_away("anna"));
    let job = Process::child_of(console.process);
    stop(&mut console, job);
    let began = Instant::now();
    console.shows("handback is suspended; fg comes back");
    is_left(&console);
    assert_eq!(left_on(&console.bytes()), None);
    prompts(&console);
    figure(
        &format!("{shell}: until its line is there"),
        format!("{} ms", began.elapsed().as_millis()),
    );
    job.stops();
    assert!(
        desk.is_away("anna") && desk.is_signed_in("anna"),
        "{shell}: away, not signed out"
    );
    // What happens meanwhile is there on return.
    let meanwhile = desk.ask("gwen", "GET", "/v1/conversations", None).1;
    let id = meanwhile["items"][1]["id"].as_str().expect("an id");
    desk.act("gwen", id, "unassign");
    console.types("fg\r");
    let began = Instant::now();
    console.selects("Zoë Jones");
    figure(
        &format!("{shell}: fg until it is painted"),
        format!("{} ms", began.elapsed().as_millis()),
    );
    console.lists("unassigned", true);
    soon("to be back", || (!desk.is_away("anna")).then_some(()));
    let screen = console.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    assert_ne!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    console.types("j");
    console.selects("Carl Smith");
    console.types("q");
    console.shows("keep them and leave");
    console.rests();
    console.types("q");
    prompts(&console);
    is_left(&console);
}

/// Waits for the shell's line.
fn prompts(console: &Console) {
    console.until("the shell", |screen| {
        let text = screen.contents();
        text.trim_end().ends_with("shell>").then_some(())
    });
}

fn presses_ctrl_z(console: &mut Console, _: Process) {
    console.types("\x1a");
}

const BASH: [&str; 4] = ["--norc", "--noprofile", "--noediting", "-i"];

#[test]
fn r12_suspended_under_bash_it_gives_the_screen_back_and_fg_repaints() {
    comes_back("bash", &BASH, presses_ctrl_z);
}

#[test]
fn r12_suspended_under_dash() {
    comes_back("dash", &["-i"], presses_ctrl_z);
}

#[test]
fn r12_r11_suspended_by_a_signal() {
    comes_back("bash", &BASH, |_, job| job.signal(Signal::TSTP));
}

/// Ctrl-Z where nobody could continue us: it says so, stays, and works on.
fn stays(console: &mut Console, process: Process, desk: &Served) {
    console.selects("Zoë Jones");
    console.types("\x1a");
    console.shows(NO_SHELL);
    assert!(
        matches!(process.state(), Some('S' | 'R')),
        "{:?}",
        process.state()
    );
    console.types("j");
    console.selects("Carl Smith");
    soon("to be there", || (!desk.is_away("anna")).then_some(()));
    // Told to stop by somebody else, it does not either.
    process.signal(Signal::TSTP);
    console.types("k");
    console.selects("Zoë Jones");
    soon("to be there", || (!desk.is_away("anna")).then_some(()));
    assert!(
        matches!(process.state(), Some('S' | 'R')),
        "{:?}",
        process.state()
    );
}

fn to(desk: &Served) -> String {
    format!("unix:{}", desk.socket.display())
}

#[test]
fn r12_as_the_first_of_its_session_it_stays() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    let process = Process::of(console.process);
    stays(&mut console, process, &desk);
}

#[test]
fn r12_under_setsid_it_stays() {
    let desk = desk();
    let account = Account::new();
    let mut command = account.typed("setsid", &["-w", HANDBACK]);
    command.args(["--desk", &to(&desk)]);
    let mut console = Console::start(command);
    let process = Process::running("handback", &to(&desk));
    stays(&mut console, process, &desk);
}

#[test]
fn r12_as_the_forced_command_of_an_account_it_stays() {
    let desk = desk();
    let account = Account::new();
    let forced = format!(
        "ForceCommand env {} {HANDBACK} --desk {}",
        sshd::environment(&account),
        to(&desk)
    );
    let Some(sshd) = Sshd::start(&forced) else {
        return;
    };
    // Whatever the client asks for, it gets the console.
    let mut console = Console::start(sshd.client(&account, &sshd.address(), "sh"));
    console.selects("Zoë Jones");
    let process = Process::running("handback", &to(&desk));
    stays(&mut console, process, &desk);
}

/// tmux, with what its first window runs.
fn tmux(account: &Account, window: &str) -> Option<Console> {
    if !is_there("tmux") {
        missing("tmux");
        return None;
    }
    let socket = account.home().join("run/tmux");
    let socket = socket.to_str().expect("a path");
    let mut command = account.typed("tmux", &["-S", socket, "-f", "/dev/null", "-u"]);
    command.args(["new-session", "-x", "120", "-y", "40", window]);
    Some(Console::start(command))
}

#[test]
fn r12_in_a_window_of_tmux_without_a_shell_it_stays() {
    let desk = desk();
    let account = Account::new();
    let window = format!("exec {HANDBACK} --desk {}", to(&desk));
    let Some(mut console) = tmux(&account, &window) else {
        return;
    };
    console.selects("Zoë Jones");
    let process = Process::running("handback", &to(&desk));
    stays(&mut console, process, &desk);
    process.signal(Signal::TERM);
    console.ended();
}

#[test]
fn r12_in_a_shell_in_tmux_it_comes_back() {
    let desk = desk();
    let account = Account::new();
    let shell = "PS1='shell> ' exec bash --norc --noprofile --noediting -i";
    let Some(mut console) = tmux(&account, shell) else {
        return;
    };
    console.shows("shell> ");
    console.types(&format!("{HANDBACK} --desk {}\r", to(&desk)));
    console.shows("live ");
    console.selects("Zoë Jones");
    let process = Process::running("handback", &to(&desk));
    console.types("\x1a");
    console.shows("handback is suspended; fg comes back");
    process.stops();
    assert!(desk.is_away("anna"));
    console.types("fg\r");
    console.selects("Zoë Jones");
    console.hides("handback is suspended");
    soon("to be back", || (!desk.is_away("anna")).then_some(()));
    process.signal(Signal::TERM);
    soon("its end", || (!process.is_there()).then_some(()));
    console.types("exit\r");
    console.ended();
}
