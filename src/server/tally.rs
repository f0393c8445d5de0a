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
    /// What the reader was last told, and of which queues it may be otherwise by now.
    told: BTreeMap<QueueId, Counts>,
    untold: BTreeSet<QueueId>,
    as_of: u64,
}

impl Tally {
    /// Counts as the store gave them, true at `as_of`; the reader has heard of none.
    pub(crate) fn new(queues: Vec<(QueueId, Counts)>, as_of: u64) -> Self {
        Self {
            untold: queues.iter().map(|(queue, _)| queue.clone()).collect(),
            queues: queues.into_iter().collect(),
            told: BTreeMap::new(),
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

    /// Whether there may be anything to tell.
    pub(crate) fn has_news(&self) -> bool {
        !self.untold.is_empty()
    }

    /// What the reader has not heard of, who has now; `None` if all is again as they know it.
    pub(crate) fn news(&mut self) -> Option<Changed> {
        let mut queues = Vec::new();
        for queue in std::mem::take(&mut self.untold) {
            let counts = self.queues.get(&queue).copied().unwrap_or_default();
            if self.told.get(&queue) != Some(&counts) {
                queues.push(QueueCounts {
                    queue: queue.as_str().to_owned(),
                    counts: present::counts(counts),
                });
                self.told.insert(queue, counts);
            }
        }
        (!queues.is_empty()).then(|| Changed {
            all_queues: present::counts(self.all_queues()),
            queues,
        })
    }

    fn all_queues(&self) -> Counts {
        self.queues
            .values()
            .fold(Counts::default(), |all, one| Counts {
                mine: all.mine + one.mine,
                unassigned: all.unassigned + one.unassigned,
                all: all.all + one.all,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{ConversationId, OrganisationId, UserId},
        organisation::Tree,
        person::Permissions,
        queue::{Queue, Rule, Turnover},
    };

    fn anna() -> Person {
        Person {
            id: UserId::parse("anna").unwrap(),
            organisation: OrganisationId::parse("cardiff").unwrap(),
            permissions: Permissions {
                conversations: true,
                ..Permissions::default()
            },
            suspended: false,
        }
    }

    fn team() -> Team {
        let cardiff = anna().organisation;
        let queue = Queue {
            id: QueueId::parse("q").unwrap(),
            owner: cardiff.clone(),
            teams: vec![],
            rule: Rule::default(),
            on_login: Turnover::default(),
            on_logout: Turnover::default(),
            max_open: None,
            active: true,
            deleted: false,
        };
        Team {
            tree: Tree::new([(cardiff, None)]).unwrap(),
            people: [(anna().id, anna())].into(),
            queues: [(queue.id.clone(), queue)].into(),
            ..Team::default()
        }
    }

    fn standing(assignee: Option<&str>, open: bool) -> Standing {
        Standing {
            queue: QueueId::parse("q").unwrap(),
            assignee: assignee.map(|a| UserId::parse(a).unwrap()),
            open,
        }
    }

    fn entry(cursor: u64, before: Option<Standing>, after: Standing) -> Entry {
        Entry {
            cursor,
            conversation: ConversationId::parse("c").unwrap(),
            before,
            after,
            message: None,
        }
    }

    fn counts(mine: u64, unassigned: u64, all: u64) -> Counts {
        Counts {
            mine,
            unassigned,
            all,
        }
    }

    #[test]
    fn counts_follow_entries_and_skip_those_already_counted() {
        let (anna, team) = (anna(), team());
        let mut tally = Tally::new(vec![(QueueId::parse("q").unwrap(), counts(0, 1, 1))], 5);
        assert!(tally.news().is_some(), "the first counts are news");
        let free = || standing(None, true);
        tally.add(&entry(5, None, free()), &anna, &team);
        assert!(tally.news().is_none(), "entry 5 was counted by the store");
        tally.add(&entry(6, None, free()), &anna, &team);
        tally.add(
            &entry(7, Some(free()), standing(Some("anna"), true)),
            &anna,
            &team,
        );
        let news = tally.news().unwrap();
        assert_eq!(news.all_queues, present::counts(counts(1, 1, 2)));
        tally.add(&entry(8, Some(free()), standing(None, false)), &anna, &team);
        assert_eq!(
            tally.news().unwrap().all_queues,
            present::counts(counts(1, 0, 1))
        );
    }

    #[test]
    fn what_is_again_as_it_was_is_no_news() {
        let (anna, team) = (anna(), team());
        let mut tally = Tally::new(vec![(QueueId::parse("q").unwrap(), counts(0, 1, 1))], 5);
        tally.news();
        let (free, mine) = (standing(None, true), standing(Some("anna"), true));
        tally.add(&entry(6, Some(free.clone()), mine.clone()), &anna, &team);
        tally.add(&entry(7, Some(mine), free), &anna, &team);
        assert!(tally.has_news());
        assert!(tally.news().is_none());
        assert!(!tally.has_news());
    }
}
