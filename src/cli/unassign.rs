//! `handback unassign`: the act the product is named for (U1).

use super::{
    Global, Outcome,
    acting::{self, IfMine, Manner},
    connect::connect,
    list::gather,
    outlook::{Plan, carry_out},
};
use crate::{
    desk::{Outlook, Query, View},
    domain::{action::Deed, id::ConversationId},
};

#[derive(Debug, clap::Args)]
pub(super) struct Unassign {
    /// The conversations' ids
    #[arg(required_unless_present = "all", value_name = "ID")]
    ids: Vec<ConversationId>,
    /// Everything that is assigned to you
    #[arg(long, conflicts_with_all = ["ids", "if_mine"])]
    all: bool,
    /// With --all: only say what would be handed back
    #[arg(long, requires = "all", conflicts_with = "ids")]
    dry_run: bool,
    #[command(flatten)]
    if_mine: IfMine,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Unassign) -> Outcome {
    let desk = connect(global, None).await?.desk;
    if !verb.all {
        let (ids, deed) = (&verb.ids, Deed::Unassign);
        return acting::each(&desk, &deed, ids, &verb.manner, &verb.if_mine).await;
    }
    let query = Query {
        view: View::Mine,
        ..Query::default()
    };
    let (moves, ..) = gather(&desk, query, u32::MAX).await?;
    let plan = Plan {
        outlook: Outlook {
            moves,
            ..Outlook::default()
        },
        to: Vec::new(),
        if_quiet: false,
        reason: verb.manner.reason.as_deref(),
        dry_run: verb.dry_run,
        json: verb.manner.json,
    };
    carry_out(&desk, &plan).await
}
