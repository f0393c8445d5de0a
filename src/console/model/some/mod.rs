//! Handing back some of what somebody has, but not all (U7): whose, which of it, where to, and what would come of it.
//!
//! [`load`] is the table of people, [`plan`] what would move and stay and then what became of it, [`takers`] who is to
//! have it.

pub mod load;
pub mod plan;
pub mod takers;

use super::{Field, Loaded, Notice, Ticket};
use crate::{
    console::command::Place,
    desk::{Choice, Status},
    domain::{
        id::{QueueId, UserId},
        named::Named,
    },
};

pub use load::{Column, Load};
pub use plan::{Looking, Moving, Plan};
pub use takers::Takers;

/// The most that one request moves.
pub const MOST: u16 = 1_000;

/// Handing back some: one screen, from whose to what became of it.
#[derive(Debug)]
pub struct HandBackSome {
    /// Whose: the people, and those picked.
    pub load: Load,
    /// Where the keys go.
    pub focus: Focus,
    /// How many at most, in digits; empty: all.
    pub number: Field,
    /// Only those their assignee did nothing to since they became theirs.
    pub untouched: bool,
    /// Only of this queue.
    pub queue: Option<Named<QueueId>>,
    /// Only with this status.
    pub status: Option<Status>,
    /// Why, shown to who had them and to who takes them.
    pub reason: Field,
    /// Where they go.
    pub then: Then,
    /// Who is to have them.
    pub takers: Takers,
    /// What would move and stay, and what became of it.
    pub plan: Plan,
    /// The last thing said before: what stands there is no news of this screen.
    pub(in crate::console) heard: Option<Notice>,
    /// The wish to fetch the people again soon.
    pub(in crate::console) renew: Option<Ticket>,
}

/// A part of the screen that can have the keys, in the order Tab goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Focus {
    /// The table of people.
    #[default]
    Whose,
    /// How many.
    Number,
    /// The oldest waiting, or only untouched ones.
    Rule,
    /// Of which queue.
    Queue,
    /// With which status.
    Status,
    /// Why.
    Reason,
    /// Where to.
    Then,
    /// What would move.
    Moves,
    /// What would stay.
    Stays,
}

impl Focus {
    /// Every part, in the order Tab goes.
    pub const ALL: [Self; 9] = [
        Self::Whose,
        Self::Number,
        Self::Rule,
        Self::Queue,
        Self::Status,
        Self::Reason,
        Self::Then,
        Self::Moves,
        Self::Stays,
    ];

    /// Which keys count there.
    #[must_use]
    pub fn place(self) -> Place {
        match self {
            Self::Whose => Place::Load,
            Self::Number | Self::Reason => Place::Words,
            Self::Rule | Self::Queue | Self::Status | Self::Then => Place::Choice,
            Self::Moves | Self::Stays => Place::Moving,
        }
    }
}

/// Where handed back conversations go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Then {
    /// They wait in their queues.
    #[default]
    Queue,
    /// One person gets them.
    Give,
    /// Those signed in get them, in turn.
    Spread,
}

impl Then {
    /// Every way, in the order shown.
    pub const ALL: [Self; 3] = [Self::Queue, Self::Give, Self::Spread];
}

impl HandBackSome {
    /// Whether what is shown is what would be done now, but for not having been seen.
    pub(in crate::console) fn is_ready(&self) -> bool {
        self.plan.looking == Looking::Here
            && self.plan.operation.is_none()
            && self.plan.done().is_none()
            && self.plan.moving() > 0
    }

    /// Nothing picked, nothing known yet.
    #[must_use]
    pub fn new(heard: Option<Notice>) -> Self {
        Self {
            load: Load::default(),
            focus: Focus::default(),
            number: Field::default(),
            untouched: false,
            queue: None,
            status: None,
            reason: Field::default(),
            then: Then::default(),
            takers: Takers::default(),
            plan: Plan::default(),
            heard,
            renew: None,
        }
    }

    /// What the desk is to be asked; `None` while nobody is picked, or the number is no number.
    #[must_use]
    pub fn choice(&self) -> Option<Choice> {
        let of: Vec<UserId> = self.load.picked().map(|p| p.user.id.clone()).collect();
        if of.is_empty() {
            return None;
        }
        let count = match self.number.text.as_str() {
            "" => None,
            digits => Some(digits.parse().unwrap_or(MOST).min(MOST)).filter(|n| *n > 0),
        };
        if count.is_none() && !self.number.text.is_empty() {
            return None;
        }
        Some(Choice {
            of,
            queue: self.queue.as_ref().map(|queue| queue.id.clone()),
            status: self.status.as_ref().map(|status| status.word.clone()),
            untouched: self.untouched,
            // Those that failed are no longer the oldest of so many: all are looked at, and the others left out.
            count: count.filter(|_| self.plan.only().is_none()),
        })
    }

    /// The reason as it is sent; `None` where nothing is said.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        let words = self.reason.text.trim();
        (!words.is_empty()).then(|| words.to_owned())
    }

    /// Whether the people are known.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.load.loaded == Loaded::Yes
    }
}
