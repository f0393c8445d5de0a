//! Where the advisor is, and what they did lately that may come back to them.

use std::collections::BTreeSet;

use super::Ticket;
use crate::{
    desk::{Doing, Whereabouts},
    domain::{id::ConversationId, moment::Moment, text::Safe},
};

/// Where the advisor is, as colleagues see it (L3, A4).
#[derive(Debug)]
pub struct There {
    /// Why they are away, if they are.
    pub away: Option<Away>,
    /// What the desk was told last.
    pub(in crate::console) told: Whereabouts,
    /// The newest wish to say it again.
    pub(in crate::console) again: Option<Ticket>,
    /// When the last key was pressed.
    pub(in crate::console) pressed: Moment,
    /// A look at whether a key was pressed lately is on its way.
    pub(in crate::console) watched: bool,
    /// Conversations of which the desk knows that a draft is kept.
    pub(in crate::console) drafts: BTreeSet<ConversationId>,
    /// The last time of leaving that was asked about: what was done since is told once.
    pub(in crate::console) left_at: Option<Moment>,
}

impl Default for There {
    fn default() -> Self {
        Self {
            away: None,
            told: NOWHERE,
            again: None,
            pressed: Moment::default(),
            watched: false,
            drafts: BTreeSet::new(),
            left_at: None,
        }
    }
}

/// At the console, and in no conversation.
pub(in crate::console) const NOWHERE: Whereabouts = Whereabouts {
    open: None,
    what: Doing::Viewing,
};

/// Why somebody is away (A4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Away {
    /// They said so: only they end it.
    Said,
    /// No key for ten minutes: the next one ends it.
    Still,
    /// Suspended to the shell: coming back ends it.
    Suspended,
}

/// Something one handed back a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedBack {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its customer.
    pub name: Safe,
    /// When.
    pub at: Moment,
}
