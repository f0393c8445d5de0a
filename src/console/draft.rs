//! What is kept of what was not sent yet, as data: [`drafts`](super::drafts) has it on disk.

use super::compose::Kind;
use crate::{
    desk::{Act, Reply},
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, MessageId, OperationId, UserId},
        moment::Moment,
        operation,
        text::Safe,
    },
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
    /// The desk was asked to take it, and nobody knows whether it has it.
    pub asked: Option<Unsure>,
    /// Where it is.
    pub place: Where,
}

impl Kept {
    /// Whether nobody knows if the desk has this draft.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        self.asked
            .as_ref()
            .is_some_and(|asked| asked.text == self.text)
    }
}

/// A draft as the desk was asked to take it: whether it has it, nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// Of a reply, or of a note.
    pub kind: Kind,
    /// When it was asked first.
    pub at: Moment,
    /// Under which operation.
    pub operation: OperationId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says, as typed.
    pub text: String,
    /// Who the screen said had it; a note says nothing of that.
    pub expected_assignee: Option<Option<UserId>>,
    /// The newest message its writer had seen.
    pub seen: Option<MessageId>,
}

impl Unsure {
    /// Whether asking again under its operation finds out what became of it, and does nothing twice (R20).
    #[must_use]
    pub fn can_be_asked(&self, now: Moment) -> bool {
        operation::is_remembered(self.at, now)
    }

    /// The reply, as it was asked.
    #[must_use]
    pub fn reply(&self) -> Reply {
        Reply {
            operation: self.operation.clone(),
            conversation: self.conversation.clone(),
            body: self.text.clone(),
            expected_assignee: self.expected_assignee.clone(),
            seen: self.seen.clone(),
        }
    }

    /// The note, as it was asked. It is about the customer, whoever has the conversation by now.
    #[must_use]
    pub fn note(&self) -> Act {
        Act {
            operation: self.operation.clone(),
            deed: Deed::Note(self.text.clone()),
            conversation: self.conversation.clone(),
            expected: Expectation::default(),
            reason: None,
        }
    }
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
    /// The desk is about to be asked to take it so: if the answer is lost with this console, the next one asks under the
    /// same operation.
    Asking(Unsure),
    /// The desk surely does not have it: asking for it again is another operation.
    NotTaken(Kind, ConversationId),
    /// See what there is by now, other consoles' among it.
    Look,
    /// The one kept aside under that name is no draft any more.
    Drop(Kind, ConversationId, String),
    /// What is here goes aside, and something else is written.
    SetAside(Kind, ConversationId),
    /// The one aside is gone on with.
    TakeUp(Kind, ConversationId, String),
}
