//! What a desk says by itself.

use super::Counts;
pub use crate::domain::event::AttentionKind;
use crate::domain::{
    action::Cause,
    id::{ConversationId, QueueId, UserId},
    message::Message,
    moment::Moment,
    named::Named,
    row::Row,
    text::Safe,
};

/// What happened at the desk, as far as the caller may hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where the stream can be resumed after it; `None` for events that are not in the log.
    pub cursor: Option<u64>,
    /// What happened.
    pub what: What,
}

/// The kinds of event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A conversation, as it is now.
    Row(Box<Row>),
    /// A conversation is out of sight.
    Gone(ConversationId),
    /// A message was written, or its delivery changed, in this conversation, as it is now; long bodies are cut.
    Message(Box<Row>, Box<Message>),
    /// The counts are these now; per queue only where they changed.
    Counts {
        /// Over all queues.
        all_queues: Counts,
        /// Those queues that changed.
        queues: Vec<(QueueId, Counts)>,
    },
    /// Something to tell the advisor.
    Attention(Attention),
    /// What was known is void: fetch again.
    Reset,
    /// Nothing, only that the line is alive.
    Alive,
}

/// Something to tell the advisor though no row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What was done with it.
    pub kind: AttentionKind,
    /// Through what, if the desk says.
    pub cause: Option<Cause>,
    /// Who did it.
    pub by: Option<Named<UserId>>,
    /// Why, if they said.
    pub reason: Option<Safe>,
    /// When it was heard of.
    pub at: Moment,
}
