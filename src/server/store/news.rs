//! How this process learns that somebody committed, and what other processes say in passing.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sqlx::postgres::{PgListener, PgNotification};
use tokio::{
    sync::{broadcast, watch},
    task::AbortHandle,
    time::{MissedTickBehavior, interval},
};

use super::{Result, Store, database::Kind};

/// How long another process's commit may go unnoticed where nothing tells us of it.
const POLL: Duration = Duration::from_secs(1);

/// What tells of commits.
const COMMITS: &str = "handback";
/// What carries words in passing.
const PASSING: &str = "handback_passing";
/// How many words in passing may wait to be heard; beyond, the oldest are lost.
const WORDS: usize = 1_024;

/// Where the newest cursor is put up for all to see.
#[derive(Debug)]
pub(super) struct Board {
    newest: watch::Sender<u64>,
    passing: broadcast::Sender<String>,
    watcher: Mutex<Option<AbortHandle>>,
}

impl Board {
    pub(super) fn new() -> Self {
        Self {
            newest: watch::Sender::new(0),
            passing: broadcast::Sender::new(WORDS),
            watcher: Mutex::new(None),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    /// How far the log has come, as far as this process heard.
    pub(super) fn newest(&self) -> u64 {
        *self.newest.borrow()
    }

    /// The log has come this far.
    pub(super) fn reached(&self, cursor: u64) {
        put_up(&self.newest, cursor);
    }

    /// Ends watching for others' commits.
    pub(super) fn stop(&self) {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watcher) = watcher.take() {
            watcher.abort();
        }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Two who commit may come here in the other order: the newest stays.
fn put_up(newest: &watch::Sender<u64>, cursor: u64) {
    newest.send_if_modified(|newest| {
        let news = cursor > *newest;
        *newest = (*newest).max(cursor);
        news
    });
}

/// Passes on a word that another process said in passing; false if it is something else.
fn passed_on(passing: &broadcast::Sender<String>, process: &str, heard: &PgNotification) -> bool {
    if heard.channel() != PASSING {
        return false;
    }
    if let Some((said_by, words)) = heard.payload().split_once(' ')
        && said_by != process
    {
        // Nobody listening is no error: it was said in passing.
        let _ = passing.send(words.to_owned());
    }
    true
}

/// Puts up the cursor that a commit was told with, its own or another process's; false if it is something else.
fn told_of(newest: &watch::Sender<u64>, heard: &PgNotification) -> bool {
    let cursor = heard.payload().parse().ok();
    if let Some(cursor) = cursor {
        put_up(newest, cursor);
    }
    cursor.is_some()
}

impl Store {
    /// Says something to every other process that serves this database: heard now or never. Where only one process
    /// can, there is nobody to hear it, and nothing is said.
    ///
    /// # Errors
    /// The database's.
    pub async fn say_in_passing(&self, words: &str) -> Result<()> {
        if self.kind == Kind::Postgres {
            sqlx::query("SELECT 1 FROM pg_notify($1, $2)")
                .bind(PASSING)
                .bind(format!("{} {words}", self.process))
                .execute(&self.writer)
                .await?;
        }
        Ok(())
    }

    /// What other processes say in passing from now on.
    #[must_use]
    pub fn heard_in_passing(&self) -> broadcast::Receiver<String> {
        self.news.passing.subscribe()
    }

    /// Whether other processes may serve this database too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.kind == Kind::Postgres
    }

    /// Begins to watch for what other processes commit. PostgreSQL says so at once; the poll behind it
    /// makes it safe where a notification is lost.
    pub(super) async fn listen(&self, url: &str) -> Result<()> {
        self.news.reached(self.head().await?);
        let mut listener = match self.kind {
            Kind::Sqlite => None,
            Kind::Postgres => {
                let mut listener = PgListener::connect(url).await?;
                listener.listen_all([COMMITS, PASSING]).await?;
                Some(listener)
            }
        };
        let (readers, newest) = (self.readers.clone(), self.news.newest.clone());
        let (passing, process) = (self.news.passing.clone(), self.process.clone());
        let watching = tokio::spawn(async move {
            let mut poll = interval(POLL);
            poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                match &mut listener {
                    None => {
                        poll.tick().await;
                    }
                    Some(listener) => {
                        tokio::select! {
                            _ = poll.tick() => {}
                            heard = listener.recv() => match heard {
                                Ok(heard) => if passed_on(&passing, &process, &heard) || told_of(&newest, &heard) { continue; },
                                Err(_) => { poll.tick().await; }
                            },
                        }
                    }
                }
                let head = sqlx::query_scalar("SELECT log FROM counter WHERE one = 1");
                match head.fetch_one(&readers).await {
                    Ok::<i64, _>(head) => put_up(&newest, head.unsigned_abs()),
                    Err(sqlx::Error::PoolClosed) => return,
                    Err(error) => tracing::warn!(%error, "the database cannot be asked for news"),
                }
            }
        });
        let mut watcher = self
            .news
            .watcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *watcher = Some(watching.abort_handle());
        Ok(())
    }
}
