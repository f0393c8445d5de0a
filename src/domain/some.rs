//! Handing back some, but not all: which of somebody's conversations a rule moves, and why the others stay (U7).

use super::{
    access::Team,
    action::Refusal,
    conversation::Conversation,
    id::{ConversationId, QueueId},
    moment::Moment,
    person::Person,
    queue::{Queue, Turnover},
};

/// Which of them move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Only those of this queue.
    pub queue: Option<QueueId>,
    /// Only those with this status.
    pub status: Option<String>,
    /// Only those their assignee did nothing to since they became theirs.
    pub untouched: bool,
    /// How many at most.
    pub count: usize,
}

/// One of somebody's conversations.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// As it stands.
    pub conversation: &'a Conversation,
    /// Somebody writes an answer to it right now.
    pub being_answered: bool,
    /// Its assignee keeps a draft of an answer.
    pub draft_kept: bool,
}

/// What moves and what stays, as places in what was given; each once, the oldest waiting first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// What moves.
    pub moves: Vec<usize>,
    /// What stays, and why.
    pub stays: Vec<(usize, Refusal)>,
}

/// Which of them move by a rule, when `by` hands them back. Whose they are makes no difference: those of several
/// people are taken together, and those move that have waited longest over all.
#[must_use]
pub fn choose(team: &Team, by: &Person, all: &[Candidate<'_>], rule: &Rule) -> Chosen {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&at| oldest_first(all[at].conversation));
    let mut chosen = Chosen::default();
    for at in order {
        match why_not(team, by, &all[at], rule) {
            Some(why) => chosen.stays.push((at, why)),
            None if chosen.moves.len() >= rule.count => {
                chosen.stays.push((at, Refusal::NotChosen));
            }
            None => chosen.moves.push(at),
        }
    }
    chosen
}

/// Those that wait for us by how long, then the answered ones by their last message. Having just entered its queue,
/// which a list shows first (L1), makes nobody wait longer.
fn oldest_first(c: &Conversation) -> (bool, Moment, &ConversationId) {
    (!c.unanswered, c.since, &c.id)
}

/// Why one stays, whatever the number: what cannot be helped first, then what was asked for, then who is at it.
fn why_not(team: &Team, by: &Person, one: &Candidate<'_>, rule: &Rule) -> Option<Refusal> {
    let c = one.conversation;
    let other = |wanted: Option<&str>, is: &str| wanted.is_some_and(|wanted| wanted != is);
    let status = c.status.as_deref().unwrap_or_default();
    [
        (!team.can_unassign(by, &c.standing()), Refusal::NotYours),
        (
            other(rule.queue.as_ref().map(QueueId::as_str), c.queue.as_str()),
            Refusal::OtherQueue,
        ),
        (other(rule.status.as_deref(), status), Refusal::OtherStatus),
        (rule.untouched && c.touched, Refusal::Touched),
        (one.being_answered, Refusal::BeingAnswered),
        (one.draft_kept, Refusal::DraftKept),
    ]
    .into_iter()
    .find_map(|(stays, why)| stays.then_some(why))
}

/// The queues among these that would hand what comes back to whoever signs in next (Q3), each once.
#[must_use]
pub fn handing_out<'a>(
    team: &'a Team,
    moved: impl IntoIterator<Item = &'a QueueId>,
) -> Vec<&'a Queue> {
    let mut queues: Vec<&Queue> = moved
        .into_iter()
        .filter_map(|id| team.queues.get(id))
        .filter(|queue| queue.on_login == Turnover::Redistribute)
        .collect();
    queues.sort_by(|a, b| a.id.cmp(&b.id));
    queues.dedup_by(|a, b| a.id == b.id);
    queues
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        conversation::{Handler, State},
        id::{OrganisationId, UserId},
        organisation::Tree,
        person::Permissions,
        queue,
    };

    const QUEUES: [&str; 2] = ["payments", "letters"];
    const STATUSES: [&str; 2] = ["", "promise to pay"];

    fn queue_id(index: usize) -> QueueId {
        QueueId::parse(QUEUES[index]).unwrap()
    }

    fn person(name: &str, organisation: &str) -> Person {
        Person {
            id: UserId::parse(name).unwrap(),
            organisation: OrganisationId::parse(organisation).unwrap(),
            permissions: Permissions {
                conversations: true,
                ..Permissions::default()
            },
            suspended: false,
        }
    }

    /// gwen at head, anna below her in cardiff; both queues are head's, `payments` hands out at a login.
    fn team() -> Team {
        let (head, cardiff) = (
            OrganisationId::parse("head").unwrap(),
            OrganisationId::parse("cardiff").unwrap(),
        );
        let queues = [Turnover::Redistribute, Turnover::Nothing]
            .into_iter()
            .enumerate();
        let queues = queues.map(|(index, on_login)| Queue {
            id: queue_id(index),
            owner: head.clone(),
            teams: vec![cardiff.clone()],
            rule: queue::Rule::default(),
            on_login,
            on_logout: Turnover::default(),
            max_open: None,
            active: true,
            deleted: false,
        });
        Team {
            tree: Tree::new([(head.clone(), None), (cardiff.clone(), Some(head.clone()))]).unwrap(),
            people: [person("gwen", "head"), person("anna", "cardiff")]
                .map(|p| (p.id.clone(), p))
                .into(),
            queues: queues.map(|q| (q.id.clone(), q)).collect(),
            ..Team::default()
        }
    }

    #[derive(Clone, Debug)]
    struct One {
        conversation: Conversation,
        being_answered: bool,
        draft_kept: bool,
    }

    impl One {
        fn candidate(&self) -> Candidate<'_> {
            Candidate {
                conversation: &self.conversation,
                being_answered: self.being_answered,
                draft_kept: self.draft_kept,
            }
        }
    }

    fn one() -> impl Strategy<Value = One> {
        let conversation = (
            0..2usize,
            0..2usize,
            prop::sample::select(vec!["anna", "gwen"]),
            (any::<bool>(), any::<bool>(), any::<bool>()),
            0..6i64,
        );
        let conversation = conversation.prop_map(
            |(queue, status, assignee, (touched, unanswered, just_entered), since)| Conversation {
                id: ConversationId::parse("0").unwrap(),
                queue: queue_id(queue),
                assignee: Some(UserId::parse(assignee).unwrap()),
                state: State::Open,
                handler: Handler::Person,
                status: Some(STATUSES[status].to_owned()).filter(|s| !s.is_empty()),
                touched,
                unanswered,
                just_entered,
                since: Moment(since),
                version: 1,
                acted: 1,
            },
        );
        let busy = (prop::bool::weighted(0.2), prop::bool::weighted(0.2));
        (conversation, busy).prop_map(|(conversation, (being_answered, draft_kept))| One {
            conversation,
            being_answered,
            draft_kept,
        })
    }

    fn some() -> impl Strategy<Value = Vec<One>> {
        prop::collection::vec(one(), 0..24).prop_map(|mut all| {
            for (n, one) in all.iter_mut().enumerate() {
                one.conversation.id = ConversationId::parse(&format!("c{n}")).unwrap();
            }
            all
        })
    }

    fn rule() -> impl Strategy<Value = Rule> {
        let queue = prop::option::of(0..2usize);
        let status = prop::option::of(0..2usize);
        (queue, status, any::<bool>(), 0..12usize).prop_map(|(queue, status, untouched, count)| {
            Rule {
                queue: queue.map(queue_id),
                status: status.map(|status| STATUSES[status].to_owned()),
                untouched,
                count,
            }
        })
    }

    proptest! {
        #[test]
        fn u7_each_moves_or_stays_the_oldest_first_never_more_than_asked(
            all in some(), rule in rule(), leads in any::<bool>(),
        ) {
            let team = team();
            let by = &team.people[&UserId::parse(if leads { "gwen" } else { "anna" }).unwrap()];
            let candidates: Vec<_> = all.iter().map(One::candidate).collect();
            let Chosen { moves, stays } = choose(&team, by, &candidates, &rule);

            let places: BTreeSet<usize> = moves.iter().copied().chain(stays.iter().map(|s| s.0)).collect();
            prop_assert_eq!(places.len(), moves.len() + stays.len(), "none is in both");
            prop_assert_eq!(places, (0..all.len()).collect::<BTreeSet<_>>());
            prop_assert!(moves.len() <= rule.count);

            let waited = |at: usize| {
                let c = &all[at].conversation;
                (u8::from(!c.unanswered), c.since.0, c.id.as_str().to_owned())
            };
            prop_assert!(moves.is_sorted_by_key(|&at| waited(at)));
            prop_assert!(stays.is_sorted_by_key(|&(at, _)| waited(at)));
            let last = moves.iter().map(|&at| waited(at)).max();
            for &(at, why) in &stays {
                let one = &all[at];
                let c = &one.conversation;
                let fits = rule.queue.as_ref().is_none_or(|q| *q == c.queue)
                    && rule.status.as_deref().is_none_or(|s| s == c.status.as_deref().unwrap_or_default())
                    && !(rule.untouched && c.touched);
                let may = leads || c.assignee.as_ref() == Some(&by.id);
                let quiet = !one.being_answered && !one.draft_kept;
                prop_assert_eq!(why == Refusal::NotChosen, fits && may && quiet);
                prop_assert_eq!(why == Refusal::NotYours, !may);
                if why == Refusal::NotChosen {
                    prop_assert_eq!(moves.len(), rule.count, "none stays while there is room");
                    prop_assert!(last.as_ref().is_none_or(|last| *last < waited(at)), "an older one moves first");
                }
            }
            for at in moves {
                let one = &all[at];
                prop_assert!(!one.being_answered && !one.draft_kept, "a busy one never moves");
                prop_assert!(team.can_unassign(by, &one.conversation.standing()));
                prop_assert!(!(rule.untouched && one.conversation.touched));
            }
        }
    }

    #[test]
    fn u7_q3_only_queues_that_hand_out_at_a_login_are_warned_of_each_once() {
        let team = team();
        let moved = [queue_id(0), queue_id(1), queue_id(0)];
        let warned = handing_out(&team, &moved);
        assert_eq!(
            warned.iter().map(|q| &q.id).collect::<Vec<_>>(),
            [&queue_id(0)]
        );
    }
}
