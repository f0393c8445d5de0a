//! One conversation from its beginning, as its customer saw it (T1).

use crate::domain::id::ConversationId;

/// Which transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// In which form.
    pub form: Form,
    /// With the team's notes, and who of us wrote what.
    pub notes: bool,
}

/// In which form a transcript is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// Markdown.
    #[default]
    Markdown,
    /// Plain text.
    Text,
    /// JSON, as the contract describes it.
    Json,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Text, Self::Json];

    /// The form as the contract spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    /// How the name of a file of that form ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Text => "txt",
            Self::Json => "json",
        }
    }
}
