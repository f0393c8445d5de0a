//! A floor of real consoles in terminals of their own, at one desk over its socket: what they take while nothing happens,
//! and how long until each shows what its customer wrote.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Pid;
use serde_json::json;

use crate::{
    account::{Account, HANDBACK},
    alone,
    console::Console,
    figure::figure,
    many, ms, raise_the_limit_of_files,
    rates::Client,
    served::Served,
    spread,
    support::{self, Database},
    team,
};

/// What the processes together take.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    /// Memory in KiB, what is shared divided among those who share it; `None` where the host does not say.
    memory: Option<u64>,
    /// Hundredths of a second of a processor.
    processor: u64,
    wakeups: u64,
}

impl Taken {
    fn by(those: &[Pid]) -> Self {
        let mut all = Self {
            memory: Some(0),
            ..Self::default()
        };
        for one in those {
            let of =
                |file: &str| fs::read_to_string(format!("/proc/{}/{file}", one.as_raw_nonzero()));
            let rollup = of("smaps_rollup").ok();
            let memory = rollup.and_then(|text| number(&text, "Pss:"));
            all.memory = all.memory.zip(memory).map(|(all, one)| all + one);
            let stat = of("stat").expect("a process");
            // After the name, which may hold anything.
            let fields: Vec<&str> = stat
                .rsplit(')')
                .next()
                .expect("fields")
                .split_whitespace()
                .collect();
            all.processor += fields[11..13]
                .iter()
                .map(|ticks| ticks.parse::<u64>().expect("ticks"))
                .sum::<u64>();
            let threads = fs::read_dir(format!("/proc/{}/task", one.as_raw_nonzero()));
            for thread in threads.expect("threads").flatten() {
                let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
                all.wakeups += number(&status, "voluntary_ctxt_switches:").unwrap_or_default();
            }
        }
        all
    }

    fn says(self, since: Self, long: Duration, count: usize) -> String {
        let memory = self
            .memory
            .map_or("memory not told here".to_owned(), |kib| {
                format!("{:.1} MiB PSS", kib as f64 / 1024.0)
            });
        let each = match (self.memory, count) {
            (Some(kib), 2..) => format!(" ({:.2} each)", kib as f64 / 1024.0 / count as f64),
            _ => String::new(),
        };
        let seconds = long.as_secs_f64();
        format!(
            "{memory}{each}, {:.2} % of a processor, {:.1} wake-ups a second",
            (self.processor - since.processor) as f64 / seconds,
            (self.wakeups - since.wakeups) as f64 / seconds,
        )
    }
}

fn number(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The number of the first of the accounts that sit there.
const FIRST: u32 = 70_000;

/// A host on which accounts with numbers from [`FIRST`] on are called u0, u1, ….
struct Host(tempfile::TempDir);

impl Host {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let asked = folder.path().join("getent");
        let words = format!("#!/bin/sh\necho \"u$(($2 - {FIRST})):x:$2:$2::/:/bin/sh\"\n");
        fs::write(&asked, words).expect("written");
        fs::set_permissions(&asked, fs::Permissions::from_mode(0o755)).expect("permissions");
        Self(folder)
    }

    /// Where its programs are.
    fn path(&self) -> PathBuf {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = [self.0.path().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&path));
        std::env::join_paths(folders).expect("folders").into()
    }
}

/// Gives a folder and all in it to an account.
fn owned(folder: &Path, id: u32) {
    for one in fs::read_dir(folder).expect("a folder").flatten() {
        if one.path().is_dir() {
            owned(&one.path(), id);
        } else {
            chown(one.path(), Some(id), Some(id)).expect("given");
        }
    }
    chown(folder, Some(id), Some(id)).expect("given");
}

fn floor(database: Database) {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root may sit there as so many accounts");
        return;
    }
    let _alone = alone();
    raise_the_limit_of_files();
    let count = many("HANDBACK_CONSOLES", 4);
    let long = Duration::from_millis(many("HANDBACK_IDLE_MS", 2_000) as u64);
    let host = Host::new();
    let mut desk = Served::told_besides(database, &team(count), vec![("PATH", host.path())]);
    let people: Vec<_> = (0..count).map(|n| format!("u{n}")).collect();
    let tokens = desk.tokens(&people);
    let name = |n: usize| format!("Customer {n}");
    for (n, token) in tokens.iter().enumerate() {
        let id = desk.customer(&name(n), "Hello?");
        let status = Client::new(&desk, token).act(&id, "take", &format!("floor-{n}"));
        assert_eq!(status, 200);
    }
    // As an administrator shares a socket with colleagues' accounts.
    for (path, mode) in [
        (desk.account.home(), 0o711),
        (&desk.account.home().join("run"), 0o711),
        (&desk.socket, 0o666),
    ] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    }
    let place = format!("unix:{}", desk.socket.display());
    let begun = Instant::now();
    let mut sat: Vec<(Account, Console)> = Vec::new();
    for n in 0..count {
        let account = Account::new();
        let id = FIRST + u32::try_from(n).expect("few");
        owned(account.home(), id);
        let own = [format!("--reuid={id}"), format!("--regid={id}")];
        let arguments = [
            &own[0],
            &own[1],
            "--clear-groups",
            HANDBACK,
            "--desk",
            &place,
        ];
        let console = Console::start(account.typed("setpriv", &arguments));
        console.shows("live ");
        sat.push((account, console));
    }
    for (n, (_, console)) in sat.iter().enumerate() {
        console.shows(&name(n));
    }
    figure(
        &format!(
            "{count} consoles started one after the other, {}",
            desk.name()
        ),
        format!(
            "{} ms each",
            ms(begun.elapsed() / u32::try_from(count).expect("few"))
        ),
    );

    let consoles: Vec<Pid> = sat.iter().map(|(_, console)| console.process).collect();
    let served = [Pid::from_raw(i32::try_from(desk.pid()).expect("a number")).expect("a process")];
    // What starting left to be done is done.
    thread::sleep(long.min(Duration::from_secs(5)));
    let before = (Taken::by(&consoles), Taken::by(&served));
    let began = Instant::now();
    thread::sleep(long);
    let took = began.elapsed();
    let after = (Taken::by(&consoles), Taken::by(&served));
    let idle = |what: &str, says: String| figure(&format!("{what}, {}", desk.name()), says);
    idle(
        &format!("{count} consoles with nothing to do"),
        after.0.says(before.0, took, count),
    );
    idle(
        &format!("the desk of {count} consoles with nothing to do"),
        after.1.says(before.1, took, 1),
    );

    // Each customer writes, one after the other as a gateway hands them in; each of them is looked for on the screen of
    // whoever has the conversation.
    let gate = desk.token("gate");
    let (mut firsts, mut lasts, mut alls) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..many("HANDBACK_ROUNDS", 1) {
        let words = |n: usize| format!("word-{round}-{n}-");
        let watch = |(n, (account, console)): (usize, (Account, Console))| {
            let words = words(n);
            thread::spawn(move || {
                console.shows(&words);
                (Instant::now(), account, console)
            })
        };
        let watching: Vec<_> = sat.drain(..).enumerate().map(watch).collect();
        let mut gateway = Client::new(&desk, &gate);
        let first = Instant::now();
        let mut answered = Vec::new();
        for n in 0..count {
            let told = json!({
                "queue": "Payments", "channel": "SMS", "body": words(n), "external_id": format!("floor-{round}-{n}"),
                "contact": {"address": address(&name(n)), "name": name(n)},
            });
            let status = gateway.post("/v1/inbound", &format!("in-{round}-{n}"), &told.to_string());
            assert_eq!(status, 201);
            answered.push(Instant::now());
        }
        let last_answer = Instant::now();
        let mut last = first;
        for (watch, answered) in watching.into_iter().zip(answered) {
            let (shown, account, console) = watch.join().expect("it is shown");
            alls.push(shown.saturating_duration_since(answered));
            last = last.max(shown);
            sat.push((account, console));
        }
        firsts.push(last - first);
        lasts.push(last.saturating_duration_since(last_answer));
    }
    idle(
        &format!(
            "a message to each of {count}, first one asked until the last screen shows its own"
        ),
        spread(&firsts),
    );
    idle(
        &format!(
            "a message to each of {count}, last one answered until the last screen shows its own"
        ),
        spread(&lasts),
    );
    idle(
        &format!("a message to each of {count}, answered until shown"),
        spread(&alls),
    );
}

/// What [`Served::customer`] makes of a name.
fn address(name: &str) -> String {
    let number = name
        .bytes()
        .fold(0, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000);
    format!("+44 7700 {number:06}")
}

#[test]
fn r13_a_floor_of_consoles_idles_and_shows_what_customers_write_on_sqlite() {
    floor(support::sqlite());
}

#[test]
fn r13_a_floor_of_consoles_idles_and_shows_what_customers_write_on_postgres() {
    if let Some(database) = support::postgres() {
        floor(database);
    }
}
