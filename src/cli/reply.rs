//! `handback reply`: what is sent stands on standard input, never on the command line, which others can read (R42).

use std::io::{Read, stdin};

use super::{
    Exit, Failure, Global, Outcome,
    connect::connect,
    json,
    print::Out,
    settle::{self, Settled},
};
use crate::{
    desk::{self, Desk},
    domain::{action::Action, id::ConversationId},
};

/// More than any channel takes.
const MOST_BYTES: u64 = 64 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Reply {
    /// The conversation's id
    id: ConversationId,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Reply) -> Outcome {
    let body = body()?;
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
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::Results::new(std::slice::from_ref(&settled)))?;
    } else {
        out.text(&settle::tell(&settled, Action::Reply, &me))?;
    }
    out.finish()?;
    Ok(Exit::from(&settled.answer))
}

fn body() -> Result<String, Failure> {
    let mut body = String::new();
    stdin()
        .take(MOST_BYTES + 1)
        .read_to_string(&mut body)
        .map_err(|error| {
            Failure::new(
                Exit::Usage,
                format_args!("cannot read the message: {error}"),
            )
        })?;
    if body.len() as u64 > MOST_BYTES {
        return Err(Failure::new(
            Exit::Usage,
            "the message is longer than 64 KiB",
        ));
    }
    Ok(body.trim_end().to_owned())
}
