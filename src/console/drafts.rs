//! Drafts on disk (R23).

use crate::domain::id::ConversationId;

/// A draft found on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// What it says, as typed.
    pub text: String,
}
