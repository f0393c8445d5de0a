//! `handback admin apply`: the team, as a file says it.

use std::path::PathBuf;

use clap::Args;

use super::super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
};
use crate::{domain::text::Safe, server::store::TeamFile};

#[derive(Clone, Debug, Args)]
pub(super) struct Apply {
    /// The team file
    file: PathBuf,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Apply) -> Outcome {
    let name = verb.file.display().to_string();
    let text = std::fs::read_to_string(&verb.file)
        .map_err(|why| Failure::new(Exit::Usage, format_args!("{name}: {why}")))?;
    let team = TeamFile::parse(&name, &text).map_err(|why| Failure::new(Exit::Usage, why))?;
    let command = format!("admin apply {name}");
    let (store, _) = verb.database.open(&command).await?;
    let differences = store
        .apply_team(&team, verb.dry_run)
        .await
        .map_err(super::failed)?;
    store.close().await;
    let mut out = Out::stdout();
    for one in &differences {
        let line = format!("{} {}: {}", one.kind, one.name, one.change);
        out.text(&Safe::line(&line))?;
    }
    if differences.is_empty() {
        out.text(&Safe::literal("nothing to change"))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}
