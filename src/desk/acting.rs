//! What a desk is asked to do, and the five things it may answer (R21).

use crate::domain::{
    action::{Deed, Expectation},
    id::{ConversationId, MessageId, OperationId, QueueId, UserId},
    row::Row,
    text::Safe,
};

/// Something to do to one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Made when the key went down (R20).
    pub operation: OperationId,
    /// What to do.
    pub deed: Deed,
    /// To which conversation.
    pub conversation: ConversationId,
    /// What the screen showed when the key went down (R22).
    pub expected: Expectation,
    /// Why, if the advisor said.
    pub reason: Option<String>,
}

/// A reply to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Made when it was sent the first time (R20).
    pub operation: OperationId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says, as typed.
    pub body: String,
    /// Who the screen said has it.
    pub expected_assignee: Option<Option<UserId>>,
    /// The newest message its writer had seen.
    pub seen: Option<MessageId>,
}

/// The same to be done to many conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many {
    /// One operation for all, so that one undo takes all back.
    pub operation: OperationId,
    /// What to do.
    pub deed: ManyDeed,
    /// Which ones, each with what the preview showed.
    pub items: Vec<(ConversationId, Expectation)>,
    /// Why, if the advisor said.
    pub reason: Option<String>,
    /// Leave alone what anything happened to since the preview, or what somebody answers now (U7).
    pub if_quiet: bool,
}

/// What can be done to many at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyDeed {
    /// Hand them back.
    Unassign,
    /// Spread them over these people, in turn.
    Assign(Vec<UserId>),
    /// Move them.
    Move(QueueId),
    /// Give them a status, or none.
    Status(Option<String>),
}

/// What came of an act: one of five, never a bare "done" (R21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done, with the conversation as the desk now reports it; `None` if the caller no longer sees it.
    Done(Option<Box<Row>>),
    /// It was so already.
    Already(Option<Box<Row>>),
    /// Somebody else was faster; nothing changed. With the present state, if that may be seen.
    Taken(Option<Box<Row>>),
    /// Nothing changed, and why.
    Refused(Refused),
    /// The line broke: done or not, nobody can say yet. Ask again with the same operation id.
    Unknown(Safe),
}

/// Why nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In words for the advisor.
    pub why: Safe,
    /// What kind of no it is.
    pub kind: No,
}

/// The kinds of no that a console treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// A rule says so.
    Rule,
    /// It is not there, or not to be seen (V8).
    NotFound,
    /// A colleague wrote in between: read it, then send anyway.
    Crossed,
    /// Too much at once: what was asked was not heard this time, try later.
    Busy,
    /// The desk does not know who asks, or no longer: what was asked was not heard.
    NotSignedIn,
}

impl No {
    /// Whether it says nothing of what came of the same question when it was asked before (R21).
    #[must_use]
    pub fn is_unheard(self) -> bool {
        matches!(self, Self::Busy | Self::NotSignedIn)
    }
}
