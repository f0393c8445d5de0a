//! `find --json`.

use serde::Serialize;

use super::{Time, row};
use crate::{
    desk,
    wire::find::{Hit, HitMessage, Piece},
};

/// `find --json`.
#[derive(Serialize)]
pub(in crate::cli) struct Found {
    items: Vec<Hit>,
    /// Whether there are more than were asked for.
    more: bool,
}

impl Found {
    pub(in crate::cli) fn new(hits: &[desk::Hit], more: bool) -> Self {
        let items = hits.iter().map(hit).collect();
        Self { items, more }
    }
}

fn hit(hit: &desk::Hit) -> Hit {
    Hit {
        conversation: row(&hit.row),
        message: hit.message.as_ref().map(|message| HitMessage {
            id: message.id.to_string(),
            at: Time(message.at),
            excerpt: message.excerpt.iter().map(piece).collect(),
        }),
        closed_at: hit.closed_at.map(Time),
    }
}

fn piece((text, found): &(crate::domain::text::Safe, bool)) -> Piece {
    Piece {
        text: text.to_string(),
        found: *found,
    }
}
