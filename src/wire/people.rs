//! People and queues on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Time, conversation::Named};

/// `GET /v1/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Who asks.
    pub user: Named,
    /// The name they sign in with.
    pub username: String,
    /// Their organisation.
    pub organisation: Named,
    /// What their role lets them do.
    pub permissions: Vec<String>,
    /// What this desk can do, by name; a console greys out the rest.
    pub capabilities: Vec<String>,
    /// The desk's version.
    pub desk_version: String,
    /// This desk's id, made when its database was: drafts are kept under it.
    pub desk: String,
    /// Words to show over everything, such as `DEMO, no real customers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banner: Option<String>,
}

/// One queue the caller has access to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// Which queue.
    pub id: String,
    /// Its name, unique on the desk.
    pub name: String,
    /// The organisation that owns it.
    pub owner: Named,
    /// `self_selection`, `round_robin` or `least_busy`.
    pub rule: String,
    /// Whether anything can be moved into it.
    pub active: bool,
    /// Open conversations in it that the caller sees.
    pub open: u64,
    /// Unassigned ones among them.
    pub unassigned: u64,
}

/// `GET /v1/queues`, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queues {
    /// The queues, by name.
    pub items: Vec<Queue>,
}

/// One person the caller may know of, with what they have to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Which user.
    pub id: String,
    /// The name they sign in with.
    pub username: String,
    /// What people call them.
    pub name: String,
    /// Their organisation.
    pub organisation: Named,
    /// At least one console of theirs is live.
    pub signed_in: bool,
    /// Conversations of theirs that the caller sees.
    pub open: u64,
    /// Unanswered ones among them.
    pub unanswered: u64,
    /// Since when the longest of these waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_waiting: Option<Time>,
}

/// `GET /v1/users`, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Users {
    /// The people, by name.
    pub items: Vec<User>,
}
