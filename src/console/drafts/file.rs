//! One file of a draft: records, each with its length and checksum in front; the last one that is whole counts.
//!
//! A record is a text, or a mark, which begins with a character that no text has. A mark says whom the draft is to, or
//! under which operation the text before it was about to be sent.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

use crate::{
    desk::Reply,
    domain::{
        id::{ConversationId, MessageId, OperationId, UserId},
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
    /// How the text was about to be sent: operation, expected assignee, newest message seen.
    asked: Option<String>,
}

impl Content {
    /// The reply that was about to be sent, if nothing else was typed since.
    pub(super) fn asked(&self, conversation: &ConversationId) -> Option<Reply> {
        let mut parts = self.asked.as_deref()?.split('\t');
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
        Some(Reply {
            operation,
            conversation: conversation.clone(),
            body: self.text.clone(),
            expected_assignee,
            seen,
        })
    }
}

/// The mark that says whom a draft is to.
pub(super) fn naming(of: &Safe) -> String {
    format!("{MARK}of\t{of}")
}

/// The mark that says how a text is about to be sent.
pub(super) fn sending(reply: &Reply) -> String {
    let expected = match &reply.expected_assignee {
        None => "?",
        Some(None) => "!",
        Some(Some(id)) => id.as_str(),
    };
    let seen = reply.seen.as_ref().map_or("!", MessageId::as_str);
    format!("{MARK}asked\t{}\t{expected}\t{seen}", reply.operation)
}

/// Begins a file with these records, in one step: whoever looks finds the old file or the new one, whole.
pub(in crate::console) fn begin(path: &Path, records: &[&str]) -> io::Result<File> {
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
        file.write_all(&record(text))?;
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
            None => {
                content.text = text.to_owned();
                content.asked = None; // Another text is another reply.
            }
            Some(Some(("of", of))) => content.of = Safe::line(of),
            Some(Some(("asked", how))) => content.asked = Some(how.to_owned()),
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
