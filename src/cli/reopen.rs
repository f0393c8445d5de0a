//! `handback reopen` (S1).

use super::{
    Global, Outcome,
    acting::{self, Ids, IfMine, Manner},
    connect::connect,
};
use crate::domain::action::Deed;

#[derive(Debug, clap::Args)]
pub(super) struct Reopen {
    #[command(flatten)]
    which: Ids,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Reopen) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let (ids, unasked) = (&verb.which.ids, IfMine::default());
    acting::each(&desk, &Deed::Reopen, ids, &verb.manner, &unasked).await
}
