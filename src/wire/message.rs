//! Messages and history on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    NotOfTheContract, Time,
    conversation::{Named, Row, direction, named},
    delivery::Delivery,
    id,
};
use crate::domain::{message, text::Safe};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Which message.
    pub id: String,
    /// `in` or `out`.
    pub direction: String,
    /// What it says; the beginning only if `truncated`.
    pub body: String,
    /// The whole is at `/v1/conversations/{id}/messages/{mid}`.
    pub truncated: bool,
    /// When it was written.
    pub at: Time,
    /// Which of us wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Named>,
    /// How far ours got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// What came with it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// What the sender called it.
    pub name: String,
    /// Its media type, as the sender says.
    #[serde(rename = "type")]
    pub kind: String,
    /// In bytes.
    pub size: u64,
}

/// `GET …/messages`: newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Messages {
    /// The messages, newest first.
    pub items: Vec<Message>,
    /// The `before` of the page of older ones, or the `after` of the newer ones if only `after` was given; absent if
    /// there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A reply to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// What it says.
    pub body: String,
    /// Who is believed to have the conversation; `null`: nobody; absent: unchecked.
    #[serde(
        default,
        with = "super::act::stated",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub expected_assignee: Option<Option<String>>,
    /// The newest message the writer had seen; a colleague's after it makes it a 409 `crossed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

/// A reply was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sent {
    /// Under which operation id.
    pub operation: String,
    /// The message as the desk keeps it.
    pub message: Message,
    /// The conversation since; `null` if the caller no longer sees it (a repeated request, answered later).
    pub conversation: Option<Row>,
}

/// `GET …/history`: what the team did, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// What was done, newest first.
    pub items: Vec<HistoryItem>,
    /// The `before` of the page of older ones, or the `after` of the newer ones if only `after` was given; absent if
    /// there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One thing the team did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryItem {
    /// Its place in the history.
    pub id: String,
    /// When.
    pub at: Time,
    /// `assignee`, `queue`, `status`, `note` …
    pub kind: String,
    /// Who did it; absent if the desk did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Named>,
    /// What it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Through what: `reply`, `take`, `unassign` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The reason that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A note's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl Message {
    /// Whether it went a way we know. A message of a newer desk that did not is left aside: it is shown neither as the
    /// customer's words nor as ours.
    #[must_use]
    pub fn is_known(&self) -> bool {
        direction(&self.direction).is_some()
    }
}

impl TryFrom<Message> for message::Message {
    type Error = NotOfTheContract;

    /// No more of the body than is shown at once, however much a desk sends; the rest on demand (R6).
    fn try_from(wire: Message) -> Result<Self, NotOfTheContract> {
        let (body, rest) = Safe::text_limited(&wire.body);
        Ok(Self {
            id: id("message.id", &wire.id)?,
            direction: direction(&wire.direction)
                .ok_or_else(|| NotOfTheContract::new("direction", &wire.direction))?,
            body,
            truncated: wire.truncated || rest.is_some(),
            at: wire.at.0,
            sender: wire
                .sender
                .as_ref()
                .map(|s| named("sender.id", s))
                .transpose()?,
            delivery: wire.delivery.and_then(Delivery::known),
            attachments: wire.attachments.into_iter().map(Into::into).collect(),
        })
    }
}

impl From<Attachment> for message::Attachment {
    fn from(wire: Attachment) -> Self {
        Self {
            name: Safe::preview(&wire.name),
            kind: Safe::preview(&wire.kind),
            size: wire.size,
        }
    }
}

impl TryFrom<HistoryItem> for message::HistoryItem {
    type Error = NotOfTheContract;

    fn try_from(wire: HistoryItem) -> Result<Self, NotOfTheContract> {
        let line = |text: Option<String>| text.as_deref().map(Safe::line);
        Ok(Self {
            id: Safe::line(&wire.id),
            at: wire.at.0,
            kind: Safe::line(&wire.kind),
            by: wire.by.as_ref().map(|b| named("by.id", b)).transpose()?,
            from: line(wire.from),
            to: line(wire.to),
            cause: line(wire.cause),
            reason: line(wire.reason),
            body: wire.body.as_deref().map(Safe::text),
        })
    }
}
