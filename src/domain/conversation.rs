//! A conversation, as far as the rules need to know it.

use super::{
    id::{ConversationId, QueueId, UserId},
    moment::Moment,
    order::{Group, Place},
};

/// The facts of a conversation that decide who sees it, who may do what, and where it stands.
/// What an advisor reads of it is [`super::row::Row`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Which conversation.
    pub id: ConversationId,
    /// Its last queue: always set, also when it is closed or the queue deleted (V7).
    pub queue: QueueId,
    /// Who has it; nobody if unassigned.
    pub assignee: Option<UserId>,
    /// Open or closed.
    pub state: State,
    /// A person or a bot answers it (S4).
    pub handler: Handler,
    /// The business tag, if one is set (S3).
    pub status: Option<String>,
    /// Its assignee did something to it since it became theirs: wrote, noted, set a status (U7). False if nobody has it.
    pub touched: bool,
    /// The last message came from the customer, or our last one failed (L1).
    pub unanswered: bool,
    /// It just entered its queue (L1); ended by a reply, take, assign, unassign or intervene.
    pub just_entered: bool,
    /// *Waiting since* if unanswered, else the time of the last message (L1).
    pub since: Moment,
    /// Rises with every change of the row and orders answers and events (U5).
    pub version: u64,
    /// The version at which it was last *acted on*: assignee, queue, status, open/closed or handler
    /// changed. Messages, deliveries and notes raise `version` only, so they never conflict (U5).
    pub acted: u64,
}

impl Conversation {
    /// Where it stands in the list (L1).
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            group: Group::of(self.unanswered, self.just_entered),
            since: self.since,
            id: self.id.clone(),
        }
    }

    /// What visibility depends on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            queue: self.queue.clone(),
            assignee: self.assignee.clone(),
            open: self.state == State::Open,
        }
    }
}

/// All that decides who sees a conversation, and in which counts it is: kept in each entry of the
/// event log for before and after, so that a stream can be filtered without asking the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Its queue.
    pub queue: QueueId,
    /// Who has it.
    pub assignee: Option<UserId>,
    /// Whether it is in lists at all (V7; its queue may still be deleted).
    pub open: bool,
}

/// Open or closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// In the list of its queue.
    #[default]
    Open,
    /// In no list; search finds it (S1, V7).
    Closed,
}

/// Who answers a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Handler {
    /// People do.
    #[default]
    Person,
    /// A bot does, and nobody can reply until somebody intervenes (S4).
    Bot,
}

impl State {
    /// `open` or `closed`, as the contract spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl Handler {
    /// `person` or `bot`, as the contract spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Bot => "bot",
        }
    }
}
