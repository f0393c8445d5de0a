//! `handback assign` (A6).

use super::{
    Global, Outcome,
    acting::{self, Ids, IfMine, Manner},
    connect::connect,
    names,
};
use crate::domain::action::Deed;

#[derive(Debug, clap::Args)]
pub(super) struct Assign {
    #[command(flatten)]
    which: Ids,
    /// To whom: a username, a full name, an id, or `me`
    #[arg(long, value_name = "USER")]
    to: String,
    #[command(flatten)]
    if_mine: IfMine,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Assign) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let ids = &verb.which.ids;
    let to = names::person(&desk, &verb.to, ids).await?.id;
    acting::each(&desk, &Deed::Assign(to), ids, &verb.manner, &verb.if_mine).await
}
