//! The side panel: facts of the contact, and what the team did (P3).

use super::{Loaded, Pane, Stretch};
use crate::{
    desk::Known,
    domain::{id::ConversationId, message::HistoryItem},
};

/// The side panel, of the conversation it was last asked for.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Of which conversation.
    pub of: Option<ConversationId>,
    /// How far it is.
    pub loaded: Loaded,
    /// What is known of the contact.
    pub known: Option<Known>,
    /// What the team did, as far as it is held, oldest first.
    pub done: Stretch<HistoryItem>,
    /// The first line in sight.
    pub top: usize,
    /// Where the keys go when it is closed.
    pub from: Pane,
}

impl Panel {
    /// A panel that knows nothing yet.
    #[must_use]
    pub fn new(from: Pane) -> Self {
        Self {
            of: None,
            loaded: Loaded::No,
            known: None,
            done: Stretch::default(),
            top: 0,
            from,
        }
    }

    /// It is another conversation's now: nothing of the former one is left.
    pub fn turn_to(&mut self, id: &ConversationId) {
        if self.of.as_ref() != Some(id) {
            *self = Self {
                of: Some(id.clone()),
                ..Self::new(self.from)
            };
        }
    }
}
