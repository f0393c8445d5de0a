//! Opening a database: its URL, its connections, its schema.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{
    Connection as _, Executor as _, SqlSafeStr as _,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use super::{Directory, Result, Store, StoreError, database::Kind, news, random};
use crate::domain::moment::Moment;

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the time comes from; tests bring their own.
    pub clock: Clock,
    /// Connections that read, on SQLite; all connections, on PostgreSQL.
    pub connections: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            connections: 8,
        }
    }
}

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// A clock of one's own.
    #[must_use]
    pub fn new(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(super) fn now(&self) -> Moment {
        (self.0)()
    }
}

/// The system's clock.
impl Default for Clock {
    fn default() -> Self {
        Self::new(|| {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
        })
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// How long a connection waits for another one's lock, or for a free connection, before it is an error.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    /// Opens `sqlite:PATH` (made if it is not there) or `postgres://…`, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Url`], [`StoreError::Newer`] if a newer handback made it, or the database's own.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with(url, Options::default()).await
    }

    /// [`Store::open`] with a clock and a number of connections of one's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(url: &str, options: Options) -> Result<Self> {
        install_default_drivers();
        let (kind, connect) = connection(url)?;
        let writers = match kind {
            Kind::Sqlite => 1,
            Kind::Postgres => options.connections,
        };
        let writer = pool(kind, writers, false)
            .connect_with(connect.clone())
            .await?;
        migrate(kind, &writer).await?;
        let readers = match kind {
            Kind::Sqlite => {
                pool(kind, options.connections, true)
                    .connect_with(connect)
                    .await?
            }
            Kind::Postgres => writer.clone(),
        };
        let store = Self {
            kind,
            writer,
            readers,
            clock: options.clock,
            process: random::letters(random::ID_LETTERS)?.into(),
            directory: Arc::new(RwLock::new(Arc::new(Directory::default()))),
            news: Arc::new(news::Board::new()),
        };
        store.reload().await?;
        store.listen(url).await?;
        Ok(store)
    }

    /// Closes every connection, after what is under way.
    pub async fn close(&self) {
        self.news.stop();
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// The database's, if it does not.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }
}

fn connection(url: &str) -> Result<(Kind, AnyConnectOptions)> {
    let unknown = || StoreError::Url(url.split_once(':').map_or(url, |(scheme, _)| scheme).into());
    if let Some(path) = url.strip_prefix("sqlite:") {
        if path.is_empty() || path.contains(":memory:") {
            return Err(unknown()); // readers and writer would each have their own
        }
        let path = path.strip_prefix("//").unwrap_or(path);
        let escaped = path
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        let options = format!("sqlite:{escaped}?mode=rwc").parse();
        return Ok((Kind::Sqlite, options.map_err(|_| unknown())?));
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return Ok((Kind::Postgres, url.parse().map_err(|_| unknown())?));
    }
    Err(unknown())
}

/// What a SQLite connection is told first. FULL is what makes *acknowledged* mean *durable* in WAL (R30).
const WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;";
const READER: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -16384;";

fn pool(kind: Kind, connections: u32, reads_only: bool) -> AnyPoolOptions {
    let pool = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE);
    match kind {
        Kind::Postgres => pool,
        Kind::Sqlite => pool
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            // A commit that found no room is rolled back by SQLite itself, and sqlx never gets over that: the connection
            // would say for ever that something is under way on it (R30).
            .before_acquire(|connection, _| {
                let is_free = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_free) })
            })
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    let pragmas = if reads_only { READER } else { WRITER };
                    connection.execute(sqlx::raw_sql(pragmas)).await?;
                    Ok(())
                })
            }),
    }
}

/// Every step of the schema, oldest first, each for both databases.
const STEPS: [(&str, &str, &str); 1] = [(
    "desk",
    include_str!("../../../migrations/sqlite/0001_desk.sql"),
    include_str!("../../../migrations/postgres/0001_desk.sql"),
)];

async fn migrate(kind: Kind, writer: &sqlx::AnyPool) -> Result<()> {
    let steps = STEPS.iter().zip(1..);
    let migrations = steps.map(|(&(name, sqlite, postgres), version)| {
        let sql = match kind {
            Kind::Sqlite => sqlite,
            Kind::Postgres => postgres,
        };
        let simple = MigrationType::Simple;
        Migration::new(
            version,
            Cow::Borrowed(name),
            simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
        .run(writer)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMissing(version) => StoreError::Newer(version),
            other => StoreError::Schema(other),
        })?;
    make_desk(writer).await
}

/// Gives the database its own id, once: drafts and cursors are kept under it.
async fn make_desk(writer: &sqlx::AnyPool) -> Result<()> {
    let id = random::letters(random::ID_LETTERS)?;
    sqlx::query("INSERT INTO desk (one, id, made_at) VALUES (1, $1, $2) ON CONFLICT DO NOTHING")
        .bind(id)
        .bind(Clock::default().now().0)
        .execute(writer)
        .await?;
    Ok(())
}
