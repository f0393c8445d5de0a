//! Who is to have what is handed back: one person, or those signed in, in turn.

use std::collections::{BTreeMap, BTreeSet};

use super::{Load, Moving, Then};
use crate::{
    desk::{Colleague, Presence},
    domain::{
        id::{ConversationId, QueueId, UserId},
        named::Named,
    },
};

/// Queues of which the desk is asked who can have a conversation of them. Beyond these its answer to the act says.
const QUEUES: usize = 8;

/// Who is to have them.
#[derive(Debug, Default)]
pub struct Takers {
    /// Who can have a conversation of a queue, as the desk says.
    able: BTreeMap<QueueId, Able>,
    /// To whom they are given.
    pub to: Option<UserId>,
    /// Who is left out when they are spread.
    pub without: BTreeSet<UserId>,
    /// Those they are given to now, by name.
    pub now: Vec<Named<UserId>>,
}

#[derive(Debug)]
enum Able {
    /// Asked by this conversation.
    Asked(ConversationId),
    /// These.
    These(BTreeSet<UserId>),
    /// Not to be had: the desk's answer to the act says it.
    Unknown,
}

impl Takers {
    /// By which conversations the desk is still to be asked who can have what would move.
    pub fn questions(&mut self, moves: &[Moving]) -> Vec<ConversationId> {
        let queues: BTreeSet<&QueueId> = moves.iter().map(|m| &m.row.queue.id).collect();
        self.able.retain(|queue, _| queues.contains(queue));
        let mut questions = Vec::new();
        for moving in moves {
            if self.able.len() >= QUEUES {
                break;
            }
            if !self.able.contains_key(&moving.row.queue.id) {
                let id = moving.row.id.clone();
                questions.push(id.clone());
                self.able
                    .insert(moving.row.queue.id.clone(), Able::Asked(id));
            }
        }
        questions
    }

    /// The desk's answer to one of these questions; `None` if it had none.
    pub fn answer(&mut self, of: &ConversationId, people: Option<&[Colleague]>) {
        let asked = |able: &&mut Able| matches!(able, Able::Asked(id) if id == of);
        if let Some(able) = self.able.values_mut().find(asked) {
            *able = match people {
                Some(people) => Able::These(people.iter().map(|p| p.user.id.clone()).collect()),
                None => Able::Unknown,
            };
        }
    }

    /// Whether an answer is still to come.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        let asked = |able: &Able| matches!(able, Able::Asked(_));
        self.able.values().any(asked)
    }

    /// Those one can choose from. Whose conversations they are gets none of them; nor does the leader who spreads.
    pub fn candidates<'a>(
        &'a self,
        load: &'a Load,
        then: Then,
        me: Option<&'a UserId>,
    ) -> impl Iterator<Item = &'a Colleague> {
        let can = |id: &UserId| {
            self.able
                .values()
                .all(|able| !matches!(able, Able::These(these) if !these.contains(id)))
        };
        let there = move |person: &Colleague| {
            person.presence == Presence::SignedIn && Some(&person.user.id) != me
        };
        load.people().iter().filter(move |person| {
            let id = &person.user.id;
            !load.is_picked(id) && (then == Then::Give || there(person)) && can(id)
        })
    }

    /// Settles who gets them; says whether these are others than before.
    pub fn settle(&mut self, load: &Load, then: Then, me: Option<&UserId>) -> bool {
        let chosen = |person: &&Colleague| match then {
            Then::Queue => false,
            Then::Give => self.to.as_ref() == Some(&person.user.id),
            Then::Spread => !self.without.contains(&person.user.id),
        };
        let mut now: Vec<_> = self
            .candidates(load, then, me)
            .filter(chosen)
            .map(|person| person.user.clone())
            .collect();
        now.sort_by(|a, b| (a.name.as_str(), &a.id).cmp(&(b.name.as_str(), &b.id)));
        let changed = self.now != now;
        self.now = now;
        changed
    }
}
