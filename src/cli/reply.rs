//! `handback reply`.

use super::{
    Global, Outcome,
    connect::connect,
    settle::{self, Settled},
    told::{Tried, tell_all},
    typed::typed,
};
use crate::{
    desk::{self, Desk},
    domain::{action::Action, id::ConversationId},
};

#[derive(Debug, clap::Args)]
pub(super) struct Reply {
    /// The conversation's id
    id: ConversationId,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Reply) -> Outcome {
    let body = typed("message")?;
    let desk = connect(global, None).await?.desk;
    let me = desk.me().await?.user.id;
    let row = desk.conversation(&verb.id).await?.row;
    let newest = desk.messages(&verb.id, None, 1).await?.items.pop();
    let reply = desk::Reply {
        operation: settle::operation(),
        conversation: verb.id.clone(),
        body,
        expected_assignee: Some(row.assignee.map(|assignee| assignee.id)),
        seen: newest.map(|message| message.id),
    };
    let settled = Settled {
        conversation: verb.id.clone(),
        answer: settle::until_known(async || desk.send(&reply).await).await,
        operation: reply.operation,
    };
    let tried = Tried::Act(Action::Reply);
    tell_all(std::slice::from_ref(&settled), tried, &me, verb.json)
}
