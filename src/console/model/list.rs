//! The list, and where the advisor is in it.

use super::Ticket;
use crate::{
    desk::{Counts, View},
    domain::{
        id::{ConversationId, QueueId},
        inbox::{Inbox, Side},
        row::Row,
        text::Safe,
    },
};

/// The list and where the advisor is in it.
#[derive(Debug, Default)]
pub struct List {
    /// Whose conversations.
    pub view: View,
    /// Only of this queue.
    pub queue: Option<QueueId>,
    /// Only contacts that match.
    pub filter: String,
    /// The stretch of it that is held.
    pub inbox: Inbox,
    /// How many each view holds, for the present queue.
    pub counts: Counts,
    /// The conversation the cursor is on: an id, never a row number (R22).
    pub cursor: Option<ConversationId>,
    /// The first row of the window, counted within the inbox.
    pub top: usize,
    /// The load that is under way; answers to older ones are void.
    pub loading: Option<Ticket>,
    /// Whether anything was ever loaded for the present view.
    pub loaded: bool,
    /// Why the last load failed.
    pub trouble: Option<Safe>,
    /// Changes that wait while the list must not move under a layer.
    pub waiting: Vec<Change>,
    /// The event cursor at which the last page was true.
    pub as_of: u64,
    /// The page under way that adds to an end of the inbox.
    pub(in crate::console) extending: Option<(Ticket, Side)>,
    /// Rows the cursor is still to move by when the page under way is here.
    pub(in crate::console) owed: i64,
    /// Where the cursor lands when the page under way is here; `None`: it stays.
    pub(in crate::console) land_at: Option<Side>,
    /// Changes heard of since the page under way was asked for, each with its place in the stream.
    pub(in crate::console) since_asked: Vec<(u64, Change)>,
    /// How often it could not be fetched since it last could.
    pub(in crate::console) failures: u32,
    /// The newest wish to fetch the list again soon.
    pub(in crate::console) refetch: Option<Ticket>,
}

/// A change of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A conversation, as it is now.
    Row(Box<Row>),
    /// A conversation is out of sight.
    Gone(ConversationId),
}

impl Change {
    /// Which conversation it is about.
    #[must_use]
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Row(row) => &row.id,
            Self::Gone(id) => id,
        }
    }
}
