//! The end of a writing transaction: everything it collected is written, in the order of locks, in as few statements
//! as many rows need.

use super::{
    Result, StoreError,
    bulk::Bulk,
    chain::{self, Sealing},
    database::{Kind, keepable, name_of, signed},
    roster::Value,
    writing::{Delta, Happened, Line, Writing},
};
use crate::domain::{
    action::Cause,
    conversation::{Handler, State},
    id::ConversationId,
};

const LOG: [&str; 13] = [
    "cursor",
    "at",
    "conversation",
    "before_queue",
    "before_assignee",
    "before_open",
    "queue",
    "assignee",
    "open",
    "message",
    "cause",
    "by_person",
    "reason",
];
pub(super) const HISTORY: [&str; 10] = [
    "id",
    "conversation",
    "at",
    "kind",
    "by_person",
    "was",
    "became",
    "cause",
    "words",
    "seal",
];
const WORDS: [&str; 4] = ["history", "salt", "reason", "body"];
const ACT: [&str; 14] = [
    "cursor",
    "person",
    "operation",
    "conversation",
    "action",
    "former",
    "former_queue",
    "former_status",
    "former_open",
    "version",
    "at",
    "history",
    "line_lost",
    "undone",
];

/// Where the counters stand.
pub(super) struct Counted {
    /// The newest cursor of the log.
    pub(super) log: i64,
    /// The newest line of the history.
    pub(super) history: i64,
    /// The version of the team.
    pub(super) team: i64,
    /// The seal of the newest line before those that were counted now.
    pub(super) seal: String,
}

impl Writing<'_> {
    /// Writes what changed, then holdings, turns and the counters, then everything that carries their numbers, and
    /// commits.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if another team was applied since this began: what was decided by the old one could
    /// give somebody what they have no access to any more (Q10). Then nothing of it happened.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.write_circles().await?;
        self.write_changed().await?;
        self.write_holdings().await?;
        self.write_turns().await?;
        let histories = self.happened.iter().map(|h| h.lines.len()).sum();
        let entries = self.happened.len() + usize::from(self.team_changed);
        if entries == 0 {
            self.tx.commit().await?;
            return Ok(());
        }
        let counted = self.count(entries, histories).await?;
        let log = counted.log;
        if !self.team_changed && counted.team.unsigned_abs() != self.directory.version {
            return Err(StoreError::Overtaken);
        }
        self.write_entries(
            log - entries as i64,
            counted.history - histories as i64,
            counted.seal,
        )
        .await?;
        if self.store.kind == Kind::Postgres {
            sqlx::query("SELECT 1 FROM pg_notify('handback', $1)")
                .bind(log.to_string())
                .execute(&mut *self.tx)
                .await?;
        }
        self.tx.commit().await?;
        self.store.news.reached(log.unsigned_abs());
        Ok(())
    }

    /// Writes the facts of the conversations that changed: compare-and-set on version *and* assignee. Since they are
    /// held, nothing but a broken lock makes it fail.
    pub(super) async fn write_changed(&mut self) -> Result<()> {
        let changed = std::mem::take(&mut self.changed);
        let Some((first, _)) = changed.first_key_value() else {
            return Ok(());
        };
        let first = first.as_str().to_owned();
        let set = "queue = v.column1, assignee = v.column2, open = v.column3, bot = v.column4, \
                   status = v.column5, touched = v.column6, grp = v.column7, since = v.column8, \
                   version = v.column9, acted = v.column10";
        let which = ") AS v WHERE conversation.id = v.column11 AND conversation.version = v.column12 \
                     AND conversation.assignee = v.column13";
        let mut rows = Bulk::updating("conversation", set, which, 13);
        let count = changed.len() as u64;
        for (id, (before, after)) in changed {
            rows.push([
                after.queue.as_str().into(),
                name_of(after.assignee.as_ref()).into(),
                Value::flag(after.standing().open),
                Value::flag(after.handler == Handler::Bot),
                after.status.as_deref().unwrap_or_default().into(),
                Value::flag(after.touched),
                i64::from(after.place().group.rank()).into(),
                after.since.0.into(),
                signed(after.version).into(),
                signed(after.acted).into(),
                id.as_str().into(),
                signed(before.version).into(),
                name_of(before.assignee.as_ref()).into(),
            ]);
        }
        if rows.write(&mut self.tx).await? == count {
            Ok(())
        } else {
            Err(StoreError::corrupt("held conversations from", first))
        }
    }

    pub(super) async fn write_holdings(&mut self) -> Result<()> {
        // First they are there, and held in order; only then does one fall, which no insert could say.
        let clash = " ON CONFLICT (queue, assignee) DO UPDATE SET n = holding.n";
        let columns = ["queue", "assignee", "n", "unanswered"];
        let mut there = Bulk::clashing("holding", &columns, clash);
        let set = "n = holding.n + v.column3, unanswered = holding.unanswered + v.column4";
        let which = ") AS v WHERE holding.queue = v.column1 AND holding.assignee = v.column2";
        let mut moved = Bulk::updating("holding", set, which, 4);
        for ((queue, assignee), delta) in std::mem::take(&mut self.holdings) {
            if delta == Delta::default() {
                continue;
            }
            let key = || [queue.as_str().into(), name_of(assignee.as_ref()).into()];
            there.push(key().into_iter().chain([0.into(), 0.into()]));
            let delta = [delta.n.into(), delta.unanswered.into()];
            moved.push(key().into_iter().chain(delta));
        }
        there.write(&mut self.tx).await?;
        moved.write(&mut self.tx).await?;
        Ok(())
    }

    /// Writes when those were last given something who were, in the order of ids, which is that of locks.
    async fn write_turns(&mut self) -> Result<()> {
        let clash = " ON CONFLICT (person) DO UPDATE \
                     SET at = CASE WHEN turn.at > excluded.at THEN turn.at ELSE excluded.at END";
        let mut turns = Bulk::clashing("turn", &["person", "at"], clash);
        for person in std::mem::take(&mut self.assigned) {
            turns.push([person.as_str().into(), self.now.0.into()]);
        }
        turns.write(&mut self.tx).await?;
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
    /// order of commits, without gaps (R31).
    pub(super) async fn count(&mut self, entries: usize, histories: usize) -> Result<Counted> {
        let sql = "UPDATE counter SET log = log + $1, history = history + $2, team = team + $3 \
                   WHERE one = 1 RETURNING log, history, team, seal";
        let (log, history, team, seal) = sqlx::query_as(sql)
            .bind(entries as i64)
            .bind(histories as i64)
            .bind(i64::from(self.team_changed))
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(Counted {
            log,
            history,
            team,
            seal,
        })
    }

    /// What the next line of the history is sealed onto.
    pub(super) async fn sealed(&mut self, seal: &str) -> Result<()> {
        sqlx::query("UPDATE counter SET seal = $1 WHERE one = 1")
            .bind(seal)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn write_entries(
        &mut self,
        mut cursor: i64,
        mut history: i64,
        mut seal: String,
    ) -> Result<()> {
        let first = history;
        let at = self.now.0;
        let mut log = Bulk::of_new("log", &LOG);
        let mut lines = Bulk::of_new("history", &HISTORY);
        let mut words = Bulk::of_new("history_words", &WORDS);
        let mut acts = Bulk::of_new("act", &ACT);
        for happened in std::mem::take(&mut self.happened) {
            cursor += 1;
            log.push(entry(cursor, at, &happened));
            for line in &happened.lines {
                history += 1;
                let (reason, body) = (kept(line.reason.as_deref()), kept(line.body.as_deref()));
                let mut hash = String::new();
                if line.reason.is_some() || line.body.is_some() {
                    let salt = chain::salt()?;
                    hash = chain::of_words(&salt, &reason, &body);
                    let written = [&salt, &reason, &body].map(|text| Value::text(text));
                    words.push([history.into()].into_iter().chain(written));
                }
                let sealing = sealing(history, at, &happened.conversation, line, &hash);
                seal = sealing.after(&seal);
                lines.push(sealed(&sealing, &seal));
            }
            acts.push(act(cursor, at, history, &happened).into_iter().flatten());
        }
        if self.team_changed {
            log.push(of_the_team(cursor + 1, at));
        }
        for rows in [&mut log, &mut lines, &mut words, &mut acts] {
            rows.write(&mut self.tx).await?;
        }
        if history > first {
            self.sealed(&seal).await?;
        }
        Ok(())
    }
}

fn entry(cursor: i64, at: i64, happened: &Happened) -> [Value; LOG.len()] {
    let before = happened.before.as_ref();
    let after = &happened.after;
    [
        cursor.into(),
        at.into(),
        happened.conversation.as_str().into(),
        before.map_or("", |b| b.queue.as_str()).into(),
        name_of(before.and_then(|b| b.assignee.as_ref())).into(),
        Value::flag(before.is_some_and(|b| b.open)),
        after.queue.as_str().into(),
        name_of(after.assignee.as_ref()).into(),
        Value::flag(after.open),
        happened.message.into(),
        happened.cause.map_or("", Cause::word).into(),
        name_of(happened.by.as_ref()).into(),
        happened.reason.as_deref().unwrap_or_default().into(),
    ]
}

/// The entry that says that the team changed: it is of no conversation.
fn of_the_team(cursor: i64, at: i64) -> [Value; LOG.len()] {
    [
        cursor.into(),
        at.into(),
        "".into(),
        "".into(),
        "".into(),
        0.into(),
        "".into(),
        "".into(),
        0.into(),
        0.into(),
        "".into(),
        "".into(),
        "".into(),
    ]
}

/// A text as the database keeps it: that is what is hashed.
fn kept(text: Option<&str>) -> String {
    keepable(text.unwrap_or_default())
}

fn sealing<'a>(
    id: i64,
    at: i64,
    conversation: &'a ConversationId,
    line: &'a Line,
    words: &'a str,
) -> Sealing<'a> {
    Sealing {
        id,
        conversation: conversation.as_str(),
        at,
        kind: line.kind,
        by: name_of(line.by.as_ref()),
        was: &line.was,
        became: &line.became,
        cause: line.cause.map_or("", Cause::word),
        words,
    }
}

/// A line of the history as a row of its table.
pub(super) fn sealed(line: &Sealing<'_>, seal: &str) -> [Value; HISTORY.len()] {
    [
        line.id.into(),
        line.conversation.into(),
        line.at.into(),
        line.kind.into(),
        line.by.into(),
        line.was.into(),
        line.became.into(),
        line.cause.into(),
        line.words.into(),
        seal.into(),
    ]
}

/// What undo is to know of it, if anything.
fn act(cursor: i64, at: i64, history: i64, happened: &Happened) -> Option<[Value; ACT.len()]> {
    let act = happened.act.as_ref()?;
    let former = &act.former;
    // What a lost line did counts as its owner's, who may take it back (Q9). What the desk did by itself is nobody's.
    let owner = former.assignee.as_ref().filter(|_| act.line_lost);
    let by = happened.by.as_ref().or(owner);
    Some([
        cursor.into(),
        name_of(by).into(),
        act.operation.as_str().into(),
        happened.conversation.as_str().into(),
        act.action.word().into(),
        name_of(former.assignee.as_ref()).into(),
        former.queue.as_str().into(),
        former.status.as_deref().unwrap_or_default().into(),
        Value::flag(former.state == State::Open),
        signed(act.version).into(),
        at.into(),
        history.into(),
        Value::flag(act.line_lost),
        0.into(),
    ])
}
