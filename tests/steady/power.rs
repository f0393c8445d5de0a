//! R30: the power goes. Of what the desk wrote there is what it made sure of, and of the rest nothing, or any part, as on
//! a disk that had it in its memory: nothing acknowledged is lost, nothing is half done. And kill -9 at each single call
//! that writes or makes sure of anything.
//!
//! A shim that is loaded into the desk (power.c) knows what a disk would keep.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{DirEntryExt, MetadataExt},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use handback::server::store::Store;
use rustix::process::Signal;
use serde_json::json;

use crate::{
    asking::Asker,
    figure::figure,
    many,
    served::{Served, TEAM},
    support::{self, desk::sound, dice::Dice, missing, postgres::Cluster},
};

/// A folder whose disk loses its power.
struct Disk {
    folder: tempfile::TempDir,
    kept: tempfile::TempDir,
    shim: PathBuf,
}

/// What becomes of what was written and not made sure of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// None of it is there.
    Gone,
    /// Each sector is there, or not.
    Torn,
}

const SECTOR: usize = 512;

impl Disk {
    /// None where there is nothing to build the shim with.
    fn new() -> Option<Self> {
        let kept = tempfile::tempdir().expect("a folder");
        let shim = kept.path().join("power.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/steady/power.c");
        let built = Command::new("cc")
            .args([
                "-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o",
            ])
            .args([&shim, &source])
            .arg("-ldl")
            .output();
        let Ok(built) = built else {
            missing("cc");
            return None;
        };
        assert!(built.status.success(), "{built:?}");
        fs::create_dir(kept.path().join("files")).expect("a folder");
        Some(Self {
            folder: tempfile::tempdir().expect("a folder"),
            kept,
            shim,
        })
    }

    /// A desk on it, whose team was made on it.
    fn desk(&self) -> Served {
        let told = self.told().into();
        Served::told_besides(support::sqlite_in(self.folder.path()), TEAM, told)
    }

    /// What a program is told that works on it.
    fn told(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("LD_PRELOAD", self.shim.clone()),
            ("POWER_FOLDER", self.folder.path().to_owned()),
            ("POWER_KEPT", self.kept.path().to_owned()),
        ]
    }

    /// The N-th call from now on is the last one of whoever is at work on it.
    fn arms(&self, call: u64) {
        let (half, arm) = (
            self.kept.path().join("arm.half"),
            self.kept.path().join("arm"),
        );
        fs::write(&half, call.to_string()).expect("written");
        fs::rename(half, arm).expect("armed");
    }

    fn disarms(&self) {
        let _ = fs::remove_file(self.kept.path().join("arm"));
    }

    /// What is on it when the power is back: names, and what is in them.
    fn keeps(&self, rest: Rest, dice: &mut Dice) -> Vec<(String, Vec<u8>)> {
        let names =
            fs::read_to_string(self.kept.path().join("names")).expect("names that were kept");
        let named = |line: &str| {
            line.split_once(' ')
                .map(|(file, name)| (name.to_owned(), file.to_owned()))
        };
        let mut names: BTreeMap<String, String> = names.lines().filter_map(named).collect();
        if rest == Rest::Torn {
            for one in self.files() {
                if dice.one_in(2) {
                    let name = one.file_name().into_string().expect("a name");
                    names.insert(name, one.ino().to_string());
                }
            }
        }
        let mut kept = Vec::new();
        for (name, file) in names {
            // What is mapped to be shared is on no disk.
            if name.starts_with('.') || name.ends_with("-shm") {
                continue;
            }
            let sure = fs::read(self.sure(&file)).unwrap_or_default();
            let bytes = match rest {
                Rest::Gone => sure,
                Rest::Torn => {
                    let written = fs::read(self.folder.path().join(&name));
                    torn(&sure, &written.unwrap_or_default(), dice)
                }
            };
            kept.push((name, bytes));
        }
        kept
    }

    /// The power goes and comes back, while nobody is at work on it.
    fn cut(&self, rest: Rest, dice: &mut Dice) {
        let kept = self.keeps(rest, dice);
        let sure = fs::read_dir(self.kept.path().join("files"));
        for one in self
            .files()
            .into_iter()
            .chain(sure.expect("a folder").flatten())
        {
            fs::remove_file(one.path()).expect("removed");
        }
        for (name, bytes) in &kept {
            fs::write(self.folder.path().join(name), bytes).expect("written");
        }
        // All of that is sure by now.
        let mut names = String::new();
        for one in self.files() {
            let (file, name) = (
                one.ino().to_string(),
                one.file_name().into_string().expect("a name"),
            );
            names += &format!("{file} {name}\n");
            fs::copy(one.path(), self.sure(&file)).expect("copied");
        }
        fs::write(self.kept.path().join("names"), names).expect("written");
    }

    fn files(&self) -> Vec<fs::DirEntry> {
        fs::read_dir(self.folder.path())
            .expect("a folder")
            .flatten()
            .collect()
    }

    /// What is surely in the file of that number.
    fn sure(&self, file: &str) -> PathBuf {
        self.kept.path().join("files").join(file)
    }
}

/// Of what was written since it was sure, each sector or not; and it may have become longer or shorter, or not.
fn torn(sure: &[u8], written: &[u8], dice: &mut Dice) -> Vec<u8> {
    let length = if dice.one_in(2) {
        sure.len()
    } else {
        written.len()
    };
    let mut bytes = vec![0; length];
    for (n, sector) in bytes.chunks_mut(SECTOR).enumerate() {
        let from = if dice.one_in(2) { sure } else { written };
        let there = from.get(n * SECTOR..).unwrap_or_default();
        let count = there.len().min(sector.len());
        sector[..count].copy_from_slice(&there[..count]);
    }
    bytes
}

/// What is done to each conversation, one after the other.
const STEPS: usize = 4;

/// A conversation, and how many of the steps to it were acknowledged.
#[derive(Clone, Debug)]
struct Course {
    number: usize,
    id: Option<String>,
    acknowledged: usize,
    /// Of what the customer writes.
    length: usize,
}

impl Course {
    fn new(number: usize) -> Self {
        Self {
            number,
            id: None,
            acknowledged: 0,
            length: 0,
        }
    }

    /// Takes the next step, under the operation id it always has.
    ///
    /// # Errors
    /// When the desk is gone.
    fn step(&mut self, who: &Asker, gate: &Asker) -> std::io::Result<()> {
        let n = self.number;
        let key = format!("step-{n}-{}", self.acknowledged);
        let path = |what: &str| {
            format!(
                "/v1/conversations/{}/{what}",
                self.id.as_deref().unwrap_or_default()
            )
        };
        let said = match self.acknowledged {
            0 => {
                let told = json!({
                    "queue": "Payments", "channel": "SMS", "body": self.words(), "external_id": format!("m{n}"),
                    "contact": {"address": format!("+44 7700 {n:06}"), "name": format!("Customer {n}")},
                });
                gate.post("/v1/inbound", &key, &told)
            }
            1 => who.post(
                &path("messages"),
                &key,
                &json!({"body": format!("Reply {n}")}),
            ),
            2 => who.post(&path("note"), &key, &json!({"body": format!("Note {n}")})),
            _ => who.post(&path("unassign"), &key, &json!({})),
        };
        let said = said?;
        assert!(matches!(said.status, 200 | 201), "{self:?}: {said:?}");
        if self.acknowledged == 0 {
            self.id = said.body["conversation"].as_str().map(str::to_owned);
        }
        self.acknowledged += 1;
        Ok(())
    }

    fn words(&self) -> String {
        format!("Hello? {}", "x".repeat(self.length))
    }

    /// Everything that was acknowledged is there, and perhaps the step that nobody was told of, which is done once by whoever
    /// asks again under its operation id. Whether it was there.
    fn holds(mut self, what: &str, gwen: &Asker, who: &Asker, gate: &Asker) -> bool {
        let steps = self.steps(gwen);
        let acknowledged = self.acknowledged;
        assert!(
            steps >= acknowledged,
            "{what}: of {self:?} only {steps} are there"
        );
        assert!(steps <= acknowledged + 1, "{what}: {self:?}, {steps}");
        if acknowledged < STEPS {
            self.step(who, gate).expect("asked again");
            assert_eq!(self.steps(gwen), acknowledged + 1, "{what}: asked again");
        }
        steps > acknowledged
    }

    /// How many of the steps are there, none of them by half.
    fn steps(&self, gwen: &Asker) -> usize {
        let Some(id) = &self.id else { return 0 };
        let said = gwen.get(&format!("/v1/conversations/{id}"));
        if said.status == 404 {
            return 0;
        }
        let asked = |what: &str| {
            let said = gwen.get(&format!("/v1/conversations/{id}/{what}"));
            let items = said.body["items"].as_array();
            items
                .unwrap_or_else(|| panic!("{self:?} is half done: {said:?}"))
                .clone()
        };
        let (messages, history) = (asked("messages").len(), asked("history"));
        let lines = |kind: &str| history.iter().filter(|line| line["kind"] == kind).count();
        let has = said.body["conversation"]["assignee"].is_object();
        match (messages, lines("note"), lines("assignee"), has) {
            (1, 0, 0, false) => 1,
            (2, 0, 1, true) => 2,
            (2, 1, 1, true) => 3,
            (2, 1, 2, false) => STEPS,
            half => panic!("{self:?} is half done: {half:?}, {history:?}"),
        }
    }
}

/// Who is at work.
const PEOPLE: [&str; 3] = ["anna", "ben", "gwen"];

/// Advisors at work until the desk is gone: what each of them had acknowledged.
fn at_work(desk: &Served, first: usize) -> Vec<thread::JoinHandle<Vec<Course>>> {
    let workers = PEOPLE.iter().zip(0..).map(|(name, nth): (_, usize)| {
        let (who, gate) = (Asker::new(desk, name), Asker::new(desk, "gate"));
        thread::spawn(move || {
            let mut courses = Vec::new();
            for number in (first + nth..).step_by(PEOPLE.len()) {
                let mut course = Course::new(number);
                let gone = (0..STEPS).find_map(|_| course.step(&who, &gate).err());
                courses.push(course);
                if gone.is_some() {
                    break;
                }
            }
            courses
        })
    });
    workers.collect()
}

#[test]
fn r30_power_that_goes_takes_nothing_acknowledged_with_it_and_leaves_nothing_half() {
    let Some(disk) = Disk::new() else { return };
    let mut desk = disk.desk();
    let mut dice = Dice::new(1_730);
    let cuts = many("HANDBACK_POWER_CUTS", 5);
    let (mut acknowledged, mut unanswered, mut had_happened) = (0, 0, 0);
    for cut in 0..cuts {
        let workers = at_work(&desk, cut * 10_000);
        thread::sleep(Duration::from_micros(20_000 + dice.below(300_000)));
        desk.kill();
        let courses: Vec<Course> = workers
            .into_iter()
            .flat_map(|one| one.join().expect("an advisor"))
            .collect();
        let rest = if cut % 2 == 0 { Rest::Gone } else { Rest::Torn };
        disk.cut(rest, &mut dice);
        desk.serve();
        let (gwen, gate) = (Asker::new(&desk, "gwen"), Asker::new(&desk, "gate"));
        for course in courses {
            acknowledged += course.acknowledged;
            unanswered += usize::from(course.acknowledged < STEPS);
            let who = Asker::new(&desk, PEOPLE[course.number % 10_000 % PEOPLE.len()]);
            let what = format!("cut {cut}, {rest:?}");
            had_happened += usize::from(course.holds(&what, &gwen, &who, &gate));
        }
        let audit = desk.admin_verb(&["audit"]).output().expect("the program");
        assert!(audit.status.success(), "cut {cut}, {rest:?}: {audit:?}");
    }
    desk.kill();
    is_sound(desk.url());
    assert!(acknowledged > cuts, "{acknowledged} acts in {cuts} cuts");
    figure("times the power went", cuts);
    figure(
        "acts acknowledged before, all there, none by half",
        acknowledged,
    );
    figure(
        "acts unanswered, of which had happened, each done once when asked again",
        format!("{unanswered}, {had_happened}"),
    );
}

fn is_sound(url: &str) {
    runtime().block_on(async {
        let store = Store::open(url).await.expect("it opens");
        sound(&store).await;
        let audit = store.audit(None).await.expect("an audit");
        assert!(audit.broken.is_none(), "{audit:?}");
        store.close().await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().expect("a runtime")
}

/// Copies of what is on the disk, each opened as a desk would.
fn is_sound_in_any_case(disk: &Disk, dice: &mut Dice) {
    for rest in [Rest::Gone, Rest::Torn] {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in disk.keeps(rest, dice) {
            fs::write(folder.path().join(name), bytes).expect("written");
        }
        is_sound(&support::sqlite_in(folder.path()).url);
    }
}

/// Acts until the desk is gone, which it is at this call at the latest. What became of each.
fn acts_until_gone(desk: &Served, disk: &Disk, call: u64, first: usize) -> Vec<Course> {
    let (anna, gate) = (Asker::new(desk, "anna"), Asker::new(desk, "gate"));
    let mut courses = Vec::new();
    disk.arms(call);
    for number in first.. {
        let mut course = Course::new(number);
        // Long ones fill the log, so that it is folded back into the database among them.
        let long = call > 1_000 && number % 2 == 0;
        course.length = if long { 100_000 } else { 0 };
        let gone = (0..STEPS).find_map(|_| course.step(&anna, &gate).err());
        courses.push(course);
        if gone.is_some() {
            break;
        }
    }
    disk.disarms();
    courses
}

/// Every call of the first acts in a deep run, some of them in an ordinary one; then calls anywhere among thousands, in
/// which the log is folded back now and then.
#[test]
fn r30_kill_9_at_each_call_that_writes_or_makes_sure_loses_nothing() {
    let mut dice = Dice::new(9);
    let anywhere = many("HANDBACK_POWER_CUTS", 1);
    let each = if anywhere > 1 { 240 } else { 0 };
    let calls = (1..=each).chain([2, 9, 24, 51, 77]);
    let calls: Vec<u64> = calls
        .chain((0..anywhere).map(|_| 1 + dice.below(4_000)))
        .collect();
    let (mut acknowledged, mut folded) = (0, 0);
    // A new one now and then: all of it is verified each time.
    for some in calls.chunks(40) {
        let Some(disk) = Disk::new() else { return };
        let (acts, times) = killed_at(&disk, some, &mut dice);
        (acknowledged, folded) = (acknowledged + acts, folded + times);
    }
    figure("calls at which a desk was killed", calls.len());
    figure(
        "of which after its log was folded back meanwhile, at least",
        folded,
    );
    figure(
        "acts acknowledged before, all there, none by half",
        acknowledged,
    );
}

/// A desk that is killed at each of these calls and started again: how many acts were acknowledged, and how often its log
/// was folded back into the database meanwhile.
fn killed_at(disk: &Disk, calls: &[u64], dice: &mut Dice) -> (usize, usize) {
    let mut desk = disk.desk();
    let changed = || {
        let database = fs::metadata(disk.folder.path().join("desk.db"));
        let database = database.expect("a database");
        (database.mtime(), database.mtime_nsec())
    };
    let (mut acknowledged, mut folded) = (0, 0);
    for (n, call) in calls.iter().enumerate() {
        let before = changed();
        let courses = acts_until_gone(&desk, disk, *call, n * 10_000);
        desk.ends();
        folded += usize::from(changed() != before);
        is_sound_in_any_case(disk, dice);
        // Half of them go on after a power cut, half as kill -9 alone leaves it.
        match n % 4 {
            0 => disk.cut(Rest::Gone, dice),
            2 => disk.cut(Rest::Torn, dice),
            _ => {}
        }
        desk.serve();
        let asker = |name| Asker::new(&desk, name);
        let (gwen, anna, gate) = (asker("gwen"), asker("anna"), asker("gate"));
        for course in courses {
            acknowledged += course.acknowledged;
            course.holds(&format!("call {call}"), &gwen, &anna, &gate);
        }
    }
    desk.kill();
    is_sound(desk.url());
    (acknowledged, folded)
}

#[test]
fn r30_what_admin_answers_stays_when_the_power_goes() {
    // The copy goes to another one: what SQLite makes sure of beside its database makes sure of all names there.
    let (Some(disk), Some(another)) = (Disk::new(), Disk::new()) else {
        return;
    };
    let mut desk = disk.desk();
    let id = desk.customer("Zoë Jones", "Hello?");
    let file = another.folder.path().join("copy.db");
    let path = file.to_str().expect("a path");
    let mut copies = desk.admin_verb(&["backup", path]);
    let copied = copies.envs(another.told()).output();
    let copied = copied.expect("the program");
    assert!(copied.status.success(), "{copied:?}");
    desk.kill();
    disk.cut(Rest::Gone, &mut Dice::new(30));
    another.cut(Rest::Gone, &mut Dice::new(30));
    let is_whole = runtime().block_on(Store::is_whole(&file));
    assert!(
        matches!(is_whole, Ok(true)),
        "the copy is there: {is_whole:?}"
    );
    desk.serve();
    assert_eq!(
        desk.holder(&id).0,
        None,
        "what the copy was made of is there too"
    );
    // Nobody else has the database open then: its log is folded back and gone when the verb ends.
    desk.told(Signal::TERM);
    assert!(desk.ends().success());
    desk.apply(&TEAM.replace("Ben Cole", "Benjamin Cole"));
    disk.cut(Rest::Gone, &mut Dice::new(30));
    desk.serve();
    let (_, said) = desk.ask("gwen", "GET", "/v1/users", None);
    assert!(said.to_string().contains("Benjamin Cole"), "{said}");
}

/// Whatever the server, the database or the role say, what is committed is on the disk before it is answered: PostgreSQL
/// itself writes down what is in force at each commit, and is killed, all of it, right after an answer.
#[test]
fn r30_a_database_that_would_answer_before_it_is_sure_is_told_to_be_sure() {
    let Some(cluster) = Cluster::alone() else {
        return;
    };
    let url = cluster.makes("desk");
    let tell = |sql: &'static str| {
        runtime().block_on(async {
            let pool = sqlx::PgPool::connect(&url).await.expect("PostgreSQL");
            sqlx::raw_sql(sql).execute(&pool).await.expect(sql);
            pool.close().await;
        });
    };
    tell("ALTER DATABASE desk SET synchronous_commit = off");
    tell("ALTER ROLE postgres IN DATABASE desk SET synchronous_commit = off");
    let desk = Served::start(support::Database::at("postgres", &url));
    assert!(
        desk.log().contains("fsync = off"),
        "what it cannot make up for, it says: {}",
        desk.log()
    );
    tell(
        "CREATE TABLE in_force (what TEXT);
         CREATE FUNCTION writes_down() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN INSERT INTO in_force VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION writes_down();",
    );
    let asker = |name| Asker::new(&desk, name);
    let (gwen, anna, gate) = (asker("gwen"), asker("anna"), asker("gate"));
    let falls = many("HANDBACK_POWER_CUTS", 3).min(50);
    for number in 0..falls {
        let mut course = Course::new(number);
        for _ in 0..STEPS {
            course.step(&anna, &gate).expect("an answer");
        }
        cluster.falls();
        crate::until("the desk finds its database again", || {
            gwen.get("/readyz").status == 204
        });
        assert_eq!(course.steps(&gwen), STEPS, "fall {number}");
    }
    let in_force: Vec<(String, i64)> = runtime().block_on(async {
        let pool = sqlx::PgPool::connect(&url).await.expect("PostgreSQL");
        let sql = "SELECT what, count(*) FROM in_force GROUP BY what";
        let asked = sqlx::query_as(sql).fetch_all(&pool).await;
        asked.expect("what was in force")
    });
    assert!(
        matches!(&in_force[..], [(what, 1..)] if what == "on"),
        "{in_force:?}"
    );
    figure(
        "commits made sure of, though the database says synchronous_commit = off",
        in_force[0].1,
    );
    figure(
        "times PostgreSQL was killed right after an answer, nothing lost",
        falls,
    );
}
