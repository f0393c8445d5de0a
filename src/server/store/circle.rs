//! Those whom a queue gives to in turn.

use crate::domain::{distribution::Candidate, id::UserId};

/// What a queue gives by, locked until the end of the transaction.
#[derive(Debug)]
pub(super) struct Circle {
    /// Who had the last turn.
    pub(super) last: Option<UserId>,
    /// Who works there and is there, with what they had when this was read.
    pub(super) there: Vec<Candidate>,
    /// `last` is not what the database says any more.
    pub(super) turned: bool,
}
