//! What happens, read from the log once for all who listen.
//!
//! One task reads the log's new entries, loads the conversation of each as it is now, writes its frame once,
//! and keeps the last of them in memory. Readers ([`subscriber`](super::subscriber)) take from there what is
//! after their own place, so that the one who reads slowly costs nothing and delays nobody, and coming back
//! after a broken line is the same as having been slow.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::body::Bytes;
use tokio::{sync::watch, time::timeout};

use super::{
    present,
    store::{Directory, LogEntry, Store, StoreError, Stored, What},
};
use crate::{
    domain::{
        action::Cause,
        conversation::Standing,
        event::Entry,
        id::{ConversationId, UserId},
    },
    wire::{event, message::Message},
};

/// How many frames are kept for those who come back.
const KEPT: usize = 1_024;
/// How many of the past a desk that starts makes again.
const AT_START: u64 = 200;
/// How many entries are read at once.
const AT_ONCE: u16 = 200;
/// How often the log is asked even if nobody said that there is news.
const POLL: Duration = Duration::from_secs(1);

/// One entry of the log, ready to be sent.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Its place in the log.
    pub(crate) cursor: u64,
    /// What it says.
    pub(crate) says: Says,
}

/// What a frame says.
#[derive(Debug)]
pub(crate) enum Says {
    /// A conversation changed.
    Changed(Box<Change>),
    /// The team changed: who reads must see whether what they know still holds.
    Team,
    /// What anybody knew is void.
    Anew,
}

/// A conversation that changed, and the words for it, the same for everybody who may hear them.
#[derive(Debug)]
pub(crate) struct Change {
    /// How it stood before and after.
    pub(crate) entry: Entry,
    /// How it stood when this frame was made.
    pub(crate) now: Standing,
    /// For those who see it: the row, and the message if one was written.
    pub(crate) heard: Bytes,
    /// For those who saw it: that it is gone.
    pub(crate) gone: Bytes,
    /// For one person besides: what was done with what was theirs.
    pub(crate) attention: Option<(UserId, Bytes)>,
}

/// The stream. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Hub(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    recent: Mutex<Recent>,
    /// The newest cursor and the directory's version: changes when there is something to look at.
    news: watch::Sender<(u64, u64)>,
}

/// The last frames, without gaps, up to `head`.
#[derive(Debug)]
struct Recent {
    frames: VecDeque<Arc<Frame>>,
    head: u64,
}

impl Hub {
    /// A stream that begins a little in the past, so that consoles find it going on after a restart.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn new(store: &Store) -> Result<Self, StoreError> {
        let head = store.head().await?;
        let begin = head.saturating_sub(AT_START);
        let begin = match store.log_after(begin, 1).await? {
            Some(_) => begin,
            None => head,
        };
        let hub = Self(Arc::new(Shared {
            recent: Mutex::new(Recent {
                frames: VecDeque::new(),
                head: begin,
            }),
            news: watch::Sender::new((begin, 0)),
        }));
        let mut team = store.directory().version;
        hub.read(store, &mut team).await?;
        Ok(hub)
    }

    /// Follows the log for as long as it is polled.
    pub(crate) async fn follow(self, store: Store) {
        let mut news = store.news();
        let mut team = store.directory().version;
        loop {
            if let Err(error) = self.read(&store, &mut team).await {
                tracing::warn!(%error, "cannot read the log; asking again in a second");
                tokio::time::sleep(POLL).await;
            }
            let _ = timeout(POLL, news.changed()).await;
        }
    }

    /// Reads what is new. `team`: the version of the team that the last entry about it was of.
    async fn read(&self, store: &Store, team: &mut u64) -> Result<(), StoreError> {
        store.reload_if_changed().await?;
        loop {
            let head = self.head();
            let Some(entries) = store.log_after(head, AT_ONCE).await? else {
                // The log was cut, or it is another one: nobody can go on from here.
                let head = store.head().await?;
                self.lock().begin_anew(head);
                continue;
            };
            if entries.is_empty() {
                break;
            }
            if entries.iter().any(|entry| entry.what == What::Team) {
                store.reload_if_changed().await?;
            }
            let frames = self.frames(store, entries, team).await?;
            self.lock().extend(frames);
            self.tell(store);
        }
        self.tell(store);
        Ok(())
    }

    /// Wakes who listens, if there is anything new.
    fn tell(&self, store: &Store) {
        let now = (self.head(), store.directory().version);
        self.0.news.send_if_modified(|told| {
            let news = *told != now;
            *told = now;
            news
        });
    }

    async fn frames(
        &self,
        store: &Store,
        entries: Vec<LogEntry>,
        team: &mut u64,
    ) -> Result<Vec<Arc<Frame>>, StoreError> {
        let directory = store.directory();
        let mut loaded: HashMap<ConversationId, Option<Stored>> = HashMap::new();
        let mut frames = Vec::with_capacity(entries.len());
        for LogEntry {
            cursor,
            at: _,
            what,
        } in entries
        {
            let says = match what {
                What::Team if *team == directory.version => Says::Anew,
                What::Team => {
                    *team = directory.version;
                    Says::Team
                }
                What::Conversation {
                    entry,
                    cause,
                    by,
                    reason,
                } => {
                    let id = &entry.conversation;
                    if !loaded.contains_key(id) {
                        loaded.insert(id.clone(), store.conversation(id).await?);
                    }
                    let message = match &entry.message {
                        Some(message) => store.message(id, message).await?,
                        None => None,
                    };
                    let message =
                        message.map(|m| present::message(&directory, &m, present::BODY_IN_EVENT));
                    let told = Told { cause, by, reason };
                    let stored = loaded.get(id).and_then(Option::as_ref);
                    Says::Changed(Box::new(change(
                        &directory,
                        entry.clone(),
                        stored,
                        message,
                        told,
                    )))
                }
            };
            frames.push(Arc::new(Frame { cursor, says }));
        }
        Ok(frames)
    }

    /// The newest cursor.
    pub(crate) fn head(&self) -> u64 {
        self.lock().head
    }

    /// All frames after a cursor; `None` if some of them are no longer kept. After a cursor that is not
    /// reached yet there is nothing yet.
    pub(crate) fn after(&self, cursor: u64) -> Option<Vec<Arc<Frame>>> {
        let recent = self.lock();
        let pending = usize::try_from(recent.head.saturating_sub(cursor)).ok()?;
        let first = recent.frames.len().checked_sub(pending)?;
        Some(recent.frames.range(first..).cloned().collect())
    }

    /// Changes whenever there is something to look at: a frame, or another team.
    pub(crate) fn news(&self) -> watch::Receiver<(u64, u64)> {
        self.0.news.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Recent> {
        self.0.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn extend(&mut self, frames: Vec<Arc<Frame>>) {
        for frame in frames {
            if frame.cursor != self.head + 1 {
                self.begin_anew(frame.cursor - 1); // a gap is not passed over in silence (R31)
            }
            self.head = frame.cursor;
            self.frames.push_back(frame);
        }
        let surplus = self.frames.len().saturating_sub(KEPT);
        self.frames.drain(..surplus);
    }

    fn begin_anew(&mut self, head: u64) {
        self.frames.clear();
        self.head = head;
    }
}

/// What the log says of a change beyond where the conversation stands.
struct Told {
    cause: Option<Cause>,
    by: Option<UserId>,
    reason: Option<String>,
}

fn change(
    directory: &Directory,
    entry: Entry,
    stored: Option<&Stored>,
    message: Option<Message>,
    told: Told,
) -> Change {
    let cursor = Some(entry.cursor);
    let gone = event::Gone {
        id: entry.conversation.as_str().to_owned(),
    };
    let gone = frame(event::GONE, cursor, &gone);
    let heard = match stored.map(|stored| present::row(directory, stored)) {
        Some(row) => match message {
            Some(message) => {
                let written = event::Written {
                    conversation: row,
                    message,
                };
                frame(event::MESSAGE, cursor, &written)
            }
            None => frame(event::CONVERSATION, cursor, &row),
        },
        None => gone.clone(),
    };
    let now = stored.map_or_else(|| entry.after.clone(), |stored| stored.facts.standing());
    Change {
        attention: attention(directory, &entry, told),
        entry,
        now,
        heard,
        gone,
    }
}

/// What somebody is told because it was theirs, or is theirs again (U6, U8, U9). It carries no `id:`, since
/// the row's frame of the same entry follows it: cut off in between, both are sent again.
fn attention(directory: &Directory, entry: &Entry, told: Told) -> Option<(UserId, Bytes)> {
    let former = entry
        .before
        .as_ref()
        .and_then(|before| before.assignee.as_ref());
    let (kind, whose) = match told.cause? {
        Cause::Unassign => ("handed_back", former?),
        Cause::Undo => ("given_back", entry.after.assignee.as_ref()?),
        _ => return None,
    };
    if told.by.as_ref() == Some(whose) {
        return None;
    }
    let attention = event::Attention {
        kind: kind.to_owned(),
        cause: told.cause.map(|cause| cause.word().to_owned()),
        conversation: entry.conversation.as_str().to_owned(),
        by: told.by.as_ref().map(|id| present::user(directory, id)),
        reason: told.reason,
    };
    Some((whose.clone(), frame(event::ATTENTION, None, &attention)))
}

/// One event of the stream. JSON has no line breaks of its own, so that `data:` is one line.
pub(crate) fn frame(kind: &str, cursor: Option<u64>, data: &impl serde::Serialize) -> Bytes {
    let data = serde_json::to_string(data).unwrap_or_else(|_| "null".to_owned());
    let id = cursor.map_or_else(String::new, |cursor| format!("id: {cursor}\n"));
    Bytes::from(format!("event: {kind}\n{id}data: {data}\n\n"))
}
