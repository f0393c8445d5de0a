//! That the screen hides what customers wrote when nobody is there.

use std::time::Duration;

use crate::domain::text::Safe;

/// When the screen locks, and whether it is.
#[derive(Debug, Default)]
pub struct Lock {
    /// After so long without a key; `None`: never.
    pub(in crate::console) after: Option<Duration>,
    /// Whoever comes back has to be let in by the desk: it is a token that says who sits here, not this host.
    pub(in crate::console) by_desk: bool,
    /// A look at whether a key was pressed lately is on its way.
    pub(in crate::console) watched: bool,
    /// It is locked.
    pub(in crate::console) locked: Option<Locked>,
}

impl Lock {
    /// Open, and to lock after so long without a key.
    #[must_use]
    pub fn new(after: Option<Duration>, by_desk: bool) -> Self {
        Self {
            after,
            by_desk,
            ..Self::default()
        }
    }

    /// Whether the screen is hidden.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.locked.is_some()
    }
}

/// A locked screen.
#[derive(Debug, Default)]
pub(in crate::console) struct Locked {
    /// Only the desk opens it, and not whoever presses a key.
    pub(in crate::console) by_desk: bool,
    /// The desk is asked whether whoever sits here may go on.
    pub(in crate::console) asked: bool,
    /// Why it is still locked.
    pub(in crate::console) why: Option<Safe>,
}
