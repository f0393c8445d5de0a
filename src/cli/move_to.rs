//! `handback move` (Q8).

use super::{
    Global, Outcome,
    acting::{self, Ids, IfMine, Manner},
    connect::connect,
    names,
};
use crate::domain::action::Deed;

#[derive(Debug, clap::Args)]
pub(super) struct Move {
    #[command(flatten)]
    which: Ids,
    /// Where to: a queue's name or id
    #[arg(long, value_name = "QUEUE")]
    to: String,
    #[command(flatten)]
    if_mine: IfMine,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Move) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let to = names::queue(&desk, &verb.to).await?.id;
    let ids = &verb.which.ids;
    acting::each(&desk, &Deed::Move(to), ids, &verb.manner, &verb.if_mine).await
}
