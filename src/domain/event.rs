//! What happened at the desk, and what each subscriber may hear of it.

use super::{
    access::Team,
    conversation::Standing,
    id::{ConversationId, MessageId},
    person::Person,
};

/// One entry of the desk's log: a conversation changed. Written in the transaction of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the log: gap-free and in the order of commits (R31).
    pub cursor: u64,
    /// Which conversation.
    pub conversation: ConversationId,
    /// How it stood before; `None` if it is new.
    pub before: Option<Standing>,
    /// How it stands since.
    pub after: Standing,
    /// The message that was written, if that is what happened.
    pub message: Option<MessageId>,
}

/// What a subscriber hears of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The conversation, as it is now.
    Row,
    /// That a conversation they saw is out of their sight; nothing else about it.
    Gone,
    /// Nothing at all (V8).
    Nothing,
}

impl Entry {
    /// What `viewer` hears, when the conversation stands as `now` says at the moment of sending (R32).
    #[must_use]
    pub fn heard_by(&self, viewer: &Person, team: &Team, now: &Standing) -> Heard {
        if team.can_see(viewer, now) {
            Heard::Row
        } else if self
            .before
            .as_ref()
            .is_some_and(|before| team.can_see(viewer, before))
            || team.can_see(viewer, &self.after)
        {
            Heard::Gone
        } else {
            Heard::Nothing
        }
    }
}
