//! The event stream on the wire: what stands in `data:` of each kind of `event:`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::conversation::{Counts, Row};

/// `event: conversation`: its data is a [`Row`], as it is now. Without an `id:` only who is there has changed, which is
/// no entry of the log.
pub const CONVERSATION: &str = "conversation";
/// `event: gone`: its data is a [`Gone`].
pub const GONE: &str = "gone";
/// `event: message`: its data is a [`Written`], which carries the row too: one thing that happened is one event.
pub const MESSAGE: &str = "message";
/// `event: counts`: its data is a [`Changed`]; carries no `id:`.
pub const COUNTS: &str = "counts";
/// `event: attention`: its data is an [`Attention`].
pub const ATTENTION: &str = "attention";
/// `event: reset`: what was known is void, fetch again; its `id:` is where the stream goes on.
pub const RESET: &str = "reset";

/// A conversation is out of the subscriber's sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gone {
    /// Which one.
    pub id: String,
}

/// A message was written to, or its delivery changed in, a conversation the subscriber sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Written {
    /// The conversation, as it is now: news of the row as well as of the message.
    pub conversation: Row,
    /// The message, its body at most 512 bytes.
    pub message: super::message::Message,
}

/// How many conversations there are now, where that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// Over all queues.
    pub all_queues: Counts,
    /// In each queue whose counts changed.
    pub queues: Vec<QueueCounts>,
}

/// How many conversations a queue holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueCounts {
    /// Which queue.
    pub queue: String,
    /// How many.
    pub counts: Counts,
}

/// Something the subscriber should know though no row says it (U8, U9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attention {
    /// What kind: `handed_back` (somebody else handed back what was the subscriber's), `given_back` (an undo gave it
    /// back to them), `assigned` (it is theirs now, and they did not do it), `taken_away` (it is theirs no more: given
    /// to somebody, moved, closed, or the access was lost).
    pub kind: String,
    /// Through what: `unassign`, `assign`, `login` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Which conversation.
    pub conversation: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<super::conversation::Named>,
    /// Why, if they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
