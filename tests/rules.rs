//! The rules of the domain against an independent, naive restatement, over random teams.
//!
//! The restatement below is written from the rules' words, by walking parents one step at a time and with no
//! code of the domain's; where the two disagree, one of them is wrong.

use std::collections::HashMap;

use handback::domain::{
    access::Team,
    action::{
        self, Act, Action, Cause, Circumstances, Deed, Expectation, Former, Refusal, UNDO_WITHIN,
        Verdict,
    },
    conversation::{Conversation, Handler, Standing, State},
    event::{Entry, Heard},
    id::{ConversationId, OperationId, OrganisationId, QueueId, UserId},
    moment::Moment,
    organisation::Tree,
    person::{Permissions, Person},
    queue::{Queue, Rule, Turnover},
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// A team as plain numbers: organisation `i` has a parent below `i`, or none.
#[derive(Clone, Debug)]
struct Numbers {
    parents: Vec<Option<usize>>,
    /// organisation, conversations, admin, suspended
    people: Vec<(usize, bool, bool, bool)>,
    /// owner, teams
    queues: Vec<(usize, Vec<usize>)>,
}

/// queue, assignee, open, bot
type Told = (usize, Option<usize>, bool, bool);

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
            let queue = (0..n, vec(0..n, 0..3));
            (Just(parents), vec(person, 2..9), vec(queue, 1..4))
        })
        .prop_map(|(parents, people, queues)| Numbers {
            parents,
            people,
            queues,
        })
}

fn scene() -> impl Strategy<Value = (Numbers, usize, Told)> {
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
    fn is_above(&self, high: usize, low: usize) -> bool {
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
    fn has_access(&self, viewer: usize, queue: usize) -> bool {
        let mine = self.people[viewer].0;
        let (owner, teams) = &self.queues[queue];
        std::iter::once(owner)
            .chain(teams)
            .any(|&org| org == mine || self.is_above(mine, org))
    }

    /// V1–V6, sentence by sentence.
    fn sees(&self, viewer: usize, (queue, assignee, ..): Told) -> bool {
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
                mine == self.queues[queue].0 // V5: the owner organisation sees the others' in its queue
            }
        }
    }

    /// U2: "the assignee; users above the assignee's organisation; administrators of the assignee's organisation"
    fn may_unassign(&self, viewer: usize, told: Told) -> bool {
        let Some(a) = told.1 else { return false };
        let (mine, theirs) = (self.people[viewer].0, self.people[a].0);
        self.sees(viewer, told)
            && (a == viewer
                || self.is_above(mine, theirs)
                || (mine == theirs && self.people[viewer].2))
    }

    fn team(&self) -> Team {
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
        let queue = |(i, (owner, teams)): (usize, &(usize, Vec<usize>))| {
            let queue = Queue {
                id: queue_id(i),
                owner: org(*owner),
                teams: teams.iter().copied().map(org).collect(),
                rule: Rule::SelfSelection,
                on_login: Turnover::Nothing,
                on_logout: Turnover::Nothing,
                max_open: None,
                active: true,
                deleted: false,
            };
            (queue_id(i), queue)
        };
        Team {
            statuses: Vec::new(),
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
fn user(i: usize) -> UserId {
    UserId::parse(&format!("u{i}")).unwrap()
}
fn queue_id(i: usize) -> QueueId {
    QueueId::parse(&format!("q{i}")).unwrap()
}

fn standing((queue, assignee, open, _): Told) -> Standing {
    Standing {
        queue: queue_id(queue),
        assignee: assignee.map(user),
        open,
    }
}

fn conversation((queue, assignee, open, bot): Told) -> Conversation {
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

fn act(action: Action, by: usize, before: &Conversation, version: u64) -> Act {
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

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        max_global_rejects: 200_000, // Most people may not do most things.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn v1_to_v6_who_sees_what((n, viewer, told) in scene()) {
        let team = n.team();
        prop_assert_eq!(team.can_see(&team.people[&user(viewer)], &standing(told)), n.sees(viewer, told));
    }

    #[test]
    fn v7_closed_ones_are_seen_under_the_same_rules((n, viewer, (queue, assignee, _, bot)) in scene()) {
        let team = n.team();
        let viewer = &team.people[&user(viewer)];
        let seen = |open| team.can_see(viewer, &standing((queue, assignee, open, bot)));
        prop_assert_eq!(seen(true), seen(false));
    }

    #[test]
    fn u2_who_may_unassign((n, viewer, told) in scene()) {
        let team = n.team();
        prop_assert_eq!(team.can_unassign(&team.people[&user(viewer)], &standing(told)), n.may_unassign(viewer, told));
    }

    /// Nobody sees sideways or upwards, said once more without the formula: a person of an organisation that is
    /// neither the assignee's, nor above it, nor the queue's owner never sees it.
    #[test]
    fn v3_never_sideways_or_upwards((n, viewer, told) in scene()) {
        if let Some(a) = told.1.filter(|a| *a != viewer) {
            let (mine, theirs, owner) = (n.people[viewer].0, n.people[a].0, n.queues[told.0].0);
            if mine != theirs && !n.is_above(mine, theirs) && mine != owner {
                let team = n.team();
                prop_assert!(!team.can_see(&team.people[&user(viewer)], &standing(told)));
            }
        }
    }

    /// V8: whoever does not see it hears at most that what they saw is gone, and that only if they saw it.
    #[test]
    fn v8_an_event_says_no_more_than_one_may_know((n, viewer, before) in scene(), to in any::<Index>()) {
        let after = (before.0, Some(to.index(n.people.len())), true, false);
        let team = n.team();
        let entry = Entry {
            cursor: 1,
            conversation: ConversationId::parse("C1").unwrap(),
            before: Some(standing(before)),
            after: standing(after),
            message: None,
        };
        let heard = entry.heard_by(&team.people[&user(viewer)], &team, &standing(after));
        let expected = match (n.sees(viewer, before), n.sees(viewer, after)) {
            (_, true) => Heard::Row,
            (true, false) => Heard::Gone,
            (false, false) => Heard::Nothing,
        };
        prop_assert_eq!(heard, expected);
    }

    /// U3 and U5: what unassigning does to whoever sees it, whatever they believe.
    #[test]
    fn u3_u5_unassigning_removes_only_whom_the_caller_named(
        (n, viewer, told) in scene(),
        believed in prop::option::of(prop::option::of(any::<Index>())),
        version in prop::option::of(3u64..9),
    ) {
        let (team, c) = (n.team(), conversation(told));
        prop_assume!(n.sees(viewer, (told.0, told.1.filter(|_| told.2), told.2, told.3)));
        let believed = believed.map(|b| b.map(|i| user(i.index(n.people.len()))));
        let expected = Expectation { assignee: believed.clone(), version };
        let verdict = action::decide(&team, &team.people[&user(viewer)], &c, &Deed::Unassign, &expected);
        match &verdict {
            Verdict::Do(change) => {
                prop_assert!(believed.is_none_or(|b| b == c.assignee), "nobody but the one named");
                prop_assert!(version.is_none_or(|seen| seen >= c.acted), "not acted on since");
                prop_assert!(n.may_unassign(viewer, told));
                let after = c.changed(change);
                prop_assert_eq!((&after.assignee, after.just_entered, change.cause), (&None, false, Some(Cause::Unassign)));
                prop_assert_eq!((after.version, after.acted), (c.version + 1, c.version + 1));
                let untouched = Conversation {
                    assignee: c.assignee.clone(), just_entered: c.just_entered,
                    version: c.version, acted: c.acted, touched: c.touched, ..after
                };
                prop_assert_eq!(untouched, c, "U3: nothing else changes");
            }
            Verdict::Already => prop_assert!(c.assignee.is_none()),
            Verdict::Conflict => prop_assert!(
                believed.is_some_and(|b| b != c.assignee) || version.is_some_and(|seen| seen < c.acted)
            ),
            Verdict::Refused(why) => {
                prop_assert_eq!(*why, Refusal::NotYours);
                prop_assert!(!n.may_unassign(viewer, told));
            }
        }
    }

    /// U5: messages, deliveries and notes since never make it a conflict.
    #[test]
    fn u5_only_acts_conflict_not_messages((n, viewer, told) in scene(), newer in 0u64..20) {
        let (team, c) = (n.team(), conversation(told));
        prop_assume!(told.2 && n.may_unassign(viewer, told));
        let busy = Conversation { version: c.version + newer, ..c.clone() };
        let seen = Expectation::seen(c.assignee.clone(), c.version);
        let verdict = action::decide(&team, &team.people[&user(viewer)], &busy, &Deed::Unassign, &seen);
        prop_assert!(matches!(verdict, Verdict::Do(_)), "{:?}", verdict);
    }

    /// A6, A1: only the unassigned is taken, and by replying owned; nobody's is never taken away.
    #[test]
    fn a1_a6_taking_and_replying_never_take_from_somebody((n, viewer, told) in scene()) {
        let (team, c) = (n.team(), conversation(told));
        let by = &team.people[&user(viewer)];
        for verdict in [
            action::decide(&team, by, &c, &Deed::Take, &Expectation::default()),
            action::reply(by, &c, Circumstances::default(), "Hello", &Expectation::default()),
        ] {
            if let Verdict::Do(change) = verdict {
                prop_assert_eq!(&c.assignee, &None);
                prop_assert_eq!(change.assignee.as_ref(), Some(&by.id));
                prop_assert_eq!(c.state, State::Open);
            }
        }
        if c.handler == Handler::Bot {
            let refused = matches!(action::reply(by, &c, Circumstances::default(), "Hello", &Expectation::default()), Verdict::Refused(_));
            prop_assert!(refused, "S4");
        }
    }

    /// U6: unassigning and undoing leaves what was, but that *just entered* stays ended.
    #[test]
    fn u6_undo_gives_back_what_an_unassign_took((n, viewer, told) in scene()) {
        let (team, c) = (n.team(), conversation(told));
        prop_assume!(told.2 && n.may_unassign(viewer, told));
        let by = &team.people[&user(viewer)];
        let Verdict::Do(change) = action::decide(&team, by, &c, &Deed::Unassign, &Expectation::default()) else {
            return Err(TestCaseError::fail("allowed, so done"));
        };
        let gone = c.changed(&change);
        let done = act(Action::Unassign, viewer, &c, gone.acted);
        let undone = action::undo(&team, by, &done, &gone, Moment(1));
        let former = told.1.expect("somebody had it");
        let works_here = n.people[former].1 && !n.people[former].3 && n.has_access(former, told.0);
        match undone {
            Verdict::Do(change) => {
                prop_assert!(works_here);
                let back = gone.changed(&change);
                prop_assert_eq!(&back.assignee, &c.assignee);
                prop_assert_eq!(change.cause, Some(Cause::Undo));
                prop_assert!(!back.just_entered, "undo does not restore it");
            }
            Verdict::Refused(Refusal::FormerAssigneeLeft) => prop_assert!(!works_here),
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        }
        // Whatever was done to it since, an undo changes nothing.
        let later = Conversation { version: gone.version + 1, acted: gone.version + 1, ..gone.clone() };
        prop_assert!(!matches!(action::undo(&team, by, &done, &later, Moment(1)), Verdict::Do(_)));
        // Whatever was merely written since does not matter.
        let written = Conversation { version: gone.version + 5, ..gone.clone() };
        prop_assert_eq!(action::undo(&team, by, &done, &written, Moment(1)), action::undo(&team, by, &done, &gone, Moment(1)));
        let too_late = Moment(0).after(UNDO_WITHIN).after(std::time::Duration::from_secs(1));
        prop_assert_eq!(action::undo(&team, by, &done, &gone, too_late), Verdict::Refused(Refusal::TooLate));
    }

    /// M1: the menu never offers an act that would then be refused, and never hides one that would be done.
    #[test]
    fn m1_the_menu_says_what_the_act_would_come_to((n, viewer, told) in scene(), blocked: bool, window_closed: bool) {
        let (team, c) = (n.team(), conversation(told));
        prop_assume!(n.sees(viewer, (told.0, told.1.filter(|_| told.2), told.2, told.3)));
        let by = &team.people[&user(viewer)];
        let none = Expectation::default();
        let around = Circumstances { blocked, window_closed };
        let offered = |action| action::check(&team, by, &c, around, action).is_ok();
        prop_assert_eq!(offered(Action::Unassign), matches!(action::decide(&team, by, &c, &Deed::Unassign, &none), Verdict::Do(_)));
        prop_assert_eq!(offered(Action::Take), matches!(action::decide(&team, by, &c, &Deed::Take, &none), Verdict::Do(_)));
        let reply = action::reply(by, &c, around, "Hello", &none);
        prop_assert_eq!(offered(Action::Reply), matches!(reply, Verdict::Do(_) | Verdict::Already));
    }
}
