//! Messages: what customer and team wrote to each other.

use super::{Result, Store};
use crate::domain::{
    id::{ConversationId, MessageId, UserId},
    message::{Delivery, Direction},
    moment::Moment,
};

pub use crate::wire::message::Attachment;

/// A message as the database keeps it; its text is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Which message: its conversation and its number there.
    pub id: MessageId,
    /// From the customer or from us.
    pub direction: Direction,
    /// All of what it says.
    pub body: String,
    /// When it was written.
    pub at: Moment,
    /// Which of us wrote it; `None` for the customer's, and for a bot's.
    pub sender: Option<UserId>,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// A page of messages, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// The messages, newest first.
    pub items: Vec<Message>,
    /// The `before` of the page of older ones; `None` if there are none.
    pub next: Option<String>,
}

impl Store {
    /// Messages of a conversation, newest first: the newest `limit` of those before `before` and after
    /// `after` (message ids), where given. Who may read them is the caller's to ask
    /// ([`Store::visible`]).
    ///
    /// # Errors
    /// [`StoreError::NotACursor`](super::StoreError::NotACursor) if a bound is no message id of this
    /// conversation, or the database's.
    pub async fn messages(
        &self,
        conversation: &ConversationId,
        before: Option<&str>,
        after: Option<&str>,
        limit: u16,
    ) -> Result<MessagePage> {
        let _ = (conversation, before, after, limit);
        todo!()
    }

    /// One message of a conversation, whole; `None` if it has no such message.
    ///
    /// # Errors
    /// The database's.
    pub async fn message(
        &self,
        conversation: &ConversationId,
        id: &MessageId,
    ) -> Result<Option<Message>> {
        let _ = (conversation, id);
        todo!()
    }
}
