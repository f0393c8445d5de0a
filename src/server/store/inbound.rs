//! A customer's message comes in (S2, L1).

use super::{Attachment, Result, Store};
use crate::domain::{
    conversation::Handler,
    id::{ConversationId, MessageId, QueueId},
    moment::Moment,
};

/// A customer's message, from a channel's gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// The queue a new conversation enters; ignored if the contact has an open one.
    pub queue: QueueId,
    /// The channel, by name.
    pub channel: String,
    /// The customer's identifier within the channel.
    pub address: String,
    /// What they call themselves, if the channel knows.
    pub name: Option<String>,
    /// What they wrote.
    pub body: String,
    /// The gateway's own id of the message, unique per channel.
    pub external_id: String,
    /// When they wrote it; `None`: now. Never later than now.
    pub at: Option<Moment>,
    /// Who answers a conversation this begins.
    pub handler: Handler,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// Where a customer's message went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is written.
    New {
        /// The conversation it is in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// It was handed in before, and nothing was done.
    Repeated {
        /// The conversation it is in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// There is no such queue, or it is deleted, and the customer has no open conversation.
    NoSuchQueue,
    /// There is no such channel.
    NoSuchChannel,
}

impl Store {
    /// Takes in a customer's message: into their open conversation, or a closed one that we began, which
    /// it opens again (S2), or a new one in `queue`. Idempotent by channel and external id.
    ///
    /// # Errors
    /// The database's; then nothing changed.
    pub async fn inbound(&self, inbound: &Inbound) -> Result<Received> {
        let _ = inbound;
        todo!()
    }
}
