//! What became of acts, on the wire: did it help?

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Time,
    conversation::{Named, Row},
};

/// `GET /v1/acts`: what was done, newest first, and where its conversations are now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acts {
    /// The acts, newest first, at most 100.
    pub items: Vec<Done>,
}

/// One act on one or many conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Under which operation id; what undo names.
    pub operation: String,
    /// When.
    pub at: Time,
    /// What was done: `unassign`, `assign`, `move` …
    pub action: String,
    /// Who did it; absent where the desk itself did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Named>,
    /// Through what the desk did it by itself: `lost_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Whose the conversations were.
    pub of: Vec<Named>,
    /// Why, if they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A lost line did it, not its owner's hand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub line_lost: bool,
    /// All of it was taken back.
    pub undone: bool,
    /// How many conversations it changed.
    pub count: u64,
    /// Those the caller sees now, at most 200, and what became of each.
    pub conversations: Vec<Fate>,
}

/// What became of one conversation since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fate {
    /// The conversation, as it is now.
    pub conversation: Row,
    /// `waiting` (nobody has had it since), `taken` (somebody new has it or had it), `came_back` (to whom it was
    /// taken from), `closed`, `undone`.
    pub became: String,
    /// Who got it first after the act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Named>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Through what: `reply`, `take`, `login` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}
