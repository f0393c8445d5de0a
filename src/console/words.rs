//! How acts are called: before they are done, meanwhile, and after; alone and on many. How [`keys`] and [`time`]s are
//! written, and what is said of a reply or note of which nobody knows whether the desk has it: [`unsure`].

pub mod keys;
pub mod time;
pub mod unsure;

use super::model::Model;
use crate::{
    desk::ManyDeed,
    domain::{
        action::{Action, Deed},
        id::{QueueId, UserId},
        row::Row,
        text::Safe,
    },
    say,
};

/// What is said of a message in which there is nothing to see: that this is all, and no fault of the screen.
pub const BLANK: &str = "nothing but blanks";

/// A verb in the forms that sentences need; the conversation's name, or a number of them, follows.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// `Hand back`: in a title, before.
    pub act: &'static str,
    /// `handing back`: what `z` would take back.
    pub acting: &'static str,
    /// `Handed back`: it is done.
    pub acted: &'static str,
    /// `Not handed back`: it was refused.
    pub not: &'static str,
}

/// The verb of an act on one.
#[must_use]
pub fn verb(deed: &Deed) -> Verb {
    match deed {
        Deed::Status(None) => Verb {
            act: "Take the status off",
            acting: "taking the status off",
            acted: "Took the status off",
            not: "Status not taken off",
        },
        deed => of(deed.action()),
    }
}

/// The verb of an action, whatever it was done with.
#[must_use]
pub fn of(action: Action) -> Verb {
    let words = |act, acting, acted, not| Verb {
        act,
        acting,
        acted,
        not,
    };
    match action {
        Action::Unassign => words(
            "Hand back",
            "handing back",
            "Handed back",
            "Not handed back",
        ),
        Action::Take => words("Take", "taking", "Took", "Not taken"),
        Action::Assign => words("Give", "giving", "Gave", "Not given"),
        Action::Move => words("Move", "moving", "Moved", "Not moved"),
        Action::Status => words(
            "Set the status of",
            "setting the status of",
            "Set the status of",
            "Status not set",
        ),
        Action::Block => words("Block", "blocking", "Blocked", "Not blocked"),
        Action::Unblock => words("Unblock", "unblocking", "Unblocked", "Not unblocked"),
        Action::Close => words("Close", "closing", "Closed", "Not closed"),
        Action::Reopen => words("Reopen", "reopening", "Reopened", "Not reopened"),
        Action::Intervene => words(
            "End the bot's part with",
            "ending the bot's part with",
            "Ended the bot's part with",
            "The bot's part goes on",
        ),
        Action::Note => words("Note on", "a note on", "Note kept on", "Note not kept"),
        Action::Reply => words("Reply to", "replying to", "Replied to", "Not sent"),
        Action::Transcript => words("Export", "exporting", "Exported", "Not exported"),
    }
}

/// An act on many, as an act on one is called: given to oneself is taken.
#[must_use]
pub fn like(model: &Model, deed: &ManyDeed) -> Deed {
    match deed {
        ManyDeed::Assign(to) if matches!(to.as_slice(), [me] if model.is_mine_id(me)) => Deed::Take,
        deed => each(deed),
    }
}

/// An act on many, done to one of them.
#[must_use]
pub fn each(deed: &ManyDeed) -> Deed {
    match deed {
        ManyDeed::Unassign => Deed::Unassign,
        // Spread over several, each has one of them; for the words any will do.
        ManyDeed::Assign(to) => to.first().cloned().map_or(Deed::Take, Deed::Assign),
        ManyDeed::Move(to) => Deed::Move(to.clone()),
        ManyDeed::Status(status) => Deed::Status(status.clone()),
    }
}

/// To whom, where, or until when an act goes, as it follows the conversation's name: ` to Ben Cole`; often nothing.
#[must_use]
pub fn target(model: &Model, deed: &Deed, row: Option<&Row>) -> Safe {
    match deed {
        Deed::Assign(to) if model.is_mine_id(to) => Safe::literal(" to yourself"),
        Deed::Assign(to) => say!(" to {}", person(model, to, row)),
        Deed::Move(to) => say!(" to {}", queue(model, to, row)),
        Deed::Status(Some(status)) => say!(" to {status}"),
        Deed::Block { until: None } => Safe::literal(" for good"),
        Deed::Block { until: Some(until) } => {
            let stamp = time::stamp(*until, model.now, &model.zone);
            say!(" until {stamp}")
        }
        _ => Safe::default(),
    }
}

/// What an id is called: by the row that has it, by what pickers know, else by itself.
fn person(model: &Model, id: &UserId, row: Option<&Row>) -> Safe {
    let holder = row
        .and_then(|row| row.assignee.as_ref())
        .filter(|a| a.id == *id);
    let known = || model.people.iter().map(|p| &p.user).find(|u| u.id == *id);
    let named = holder.or_else(known);
    named.map_or_else(|| say!("{id}"), |named| named.name.clone())
}

fn queue(model: &Model, id: &QueueId, row: Option<&Row>) -> Safe {
    let of_row = row.map(|row| &row.queue).filter(|queue| queue.id == *id);
    let known = || model.queues.iter().map(|q| &q.queue).find(|q| q.id == *id);
    let named = of_row.or_else(known);
    named.map_or_else(|| say!("{id}"), |named| named.name.clone())
}

/// What one says when there was nothing left to do.
#[must_use]
pub fn already(model: &Model, deed: &Deed, name: &Safe, row: Option<&Row>) -> Safe {
    match deed {
        Deed::Unassign => say!("{name} was unassigned already"),
        Deed::Take => say!("{name} was yours already"),
        Deed::Assign(to) if model.is_mine_id(to) => say!("{name} was yours already"),
        Deed::Assign(to) => say!("{} had {name} already", person(model, to, row)),
        Deed::Move(to) => say!("{name} was in {} already", queue(model, to, row)),
        Deed::Status(Some(status)) => say!("{name} had the status {status} already"),
        Deed::Status(None) => say!("{name} had no status already"),
        Deed::Block { .. } => say!("{name} was on the blocklist already"),
        Deed::Unblock => say!("{name} was not on the blocklist"),
        Deed::Close => say!("{name} was closed already"),
        Deed::Reopen => say!("{name} was open already"),
        Deed::Intervene => say!("No bot was on {name} any more"),
        Deed::Note(_) => say!("The note on {name} was kept already"),
    }
}

/// A number of conversations.
#[must_use]
pub fn count(n: usize) -> Safe {
    match n {
        1 => Safe::literal("1 conversation"),
        _ => say!("{n} conversations"),
    }
}
