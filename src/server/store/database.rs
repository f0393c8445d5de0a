//! What differs between SQLite and PostgreSQL, and the small steps every query shares.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Any, AnyConnection, AnyPool, Connection, Transaction, any::AnyConnectOptions,
    pool::PoolConnection,
};

use super::{Result, Store, StoreError};
use crate::domain::id::UserId;

/// Which database it is. Everything that depends on it stands in this file and in [`super::open`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// Which one this is a connection to.
    pub(super) fn of(connection: &AnyConnection) -> Self {
        match connection.backend_name() {
            "PostgreSQL" => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    /// What a `SELECT` ends with that reads a row in order to change it. SQLite has one writer, who
    /// waits at `BEGIN IMMEDIATE`; PostgreSQL locks the row.
    pub(super) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// What a `SELECT` ends with that only keeps others from changing the rows of one table it reads.
    pub(super) fn for_share_of(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR SHARE OF {table}"),
        }
    }

    /// The query for how many bytes the database takes.
    pub(super) fn bytes(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            }
            Self::Postgres => "SELECT pg_database_size(current_database())",
        }
    }

    /// What a query begins with that asks how it would be done, and the column that says it.
    pub(super) fn explain(self) -> (&'static str, usize) {
        match self {
            Self::Sqlite => ("EXPLAIN QUERY PLAN", 3),
            Self::Postgres => ("EXPLAIN", 0),
        }
    }
}

impl Store {
    /// A transaction that will write.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Any>> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        begun(&self.writer, begin).await
    }

    /// A transaction whose reads are all of one moment.
    pub(super) async fn snapshot(&self) -> Result<Transaction<'static, Any>> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN",
            Kind::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        begun(&self.readers, begin).await
    }

    /// A line to ask one question on, which is all of one moment by itself. Where others answered lately it is not asked first
    /// whether the server is still there, which is a way there and back more: what is asked on it goes through
    /// [`unless_dead`](Self::unless_dead).
    pub(super) async fn at_hand(&self) -> Result<PoolConnection<Any>> {
        let line = match self.answered.is_lately() {
            true => self.readers.try_acquire(),
            false => None,
        };
        match line {
            // One is not asked for what it was like before a commit that failed on it (see how SQLite's are opened).
            Some(line) if !line.is_in_transaction() => Ok(line),
            _ => Ok(self.readers.acquire().await?),
        }
    }

    /// What is answered on a line that was [at hand](Self::at_hand), or nothing if it turned out to be dead, as all of them
    /// are when the server was started again: then there has to be another way.
    pub(super) async fn unless_dead<T: Default>(
        &self,
        asked: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        match asked.await {
            Err(error) if error.is_of_a_dead_line() => Ok(T::default()),
            Ok(answer) => {
                self.answered.now();
                Ok(answer)
            }
            failed => failed,
        }
    }
}

/// When a line of several answered last.
#[derive(Debug, Default)]
pub(super) struct Lately(Mutex<Option<Instant>>);

/// For so long after one answered, none of the others was silent for minutes either, since they are taken in turn: what cuts
/// silent lines off, and tells nobody, waits for minutes.
const LATELY: Duration = Duration::from_secs(10);

impl Lately {
    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_lately(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < LATELY)
    }
}

/// The kind of a database, and how it is connected to.
pub(super) fn connection(url: &str) -> Result<(Kind, AnyConnectOptions)> {
    let unknown = || StoreError::Url(url.split_once(':').map_or(url, |(scheme, _)| scheme).into());
    if let Some(path) = url.strip_prefix("sqlite:") {
        if path.is_empty() || path.contains(":memory:") {
            return Err(unknown()); // readers and writer would each have their own
        }
        let path = path.strip_prefix("//").unwrap_or(path);
        return Ok((Kind::Sqlite, of_file(path, "rwc").map_err(|_| unknown())?));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Ok((Kind::Postgres, url.parse().map_err(|_| unknown())?));
    }
    Err(unknown())
}

/// How an SQLite file is opened: `ro`, `rw`, or `rwc`, which makes it.
pub(super) fn of_file(path: &str, mode: &str) -> sqlx::Result<AnyConnectOptions> {
    let escaped = path
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite:{escaped}?mode={mode}").parse()
}

/// Begins a transaction, to the end even if who asked for it goes away meanwhile, as a request does whose line breaks:
/// sqlx would give a connection on which it has half begun to the next one as if nothing were under way there.
async fn begun(pool: &AnyPool, begin: &'static str) -> Result<Transaction<'static, Any>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(begin).await });
    // It does not panic and nobody aborts it: only a runtime that ends takes it away.
    Ok(begun.await.unwrap_or(Err(sqlx::Error::PoolClosed))?)
}

/// How often a transaction that lost a race is run again before its error is answered.
const ATTEMPTS: u32 = 32;

/// Runs a whole transaction, and again if it lost a race against another (a deadlock, two who made the
/// same key): nothing of it happened then.
pub(super) async fn whole<T, F>(mut once: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut attempt = 1;
    loop {
        match once().await {
            Err(error) if error.lost_a_race() && attempt < ATTEMPTS => attempt += 1,
            done => return done,
        }
    }
}

/// Reads an id out of a column.
pub(super) fn id<T: std::str::FromStr>(what: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::corrupt(what, text))
}

/// Reads an assignee out of a column, in which nobody is the empty text.
pub(super) fn nobody(text: &str) -> Result<Option<UserId>> {
    if text.is_empty() {
        Ok(None)
    } else {
        id("a person", text).map(Some)
    }
}

/// The inverse of [`nobody`].
pub(super) fn name_of(person: Option<&UserId>) -> &str {
    person.map_or("", UserId::as_str)
}

/// An unsigned number as the databases keep numbers. Ours count from zero one by one and never get there.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A time span as the databases keep times.
pub(super) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// Text as both databases can keep it: PostgreSQL has no NUL in texts, so it becomes its visible sign.
pub(super) fn keepable(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}
