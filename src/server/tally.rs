//! How many conversations one reader of the stream sees, kept exact from what happens.

use std::collections::{BTreeMap, BTreeSet};

use super::{present, store::Counts};
use crate::{
    domain::{access::Team, conversation::Standing, event::Entry, id::QueueId, person::Person},
    wire::event::{Changed, QueueCounts},
};

/// The counts of one reader, per queue, true at one cursor; and which of them the reader has not heard of.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    queues: BTreeMap<QueueId, Counts>,
    untold: BTreeSet<QueueId>,
    as_of: u64,
}

impl Tally {
    /// Counts as the store gave them, true at `as_of`; the reader has heard of none.
    pub(crate) fn new(queues: Vec<(QueueId, Counts)>, as_of: u64) -> Self {
        Self {
            untold: queues.iter().map(|(queue, _)| queue.clone()).collect(),
            queues: queues.into_iter().collect(),
            as_of,
        }
    }

    /// Counts what happened, unless it is counted already.
    pub(crate) fn add(&mut self, entry: &Entry, viewer: &Person, team: &Team) {
        if entry.cursor <= self.as_of {
            return;
        }
        self.as_of = entry.cursor;
        if let Some(before) = &entry.before {
            self.shift(before, viewer, team, |count| {
                *count = count.saturating_sub(1)
            });
        }
        self.shift(&entry.after, viewer, team, |count| *count += 1);
    }

    fn shift(
        &mut self,
        standing: &Standing,
        viewer: &Person,
        team: &Team,
        change: impl Fn(&mut u64),
    ) {
        let listed = team.queues.get(&standing.queue).is_some_and(|q| !q.deleted); // V7
        if !standing.open || !listed || !team.can_see(viewer, standing) {
            return;
        }
        let counts = self.queues.entry(standing.queue.clone()).or_default();
        change(&mut counts.all);
        match &standing.assignee {
            None => change(&mut counts.unassigned),
            Some(assignee) if *assignee == viewer.id => change(&mut counts.mine),
            Some(_) => {}
        }
        self.untold.insert(standing.queue.clone());
    }

    /// Whether there is anything to tell.
    pub(crate) fn has_news(&self) -> bool {
        !self.untold.is_empty()
    }

    /// What the reader has not heard of; they have now.
    pub(crate) fn told(&mut self) -> Changed {
        let mut all = Counts::default();
        for counts in self.queues.values() {
            all.mine += counts.mine;
            all.unassigned += counts.unassigned;
            all.all += counts.all;
        }
        let queues = std::mem::take(&mut self.untold).into_iter().map(|queue| {
            let counts = self.queues.get(&queue).copied().unwrap_or_default();
            QueueCounts {
                queue: queue.as_str().to_owned(),
                counts: present::counts(counts),
            }
        });
        Changed {
            queues: queues.collect(),
            all_queues: present::counts(all),
        }
    }
}
