//! What was done and said last.

use crate::domain::{
    action::Action,
    id::{ConversationId, OperationId},
    moment::Moment,
    text::Safe,
};

/// The last act the desk confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastAct {
    /// Under which operation id.
    pub operation: OperationId,
    /// When it was confirmed: a row held in its place says so (U1).
    pub at: Moment,
    /// What was done.
    pub action: Action,
    /// In words: `handing back Bea Jones`.
    pub what: Safe,
    /// On which conversations.
    pub on: Vec<ConversationId>,
    /// Whether anything can take it back.
    pub undoable: bool,
}

/// Something said to the advisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When.
    pub at: Moment,
    /// What.
    pub text: Safe,
    /// How much it matters.
    pub tone: Tone,
    /// Somebody was at the keyboard while it stood there, or looked at it later.
    pub read: bool,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// It went as wished, or it is merely so.
    Plain,
    /// It did not go as wished, or the advisor should look.
    Warning,
}
