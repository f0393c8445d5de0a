//! What the system tells of a process from outside: whether it is there, what it costs, what it writes.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// Longer than anything here may take.
const IN_VAIN: Duration = Duration::from_secs(30);

/// A process that somebody else started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process(Pid);

/// How a process went.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// How long it was still there.
    pub within: Duration,
    /// The processor time it took meanwhile, in steps of 10 ms.
    pub cpu: Duration,
}

impl Process {
    /// This one.
    pub fn of(id: Pid) -> Self {
        Self(id)
    }

    /// The first child of a process, when there is one.
    pub fn child_of(parent: Pid) -> Self {
        let id = parent.as_raw_pid();
        let path = format!("/proc/{id}/task/{id}/children");
        soon("a child", || {
            let children = fs::read_to_string(&path).ok()?;
            Self::from_raw(children.split_whitespace().next()?.parse().ok()?)
        })
    }

    /// The process of a program's name with this among its arguments, when there is one.
    pub fn running(program: &str, argument: &str) -> Self {
        let what = format!("{program} … {argument}");
        soon(&what, || Self::find(program, argument))
    }

    /// The same, if there is one now.
    pub fn find(program: &str, argument: &str) -> Option<Self> {
        let all = fs::read_dir("/proc").ok()?;
        all.flatten().find_map(|entry| {
            let words = fs::read(entry.path().join("cmdline")).ok()?;
            let words = String::from_utf8_lossy(&words);
            let mut words = words.split('\0');
            let is_it = words.next()?.rsplit('/').next()? == program;
            (is_it && words.any(|word| word == argument)).then_some(())?;
            let process = Self::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
            process.is_there().then_some(process)
        })
    }

    /// Its number.
    pub fn id(self) -> Pid {
        self.0
    }

    fn from_raw(id: i32) -> Option<Self> {
        Pid::from_raw(id).map(Self)
    }

    fn folder(self) -> PathBuf {
        PathBuf::from(format!("/proc/{}", self.0.as_raw_pid()))
    }

    /// The fields of its `stat`, from its state on.
    fn stat(self) -> Option<Vec<String>> {
        let stat = fs::read_to_string(self.folder().join("stat")).ok()?;
        let after_name = &stat[stat.rfind(')')? + 1..];
        Some(after_name.split_whitespace().map(str::to_owned).collect())
    }

    /// `S`, `R`, `T`, …; `None` when it is gone, or dead and only not yet buried.
    pub fn state(self) -> Option<char> {
        let state = self.stat()?.first()?.chars().next()?;
        (!matches!(state, 'Z' | 'X')).then_some(state)
    }

    /// Whether it is there.
    pub fn is_there(self) -> bool {
        self.state().is_some()
    }

    /// Waits until the system has stopped it.
    pub fn stops(self) {
        soon("it to stop", || (self.state()? == 'T').then_some(()));
    }

    /// Its processor time so far, in steps of 10 ms; that of threads that ended is in it.
    pub fn ticks(self) -> Option<Duration> {
        let stat = self.stat()?;
        let ticks = |at: usize| stat.get(at)?.parse::<u64>().ok();
        Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
    }

    /// Waits until it is gone, and watches it meanwhile.
    pub fn goes(self, since: Instant) -> Gone {
        let before = self.ticks().unwrap_or_default();
        let mut last = before;
        loop {
            if !self.is_there() {
                return Gone {
                    within: since.elapsed(),
                    cpu: last - before,
                };
            }
            last = self.ticks().unwrap_or(last);
            assert!(since.elapsed() < IN_VAIN, "it stays, and took {last:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Its threads.
    fn threads(self) -> impl Iterator<Item = PathBuf> {
        let tasks = fs::read_dir(self.folder().join("task"));
        tasks
            .into_iter()
            .flatten()
            .flatten()
            .map(|task| task.path())
    }

    /// The processor time of its threads so far, to the nanosecond.
    pub fn cpu(self) -> Duration {
        let of_one = |thread: PathBuf| -> Option<u64> {
            let stat = fs::read_to_string(thread.join("schedstat")).ok()?;
            stat.split_whitespace().next()?.parse().ok()
        };
        Duration::from_nanos(self.threads().filter_map(of_one).sum())
    }

    /// How often its threads gave up the processor and were woken, so far.
    pub fn wake_ups(self) -> u64 {
        let of_one = |thread: PathBuf| -> Option<u64> {
            let status = fs::read_to_string(thread.join("status")).ok()?;
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
            line.trim().parse().ok()
        };
        self.threads().filter_map(of_one).sum()
    }

    /// How often, and how many bytes, its thread of this name has written so far. `None` where that is told to the
    /// system's own account only: what we run lets nobody look into it (R41).
    pub fn written_by(self, name: &str) -> Option<(u64, u64)> {
        let is_it = |thread: &PathBuf| {
            fs::read_to_string(thread.join("comm")).is_ok_and(|comm| comm.trim() == name)
        };
        let thread = self.threads().find(is_it).expect("a thread of that name");
        let io = fs::read_to_string(thread.join("io")).ok()?;
        let number = |what: &str| {
            let line = io.lines().find_map(|line| line.strip_prefix(what))?;
            line.trim_start_matches(':').trim().parse().ok()
        };
        Some((number("syscw")?, number("wchar")?))
    }

    /// Sends it a signal.
    pub fn signal(self, signal: Signal) {
        kill_process(self.0, signal).expect("a living process");
    }
}

/// Waits until there is what is waited for.
///
/// # Panics
/// If it never comes.
pub fn soon<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < IN_VAIN, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
