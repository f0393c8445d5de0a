//! `handback undo`: takes back one's last act (U6).

use super::{
    Exit, Failure, Global, Outcome,
    connect::connect,
    settle::{self, of_one_operation, until_known},
    told::{Tried, tell_all},
    words,
};
use crate::{
    desk::{ActsQuery, Desk, Whose},
    domain::{
        action::UNDO_WITHIN,
        id::{OperationId, UserId},
        moment::Moment,
    },
};

#[derive(Debug, clap::Args)]
pub(super) struct Undo {
    /// The act: what --json calls its operation, and `handback acts` lists
    #[arg(required_unless_present = "last")]
    operation: Option<OperationId>,
    /// Your last act, whatever it was
    #[arg(long, conflicts_with = "operation")]
    last: bool,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Undo) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let me = desk.me().await?.user.id;
    let act = match &verb.operation {
        Some(operation) => operation.clone(),
        None => last(&desk, &me).await?,
    };
    let operation = settle::operation();
    let results = until_known(async || desk.undo(&operation, &act).await).await?;
    if results.is_empty() {
        let why = format!("{act} changed nothing, or is not yours: there is nothing to take back");
        return Err(Failure::new(Exit::NotFound, why));
    }
    let all: Vec<_> = of_one_operation(results, &operation).collect();
    tell_all(&all, Tried::Undo, &me, verb.json)
}

/// The newest act of theirs of which anything still stands; undo never skips to an older one.
async fn last(desk: &impl Desk, me: &UserId) -> Result<OperationId, Failure> {
    let within = i64::try_from(UNDO_WITHIN.as_micros()).unwrap_or(i64::MAX);
    let query = ActsQuery {
        whose: Whose::By(me.clone()),
        since: Moment(words::now().0.saturating_sub(within)),
    };
    let acts = desk.acts(&query).await?;
    let last = acts.into_iter().find(|done| !done.undone);
    last.map(|done| done.operation).ok_or_else(|| {
        let why = "you did nothing within the last 72 hours that could be taken back";
        Failure::new(Exit::NotFound, why)
    })
}
