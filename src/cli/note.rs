//! `handback note` (N1).

use super::{
    Global, Outcome,
    acting::{self, IfMine, Manner},
    connect::connect,
    typed::typed,
};
use crate::domain::{action::Deed, id::ConversationId};

#[derive(Debug, clap::Args)]
pub(super) struct Note {
    /// The conversation's id
    id: ConversationId,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Note) -> Outcome {
    let body = typed("note")?;
    let desk = connect(global, None).await?.desk;
    let manner = Manner {
        reason: None,
        json: verb.json,
    };
    let id = std::slice::from_ref(&verb.id);
    acting::each(&desk, &Deed::Note(body), id, &manner, &IfMine::default()).await
}
