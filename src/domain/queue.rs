//! Queues: where conversations wait, and who may answer from them.

use super::id::{OrganisationId, QueueId};

/// A queue's settings (Q1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Which queue.
    pub id: QueueId,
    /// The one organisation that owns it (V5).
    pub owner: OrganisationId,
    /// The organisations that answer from it: the owner or ones below it.
    pub teams: Vec<OrganisationId>,
    /// How a conversation that enters finds its advisor.
    pub rule: Rule,
    /// What happens when an advisor signs in (Q3).
    pub on_login: Turnover,
    /// What happens when an advisor signs out (Q2).
    pub on_logout: Turnover,
    /// Open conversations one advisor is given at most (Q4); `None`: no limit.
    pub max_open: Option<u32>,
    /// Nothing can be moved into an inactive queue (Q6).
    pub active: bool,
    /// In no list; only search finds what is in it (Q7).
    pub deleted: bool,
}

/// How a conversation that enters a queue finds its advisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rule {
    /// Whoever replies first owns it (A1).
    #[default]
    SelfSelection,
    /// In circular order (A2).
    RoundRobin,
    /// Whoever has the fewest open conversations (A2).
    LeastBusy,
}

/// What a sign-in or sign-out does to a queue's conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turnover {
    /// Leaves them as they are.
    #[default]
    Nothing,
    /// Signing in: gets the unassigned ones (Q3). Signing out: one's own become unassigned (Q2).
    Redistribute,
}

macro_rules! words {
    ($kind:ident: $($word:literal => $variant:ident),+) => {
        impl $kind {
            /// The word the team file and the contract use.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The setting of that word, if there is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Rule: "self_selection" => SelfSelection, "round_robin" => RoundRobin, "least_busy" => LeastBusy);
words!(Turnover: "nothing" => Nothing, "redistribute" => Redistribute);
