//! What is kept of what was not sent yet, as data: [`drafts`](super::drafts) has it on disk.

use super::compose::Kind;
use crate::{
    desk::Reply,
    domain::{id::ConversationId, moment::Moment, text::Safe},
};

/// A draft found on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Of a reply, or of a note.
    pub kind: Kind,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// What it says, as typed.
    pub text: String,
    /// When it was written.
    pub at: Moment,
    /// Whom it is to, as it was when its writing began; may be empty.
    pub of: Safe,
    /// It was being sent when its console ended: whether the desk has it, nobody knows.
    pub asked: Option<Reply>,
    /// Where it is.
    pub place: Where,
}

/// Where a draft is. Of one conversation and kind there may be several: two consoles of one account never write over
/// each other's (R23).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// With this console: the one that the composer goes on with.
    Here,
    /// Beside that one, under this name: left by a console that ended, and by no other writing.
    Aside(String),
    /// Another console has it, and may be writing it.
    Elsewhere(String),
}

/// What is to be done with drafts on disk, beside keeping what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Whom a draft is to, in words, for when its conversation is out of sight.
    Name(Kind, ConversationId, Safe),
    /// It is about to be sent so: if the answer is lost with this console, the next one asks under the same operation.
    Sending(Reply),
    /// See what there is by now, other consoles' among it.
    Look,
    /// The one kept aside under that name is no draft any more.
    Drop(Kind, ConversationId, String),
    /// What is here goes aside, and something else is written.
    SetAside(Kind, ConversationId),
    /// The one aside is gone on with.
    TakeUp(Kind, ConversationId, String),
}
