//! `handback admin outbox`: what is on its way to customers, and what waits since the database was put back.

use clap::Args;

use super::super::{Outcome, database::Database, exit::Exit, print::Out, words};
use crate::say;

/// Tell what is on its way to customers; let go, or give up, what is held since the database was put back
#[derive(Clone, Debug, Args)]
pub(super) struct Outbox {
    /// Send what is held: it did not arrive before the backup was put back, or arriving twice does no harm
    #[arg(long, conflicts_with = "give_up")]
    release: bool,
    /// Do not send what is held: each says in its conversation that nobody knows whether it arrived
    #[arg(long)]
    give_up: bool,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Outbox) -> Outcome {
    let (store, _) = verb.database.open("admin outbox").await?;
    let mut out = Out::stdout();
    if verb.release {
        let released = store.release_letters().await.map_err(super::failed)?;
        out.text(&say!("{released} released: a running desk sends them"))?;
    } else if verb.give_up {
        let dropped = store.drop_held_letters().await.map_err(super::failed)?;
        out.text(&say!(
            "{dropped} given up: each says so in its conversation"
        ))?;
    } else {
        let state = store.state().await.map_err(super::failed)?;
        let first = state.oldest_waiting.map_or_else(String::new, |at| {
            format!(", the first for {}", words::lasts(state.at.since(at)))
        });
        let (waiting, held) = (state.waiting, state.held);
        out.text(&say!("{waiting} on their way to a gateway{first}; {held} of them are held (--release, --give-up)"))?;
    }
    store.close().await;
    out.finish()?;
    Ok(Exit::Done)
}
