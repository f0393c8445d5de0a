//! A private PostgreSQL for one test program: made on first use, thrown away when the program ends.
//!
//! It listens on a socket in its own folder only, and never runs as root. Nothing of an installed
//! service is touched.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A new, empty database; `None`, with a word on standard error, if PostgreSQL is not installed.
///
/// # Panics
/// If it is missing although `HANDBACK_REQUIRE_REAL=1` demands it, or if it does not start.
pub fn database() -> Option<String> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let cluster = CLUSTER.get_or_init(Cluster::alone).as_ref()?;
    let name = format!("desk_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Some(cluster.makes(&name))
}

/// Servers of PostgreSQL, and their databases.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    options: String,
    /// Stops the cluster when this program ends, however it ends: its input closes then.
    _keeper: std::process::Child,
}

impl Cluster {
    /// One that is quick, since nobody needs what is in it after the test: it never makes sure of the disk.
    pub fn alone() -> Option<Self> {
        Self::start("-c fsync=off -c full_page_writes=off")
    }

    /// One as its makers ship it, but that it listens in its own folder only: what is committed is on the disk.
    pub fn durable() -> Option<Self> {
        Self::start("-c fsync=on")
    }

    /// Makes a database of that name; its URL.
    pub fn makes(&self, name: &str) -> String {
        run(self.program("createdb").arg(name));
        let folder = self.folder.display();
        format!("postgres://postgres@localhost/{name}?host={folder}")
    }

    /// It is gone in this moment, with whatever was in its memory alone, and is started again.
    pub fn falls(&self) {
        let data = self.folder.join("data");
        let pids = std::fs::read_to_string(data.join("postmaster.pid")).expect("its process");
        let pid = pids.lines().next().expect("its process");
        // Held first, so that it does not see those end who write for it.
        run(Command::new("kill").args(["-STOP", pid]));
        let own = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let own = own.expect("those that write for it");
        run(Command::new("kill")
            .arg("-9")
            .args(own.split_whitespace())
            .arg(pid));
        let begun = std::time::Instant::now();
        loop {
            let started = self.starts(&data).output().expect("pg_ctl");
            if started.status.success() {
                return;
            }
            // The memory that they share is theirs until the last of them has seen it.
            let waited = begun.elapsed();
            assert!(waited < std::time::Duration::from_secs(30), "{started:?}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    fn starts(&self, data: &Path) -> Command {
        starts(&self.programs, &self.folder, data, &self.options)
    }

    fn start(options: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            let missing = format!("{PROGRAMS:?} are neither in PATH nor in /usr/lib/postgresql");
            assert!(
                std::env::var_os("HANDBACK_REQUIRE_REAL").is_none(),
                "{missing}"
            );
            eprintln!("skipped on PostgreSQL: {missing}");
            return None;
        };
        let folder = tempfile::Builder::new()
            .prefix("hb-pg-")
            .tempdir_in("/tmp") // a socket's path is short
            .expect("a temporary folder")
            .keep();
        if is_root() {
            run(Command::new("chown").arg("postgres:").arg(&folder));
        }
        let data = folder.join("data");
        run(unprivileged(&programs.join("initdb"))
            .args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "-N",
                "-D",
            ])
            .arg(&data));
        run(&mut starts(&programs, &folder, &data, options));
        let keeper = keeper(&programs, &folder);
        Some(Self {
            folder,
            programs,
            options: options.to_owned(),
            _keeper: keeper,
        })
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.arg("-h").arg(&self.folder).args(["-U", "postgres"]);
        command
    }
}

fn starts(programs: &Path, folder: &Path, data: &Path, options: &str) -> Command {
    let socket = folder.display();
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{socket}' -c max_connections=200 {options}"
    );
    let mut command = unprivileged(&programs.join("pg_ctl"));
    command
        .args(["-w", "-l"])
        .arg(folder.join("log"))
        .args(["-o", &options, "-D"])
        .arg(data)
        .arg("start");
    command
}

/// A shell that waits for its input to end, then stops the cluster and removes its folder.
fn keeper(programs: &Path, folder: &Path) -> std::process::Child {
    let script = "read -r _; \"$1/pg_ctl\" -D \"$2/data\" -m immediate stop; rm -rf \"$2\"";
    unprivileged(Path::new("sh"))
        .args(["-c", script, "sh"])
        .arg(programs)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell")
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
        .arg(program)
        .current_dir("/tmp");
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// What of PostgreSQL is used here.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "createdb"];

/// Where the newest installed PostgreSQL keeps its programs.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    installed.sort_by_key(|bin| {
        let version = bin
            .parent()
            .and_then(Path::file_name)
            .and_then(|v| v.to_str());
        std::cmp::Reverse(version.and_then(|v| v.parse::<u32>().ok()))
    });
    std::env::split_paths(&path)
        .chain(installed)
        .find(|bin| PROGRAMS.iter().all(|program| bin.join(program).is_file()))
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
