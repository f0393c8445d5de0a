//! `handback close` (S1).

use super::{
    Global, Outcome,
    acting::{self, Ids, IfMine, Manner},
    connect::connect,
};
use crate::domain::action::Deed;

#[derive(Debug, clap::Args)]
pub(super) struct Close {
    #[command(flatten)]
    which: Ids,
    #[command(flatten)]
    if_mine: IfMine,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Close) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let ids = &verb.which.ids;
    acting::each(&desk, &Deed::Close, ids, &verb.manner, &verb.if_mine).await
}
