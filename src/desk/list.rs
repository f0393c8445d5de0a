//! The list: which part of it is asked for, and what comes back.

use crate::domain::{
    id::{ConversationId, QueueId},
    row::Row,
};

/// Which part of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// Whose.
    pub view: View,
    /// Only this queue.
    pub queue: Option<QueueId>,
    /// Only contacts that match: words of the name, or digits of the address.
    pub filter: String,
    /// Where in it.
    pub from: From,
    /// How many rows at most, 1 to 500.
    pub limit: u16,
}

/// Whose conversations a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// One's own.
    Mine,
    /// Nobody's.
    Unassigned,
    /// All one may see.
    #[default]
    All,
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum From {
    /// At the top.
    #[default]
    Start,
    /// At the bottom: the last page.
    End,
    /// Where another page said the list goes on, either way.
    Cursor(String),
    /// Wherever this conversation stands.
    Around(ConversationId),
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Rows in the order of L1.
    pub rows: Vec<Row>,
    /// Where the list goes on after them.
    pub next: Option<String>,
    /// Where it goes on before them.
    pub prev: Option<String>,
    /// The event cursor at which all of this is true.
    pub as_of: u64,
    /// How many each view holds, for the same queue.
    pub counts: Counts,
}

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// One's own.
    pub mine: u64,
    /// Nobody's.
    pub unassigned: u64,
    /// All one sees.
    pub all: u64,
}

impl Counts {
    /// The count of one view.
    #[must_use]
    pub fn of(self, view: View) -> u64 {
        match view {
            View::Mine => self.mine,
            View::Unassigned => self.unassigned,
            View::All => self.all,
        }
    }
}
