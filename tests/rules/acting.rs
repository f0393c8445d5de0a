//! Every deed: who may, what it changes, what the menu says of it, and what undo makes of it.

use handback::domain::{
    access::Team,
    action::{
        self, Action, Cause, Change, Circumstances, Deed, Expectation, Former, RECLAIM_WITHIN,
        Refusal, UNDO_WITHIN, Verdict,
    },
    conversation::{Conversation, Handler, State},
    moment::Moment,
};
use proptest::{prelude::*, sample::Index};

use crate::naive::{Numbers, Told, act, conversation, queue_id, scene, standing, status, user};

/// A deed in plain numbers.
#[derive(Clone, Copy, Debug)]
enum Plain {
    Unassign,
    Take,
    Assign(usize),
    Move(usize),
    Status(Option<usize>),
    Block,
    Unblock,
    Close,
    Reopen,
    Intervene,
    Note { empty: bool },
}

/// A deed, its numbers still to be fitted to a team.
fn plain() -> impl Strategy<Value = (u8, Index)> {
    (0u8..12, any::<Index>())
}

impl Plain {
    fn of(n: &Numbers, (which, index): (u8, Index)) -> Self {
        match which {
            0 => Self::Unassign,
            1 => Self::Take,
            2 => Self::Assign(index.index(n.people.len())),
            3 => Self::Move(index.index(n.queues.len())),
            // One more than there are: a status nobody has.
            4 => Self::Status(Some(index.index(n.statuses.len() + 1))),
            5 => Self::Status(None),
            6 => Self::Block,
            7 => Self::Unblock,
            8 => Self::Close,
            9 => Self::Reopen,
            10 => Self::Intervene,
            _ => Self::Note {
                empty: index.index(2) == 0,
            },
        }
    }

    fn all(n: &Numbers) -> Vec<Self> {
        let mut all = vec![Self::Unassign, Self::Take, Self::Status(None), Self::Block];
        all.extend([Self::Unblock, Self::Close, Self::Reopen, Self::Intervene]);
        all.push(Self::Note { empty: false });
        all.extend((0..n.people.len()).map(Self::Assign));
        all.extend((0..n.queues.len()).map(Self::Move));
        all.extend((0..n.statuses.len()).map(|s| Self::Status(Some(s))));
        all
    }

    fn deed(self) -> Deed {
        match self {
            Self::Unassign => Deed::Unassign,
            Self::Take => Deed::Take,
            Self::Assign(to) => Deed::Assign(user(to)),
            Self::Move(to) => Deed::Move(queue_id(to)),
            Self::Status(to) => Deed::Status(to.map(status)),
            Self::Block => Deed::Block { until: None },
            Self::Unblock => Deed::Unblock,
            Self::Close => Deed::Close,
            Self::Reopen => Deed::Reopen,
            Self::Intervene => Deed::Intervene,
            Self::Note { empty: true } => Deed::Note(" \n".into()),
            Self::Note { empty: false } => Deed::Note("He rang.".into()),
        }
    }
}

/// What it comes to for somebody who sees it and expects nothing, said once more.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ComesTo {
    Already,
    Conflict,
    Refused,
    /// queue, assignee, status, open, bot, just entered, enters, cause
    Done(
        usize,
        Option<usize>,
        Option<usize>,
        bool,
        bool,
        bool,
        bool,
        Option<Cause>,
    ),
}

/// A conversation in plain numbers: the one told, its status, whether it just entered.
#[derive(Clone, Copy, Debug)]
struct Case {
    told: Told,
    status: Option<usize>,
    just_entered: bool,
    touched: bool,
}

impl Case {
    fn new((queue, assignee, open, bot): Told, status: Option<usize>, flags: u8) -> Self {
        // A closed one has no assignee (S1).
        let assignee = assignee.filter(|_| open);
        Self {
            told: (queue, assignee, open, bot),
            status,
            just_entered: flags & 1 == 1,
            touched: flags & 2 == 2 && assignee.is_some(),
        }
    }

    fn conversation(self) -> Conversation {
        Conversation {
            status: self.status.map(status),
            just_entered: self.just_entered,
            touched: self.touched,
            ..conversation(self.told)
        }
    }

    /// A6, A7, Q6–Q8, S1–S4, N1, U2, U3, L1, sentence by sentence.
    fn comes_to(self, n: &Numbers, v: usize, deed: Plain) -> ComesTo {
        let told = self.told;
        let (queue, assignee, open, bot) = told;
        let (tag, just) = (self.status, self.just_entered);
        let had = |cause| assignee.map(|_| cause);
        // "of an assigned one those who may unassign it, of an unassigned one whoever sees it"
        let lets_go = assignee.is_none() || n.may_unassign(v, told);
        let done = |to, cause| ComesTo::Done(queue, to, tag, open, bot, false, false, Some(cause));
        match deed {
            Plain::Unassign if assignee.is_none() => ComesTo::Already,
            Plain::Unassign if lets_go => done(None, Cause::Unassign),
            Plain::Take if assignee == Some(v) => ComesTo::Already,
            Plain::Take if !open => ComesTo::Refused,
            Plain::Take if assignee.is_some() => ComesTo::Conflict,
            Plain::Take => done(Some(v), Cause::Take),
            Plain::Assign(to) if assignee == Some(to) => ComesTo::Already,
            Plain::Assign(to) if open && n.may_assign(v, told, to) => done(Some(to), Cause::Assign),
            Plain::Move(to) if to == queue && open => ComesTo::Already,
            Plain::Move(to) => {
                let lane = &n.queues[to];
                if open && lets_go && lane.active && !lane.deleted && n.has_access(v, to) {
                    ComesTo::Done(to, None, tag, true, bot, true, true, had(Cause::Move))
                } else {
                    ComesTo::Refused
                }
            }
            Plain::Status(to) if to == tag => ComesTo::Already,
            Plain::Status(to) if to.is_none_or(|to| n.has_status(v, to)) => {
                ComesTo::Done(queue, assignee, to, open, bot, just, false, None)
            }
            Plain::Close if !open => ComesTo::Already,
            Plain::Close if lets_go => ComesTo::Done(
                queue,
                None,
                tag,
                false,
                bot,
                false,
                false,
                had(Cause::Close),
            ),
            Plain::Reopen if open => ComesTo::Already,
            Plain::Reopen => ComesTo::Done(queue, None, tag, true, bot, true, true, None),
            Plain::Intervene if !bot => ComesTo::Already,
            Plain::Intervene => {
                ComesTo::Done(queue, assignee, tag, open, false, false, false, None)
            }
            Plain::Block | Plain::Unblock | Plain::Note { empty: false } => {
                ComesTo::Done(queue, assignee, tag, open, bot, just, false, None)
            }
            Plain::Unassign
            | Plain::Assign(_)
            | Plain::Status(_)
            | Plain::Close
            | Plain::Note { empty: true } => ComesTo::Refused,
        }
    }
}

fn case() -> impl Strategy<Value = (Numbers, usize, Case)> {
    let around = (any::<Option<Index>>(), 0u8..4);
    (scene(), around).prop_map(|((n, v, told), (tag, flags))| {
        let tag = tag
            .filter(|_| !n.statuses.is_empty())
            .map(|tag| tag.index(n.statuses.len()));
        (n, v, Case::new(told, tag, flags))
    })
}

fn said(n: &Numbers, verdict: &Verdict) -> ComesTo {
    let change = match verdict {
        Verdict::Do(change) => change,
        Verdict::Already => return ComesTo::Already,
        Verdict::Conflict => return ComesTo::Conflict,
        Verdict::Refused(_) => return ComesTo::Refused,
    };
    let number = |id: Option<&str>| id.map(|id| id[1..].parse::<usize>().expect("a number"));
    let queue = number(Some(change.queue.as_str())).filter(|q| *q < n.queues.len());
    ComesTo::Done(
        queue.expect("a queue there is"),
        number(change.assignee.as_ref().map(|id| id.as_str())),
        number(change.status.as_deref()),
        change.state == State::Open,
        change.handler == Handler::Bot,
        change.just_entered,
        change.enters,
        change.cause,
    )
}

/// What a viewer who expects nothing is told of a deed.
fn asked(team: &Team, v: usize, c: &Conversation, deed: Plain) -> Verdict {
    let by = &team.people[&user(v)];
    action::decide(team, by, c, &deed.deed(), &Expectation::default())
}

/// The deed done, and by a queue's rule given to somebody, as the floor above does it.
fn carried_out(
    n: &Numbers,
    c: &Conversation,
    change: &Change,
    advisor: Option<Index>,
) -> Conversation {
    let mut after = c.changed(change);
    if let Some(advisor) = advisor.filter(|_| change.enters) {
        let advisor = advisor.index(n.people.len());
        let lane = after.queue.as_str()[1..].parse().expect("a number");
        after.assignee = Some(user(advisor)).filter(|_| n.can_hold(advisor, lane));
    }
    after
}

fn can_be_undone(deed: Plain) -> bool {
    !matches!(deed, Plain::Unblock | Plain::Intervene | Plain::Note { .. })
}

/// Whether undo may make it as it was: its queue takes it, and whoever had it may have it again and could be asked
/// for it by who takes the act back.
fn could_be_again(n: &Numbers, v: usize, was: Case, c: &Conversation) -> bool {
    let (queue, assignee, ..) = was.told;
    let lane = &n.queues[queue];
    let queue_takes_it =
        queue_id(queue) == c.queue || (lane.active && !lane.deleted && n.has_access(v, queue));
    let may_have_it = assignee.is_none_or(|former| {
        Some(user(former)) == c.assignee
            || (n.can_hold(former, queue) && n.may_unassign(v, was.told))
    });
    queue_takes_it && may_have_it
}

/// Whether a refusal is about whom or what a deed names, and not about the conversation or who does it.
fn is_about_the_target(why: Refusal) -> bool {
    matches!(
        why,
        Refusal::CannotHold
            | Refusal::MayNotAssign
            | Refusal::NoSuchQueue
            | Refusal::QueueInactive
            | Refusal::NoSuchStatus
            | Refusal::Empty
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 800,
        max_global_rejects: 400_000, // Most people may not do most things.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a6_who_may_assign_to_whom((n, v, case) in case(), to in any::<Index>()) {
        let (team, to) = (n.team(), to.index(n.people.len()));
        prop_assert_eq!(
            team.can_assign(&team.people[&user(v)], &standing(case.told), &team.people[&user(to)]),
            n.may_assign(v, case.told, to)
        );
    }

    #[test]
    fn a7_q6_every_deed_is_done_by_whom_and_as_the_rules_say((n, v, case) in case(), deed in plain()) {
        prop_assume!(n.sees(v, case.told));
        let (team, c, deed) = (n.team(), case.conversation(), Plain::of(&n, deed));
        let verdict = asked(&team, v, &c, deed);
        prop_assert_eq!(said(&n, &verdict), case.comes_to(&n, v, deed));
        if let Verdict::Do(change) = verdict {
            let after = c.changed(&change);
            let same = Conversation {
                queue: c.queue.clone(), assignee: c.assignee.clone(), state: c.state, handler: c.handler,
                status: c.status.clone(), just_entered: c.just_entered, version: c.version, acted: c.acted,
                touched: c.touched, ..after.clone()
            };
            prop_assert_eq!(same, c.clone(), "messages and their order are no act's to change (U3)");
            prop_assert_eq!(after.version, c.version + 1);
            let acts = Change { enters: false, cause: None, just_entered: c.just_entered, ..change.clone() } != Change::none(&c);
            prop_assert_eq!(after.acted, if acts { after.version } else { c.acted }, "U5: notes and blocks never conflict");
            prop_assert_eq!(change.cause.is_some(), after.assignee != c.assignee, "U9: a cause for each change of assignee");
            prop_assert_eq!(after.touched, c.touched && after.assignee == c.assignee, "U7");
            prop_assert!(after.state == State::Open || after.assignee.is_none(), "S1");
            prop_assert!(deed.deed() == Deed::Unassign || n.may_unassign(v, case.told) || c.assignee.is_none() || after.assignee == c.assignee,
                "U2: nobody else's is taken away");
        }
    }

    /// U5: nothing is done to whom, or to what, was not meant.
    #[test]
    fn u5_every_deed_holds_to_what_was_believed(
        (n, v, case) in case(),
        deed in plain(),
        believed in prop::option::of(prop::option::of(any::<Index>())),
        version in prop::option::of(3u64..9),
    ) {
        prop_assume!(n.sees(v, case.told));
        let (team, c, deed) = (n.team(), case.conversation(), Plain::of(&n, deed));
        let assignee = believed.map(|b| b.map(|i| user(i.index(n.people.len()))));
        let expected = Expectation { assignee: assignee.clone(), version };
        let verdict = action::decide(&team, &team.people[&user(v)], &c, &deed.deed(), &expected);
        let another = assignee.is_some_and(|who| who != c.assignee);
        let never_conflicts = matches!(deed, Plain::Note { .. } | Plain::Block | Plain::Unblock);
        let stale = !never_conflicts && version.is_some_and(|seen| seen < c.acted);
        match (case.comes_to(&n, v, deed), verdict) {
            (ComesTo::Done(..), Verdict::Do(_)) => prop_assert!(!another && !stale),
            (ComesTo::Done(..), verdict) => prop_assert!(verdict == Verdict::Conflict && (another || stale)),
            (_, verdict) => prop_assert!(!matches!(verdict, Verdict::Do(_)), "what is not done without is not done with"),
        }
    }

    /// M1: the menu offers what would be done, and dims what would not, for every action and everything it can name.
    #[test]
    fn m1_the_menu_says_what_the_deed_would_come_to((n, v, case) in case(), blocked in any::<bool>()) {
        prop_assume!(n.sees(v, case.told));
        let (team, c) = (n.team(), case.conversation());
        let (by, around) = (&team.people[&user(v)], Circumstances { blocked });
        for deed in Plain::all(&n) {
            let offered = action::check(&team, by, &c, around, deed.deed().action());
            // Whether a contact is on the blocklist is asked of the floor that keeps it.
            let is_so = matches!((deed, blocked), (Plain::Block, true) | (Plain::Unblock, false));
            match (asked(&team, v, &c, deed), offered) {
                (Verdict::Do(_), offered) => prop_assert_eq!(offered.is_ok(), !is_so, "{:?}", deed),
                (Verdict::Already, Ok(())) => prop_assert!(
                    matches!(deed, Plain::Assign(_) | Plain::Move(_) | Plain::Status(_)), "another can be named: {:?}", deed
                ),
                (Verdict::Refused(why), Ok(())) => prop_assert!(is_about_the_target(why), "{:?}: {:?}", deed, why),
                (Verdict::Conflict, Ok(())) => prop_assert!(false, "{:?}", deed),
                (_, Err(_)) => {}
            }
        }
        let reply = action::reply(by, &c, around, "Hello", &Expectation::default());
        let offered = action::check(&team, by, &c, around, Action::Reply);
        prop_assert_eq!(offered.is_ok(), matches!(reply, Verdict::Do(_) | Verdict::Already));
    }

    /// U6: whatever was done is as it was, if it may be, and nothing of it otherwise.
    #[test]
    fn u6_undo_restores_what_was(
        (n, v, case) in case(), deed in plain(), advisor in any::<Option<Index>>(), touched in any::<bool>(),
    ) {
        prop_assume!(n.sees(v, case.told));
        let (team, c, deed) = (n.team(), case.conversation(), Plain::of(&n, deed));
        let by = &team.people[&user(v)];
        let Verdict::Do(change) = asked(&team, v, &c, deed) else {
            return Err(TestCaseError::reject("not done"));
        };
        let mut gone = carried_out(&n, &c, &change, advisor);
        let done = act(deed.deed().action(), v, &c, gone.version);
        // Whoever has it through the act may be at it by now.
        gone.touched |= touched && gone.assignee.is_some();
        let may_take = gone.assignee.is_none() || gone.assignee == c.assignee || !gone.touched
            || team.can_unassign(by, &gone.standing());
        let undone = action::undo(&team, by, &done, &gone, Moment(1));
        if !can_be_undone(deed) {
            prop_assert_eq!(undone, Verdict::Refused(Refusal::CannotBeUndone));
            return Ok(());
        }
        if let Plain::Block = deed {
            prop_assert_eq!(undone, Verdict::Do(Change::none(&gone)));
            return Ok(());
        }
        let could = may_take && could_be_again(&n, v, case, &gone);
        match &undone {
            Verdict::Do(change) => {
                prop_assert!(could);
                let back = gone.changed(change);
                prop_assert_eq!(Former::of(&back), Former::of(&c));
                prop_assert_eq!(back.handler, c.handler);
                prop_assert!(!back.just_entered && !change.enters, "L1: undo does not restore it, and no rule runs");
                prop_assert_eq!(change.cause, (back.assignee != gone.assignee).then_some(Cause::Undo));
            }
            Verdict::Refused(_) => prop_assert!(!could, "{:?} {:?}", deed, undone),
            other => prop_assert!(false, "{:?}", other),
        }
        // Only by whoever did it, not too late, and not if anything was done to it since, whatever was written.
        let written = Conversation { version: gone.version + 5, ..gone.clone() };
        prop_assert_eq!(action::undo(&team, by, &done, &written, Moment(1)), undone);
        let later = Conversation { version: gone.version + 1, acted: gone.version + 1, ..gone.clone() };
        prop_assert!(!matches!(action::undo(&team, by, &done, &later, Moment(1)), Verdict::Do(_)));
        let too_late = Moment(1).after(UNDO_WITHIN);
        prop_assert_eq!(action::undo(&team, by, &done, &gone, too_late), Verdict::Refused(Refusal::TooLate));
        let others = action::Act { by: user(n.people.len()), ..done };
        prop_assert!(!matches!(action::undo(&team, by, &others, &gone, Moment(1)), Verdict::Do(_)));
    }

    /// Q9: what a lost line handed back is its owner's again within half an hour, as far as it is free, whatever else
    /// was done to it.
    #[test]
    fn q9_what_a_lost_line_handed_back_comes_back_while_it_is_free(
        (n, v, case) in case(), now in (any::<Option<Index>>(), any::<Option<Index>>(), any::<bool>()), since in 0u64..9,
    ) {
        let team = n.team();
        let before = Conversation { assignee: Some(user(v)), state: State::Open, ..case.conversation() };
        let handed = before.changed(&Change::of_assignee(&before, None, Cause::Logout));
        let lost = action::Act { line_lost: true, ..act(Action::Unassign, v, &before, handed.version) };
        let (holder, queue, open) = now;
        let queue = queue.map_or(case.told.0, |q| q.index(n.queues.len()));
        let holder = holder.filter(|_| open).map(|who| who.index(n.people.len()));
        let c = Conversation {
            assignee: holder.map(user), queue: queue_id(queue),
            state: if open { State::Open } else { State::Closed },
            acted: handed.acted + since, version: handed.version + since, ..handed
        };
        let by = &team.people[&user(v)];
        let undone = action::undo(&team, by, &lost, &c, Moment(0).after(RECLAIM_WITHIN));
        let free = open && holder.is_none() && queue == case.told.0;
        match &undone {
            Verdict::Do(change) => {
                prop_assert!(free && n.can_hold(v, queue));
                prop_assert_eq!(c.changed(change).assignee, Some(user(v)));
                prop_assert_eq!((&change.status, change.cause), (&c.status, Some(Cause::Undo)));
            }
            Verdict::Already => prop_assert_eq!(holder, Some(v)),
            Verdict::Conflict => prop_assert!(holder.is_some_and(|who| who != v)),
            Verdict::Refused(_) => prop_assert!(!free || !n.can_hold(v, queue)),
        }
        let too_late = Moment(1).after(RECLAIM_WITHIN);
        prop_assert_eq!(action::undo(&team, by, &lost, &c, too_late), Verdict::Refused(Refusal::TooLate));
    }

    /// V8: who did an act is told of it while it stands, and after that only what they see.
    #[test]
    fn v8_looking_back_tells_no_more_than_one_did((n, v, case) in case(), given in any::<Index>(), since in 0u64..2, touched in any::<bool>()) {
        let team = n.team();
        let c = Conversation { assignee: Some(user(given.index(n.people.len()))), touched, state: State::Open, ..case.conversation() };
        let done = act(Action::Assign, v, &c, c.acted - since);
        let looks = action::may_look_back(&team, &team.people[&user(v)], &done, &c);
        let told = (case.told.0, Some(given.index(n.people.len())), true, false);
        let stands = since == 0 && !touched && n.can_hold(v, case.told.0);
        prop_assert_eq!(looks, n.sees(v, told) || stands);
    }
}
