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
    /// When they last signed out; absent if never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Time>,
    /// What a lost line handed back of theirs, while it can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<super::presence::Lost>,
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
    /// What signing in does there: `nothing` or `redistribute`.
    #[serde(default)]
    pub on_login: String,
    /// What signing out does there, likewise.
    #[serde(default)]
    pub on_logout: String,
    /// How many open conversations its rule gives one person at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_open: Option<u32>,
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
    /// Signed in, but not at the keyboard: gets nothing by a queue's rule.
    #[serde(default)]
    pub away: bool,
    /// Since when they are signed in, or away, or signed out; absent if never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
    /// Conversations of theirs that the caller sees.
    pub open: u64,
    /// Unanswered ones among them.
    pub unanswered: u64,
    /// Since when the longest of these waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_waiting: Option<Time>,
    /// Conversations they write an answer to right now.
    #[serde(default)]
    pub replying: u64,
    /// Conversations they keep a draft for.
    #[serde(default)]
    pub drafts: u64,
    /// When they last did something to a conversation, within the last three days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_action: Option<Time>,
}

/// `GET /v1/users`, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Users {
    /// The people, by name.
    pub items: Vec<User>,
}

/// `GET /v1/statuses`: those of the caller's organisation and of those above, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Statuses {
    /// The statuses, by name.
    pub items: Vec<Status>,
}

/// A business tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// Whose list it is on.
    pub organisation: Named,
}

/// `GET /v1/phrases`: those of the caller's organisation first, then those of the ones above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Phrases {
    /// The phrases, the nearest organisation's first.
    pub items: Vec<Phrase>,
}

/// Words to answer with, found by what one types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Phrase {
    /// What one types to find it.
    pub keywords: Vec<String>,
    /// What it says.
    pub body: String,
    /// Whose list it is on.
    pub organisation: Named,
}

/// `GET /v1/blocklist`: the contacts nothing is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Blocklist {
    /// The contacts, by owner, channel and address.
    pub items: Vec<Blocked>,
}

/// A contact nothing is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Blocked {
    /// Whose list it is on.
    pub owner: Named,
    /// The channel's name.
    pub channel: String,
    /// The identifier within the channel.
    pub address: String,
    /// Since when.
    pub at: Time,
    /// Until when; absent: for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// Who put it there; absent: the customer said STOP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Named>,
}
