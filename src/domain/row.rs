//! A conversation as a list shows it (L3).

use super::{
    action::closed_words,
    conversation::{Handler, State},
    id::{ConversationId, QueueId, UserId},
    message::{Delivery, Direction},
    moment::Moment,
    named::Named,
    order::{Group, Place},
    text::Safe,
};

/// One row of the list. Nothing in it differs by who looks, so a desk makes it once for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which conversation.
    pub id: ConversationId,
    /// The customer.
    pub contact: Contact,
    /// The channel's name: `WhatsApp`, `SMS` …
    pub channel: Safe,
    /// Its queue.
    pub queue: Named<QueueId>,
    /// Open or closed.
    pub state: State,
    /// The business tag, if one is set (S3).
    pub status: Option<Safe>,
    /// Person or bot.
    pub handler: Handler,
    /// Who has it; nobody if unassigned.
    pub assignee: Option<Named<UserId>>,
    /// Its newest message, if it has one.
    pub last_message: Option<LastMessage>,
    /// The customer waits for us (L1).
    pub unanswered: bool,
    /// It just entered its queue (L1).
    pub just_entered: bool,
    /// *Waiting since* if unanswered, else the last message's time (L1).
    pub since: Moment,
    /// Until when free text may be sent, where the channel has such a limit (S6).
    pub reply_until: Option<Moment>,
    /// Who else is reading or replying (L3).
    pub active: Vec<Active>,
    /// Orders what is heard of this conversation: the higher one is newer (U5).
    pub version: u64,
}

impl Row {
    /// Where it stands in the list (L1).
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            group: self.group(),
            since: self.since,
            id: self.id.clone(),
        }
    }

    /// Its group in the list (L1).
    #[must_use]
    pub fn group(&self) -> Group {
        Group::of(self.unanswered, self.just_entered)
    }

    /// Who has it, if anybody.
    #[must_use]
    pub fn holder(&self) -> Option<UserId> {
        self.assignee.as_ref().map(|assignee| assignee.id.clone())
    }

    /// Whether `user` has it.
    #[must_use]
    pub fn is_held_by(&self, user: &UserId) -> bool {
        self.assignee.as_ref().is_some_and(|a| a.id == *user)
    }
}

/// The customer of a conversation, as they call themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// May be empty: then the address is all we know.
    pub name: Safe,
    /// The identifier within the channel: a number, an address, a handle.
    pub address: Safe,
}

impl Contact {
    /// What to call them: the name, or the address where there is none.
    #[must_use]
    pub fn shown(&self) -> &Safe {
        if self.name.is_empty() {
            &self.address
        } else {
            &self.name
        }
    }
}

/// The newest message of a conversation, as far as a row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMessage {
    /// From the customer or from us.
    pub direction: Direction,
    /// Its beginning, at most 512 bytes (R6), on one line.
    pub preview: Safe,
    /// When it was written.
    pub at: Moment,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
}

/// Somebody who is in a conversation right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// Who.
    pub who: Named<UserId>,
    /// What they are doing there.
    pub what: Activity,
}

closed_words! {
    /// What somebody is doing in a conversation.
    Activity, "activity":
    /// Reading it.
    Viewing "viewing"
    /// Writing an answer.
    Replying "replying"
    /// Not there, but with a draft kept.
    Draft "draft"
}
