//! Undo: takes back one's last act (U6).

use super::{Operation, Result, Store, act::Results};
use crate::domain::{id::OperationId, person::Person};

impl Store {
    /// Takes back the act of that operation, conversation by conversation, if it was the last thing
    /// `by` did (U6). An operation that changed nothing, or is not theirs, gives no results.
    ///
    /// # Errors
    /// As [`Store::act`].
    pub async fn undo(
        &self,
        by: &Person,
        undone: &OperationId,
        operation: &Operation,
    ) -> Result<Results> {
        let _ = (by, undone, operation);
        todo!()
    }
}
