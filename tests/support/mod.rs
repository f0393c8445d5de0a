//! The real databases that tests run on.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::print_stderr,
    reason = "each test file is a program of its own and uses a part of this"
)]

pub mod desk;
pub mod dice;
pub mod postgres;
pub mod teams;

use handback::server::store::{Options, Store};

/// Says that a test is skipped because a program is missing.
///
/// # Panics
/// If `HANDBACK_REQUIRE_REAL=1` demands it.
pub fn missing(program: &str) {
    let required = std::env::var_os("HANDBACK_REQUIRE_REAL").is_some();
    assert!(!required, "{program} is missing");
    eprintln!("skipped: {program} is missing");
}

/// A database of its own for one test, gone when dropped.
pub struct Database {
    /// `sqlite` or `postgres`: for messages.
    pub name: &'static str,
    /// What [`Store::open`] takes.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// One that somebody else keeps.
    pub fn at(name: &'static str, url: &str) -> Self {
        Self {
            name,
            url: url.to_owned(),
            _folder: None,
        }
    }

    /// Opens it.
    pub async fn open(&self) -> Store {
        self.open_with(Options::default()).await
    }

    /// The same database, for another process that serves it; it is gone with this one.
    pub fn again(&self) -> Self {
        Self {
            name: self.name,
            url: self.url.clone(),
            _folder: None,
        }
    }

    /// Opens it with a clock of one's own.
    pub async fn open_with(&self, options: Options) -> Store {
        let opened = Store::open_with(&self.url, options).await;
        opened.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// What PostgreSQL does by itself a minute after much was written: it plans by how many there are of each.
    pub async fn tidies_up(&self) {
        if self.name == "postgres" {
            let pool = sqlx::PgPool::connect(&self.url).await.expect("a line");
            let done = sqlx::query("VACUUM ANALYZE").execute(&pool).await;
            done.expect("tidy");
            pool.close().await;
        }
    }
}

/// A fresh SQLite file in this folder, with which it is gone.
pub fn sqlite_in(folder: &std::path::Path) -> Database {
    Database::at(
        "sqlite",
        &format!("sqlite:{}", folder.join("desk.db").display()),
    )
}

/// A fresh SQLite file.
pub fn sqlite() -> Database {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Database {
        name: "sqlite",
        url: format!("sqlite:{}", folder.path().join("desk.db").display()),
        _folder: Some(folder),
    }
}

/// A fresh database on PostgreSQL, if it is installed.
pub fn postgres() -> Option<Database> {
    postgres::database().map(|url| Database {
        name: "postgres",
        url,
        _folder: None,
    })
}

/// A fresh database on each kind there is: SQLite always, PostgreSQL if it is installed.
pub fn databases() -> Vec<Database> {
    [sqlite()].into_iter().chain(postgres()).collect()
}
