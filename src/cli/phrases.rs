//! `handback phrases`: the words one can answer with (SP1).

use super::{Exit, Global, Outcome, connect::connect, json, print::Out};
use crate::{desk::Desk, domain::text::Safe, say};

#[derive(Debug, clap::Args)]
pub(super) struct Phrases {
    /// JSON: {items: [{keywords, body, organisation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Phrases) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let phrases = desk.phrases().await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::phrases(&phrases))?;
    } else {
        for (index, one) in phrases.iter().enumerate() {
            if index > 0 {
                out.text(&Safe::default())?;
            }
            let words = Safe::join(&Safe::literal(" "), &one.keywords);
            out.text(&say!("{words} ({})", one.organisation.name))?;
            for line in one.body.lines() {
                out.text(&say!("  {line}"))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
