//! Why a desk could not be read.

use std::time::Duration;

use crate::domain::text::Safe;

/// Why a read failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers, or the line broke.
    #[error("the desk does not answer: {0}")]
    Unreachable(Safe),
    /// The desk does not know this account, or no longer.
    #[error("{0}")]
    NotSignedIn(Safe),
    /// Not there, or not to be seen (V8).
    #[error("not there, or not yours to see")]
    NotFound,
    /// The desk asks to wait.
    #[error("the desk asks to wait {0:?}")]
    Busy(Duration),
    /// The desk refused, or said something that is not of the contract.
    #[error("{0}")]
    Refused(Safe),
}
