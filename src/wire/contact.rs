//! What is known of a contact, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Time,
    conversation::{Named, Row},
};

/// `GET …/contact`: what the caller may know of a conversation's contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Known {
    /// When this conversation began.
    pub began: Time,
    /// When the first of the contact's conversations that the caller sees began.
    pub first_seen: Time,
    /// How many others of the contact the caller sees, closed ones too.
    pub count: u64,
    /// These, at most 20, those that began last first.
    pub others: Vec<Row>,
    /// Why nothing is sent to the contact; absent if it is not on the blocklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocking>,
}

/// That a contact is on the blocklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Blocking {
    /// Since when.
    pub at: Time,
    /// Until when; absent: for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// Who put it there; absent: the customer said STOP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Named>,
}
