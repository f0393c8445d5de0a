//! Conversations on the wire: rows, pages of them, and what may be done to one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NotOfTheContract, Time, delivery::Delivery, id};
use crate::domain::{
    conversation::{Handler, State},
    message::Direction,
    named, row,
    text::Safe,
};

/// One conversation as lists, answers and events carry it. Nothing in it differs by who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// Which conversation.
    pub id: String,
    /// The customer.
    pub contact: Contact,
    /// The channel's name.
    pub channel: String,
    /// Its queue; its last one if it is closed.
    pub queue: Named,
    /// `open` or `closed`.
    pub state: String,
    /// The business tag, if one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `person` or `bot`.
    pub handler: String,
    /// Who has it; absent if unassigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Named>,
    /// Its newest message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message: Option<LastMessage>,
    /// The customer waits for us.
    pub unanswered: bool,
    /// It just entered its queue.
    pub just_entered: bool,
    /// Waiting since, if unanswered; else the last message's time.
    pub since: Time,
    /// Until when free text may be sent, where the channel limits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_until: Option<Time>,
    /// Who is in it right now.
    #[serde(default)]
    pub active: Vec<Active>,
    /// Rises with every change.
    pub version: u64,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contact {
    /// As they call themselves; empty if unknown.
    pub name: String,
    /// The identifier within the channel.
    pub address: String,
}

/// Something with an id and a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Named {
    /// Which one.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// The newest message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastMessage {
    /// `in` or `out`.
    pub direction: String,
    /// At most 512 bytes of it.
    pub preview: String,
    /// When it was written.
    pub at: Time,
    /// How far ours got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

/// Somebody who is in a conversation right now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Active {
    /// Who.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// `viewing`, `replying` or `draft`.
    pub what: String,
}

/// `GET /v1/conversations`: rows in the order of L1, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page {
    /// The rows.
    pub items: Vec<Row>,
    /// The cursor of the page after this one; absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The cursor of the page before this one; absent at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// The event cursor at which rows and counts are true; events after it are news.
    pub as_of: u64,
    /// How many there are in each view, for the same queue.
    pub counts: Counts,
}

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Assigned to the caller.
    pub mine: u64,
    /// Assigned to nobody.
    pub unassigned: u64,
    /// All that the caller sees.
    pub all: u64,
}

/// `GET /v1/conversations/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Detail {
    /// The conversation.
    pub conversation: Row,
    /// Every action by its name, and whether the caller may do it now.
    pub actions: BTreeMap<String, Allowed>,
}

/// Whether the caller may do something now, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Allowed {
    /// Whether it would be done.
    pub allowed: bool,
    /// Why not: a code that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why not, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl TryFrom<Row> for row::Row {
    type Error = NotOfTheContract;

    /// Every text of the wire becomes `Safe` here (R1, R3), and no field of one line is longer than is ever shown (R6).
    fn try_from(wire: Row) -> Result<Self, NotOfTheContract> {
        Ok(Self {
            id: id("conversation.id", &wire.id)?,
            contact: row::Contact {
                name: Safe::preview(&wire.contact.name),
                address: Safe::preview(&wire.contact.address),
            },
            channel: Safe::preview(&wire.channel),
            queue: named("queue.id", &wire.queue)?,
            // A word of a newer desk costs no row. What may be done to it that desk says, and refuses the rest.
            state: match wire.state.as_str() {
                "closed" => State::Closed,
                _ => State::Open,
            },
            status: wire.status.as_deref().map(Safe::preview),
            handler: match wire.handler.as_str() {
                "bot" => Handler::Bot,
                _ => Handler::Person,
            },
            assignee: wire
                .assignee
                .as_ref()
                .map(|a| named("assignee.id", a))
                .transpose()?,
            last_message: wire.last_message.and_then(LastMessage::known),
            unanswered: wire.unanswered,
            just_entered: wire.just_entered,
            since: wire.since.0,
            reply_until: wire.reply_until.map(|t| t.0),
            active: wire
                .active
                .into_iter()
                .filter_map(|a| a.try_into().ok())
                .collect(),
            version: wire.version,
        })
    }
}

impl LastMessage {
    /// As it is shown; not at all if it went a way we do not know: neither the customer's words nor ours are guessed.
    fn known(self) -> Option<row::LastMessage> {
        Some(row::LastMessage {
            direction: direction(&self.direction)?,
            preview: Safe::preview(&self.preview),
            at: self.at.0,
            delivery: self.delivery.and_then(Delivery::known),
        })
    }
}

/// An activity of a kind we do not know is not shown rather than making the row unreadable.
impl TryFrom<Active> for row::Active {
    type Error = NotOfTheContract;

    fn try_from(wire: Active) -> Result<Self, NotOfTheContract> {
        Ok(Self {
            what: row::Activity::from_word(&wire.what)
                .ok_or_else(|| NotOfTheContract::new("active.what", &wire.what))?,
            who: named::Named {
                id: id("active.id", &wire.id)?,
                name: Safe::preview(&wire.name),
            },
        })
    }
}

/// Which way a message went; `None` for a word we do not know.
pub(super) fn direction(word: &str) -> Option<Direction> {
    match word {
        "in" => Some(Direction::In),
        "out" => Some(Direction::Out),
        _ => None,
    }
}

pub(crate) fn named<T: std::str::FromStr>(
    field: &'static str,
    wire: &Named,
) -> Result<named::Named<T>, NotOfTheContract> {
    Ok(named::Named {
        id: id(field, &wire.id)?,
        name: Safe::preview(&wire.name),
    })
}
