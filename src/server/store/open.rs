//! Opening a database: its URL, its connections, its schema.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{
    Connection as _, Executor as _, SqlSafeStr as _,
    any::{AnyPoolOptions, install_default_drivers},
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use super::{
    Directory, Result, Store, StoreError,
    alone::{can_be_served, shares},
    database::{Kind, connection},
    news, random,
};
use crate::domain::moment::Moment;

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the time comes from; tests bring their own.
    pub clock: Clock,
    /// Connections that read, on SQLite; all connections, on PostgreSQL.
    pub connections: u32,
    /// Whether a database of an older handback is brought up to date: not by the way, but when somebody means it.
    pub upgrade: bool,
    /// Whether it is opened to be served: nobody has it alone meanwhile, see [`Store::alone`].
    pub serves: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            connections: 8,
            upgrade: false,
            serves: false,
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
    /// Opens `sqlite:PATH` (made if it is not there) or `postgres://…`; one that is empty gets its schema.
    ///
    /// # Errors
    /// [`StoreError::Url`], [`StoreError::Newer`] or [`StoreError::Older`] if another handback made it, or the
    /// database's own.
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
        if kind == Kind::Postgres && options.serves {
            can_be_served(&connect).await?;
        }
        let purpose = match options.serves {
            true => Purpose::Serving,
            false => Purpose::Writing,
        };
        let writer = pool(kind, writers, purpose)
            .connect_with(connect.clone())
            .await?;
        migrate(kind, &writer, &STEPS, options.upgrade).await?;
        make_desk(&writer).await?;
        if kind == Kind::Postgres {
            warn_of_a_server_that_is_never_sure(&writer).await?;
        }
        let readers = match kind {
            Kind::Sqlite => {
                pool(kind, options.connections, Purpose::Reading)
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
            answered: Arc::default(),
            kept: Arc::default(),
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

/// What a SQLite connection is told first. FULL is what makes *acknowledged* mean *durable* in WAL (R30).
const WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;";
const READER: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -16384;";

/// What a PostgreSQL connection is told first: whatever the server, the database or the role says, a commit is answered
/// when it is on the disk (R30). Who has it wait for other servers besides keeps that.
const COMMITS_LAST: &str = "SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') = 'off'";

/// What connections are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Only to read, on SQLite.
    Reading,
    /// All there is to do.
    Writing,
    /// The same, by a desk: see [`Store::alone`].
    Serving,
}

fn pool(kind: Kind, connections: u32, purpose: Purpose) -> AnyPoolOptions {
    let pool = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE);
    match kind {
        // Each line is asked first whether the server is still there, for one that was started again has ended them all; but
        // see `Store::at_hand`.
        Kind::Postgres => pool
            .test_before_acquire(true)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    connection.execute(sqlx::raw_sql(COMMITS_LAST)).await?;
                    if purpose == Purpose::Serving && !shares(connection).await? {
                        return Err(sqlx::Error::PoolClosed); // Somebody has it alone: it is asked again.
                    }
                    Ok(())
                })
            }),
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
                    let pragmas = match purpose {
                        Purpose::Reading => READER,
                        Purpose::Writing | Purpose::Serving => WRITER,
                    };
                    connection.execute(sqlx::raw_sql(pragmas)).await?;
                    Ok(())
                })
            }),
    }
}

/// A step of the schema: its name, and what it does on SQLite and on PostgreSQL.
type Step = (&'static str, &'static str, &'static str);

/// Every step of the schema, oldest first.
const STEPS: [Step; 1] = [(
    "desk",
    include_str!("../../../migrations/sqlite/0001_desk.sql"),
    include_str!("../../../migrations/postgres/0001_desk.sql"),
)];

impl Store {
    /// The schema that this handback wants.
    pub const WANTS: i64 = STEPS.len() as i64;

    /// The schema a database has, and the one this handback wants; nothing is changed.
    ///
    /// # Errors
    /// [`StoreError::Url`], or the database's.
    pub async fn schema(url: &str) -> Result<(i64, i64)> {
        install_default_drivers();
        let (kind, connect) = connection(url)?;
        let pool = pool(kind, 1, Purpose::Reading)
            .connect_with(connect)
            .await?;
        let has = schema_of(&pool).await?;
        pool.close().await;
        Ok((has, Self::WANTS))
    }
}

/// The last step that a database has; 0 if it has none, being new.
async fn schema_of(pool: &sqlx::AnyPool) -> Result<i64> {
    let asked = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
    match sqlx::query_scalar(asked).fetch_one(pool).await {
        Ok(version) => Ok(version),
        Err(sqlx::Error::Database(error)) if is_no_table(&*error) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

fn is_no_table(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().as_deref() == Some("42P01") || error.message().contains("no such table")
}

/// Has the database take the steps it has not taken: all of them if it is new, else only if that is meant. Of several who
/// do it at once on PostgreSQL one does, and the others wait.
async fn migrate(kind: Kind, writer: &sqlx::AnyPool, steps: &[Step], upgrade: bool) -> Result<()> {
    let (has, wants) = (schema_of(writer).await?, steps.len() as i64);
    if has > wants {
        return Err(StoreError::Newer(has));
    }
    if (1..wants).contains(&has) && !upgrade {
        return Err(StoreError::Older { has, wants });
    }
    let steps = steps.iter().zip(1..);
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
        })
}

/// What no client can make up for.
async fn warn_of_a_server_that_is_never_sure(pool: &sqlx::AnyPool) -> Result<()> {
    let fsync: String = sqlx::query_scalar("SELECT current_setting('fsync')")
        .fetch_one(pool)
        .await?;
    if fsync == "off" {
        tracing::warn!(
            "this PostgreSQL runs with fsync = off: when its host loses power, what was answered may be lost, or all of it"
        );
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: Step = ("next", "CREATE TABLE next (x BIGINT)", "");

    #[tokio::test]
    async fn an_older_database_is_named_and_left_alone_until_it_is_meant() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        Store::open(&url).await.unwrap().close().await;
        assert_eq!(Store::schema(&url).await.unwrap(), (1, 1));
        let (kind, connect) = connection(&url).unwrap();
        let writer = pool(kind, 1, Purpose::Writing);
        let writer = writer.connect_with(connect).await.unwrap();
        let steps = [STEPS[0], NEXT];
        let older = migrate(kind, &writer, &steps, false).await.unwrap_err();
        assert!(
            matches!(older, StoreError::Older { has: 1, wants: 2 }),
            "{older}"
        );
        assert_eq!(schema_of(&writer).await.unwrap(), 1);
        migrate(kind, &writer, &steps, true).await.unwrap();
        assert_eq!(schema_of(&writer).await.unwrap(), 2);
        migrate(kind, &writer, &steps, false).await.unwrap();
        let newer = migrate(kind, &writer, &STEPS, true).await.unwrap_err();
        assert!(matches!(newer, StoreError::Newer(2)), "{newer}");
    }

    #[tokio::test]
    async fn a_new_database_takes_every_step_at_once() {
        install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        let (kind, connect) = connection(&url).unwrap();
        let writer = pool(kind, 1, Purpose::Writing);
        let writer = writer.connect_with(connect).await.unwrap();
        assert_eq!(schema_of(&writer).await.unwrap(), 0);
        migrate(kind, &writer, &[STEPS[0], NEXT], false)
            .await
            .unwrap();
        assert_eq!(schema_of(&writer).await.unwrap(), 2);
    }
}
