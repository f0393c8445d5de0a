//! Bookmarks on disk: one small file a console, to which where its advisor is is appended whenever that changes.
//!
//! The console that writes a file holds a lock on it. What one left that is there no more, the next one that starts goes
//! on with, the newest first; so two consoles of one account that drop together both come back to where they were, and
//! none takes the place of one that is still there. A file that cannot be read is as good as none, and none is no
//! mishap.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rustix::fs::{FlockOperation, flock};

use super::{
    bookmark::{Bookmark, Left},
    drafts::{begin, moment, record, texts},
};
use crate::domain::moment::Moment;

/// A file that grew beyond this is begun anew.
const LARGE: u64 = 16 * 1024;
/// What is older than a shift nobody waits for any more, unless it is all there is.
const STALE: Duration = Duration::from_secs(12 * 60 * 60);
/// How a file of ours ends.
const ENDING: &str = "bookmark";

/// The bookmarks of one account at one desk, as one console of it keeps them.
#[derive(Debug)]
pub struct Bookmarks {
    path: PathBuf,
    own: Option<File>,
    /// What is gone on with, until this console has written its own.
    inherited: Option<(PathBuf, File)>,
    /// What was kept last.
    last: Option<Bookmark>,
}

/// A file as it is found.
struct Found {
    path: PathBuf,
    at: SystemTime,
    file: File,
    bookmark: Bookmark,
}

impl Bookmarks {
    /// The bookmarks in `folder`, which is made (0700) if need be: this console's own, what another left that this one
    /// goes on with, and when any of them was last there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, console: &str) -> io::Result<(Self, Option<Left>, Option<Moment>)> {
        let mut make = DirBuilder::new();
        make.recursive(true).mode(0o700).create(folder)?;
        let (mut free, mut seen) = (Vec::new(), None);
        for entry in fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            seen = seen.max(entry.metadata().and_then(|of| of.modified()).ok());
            free.extend(find(path));
        }
        free.sort_by_key(|found| found.at);
        let newest = free.pop();
        let stale = SystemTime::now().checked_sub(STALE);
        for found in free {
            if stale.is_some_and(|stale| found.at < stale) {
                let _ = fs::remove_file(found.path);
            }
        }
        let left = newest.as_ref().map(|found| Left {
            bookmark: found.bookmark.clone(),
            at: moment(found.at),
        });
        let bookmarks = Self {
            path: folder.join(format!("{console}.{ENDING}")),
            own: None,
            inherited: newest.map(|found| (found.path, found.file)),
            last: None,
        };
        Ok((bookmarks, left, seen.map(moment)))
    }

    /// Has this on disk when it returns.
    ///
    /// # Errors
    /// When the disk does not take it; what was on it before is still there then.
    pub fn keep(&mut self, bookmark: Bookmark) -> io::Result<()> {
        let text = bookmark.to_string();
        self.last = Some(bookmark);
        let is_large = |file: &File| file.metadata().is_ok_and(|of| of.len() > LARGE);
        match &mut self.own {
            Some(own) if !is_large(own) => own.write_all(&record(&text)),
            _ => {
                self.own = Some(begin(&self.path, &[&text])?);
                if let Some((path, _)) = self.inherited.take() {
                    let _ = fs::remove_file(path);
                }
                Ok(())
            }
        }
    }

    /// The console is still there: from now on is when it was last.
    pub fn is_there(&self) {
        if let Some(own) = &self.own {
            let _ = own.set_modified(SystemTime::now());
        }
    }

    /// Its advisor leaves by their own will.
    pub fn leaves(&mut self) {
        if let Some(last) = &self.last {
            let _ = self.keep(last.on_leaving());
        }
    }
}

/// What is in a file that no console holds; what cannot be read goes.
fn find(path: PathBuf) -> Option<Found> {
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .open(&path)
        .ok()?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    let at = file.metadata().ok()?.modified().ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let Some(text) = texts(&bytes).last() else {
        let _ = fs::remove_file(path);
        return None;
    };
    let bookmark = Bookmark::read(text);
    Some(Found {
        path,
        at,
        file,
        bookmark,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cursor: &str) -> Bookmark {
        Bookmark::read(&format!("view=mine cursor={cursor} reply={cursor}"))
    }

    fn open(folder: &Path, console: &str) -> (Bookmarks, Option<Bookmark>) {
        let (bookmarks, left, _) = Bookmarks::open(folder, console).unwrap();
        (bookmarks, left.map(|left| left.bookmark))
    }

    /// As if it had been written so long ago.
    fn aged(folder: &Path, console: &str, ago: Duration) {
        let path = folder.join(format!("{console}.{ENDING}"));
        let file = File::options().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - ago).unwrap();
    }

    #[test]
    fn r17_what_a_console_left_that_dropped_is_gone_on_with_once() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, left) = open(folder.path(), "one");
        assert_eq!(left, None);
        first.keep(of("C1")).unwrap();
        first.keep(of("C2")).unwrap();
        let (_, left) = open(folder.path(), "two");
        assert_eq!(left, None, "its console is still there");
        drop(first);
        let (third, left) = open(folder.path(), "three");
        assert_eq!(left, Some(of("C2")));
        let (_, left) = open(folder.path(), "four");
        assert_eq!(left, None, "it is another's already");
        drop(third);
        let (mut fifth, left) = open(folder.path(), "five");
        assert_eq!(left, Some(of("C2")), "who dropped at once lost nothing");
        fifth.keep(of("C3")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn r17_two_consoles_that_drop_together_both_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, _) = open(folder.path(), "one");
        let (mut second, _) = open(folder.path(), "two");
        first.keep(of("C1")).unwrap();
        second.keep(of("C2")).unwrap();
        drop((first, second));
        aged(folder.path(), "two", Duration::from_secs(5));
        let (one, left) = open(folder.path(), "three");
        assert_eq!(left, Some(of("C1")), "the newest first");
        let (two, left) = open(folder.path(), "four");
        assert_eq!(left, Some(of("C2")));
        drop((one, two));

        // Who does not come back for a shift is not waited for.
        aged(folder.path(), "two", STALE * 2);
        let (one, left) = open(folder.path(), "five");
        assert_eq!(left, Some(of("C1")));
        let (_, left) = open(folder.path(), "six");
        assert_eq!(left, None);
        drop(one);
        aged(folder.path(), "one", STALE * 4);
        let (_, left) = open(folder.path(), "seven");
        assert_eq!(left, Some(of("C1")), "but the newest always");
    }

    #[test]
    fn who_leaves_by_their_own_will_finds_their_view() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, _) = open(folder.path(), "one");
        first.keep(of("C1")).unwrap();
        first.leaves();
        drop(first);
        let (_, left) = open(folder.path(), "two");
        assert_eq!(left, Some(Bookmark::read("view=mine")));
    }

    #[test]
    fn a_broken_file_is_as_good_as_none_and_a_torn_end_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.bookmark");
        let record_of = |cursor| record(&of(cursor).to_string());
        let torn = [record_of("C1"), record_of("C2")[..11].to_vec()].concat();
        for (bytes, expected) in [
            (b"".to_vec(), None),
            (b"garbage that is no record".to_vec(), None),
            (vec![0xff; 4096], None),
            (torn, Some(of("C1"))),
        ] {
            fs::write(&path, bytes).unwrap();
            let (_, left) = open(folder.path(), "two");
            assert_eq!(left, expected);
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(open(folder.path(), "three").1, None, "and a folder is none");
    }

    #[test]
    fn it_stays_small_and_private_and_says_when_it_was_last_there() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("desk/anna");
        let (mut first, _) = open(&folder, "one");
        for n in 0..2_000 {
            first.keep(of(&format!("C{n}"))).unwrap();
        }
        let path = folder.join("one.bookmark");
        assert!(fs::metadata(&path).unwrap().len() <= LARGE + 100);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&folder)), (0o600, 0o700));
        aged(&folder, "one", Duration::from_secs(3600));
        first.is_there();
        let (_, _, seen) = Bookmarks::open(&folder, "two").unwrap();
        let now = moment(SystemTime::now());
        assert!(
            now.since(seen.unwrap()) < Duration::from_secs(60),
            "whoever holds it"
        );
    }
}
