//! Debian's own sshd, on loopback, with a configuration, a host's key and a client's key of its own: people reach their
//! console over ssh, and some reach nothing else (`ForceCommand`).
//!
//! It lets in the account that runs the tests, and nobody else.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use portable_pty::CommandBuilder;
use rustix::process::Pid;

use crate::{account::Account, process::Process, support::missing};

const SSHD: &str = "/usr/sbin/sshd";

/// A server of ssh. Dropping it ends it; sessions end with their clients.
pub struct Sshd {
    folder: tempfile::TempDir,
    port: u16,
    process: Child,
}

impl Sshd {
    /// Serves, with these further lines of `sshd_config`: `ForceCommand …`, for example. `None`, and that is said,
    /// where there is no sshd.
    pub fn start(settings: &str) -> Option<Self> {
        if !Path::new(SSHD).exists() || !is_there("ssh") || !is_there("ssh-keygen") {
            missing("sshd");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["host", "client"] {
            let mut made = Command::new("ssh-keygen");
            made.args(["-q", "-t", "ed25519", "-N", "", "-f"]);
            let made = made.arg(folder.path().join(name)).status();
            assert!(made.expect("ssh-keygen").success());
        }
        // Started by root it wants this folder, which Debian makes when the machine starts.
        let _ = fs::create_dir("/run/sshd");
        // Whoever else takes the port in between: then it is another one.
        (0..5)
            .find_map(|_| {
                let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
                let port = listener.local_addr().expect("its address").port();
                drop(listener);
                serve(folder.path(), port, settings).map(|process| (port, process))
            })
            .map(|(port, process)| Self {
                folder,
                port,
                process,
            })
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The part of it that serves the one session there is: its child.
    pub fn session(&self) -> Process {
        let id = i32::try_from(self.process.id()).expect("a number");
        Process::child_of(Pid::from_raw(id).expect("a process"))
    }

    /// `ssh` in a terminal of this account's, to what listens at an address (this, or a line to it), for these words
    /// of the far shell. Without any it is the account's own shell, or what is forced.
    ///
    /// The environment of the far side is the account's too, as far as it is asked for by name in `words`.
    pub fn client(&self, account: &Account, address: &str, words: &str) -> CommandBuilder {
        let (host, port) = address.rsplit_once(':').expect("an address");
        let key = self.folder.path().join("client");
        let known = self.folder.path().join("known_hosts");
        let mut command = account.typed("ssh", &["-tt", "-F", "none", "-e", "~"]);
        command.args(["-i", key.to_str().expect("a path")]);
        for option in [
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "StrictHostKeyChecking=accept-new",
            "LogLevel=ERROR",
            &format!("UserKnownHostsFile={}", known.display()),
        ] {
            command.args(["-o", option]);
        }
        command.args(["-p", port, host]);
        if !words.is_empty() {
            command.arg(words);
        }
        command
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a program can be run.
pub fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// What the far shell is told so that a program there finds the account's own folders: `NAME='value' …`.
pub fn environment(account: &Account) -> String {
    let pairs = account.environment();
    let words = pairs
        .iter()
        .filter(|(name, _)| *name != "TERM")
        .map(|(name, value)| format!("{name}='{}'", value.display()));
    words.collect::<Vec<_>>().join(" ")
}

/// Starts it, and waits until it listens; `None` if it cannot.
fn serve(folder: &Path, port: u16, settings: &str) -> Option<Child> {
    let path = |name: &str| folder.join(name).display().to_string();
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
         UsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPrintMotd no\n\
         PrintLastLog no\nUseDNS no\nMaxStartups 100\nLogLevel INFO\n{settings}\n",
        path("host"),
        path("client.pub"),
    );
    fs::write(folder.join("sshd_config"), config).expect("its settings");
    let mut command = Command::new(SSHD);
    command.args(["-D", "-e", "-f", &path("sshd_config")]);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut process = command.stderr(Stdio::piped()).spawn().expect("sshd");
    let said = BufReader::new(process.stderr.take().expect("its words"));
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in said.lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    let mut before = String::new();
    while let Ok(line) = told.recv_timeout(Duration::from_secs(20)) {
        if line.contains("Server listening on") {
            return Some(process);
        }
        before += &(line + "\n");
    }
    let _ = process.kill();
    let _ = process.wait();
    assert!(before.contains("Address already in use"), "sshd: {before}");
    None
}
