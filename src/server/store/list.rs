//! The list: rows in the order of L1, with exact counts, all of one moment.

use super::{Result, Store, conversation::Stored};
use crate::domain::{
    id::{ConversationId, QueueId, UserId},
    person::Person,
};

/// Which part of the list somebody wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Whose.
    pub view: View,
    /// Only this queue.
    pub queue: Option<QueueId>,
    /// Only what this person has.
    pub assignee: Option<UserId>,
    /// Open ones, closed ones or both; anything but open is a search, and includes deleted queues (V7).
    pub state: StateFilter,
    /// Only contacts of whom each of these words is a prefix of a word of the name, or digits that start
    /// or end the address. Empty: everybody.
    pub q: String,
    /// This is a search (F1): deleted queues are included even for open ones.
    pub search: bool,
    /// Where the page begins.
    pub from: From,
    /// How many rows at most, 1 to 500.
    pub limit: u16,
}

/// Whose conversations a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The viewer's own.
    Mine,
    /// Nobody's.
    Unassigned,
    /// All the viewer may see.
    #[default]
    All,
}

/// Open or closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Open ones.
    #[default]
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    Any,
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// At the top.
    #[default]
    Start,
    /// At the bottom: the last page.
    End,
    /// Where another page's `next` or `prev` said.
    Cursor(String),
    /// Wherever this conversation stands, in the middle of the page; at the top if it is not in this list.
    Around(ConversationId),
}

/// A page of the list; everything in it is of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The rows, in the order of L1.
    pub rows: Vec<Stored>,
    /// The cursor of the page after this one; `None` at the end.
    pub next: Option<String>,
    /// The cursor of the page before this one; `None` at the beginning.
    pub prev: Option<String>,
    /// The cursor of the log at which rows and counts are true.
    pub as_of: u64,
    /// How many open ones each view holds, in the same queue.
    pub counts: Counts,
}

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The viewer's own.
    pub mine: u64,
    /// Nobody's.
    pub unassigned: u64,
    /// All the viewer may see.
    pub all: u64,
}

impl Store {
    /// A page of what `viewer` may see. Without the permission `conversations`: nothing, and no counts (V6).
    ///
    /// # Errors
    /// [`StoreError::NotACursor`](super::StoreError::NotACursor), or the database's.
    pub async fn list(&self, viewer: &Person, query: &ListQuery) -> Result<Listed> {
        let _ = (viewer, query);
        todo!()
    }

    /// How many open conversations `viewer` sees: over all queues, and in each queue the viewer has access
    /// to or holds something in. All of one moment, and the log's cursor of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self, viewer: &Person) -> Result<(Counts, Vec<(QueueId, Counts)>, u64)> {
        let _ = viewer;
        todo!()
    }
}
