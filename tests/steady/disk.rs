//! R30: a disk on which there is no room any more: a clear error, nothing acknowledged lost, nothing half done, and all
//! is well again when there is room.

use std::{fs, path::Path, process::Command};

use handback::server::store::Store;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;

use crate::{
    asking::Asker,
    figure::figure,
    served::Served,
    support::{self, Database, desk::sound},
};

/// Fills what there is, and gives it back.
trait Disk {
    fn fill(&self, desk: &Served);
    fn make_room(&self, desk: &Served);
}

/// No file may become larger than the largest is: what a quota does, without asking anybody.
struct Quota(String);

impl Quota {
    fn set(desk: &Served, bytes: Option<u64>) {
        let pid = Pid::from_raw(i32::try_from(desk.pid()).expect("a number"));
        let limit = Rlimit {
            current: bytes,
            maximum: None,
        };
        prlimit(pid, Resource::Fsize, limit).expect("a limit");
    }
}

impl Disk for Quota {
    fn fill(&self, desk: &Served) {
        let size = |file: String| fs::metadata(file).map_or(0, |file| file.len());
        let largest = size(self.0.clone()).max(size(format!("{}-wal", self.0)));
        Self::set(desk, Some(largest + 10_000));
    }

    fn make_room(&self, desk: &Served) {
        Self::set(desk, None);
    }
}

/// A real file system, small, and filled by somebody else's file.
struct Small<'a>(&'a Path);

impl Disk for Small<'_> {
    fn fill(&self, _: &Served) {
        let mut size = 1 << 20;
        let mut filled = 0;
        // All but what is left of a page.
        while size >= 512 {
            let file = self.0.join(format!("filler-{filled}"));
            match fs::write(&file, vec![0; size]) {
                Ok(()) => filled += 1,
                Err(_) => {
                    let _ = fs::remove_file(&file);
                    size /= 2;
                }
            }
        }
    }

    fn make_room(&self, _: &Served) {
        for file in fs::read_dir(self.0).expect("a folder").flatten() {
            if file.file_name().to_string_lossy().starts_with("filler") {
                fs::remove_file(file.path()).expect("removed");
            }
        }
    }
}

/// How many are refused before there is room again.
const REFUSED: usize = 8;

/// Several rounds of it: each note is written once, whatever happens. How many were, and how many were refused at first.
fn fills_up(database: Database, disk: &dyn Disk) -> (usize, usize) {
    let url = database.url.clone();
    let mut desk = Served::start(database);
    let anna = Asker::new(&desk, "anna");
    let id = desk.customer("Zoë Jones", "Hello?");
    let write = |n: usize| {
        let path = format!("/v1/conversations/{id}/note");
        let body = json!({"body": format!("Note {n} {}", "x".repeat(2_000))});
        anna.post(&path, &format!("note-{n}"), &body)
            .expect("an answer")
    };
    // Which notes there are, and how often.
    let written = || {
        let said = anna.get(&format!("/v1/conversations/{id}/history?limit=500"));
        assert_eq!(said.status, 200, "what is there can be read: {said:?}");
        let items = said.body["items"].as_array().expect("a history").iter();
        let notes = items.filter_map(|item| item["body"].as_str()?.split(' ').nth(1)?.parse().ok());
        let mut notes: Vec<usize> = notes.collect();
        notes.sort_unstable();
        notes
    };
    let (mut acknowledged, mut refused_in_all, mut next) = (Vec::new(), 0, 0);
    for round in 0..3 {
        disk.fill(&desk);
        let mut refused = Vec::new();
        while refused.len() < REFUSED {
            let said = write(next);
            if said.status == 200 {
                acknowledged.push(next);
            } else {
                assert!(said.is_unwell(), "{said:?}");
                refused.push(next);
            }
            next += 1;
            assert!(next < 450, "round {round}: it is never full");
        }
        acknowledged.sort_unstable();
        assert_eq!(
            written(),
            acknowledged,
            "what was refused did not happen, what was acknowledged did"
        );
        disk.make_room(&desk);
        refused_in_all += refused.len();
        for n in refused {
            let said = write(n);
            assert_eq!(
                said.status,
                200,
                "there is room again: {said:?} {}",
                desk.log()
            );
            acknowledged.push(n);
        }
    }
    acknowledged.sort_unstable();
    let log = desk.log();
    assert!(
        log.contains("no room"),
        "whoever runs the desk can read what is wrong: {log}"
    );
    desk.kill();
    desk.serve();
    assert_eq!(written(), acknowledged, "once each");
    desk.kill();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&url).await.expect("it opens");
        sound(&store).await;
        store.close().await;
    });
    (acknowledged.len(), refused_in_all)
}

#[test]
fn r30_files_that_may_not_grow_are_an_error_and_nothing_is_lost() {
    let database = support::sqlite();
    let quota = Quota(database.url.trim_start_matches("sqlite:").to_owned());
    let (acknowledged, failed) = fills_up(database, &quota);
    figure(
        "acknowledged in three rounds, each there once",
        acknowledged,
    );
    figure("refused meanwhile, with 503 and when to ask again", failed);
}

#[test]
fn r30_a_full_disk_is_an_error_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=12m", "none"])
        .arg(folder.path())
        .output();
    if !mounted.is_ok_and(|mounted| mounted.status.success()) {
        // Only root may; the test above needs nobody's leave.
        eprintln!("skipped: this account may not mount a small file system");
        return;
    }
    let _unmounts = Unmounts(folder.path());
    let database = support::sqlite_in(folder.path());
    let (acknowledged, failed) = fills_up(database, &Small(folder.path()));
    figure(
        "acknowledged in three rounds, each there once",
        acknowledged,
    );
    figure("refused meanwhile, with 503 and when to ask again", failed);
}

struct Unmounts<'a>(&'a Path);

impl Drop for Unmounts<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}
