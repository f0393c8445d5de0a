//! What lies over the panes, bottom to top.

use super::{HandBackSome, MyActs};
use crate::{
    console::menu::Menu,
    domain::{
        action::Expectation,
        id::{ConversationId, OperationId, UserId},
        row::{Contact, Row},
        text::Safe,
    },
};

/// What lies over the panes.
#[derive(Debug)]
pub enum Layer {
    /// The three dots.
    Menu(Menu),
    /// Every key, and what it does; each row can be run.
    Help {
        /// The row the cursor is on.
        cursor: usize,
    },
    /// Choosing a queue.
    Queues(Picker),
    /// Narrowing the list.
    Filter(Field),
    /// Handing back the marked ones: what would move, before it moves (U7).
    Preview(Preview),
    /// Leaving while holding work.
    Leaving,
    /// Handing back some of what somebody has.
    Some(Box<HandBackSome>),
    /// My acts, and where their conversations are now.
    Acts(Box<MyActs>),
}

impl Layer {
    /// Whether nothing under it can be seen, but the last two lines.
    #[must_use]
    pub fn covers_all(&self) -> bool {
        matches!(self, Self::Some(_) | Self::Acts(_))
    }
}

/// A list to choose from by typing.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    /// What was typed.
    pub typed: Field,
    /// The row the cursor is on, among those that match.
    pub cursor: usize,
}

/// One line of text being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What it says.
    pub text: String,
}

/// Handing back several: what would move and what came of each.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The conversations, in the order of the list, as they were when the preview was made.
    pub items: Vec<(ConversationId, Marked)>,
    /// What came of each, once the desk answered.
    pub results: Option<Vec<(ConversationId, Safe, bool)>>,
    /// The operation under way.
    pub operation: Option<OperationId>,
    /// The first item shown.
    pub top: usize,
}

/// A marked conversation, as it was on the screen when it was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its customer.
    pub contact: Contact,
    /// Who had it.
    pub assignee: Option<(UserId, Safe)>,
    /// Its version.
    pub version: u64,
}

impl Marked {
    /// What the screen showed of a row.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        Self {
            contact: row.contact.clone(),
            assignee: row
                .assignee
                .as_ref()
                .map(|a| (a.id.clone(), a.name.clone())),
            version: row.version,
        }
    }

    /// What an act on it expects (U5).
    #[must_use]
    pub fn expectation(&self) -> Expectation {
        Expectation::seen(
            self.assignee.as_ref().map(|(id, _)| id.clone()),
            self.version,
        )
    }
}
