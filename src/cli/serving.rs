//! That a desk serves an SQLite database: nobody else may at the same time, and nobody may put another in its place.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};

use super::exit::{Exit, Failure};

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
        let path = PathBuf::from(format!("{}.lock", database.display()));
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
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(Errno::WOULDBLOCK) => {
                let why = format!("a desk is serving {}: stop it first", database.display());
                Err(Failure::new(Exit::Unreachable, why))
            }
            Err(why) => Err(failed(why.into())),
        }
    }
}
