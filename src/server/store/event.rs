//! The log of what happened, which is also the stream (R31).

use std::time::Duration;

use tokio::sync::watch;

use super::{Result, Store};
use crate::domain::{action::Cause, event::Entry, id::UserId, moment::Moment};

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
        let _ = (cursor, limit);
        todo!()
    }

    /// Wakes at every commit: at once for those of this process; for another's, by PostgreSQL's
    /// `NOTIFY`, and within a second in any case.
    #[must_use]
    pub fn news(&self) -> News {
        self.news.subscribe()
    }

    /// Forgets what is no longer kept: the log older than [`LOG_KEPT`], operation ids and acts older than
    /// [`KEPT`](super::KEPT). To be called now and then by who runs a desk.
    ///
    /// # Errors
    /// The database's.
    pub async fn prune(&self) -> Result<()> {
        todo!()
    }
}
