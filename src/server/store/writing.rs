//! One writing transaction: what happened is collected and written last, in the order of locks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{
    Result, Store, StoreError,
    conversation::{COLUMNS, Stored, read},
    database::{Kind, name_of, signed},
    directory::Directory,
    entry::Circle,
};
use crate::domain::{
    action::{Action, Cause, Change, Former},
    conversation::{Conversation, Handler, Standing, State},
    distribution::Candidate,
    id::{ConversationId, OperationId, QueueId, UserId},
    moment::Moment,
};

/// One writing transaction. Dropped without [`Writing::commit`], nothing of it happened.
pub(super) struct Writing<'store> {
    store: &'store Store,
    pub(super) tx: Transaction<'static, Any>,
    /// The time of everything in it.
    pub(super) now: Moment,
    happened: Vec<Happened>,
    holdings: BTreeMap<(QueueId, Option<UserId>), Delta>,
    /// Who became an assignee in it.
    assigned: BTreeSet<UserId>,
    /// The queues that are locked because something enters them.
    pub(super) circles: BTreeMap<QueueId, Circle>,
    /// The team that everything in it is decided by.
    directory: Arc<Directory>,
    team_changed: bool,
}

/// How much a holding changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Delta {
    n: i64,
    unanswered: i64,
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
    /// Begins to write.
    pub(super) async fn write(&self) -> Result<Writing<'_>> {
        let tx = self.begin().await?;
        Ok(Writing {
            tx,
            // Only now: beginning may have waited for who changes the team.
            directory: self.directory(),
            store: self,
            now: self.now(),
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
        let lock = self.store.kind.for_update();
        let sql = format!("SELECT {COLUMNS} FROM conversation c WHERE c.id = $1{lock}");
        sqlx::query(AssertSqlSafe(sql))
            .bind(id.as_str())
            .fetch_optional(&mut *self.tx)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Writes the facts of a conversation that was read as `before`: compare-and-set on version *and*
    /// assignee. Since it is held, nothing but a broken lock makes it fail.
    pub(super) async fn change(
        &mut self,
        before: &Conversation,
        after: &Conversation,
    ) -> Result<()> {
        let sql = "UPDATE conversation SET queue = $1, assignee = $2, open = $3, bot = $4, status = $5, \
                   touched = $6, grp = $7, since = $8, version = $9, acted = $10 \
                   WHERE id = $11 AND version = $12 AND assignee = $13";
        let changed = sqlx::query(sql)
            .bind(after.queue.as_str())
            .bind(name_of(after.assignee.as_ref()))
            .bind(i64::from(after.standing().open))
            .bind(i64::from(after.handler == Handler::Bot))
            .bind(after.status.as_deref().unwrap_or_default())
            .bind(i64::from(after.touched))
            .bind(i64::from(after.place().group.rank()))
            .bind(after.since.0)
            .bind(signed(after.version))
            .bind(signed(after.acted))
            .bind(before.id.as_str())
            .bind(signed(before.version))
            .bind(name_of(before.assignee.as_ref()))
            .execute(&mut *self.tx)
            .await?
            .rows_affected();
        if changed != 1 {
            return Err(StoreError::corrupt(
                "a held conversation",
                before.id.as_str(),
            ));
        }
        self.held(before, -1);
        self.held(after, 1);
        self.assigned(before.assignee.as_ref(), after.assignee.as_ref());
        Ok(())
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

    /// Writes holdings, then the counters, then everything that carries their numbers, and commits.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if another team was applied since this began: what was decided by the old one could
    /// give somebody what they have no access to any more (Q10). Then nothing of it happened.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.write_circles().await?;
        self.write_holdings().await?;
        self.write_turns().await?;
        let histories = self.happened.iter().map(|h| h.lines.len()).sum();
        let entries = self.happened.len() + usize::from(self.team_changed);
        if entries == 0 {
            self.tx.commit().await?;
            return Ok(());
        }
        let (log, history, team) = self.count(entries, histories).await?;
        if !self.team_changed && team.unsigned_abs() != self.directory.version {
            self.tx.rollback().await?;
            self.store.reload_if_changed().await?;
            return Err(StoreError::Overtaken);
        }
        self.write_entries(log - entries as i64, history - histories as i64)
            .await?;
        if self.store.kind == Kind::Postgres {
            sqlx::query("NOTIFY handback")
                .execute(&mut *self.tx)
                .await?;
        }
        self.tx.commit().await?;
        self.store.news.reached(log.unsigned_abs());
        Ok(())
    }
}

/// The lines that are written once the counters are known.
impl Writing<'_> {
    pub(super) async fn write_holdings(&mut self) -> Result<()> {
        let sql = "INSERT INTO holding (queue, assignee, n, unanswered) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (queue, assignee) DO UPDATE \
                   SET n = holding.n + $3, unanswered = holding.unanswered + $4";
        // A holding that falls is there already, so that its first insert never is below zero.
        for ((queue, assignee), delta) in std::mem::take(&mut self.holdings) {
            if delta == Delta::default() {
                continue;
            }
            let update = "UPDATE holding SET n = n + $3, unanswered = unanswered + $4 \
                          WHERE queue = $1 AND assignee = $2";
            let sql = if delta.n > 0 { sql } else { update };
            sqlx::query(sql)
                .bind(queue.as_str())
                .bind(name_of(assignee.as_ref()))
                .bind(delta.n)
                .bind(delta.unanswered)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    /// Writes when those were last given something who were, in the order of ids, which is that of locks.
    async fn write_turns(&mut self) -> Result<()> {
        let sql = "INSERT INTO turn (person, at) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE \
                   SET at = CASE WHEN turn.at > $2 THEN turn.at ELSE $2 END";
        for person in std::mem::take(&mut self.assigned) {
            sqlx::query(sql)
                .bind(person.as_str())
                .bind(self.now.0)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    /// Waits for every other writer to be done, and lets nobody else finish before the end.
    pub(super) async fn lock_counters(&mut self) -> Result<()> {
        sqlx::query("UPDATE counter SET team = team WHERE one = 1")
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Raises the counters, and with that waits for every other writer to be done: cursors are in the
    /// order of commits, without gaps (R31). Answers both, and the version of the team.
    pub(super) async fn count(
        &mut self,
        entries: usize,
        histories: usize,
    ) -> Result<(i64, i64, i64)> {
        let sql = "UPDATE counter SET log = log + $1, history = history + $2, team = team + $3 \
                   WHERE one = 1 RETURNING log, history, team";
        Ok(sqlx::query_as(sql)
            .bind(entries as i64)
            .bind(histories as i64)
            .bind(i64::from(self.team_changed))
            .fetch_one(&mut *self.tx)
            .await?)
    }

    async fn write_entries(&mut self, mut cursor: i64, mut history: i64) -> Result<()> {
        for happened in std::mem::take(&mut self.happened) {
            cursor += 1;
            self.write_entry(cursor, &happened).await?;
            for line in &happened.lines {
                history += 1;
                self.write_history(history, &happened.conversation, line)
                    .await?;
            }
            self.write_act(cursor, history, &happened).await?;
        }
        if self.team_changed {
            let sql = "INSERT INTO log (cursor, at, conversation, before_queue, before_assignee, \
                       before_open, queue, assignee, open, message, cause, by_person, reason) \
                       VALUES ($1, $2, '', '', '', 0, '', '', 0, 0, '', '', '')";
            sqlx::query(sql)
                .bind(cursor + 1)
                .bind(self.now.0)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    async fn write_entry(&mut self, cursor: i64, happened: &Happened) -> Result<()> {
        let sql = "INSERT INTO log (cursor, at, conversation, before_queue, before_assignee, before_open, \
                   queue, assignee, open, message, cause, by_person, reason) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let before = happened.before.as_ref();
        sqlx::query(sql)
            .bind(cursor)
            .bind(self.now.0)
            .bind(happened.conversation.as_str())
            .bind(before.map_or("", |b| b.queue.as_str()))
            .bind(name_of(before.and_then(|b| b.assignee.as_ref())))
            .bind(i64::from(before.is_some_and(|b| b.open)))
            .bind(happened.after.queue.as_str())
            .bind(name_of(happened.after.assignee.as_ref()))
            .bind(i64::from(happened.after.open))
            .bind(happened.message)
            .bind(happened.cause.map_or("", Cause::word))
            .bind(name_of(happened.by.as_ref()))
            .bind(happened.reason.as_deref().unwrap_or_default())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn write_history(
        &mut self,
        id: i64,
        conversation: &ConversationId,
        line: &Line,
    ) -> Result<()> {
        let sql = "INSERT INTO history (id, conversation, at, kind, by_person, was, became, cause) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        sqlx::query(sql)
            .bind(id)
            .bind(conversation.as_str())
            .bind(self.now.0)
            .bind(line.kind)
            .bind(name_of(line.by.as_ref()))
            .bind(line.was.as_str())
            .bind(line.became.as_str())
            .bind(line.cause.map_or("", Cause::word))
            .execute(&mut *self.tx)
            .await?;
        if line.reason.is_some() || line.body.is_some() {
            sqlx::query("INSERT INTO history_words (history, reason, body) VALUES ($1, $2, $3)")
                .bind(id)
                .bind(line.reason.as_deref().unwrap_or_default())
                .bind(line.body.as_deref().unwrap_or_default())
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    async fn write_act(&mut self, cursor: i64, history: i64, happened: &Happened) -> Result<()> {
        let Some(act) = &happened.act else {
            return Ok(());
        };
        let former = &act.former;
        // What a lost line did counts as its owner's, who may take it back (Q9).
        let owner = former.assignee.as_ref().filter(|_| act.line_lost);
        let Some(by) = happened.by.as_ref().or(owner) else {
            return Ok(());
        };
        let sql = "INSERT INTO act (cursor, person, operation, conversation, action, former, former_queue, \
                   former_status, former_open, version, at, history, line_lost, undone) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)";
        sqlx::query(sql)
            .bind(cursor)
            .bind(by.as_str())
            .bind(act.operation.as_str())
            .bind(happened.conversation.as_str())
            .bind(act.action.word())
            .bind(name_of(former.assignee.as_ref()))
            .bind(former.queue.as_str())
            .bind(former.status.as_deref().unwrap_or_default())
            .bind(i64::from(former.state == State::Open))
            .bind(signed(act.version))
            .bind(self.now.0)
            .bind(history)
            .bind(i64::from(act.line_lost))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
