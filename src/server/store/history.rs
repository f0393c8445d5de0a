//! What the team did, for good (U9, P3).

use super::{Result, Store};
use crate::domain::{
    id::{ConversationId, UserId},
    moment::Moment,
};

/// One thing the team did to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// Its place in the desk's history.
    pub id: u64,
    /// When.
    pub at: Moment,
    /// `assignee`, `queue`, `state`, `status`, `note` …
    pub kind: String,
    /// Who did it; `None` for the desk itself, or a customer.
    pub by: Option<UserId>,
    /// What it was: for `assignee` a user's id, for `queue` a queue's; `None` if nothing.
    pub from: Option<String>,
    /// What it is since, likewise.
    pub to: Option<String>,
    /// Through what (U9).
    pub cause: Option<String>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// A note's words.
    pub body: Option<String>,
}

/// A page of history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryPage {
    /// What was done, newest first.
    pub items: Vec<HistoryItem>,
    /// The `before` of the page of older ones; `None` if there are none.
    pub next: Option<String>,
}

impl Store {
    /// What the team did to a conversation, newest first. Who may read it is the caller's to ask.
    ///
    /// # Errors
    /// [`StoreError::NotACursor`](super::StoreError::NotACursor) if `before` is none, or the database's.
    pub async fn history(
        &self,
        conversation: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> Result<HistoryPage> {
        let _ = (conversation, before, limit);
        todo!()
    }
}
