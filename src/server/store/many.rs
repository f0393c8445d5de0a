//! The same done to many conversations at once, each by itself (U7).

use std::collections::HashSet;

use crate::domain::{
    access::Team,
    action::{Action, Deed, Expectation, Refusal},
    conversation::Conversation,
    id::{ConversationId, QueueId, UserId},
    person::Person,
};

/// How many conversations one request may act on.
pub const MANY: usize = 1_000;

/// The same to be done to many, each by itself (U7): one that cannot be is no reason for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many {
    /// What to do.
    pub deed: ManyDeed,
    /// To which, at most [`MANY`], in the order they are spread over people.
    pub items: Vec<Item>,
    /// Why, for the record.
    pub reason: Option<String>,
    /// Leave out what was written in, or changed in any way, since the version each item names; and what
    /// somebody answers right now, which `answered` tells (U7).
    pub if_quiet: bool,
    /// Conversations that somebody writes an answer to right now.
    pub answered: HashSet<ConversationId>,
}

/// One of many to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which conversation.
    pub id: ConversationId,
    /// What is believed of it (U5).
    pub expected: Expectation,
}

/// What can be done to many at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyDeed {
    /// Hand them back.
    Unassign,
    /// Spread them over these people, in turn; who may not have one is passed over.
    Assign(Vec<UserId>),
    /// Move them.
    Move(QueueId),
    /// Give them a status.
    Status(Option<String>),
}

impl Many {
    /// What is to be done to this conversation, which is the one `item` means; or why it is to be left alone.
    pub(super) fn deed(
        &self,
        team: &Team,
        by: &Person,
        item: &Item,
        turn: Turn,
        c: &Conversation,
    ) -> Result<(Deed, Turn), Refusal> {
        if self.if_quiet && self.answered.contains(&c.id) {
            return Err(Refusal::BeingAnswered);
        }
        // What was acted on since is a conflict, which says more.
        let written = |seen| c.acted <= seen && seen < c.version;
        if self.if_quiet && item.expected.version.is_some_and(written) {
            return Err(Refusal::NewActivity);
        }
        match &self.deed {
            ManyDeed::Unassign => Ok((Deed::Unassign, turn)),
            ManyDeed::Move(queue) => Ok((Deed::Move(queue.clone()), turn)),
            ManyDeed::Status(status) => Ok((Deed::Status(status.clone()), turn)),
            ManyDeed::Assign(people) => turn.of(people, |to| {
                let to = team.people.get(to);
                to.is_some_and(|to| team.can_assign(by, &c.standing(), to))
            }),
        }
    }
}

impl ManyDeed {
    pub(super) fn action(&self) -> Action {
        match self {
            Self::Unassign => Action::Unassign,
            Self::Assign(_) => Action::Assign,
            Self::Move(_) => Action::Move,
            Self::Status(_) => Action::Status,
        }
    }
}

/// Whose turn it is of those that many are spread over. It passes on only with what somebody got, so that what is
/// refused costs nobody a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn(usize);

impl Turn {
    /// The first from here on who may have it, and whose turn it is then. If nobody may, one of them is still named, so
    /// that the refusal says why.
    fn of(self, people: &[UserId], may: impl Fn(&UserId) -> bool) -> Result<(Deed, Self), Refusal> {
        let in_turn = || (0..people.len()).map(|n| (self.0 + n) % people.len());
        let next = in_turn().find(|&at| may(&people[at]));
        let next = next.or_else(|| in_turn().next());
        let at = next.ok_or(Refusal::CannotHold)?;
        Ok((Deed::Assign(people[at].clone()), Self(at + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_who_may_not_have_one_is_passed_over_and_costs_nobody_a_turn() {
        let people = ["ann", "ben", "cai"].map(|who| UserId::parse(who).unwrap());
        let (mut turn, mut got) = (Turn::default(), Vec::new());
        for _ in 0..6 {
            let (deed, next) = turn.of(&people, |who| who.as_str() != "ben").unwrap();
            turn = next;
            got.push(deed);
        }
        let to = |at: usize| Deed::Assign(people[at].clone());
        assert_eq!(got, [to(0), to(2), to(0), to(2), to(0), to(2)]);
        let nobody = turn.of(&people, |_| false).unwrap();
        assert!(matches!(nobody.0, Deed::Assign(_)), "the rules say why");
        assert_eq!(turn.of(&[], |_| true), Err(Refusal::CannotHold));
    }
}
