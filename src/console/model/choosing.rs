//! What a picker is open for.

use super::{Subject, some::Focus};
use crate::{console::command::Place, domain::row::Row};

/// What is chosen in a picker, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choosing {
    /// Of which queue the list shows conversations (L4).
    Shown,
    /// Into which queue they go (Q8).
    Move(Subject),
    /// Whose they will be (A6).
    Assign(Subject),
    /// Which status they get (S3).
    Status(Subject),
    /// What is copied of a conversation.
    Copy(Box<Row>),
    /// Which phrase stands in the reply, in the place of these words before the caret (SP1).
    Phrase(String),
    /// In which form a transcript is written (T1).
    Transcript(Box<Row>),
    /// What a field of handing back some is.
    Some(Focus),
    /// Anything that can be done in that place.
    ByName(Place),
}
