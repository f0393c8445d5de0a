//! The conversation in the right pane.

use crate::domain::{action::Action, message::Message, row::Row, text::Safe};

/// The conversation in the right pane.
#[derive(Clone, Debug)]
pub struct Open {
    /// As the desk last reported it.
    pub row: Row,
    /// What may be done to it; `None` until the desk said so, or since it changed.
    pub actions: Option<Vec<(Action, Result<(), Safe>)>>,
    /// The messages held, oldest first.
    pub messages: Vec<Message>,
    /// The cursor of older ones.
    pub older: Option<String>,
    /// How far the messages are.
    pub loaded: Loaded,
    /// How many lines the view is scrolled up from the newest message.
    pub scroll: usize,
    /// Messages that came while scrolled up.
    pub unseen: usize,
    /// It is out of sight; why. What is shown of it stays until the cursor leaves (U8).
    pub gone: Option<Safe>,
    /// Older messages are on their way.
    pub asked_older: bool,
}

impl Open {
    /// A conversation of which only the row is known.
    #[must_use]
    pub fn new(row: Row) -> Self {
        Self {
            row,
            actions: None,
            messages: Vec::new(),
            older: None,
            loaded: Loaded::No,
            scroll: 0,
            unseen: 0,
            gone: None,
            asked_older: false,
        }
    }
}

/// How far something that is loaded is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// Not asked for yet: the cursor has not rested.
    No,
    /// Asked for.
    Asked,
    /// Here.
    Yes,
    /// Failed; why.
    Failed(Safe),
}
