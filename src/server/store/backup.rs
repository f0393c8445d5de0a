//! A copy of the database while it is in use, and what a database has to forget when it is put back from one.

use std::path::Path;

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, any::install_default_drivers};

use super::{
    Result, Store,
    database::{Kind, of_file},
};

/// What a database that was put back holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutBack {
    /// How many messages of ours were on their way when the copy was made: they may have arrived since, and go out again
    /// only when somebody says so.
    pub held: u64,
}

/// How far apart the cursors of the log are before and after a database is put back: none of a console's can be one of
/// those that are given from then on, so that each begins anew.
const EPOCH: i64 = 1 << 32;

impl Store {
    /// Whether a copy is made by [`Store::copy_to`]; a PostgreSQL database is copied by its own tools.
    #[must_use]
    pub fn is_one_file(&self) -> bool {
        self.kind == Kind::Sqlite
    }

    /// Writes a copy of an SQLite database, as it is at this moment, to a file that is not there yet. Nobody waits for
    /// it.
    ///
    /// # Errors
    /// The database's: no room, or the file is there.
    pub async fn copy_to(&self, path: &Path) -> Result<()> {
        let path = path.display().to_string().replace('\'', "''");
        // Beside the others: theirs are for asking, or for the one writer.
        let mut connection = self.readers.acquire().await?.detach();
        sqlx::query("PRAGMA query_only = OFF")
            .execute(&mut connection)
            .await?;
        let copied = sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{path}'")))
            .execute(&mut connection)
            .await;
        connection.close().await?;
        copied?;
        Ok(())
    }

    /// Writes a copy of an SQLite database that nobody has opened, of whatever schema.
    ///
    /// # Errors
    /// As [`Store::copy_to`].
    pub async fn copy_file(from: &Path, to: &Path) -> Result<()> {
        install_default_drivers();
        let options = of_file(&from.display().to_string(), "rw")?;
        copy(AnyConnection::connect_with(&options).await?, to).await
    }

    /// Remembers that a copy was made.
    ///
    /// # Errors
    /// The database's.
    pub async fn backed_up(&self) -> Result<()> {
        sqlx::query("UPDATE desk SET backed_up_at = $1 WHERE one = 1")
            .bind(self.now().0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// To be called once on a database that was put back from a copy, before it is served: every console begins anew,
    /// and what was on its way to customers waits for [`Store::release_letters`].
    ///
    /// # Errors
    /// The database's.
    pub async fn put_back(&self) -> Result<PutBack> {
        let mut writing = self.write().await?;
        writing.lock_counters().await?;
        sqlx::query("DELETE FROM log")
            .execute(&mut *writing.tx)
            .await?;
        let sql = format!("UPDATE counter SET log = (log / {EPOCH} + 1) * {EPOCH} WHERE one = 1");
        sqlx::query(AssertSqlSafe(sql))
            .execute(&mut *writing.tx)
            .await?;
        // What it is now is in a copy.
        sqlx::query("UPDATE desk SET backed_up_at = $1 WHERE one = 1")
            .bind(writing.now.0)
            .execute(&mut *writing.tx)
            .await?;
        let sql = "UPDATE outbox SET held = 1 WHERE handed_over = 0";
        let held = sqlx::query(sql)
            .execute(&mut *writing.tx)
            .await?
            .rows_affected();
        writing.tx.commit().await?;
        self.news.reached(self.head().await?);
        Ok(PutBack { held })
    }

    /// Whether a file is a whole SQLite database of a desk.
    ///
    /// # Errors
    /// The database's, also if it is none.
    pub async fn is_whole(path: &Path) -> Result<bool> {
        install_default_drivers();
        let options = of_file(&path.display().to_string(), "ro")?;
        let mut connection = AnyConnection::connect_with(&options).await?;
        let said: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&mut connection)
            .await?;
        let desks: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM desk")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok(said == "ok" && desks == 1)
    }
}

async fn copy(mut connection: AnyConnection, to: &Path) -> Result<()> {
    let to = to.display().to_string().replace('\'', "''");
    let copied = sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{to}'")))
        .execute(&mut connection)
        .await;
    connection.close().await?;
    copied?;
    Ok(())
}
