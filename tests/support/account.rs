//! An account of its own: a home with private folders, and nothing in them that another test could have left.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use portable_pty::CommandBuilder;

use crate::console::Console;

/// The program under test.
pub const HANDBACK: &str = env!("CARGO_BIN_EXE_handback");

/// An account; its home goes when it is dropped.
pub struct Account {
    home: tempfile::TempDir,
}

impl Account {
    /// Of somebody who has used handback before.
    pub fn new() -> Self {
        let account = Self::newcomer();
        let state = account.home().join("state/handback");
        fs::create_dir_all(&state).expect("a folder");
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).expect("permissions");
        fs::write(state.join("begun"), "").expect("a file");
        account
    }

    /// Of somebody who never has.
    pub fn newcomer() -> Self {
        let home = tempfile::tempdir().expect("a home");
        let runtime = home.path().join("run");
        fs::create_dir(&runtime).expect("a folder");
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)).expect("permissions");
        Self { home }
    }

    /// Its home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Its settings from now on.
    pub fn configures(&self, text: &str) {
        let folder = self.home().join("config/handback");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("config.toml"), text).expect("a file");
    }

    /// Where its drafts are, all of them in one text: what a search through the files would find.
    pub fn drafts(&self) -> String {
        fn read(folder: &Path, all: &mut String) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    read(&path, all);
                } else {
                    let bytes = fs::read(&path).unwrap_or_default();
                    all.push_str(&String::from_utf8_lossy(&bytes));
                }
            }
        }
        let mut all = String::new();
        read(&self.home().join("state/handback/drafts"), &mut all);
        all
    }

    /// Puts a secret where nobody else can read it.
    pub fn keeps(&self, name: &str, secret: &str) -> PathBuf {
        use std::io::Write;
        let path = self.home().join(name);
        let mut options = fs::OpenOptions::new();
        let made = options.create_new(true).write(true).mode(0o600).open(&path);
        made.expect("a file")
            .write_all(secret.as_bytes())
            .expect("written");
        path
    }

    /// What its programs are told.
    pub fn environment(&self) -> [(&'static str, PathBuf); 8] {
        let home = self.home();
        [
            ("HOME", home.to_owned()),
            ("XDG_CONFIG_HOME", home.join("config")),
            ("XDG_DATA_HOME", home.join("data")),
            ("XDG_STATE_HOME", home.join("state")),
            ("XDG_RUNTIME_DIR", home.join("run")),
            ("PATH", std::env::var_os("PATH").unwrap_or_default().into()),
            ("LANG", "C.UTF-8".into()),
            ("TERM", "xterm-256color".into()),
        ]
    }

    /// A program run as a script would run it.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.environment())
            .stdin(Stdio::null());
        command
    }

    /// A program to be started in a terminal.
    pub fn typed(&self, program: &str, arguments: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.cwd(self.home());
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command
    }

    /// The program in a terminal.
    pub fn console(&self, arguments: &[&str]) -> Console {
        Console::start(self.typed(HANDBACK, arguments))
    }
}
