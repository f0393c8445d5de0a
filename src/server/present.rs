//! What the store keeps, as the contract shows it: names beside ids, the same for whoever asks.

use std::{collections::BTreeMap, time::Duration};

use super::{
    store::{self, Directory, Stored, beginning},
    there::There,
};
use crate::{
    domain::{
        action::{Action, Circumstances, check},
        id::{OrganisationId, QueueId, UserId},
        message::Direction,
        person::Person,
    },
    wire::{
        Time,
        conversation::{Active, Allowed, Contact, Counts, LastMessage, Named, Row},
        message::{HistoryItem, Message},
    },
};

/// How long after the customer's last message WhatsApp takes free text (S6).
const WHATSAPP_WINDOW: Duration = Duration::from_secs(24 * 3600);
/// How much of a message a page carries (R6); the rest is asked for by its id.
pub(crate) const BODY_SHOWN: usize = 64 * 1024;
/// How much of a message an event carries.
pub(crate) const BODY_IN_EVENT: usize = 512;

/// A conversation as lists, answers and events carry it.
pub(crate) fn row(directory: &Directory, there: &There, stored: &Stored) -> Row {
    let facts = &stored.facts;
    Row {
        id: facts.id.as_str().to_owned(),
        contact: Contact {
            name: stored.contact_name.clone(),
            address: stored.contact_address.clone(),
        },
        channel: stored.channel.clone(),
        queue: queue(directory, &facts.queue),
        state: facts.state.word().to_owned(),
        status: stored.facts.status.clone(),
        handler: facts.handler.word().to_owned(),
        assignee: facts.assignee.as_ref().map(|id| user(directory, id)),
        last_message: stored.last_message.as_ref().map(last_message),
        unanswered: facts.unanswered,
        just_entered: facts.just_entered,
        since: Time(facts.since),
        reply_until: reply_until(directory, stored),
        active: active(directory, there, stored),
        version: facts.version,
    }
}

/// Who is in it, the same for all who look: those who may see it, and nobody who no longer may.
fn active(directory: &Directory, there: &There, stored: &Stored) -> Vec<Active> {
    let at = there.at(&stored.facts.id).into_iter();
    let standing = stored.facts.standing();
    let seen = at.filter(|(id, _)| {
        let person = directory.team.people.get(id);
        person.is_some_and(|person| directory.team.can_see(person, &standing))
    });
    seen.map(|(id, what)| {
        let Named { id, name } = user(directory, &id);
        Active {
            id,
            name,
            what: what.word().to_owned(),
        }
    })
    .collect()
}

fn last_message(message: &store::LastMessage) -> LastMessage {
    LastMessage {
        direction: direction(message.direction).to_owned(),
        preview: message.preview.clone(),
        at: Time(message.at),
        delivery: message.delivery.map(Into::into),
    }
}

fn reply_until(directory: &Directory, stored: &Stored) -> Option<Time> {
    let channel = directory.channels.get(&stored.channel)?;
    let wrote = stored.customer_wrote_at?;
    (channel.kind == "whatsapp").then(|| Time(wrote.after(WHATSAPP_WINDOW)))
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
    }
}

/// A person and what they are called; somebody the directory does not know is called by their id.
pub(crate) fn user(directory: &Directory, id: &UserId) -> Named {
    let name = directory.users.get(id).map_or(id.as_str(), |u| &u.name);
    named(id.as_str(), name)
}

/// A queue and its name.
pub(crate) fn queue(directory: &Directory, id: &QueueId) -> Named {
    let name = directory.queues.get(id).map_or(id.as_str(), |q| &q.name);
    named(id.as_str(), name)
}

/// An organisation and its name.
pub(crate) fn organisation(directory: &Directory, id: &OrganisationId) -> Named {
    let name = directory
        .organisations
        .get(id)
        .map_or(id.as_str(), String::as_str);
    named(id.as_str(), name)
}

fn named(id: &str, name: &str) -> Named {
    Named {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// A message, its body cut after `most` bytes.
pub(crate) fn message(directory: &Directory, message: &store::Message, most: usize) -> Message {
    let body = beginning(&message.body, most);
    Message {
        id: message.id.as_str().to_owned(),
        direction: direction(message.direction).to_owned(),
        truncated: body.len() < message.body.len(),
        body: body.to_owned(),
        at: Time(message.at),
        sender: message.sender.as_ref().map(|id| user(directory, id)),
        delivery: message.delivery.map(Into::into),
        attachments: message.attachments.clone(),
    }
}

/// One thing the team did, with people and queues by their names.
pub(crate) fn history(directory: &Directory, item: store::HistoryItem) -> HistoryItem {
    let called = |text: String| match item.kind.as_str() {
        "assignee" => text.parse().map_or(text, |id| user(directory, &id).name),
        "queue" => text.parse().map_or(text, |id| queue(directory, &id).name),
        _ => text,
    };
    HistoryItem {
        id: item.id.to_string(),
        at: Time(item.at),
        by: item.by.as_ref().map(|id| user(directory, id)),
        from: item.from.map(called),
        to: item.to.map(called),
        kind: item.kind.clone(),
        cause: item.cause,
        reason: item.reason,
        body: item.body,
    }
}

/// What `viewer`, who sees this conversation, may do to it, or why not (M1).
pub(crate) fn actions(
    directory: &Directory,
    viewer: &Person,
    stored: &Stored,
    around: Circumstances,
) -> BTreeMap<String, Allowed> {
    let allowed = |action| match check(&directory.team, viewer, &stored.facts, around, action) {
        Ok(()) => Allowed {
            allowed: true,
            reason: None,
            text: None,
        },
        Err(why) => Allowed {
            allowed: false,
            reason: Some(why.word().to_owned()),
            text: Some(why.text().to_owned()),
        },
    };
    Action::ALL
        .iter()
        .map(|&action| (action.word().to_owned(), allowed(action)))
        .collect()
}

/// Counts.
pub(crate) fn counts(counts: store::Counts) -> Counts {
    Counts {
        mine: counts.mine,
        unassigned: counts.unassigned,
        all: counts.all,
    }
}
