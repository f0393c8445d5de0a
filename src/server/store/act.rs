//! Unassign and take, one or many (U1–U5, U7, A6).

use super::{Operation, Outcome, Result, Store, conversation::Stored};
use crate::domain::{
    action::{Action, Expectation},
    id::{ConversationId, OperationId},
    person::Person,
};

/// How many conversations one request may act on.
pub const MANY: usize = 1_000;

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// Which conversation.
    pub id: ConversationId,
    /// What it came to; of a repeated operation, what it came to the first time.
    pub outcome: Outcome,
    /// The conversation now, if the one who acts sees it *now*.
    pub conversation: Option<Stored>,
}

/// What came of an act on many: a result per conversation, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Under which operation id.
    pub operation: OperationId,
    /// One per conversation.
    pub results: Vec<Acted>,
}

/// One of many to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which conversation.
    pub id: ConversationId,
    /// What is believed of it (U5).
    pub expected: Expectation,
}

impl Store {
    /// Does [`Action::Unassign`] or [`Action::Take`] to one conversation, in one transaction (R20). Any
    /// other action is refused as not yet available.
    ///
    /// # Errors
    /// [`StoreError::OtherContent`](super::StoreError::OtherContent) if the operation id was used for
    /// something else, or the database's; then nothing changed.
    pub async fn act(
        &self,
        by: &Person,
        action: Action,
        item: &Item,
        reason: Option<&str>,
        operation: &Operation,
    ) -> Result<Acted> {
        let _ = (by, action, item, reason, operation);
        todo!()
    }

    /// Unassigns many in one transaction, each by itself (U7): one that cannot be is no reason for another.
    ///
    /// # Errors
    /// [`StoreError::TooMany`](super::StoreError::TooMany) beyond [`MANY`]; else as [`Store::act`].
    pub async fn unassign_many(
        &self,
        by: &Person,
        items: &[Item],
        reason: Option<&str>,
        operation: &Operation,
    ) -> Result<Results> {
        let _ = (by, items, reason, operation);
        todo!()
    }
}
