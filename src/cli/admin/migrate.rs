//! `handback admin migrate`: a database of an older handback is brought up to date, when somebody means it.

use std::path::PathBuf;

use clap::Args;

use super::super::{
    Outcome,
    database::{Database, sqlite_path},
    exit::{Exit, Failure},
    print::Out,
    serving::Serving,
};
use super::lasting::file_lasts;
use crate::{
    domain::text::Safe,
    say,
    server::store::{Options, Store, StoreError},
};

/// Bring the database of an older handback up to date; refused while a desk serves it
///
/// An SQLite database is copied first, beside itself. A database of a newer handback is left alone.
#[derive(Clone, Debug, Args)]
pub(super) struct Migrate {
    /// Only tell whether it is up to date: ends with 0 if it is, with 1 if not
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Migrate) -> Outcome {
    let url = verb.database.url()?;
    let is_there = sqlite_path(&url).is_none_or(|path| path.exists());
    let (has, wants) = match is_there {
        true => Store::schema(&url).await.map_err(super::failed)?,
        false => (0, Store::WANTS),
    };
    if has > wants {
        return Err(super::failed(StoreError::Newer(has)));
    }
    let mut out = Out::stdout();
    let exit = match has {
        0 => {
            out.text(&say!(
                "there is no desk yet; `handback serve` or `admin apply` makes one (schema {wants})"
            ))?;
            Exit::Done
        }
        has if has == wants => {
            out.text(&say!("schema {has}: up to date"))?;
            Exit::Done
        }
        has if verb.check => {
            out.text(&say!("schema {has}, this handback wants {wants}: stop the desk and run `handback admin migrate`"))?;
            Exit::WantsALook
        }
        has => {
            let alone = sqlite_path(&url).map(Serving::of).transpose()?;
            let shared = Store::alone(&url).await.map_err(super::failed)?;
            if let Some(path) = sqlite_path(&url) {
                let copy = PathBuf::from(format!("{}.schema-{has}", path.display()));
                Store::copy_file(path, &copy).await.map_err(super::failed)?;
                file_lasts(&copy).map_err(|why| {
                    Failure::new(Exit::Unreachable, format_args!("{}: {why}", copy.display()))
                })?;
                let copy = copy.display().to_string();
                out.text(&say!("what was there is kept as {}", Safe::line(&copy)))?;
            }
            let options = Options {
                upgrade: true,
                ..Options::default()
            };
            let store = Store::open_with(&url, options)
                .await
                .map_err(super::failed)?;
            store.close().await;
            drop(alone);
            if let Some(shared) = shared {
                shared.end().await.map_err(super::failed)?;
            }
            out.text(&say!("schema {has} became {wants}"))?;
            Exit::Done
        }
    };
    out.finish()?;
    Ok(exit)
}
