//! Where the advisor is, and what they did lately that may come back to them.

use std::{collections::BTreeSet, time::Duration};

use super::Ticket;
use crate::{
    desk::{Doing, Whereabouts},
    domain::{
        id::{ConversationId, UserId},
        moment::Moment,
        named::Named,
        text::Safe,
    },
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
    /// When a console of this account was last there, as its folder knows.
    pub(in crate::console) seen: Option<Moment>,
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
            seen: None,
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
    /// Who had it, if the screen said so.
    pub from: Option<UserId>,
    /// When.
    pub at: Moment,
}

/// What came straight back to others, until the desk said through what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct Bounces {
    /// The question through what.
    pub(in crate::console) ticket: Ticket,
    /// The first of the hand-backs.
    pub(in crate::console) since: Moment,
    /// What came back, and to whom.
    pub(in crate::console) back: Vec<Back>,
}

/// One conversation that whoever had it has again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct Back {
    /// Which.
    pub(in crate::console) conversation: ConversationId,
    /// Its customer.
    pub(in crate::console) name: Safe,
    /// Who has it again.
    pub(in crate::console) to: Named<UserId>,
    /// How long after it was handed back.
    pub(in crate::console) after: Duration,
}
