//! What happens, a line each.

use serde::Serialize;

use super::{Row, message, named, row};
use crate::{
    desk::{Attention, AttentionKind, Counts, What},
    domain::text::Safe,
    wire::{conversation, event},
};

/// A line of `watch`.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Line {
    /// After which everything that follows comes again: `watch --after` takes it.
    cursor: u64,
    event: &'static str,
    #[serde(flatten)]
    said: Said,
}

/// What a line says beside its kind: what the contract's events hold, and of the line to the desk itself.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Said {
    Row { conversation: Box<Row> },
    Gone(event::Gone),
    Message(Box<event::Written>),
    Counts(event::Changed),
    Attention(event::Attention),
    Lost { text: String },
    Nothing {},
}

impl Line {
    /// The line to the desk is open.
    pub(in crate::cli) fn live(cursor: u64) -> Self {
        Self::nothing(cursor, "live")
    }

    /// It broke; it is tried again.
    pub(in crate::cli) fn lost(cursor: u64, why: &Safe) -> Self {
        Self {
            said: Said::Lost {
                text: why.to_string(),
            },
            ..Self::nothing(cursor, "lost")
        }
    }

    /// What was known is void.
    pub(in crate::cli) fn reset(cursor: u64) -> Self {
        Self::nothing(cursor, event::RESET)
    }

    fn nothing(cursor: u64, event: &'static str) -> Self {
        Self {
            cursor,
            event,
            said: Said::Nothing {},
        }
    }
}

/// An event as a line; none for what says nothing.
pub(in crate::cli) fn said(cursor: u64, what: &What) -> Option<Line> {
    let (event, said) = match what {
        What::Row(of) => (
            event::CONVERSATION,
            Said::Row {
                conversation: Box::new(row(of)),
            },
        ),
        What::Gone(id) => (event::GONE, Said::Gone(event::Gone { id: id.to_string() })),
        What::Message(of, written) => (
            event::MESSAGE,
            Said::Message(Box::new(event::Written {
                conversation: row(of),
                message: message(written),
            })),
        ),
        What::Counts { all_queues, queues } => (
            event::COUNTS,
            Said::Counts(event::Changed {
                all_queues: counts(*all_queues),
                queues: queues
                    .iter()
                    .map(|(queue, of)| event::QueueCounts {
                        queue: queue.to_string(),
                        counts: counts(*of),
                    })
                    .collect(),
            }),
        ),
        What::Attention(told) => (event::ATTENTION, Said::Attention(attention(told))),
        What::Reset => return Some(Line::reset(cursor)),
        What::Alive => return None,
    };
    Some(Line {
        cursor,
        event,
        said,
    })
}

fn attention(told: &Attention) -> event::Attention {
    event::Attention {
        kind: match told.kind {
            AttentionKind::HandedBack => "handed_back",
            AttentionKind::GivenBack => "given_back",
            AttentionKind::Assigned => "assigned",
            AttentionKind::TakenAway => "taken_away",
        }
        .to_owned(),
        cause: told.cause.map(|cause| cause.word().to_owned()),
        conversation: told.conversation.to_string(),
        by: told.by.as_ref().map(named),
        reason: told.reason.as_ref().map(Safe::to_string),
    }
}

pub(super) fn counts(counts: Counts) -> conversation::Counts {
    let Counts {
        mine,
        unassigned,
        all,
    } = counts;
    conversation::Counts {
        mine,
        unassigned,
        all,
    }
}
