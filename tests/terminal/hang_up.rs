//! The terminal is gone, however that shows: the draft is on disk, and the console is gone too, within a second (R10).

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    account::{Account, HANDBACK},
    console::Console,
    desk, drafts,
    figure::figure,
    process::{Process, soon},
    served::{Served, TEAM},
    sshd::{self, Sshd, is_there},
    support::{self, missing},
};

/// What is on the screen, and on the disk, when the line breaks.
const DRAFT: &str = "Half a sent";

/// How a shell runs what follows it and keeps the status it ended with, whatever becomes of the terminal: the hang-up
/// is ignored, by whoever is started too.
const NOTES_THE_STATUS: &str = "trap '' HUP; \"$@\"; echo $? >status";

/// The desk's address as an argument: by this the console is known among all processes.
fn to(desk: &Served) -> String {
    format!("unix:{}", desk.socket.display())
}

/// The console's own process, whoever started it.
fn process(desk: &Served) -> Process {
    Process::running("handback", &to(desk))
}

/// Opens the first conversation and writes a draft.
fn begins(console: &mut Console) {
    console.selects("Zoë Jones");
    drafts(console, DRAFT);
}

/// What R10 promises of a console whose line broke at `broken`: the draft is there, it is gone within a second, took
/// next to no processor time, left no core, and said 129 to whoever asked.
fn is_gone(what: &str, console: Process, broken: Instant, account: &Account) {
    let gone = console.goes(broken);
    figure(
        &format!("{what}, until it is gone"),
        format!("{} ms", gone.within.as_millis()),
    );
    figure(
        &format!("{what}, processor time until then"),
        format!("{} ms", gone.cpu.as_millis()),
    );
    assert!(gone.within <= Duration::from_secs(1), "{what}: {gone:?}");
    assert!(gone.cpu <= Duration::from_millis(200), "{what}: {gone:?}");
    assert!(
        account.drafts().contains(DRAFT),
        "{what}: the draft is kept"
    );
    let left = fs::read_dir(account.home()).expect("its home");
    let core = left
        .flatten()
        .find(|file| file.file_name().to_string_lossy().starts_with("core"));
    assert!(core.is_none(), "{what}: {core:?}");
}

/// What a shell wrote of it, when it had the time.
fn said_129(account: &Account) {
    let file = account.home().join("status");
    let status = soon("the status", || {
        let status = fs::read_to_string(&file).ok()?;
        status.ends_with('\n').then_some(status)
    });
    assert_eq!(status.trim(), "129");
}

/// A console that a shell started which lives through the hang-up and notes how it ended.
fn noted(account: &Account, desk: &Served) -> Console {
    let mut command = account.typed("sh", &["-c", NOTES_THE_STATUS, "sh", HANDBACK]);
    command.args(["--desk", &to(desk)]);
    Console::start(command)
}

#[test]
fn r10_a_window_that_is_closed_ends_it_with_the_draft_on_disk() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    begins(&mut console);
    let process = Process::of(console.process);
    let broken = Instant::now();
    console.breaks();
    is_gone("window closed", process, broken, &account);
    let ended = console.ended();
    assert_eq!((ended.exit_code(), ended.signal()), (129, None));
}

#[test]
fn r10_a_hang_up_by_signal_ends_it_too() {
    let desk = desk();
    let account = Account::new();
    let mut console = desk.annas(&account);
    begins(&mut console);
    let before = console.bytes().len();
    let process = Process::of(console.process);
    let sent = Instant::now();
    console.signal(Signal::HUP);
    is_gone("SIGHUP", process, sent, &account);
    let ended = console.ended();
    assert_eq!((ended.exit_code(), ended.signal()), (129, None));
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
    let mut console = noted(&account, &desk);
    begins(&mut console);
    let process = process(&desk);
    let broken = Instant::now();
    console.breaks();
    is_gone("a terminal dead in silence", process, broken, &account);
    said_129(&account);
}

#[test]
fn r10_in_a_session_without_a_terminal_of_its_own_too() {
    let desk = desk();
    let account = Account::new();
    // No signal can come: the terminal is another session's.
    let script = format!("trap '' HUP; setsid -w sh -c '{NOTES_THE_STATUS}' sh \"$@\"");
    let mut command = account.typed("sh", &["-c", &script, "sh", HANDBACK]);
    command.args(["--desk", &to(&desk)]);
    let mut console = Console::start(command);
    begins(&mut console);
    let process = process(&desk);
    let broken = Instant::now();
    console.breaks();
    is_gone("another session's terminal dead", process, broken, &account);
    said_129(&account);
}

#[test]
fn r10_an_end_of_the_file_is_a_hang_up() {
    let desk = desk();
    let account = Account::new();
    let mut console = noted(&account, &desk);
    begins(&mut console);
    let process = process(&desk);
    // Somebody else makes the terminal one of lines, on which Ctrl-D ends the file.
    console.cooks();
    let ended = Instant::now();
    console.types("\x04");
    is_gone("the end of the file", process, ended, &account);
    said_129(&account);
}

#[test]
fn r10_a_terminal_that_takes_nothing_holds_nothing_up() {
    let desk = desk();
    let account = Account::new();
    let mut console = noted(&account, &desk);
    begins(&mut console);
    let process = process(&desk);
    console.stalls();
    let written = account.drafts();
    console.types("\x0c!");
    soon("it to go on", || {
        (account.drafts() != written).then_some(())
    });
    let sent = Instant::now();
    process.signal(Signal::HUP);
    is_gone(
        "SIGHUP while the terminal takes nothing",
        process,
        sent,
        &account,
    );
    console.flows();
    said_129(&account);
}

#[test]
fn r10_a_desk_that_answers_nothing_holds_nothing_up() {
    let desk = desk();
    let account = Account::new();
    let mut console = noted(&account, &desk);
    begins(&mut console);
    let process = process(&desk);
    desk.freezes();
    let broken = Instant::now();
    console.breaks();
    is_gone("window closed, the desk frozen", process, broken, &account);
    said_129(&account);
}

#[test]
fn r10_r12_who_is_suspended_goes_with_the_shell() {
    if !is_there("bash") {
        return missing("bash");
    }
    let desk = desk();
    let account = Account::new();
    let mut command = account.typed("bash", &["--norc", "--noprofile", "--noediting", "-i"]);
    command.env("PS1", "shell> ");
    let mut console = Console::start(command);
    console.shows("shell> ");
    console.types(&format!("{HANDBACK} --desk {}\r", to(&desk)));
    begins(&mut console);
    console.types("\x1b");
    console.hides("Reply to");
    let process = process(&desk);
    console.types("\x1a");
    process.stops();
    let broken = Instant::now();
    console.breaks();
    is_gone("suspended and the window closed", process, broken, &account);
}

/// What a session runs, whoever holds its terminal: by `sh`, with the account's environment.
fn script(account: &Account, desk: &Served) -> String {
    let home = account.home().display();
    let environment = sshd::environment(account);
    let to = to(desk);
    format!("cd {home}; export {environment}; set -- {HANDBACK} --desk {to}; {NOTES_THE_STATUS}")
}

/// The killed client of ssh, or the killed server's part that held its terminal.
fn ssh_breaks(what: &str, victim: impl FnOnce(&Console, &Sshd) -> Process) {
    let Some(sshd) = Sshd::start("") else { return };
    let gives_away = "teams = [\"Cardiff\"], on_logout = \"redistribute\"";
    let mut desk = Served::of(
        support::sqlite(),
        &TEAM.replace("teams = [\"Cardiff\"]", gives_away),
    );
    let zoe = desk.customer("Zoë Jones", "Can I pay later?");
    desk.act("anna", &zoe, "take");
    let account = Account::new();
    let command = sshd.client(&account, &sshd.address(), &script(&account, &desk));
    let mut console = Console::start(command);
    begins(&mut console);
    let process = process(&desk);
    let victim = victim(&console, &sshd);
    let broken = Instant::now();
    victim.signal(Signal::KILL);
    is_gone(what, process, broken, &account);
    said_129(&account);
    // The line is lost, which is not leaving: she keeps what she has until the time to come back is over (Q9).
    let zoe = desk.ask("gwen", "GET", "/v1/conversations", None).1;
    assert_eq!(zoe["items"][0]["assignee"]["id"], "anna", "{what}: {zoe}");
}

#[test]
fn r10_q9_a_killed_client_of_ssh() {
    ssh_breaks("ssh killed", |console, _| Process::of(console.process));
}

#[test]
fn r10_q9_a_killed_session_of_sshd() {
    ssh_breaks("its session of sshd killed", |_, sshd| sshd.session());
}

#[test]
fn r10_ssh_told_to_break_off() {
    let Some(sshd) = Sshd::start("") else { return };
    let desk = desk();
    let account = Account::new();
    let command = sshd.client(&account, &sshd.address(), &script(&account, &desk));
    let mut console = Console::start(command);
    begins(&mut console);
    let process = process(&desk);
    // At the beginning of a line, as ssh sees it: after a return. In a draft that sends; so it is left before.
    console.types("\x1b");
    console.hides("Reply to");
    console.types("\r");
    console.shows("Esc list");
    let broken = Instant::now();
    console.types("~.");
    is_gone("~. typed", process, broken, &account);
    said_129(&account);
}

#[test]
fn r10_tmux_kills_its_session() {
    if !is_there("tmux") {
        return missing("tmux");
    }
    for what in ["kill-session", "kill-server"] {
        let desk = desk();
        let account = Account::new();
        let socket = account.home().join("run/tmux");
        let socket = socket.to_str().expect("a path");
        let mut command = account.typed("tmux", &["-S", socket, "-f", "/dev/null", "-u"]);
        command.args(["new-session", &script(&account, &desk)]);
        let mut console = Console::start(command);
        begins(&mut console);
        let process = process(&desk);
        let mut quit = account.command("tmux");
        quit.args(["-S", socket, what]);
        let broken = Instant::now();
        assert!(quit.status().expect("tmux").success());
        is_gone(&format!("tmux {what}"), process, broken, &account);
        said_129(&account);
    }
}

#[test]
fn r10_screen_quits() {
    if !is_there("screen") {
        return missing("screen");
    }
    let desk = desk();
    let account = Account::new();
    let sockets = account.home().join("run/screens");
    make_private(&sockets);
    let mut command = account.typed("screen", &["-U", "-c", "/dev/null", "-S", "here"]);
    command.args(["sh", "-c", &script(&account, &desk)]);
    command.env("SCREENDIR", &sockets);
    let mut console = Console::start(command);
    begins(&mut console);
    let process = process(&desk);
    let mut quit = account.command("screen");
    quit.args(["-S", "here", "-X", "quit"]);
    let broken = Instant::now();
    assert!(
        quit.env("SCREENDIR", &sockets)
            .status()
            .expect("screen")
            .success()
    );
    is_gone("screen quits", process, broken, &account);
    said_129(&account);
}

fn make_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(folder).expect("a folder");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("permissions");
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
