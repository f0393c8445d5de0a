//! The visible part of the list: branches of indexes that are in its order already.
//!
//! Who sees an open conversation depends on its queue and assignee alone, so what a viewer sees is a set
//! of holdings. Each is one branch of an index; a page is their union, with the page's limit inside each.
//! Where a viewer sees all of a queue, or all there is, one wider branch does for many.

use std::collections::{BTreeMap, HashSet};

use super::{
    database::name_of,
    holding::Holding,
    sight::{Known, Seen},
};
use crate::domain::{
    conversation::Standing,
    id::{QueueId, UserId},
};

/// A part of the conversations that one index gives in the list's order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Branch {
    /// All open ones.
    Everything,
    /// All open ones of a queue.
    Queue(QueueId),
    /// All open ones of a person, or of nobody.
    Assignee(Option<UserId>),
    /// The open ones of one holding.
    Holding(QueueId, Option<UserId>),
    /// The closed ones of a queue.
    Closed(QueueId),
}

impl Branch {
    /// What its index finds it by.
    pub(super) fn values(&self) -> Vec<&str> {
        match self {
            Self::Everything => Vec::new(),
            Self::Queue(queue) | Self::Closed(queue) => vec![queue.as_str()],
            Self::Assignee(assignee) => vec![name_of(assignee.as_ref())],
            Self::Holding(queue, assignee) => vec![queue.as_str(), name_of(assignee.as_ref())],
        }
    }
}

/// Branches of which one can be told whether it gives a conversation.
pub(super) struct Given<'a>(HashSet<&'a Branch>);

impl<'a> Given<'a> {
    pub(super) fn by(branches: &'a [Branch]) -> Self {
        Self(branches.iter().collect())
    }

    /// Whether one of them gives a conversation of this standing.
    pub(super) fn holds(&self, standing: &Standing) -> bool {
        let Standing {
            queue,
            assignee,
            open,
        } = standing.clone();
        if !open {
            return self.0.contains(&Branch::Closed(queue));
        }
        self.0.contains(&Branch::Everything)
            || self.0.contains(&Branch::Queue(queue.clone()))
            || self.0.contains(&Branch::Assignee(assignee.clone()))
            || self.0.contains(&Branch::Holding(queue, assignee))
    }
}

/// The fewest branches that give exactly the wanted ones of what is known. A wider branch stands for many
/// only where everything it covers is known, and wanted.
pub(super) fn branches(known: &Known, wanted: impl Fn(&Holding, Seen) -> bool) -> Vec<Branch> {
    let holdings = known.holdings.as_slice();
    let wants: Vec<bool> = known
        .each()
        .map(|(holding, seen)| wanted(holding, seen))
        .collect();
    if wants.iter().all(|wanted| !wanted) {
        return Vec::new();
    }
    if known.every_queue && known.everybody && wants.iter().all(|wanted| *wanted) {
        return vec![Branch::Everything];
    }
    if known.every_queue
        && let Some(one) = all_of_one(holdings, &wants)
    {
        return vec![Branch::Assignee(one.clone())];
    }
    let mut by_queue: BTreeMap<&QueueId, (bool, Vec<&Holding>)> = BTreeMap::new();
    for (holding, wanted) in holdings.iter().zip(&wants) {
        let (whole, parts) = by_queue.entry(&holding.queue).or_insert((true, Vec::new()));
        *whole &= wanted;
        if *wanted {
            parts.push(holding);
        }
    }
    let of_queue = |(queue, (whole, parts)): (&QueueId, (bool, Vec<&Holding>))| {
        if known.everybody && whole && parts.len() > 1 {
            return vec![Branch::Queue(queue.clone())];
        }
        parts
            .into_iter()
            .map(|part| Branch::Holding(part.queue.clone(), part.assignee.clone()))
            .collect()
    };
    by_queue.into_iter().flat_map(of_queue).collect()
}

/// Somebody, or nobody, if exactly everything that this one has is wanted, and it is in many queues.
fn all_of_one<'a>(holdings: &'a [Holding], wants: &[bool]) -> Option<&'a Option<UserId>> {
    let of = |wanted: bool| {
        let those = holdings
            .iter()
            .zip(wants)
            .filter(move |(_, w)| **w == wanted);
        those.map(|(holding, _)| &holding.assignee)
    };
    let one = of(true).next()?;
    let many = of(true).count() > 1;
    let only = of(true).all(|assignee| assignee == one);
    let all = of(false).all(|assignee| assignee != one);
    (many && only && all).then_some(one)
}
