//! Who else is there, and what is known of them.

use crate::domain::{
    id::{ConversationId, OperationId, OrganisationId, UserId},
    moment::Moment,
    named::Named,
    text::Safe,
};

/// Somebody the caller may know of, with what they have to do as far as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub user: Named<UserId>,
    /// The name they sign in with.
    pub username: Safe,
    /// Their organisation.
    pub organisation: Named<OrganisationId>,
    /// Whether they are there.
    pub presence: Presence,
    /// Since when; `None` if never.
    pub since: Option<Moment>,
    /// Open conversations of theirs.
    pub open: u64,
    /// Unanswered ones among them.
    pub unanswered: u64,
    /// Since when the longest of these waits.
    pub oldest_waiting: Option<Moment>,
    /// Conversations they write an answer to right now.
    pub replying: u64,
    /// Conversations they keep a draft for.
    pub drafts: u64,
    /// When they last did something to a conversation.
    pub last_action: Option<Moment>,
}

/// Whether somebody is there (Q9, A4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Presence {
    /// Signed in, and at the keyboard.
    SignedIn,
    /// Signed in, but away: gets nothing by a queue's rule.
    Away,
    /// No console of theirs is live.
    SignedOut,
}

/// Where the advisor is, as the desk is told for colleagues to see (L3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// In which conversation, if in any.
    pub open: Option<ConversationId>,
    /// Doing what.
    pub what: Doing,
}

/// What an advisor is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Reading, or merely there.
    Viewing,
    /// Writing an answer.
    Replying,
    /// Gone from it, with a draft kept.
    Draft,
    /// Gone from it; no draft is kept there either.
    Nothing,
    /// Not at the keyboard (A4).
    Away,
}

/// What a lost line handed back of the caller's, and they can take back in one act (Q9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What undo names.
    pub operation: OperationId,
    /// How many conversations.
    pub count: u64,
    /// When.
    pub at: Moment,
    /// Until when it can be taken back.
    pub until: Moment,
}

/// Words to answer with (SP1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// What one types to find it.
    pub keywords: Vec<Safe>,
    /// What it says, to be shown.
    pub body: Safe,
    /// What it says as the desk has it, to be sent.
    pub words: String,
    /// Whose it is.
    pub organisation: Named<OrganisationId>,
}

/// A business tag the caller may set (S3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub name: Safe,
    /// The name as the desk spells it, to be sent back.
    pub word: String,
}
