//! One writing transaction: what changes is collected here, and written last by [`commit`](super::commit).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sqlx::{Any, Transaction};

use super::{
    Result, Store,
    circle::Circle,
    conversation::{Stored, read_all},
    database::{Kind, name_of},
    directory::Directory,
};
use crate::domain::{
    action::{Action, Cause, Change, Former},
    conversation::{Conversation, Standing},
    distribution::Candidate,
    id::{ConversationId, OperationId, QueueId, UserId},
    moment::Moment,
    person::Person,
};

/// One writing transaction. Dropped without [`Writing::commit`], nothing of it happened.
pub(super) struct Writing<'store> {
    pub(super) store: &'store Store,
    pub(super) tx: Transaction<'static, Any>,
    /// The time of everything in it.
    pub(super) now: Moment,
    /// Conversations that changed, each as it is in the database and as it is to be.
    pub(super) changed: BTreeMap<ConversationId, (Conversation, Conversation)>,
    pub(super) happened: Vec<Happened>,
    pub(super) holdings: BTreeMap<(QueueId, Option<UserId>), Delta>,
    /// Who became an assignee in it.
    pub(super) assigned: BTreeSet<UserId>,
    /// The queues that are locked because something enters them.
    pub(super) circles: BTreeMap<QueueId, Circle>,
    /// The team that everything in it is decided by.
    pub(super) directory: Arc<Directory>,
    pub(super) team_changed: bool,
}

/// How much a holding changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) n: i64,
    pub(super) unanswered: i64,
}

/// One thing that happened to one conversation: an entry of the log, and what hangs on it.
#[derive(Clone, Debug)]
pub(super) struct Happened {
    /// Which conversation.
    pub(super) conversation: ConversationId,
    /// How it stood before; `None` if it is new.
    pub(super) before: Option<Standing>,
    /// How it stands since.
    pub(super) after: Standing,
    /// The number of the message that was written; 0 if none was.
    pub(super) message: i64,
    /// Who did it; nobody if a customer or the desk itself.
    pub(super) by: Option<UserId>,
    /// Through what the assignee changed, if it did.
    pub(super) cause: Option<Cause>,
    /// Why, if they said.
    pub(super) reason: Option<String>,
    /// What of it undo may take back.
    pub(super) act: Option<Acting>,
    /// What the history says of it.
    pub(super) lines: Vec<Line>,
}

/// A line of the history.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// `assignee`, `queue`, `status`, `state`, `handler`, `block`, `note`.
    pub(super) kind: &'static str,
    /// What it was: an id, a word, or empty for nothing.
    pub(super) was: String,
    /// What it is since, likewise.
    pub(super) became: String,
    /// Who did it; nobody if a customer or the desk itself.
    pub(super) by: Option<UserId>,
    /// Through what an assignee changed.
    pub(super) cause: Option<Cause>,
    /// Why, if they said.
    pub(super) reason: Option<String>,
    /// The words of a note.
    pub(super) body: Option<String>,
}

impl Line {
    /// What the history says of a change of assignee.
    pub(super) fn of_assignee(
        before: &Conversation,
        change: &Change,
        by: Option<&UserId>,
        reason: Option<&str>,
    ) -> Self {
        Self {
            kind: "assignee",
            was: name_of(before.assignee.as_ref()).to_owned(),
            became: name_of(change.assignee.as_ref()).to_owned(),
            by: by.cloned(),
            cause: change.cause,
            reason: reason.map(str::to_owned),
            body: None,
        }
    }

    /// What the history says of a contact that is taken from the blocklist.
    pub(super) fn of_unblocking(by: &Person, reason: Option<String>) -> Self {
        Self {
            kind: "block",
            was: "blocked".to_owned(),
            by: Some(by.id.clone()),
            reason,
            ..Self::default()
        }
    }

    /// What the history says of a change: a line for each thing that is not as it was.
    pub(super) fn all_of(
        before: &Conversation,
        change: &Change,
        by: Option<&UserId>,
        reason: Option<&str>,
    ) -> Vec<Self> {
        let line = |kind, was: &str, became: &str| {
            (was != became).then(|| Self {
                kind,
                was: was.to_owned(),
                became: became.to_owned(),
                by: by.cloned(),
                cause: None,
                reason: reason.map(str::to_owned),
                body: None,
            })
        };
        let status = |status: &Option<String>| status.clone().unwrap_or_default();
        let assignee = (before.assignee != change.assignee)
            .then(|| Self::of_assignee(before, change, by, reason));
        [
            line("queue", before.queue.as_str(), change.queue.as_str()),
            line("status", &status(&before.status), &status(&change.status)),
            line("state", before.state.word(), change.state.word()),
            line("handler", before.handler.word(), change.handler.word()),
            assignee,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What undo needs to know of an act.
#[derive(Clone, Debug)]
pub(super) struct Acting {
    pub(super) operation: OperationId,
    pub(super) action: Action,
    /// How the conversation stood before.
    pub(super) former: Former,
    /// The version the act gave the conversation.
    pub(super) version: u64,
    /// A lost line did it (Q9).
    pub(super) line_lost: bool,
}

impl Store {
    /// Begins to write, by the team as it is by then. On SQLite beginning waits for who changes it, and reading it
    /// again takes a connection of another pool; on PostgreSQL the wait comes later, and the pool is the same.
    pub(super) async fn write(&self) -> Result<Writing<'_>> {
        let tx = match self.kind {
            Kind::Sqlite => {
                let tx = self.begin().await?;
                self.reload_if_changed().await?;
                tx
            }
            Kind::Postgres => {
                self.reload_if_changed().await?;
                self.begin().await?
            }
        };
        Ok(Writing {
            tx,
            directory: self.directory(),
            store: self,
            now: self.now(),
            changed: BTreeMap::new(),
            happened: Vec::new(),
            holdings: BTreeMap::new(),
            assigned: BTreeSet::new(),
            circles: BTreeMap::new(),
            team_changed: false,
        })
    }
}

impl Writing<'_> {
    /// Reads a conversation in order to change it: nobody else changes it before the end.
    pub(super) async fn hold(&mut self, id: &ConversationId) -> Result<Option<Stored>> {
        Ok(self.hold_all([id]).await?.remove(id))
    }

    /// Reads many in order to change them, in the order of ids, whatever the order they are named in: two who hold
    /// many never wait for each other in a circle.
    pub(super) async fn hold_all(
        &mut self,
        ids: impl IntoIterator<Item = &ConversationId>,
    ) -> Result<BTreeMap<ConversationId, Stored>> {
        self.write_changed().await?;
        read_all(&mut self.tx, ids, self.store.kind.for_update()).await
    }

    /// A conversation that is held and was read as `before` is to be as `after`. It is written with the others, at
    /// the end or before a conversation is held again.
    pub(super) fn change(&mut self, before: &Conversation, after: &Conversation) {
        self.changed
            .entry(before.id.clone())
            .and_modify(|(_, last)| last.clone_from(after))
            .or_insert_with(|| (before.clone(), after.clone()));
        self.held(before, -1);
        self.held(after, 1);
        self.assigned(before.assignee.as_ref(), after.assignee.as_ref());
    }

    /// Remembers that somebody became the assignee, if they did: who did so least recently comes first where a rule
    /// finds two equal (A4).
    pub(super) fn assigned(&mut self, before: Option<&UserId>, after: Option<&UserId>) {
        if before != after {
            self.assigned.extend(after.cloned());
        }
    }

    /// What somebody has who could be given a conversation of this queue, with what was done so far.
    pub(super) fn so_far(&self, queue: &QueueId, one: &Candidate) -> Candidate {
        let mut now = one.clone();
        for ((of, assignee), delta) in &self.holdings {
            if assignee.as_ref() == Some(&one.person) {
                now.open = now.open.saturating_add_signed(delta.n);
                if of == queue {
                    now.in_queue = now.in_queue.saturating_add_signed(delta.n);
                }
            }
        }
        if self.assigned.contains(&one.person) {
            now.last = Some(self.now);
        }
        now
    }

    /// The team that everything in it is to be decided by.
    pub(super) fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.directory)
    }

    /// Which database it is.
    pub(super) fn kind(&self) -> Kind {
        self.store.kind
    }

    /// Which process of those on this database this is.
    pub(super) fn process(&self) -> Arc<str> {
        Arc::clone(&self.store.process)
    }

    /// Counts a conversation in or out of its holding.
    pub(super) fn held(&mut self, conversation: &Conversation, by: i64) {
        if !conversation.standing().open {
            return;
        }
        let key = (conversation.queue.clone(), conversation.assignee.clone());
        let delta = self.holdings.entry(key).or_default();
        delta.n += by;
        delta.unanswered += by * i64::from(conversation.unanswered);
    }

    /// Remembers what happened; it is written at the end.
    pub(super) fn happened(&mut self, happened: Happened) {
        self.happened.push(happened);
    }

    /// The team changed, or what may be asked of it: every desk on this database reads it again.
    pub(super) fn team_changed(&mut self) {
        self.team_changed = true;
    }
}
