//! A transcript in JSON: one object, whose entries stand one on a line (T1).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Time, conversation::Contact, delivery::Delivery, message::Attachment};

/// `GET …/transcript?format=json`: one conversation from its beginning, as its customer saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transcript {
    /// The conversation's id.
    pub id: String,
    /// The customer.
    pub contact: Contact,
    /// The channel's name.
    pub channel: String,
    /// When it was written out.
    pub written_out_at: Time,
    /// What was written, the oldest first.
    pub entries: Vec<Entry>,
    /// Messages of ours that never arrived, so that the customer did not see them.
    pub left_out: u64,
}

/// One thing that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// `customer`, `us`, or `note`: what only the team sees.
    pub from: String,
    /// Which of us; only where notes are asked for, since the customer saw no names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What it says.
    pub body: String,
    /// Where it is not known that ours arrived: `pending`, or `error` with the reason `unconfirmed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// What came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}
