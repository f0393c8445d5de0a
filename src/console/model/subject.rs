//! What an act means: the conversation shown, or the marked ones.

use super::{Marked, Model, Pane};
use crate::{
    domain::{id::ConversationId, row::Row, text::Safe},
    say,
};

/// What an act in the making is for, bound to what the screen showed when its key went down (R22).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The conversation shown.
    One(Box<Row>),
    /// The marked ones, in the order of the list.
    Marked(Vec<(ConversationId, Marked)>),
}

impl Subject {
    /// What it is called in titles: its contact, or how many.
    #[must_use]
    pub fn name(&self) -> Safe {
        match self {
            Self::One(row) => row.contact.shown().clone(),
            Self::Marked(items) if items.len() == 1 => Safe::literal("1 marked conversation"),
            Self::Marked(items) => say!("{} marked conversations", items.len()),
        }
    }

    /// The one, or the first of them: whoever may have it is asked for it.
    #[must_use]
    pub fn first(&self) -> Option<&ConversationId> {
        match self {
            Self::One(row) => Some(&row.id),
            Self::Marked(items) => items.first().map(|(id, _)| id),
        }
    }
}

impl Model {
    /// The conversation an act means: the one shown.
    #[must_use]
    pub fn meant(&self) -> Option<Row> {
        match self.pane {
            Pane::Conversation | Pane::Panel => self.open.as_ref().map(|open| open.row.clone()),
            Pane::List => self.under_cursor().cloned(),
        }
    }

    /// What a key that acts on marks means: the marked ones, while the list has the keys and there are some; else the one
    /// shown (U7).
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        if self.pane == Pane::List && !self.marks.is_empty() {
            let mut items: Vec<(ConversationId, Marked)> = self
                .marks
                .iter()
                .map(|(id, marked)| (id.clone(), marked.clone()))
                .collect();
            items.sort_by_key(|(id, _)| self.list.inbox.find(id).unwrap_or(usize::MAX));
            return Some(Subject::Marked(items));
        }
        self.meant().map(|row| Subject::One(Box::new(row)))
    }
}
