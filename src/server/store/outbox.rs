//! Messages of ours on their way to a channel's gateway (P1, R30): written with the message in one transaction, handed
//! over by one process at a time, in order within a conversation, and kept until somebody said what became of them.
//!
//! Who sets about handing one over *leases* it: the attempt is counted and the message is not due again until the lease
//! has ended, so that a process that dies leaves it to the next one. Everything said of it later names the attempt, and
//! of an attempt that somebody else has overtaken nothing is heard.

use std::{fmt, time::Duration};

use super::{
    Result, Store,
    conversation::Stored,
    database::{Kind, id, keepable, nobody, signed, whole},
    message::message_id,
    writing::Writing,
};
use crate::domain::{
    id::{ConversationId, MessageId, UserId},
    message::{Delivery, Failure},
    moment::Moment,
};

/// How long handing a message over is tried, from when it was written.
pub const HAND_OVER_WITHIN: Duration = Duration::from_secs(24 * 3600);
/// How long a gateway has to say what became of a message that it took.
pub const CONFIRM_WITHIN: Duration = Duration::from_secs(72 * 3600);
/// How many are given up in one go.
const AT_ONCE: i64 = 100;

/// A message of ours that this process has leased in order to hand it over. Its texts are as they were written.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Which message: what a gateway knows it by.
    pub message: MessageId,
    /// Through which channel, by name.
    pub channel: String,
    /// The customer's identifier within the channel.
    pub address: String,
    /// What the customer calls themselves; empty if unknown.
    pub name: String,
    /// What it says.
    pub body: String,
    /// Which of us wrote it; `None` for a bot's.
    pub sender: Option<UserId>,
    /// When it was written.
    pub at: Moment,
    /// What the channel's provider calls the form it is of, if it is no free text.
    pub template: Option<String>,
    /// Which attempt this is, from 1.
    pub attempt: u64,
    /// How many attempts the gateway answered, or did not, without taking it. Those that a desk did not live to see the
    /// end of are none.
    pub failures: u64,
    /// Its contact is on the blocklist by now: nothing is sent to them (S5).
    pub blocked: bool,
    /// Until when handing it over is tried.
    pub until: Moment,
    n: i64,
}

/// Without what customer and advisor say to each other (R42).
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("message", &self.message.as_str())
            .field("channel", &self.channel)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Leases messages of a channel that are due, at most `most`: each the oldest of its conversation that its gateway
    /// does not have. Nobody else gets them for as long as the lease is.
    ///
    /// # Errors
    /// The database's.
    pub async fn lease_letters(
        &self,
        channel: &str,
        most: u16,
        lease: Duration,
    ) -> Result<Vec<Letter>> {
        let now = self.now();
        let sql = "SELECT o.conversation, o.n, o.attempt FROM outbox o \
                   WHERE o.channel = $1 AND o.handed_over = 0 AND o.held = 0 AND o.due_at <= $2 AND o.until_at > $2 \
                   AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation = o.conversation \
                   AND e.n < o.n AND e.handed_over = 0) ORDER BY o.due_at, o.conversation LIMIT 0 + $3";
        let mut due: Vec<(String, i64, i64)> = sqlx::query_as(sql)
            .bind(channel)
            .bind(now.0)
            .bind(i64::from(most))
            .fetch_all(&self.readers)
            .await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        due.sort(); // in the order of locks
        whole(|| self.lease_these(&due, now, now.after(lease))).await
    }

    async fn lease_these(
        &self,
        due: &[(String, i64, i64)],
        now: Moment,
        until: Moment,
    ) -> Result<Vec<Letter>> {
        let mut tx = self.begin().await?;
        let mut leased = Vec::with_capacity(due.len());
        for (conversation, n, attempt) in due {
            let sql = "UPDATE outbox SET attempt = attempt + 1, due_at = $1 \
                       WHERE conversation = $2 AND n = $3 AND attempt = $4 AND due_at <= $5";
            let ours = sqlx::query(sql)
                .bind(until.0)
                .bind(conversation.as_str())
                .bind(*n)
                .bind(*attempt)
                .bind(now.0)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if ours == 0 {
                continue; // Somebody else was faster.
            }
            let sql = "SELECT c.channel, c.contact_address, c.contact_name, m.body, m.sender, m.at, \
                       o.template, o.failures, o.until_at, (SELECT COUNT(*) FROM contact k \
                       JOIN blocked b ON b.owner = k.owner AND b.channel = k.channel \
                       AND b.address = k.address WHERE k.id = c.contact \
                       AND (b.until_at IS NULL OR b.until_at > $3)) FROM outbox o \
                       JOIN conversation c ON c.id = o.conversation \
                       JOIN message m ON m.conversation = o.conversation AND m.n = o.n \
                       WHERE o.conversation = $1 AND o.n = $2";
            let row: Content = sqlx::query_as(sql)
                .bind(conversation.as_str())
                .bind(*n)
                .bind(now.0)
                .fetch_one(&mut *tx)
                .await?;
            leased.push(letter(conversation, *n, attempt + 1, row)?);
        }
        tx.commit().await?;
        Ok(leased)
    }

    /// The gateway has it, and from now on has to say what becomes of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn handed_over(&self, letter: &Letter) -> Result<()> {
        let until = self.now().after(CONFIRM_WITHIN);
        let sql = "UPDATE outbox SET handed_over = 1, due_at = 0, until_at = $1 \
                   WHERE conversation = $2 AND n = $3 AND attempt = $4";
        self.say_of(letter, sql, until).await
    }

    /// It could not be handed over, and is due again then.
    ///
    /// # Errors
    /// The database's.
    pub async fn hand_over_later(&self, letter: &Letter, due: Moment) -> Result<()> {
        let sql = "UPDATE outbox SET due_at = $1, failures = failures + 1 \
                   WHERE conversation = $2 AND n = $3 AND attempt = $4";
        self.say_of(letter, sql, due.min(letter.until)).await
    }

    async fn say_of(&self, letter: &Letter, sql: &'static str, moment: Moment) -> Result<()> {
        whole(async || {
            let mut tx = self.begin().await?;
            sqlx::query(sql)
                .bind(moment.0)
                .bind(letter.conversation.as_str())
                .bind(letter.n)
                .bind(signed(letter.attempt))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// The gateway will never take it: it did not arrive, and why.
    ///
    /// # Errors
    /// The database's.
    pub async fn not_taken(&self, letter: &Letter, why: Failure) -> Result<()> {
        let attempt = signed(letter.attempt);
        whole(|| self.end(&letter.conversation, letter.n, attempt, why)).await
    }

    /// Gives up what nobody could be handed, or nobody said what became of, in time; answers how many. Nobody ever told
    /// us whether these arrived.
    ///
    /// # Errors
    /// The database's.
    pub async fn give_up_letters(&self) -> Result<usize> {
        let sql = "SELECT conversation, n, attempt FROM outbox \
                   WHERE until_at <= $1 AND due_at <= $1 AND held = 0 ORDER BY until_at LIMIT 0 + $2";
        let late: Vec<(String, i64, i64)> = sqlx::query_as(sql)
            .bind(self.now().0)
            .bind(AT_ONCE)
            .fetch_all(&self.readers)
            .await?;
        for (conversation, n, attempt) in &late {
            let conversation = id("a conversation", conversation)?;
            whole(|| self.end(&conversation, *n, *attempt, Failure::Unconfirmed)).await?;
        }
        Ok(late.len())
    }

    async fn end(
        &self,
        conversation: &ConversationId,
        n: i64,
        attempt: i64,
        why: Failure,
    ) -> Result<()> {
        let mut writing = self.write().await?;
        let Some(stored) = writing.hold(conversation).await? else {
            return Ok(());
        };
        let sql = "DELETE FROM outbox WHERE conversation = $1 AND n = $2 AND attempt = $3";
        let ours = sqlx::query(sql)
            .bind(conversation.as_str())
            .bind(n)
            .bind(attempt)
            .execute(&mut *writing.tx)
            .await?
            .rows_affected();
        if ours == 1 {
            writing.settle(stored, n, Delivery::Failed(why)).await?;
            writing.commit().await?;
        }
        Ok(())
    }

    /// Lets go what was held when the database was put back; it is tried for a day from now. Answers how many.
    ///
    /// # Errors
    /// The database's.
    pub async fn release_letters(&self) -> Result<u64> {
        let sql = "UPDATE outbox SET held = 0, due_at = $1, until_at = $2 WHERE held = 1";
        let now = self.now();
        let released = sqlx::query(sql)
            .bind(now.0)
            .bind(now.after(HAND_OVER_WITHIN).0)
            .execute(&self.writer)
            .await?;
        Ok(released.rows_affected())
    }

    /// Gives up what was held when the database was put back: nobody knows whether it arrived, and it says so in its
    /// conversation. Answers how many.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_held_letters(&self) -> Result<usize> {
        let sql =
            "SELECT conversation, n, attempt FROM outbox WHERE held = 1 ORDER BY conversation, n";
        let held: Vec<(String, i64, i64)> = sqlx::query_as(sql).fetch_all(&self.readers).await?;
        for (conversation, n, attempt) in &held {
            let conversation = id("a conversation", conversation)?;
            whole(|| self.end(&conversation, *n, *attempt, Failure::Unconfirmed)).await?;
        }
        Ok(held.len())
    }

    /// Ends the leases that a process held which is no more. Only where there is one process: on PostgreSQL another one
    /// may be at work, and its leases end by themselves.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_leases(&self) -> Result<()> {
        if self.kind == Kind::Sqlite {
            let now = self.now().0;
            let sql = "UPDATE outbox SET due_at = $1 WHERE handed_over = 0 AND due_at > $1";
            sqlx::query(sql).bind(now).execute(&self.writer).await?;
        }
        Ok(())
    }
}

type Content = (
    String,
    String,
    String,
    String,
    String,
    i64,
    String,
    i64,
    i64,
    i64,
);

fn letter(conversation: &str, n: i64, attempt: i64, content: Content) -> Result<Letter> {
    let (channel, address, name, body, sender, at, template, failures, until, blocked) = content;
    let conversation = id("a conversation", conversation)?;
    Ok(Letter {
        message: message_id(&conversation, n)?,
        conversation,
        channel,
        address,
        name,
        body,
        sender: nobody(&sender)?,
        at: Moment(at),
        template: Some(template).filter(|template| !template.is_empty()),
        attempt: attempt.unsigned_abs(),
        failures: failures.unsigned_abs(),
        blocked: blocked > 0,
        until: Moment(until),
        n,
    })
}

impl Writing<'_> {
    /// Puts a message of ours that was just written on its way, if its channel has a gateway.
    pub(super) async fn post(
        &mut self,
        stored: &Stored,
        n: i64,
        template: Option<&str>,
    ) -> Result<()> {
        let sql = "INSERT INTO outbox (conversation, n, channel, template, attempt, failures, due_at, \
                   handed_over, held, until_at) SELECT $1, $2, name, $3, 0, 0, $4, 0, 0, $5 FROM channel \
                   WHERE name = $6 AND deliver_to IS NOT NULL";
        sqlx::query(sql)
            .bind(stored.facts.id.as_str())
            .bind(n)
            .bind(keepable(template.unwrap_or_default()))
            .bind(self.now.0)
            .bind(self.now.after(HAND_OVER_WITHIN).0)
            .bind(stored.channel.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
