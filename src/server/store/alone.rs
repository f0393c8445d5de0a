//! Who may use a database on PostgreSQL at the same time: desks share it, whoever puts another in its place, or changes its
//! schema, has it alone. A lock of the session says so, which the database lets go of however its holder ends.
//!
//! Every connection of a desk holds it, so that no lost connection leaves a gap. An SQLite database is one host's, and a
//! lock file says the same of it.

use std::time::Duration;

use sqlx::{
    AnyConnection, Connection as _,
    any::{AnyConnectOptions, install_default_drivers},
};
use tokio::time::sleep;

use super::{
    Result, Store, StoreError,
    database::{Kind, connection},
};

/// The lock's number, which spells `handback`; each database has its own of that number.
const LOCK: i64 = 0x6861_6e64_6261_636b;
/// A desk that was killed a moment ago is soon missed: how often it is asked for the lock, and how long between.
const ATTEMPTS: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(50);

/// How many connections of desks hold their part of it.
const SHARED: &str = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ShareLock' \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
    AND CAST(classid AS BIGINT) = $1 >> 32 AND CAST(objid AS BIGINT) = $1 & 4294967295 AND objsubid = 1";

/// A database on PostgreSQL that nobody serves for as long as this is kept.
#[derive(Debug)]
pub struct Alone(AnyConnection);

impl Alone {
    /// Lets others have it again.
    ///
    /// # Errors
    /// The database's; it is let go of all the same.
    pub async fn end(self) -> Result<()> {
        Ok(self.0.close().await?)
    }
}

impl Store {
    /// Has a database on PostgreSQL for oneself, so that no desk begins to serve it either; `None` for SQLite.
    ///
    /// # Errors
    /// [`StoreError::Served`] or [`StoreError::UnderWay`] if somebody else is there; the database's own.
    pub async fn alone(url: &str) -> Result<Option<Alone>> {
        install_default_drivers();
        let (kind, options) = connection(url)?;
        if kind == Kind::Sqlite {
            return Ok(None);
        }
        let mut connection = AnyConnection::connect_with(&options).await?;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                sleep(BETWEEN).await;
            }
            let is_alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
                .bind(LOCK)
                .fetch_one(&mut connection)
                .await?;
            if is_alone {
                return Ok(Some(Alone(connection)));
            }
        }
        let shared: i64 = sqlx::query_scalar(SHARED)
            .bind(LOCK)
            .fetch_one(&mut connection)
            .await?;
        Err(match shared {
            0 => StoreError::UnderWay,
            _ => StoreError::Served,
        })
    }

    /// Whether a desk serves this database, on PostgreSQL.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_served(&self) -> Result<bool> {
        let shared: i64 = sqlx::query_scalar(SHARED)
            .bind(LOCK)
            .fetch_one(&self.readers)
            .await?;
        Ok(shared > 0)
    }
}

/// Whether a database can be served now; to be asked before its connections are made, which only wait for it.
pub(super) async fn can_be_served(options: &AnyConnectOptions) -> Result<()> {
    let mut connection = AnyConnection::connect_with(options).await?;
    let mut can = false;
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            sleep(BETWEEN).await;
        }
        can = shares(&mut connection).await?;
        if can {
            break;
        }
    }
    connection.close().await?;
    match can {
        true => Ok(()),
        false => Err(StoreError::UnderWay),
    }
}

/// Takes the desks' part of the lock, until the connection ends; false if somebody is there alone.
pub(super) async fn shares(connection: &mut AnyConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock_shared($1)")
        .bind(LOCK)
        .fetch_one(connection)
        .await
}
