//! Who is there, on the wire (Q9, L3).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;

/// `POST /v1/presence`: where the caller is. It is shown to those who see that conversation, and forgotten after 30
/// seconds unless said again; a draft stays until it is cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// Which console says so; absent: all of the caller's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// The conversation they are in; absent: in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
    /// `viewing`, `replying`, `draft` (one is kept there), `none` (nothing is there any more, no draft either),
    /// `away` (gets nothing by a queue's rule until any other state is said).
    pub state: String,
}

/// `POST /v1/sign-out`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    /// The console that leaves; the last one's leaving is the logout. Absent: all of them leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
}

/// What a lost line handed back, and its owner can take back in one act (Q9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lost {
    /// What undo names.
    pub operation: String,
    /// How many conversations.
    pub count: u64,
    /// When.
    pub at: Time,
    /// Until when it can be taken back.
    pub until: Time,
}
