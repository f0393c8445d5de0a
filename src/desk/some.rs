//! Handing back some: what would move and what would stay (U7), and what became of it.

pub use crate::domain::fate::Became;
use crate::domain::{
    action::Cause,
    id::{OperationId, QueueId, UserId},
    moment::Moment,
    named::Named,
    row::Row,
    text::Safe,
};

/// Which conversations: whose, and by which rule. The oldest waiting first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Whose.
    pub of: Vec<UserId>,
    /// Only of this queue.
    pub queue: Option<QueueId>,
    /// Only with this status, as the desk spells it.
    pub status: Option<String>,
    /// Only those their assignee did nothing to since they became theirs.
    pub untouched: bool,
    /// How many at most; `None`: as many as one request may move.
    pub count: Option<u16>,
}

/// What would move and what would stay. Nothing has moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// What would move, oldest waiting first.
    pub moves: Vec<Row>,
    /// What would stay, and why; the first of it.
    pub stays: Vec<(Row, Safe)>,
    /// How many would stay in all.
    pub staying: u64,
    /// What a leader should know before they move.
    pub warnings: Vec<Safe>,
}

/// Which acts: by somebody, or on what was somebody's; since a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActsQuery {
    /// Whose.
    pub whose: Whose,
    /// Since when.
    pub since: Moment,
}

/// Whose acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// What they did.
    By(UserId),
    /// What others did with what was theirs.
    Of(UserId),
}

/// One act on one or many conversations, and what became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What undo names.
    pub operation: OperationId,
    /// When.
    pub at: Moment,
    /// What was done, as a word the advisor knows.
    pub action: crate::domain::action::Action,
    /// Who did it; nobody if the desk itself did.
    pub by: Option<Named<UserId>>,
    /// Through what the desk did it by itself.
    pub cause: Option<Cause>,
    /// Whose the conversations were.
    pub of: Vec<Named<UserId>>,
    /// Why, if they said.
    pub reason: Option<Safe>,
    /// A lost line did it, not its owner's hand (Q9).
    pub line_lost: bool,
    /// All of it was taken back.
    pub undone: bool,
    /// How many conversations it changed.
    pub count: u64,
    /// Those the caller sees now, and what became of each.
    pub fates: Vec<Fate>,
}

/// What became of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// The conversation, as it is now.
    pub row: Row,
    /// What became of it.
    pub became: Became,
    /// Who got it first after the act, when, and through what.
    pub to: Option<Named<UserId>>,
    /// When.
    pub at: Option<Moment>,
    /// Through what.
    pub cause: Option<Cause>,
}
