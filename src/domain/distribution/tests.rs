use std::collections::HashMap;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::domain::{
    id::{OrganisationId, QueueId},
    moment::Moment,
    order::Place,
    person::Permissions,
};

fn user(n: usize) -> UserId {
    UserId::parse(&format!("u{n:02}")).unwrap()
}

fn organisation(n: usize) -> OrganisationId {
    OrganisationId::parse(&format!("o{n}")).unwrap()
}

fn queue(rule: Rule, max_open: Option<u32>) -> Queue {
    Queue {
        id: QueueId::parse("q").unwrap(),
        owner: organisation(0),
        teams: vec![organisation(1)],
        rule,
        on_login: Turnover::Redistribute,
        on_logout: Turnover::Nothing,
        max_open,
        active: true,
        deleted: false,
    }
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (0..6u64, 0..4u64, prop::option::of(0..4i64));
    vec(one, 1..7).prop_map(|all| {
        let each = all.into_iter().enumerate();
        each.map(|(n, (in_queue, elsewhere, last))| Candidate {
            person: user(n),
            in_queue,
            open: in_queue + elsewhere,
            last: last.map(Moment),
        })
        .collect()
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::SelfSelection),
        Just(Rule::RoundRobin),
        Just(Rule::LeastBusy)
    ]
}

/// Conversations enter one after the other; who got each.
fn enter(
    queue: &Queue,
    mut last: Option<UserId>,
    there: &mut [Candidate],
    entries: usize,
) -> Vec<Option<UserId>> {
    (0..entries)
        .map(|now| {
            let whose = advisor(queue, last.as_ref(), there).map(|(whose, _)| whose.clone());
            for one in there
                .iter_mut()
                .filter(|c| Some(&c.person) == whose.as_ref())
            {
                one.in_queue += 1;
                one.open += 1;
                one.last = Some(Moment(1_000 + now as i64));
                last.clone_from(&whose);
            }
            whose
        })
        .collect()
}

proptest! {
    /// A2: of n entries everybody of k gets n/k, one more or less, wherever the circle begins.
    #[test]
    fn a2_the_circle_is_fair(people in 1..9usize, entries in 0..60usize, begin in prop::option::of(0..12usize)) {
        let mut there: Vec<Candidate> = (0..people)
            .map(|n| Candidate { person: user(n), in_queue: 0, open: 0, last: None })
            .collect();
        let last = begin.map(user);
        let given = enter(&queue(Rule::RoundRobin, None), last, &mut there, entries);
        let mut turns: HashMap<UserId, usize> = HashMap::new();
        for whose in given {
            *turns.entry(whose.expect("somebody is there")).or_default() += 1;
        }
        for n in 0..people {
            let theirs = turns.get(&user(n)).copied().unwrap_or(0);
            prop_assert!(theirs.abs_diff(entries / people) <= 1, "{turns:?}");
        }
    }

    /// A4: the circle is by id: after whom it was comes the next one who is there and has room.
    #[test]
    fn a4_the_circle_goes_by_id(there in candidates(), max in prop::option::of(0..8u32), begin in prop::option::of(0..9usize)) {
        let queue = queue(Rule::RoundRobin, max);
        let last = begin.map(user);
        let got = advisor(&queue, last.as_ref(), &there).map(|(whose, cause)| {
            assert_eq!(cause, Cause::RoundRobin);
            whose.clone()
        });
        // Walk the circle one id at a time.
        let first = begin.map_or(0, |n| n + 1);
        let walked = (0..12).map(|step| user((first + step) % 12)).find(|id| {
            there.iter().any(|c| c.person == *id && max.is_none_or(|max| c.in_queue < u64::from(max)))
        });
        prop_assert_eq!(got, walked);
    }

    /// A2, A4: nobody with room has fewer, or as many and waits longer for something, or as long and an earlier id.
    #[test]
    fn a4_least_busy_is_least_busy(there in candidates(), max in prop::option::of(0..8u32)) {
        let queue = queue(Rule::LeastBusy, max);
        let has_room = |c: &&Candidate| max.is_none_or(|max| c.in_queue < u64::from(max));
        match advisor(&queue, None, &there) {
            None => prop_assert!(!there.iter().any(|c| has_room(&c))),
            Some((whose, cause)) => {
                prop_assert_eq!(cause, Cause::LeastBusy);
                let given = there.iter().find(|c| c.person == *whose).unwrap();
                prop_assert!(has_room(&given));
                for other in there.iter().filter(has_room).filter(|c| c.person != *whose) {
                    prop_assert!(other.open >= given.open);
                    if other.open == given.open {
                        prop_assert!(other.last >= given.last);
                        prop_assert!(other.last != given.last || other.person > given.person);
                    }
                }
            }
        }
    }

    /// Q4: nobody is ever given more than the maximum by a rule, whatever they had before.
    #[test]
    fn q4_never_over_the_maximum(rule in rule(), mut there in candidates(), max in 0..6u32, entries in 0..40usize) {
        let before = there.clone();
        let given = enter(&queue(rule, Some(max)), None, &mut there, entries);
        for (before, after) in before.iter().zip(&there) {
            prop_assert!(after.in_queue <= u64::from(max).max(before.in_queue));
        }
        // A3: what nobody could be given waits; and nothing waits while somebody has room.
        let rooms: u64 = before.iter().map(|c| u64::from(max).saturating_sub(c.in_queue)).sum();
        let somebody = given.iter().flatten().count() as u64;
        let expected = if rule == Rule::SelfSelection { 0 } else { rooms.min(entries as u64) };
        prop_assert_eq!(somebody, expected);
    }

    /// A4: only who is *of* a team: neither above it, nor below it, nor the owner.
    #[test]
    fn a4_who_works_in_a_queue(of in 0..3usize, conversations: bool, suspended: bool, deleted: bool, admin: bool) {
        let permissions = Permissions { conversations, admin, ..Permissions::default() };
        let person = Person { id: user(0), organisation: organisation(of), permissions, suspended };
        let queue = Queue { deleted, ..queue(Rule::LeastBusy, None) };
        prop_assert_eq!(works_in(&person, &queue), of == 1 && conversations && !suspended && !deleted);
    }

    /// Q3, Q5, U4: a login takes the oldest that are free, as many as there is room for, and touches nothing else.
    #[test]
    fn q3_a_login_takes_the_oldest_free_ones(waiting in waiting(), room in 0..12u64, back in vec(any::<bool>(), 12)) {
        let not_back: HashSet<ConversationId> = waiting.iter().zip(&back)
            .filter(|(_, back)| **back).map(|(c, _)| c.id.clone()).collect();
        let got = share(&waiting, room, &not_back);
        let free = |c: &&Conversation| {
            c.assignee.is_none() && c.state == State::Open && c.handler == Handler::Person && !not_back.contains(&c.id)
        };
        let all: Vec<&Conversation> = waiting.iter().filter(free).collect();
        let expected = all.len().min(usize::try_from(room).unwrap());
        prop_assert_eq!(got, all[..expected].to_vec());
    }
}

/// Some of a queue in the order of L1, some of them somebody's, a bot's or closed.
fn waiting() -> impl Strategy<Value = Vec<Conversation>> {
    let one = (
        prop::option::weighted(0.3, 0..3usize),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
        any::<bool>(),
        0..50i64,
    );
    vec(one, 0..12).prop_map(|all| {
        let each = all.into_iter().enumerate();
        let mut some: Vec<Conversation> = each
            .map(
                |(n, (assignee, bot, closed, unanswered, since))| Conversation {
                    id: ConversationId::parse(&format!("C{n}")).unwrap(),
                    queue: QueueId::parse("q").unwrap(),
                    assignee: assignee.map(user),
                    state: if closed { State::Closed } else { State::Open },
                    handler: if bot { Handler::Bot } else { Handler::Person },
                    status: None,
                    touched: false,
                    unanswered,
                    just_entered: false,
                    since: Moment(since),
                    version: 1,
                    acted: 1,
                },
            )
            .collect();
        some.sort_by_key(Conversation::place);
        assert!(
            some.iter()
                .map(Conversation::place)
                .is_sorted_by(|a: &Place, b| a < b)
        );
        some
    })
}

#[test]
fn q7_a_deleted_queue_gives_nothing() {
    let there = [Candidate {
        person: user(1),
        in_queue: 0,
        open: 0,
        last: None,
    }];
    let queue = Queue {
        deleted: true,
        ..queue(Rule::RoundRobin, None)
    };
    assert_eq!(advisor(&queue, None, &there), None);
    assert!(!gives_on_login(&queue) && !gives_on_entry(&queue));
}

#[test]
fn u4_a_colleague_is_somebody_else_with_room() {
    let queue = queue(Rule::LeastBusy, Some(2));
    let one = |n, in_queue| Candidate {
        person: user(n),
        in_queue,
        open: in_queue,
        last: None,
    };
    assert!(!colleague_could(&queue, &user(1), &[one(1, 0)]));
    assert!(!colleague_could(&queue, &user(1), &[one(1, 0), one(2, 2)]));
    assert!(colleague_could(&queue, &user(1), &[one(1, 0), one(2, 1)]));
}
