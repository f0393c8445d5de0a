//! Drafts on disk: every keystroke, at once, and nothing lost to kill -9, a hang-up or a second console (R23).
//!
//! One [`mod@file`] a conversation, kind and console, `CONVERSATION.CONSOLE.draft` for a reply and `.note` for a note, to which
//! the whole text is appended at each change. The console that writes a file holds a lock on it, so that two consoles of
//! one account never touch each other's, and what a dead one left is taken over by the next. Several of one conversation
//! all stay: one is gone on with, the others are kept aside until they are gone on with or dropped by name.
//!
//! Written at once and not handed to another thread: it is a write of a few hundred bytes into the page cache, and
//! so nothing is on its way when the terminal hangs up. Not synced to the platters: a draft survives the
//! program, not a power cut.

mod file;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use rustix::fs::{FlockOperation, flock};

use self::file::{Content, asking, naming, not_taken, read};
pub(super) use self::file::{begin, record, texts};
use super::{
    compose::Kind,
    draft::{Kept, Order, Unsure, Where},
};
use crate::domain::{id::ConversationId, moment::Moment, text::Safe};

/// A file that grew beyond this is begun anew.
const LARGE: u64 = 256 * 1024;

/// Of what a draft is.
type Subject = (Kind, ConversationId);

/// The drafts of one person at one desk.
#[derive(Debug)]
pub struct Drafts {
    folder: PathBuf,
    console: String,
    /// What is gone on with here.
    here: HashMap<Subject, Held>,
    /// What is kept beside it, by subject and name.
    aside: HashMap<(Subject, String), Locked>,
    /// Whom drafts are to, for files begun later.
    names: HashMap<Subject, Safe>,
    /// How many were set aside by this console: each gets a name of its own.
    asides: u32,
}

/// A file this console writes, or the one of a dead console that it will go on with.
#[derive(Debug, Default)]
struct Held {
    own: Option<Locked>,
    inherited: Option<Locked>,
    /// What the desk was last asked to take of it, and perhaps has.
    unsure: Option<Unsure>,
}

impl Held {
    /// The file that counts.
    fn file(&mut self) -> Option<&mut Locked> {
        self.own.as_mut().or(self.inherited.as_mut())
    }
}

/// A file that no other console touches while it is open here.
#[derive(Debug)]
struct Locked {
    path: PathBuf,
    file: File,
}

/// A draft's file as it is found.
struct Found {
    of: Subject,
    name: String,
    at: SystemTime,
    content: Content,
    /// `None`: another console has it.
    locked: Option<Locked>,
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
        let mut drafts = Self {
            folder: folder.to_owned(),
            console: console.to_owned(),
            here: HashMap::new(),
            aside: HashMap::new(),
            names: HashMap::new(),
            asides: 0,
        };
        let kept = drafts.look()?;
        Ok((drafts, kept))
    }

    /// What there is but what this console holds already: what other consoles have, and what dead ones left since, which
    /// is taken over. Of several of one conversation the newest is gone on with.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn look(&mut self) -> io::Result<Vec<Kept>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !self.holds(&path)
                && let Some(one) = find(&path)?
            {
                found.push(one);
            }
        }
        found.sort_by_key(|one| std::cmp::Reverse(one.at));
        let mut kept = Vec::new();
        for one in found {
            let Found {
                of,
                name,
                at,
                content,
                locked,
            } = one;
            let place = match locked {
                None => Where::Elsewhere(name),
                Some(locked) if !self.here.contains_key(&of) => {
                    let held = Held {
                        own: None,
                        inherited: Some(locked),
                        unsure: content.asked(of.0, &of.1),
                    };
                    self.here.insert(of.clone(), held);
                    Where::Here
                }
                Some(locked) => {
                    self.aside.insert((of.clone(), name.clone()), locked);
                    Where::Aside(name)
                }
            };
            kept.push(kept_of(of, at, content, place));
        }
        Ok(kept)
    }

    fn holds(&self, path: &Path) -> bool {
        let held = self
            .here
            .values()
            .flat_map(|h| h.own.iter().chain(&h.inherited));
        held.chain(self.aside.values())
            .any(|file| file.path == path)
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
            if let Some(held) = self.here.remove(&of) {
                for file in held.own.into_iter().chain(held.inherited) {
                    fs::remove_file(&file.path)?;
                }
            }
            return Ok(());
        }
        let own = self.here.get(&of).and_then(|held| held.own.as_ref());
        let is_large = |file: &Locked| file.file.metadata().is_ok_and(|m| m.len() > LARGE);
        if own.is_none_or(is_large) {
            let path = self.path(&of, &self.console);
            let name = self.names.get(&of).map(naming);
            let mut records: Vec<String> = name.into_iter().collect();
            let unsure = self.here.get(&of).and_then(|held| held.unsure.as_ref());
            records.extend(unsure.into_iter().flat_map(|u| [u.text.clone(), asking(u)]));
            records.push(text.to_owned());
            let file = begin(&path, &records)?;
            let held = self.here.entry(of).or_default();
            held.own = Some(Locked { path, file });
            if let Some(old) = held.inherited.take() {
                fs::remove_file(&old.path)?; // It is gone on with, and stands here now.
            }
            return Ok(());
        }
        self.append(&of, text)
    }

    /// Does what is to be done with drafts; gives what was found, if that was asked for.
    ///
    /// # Errors
    /// The disk's; no draft is lost then.
    pub fn obey(&mut self, order: Order) -> io::Result<Option<Vec<Kept>>> {
        match order {
            Order::Name(kind, conversation, name) => {
                self.names.insert((kind, conversation), name);
            }
            Order::Asking(unsure) => {
                let of = (unsure.kind, unsure.conversation.clone());
                if self.here.get(&of).is_none_or(|held| held.own.is_none()) {
                    self.keep(unsure.kind, &unsure.conversation, &unsure.text)?;
                }
                // The mark is of the text before it.
                self.append(&of, &unsure.text)?;
                self.append(&of, &asking(&unsure))?;
                self.here.entry(of).or_default().unsure = Some(unsure);
            }
            Order::NotTaken(kind, conversation) => {
                let of = (kind, conversation);
                if let Some(held) = self.here.get_mut(&of) {
                    held.unsure = None;
                }
                // What was left by a dead console is asked for under that one's operation, and stands there.
                if let Some(file) = self.here.get_mut(&of).and_then(Held::file) {
                    file.file.write_all(&record(&not_taken()))?;
                }
            }
            Order::Look => return self.look().map(Some),
            Order::Drop(kind, conversation, name) => {
                if let Some(file) = self.aside.remove(&((kind, conversation), name)) {
                    fs::remove_file(&file.path)?;
                }
            }
            Order::SetAside(kind, conversation) => {
                let name = self.set_aside(kind, &conversation)?;
                return self.now_beside((kind, conversation), name).map(Some);
            }
            Order::TakeUp(kind, conversation, name) => {
                let beside = self.set_aside(kind, &conversation)?;
                let of = (kind, conversation);
                if let Some(mut file) = self.aside.remove(&(of.clone(), name)) {
                    let unsure = read(&mut file.file)?.asked(of.0, &of.1);
                    let held = self.here.entry(of.clone()).or_default();
                    held.inherited = Some(file);
                    held.unsure = unsure;
                }
                return self.now_beside(of, beside).map(Some);
            }
        }
        Ok(None)
    }

    /// What is here is kept beside from now on, under the name this gives; `None` if there is nothing.
    ///
    /// # Errors
    /// The disk's; it stays here then.
    pub fn set_aside(
        &mut self,
        kind: Kind,
        conversation: &ConversationId,
    ) -> io::Result<Option<String>> {
        let of = (kind, conversation.clone());
        let Some(held) = self.here.get(&of) else {
            return Ok(None);
        };
        let Some(file) = held.own.as_ref().or(held.inherited.as_ref()) else {
            return Ok(None);
        };
        let name = format!("{}_{}", self.console, self.asides + 1);
        let path = self.path(&of, &name);
        fs::rename(&file.path, &path)?;
        self.asides += 1;
        if let Some(file) = self
            .here
            .remove(&of)
            .and_then(|held| held.own.or(held.inherited))
        {
            let file = Locked { path, ..file };
            self.aside.insert((of, name.clone()), file);
        }
        Ok(Some(name))
    }

    /// What there is besides, now that this one is kept under a name.
    fn now_beside(&mut self, of: Subject, name: Option<String>) -> io::Result<Vec<Kept>> {
        let mut kept = self.look()?;
        if let Some(name) = name
            && let Some(locked) = self.aside.get_mut(&(of.clone(), name.clone()))
        {
            let at = locked.file.metadata()?.modified()?;
            let content = read(&mut locked.file)?;
            kept.push(kept_of(of, at, content, Where::Aside(name)));
        }
        Ok(kept)
    }

    fn path(&self, (kind, conversation): &Subject, name: &str) -> PathBuf {
        self.folder
            .join(format!("{conversation}.{name}.{}", suffix(*kind)))
    }

    fn append(&mut self, of: &Subject, text: &str) -> io::Result<()> {
        match self.here.get_mut(of).and_then(|held| held.own.as_mut()) {
            Some(own) => own.file.write_all(&record(text)),
            None => Ok(()),
        }
    }
}

fn kept_of((kind, conversation): Subject, at: SystemTime, content: Content, place: Where) -> Kept {
    Kept {
        kind,
        at: moment(at),
        asked: content.asked(kind, &conversation),
        of: content.of,
        conversation,
        text: content.text,
        place,
    }
}

/// The draft in a file; `None` if it is no draft, or an empty one, which goes.
fn find(path: &Path) -> io::Result<Option<Found>> {
    let Some((of, name)) = subject_of(path) else {
        return Ok(None);
    };
    let Ok(mut file) = OpenOptions::new().read(true).append(true).open(path) else {
        return Ok(None);
    };
    let free = flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok();
    let content = read(&mut file)?;
    if content.text.is_empty() {
        if free {
            let _ = fs::remove_file(path);
        }
        return Ok(None);
    }
    Ok(Some(Found {
        of,
        name,
        at: file.metadata()?.modified()?,
        content,
        locked: free.then(|| Locked {
            path: path.to_owned(),
            file,
        }),
    }))
}

/// `CONVERSATION.CONSOLE.draft` or `.note`; the name is all that says whose it is, and that a note is none for the
/// customer.
fn subject_of(path: &Path) -> Option<(Subject, String)> {
    let (name, end) = path.file_name()?.to_str()?.rsplit_once('.')?;
    let kind = [Kind::Reply, Kind::Note]
        .into_iter()
        .find(|kind| suffix(*kind) == end)?;
    let (conversation, console) = name.split_once('.')?;
    let conversation = ConversationId::parse(conversation).ok()?;
    Some(((kind, conversation), console.to_owned()))
}

fn suffix(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "draft",
        Kind::Note => "note",
    }
}

/// When a file was written.
pub(super) fn moment(at: SystemTime) -> Moment {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
