//! Going on where one was (R17).

use crate::console::bookmark::Left;

/// Where one was, until one is there again.
#[derive(Debug)]
pub(in crate::console) struct Resume {
    pub(in crate::console) left: Left,
    /// What was written is known.
    pub(in crate::console) drafts: bool,
}
