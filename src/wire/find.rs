//! What a search finds, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Time, conversation::Row};

/// A page of what a search found: the conversation heard of last first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// What was found, in that order.
    pub items: Vec<Hit>,
    /// The `cursor` with which the search goes on; absent if there is nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// It took too long to look as far as was asked for: what was found so far, and `next` goes on looking.
    pub partial: bool,
    /// The cursor of the stream at which all of this is true.
    pub as_of: u64,
}

/// A conversation that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// The conversation.
    pub conversation: Row,
    /// The newest of its messages that says what was looked for; absent if the contact alone is it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<HitMessage>,
    /// When it was closed, if it is and that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Time>,
}

/// A message in which something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HitMessage {
    /// Which message.
    pub id: String,
    /// When it was written.
    pub at: Time,
    /// At most 200 bytes of it around what was found, in pieces that belong one behind the other.
    pub excerpt: Vec<Piece>,
}

/// A piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// Whether it is what was looked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub found: bool,
}
