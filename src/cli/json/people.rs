//! People, queues, statuses and phrases.

use serde::Serialize;

use super::named;
use crate::{
    desk::{Colleague, Phrase, Presence, Queue, Status},
    wire::{Time, people},
};

/// `users --json`.
pub(in crate::cli) fn users(all: &[Colleague]) -> people::Users {
    let user = |one: &Colleague| people::User {
        id: one.user.id.to_string(),
        username: one.username.to_string(),
        name: one.user.name.to_string(),
        organisation: named(&one.organisation),
        signed_in: one.presence != Presence::SignedOut,
        away: one.presence == Presence::Away,
        since: one.since.map(Time),
        open: one.open,
        unanswered: one.unanswered,
        oldest_waiting: one.oldest_waiting.map(Time),
        replying: one.replying,
        drafts: one.drafts,
        last_action: one.last_action.map(Time),
    };
    people::Users {
        items: all.iter().map(user).collect(),
    }
}

/// `queues --json`.
pub(in crate::cli) fn queues(all: &[Queue]) -> people::Queues {
    let queue = |one: &Queue| people::Queue {
        id: one.queue.id.to_string(),
        name: one.queue.name.to_string(),
        owner: named(&one.owner),
        rule: one.rule.word().to_owned(),
        on_login: one.on_login.word().to_owned(),
        on_logout: one.on_logout.word().to_owned(),
        max_open: one.max_open,
        active: one.active,
        open: one.open,
        unassigned: one.unassigned,
    };
    people::Queues {
        items: all.iter().map(queue).collect(),
    }
}

/// `phrases --json`.
pub(in crate::cli) fn phrases(all: &[Phrase]) -> people::Phrases {
    let phrase = |one: &Phrase| people::Phrase {
        keywords: one.keywords.iter().map(ToString::to_string).collect(),
        body: one.words.clone(),
        organisation: named(&one.organisation),
    };
    people::Phrases {
        items: all.iter().map(phrase).collect(),
    }
}

/// `statuses --json`.
#[derive(Serialize)]
pub(in crate::cli) struct Statuses {
    items: Vec<Name>,
}

#[derive(Serialize)]
struct Name {
    name: String,
}

impl Statuses {
    pub(in crate::cli) fn new(all: &[Status]) -> Self {
        let name = |one: &Status| Name {
            name: one.name.to_string(),
        };
        Self {
            items: all.iter().map(name).collect(),
        }
    }
}
