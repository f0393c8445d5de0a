//! What a channel's gateway hands in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Time, message::Attachment};

/// `POST /v1/inbound`: a customer wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// The queue a new conversation enters, by id or name; ignored if the contact has an open one.
    pub queue: String,
    /// The channel, by name.
    pub channel: String,
    /// Who wrote.
    pub contact: Author,
    /// What they wrote.
    pub body: String,
    /// The gateway's own id of the message, unique per channel: handing it in twice does nothing twice.
    pub external_id: String,
    /// When they wrote it; absent: now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// `person` or `bot`: who answers a conversation this begins; absent: `person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// What came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// A customer as the channel knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The identifier within the channel.
    pub address: String,
    /// What they call themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// 201 for a new message, 200 for a repeated one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Received {
    /// The conversation it is in.
    pub conversation: String,
    /// The message.
    pub message: String,
}
