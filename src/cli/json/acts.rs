//! What was done.

use super::{named, row};
use crate::{
    desk::{Became, Done, Fate},
    domain::{message::HistoryItem, text::Safe},
    wire::{self, Time, fate},
};

/// `acts --json`.
pub(in crate::cli) fn acts(all: &[Done]) -> fate::Acts {
    let done = |one: &Done| fate::Done {
        operation: one.operation.to_string(),
        at: Time(one.at),
        action: one.action.word().to_owned(),
        by: one.by.as_ref().map(named),
        cause: one.cause.map(|cause| cause.word().to_owned()),
        of: one.of.iter().map(named).collect(),
        reason: one.reason.as_ref().map(Safe::to_string),
        line_lost: one.line_lost,
        undone: one.undone,
        count: one.count,
        conversations: one.fates.iter().map(became).collect(),
    };
    fate::Acts {
        items: all.iter().map(done).collect(),
    }
}

fn became(fate: &Fate) -> fate::Fate {
    fate::Fate {
        conversation: row(&fate.row),
        became: match fate.became {
            Became::Waiting => "waiting",
            Became::Taken => "taken",
            Became::CameBack => "came_back",
            Became::Closed => "closed",
            Became::Undone => "undone",
        }
        .to_owned(),
        to: fate.to.as_ref().map(named),
        at: fate.at.map(Time),
        cause: fate.cause.map(|cause| cause.word().to_owned()),
    }
}

/// `history --json`; the newest first, as asked. `next` never: all that was asked for is there.
pub(in crate::cli) fn history(all: &[HistoryItem]) -> wire::message::History {
    let text = |text: &Option<Safe>| text.as_ref().map(Safe::to_string);
    let item = |one: &HistoryItem| wire::message::HistoryItem {
        id: one.id.to_string(),
        at: Time(one.at),
        kind: one.kind.to_string(),
        by: one.by.as_ref().map(named),
        from: text(&one.from),
        to: text(&one.to),
        cause: text(&one.cause),
        reason: text(&one.reason),
        body: text(&one.body),
    };
    wire::message::History {
        items: all.iter().map(item).collect(),
        next: None,
    }
}
