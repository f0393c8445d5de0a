//! The rules of the domain against an independent, naive restatement, over random teams.
//!
//! The restatement is in [`naive`]; where the two disagree, one of them is wrong. Here is who sees what, and the main
//! job; [`acting`] has every other deed.

mod acting;
mod naive;

use handback::domain::{
    access::Onlooker,
    action::{
        self, Action, Cause, Circumstances, Deed, Expectation, Refusal, UNDO_WITHIN, Verdict,
    },
    conversation::{Conversation, Handler, Standing, State},
    event::{Entry, Heard},
    id::ConversationId,
    moment::Moment,
};
use proptest::{prelude::*, sample::Index};

use crate::naive::{act, conversation, scene, standing, user};

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
    fn v1_to_v6_whoever_looks_at_many_sees_each_as_if_it_were_the_only_one((n, viewer, _) in scene()) {
        let team = n.team();
        let viewer = &team.people[&user(viewer)];
        let mut onlooker = Onlooker::new(&team, viewer);
        let people: Vec<_> = team.people.keys().map(Some).chain([None]).collect();
        for (queue, assignee) in team.queues.keys().flat_map(|queue| people.iter().map(move |one| (queue, *one))) {
            let one = Standing { queue: queue.clone(), assignee: assignee.cloned(), open: true };
            prop_assert_eq!(onlooker.sees(queue, assignee), team.can_see(viewer, &one));
        }
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
            let (mine, theirs, owner) = (n.people[viewer].0, n.people[a].0, n.queues[told.0].owner);
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
}
