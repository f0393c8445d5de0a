//! The cursor is where no key put it, and for how long that matters (R22).

use std::time::Duration;

use super::{BLINK, Sight};
use crate::domain::{moment::Moment, text::Safe};

/// For this long after the cursor was seen to move by itself, acts are refused.
pub(in crate::console) const AFTER_A_MOVE: Duration = Duration::from_secs(1);

/// The cursor is where no key put it, or where the key did not mean to.
#[derive(Clone, Debug)]
pub(in crate::console) struct Surprise {
    /// What happened.
    pub(in crate::console) what: Safe,
    /// How long it takes to see that.
    pub(in crate::console) wait: Duration,
    pub(in crate::console) sight: Sight,
}

impl Surprise {
    /// An event moved the cursor to another conversation: seeing that takes a moment.
    pub(in crate::console) fn moved(what: Safe) -> Self {
        Self {
            what,
            wait: AFTER_A_MOVE,
            sight: Sight::Unseen,
        }
    }

    /// A key moved it, in a list that is in another order than the screen shows.
    pub(in crate::console) fn reordered() -> Self {
        Self {
            wait: BLINK,
            ..Self::moved(Safe::literal("The list is in another order now"))
        }
    }

    /// It was on the screen long enough to be read.
    pub(in crate::console) fn is_over(&self, now: Moment) -> bool {
        matches!(self.sight, Sight::Since(at) if now.since(at) >= self.wait)
    }
}
