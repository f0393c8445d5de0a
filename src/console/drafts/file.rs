//! One file of a draft: records, each with its length and checksum in front; the last one that is whole counts.
//!
//! A record is a text, or a mark, which begins with a character that no text has. A mark says whom the draft is to, or
//! under which operation the desk was about to be asked to take the text before it, or that it did not. What is typed on
//! and erased again is still what was asked: otherwise it could be sent twice.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

use crate::{
    console::{compose::Kind, draft::Unsure},
    domain::{
        id::{ConversationId, MessageId, OperationId, UserId},
        moment::Moment,
        text::Safe,
    },
};

/// Bytes before the text of a record: its length and its checksum.
pub(super) const HEAD: usize = 8;
/// How a mark begins: what is typed holds no such character.
const MARK: char = '\0';

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) of: Safe,
    /// How the desk was about to be asked, and to take what: operation, expected assignee, newest message seen, when.
    asked: Option<(String, String)>,
}

impl Content {
    /// What the desk was about to be asked to take, if that is what it says.
    pub(super) fn asked(&self, kind: Kind, conversation: &ConversationId) -> Option<Unsure> {
        let (how, text) = self.asked.as_ref()?;
        let mut parts = how.split('\t');
        let operation = OperationId::parse(parts.next()?).ok()?;
        let expected_assignee = match parts.next()? {
            "?" => None,
            "!" => Some(None),
            id => Some(Some(UserId::parse(id).ok()?)),
        };
        let seen = match parts.next()? {
            "!" => None,
            id => Some(MessageId::parse(id).ok()?),
        };
        // One that does not say when is of a time nobody remembers.
        let at = parts.next().and_then(|at| at.parse().ok());
        Some(Unsure {
            kind,
            at: Moment(at.unwrap_or_default()),
            operation,
            conversation: conversation.clone(),
            text: text.clone(),
            expected_assignee,
            seen,
        })
    }
}

/// The mark that says whom a draft is to.
pub(super) fn naming(of: &Safe) -> String {
    format!("{MARK}of\t{of}")
}

/// The mark that says how the desk is about to be asked to take a text.
pub(super) fn asking(unsure: &Unsure) -> String {
    let expected = match &unsure.expected_assignee {
        None => "?",
        Some(None) => "!",
        Some(Some(id)) => id.as_str(),
    };
    let seen = unsure.seen.as_ref().map_or("!", MessageId::as_str);
    let (operation, at) = (&unsure.operation, unsure.at.0);
    format!("{MARK}asked\t{operation}\t{expected}\t{seen}\t{at}")
}

/// The mark that says that the desk did not take what it was asked to.
pub(super) fn not_taken() -> String {
    format!("{MARK}not taken\t")
}

/// Begins a file with these records, in one step: whoever looks finds the old file or the new one, whole.
pub(in crate::console) fn begin(path: &Path, records: &[impl AsRef<str>]) -> io::Result<File> {
    let fresh = path.with_added_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(&fresh)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    for text in records {
        file.write_all(&record(text.as_ref()))?;
    }
    fs::rename(&fresh, path)?;
    Ok(file)
}

/// A record of this text or mark.
pub(in crate::console) fn record(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + text.len());
    bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes
}

/// What the records say.
pub(super) fn read(file: &mut File) -> io::Result<Content> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    let mut content = Content::default();
    for text in texts(&bytes) {
        match text.strip_prefix(MARK).map(|mark| mark.split_once('\t')) {
            None => content.text = text.to_owned(),
            Some(Some(("of", of))) => content.of = Safe::line(of),
            Some(Some(("asked", how))) => {
                content.asked = Some((how.to_owned(), content.text.clone()));
            }
            Some(Some(("not taken", _))) => content.asked = None,
            Some(_) => {} // Of a newer program.
        }
    }
    Ok(content)
}

/// The whole records, in order: what follows a torn one was never written.
pub(in crate::console) fn texts(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (head, tail) = rest.split_first_chunk::<HEAD>()?;
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let sum = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let text = tail.get(..length)?;
        rest = tail.get(length..)?;
        let is_whole = crc32fast::hash(text) == sum;
        std::str::from_utf8(text).ok().filter(|_| is_whole)
    })
}
