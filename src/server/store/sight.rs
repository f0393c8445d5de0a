//! What somebody sees of the holdings.

use std::{ops::AddAssign, sync::Arc};

use super::{holding::Holding, known::Everybody};
use crate::domain::{
    access::{Onlooker, Team},
    id::{QueueId, UserId},
    person::Person,
};

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The viewer's own.
    pub mine: u64,
    /// Nobody's.
    pub unassigned: u64,
    /// All the viewer may see.
    pub all: u64,
}

/// What somebody sees.
pub(super) struct Sight<'a> {
    pub(super) team: &'a Team,
    pub(super) viewer: &'a Person,
}

/// Holdings, and how many of all there are.
pub(super) struct Known {
    pub(super) holdings: Arc<Vec<Holding>>,
    /// How each of them is seen.
    pub(super) seen: Vec<Seen>,
    /// They are of every queue, not of one.
    pub(super) every_queue: bool,
    /// They are everybody's, not only the viewer's own and nobody's.
    pub(super) everybody: bool,
    /// How many open conversations there are in all of it, whoever sees them, and how many of these nobody has.
    pub(super) all: u64,
    pub(super) nobodys: u64,
    /// The newest cursor of the log by then.
    pub(super) as_of: u64,
}

/// How the viewer sees a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) sees: bool,
    /// In lists: what is in a deleted queue only search finds (V7).
    pub(super) lists: bool,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.mine += more.mine;
        self.unassigned += more.unassigned;
        self.all += more.all;
    }
}

impl Known {
    /// Each holding, and how it is seen.
    pub(super) fn each(&self) -> impl Iterator<Item = (&Holding, Seen)> {
        self.holdings.iter().zip(self.seen.iter().copied())
    }

    /// Those that are seen in lists.
    pub(super) fn listed(&self) -> impl Iterator<Item = &Holding> {
        self.each()
            .filter_map(|(holding, seen)| seen.lists.then_some(holding))
    }
}

impl Sight<'_> {
    /// The holdings that the viewer may see something of, and no more than needed: most people see their
    /// own and nobody's, and a large desk has many holdings.
    pub(super) fn known(&self, everybody: &Everybody, queue: Option<&QueueId>) -> Known {
        let only = self.only();
        let of_queue = |holding: &&Holding| queue.is_none_or(|queue| holding.queue == *queue);
        let (mut all, mut nobodys) = (0, 0);
        for holding in everybody.holdings.iter().filter(of_queue) {
            all += holding.n;
            nobodys += holding.assignee.as_ref().map_or(holding.n, |_| 0);
        }
        let theirs = |holding: &&Holding| {
            only.is_none_or(|only| holding.assignee.as_ref().is_none_or(|one| one == only))
        };
        let holdings = if only.is_none() && queue.is_none() {
            Arc::clone(&everybody.holdings)
        } else {
            let wanted = everybody.holdings.iter().filter(theirs).filter(of_queue);
            Arc::new(wanted.cloned().collect())
        };
        Known {
            seen: self.seen(holdings.iter()),
            holdings,
            every_queue: queue.is_none(),
            everybody: only.is_none(),
            all,
            nobodys,
            as_of: everybody.as_of,
        }
    }

    /// The one person beside nobody whose holdings can be in sight; `None` if others' can be.
    pub(super) fn only(&self) -> Option<&UserId> {
        (!self.may_see_others()).then_some(&self.viewer.id)
    }

    /// How each of these is seen.
    pub(super) fn seen<'h>(&'h self, holdings: impl Iterator<Item = &'h Holding>) -> Vec<Seen> {
        let mut onlooker = Onlooker::new(self.team, self.viewer);
        let mut last: Option<(&QueueId, bool)> = None;
        holdings
            .map(|holding| {
                let queue = &holding.queue;
                let is_there = match last {
                    Some((one, is_there)) if one == queue => is_there,
                    _ => {
                        let known = self.team.queues.get(queue);
                        let is_there = known.is_some_and(|queue| !queue.deleted);
                        last.insert((queue, is_there)).1
                    }
                };
                let sees = onlooker.sees(queue, holding.assignee.as_ref());
                Seen {
                    sees,
                    lists: sees && is_there,
                }
            })
            .collect()
    }

    /// Whether anything that somebody else has can be in sight: for those above others, administrators,
    /// and those whose organisation owns a queue (V3–V5).
    fn may_see_others(&self) -> bool {
        let home = &self.viewer.organisation;
        let mut organisations = self.team.tree.organisations();
        self.viewer.permissions.admin
            || organisations.any(|other| self.team.tree.above(home, other))
            || self.team.queues.values().any(|queue| queue.owner == *home)
    }

    /// How many these are, each of which is seen in lists.
    pub(super) fn counts<'h>(&self, listed: impl Iterator<Item = &'h Holding>) -> Counts {
        listed.fold(Counts::default(), |mut counts, holding| {
            counts.all += holding.n;
            match &holding.assignee {
                None => counts.unassigned += holding.n,
                Some(person) if *person == self.viewer.id => counts.mine += holding.n,
                Some(_) => {}
            }
            counts
        })
    }
}
