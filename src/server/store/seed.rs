//! Fills a desk at once with conversations that are said to have happened: for the demo, benchmarks and tests.

use super::{Attachment, BeganBy, Result, Store};
use crate::domain::{
    conversation::{Handler, State},
    id::{ConversationId, QueueId, UserId},
    message::{Delivery, Direction},
    moment::Moment,
};

/// A conversation to be made, with its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedConversation {
    /// Its id; `None`: a random one.
    pub id: Option<ConversationId>,
    /// Its queue, which must be there.
    pub queue: QueueId,
    /// The channel, by name.
    pub channel: String,
    /// The customer's identifier within the channel. Two conversations of one address are one contact's.
    pub address: String,
    /// What the customer calls themselves; may be empty.
    pub name: String,
    /// Who has it, if open.
    pub assignee: Option<UserId>,
    /// Open or closed; a closed one has no assignee (S1).
    pub state: State,
    /// Person or bot.
    pub handler: Handler,
    /// The business tag.
    pub status: Option<String>,
    /// It just entered its queue (L1).
    pub just_entered: bool,
    /// Who began it.
    pub began_by: BeganBy,
    /// Its messages, oldest first; at least one.
    pub messages: Vec<SeedMessage>,
}

/// A message of a [`SeedConversation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedMessage {
    /// From the customer or from us.
    pub direction: Direction,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub at: Moment,
    /// Which of us wrote it.
    pub sender: Option<UserId>,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

impl Store {
    /// Makes all these conversations, in transactions of many. No event is written but one, which tells
    /// running desks to begin anew. Answers how many it made. Holdings and search stay exact.
    ///
    /// # Errors
    /// The database's, for instance if a queue is not there; what was made before stays.
    pub async fn seed(
        &self,
        conversations: impl Iterator<Item = SeedConversation> + Send,
    ) -> Result<u64> {
        let _ = conversations;
        todo!()
    }
}
