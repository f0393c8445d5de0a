//! What was told last of what others did, which more of the like joins (U8, U9).

use crate::{
    desk::Attention,
    domain::{moment::Moment, text::Safe},
};

/// What is told of one conversation, or of several that went the same way.
#[derive(Clone, Debug)]
pub(in crate::console) struct News {
    pub(in crate::console) count: usize,
    /// The names of the first two.
    pub(in crate::console) names: Vec<Safe>,
    /// Their queue, if it is one.
    pub(in crate::console) queue: Option<Safe>,
    /// Whose they are now, if one person has all of them.
    pub(in crate::console) holder: Option<Safe>,
}

/// What was told last, which more of the like joins.
#[derive(Clone, Debug)]
pub(in crate::console) struct Gathered {
    pub(in crate::console) like: Attention,
    pub(in crate::console) news: News,
    /// When the last of them was told.
    pub(in crate::console) at: Moment,
    /// As it was told: what more comes takes the place of that notice.
    pub(in crate::console) text: Safe,
}
