//! `handback unassign`: the act the product is named for (U1).

use super::{Global, Outcome, connect::connect, settle};
use crate::{
    desk::Desk,
    domain::{
        action::{Deed, Expectation},
        id::ConversationId,
    },
};

#[derive(Debug, clap::Args)]
pub(super) struct Unassign {
    /// The conversations' ids
    #[arg(required = true, value_name = "ID")]
    ids: Vec<ConversationId>,
    /// Only those that are assigned to you
    #[arg(long)]
    if_mine: bool,
    /// Why, for the record and for who had it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Unassign) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let believed = match verb.if_mine {
        true => Some(Expectation {
            assignee: Some(Some(desk.me().await?.user.id)),
            version: None,
        }),
        false => None,
    };
    let reason = verb.reason.as_deref();
    settle::each(
        &desk,
        &Deed::Unassign,
        &verb.ids,
        believed,
        reason,
        verb.json,
    )
    .await
}
