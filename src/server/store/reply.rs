//! Replying to a customer, which makes an unassigned conversation one's own (A1, A5).

use super::{Message, Operation, Outcome, Result, Store, conversation::Stored};
use crate::domain::{
    action::Expectation,
    id::{ConversationId, MessageId},
    person::Person,
};

/// A reply to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says.
    pub body: String,
    /// Who is believed to have the conversation.
    pub expected: Expectation,
    /// The newest message its writer had seen; `None`: says nothing.
    pub seen: Option<MessageId>,
}

/// What came of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// `Done`: it is written, and on its way; else nothing changed. Never `Already`.
    pub outcome: Outcome,
    /// The message, if `Done`; of a repeated operation, the one written the first time.
    pub message: Option<Message>,
    /// The conversation now, if its writer sees it *now*.
    pub conversation: Option<Stored>,
}

impl Store {
    /// Writes a reply, and claims the conversation if nobody has it (A1), in one transaction.
    ///
    /// # Errors
    /// As [`Store::act`].
    pub async fn reply(&self, by: &Person, reply: &Reply, operation: &Operation) -> Result<Sent> {
        let _ = (by, reply, operation);
        todo!()
    }
}
