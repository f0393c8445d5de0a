//! What happens, read from the log once for all who listen; and beside it, what passes: who is there now.
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
use tokio::sync::watch;

use super::{
    glimpses::{Glimpse, Glimpses},
    present,
    store::{Directory, LogEntry, Store, StoreError, Stored, What},
    there::There,
};
use crate::{
    domain::{
        action::Cause,
        conversation::Standing,
        event::{Entry, Notice},
        id::{ConversationId, UserId},
    },
    wire::{conversation::Row, event, message::Message},
};

/// How many frames are kept for those who come back.
const KEPT: usize = 1_024;
/// How many of the past a desk that starts makes again.
const AT_START: u64 = 200;
/// How many entries are read at once.
const AT_ONCE: u16 = 200;
/// How often the log is asked even if nobody said that there is news.
const POLL: Duration = Duration::from_secs(1);

/// How often drafts are read again where another process may have lost one of ours.
const DRAFTS: Duration = Duration::from_secs(30);

/// One entry of the log, ready to be sent.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Its place in the log.
    pub(crate) cursor: u64,
    /// The newest glimpse when this was made: who heard this frame has heard those before, or seen as much.
    glimpsed: u64,
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
    /// For one person or two besides: what was done with what was, or now is, theirs.
    pub(crate) attention: Vec<(UserId, Bytes)>,
}

impl Change {
    /// What this person is told besides.
    pub(crate) fn attention_of(&self, person: &UserId) -> impl Iterator<Item = &u8> {
        let theirs = self
            .attention
            .iter()
            .filter(move |(whom, _)| whom == person);
        theirs.flat_map(|(_, words)| words)
    }
}

/// What is new for a reader.
#[derive(Debug)]
pub(crate) struct News {
    /// What happened, oldest first.
    pub(crate) frames: Vec<Arc<Frame>>,
    /// What passes, newer than all of these frames.
    pub(crate) glimpses: Vec<Arc<Glimpse>>,
    /// The number of the newest glimpse the reader has with this.
    pub(crate) glimpsed: u64,
}

/// The newest cursor, the directory's version, the newest glimpse: changes when there is something to look at.
pub(crate) type Newest = (u64, u64, u64);

/// The stream. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Hub(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    recent: Mutex<Recent>,
    there: There,
    news: watch::Sender<Newest>,
}

/// The last frames, without gaps, up to `head`; and glimpses, each newer than any frame of its conversation.
#[derive(Debug)]
struct Recent {
    frames: VecDeque<Arc<Frame>>,
    head: u64,
    glimpses: Glimpses,
}

impl Hub {
    /// A stream that begins a little in the past, so that consoles find it going on after a restart.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn new(store: &Store, there: There) -> Result<Self, StoreError> {
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
                glimpses: Glimpses::default(),
            }),
            there,
            news: watch::Sender::new((begin, 0, 0)),
        }));
        let mut team = store.directory().version;
        hub.read(store, &mut team).await?;
        Ok(hub)
    }

    /// Follows the log, and who is there, for as long as it is polled.
    pub(crate) async fn follow(self, store: Store) {
        let mut news = store.news();
        let mut changes = self.0.there.changes();
        let mut team = store.directory().version;
        loop {
            changes.mark_unchanged();
            let looked = async {
                self.read(&store, &mut team).await?;
                self.glimpse(&store).await
            };
            if let Err(error) = looked.await {
                tracing::warn!(%error, "cannot read the log; asking again in a second");
                tokio::time::sleep(POLL).await;
            }
            tokio::select! {
                _ = news.changed() => {}
                _ = changes.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Reads the drafts again now and then, for as long as it is polled: another process's word of one may be lost.
    pub(crate) async fn follow_drafts(self, store: Store) {
        loop {
            tokio::time::sleep(DRAFTS).await;
            let seen = self.0.there.drafts_version();
            match store.drafts().await {
                Ok(drafts) => self.0.there.drafts_are(seen, drafts),
                Err(error) => tracing::warn!(%error, "cannot read the drafts"),
            }
        }
    }

    /// Makes a glimpse of each conversation in which somebody came, went or was not heard of for too long.
    async fn glimpse(&self, store: &Store) -> Result<(), StoreError> {
        self.0.there.expire(store.now());
        let changed: Vec<ConversationId> = self.0.there.changed().into_iter().collect();
        if changed.is_empty() {
            return Ok(());
        }
        let these = match store.these(&changed).await {
            Ok(these) => these,
            Err(error) => {
                self.0.there.changed_still(changed);
                return Err(error);
            }
        };
        let directory = store.directory();
        for (conversation, stored) in these {
            let row = present::row(&directory, &self.0.there, &stored);
            self.lock().glimpses.push(Glimpse {
                conversation,
                now: stored.facts.standing(),
                row: frame(event::CONVERSATION, None, &row),
            });
        }
        self.tell(store);
        Ok(())
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
        let (head, glimpsed) = {
            let recent = self.lock();
            (recent.head, recent.glimpses.newest())
        };
        let now = (head, store.directory().version, glimpsed);
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
        let there = &self.0.there;
        let glimpsed = self.glimpsed();
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
                    let row = stored.map(|stored| present::row(&directory, there, stored));
                    let now = stored.map(|stored| stored.facts.standing());
                    let heard = words(entry.cursor, row, message);
                    Says::Changed(Box::new(change(&directory, entry, now, heard, &told)))
                }
            };
            frames.push(Arc::new(Frame {
                cursor,
                glimpsed,
                says,
            }));
        }
        Ok(frames)
    }

    /// The newest cursor.
    pub(crate) fn head(&self) -> u64 {
        self.lock().head
    }

    /// The number of the newest glimpse.
    pub(crate) fn glimpsed(&self) -> u64 {
        self.lock().glimpses.newest()
    }

    /// The number of the newest glimpse that somebody surely has who knows what happened up to a cursor.
    pub(crate) fn glimpsed_at(&self, cursor: u64) -> u64 {
        let recent = self.lock();
        let known = recent.frames.iter().rev().find(|f| f.cursor <= cursor);
        known.map_or(0, |frame| frame.glimpsed)
    }

    /// All frames after a cursor, and the glimpses after `glimpsed`; `None` if some of them are no longer kept. After
    /// a cursor that is not reached yet there is nothing yet: not even a glimpse, which could be older than what
    /// its reader knows.
    pub(crate) fn after(&self, cursor: u64, glimpsed: u64) -> Option<News> {
        let recent = self.lock();
        let ahead = cursor > recent.head;
        let pending = usize::try_from(recent.head.saturating_sub(cursor)).ok()?;
        let first = recent.frames.len().checked_sub(pending)?;
        Some(News {
            frames: recent.frames.range(first..).cloned().collect(),
            glimpses: if ahead {
                Vec::new()
            } else {
                recent.glimpses.after(glimpsed)?
            },
            glimpsed: if ahead {
                glimpsed
            } else {
                recent.glimpses.newest()
            },
        })
    }

    /// Changes whenever there is something to look at: a frame, a glimpse, or another team.
    pub(crate) fn news(&self) -> watch::Receiver<Newest> {
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
            if let Says::Changed(change) = &frame.says {
                self.glimpses.supersede(&change.entry.conversation);
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
    now: Option<Standing>,
    heard: Option<Bytes>,
    told: &Told,
) -> Change {
    let gone = event::Gone {
        id: entry.conversation.as_str().to_owned(),
    };
    let gone = frame(event::GONE, Some(entry.cursor), &gone);
    Change {
        attention: attention(directory, &entry, told),
        now: now.unwrap_or_else(|| entry.after.clone()),
        entry,
        heard: heard.unwrap_or_else(|| gone.clone()),
        gone,
    }
}

/// What those hear who see the conversation: the row, and the message if one was written.
fn words(cursor: u64, row: Option<Row>, message: Option<Message>) -> Option<Bytes> {
    let cursor = Some(cursor);
    Some(match (row?, message) {
        (conversation, Some(message)) => {
            let written = event::Written {
                conversation,
                message,
            };
            frame(event::MESSAGE, cursor, &written)
        }
        (row, None) => frame(event::CONVERSATION, cursor, &row),
    })
}

/// What people are told because something was theirs, or is theirs now (U6, U8, U9). It carries no `id:`, since the
/// row's frame of the same entry follows it: cut off in between, both are sent again.
fn attention(directory: &Directory, entry: &Entry, told: &Told) -> Vec<(UserId, Bytes)> {
    let notices = entry.notices(told.cause, told.by.as_ref()).into_iter();
    notices
        .map(|Notice { whom, kind, cause }| {
            let attention = event::Attention {
                kind: kind.word().to_owned(),
                cause: Some(cause.word().to_owned()),
                conversation: entry.conversation.as_str().to_owned(),
                by: told.by.as_ref().map(|id| present::user(directory, id)),
                reason: told.reason.clone(),
            };
            (whom, frame(event::ATTENTION, None, &attention))
        })
        .collect()
}

/// One event of the stream. JSON has no line breaks of its own, so that `data:` is one line.
pub(crate) fn frame(kind: &str, cursor: Option<u64>, data: &impl serde::Serialize) -> Bytes {
    let data = serde_json::to_string(data).unwrap_or_else(|_| "null".to_owned());
    let id = cursor.map_or_else(String::new, |cursor| format!("id: {cursor}\n"));
    Bytes::from(format!("event: {kind}\n{id}data: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            action::{Deed, Expectation},
            conversation::Handler,
            row::Activity,
        },
        server::{
            store::{Inbound, Item, Operation, Received, TeamFile},
            there::Word,
        },
    };

    const TEAM: &str = r#"
organisation = [{ name = "cardiff" }]
role = [{ name = "advisor", permissions = ["conversations"] }]
user = [{ username = "anna", name = "Anna Webb", organisation = "cardiff", role = "advisor" }]
queue = [{ name = "Payments", owner = "cardiff", teams = ["cardiff"] }]
channel = [{ name = "SMS", kind = "sms" }]
"#;

    async fn customer(store: &Store) -> ConversationId {
        let inbound = Inbound {
            queue: store.directory().queue("Payments").unwrap().id.clone(),
            channel: "SMS".into(),
            address: "+441".into(),
            name: None,
            body: "Hello?".into(),
            external_id: "1".into(),
            at: None,
            handler: Handler::Person,
            attachments: Vec::new(),
        };
        match store.inbound(&inbound).await.unwrap() {
            Received::New { conversation, .. } => conversation,
            other => panic!("{other:?}"),
        }
    }

    /// Who has fetched a page that is newer than what was read of the log knows more than a glimpse made before: it
    /// may show them what they see no more (V8). Read, the log's own entry takes the glimpse's place.
    #[tokio::test]
    async fn v8_a_glimpse_is_never_older_than_what_its_reader_knows() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        let store = Store::open(&url).await.unwrap();
        let team = TeamFile::parse("team.toml", TEAM).unwrap();
        store.apply_team(&team, false).await.unwrap();
        let conversation = customer(&store).await;
        let there = There::new(Vec::new());
        let hub = Hub::new(&store, there.clone()).await.unwrap();
        let anna = store.directory().user("anna").unwrap().clone();
        let word = Word {
            person: anna.id.clone(),
            console: Some("a1".into()),
            open: Some(conversation.clone()),
            what: Some(Activity::Viewing),
        };
        there.hear(&word, store.now());
        hub.glimpse(&store).await.unwrap();
        let glimpses = |cursor| hub.after(cursor, 0).unwrap().glimpses.len();
        let head = hub.head();
        assert_eq!((glimpses(head), hub.glimpsed()), (1, 1));

        let item = Item {
            id: conversation,
            expected: Expectation::default(),
        };
        let operation = Operation::new("1", b"");
        let acted = store.act(&anna, &Deed::Take, &item, None, &operation);
        acted.await.unwrap();
        assert_eq!(glimpses(head + 1), 0, "not read yet");
        let mut team = store.directory().version;
        hub.read(&store, &mut team).await.unwrap();
        assert_eq!(hub.head(), head + 1);
        assert_eq!(
            (glimpses(head + 1), glimpses(head)),
            (0, 0),
            "the row is in the frame"
        );
        assert_eq!((hub.glimpsed_at(head), hub.glimpsed_at(head + 1)), (0, 1));
    }
}
