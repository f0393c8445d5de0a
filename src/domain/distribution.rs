//! Automatic distribution: who is given what, without anybody choosing it (A2–A4, Q2–Q5, U4).
//!
//! What a bot handles is given to nobody: nobody could answer it, and intervening assigns nothing either (S4). A
//! deleted queue gives nothing: what is in it is in no list (V7).

use std::{collections::HashSet, time::Duration};

use super::{
    action::Cause,
    conversation::{Conversation, Handler, State},
    id::{ConversationId, UserId},
    moment::Moment,
    person::Person,
    queue::{Queue, Rule, Turnover},
};

/// For how long a login does not return to somebody what another person handed back from them (U4).
pub const NOT_BACK_WITHIN: Duration = Duration::from_secs(8 * 3600);

/// Somebody who works in a queue and is there: signed in, and not away. What they have decides whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: UserId,
    /// How many open conversations of that queue they have (Q4).
    pub in_queue: u64,
    /// How many they have in all queues (A4).
    pub open: u64,
    /// When something was last assigned to them, by whom and whatever it was; `None` if never.
    pub last: Option<Moment>,
}

/// Whether this queue gives anything to this person when they are there (A4): they are *of* one of its teams;
/// that they stand above one is access, not work.
#[must_use]
pub fn works_in(person: &Person, queue: &Queue) -> bool {
    !queue.deleted
        && !person.suspended
        && person.permissions.conversations
        && queue.teams.contains(&person.organisation)
}

/// How many more the queue gives to somebody who has so many of it (Q4).
#[must_use]
pub fn room(queue: &Queue, in_queue: u64) -> u64 {
    match queue.max_open {
        None => u64::MAX,
        Some(max) => u64::from(max).saturating_sub(in_queue),
    }
}

/// Whether a conversation can be given to somebody at all: open, nobody's, and no bot's.
#[must_use]
pub fn can_be_given(c: &Conversation) -> bool {
    c.state == State::Open && c.assignee.is_none() && c.handler == Handler::Person
}

/// Whether conversations that enter this queue are given to anybody.
#[must_use]
pub fn gives_on_entry(queue: &Queue) -> bool {
    !queue.deleted && queue.rule != Rule::SelfSelection
}

/// Whether who signs in is given the queue's unassigned ones (Q3).
#[must_use]
pub fn gives_on_login(queue: &Queue) -> bool {
    !queue.deleted && queue.on_login == Turnover::Redistribute
}

/// Whose a conversation becomes that enters this queue, and through what (A2). `last` is who had the last turn in the
/// queue's circle. `None`: it waits for whoever is first (A3).
#[must_use]
pub fn advisor<'a>(
    queue: &Queue,
    last: Option<&UserId>,
    there: &'a [Candidate],
) -> Option<(&'a UserId, Cause)> {
    let with_room = there.iter().filter(|c| room(queue, c.in_queue) > 0);
    match queue.rule {
        _ if !gives_on_entry(queue) => None,
        Rule::SelfSelection => None,
        Rule::RoundRobin => {
            // The next id after the last one, else the first of all: `false` sorts before `true`.
            let turn = |c: &&Candidate| (Some(&c.person) <= last, c.person.clone());
            with_room
                .min_by_key(turn)
                .map(|c| (&c.person, Cause::RoundRobin))
        }
        Rule::LeastBusy => {
            let weight = |c: &&Candidate| (c.open, c.last, c.person.clone());
            with_room
                .min_by_key(weight)
                .map(|c| (&c.person, Cause::LeastBusy))
        }
    }
}

/// Whether somebody else who is there could be given something of this queue: then what was handed back from who
/// signs in waits for them (U4).
#[must_use]
pub fn colleague_could(queue: &Queue, who: &UserId, there: &[Candidate]) -> bool {
    let mut others = there.iter().filter(|c| c.person != *who);
    others.any(|c| room(queue, c.in_queue) > 0)
}

/// Which of those that wait in a queue, oldest first (L1), go to who signs in and has room for so many (Q3). `not_back`
/// stay, because another person handed them back from who signs in, and a colleague could have them (U4).
pub fn share<'a>(
    waiting: impl IntoIterator<Item = &'a Conversation>,
    room: u64,
    not_back: &HashSet<ConversationId>,
) -> Vec<&'a Conversation> {
    let free = waiting
        .into_iter()
        .filter(|c| can_be_given(c) && !not_back.contains(&c.id));
    free.take(usize::try_from(room).unwrap_or(usize::MAX))
        .collect()
}

#[cfg(test)]
mod tests;
