//! `handback statuses`: what `handback status` takes (S3).

use super::{Exit, Global, Outcome, connect::connect, json, print::Out};
use crate::desk::Desk;

#[derive(Debug, clap::Args)]
pub(super) struct Statuses {
    /// JSON: {items}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Statuses) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let statuses = desk.statuses().await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::Statuses::new(&statuses))?;
    } else {
        for one in &statuses {
            out.text(&one.name)?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
