//! The log of what happened, which is also the stream (R31).

use std::time::Duration;

use sqlx::{Row as _, any::AnyRow};
use tokio::sync::watch;

use super::{
    KEPT, Result, Store, StoreError,
    database::{id, micros, nobody, signed},
    message::message_id,
};
use crate::domain::{
    action::Cause,
    conversation::Standing,
    event::Entry,
    id::{ConversationId, UserId},
    moment::Moment,
};

/// How long the log is kept for those who come back.
pub const LOG_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its place: gap-free and in the order of commits (R31).
    pub cursor: u64,
    /// When.
    pub at: Moment,
    /// What happened.
    pub what: What,
}

/// What an entry of the log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A conversation changed.
    Conversation {
        /// How it stood and stands; who hears of it is [`Entry::heard_by`].
        entry: Entry,
        /// Through what its assignee changed, if it did.
        cause: Option<Cause>,
        /// Who did it; `None` for a customer, or the desk itself.
        by: Option<UserId>,
        /// Why, if they said. With `cause` and `by`, what the former assignee is told (U8, U9).
        reason: Option<String>,
    },
    /// The team changed: who sees what may be different now.
    Team,
}

/// Says that there is news: its value is the newest cursor this process knows of.
pub type News = watch::Receiver<u64>;

impl Store {
    /// The newest cursor of the log.
    ///
    /// # Errors
    /// The database's.
    pub async fn head(&self) -> Result<u64> {
        let head: i64 = sqlx::query_scalar("SELECT log FROM counter WHERE one = 1")
            .fetch_one(&self.readers)
            .await?;
        Ok(head.unsigned_abs())
    }

    /// Entries after a cursor, oldest first, at most `limit`. `None` if some of them are gone, because the
    /// cursor is older than the log, or ahead of it (another database): the reader must begin anew.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_after(&self, cursor: u64, limit: u16) -> Result<Option<Vec<LogEntry>>> {
        let mut at_once = self.snapshot().await?;
        let head: i64 = sqlx::query_scalar("SELECT log FROM counter WHERE one = 1")
            .fetch_one(&mut *at_once)
            .await?;
        let sql = "SELECT cursor, at, conversation, before_queue, before_assignee, before_open, queue, \
                   assignee, open, message, cause, by_person, reason FROM log \
                   WHERE cursor > $1 ORDER BY cursor LIMIT 0 + $2";
        let rows = sqlx::query(sql)
            .bind(signed(cursor))
            .bind(i64::from(limit))
            .fetch_all(&mut *at_once)
            .await?;
        at_once.rollback().await?;
        let entries: Vec<LogEntry> = rows.iter().map(read).collect::<Result<_>>()?;
        let next = entries
            .first()
            .map_or(head.unsigned_abs(), |first| first.cursor - 1);
        Ok((next == cursor).then_some(entries))
    }

    /// Wakes at every commit: at once for those of this process; for another's, by PostgreSQL's
    /// `NOTIFY`, and within a second in any case.
    #[must_use]
    pub fn news(&self) -> News {
        self.news.subscribe()
    }

    /// Forgets what is no longer kept: the log older than [`LOG_KEPT`], operation ids, acts and consoles
    /// whose line was lost, older than [`KEPT`]. To be called now and then by who runs a desk.
    ///
    /// # Errors
    /// The database's.
    pub async fn prune(&self) -> Result<()> {
        let now = self.now().0;
        for (sql, kept) in [
            ("DELETE FROM log WHERE at < $1", LOG_KEPT),
            ("DELETE FROM operation WHERE at < $1", KEPT),
            ("DELETE FROM act WHERE at < $1", KEPT),
            ("DELETE FROM console WHERE desk = '' AND seen_at < $1", KEPT),
        ] {
            sqlx::query(sql)
                .bind(now.saturating_sub(micros(kept)))
                .execute(&self.writer)
                .await?;
        }
        Ok(())
    }
}

fn read(row: &AnyRow) -> Result<LogEntry> {
    let cursor = row.try_get::<i64, _>(0)?.unsigned_abs();
    let conversation: &str = row.try_get(2)?;
    Ok(LogEntry {
        cursor,
        at: Moment(row.try_get(1)?),
        what: match conversation {
            "" => What::Team,
            conversation => changed(cursor, conversation, row)?,
        },
    })
}

fn changed(cursor: u64, conversation: &str, row: &AnyRow) -> Result<What> {
    let conversation: ConversationId = id("a conversation", conversation)?;
    let before: &str = row.try_get(3)?;
    let message: i64 = row.try_get(9)?;
    let cause: &str = row.try_get(10)?;
    let reason: String = row.try_get(12)?;
    let standing = |queue: usize| -> Result<Standing> {
        Ok(Standing {
            queue: id("a queue", row.try_get(queue)?)?,
            assignee: nobody(row.try_get(queue + 1)?)?,
            open: row.try_get::<i64, _>(queue + 2)? != 0,
        })
    };
    Ok(What::Conversation {
        entry: Entry {
            cursor,
            before: if before.is_empty() {
                None
            } else {
                Some(standing(3)?)
            },
            after: standing(6)?,
            message: match message {
                0 => None,
                n => Some(message_id(&conversation, n)?),
            },
            conversation,
        },
        cause: match cause {
            "" => None,
            word => {
                Some(Cause::from_word(word).ok_or_else(|| StoreError::corrupt("a cause", word))?)
            }
        },
        by: nobody(row.try_get(11)?)?,
        reason: Some(reason).filter(|reason| !reason.is_empty()),
    })
}
