//! What the verbs that act have in common: what they take, and how they go about it.

use super::{
    Global, Outcome,
    connect::connect,
    settle::{self, Settled, one_by_one, together},
    told::{Tried, tell_all},
};
use crate::{
    desk::{Desk, ManyDeed},
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, UserId},
    },
};

/// Which conversations.
#[derive(Debug, clap::Args)]
pub(super) struct Ids {
    /// The conversations' ids
    #[arg(required = true, value_name = "ID")]
    pub(super) ids: Vec<ConversationId>,
}

/// How it is done and told.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Manner {
    /// Why, for the record and for who had it
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// JSON: {results: [{id, operation, outcome, reason, conversation}]}
    #[arg(long)]
    pub(super) json: bool,
}

/// A precondition for scripts.
#[derive(Debug, Default, clap::Args)]
pub(super) struct IfMine {
    /// Only those that are assigned to you
    #[arg(long)]
    if_mine: bool,
}

impl IfMine {
    /// What each request is to believe; `None`: what the desk says just before.
    fn belief(&self, me: &UserId) -> Option<Expectation> {
        self.if_mine.then(|| Expectation {
            assignee: Some(Some(me.clone())),
            version: None,
        })
    }
}

/// What an act takes that needs nothing but the conversations.
#[derive(Debug, clap::Args)]
pub(super) struct Plain {
    #[command(flatten)]
    which: Ids,
    #[command(flatten)]
    manner: Manner,
}

/// Does such an act.
pub(super) async fn plainly(global: &Global, verb: &Plain, deed: &Deed) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let (ids, whoever_has_it) = (&verb.which.ids, IfMine::default());
    each(&desk, deed, ids, &verb.manner, &whoever_has_it).await
}

/// Does `deed` to each of these conversations, and tells what came of it. What can be done to many at once is one
/// act, which one undo takes back.
pub(super) async fn each(
    desk: &impl Desk,
    deed: &Deed,
    ids: &[ConversationId],
    manner: &Manner,
    if_mine: &IfMine,
) -> Outcome {
    let me = desk.me().await?.user.id;
    let believed = if_mine.belief(&me);
    let (mut items, mut all) = (Vec::new(), Vec::new());
    for id in ids {
        let expected = match &believed {
            Some(believed) => Ok(believed.clone()),
            None => settle::seen(desk, id).await,
        };
        match expected {
            Ok(expected) => items.push((id.clone(), expected)),
            Err(answer) => all.push(Settled {
                conversation: id.clone(),
                operation: settle::operation(),
                answer,
            }),
        }
    }
    let reason = manner.reason.as_deref();
    all.extend(match of_many(deed) {
        Some(deed) if items.len() > 1 => together(desk, &deed, &items, reason, false).await,
        _ => one_by_one(desk, deed, items, reason).await,
    });
    all.sort_by_key(|one| ids.iter().position(|id| *id == one.conversation));
    tell_all(&all, Tried::Act(deed.action()), &me, manner.json)
}

/// The same for many at once, where a desk does that.
fn of_many(deed: &Deed) -> Option<ManyDeed> {
    match deed {
        Deed::Unassign => Some(ManyDeed::Unassign),
        Deed::Assign(to) => Some(ManyDeed::Assign(vec![to.clone()])),
        Deed::Move(to) => Some(ManyDeed::Move(to.clone())),
        Deed::Status(status) => Some(ManyDeed::Status(status.clone())),
        Deed::Take
        | Deed::Block { .. }
        | Deed::Unblock
        | Deed::Close
        | Deed::Reopen
        | Deed::Intervene
        | Deed::Note(_) => None,
    }
}
