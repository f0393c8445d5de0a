//! `handback admin backup`: a copy of the database while the desk runs.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::Args;

use super::super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
};
use super::lasting::names_last;
use crate::{say, server::store::Store};

/// Copy the database to a file, whole and of one moment, while the desk runs
///
/// A PostgreSQL database is copied by `pg_dump` in its custom form, which has to be installed. The file is for this
/// account alone: it holds every word of every customer.
#[derive(Clone, Debug, Args)]
pub(super) struct Backup {
    /// Where to; nothing may be there yet
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Backup) -> Outcome {
    let (store, _) = verb.database.open("admin backup").await?;
    let done = copy(verb, &store).await;
    if done.is_ok() {
        store.backed_up().await.map_err(super::failed)?;
    }
    store.close().await;
    let bytes = done?;
    let mut out = Out::stdout();
    out.text(&say!(
        "{} MiB in {}",
        bytes.div_ceil(1024 * 1024),
        verb.file.display().to_string()
    ))?;
    out.finish()?;
    Ok(Exit::Done)
}

/// Makes the copy beside where it is to be and then gives it its name: a half copy never has it.
async fn copy(verb: &Backup, store: &Store) -> Result<u64, Failure> {
    let (file, half) = (&verb.file, half(&verb.file));
    let failed = |why: std::io::Error| {
        Failure::new(Exit::Unreachable, format_args!("{}: {why}", file.display()))
    };
    if file.symlink_metadata().is_ok() {
        let why = format!(
            "{} is there already: a backup overwrites nothing",
            file.display()
        );
        return Err(Failure::new(Exit::Usage, why));
    }
    match fs::remove_file(&half) {
        Err(why) if why.kind() != ErrorKind::NotFound => return Err(failed(why)),
        _ => {}
    }
    // For this account alone from its first byte, whatever the umask.
    let mut made = OpenOptions::new();
    made.write(true)
        .create_new(true)
        .mode(0o600)
        .open(&half)
        .map_err(failed)?;
    let written = if store.is_one_file() {
        write(store, &half).await
    } else {
        super::dump::dump(&verb.database.url()?, &half).await
    };
    let ended = written.and_then(|()| {
        let copy = File::open(&half).map_err(failed)?;
        copy.sync_all().map_err(failed)?;
        fs::hard_link(&half, file).map_err(failed)?;
        names_last(file).map_err(failed)?;
        Ok(copy.metadata().map_err(failed)?.len())
    });
    let _ = fs::remove_file(&half);
    ended
}

async fn write(store: &Store, half: &Path) -> Result<(), Failure> {
    store.copy_to(half).await.map_err(super::failed)?;
    match Store::is_whole(half).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let why = "what was copied is not whole: is the database damaged? Ask SQLite's integrity_check";
            Err(Failure::new(Exit::Unreachable, why))
        }
        Err(error) => Err(super::failed(error)),
    }
}

/// What a copy is called until it is whole.
fn half(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".part");
    PathBuf::from(name)
}
