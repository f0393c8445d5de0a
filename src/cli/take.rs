//! `handback take` (A6).

use super::{Global, Outcome, connect::connect, settle};
use crate::domain::{action::Deed, id::ConversationId};

#[derive(Debug, clap::Args)]
pub(super) struct Take {
    /// The conversations' ids
    #[arg(required = true, value_name = "ID")]
    ids: Vec<ConversationId>,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Take) -> Outcome {
    let desk = connect(global, None).await?.desk;
    settle::each(&desk, &Deed::Take, &verb.ids, None, None, verb.json).await
}
