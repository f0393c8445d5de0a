//! What the verbs print with `--json`: the contract's own rows and messages, so that a script learns one shape.
//!
//! Fields are only ever added. Texts are as the console would show them, characters that hide spelled out.

mod acts;
mod events;
mod found;
mod people;
mod some;

use std::collections::BTreeMap;

use serde::Serialize;

pub(super) use acts::{acts, history};
pub(super) use events::{Line, said};
pub(super) use found::Found;
pub(super) use people::{Statuses, phrases, queues, users};
pub(super) use some::Plan;

use super::settle::Settled;
use crate::{
    desk::{Answer, Counts, Detail, No},
    domain::{
        conversation::{Handler, State},
        message::{self, Direction},
        named,
        row::{self, Activity},
    },
    wire::{
        Time,
        conversation::{Active, Allowed, Contact, LastMessage, Named, Row},
        message::{Attachment, Message},
    },
};

/// `list --json`.
#[derive(Serialize)]
pub(super) struct List {
    items: Vec<Row>,
    counts: crate::wire::conversation::Counts,
    /// Whether there are more than were asked for.
    more: bool,
}

impl List {
    pub(super) fn new(rows: &[row::Row], counts: Counts, more: bool) -> Self {
        Self {
            items: rows.iter().map(row).collect(),
            counts: events::counts(counts),
            more,
        }
    }
}

/// `show --json`.
#[derive(Serialize)]
pub(super) struct Show {
    conversation: Row,
    actions: BTreeMap<String, Allowed>,
    messages: Vec<Message>,
}

impl Show {
    pub(super) fn new(detail: &Detail, messages: &[message::Message]) -> Self {
        let allowed = |(action, allowed): &(crate::domain::action::Action, Result<(), _>)| {
            let allowed = Allowed {
                allowed: allowed.is_ok(),
                reason: None,
                text: allowed.as_ref().err().map(ToString::to_string),
            };
            (action.word().to_owned(), allowed)
        };
        Self {
            conversation: row(&detail.row),
            actions: detail.actions.iter().map(allowed).collect(),
            messages: messages.iter().map(message).collect(),
        }
    }
}

/// What the verbs that act print with `--json`.
#[derive(Serialize)]
pub(super) struct Results {
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Outcome {
    id: String,
    operation: String,
    /// `done`, `already`, `taken`, `refused`, `not_found`, `busy`, `crossed` or `unknown`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    conversation: Option<Row>,
}

impl Results {
    pub(super) fn new(all: &[Settled]) -> Self {
        Self {
            results: all.iter().map(outcome).collect(),
        }
    }
}

fn outcome(settled: &Settled) -> Outcome {
    let (outcome, reason, now) = match &settled.answer {
        Answer::Done(row) => ("done", None, row.as_deref()),
        Answer::Already(row) => ("already", None, row.as_deref()),
        Answer::Taken(row) => ("taken", None, row.as_deref()),
        Answer::Unknown(why) => ("unknown", Some(why), None),
        Answer::Refused(refused) => {
            let outcome = match refused.kind {
                No::Rule => "refused",
                No::NotFound => "not_found",
                No::Crossed => "crossed",
                No::Busy => "busy",
                No::NotSignedIn => "not_signed_in",
            };
            (outcome, Some(&refused.why), None)
        }
    };
    Outcome {
        id: settled.conversation.to_string(),
        operation: settled.operation.to_string(),
        outcome,
        reason: reason.map(ToString::to_string),
        conversation: now.map(row),
    }
}

fn row(row: &row::Row) -> Row {
    Row {
        id: row.id.to_string(),
        contact: Contact {
            name: row.contact.name.to_string(),
            address: row.contact.address.to_string(),
        },
        channel: row.channel.to_string(),
        queue: named(&row.queue),
        state: match row.state {
            State::Open => "open",
            State::Closed => "closed",
        }
        .to_owned(),
        status: row.status.as_ref().map(ToString::to_string),
        handler: match row.handler {
            Handler::Person => "person",
            Handler::Bot => "bot",
        }
        .to_owned(),
        assignee: row.assignee.as_ref().map(named),
        last_message: row.last_message.as_ref().map(|last| LastMessage {
            direction: direction(last.direction),
            preview: last.preview.to_string(),
            at: Time(last.at),
            delivery: last.delivery.map(Into::into),
        }),
        unanswered: row.unanswered,
        just_entered: row.just_entered,
        since: Time(row.since),
        reply_until: row.reply_until.map(Time),
        active: row.active.iter().map(active).collect(),
        version: row.version,
    }
}

fn active(active: &row::Active) -> Active {
    let Named { id, name } = named(&active.who);
    let what = match active.what {
        Activity::Viewing => "viewing",
        Activity::Replying => "replying",
        Activity::Draft => "draft",
    };
    Active {
        id,
        name,
        what: what.to_owned(),
    }
}

fn message(message: &message::Message) -> Message {
    Message {
        id: message.id.to_string(),
        direction: direction(message.direction),
        body: message.body.to_string(),
        truncated: message.truncated,
        at: Time(message.at),
        sender: message.sender.as_ref().map(named),
        delivery: message.delivery.map(Into::into),
        attachments: message
            .attachments
            .iter()
            .map(|file| Attachment {
                name: file.name.to_string(),
                kind: file.kind.to_string(),
                size: file.size,
            })
            .collect(),
    }
}

fn named<Id: ToString>(named: &named::Named<Id>) -> Named {
    Named {
        id: named.id.to_string(),
        name: named.name.to_string(),
    }
}

fn direction(direction: Direction) -> String {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
    }
    .to_owned()
}
