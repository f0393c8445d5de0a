//! We write first, and what a channel's gateway is told and tells us of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NotOfTheContract, Time, conversation::Contact, inbound::Author};
use crate::domain::message;

/// `POST /v1/outbound`: we write to a customer who did not ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// The queue a new conversation enters, by id or name; if the contact has an open conversation, the message goes
    /// there.
    pub queue: String,
    /// The channel, by name.
    pub channel: String,
    /// Whom we write to.
    pub contact: Author,
    /// What we say.
    pub body: String,
    /// An id of one's own, unique per channel: sending it twice does nothing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// `person` or `bot`: who answers a conversation this begins; absent: `person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// What the channel's provider calls the approved form that `body` was made from; absent: it is free text, which
    /// WhatsApp takes for 24 hours after the customer wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// What a channel's gateway is sent for each message of ours: `POST` to the channel's `deliver_to`, signed as Standard
/// Webhooks has it. A gateway answers 2xx once it has it for good, and knows it by its id when it comes again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Letter {
    /// Which message; the header `webhook-id` says the same.
    pub message: String,
    /// The conversation it is in.
    pub conversation: String,
    /// The channel, by name.
    pub channel: String,
    /// Whom it is for.
    pub contact: Contact,
    /// What it says.
    pub body: String,
    /// What the one who wrote it is called; absent: a bot did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// When it was written.
    pub at: Time,
    /// What the provider calls the approved form it is of; absent: it is free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Which attempt to hand it over this is, from 1.
    pub attempt: u64,
}

/// `POST /v1/deliveries`: what became of a message of ours, as its gateway learnt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Which message.
    pub message: String,
    /// `delivered` or `error`. The last report of a message counts.
    pub state: String,
    /// Why it did not arrive: `invalid_number`, `unavailable`, `network_error`, `expired`, `bad_structure`,
    /// `blocklisted`, `profanity`, `rejected` or `unconfirmed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A report was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reported {
    /// `done`, or `already` if that was known.
    pub outcome: String,
    /// The conversation the message is in.
    pub conversation: String,
    /// The message.
    pub message: String,
}

impl TryFrom<&Report> for message::Delivery {
    type Error = NotOfTheContract;

    fn try_from(report: &Report) -> Result<Self, NotOfTheContract> {
        let reason = report.reason.as_deref();
        let known = |code: &str| message::Failure::ALL.iter().find(|f| f.code() == code);
        match (report.state.as_str(), reason) {
            ("delivered", None) => Ok(Self::Delivered),
            ("delivered", Some(reason)) => Err(NotOfTheContract::new("reason", reason)),
            ("error", reason) => match known(reason.unwrap_or_default()) {
                Some(failure) => Ok(Self::Failed(*failure)),
                None => Err(NotOfTheContract::new("reason", reason.unwrap_or_default())),
            },
            (state, _) => Err(NotOfTheContract::new("state", state)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::delivery::Delivery;

    #[test]
    fn p1_every_end_of_a_message_survives_its_report() {
        let failed = message::Failure::ALL
            .iter()
            .map(|&why| message::Delivery::Failed(why));
        for end in failed.chain([message::Delivery::Delivered]) {
            let Delivery { state, reason } = end.into();
            let report = Report {
                message: "m".into(),
                state,
                reason,
            };
            assert_eq!(message::Delivery::try_from(&report), Ok(end));
        }
        for (state, reason) in [
            ("pending", None),
            ("error", None),
            ("error", Some("bad luck")),
            ("delivered", Some("rejected")),
            ("", None),
        ] {
            let report = Report {
                message: "m".into(),
                state: state.into(),
                reason: reason.map(Into::into),
            };
            assert!(message::Delivery::try_from(&report).is_err(), "{report:?}");
        }
    }
}
