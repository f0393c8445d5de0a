//! That a desk serves an SQLite database: nobody else may at the same time, and nobody may put another in its place.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};

use super::exit::{Exit, Failure};

/// Whoever only looks whether it is taken has it for a moment, too: how often to try, and how long between.
const ATTEMPTS: u32 = 5;
const BETWEEN: Duration = Duration::from_millis(20);

fn lock_of(database: &Path) -> PathBuf {
    PathBuf::from(format!("{}.lock", database.display()))
}

/// Held for as long as the database is one's own; the system lets go of it whatever ends us.
pub(super) struct Serving {
    _lock: File,
}

impl Serving {
    /// Takes the SQLite database at this path for oneself.
    ///
    /// # Errors
    /// 69 if a desk is serving it.
    pub(super) fn of(database: &Path) -> Result<Self, Failure> {
        let path = lock_of(database);
        let failed = |why: std::io::Error| {
            Failure::new(Exit::Unreachable, format_args!("{}: {why}", path.display()))
        };
        let mut file = OpenOptions::new();
        let file = file
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path);
        let lock = file.map_err(failed)?;
        for _ in 0..ATTEMPTS {
            match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Self { _lock: lock }),
                Err(Errno::WOULDBLOCK) => sleep(BETWEEN),
                Err(why) => return Err(failed(why.into())),
            }
        }
        let why = format!("a desk is serving {}: stop it first", database.display());
        Err(Failure::new(Exit::Unreachable, why))
    }

    /// Whether somebody has it for themselves.
    pub(super) fn is_there(database: &Path) -> bool {
        let lock = File::open(lock_of(database));
        lock.is_ok_and(|lock| {
            flock(&lock, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
        })
    }
}
