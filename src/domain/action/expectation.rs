//! What a request believes about the conversation it acts on (U5).

use crate::domain::{conversation::Conversation, id::UserId};

/// What a request believes about the conversation it acts on (U5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Who it believes has it. `None`: says nothing; `Some(None)`: nobody.
    pub assignee: Option<Option<UserId>>,
    /// The version it saw. `None`: says nothing.
    pub version: Option<u64>,
}

impl Expectation {
    /// What a row on a screen lets one believe: its assignee and version.
    #[must_use]
    pub fn seen(assignee: Option<UserId>, version: u64) -> Self {
        Self {
            assignee: Some(assignee),
            version: Some(version),
        }
    }

    /// It names an assignee, or nobody, and somebody else has it.
    pub(super) fn names_another_than(&self, assignee: Option<&UserId>) -> bool {
        self.assignee
            .as_ref()
            .is_some_and(|expected| expected.as_ref() != assignee)
    }

    /// Acted on after the version named; messages and notes since do not count (U5).
    pub(super) fn is_stale(&self, conversation: &Conversation) -> bool {
        self.version.is_some_and(|seen| conversation.acted > seen)
    }
}
