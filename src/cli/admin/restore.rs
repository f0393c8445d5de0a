//! `handback admin restore`: the database is put back from a copy.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use jiff::Timestamp;

use super::super::{
    Outcome,
    database::{Database, sqlite_path},
    exit::{Exit, Failure},
    print::Out,
    serving::Serving,
};
use super::lasting::{file_lasts, names_last};
use crate::{
    domain::text::Safe,
    say,
    server::store::{Options, PutBack, Store},
};

/// Put the database back from a copy that `admin backup` made; refused while a desk serves it
///
/// What is there now is kept beside it under another name (SQLite). Consoles begin anew by themselves; what was on its
/// way to customers when the copy was made is held, since it may have arrived: `admin outbox` lets it go or gives it up.
#[derive(Clone, Debug, Args)]
pub(super) struct Restore {
    /// The copy
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Restore) -> Outcome {
    let url = verb.database.url()?;
    let aside = match sqlite_path(&url) {
        Some(path) => put_file(&verb.file, path).await?,
        None => None,
    };
    // To the end, so that no desk begins to serve half of it.
    let alone = Store::alone(&url).await.map_err(super::failed)?;
    if alone.is_some() {
        super::dump::restore(&url, &verb.file).await?;
    }
    // The copy may be an older handback's.
    let options = Options {
        upgrade: true,
        ..Options::default()
    };
    let (store, shown) = verb.database.open_with("admin restore", options).await?;
    let put_back = store.put_back().await;
    store.close().await;
    if let Some(alone) = alone {
        alone.end().await.map_err(super::failed)?;
    }
    let PutBack { held } = put_back.map_err(super::failed)?;
    let mut out = Out::stdout();
    let from = verb.file.display().to_string();
    out.text(&say!(
        "{} is as {} has it",
        Safe::line(&shown),
        Safe::line(&from)
    ))?;
    if let Some(aside) = aside {
        let aside = aside.display().to_string();
        out.text(&say!("what was there is {}", Safe::line(&aside)))?;
    }
    if held > 0 {
        out.text(&say!("{held} messages to customers are held: they may have arrived; see handback admin outbox"))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// Puts a copy of an SQLite database in its place. Answers where what was there is now.
async fn put_file(copy: &Path, place: &Path) -> Result<Option<PathBuf>, Failure> {
    let failed = |path: &Path, why: std::io::Error| {
        Failure::new(Exit::Unreachable, format_args!("{}: {why}", path.display()))
    };
    let _alone = Serving::of(place)?;
    if !Store::is_whole(copy).await.map_err(super::failed)? {
        let why = format!("{} is no whole copy of a desk's database", copy.display());
        return Err(Failure::new(Exit::Usage, why));
    }
    let named = |end: &str| PathBuf::from(format!("{}{end}", place.display()));
    let new = named(".restored");
    fs::copy(copy, &new).map_err(|why| failed(&new, why))?;
    file_lasts(&new).map_err(|why| failed(&new, why))?;
    let aside = named(&format!(
        ".before-{}",
        Timestamp::now().strftime("%Y%m%dT%H%M%SZ")
    ));
    let mut moved = None;
    // With what is still only in its write-ahead log.
    for end in ["", "-wal", "-shm"] {
        let (from, to) = (
            named(end),
            PathBuf::from(format!("{}{end}", aside.display())),
        );
        if from.exists() {
            fs::rename(&from, &to).map_err(|why| failed(&from, why))?;
            moved = Some(aside.clone());
        }
    }
    fs::rename(&new, place).map_err(|why| failed(place, why))?;
    names_last(place).map_err(|why| failed(place, why))?;
    Ok(moved)
}
