//! `handback demo` as a person starts it: real processes, one desk, and nothing left behind.

use std::{
    fs,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use handback::desk::{
    Desk, EventStream as _, Query,
    handback::{Handback, Options, Place},
};
use secrecy::SecretString;

/// An account's runtime folder, and the demo in it.
struct Demo {
    runtime: tempfile::TempDir,
    linger: u64,
}

impl Demo {
    /// Its desk waits so many milliseconds for a console.
    fn new(linger: u64) -> Self {
        let runtime = tempfile::tempdir().unwrap();
        Self { runtime, linger }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handback"));
        command
            .env_clear()
            .env("XDG_RUNTIME_DIR", self.runtime.path());
        command
            .env("HOME", self.runtime.path())
            .arg("demo")
            .args(arguments);
        command.arg(format!("--linger={}", self.linger));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts or joins it, as a script would.
    fn reach(&self, arguments: &[&str]) -> String {
        let output = self.run(&[&["--print-desk"], arguments].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{error}");
        assert_eq!(error, "", "a good path says nothing");
        String::from_utf8(output.stdout).unwrap()
    }

    fn folder(&self) -> PathBuf {
        self.runtime.path().join("handback/demo")
    }

    fn process(&self) -> u32 {
        fs::read_to_string(self.folder().join("desk.pid"))
            .unwrap()
            .parse()
            .unwrap()
    }

    /// The demo's desk as that user; with a console's name it counts as signed in.
    fn desk(&self, user: &str, console: Option<&str>) -> Handback {
        let token = fs::read_to_string(self.folder().join(format!("{user}.token"))).unwrap();
        Handback::new(Options {
            place: Place::Socket(self.folder().join("demo.sock")),
            token: Some(SecretString::from(token.trim())),
            roots: None,
            console: console.map(str::to_owned),
        })
        .unwrap()
    }

    async fn desk_id(&self) -> String {
        self.desk("anna", None)
            .me()
            .await
            .unwrap()
            .desk
            .as_str()
            .to_owned()
    }
}

/// No desk outlives its test.
impl Drop for Demo {
    fn drop(&mut self) {
        if let Ok(process) = fs::read_to_string(self.folder().join("desk.pid")) {
            let _ = Command::new("kill").arg("-9").arg(process).output();
        }
    }
}

async fn until(what: &str, mut test: impl FnMut() -> bool) {
    let began = Instant::now();
    while !test() {
        assert!(began.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn is_running(process: u32) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

const LONG: u64 = 60_000;

#[tokio::test]
async fn the_first_starts_a_desk_and_others_find_it() {
    let demo = Demo::new(LONG);
    let told = demo.reach(&["--still"]);
    assert!(
        told.starts_with("--desk unix:/") && told.contains("anna.token"),
        "{told}"
    );
    let (id, process) = (demo.desk_id().await, demo.process());
    let told = demo.reach(&["--as=ben", "--still"]);
    assert!(
        told.contains("ben.token"),
        "it is as still as asked: {told}"
    );
    assert_eq!((demo.desk_id().await, demo.process()), (id, process));
    let me = demo.desk("anna", None).me().await.unwrap();
    assert_eq!(me.user.name, "Anna Webb");
    assert_eq!(me.banner.unwrap(), "DEMO, no real customers");
    let page = demo
        .desk("anna", None)
        .list(&Query {
            limit: 500,
            ..Query::default()
        })
        .await
        .unwrap();
    assert!(
        page.counts.all > 50 && page.counts.mine > 5,
        "{:?}",
        page.counts
    );
    assert!(
        page.rows[0].is_held_by(&me.user.id),
        "her first row is hers"
    );
    let told = demo.run(&["--print-desk=curl", "--as=gwen"]);
    assert!(
        String::from_utf8_lossy(&told.stdout).contains("-H @/"),
        "{told:?}"
    );
}

#[tokio::test]
async fn several_at_once_start_one_desk() {
    // How long this one waits tells its processes from those of other tests.
    let demo = Demo::new(LONG + u64::from(std::process::id()));
    let started: Vec<_> = (0..4)
        .map(|_| {
            let mut command = demo.command(&["--print-desk"]);
            command.stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in started {
        assert!(child.wait().unwrap().success());
    }
    let linger = format!("--linger={}", demo.linger);
    let desks = fs::read_dir("/proc").unwrap().filter(|process| {
        let path = process.as_ref().unwrap().path().join("cmdline");
        let words = fs::read(path).unwrap_or_default();
        let words: Vec<_> = words.split(|byte| *byte == 0).collect();
        words.contains(&linger.as_bytes()) && words.contains(&b"--be-the-desk".as_slice())
    });
    assert_eq!(desks.count(), 1);
    demo.desk_id().await;
}

#[tokio::test]
async fn it_ends_after_the_last_console_and_leaves_nothing() {
    let demo = Demo::new(300);
    demo.reach(&[]);
    let process = demo.process();
    let console = demo.desk("anna", Some("one"));
    let mut events = console.events(None).await.unwrap();
    assert!(events.next().await.is_ok());
    assert!(is_running(process));
    drop((events, console));
    until("the desk ends", || !is_running(process)).await;
    assert!(!demo.folder().exists());
    let left: Vec<_> = fs::read_dir(demo.runtime.path().join("handback"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 2, "only the two locks: {left:?}");
}

#[tokio::test]
async fn what_a_killed_desk_left_does_not_keep_the_next_from_starting() {
    let demo = Demo::new(LONG);
    demo.reach(&[]);
    let (id, process) = (demo.desk_id().await, demo.process());
    Command::new("kill")
        .arg("-9")
        .arg(process.to_string())
        .status()
        .unwrap();
    let socket = demo.folder().join("demo.sock");
    until("it is gone", || UnixStream::connect(&socket).is_err()).await;
    assert!(socket.exists(), "left behind");
    demo.reach(&[]);
    assert_ne!(demo.desk_id().await, id);
}

#[tokio::test]
async fn fresh_begins_anew() {
    let demo = Demo::new(LONG);
    demo.reach(&[]);
    let (id, process) = (demo.desk_id().await, demo.process());
    let refused = demo.run(&["--print-desk", "--size=7"]);
    assert_eq!(refused.status.code(), Some(64));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("--fresh"),
        "{refused:?}"
    );
    demo.reach(&["--fresh", "--size=7"]);
    assert_ne!(demo.desk_id().await, id);
    until("the old one is gone", || !is_running(process)).await;
    assert!(
        demo.folder().join("demo.sock").exists(),
        "the old one took nothing with it"
    );
    let page = demo
        .desk("anna", None)
        .list(&Query {
            limit: 10,
            ..Query::default()
        })
        .await
        .unwrap();
    assert_eq!(page.counts.all, 7);
}

#[test]
fn nobody_is_told_who_there_is() {
    let demo = Demo::new(LONG);
    let output = demo.run(&["--print-desk", "--as=nobody"]);
    assert_eq!(output.status.code(), Some(64));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("nobody") && error.contains("Ben Cole · Cardiff, advisor"),
        "{error}"
    );
    assert!(!demo.folder().exists());
}

#[test]
fn r16_without_a_terminal_no_desk_is_started() {
    let demo = Demo::new(LONG);
    let output = demo.run(&[]);
    assert_eq!(output.status.code(), Some(64));
    assert!(!demo.folder().exists());
}
