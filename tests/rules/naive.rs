//! A team as plain numbers, and the rules restated over it: written from the rules' words, by walking parents one step
//! at a time and with no code of the domain's.

use std::collections::HashMap;

use handback::domain::{
    access::Team,
    action::{Act, Action, Former},
    conversation::{Conversation, Handler, Standing, State},
    id::{ConversationId, OperationId, OrganisationId, QueueId, UserId},
    moment::Moment,
    organisation::Tree,
    person::{Permissions, Person},
    queue::{Queue, Rule, Turnover},
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// A team as plain numbers: organisation `i` has a parent below `i`, or none.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    parents: Vec<Option<usize>>,
    /// organisation, conversations, admin, suspended
    pub(crate) people: Vec<(usize, bool, bool, bool)>,
    pub(crate) queues: Vec<Lane>,
    /// The organisation each status is of; the one after the last is of none.
    pub(crate) statuses: Vec<usize>,
}

/// A queue.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub(crate) owner: usize,
    teams: Vec<usize>,
    pub(crate) active: bool,
    pub(crate) deleted: bool,
}

/// queue, assignee, open, bot
pub(crate) type Told = (usize, Option<usize>, bool, bool);

fn numbers() -> impl Strategy<Value = Numbers> {
    vec(any::<Option<Index>>(), 1..7)
        .prop_map(|parents| {
            parents
                .iter()
                .enumerate()
                .map(|(i, p)| p.filter(|_| i > 0).map(|p| p.index(i)))
                .collect::<Vec<Option<usize>>>()
        })
        .prop_flat_map(|parents| {
            let n = parents.len();
            let person = (
                0..n,
                prop::bool::weighted(0.8),
                prop::bool::weighted(0.3),
                prop::bool::weighted(0.1),
            );
            let mostly = prop::bool::weighted(0.8);
            let seldom = prop::bool::weighted(0.2);
            let lane = (0..n, vec(0..n, 0..3), mostly, seldom);
            let lane = lane.prop_map(|(owner, teams, active, deleted)| Lane {
                owner,
                teams,
                active,
                deleted,
            });
            let (people, queues) = (vec(person, 2..9), vec(lane, 1..4));
            (Just(parents), people, queues, vec(0..n, 0..3))
        })
        .prop_map(|(parents, people, queues, statuses)| Numbers {
            parents,
            people,
            queues,
            statuses,
        })
}

pub(crate) fn scene() -> impl Strategy<Value = (Numbers, usize, Told)> {
    numbers().prop_flat_map(|n| {
        let (people, queues) = (n.people.len(), n.queues.len());
        let told = (
            0..queues,
            prop::option::weighted(0.7, 0..people),
            any::<bool>(),
            any::<bool>(),
        );
        (Just(n), 0..people, told)
    })
}

impl Numbers {
    /// "any strict ancestor in the organisation tree"
    pub(crate) fn is_above(&self, high: usize, low: usize) -> bool {
        let mut at = low;
        while let Some(parent) = self.parents[at] {
            if parent == high {
                return true;
            }
            at = parent;
        }
        false
    }

    /// "access to a queue is given to organisations; each queue has one owner", and who stands above them has it
    pub(crate) fn has_access(&self, viewer: usize, queue: usize) -> bool {
        let mine = self.people[viewer].0;
        let Lane { owner, teams, .. } = &self.queues[queue];
        std::iter::once(owner)
            .chain(teams)
            .any(|&org| org == mine || self.is_above(mine, org))
    }

    /// V1–V6, sentence by sentence.
    pub(crate) fn sees(&self, viewer: usize, (queue, assignee, ..): Told) -> bool {
        let (mine, screen, admin, suspended) = self.people[viewer];
        if suspended || !screen {
            return false; // V6: "without it nobody sees anything"
        }
        match assignee {
            None => self.has_access(viewer, queue), // V2
            Some(a) if a == viewer => true,         // one's own
            Some(a) => {
                let theirs = self.people[a].0;
                if !self.has_access(viewer, queue) {
                    return false;
                }
                if self.is_above(mine, theirs) {
                    return true; // V3
                }
                if mine == theirs {
                    return admin; // V1, V4
                }
                mine == self.queues[queue].owner // V5: the owner organisation sees the others' in its queue
            }
        }
    }

    /// U2: "the assignee; users above the assignee's organisation; administrators of the assignee's organisation"
    pub(crate) fn may_unassign(&self, viewer: usize, told: Told) -> bool {
        let Some(a) = told.1 else { return false };
        let (mine, theirs) = (self.people[viewer].0, self.people[a].0);
        self.sees(viewer, told)
            && (a == viewer
                || self.is_above(mine, theirs)
                || (mine == theirs && self.people[viewer].2))
    }

    /// "not suspended, has `conversations` and access to the queue"
    pub(crate) fn can_hold(&self, person: usize, queue: usize) -> bool {
        let (_, screen, _, suspended) = self.people[person];
        screen && !suspended && self.has_access(person, queue)
    }

    /// A6: "… and (c unassigned: u == v, or above(v.org, u.org), or v is administrator of u.org; c held:
    /// can_unassign(v, c))"
    pub(crate) fn may_assign(&self, viewer: usize, told: Told, to: usize) -> bool {
        let ((mine, _, admin, _), theirs) = (self.people[viewer], self.people[to].0);
        let leads = self.is_above(mine, theirs) || (admin && mine == theirs);
        self.can_hold(to, told.0)
            && match told.1 {
                None => viewer == to || leads,
                Some(_) => self.may_unassign(viewer, told),
            }
    }

    /// S3: "from the organisation's list, inherited from above"
    pub(crate) fn has_status(&self, viewer: usize, status: usize) -> bool {
        let mine = self.people[viewer].0;
        let of = self.statuses.get(status);
        of.is_some_and(|&of| of == mine || self.is_above(of, mine))
    }

    pub(crate) fn team(&self) -> Team {
        let parents = self
            .parents
            .iter()
            .enumerate()
            .map(|(i, p)| (org(i), p.map(org)));
        let person =
            |(i, &(o, conversations, admin, suspended)): (usize, &(usize, bool, bool, bool))| {
                let permissions = Permissions {
                    conversations,
                    admin,
                    ..Permissions::default()
                };
                (
                    user(i),
                    Person {
                        id: user(i),
                        organisation: org(o),
                        permissions,
                        suspended,
                    },
                )
            };
        let queue = |(i, lane): (usize, &Lane)| {
            let queue = Queue {
                id: queue_id(i),
                owner: org(lane.owner),
                teams: lane.teams.iter().copied().map(org).collect(),
                rule: Rule::SelfSelection,
                on_login: Turnover::Nothing,
                on_logout: Turnover::Nothing,
                max_open: None,
                active: lane.active,
                deleted: lane.deleted,
            };
            (queue_id(i), queue)
        };
        Team {
            statuses: (0..)
                .zip(&self.statuses)
                .map(|(i, of)| (org(*of), status(i)))
                .collect(),
            tree: Tree::new(parents).expect("parents come before children"),
            people: self
                .people
                .iter()
                .enumerate()
                .map(person)
                .collect::<HashMap<_, _>>(),
            queues: self
                .queues
                .iter()
                .enumerate()
                .map(queue)
                .collect::<HashMap<_, _>>(),
        }
    }
}

fn org(i: usize) -> OrganisationId {
    OrganisationId::parse(&format!("o{i}")).unwrap()
}
pub(crate) fn user(i: usize) -> UserId {
    UserId::parse(&format!("u{i}")).unwrap()
}
pub(crate) fn status(i: usize) -> String {
    format!("s{i}")
}
pub(crate) fn queue_id(i: usize) -> QueueId {
    QueueId::parse(&format!("q{i}")).unwrap()
}

pub(crate) fn standing((queue, assignee, open, _): Told) -> Standing {
    Standing {
        queue: queue_id(queue),
        assignee: assignee.map(user),
        open,
    }
}

pub(crate) fn conversation((queue, assignee, open, bot): Told) -> Conversation {
    Conversation {
        id: ConversationId::parse("C1").unwrap(),
        queue: queue_id(queue),
        // A closed one has no assignee (S1).
        assignee: assignee.filter(|_| open).map(user),
        state: if open { State::Open } else { State::Closed },
        handler: if bot { Handler::Bot } else { Handler::Person },
        status: None,
        touched: false,
        unanswered: true,
        just_entered: assignee.is_none(),
        since: Moment(5),
        version: 7,
        acted: 4,
    }
}

pub(crate) fn act(action: Action, by: usize, before: &Conversation, version: u64) -> Act {
    Act {
        operation: OperationId::parse("op").unwrap(),
        action,
        by: user(by),
        at: Moment(0),
        conversation: ConversationId::parse("C1").unwrap(),
        former: Former::of(before),
        version,
        line_lost: false,
    }
}
