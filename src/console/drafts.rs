//! Drafts on disk: every keystroke, at once, and nothing lost to kill -9, a hang-up or a second console (R23).
//!
//! One file a conversation, kind and console, `CONVERSATION.CONSOLE.draft` for a reply and `.note` for a note, to which the whole text is appended at each
//! change with its length and checksum in front; the last record that is whole is the draft. The console that
//! writes a file holds a lock on it, so that two consoles of one account never touch each other's, and what a
//! dead one left is taken over by the next.
//!
//! Written at once and not handed to another thread: it is a write of a few hundred bytes into the page cache, and
//! so nothing is on its way when the terminal hangs up. Not synced to the platters: a draft survives the
//! program, not a power cut.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

use super::compose::Kind;
use crate::domain::id::ConversationId;

/// Bytes before the text of a record: its length and its checksum.
const HEAD: usize = 8;
/// A file that grew beyond this is begun anew.
const LARGE: u64 = 256 * 1024;

/// A draft found on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Of a reply, or of a note.
    pub kind: Kind,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// What it says, as typed.
    pub text: String,
}

/// The drafts of one person at one desk.
#[derive(Debug)]
pub struct Drafts {
    folder: PathBuf,
    console: String,
    files: HashMap<(Kind, ConversationId), Held>,
}

/// A draft's file as it is found: when it was written, of what, where, open, and what it says.
type Found = (
    std::time::SystemTime,
    (Kind, ConversationId),
    PathBuf,
    File,
    String,
);

/// A file this console writes, and those of dead consoles that it took over.
#[derive(Debug, Default)]
struct Held {
    own: Option<(PathBuf, File)>,
    inherited: Vec<(PathBuf, File)>,
}

impl Drafts {
    /// The drafts in `folder`, which is made (0700) if need be, and what is kept there. `console` tells this
    /// console's files from others'; it must be of the characters of an id.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: &Path, console: &str) -> io::Result<(Self, Vec<Kept>)> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let mut found: Vec<Found> = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(of) = subject_of(&path) else {
                continue;
            };
            let Ok(mut file) = OpenOptions::new().read(true).append(true).open(&path) else {
                continue;
            };
            if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
                continue; // Another console is writing it.
            }
            match last_record(&mut file)? {
                Some(text) if !text.is_empty() => {
                    found.push((file.metadata()?.modified()?, of, path, file, text));
                }
                _ => drop(fs::remove_file(&path)),
            }
        }
        found.sort_by_key(|(written, ..)| *written);
        let mut drafts = Self {
            folder: folder.to_owned(),
            console: console.to_owned(),
            files: HashMap::new(),
        };
        let mut kept: HashMap<(Kind, ConversationId), String> = HashMap::new();
        for (_, of, path, file, text) in found {
            drafts
                .files
                .entry(of.clone())
                .or_default()
                .inherited
                .push((path, file));
            kept.insert(of, text); // The newest of several wins; the older files stay until it is sent.
        }
        let kept = kept
            .into_iter()
            .map(|((kind, conversation), text)| Kept {
                kind,
                conversation,
                text,
            })
            .collect();
        Ok((drafts, kept))
    }

    /// Has this text on disk when it returns; an empty one is no draft any more, and its files go.
    ///
    /// # Errors
    /// When the disk does not take it; what was on it before is still there then.
    pub fn keep(
        &mut self,
        kind: Kind,
        conversation: &ConversationId,
        text: &str,
    ) -> io::Result<()> {
        let of = (kind, conversation.clone());
        if text.is_empty() {
            if let Some(held) = self.files.remove(&of) {
                for (path, _file) in held.own.into_iter().chain(held.inherited) {
                    fs::remove_file(path)?;
                }
            }
            return Ok(());
        }
        let held = self.files.entry(of).or_default();
        if held
            .own
            .as_ref()
            .is_none_or(|(_, file)| file.metadata().is_ok_and(|m| m.len() > LARGE))
        {
            let path =
                self.folder
                    .join(format!("{conversation}.{}.{}", self.console, suffix(kind)));
            held.own = Some((path.clone(), begin(&path, text)?));
            return Ok(());
        }
        match &mut held.own {
            Some((_, file)) => file.write_all(&record(text)),
            None => Ok(()),
        }
    }
}

/// Begins a file with one record, in one step: whoever looks finds the old file or the new one, whole.
fn begin(path: &Path, text: &str) -> io::Result<File> {
    let fresh = path.with_added_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(&fresh)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    file.write_all(&record(text))?;
    fs::rename(&fresh, path)?;
    Ok(file)
}

fn record(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + text.len());
    bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// The last whole record: what follows a torn one was never written.
fn last_record(file: &mut File) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    let (mut rest, mut last) = (bytes.as_slice(), None);
    while let Some((head, tail)) = rest.split_first_chunk::<HEAD>() {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let sum = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let Some(text) = tail
            .get(..length)
            .filter(|text| crc32fast::hash(text) == sum)
        else {
            break;
        };
        last = std::str::from_utf8(text).ok();
        rest = &tail[length..];
    }
    Ok(last.map(str::to_owned))
}

/// `CONVERSATION.CONSOLE.draft` or `.note`; the name is all that says whose it is, and that a note is none for the
/// customer.
fn subject_of(path: &Path) -> Option<(Kind, ConversationId)> {
    let (name, end) = path.file_name()?.to_str()?.rsplit_once('.')?;
    let kind = [Kind::Reply, Kind::Note]
        .into_iter()
        .find(|kind| suffix(*kind) == end)?;
    let conversation = ConversationId::parse(name.split_once('.')?.0).ok()?;
    Some((kind, conversation))
}

fn suffix(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "draft",
        Kind::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ConversationId {
        ConversationId::parse(text).unwrap()
    }

    fn kept(folder: &Path) -> Vec<Kept> {
        let (_drafts, mut kept) = Drafts::open(folder, "reader").unwrap();
        kept.sort_by(|a, b| a.conversation.cmp(&b.conversation));
        kept
    }

    #[test]
    fn r23_what_was_kept_last_is_there_after_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let (mut drafts, found) = Drafts::open(folder.path(), "one").unwrap();
        assert!(found.is_empty());
        for text in ["H", "He", "Hello\nthere"] {
            drafts.keep(Kind::Reply, &id("C1"), text).unwrap();
        }
        drop(drafts); // No farewell of any kind: as a killed program leaves it.
        assert_eq!(
            kept(folder.path()),
            [Kept {
                kind: Kind::Reply,
                conversation: id("C1"),
                text: "Hello\nthere".into()
            }]
        );
    }

    #[test]
    fn r23_a_file_torn_at_any_byte_gives_the_last_whole_text() {
        let folder = tempfile::tempdir().unwrap();
        let (mut drafts, _) = Drafts::open(folder.path(), "one").unwrap();
        drafts.keep(Kind::Reply, &id("C1"), "first").unwrap();
        drafts.keep(Kind::Reply, &id("C1"), "second").unwrap();
        drop(drafts);
        let path = folder.path().join("C1.one.draft");
        let whole = fs::read(&path).unwrap();
        let first = HEAD + "first".len();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let expected = if cut < first {
                vec![]
            } else {
                vec!["first".to_owned()]
            };
            let found: Vec<String> = kept(folder.path()).into_iter().map(|k| k.text).collect();
            assert_eq!(found, expected, "cut at {cut}");
        }
    }

    #[test]
    fn r23_two_consoles_do_not_touch_each_others_drafts() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, _) = Drafts::open(folder.path(), "one").unwrap();
        one.keep(Kind::Reply, &id("C1"), "of one").unwrap();
        let (mut two, found) = Drafts::open(folder.path(), "two").unwrap();
        assert!(found.is_empty(), "a live console's draft is its own");
        two.keep(Kind::Reply, &id("C1"), "of two").unwrap();
        two.keep(Kind::Reply, &id("C1"), "").unwrap();
        drop((one, two));
        assert_eq!(
            kept(folder.path()),
            [Kept {
                kind: Kind::Reply,
                conversation: id("C1"),
                text: "of one".into()
            }]
        );
    }

    #[test]
    fn n1_a_note_kept_is_never_found_as_a_reply() {
        let folder = tempfile::tempdir().unwrap();
        let (mut drafts, _) = Drafts::open(folder.path(), "one").unwrap();
        drafts.keep(Kind::Reply, &id("C1"), "to her").unwrap();
        drafts.keep(Kind::Note, &id("C1"), "about her").unwrap();
        drafts.keep(Kind::Reply, &id("C1"), "").unwrap();
        drop(drafts);
        assert_eq!(
            kept(folder.path()),
            [Kept {
                kind: Kind::Note,
                conversation: id("C1"),
                text: "about her".into()
            }]
        );
    }

    #[test]
    fn r23_a_sent_draft_goes_and_so_does_what_it_was_taken_over_from() {
        let folder = tempfile::tempdir().unwrap();
        let (mut dead, _) = Drafts::open(folder.path(), "dead").unwrap();
        dead.keep(Kind::Reply, &id("C1"), "left behind").unwrap();
        drop(dead);
        let (mut next, found) = Drafts::open(folder.path(), "next").unwrap();
        assert_eq!(found[0].text, "left behind");
        next.keep(Kind::Reply, &id("C1"), "left behind, gone on with")
            .unwrap();
        next.keep(Kind::Reply, &id("C1"), "").unwrap();
        drop(next);
        assert!(kept(folder.path()).is_empty());
    }

    #[test]
    fn drafts_are_nobody_elses_to_read_and_do_not_grow_for_ever() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (mut drafts, _) = Drafts::open(&folder.path().join("made"), "one").unwrap();
        let long = "x".repeat(4_000);
        for _ in 0..200 {
            drafts.keep(Kind::Reply, &id("C1"), &long).unwrap();
        }
        let file = fs::metadata(folder.path().join("made/C1.one.draft")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::metadata(folder.path().join("made"))
                .unwrap()
                .permissions()
                .mode()
                & 0o777,
            0o700
        );
        assert!(file.len() <= LARGE + 8_000, "{}", file.len());
    }
}
