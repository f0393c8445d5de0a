//! What would move and what would stay, before anything moves; then what became of each (U7, R24).

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use crate::{
    console::model::{Sight, Ticket},
    desk::Outlook,
    domain::{
        action::Expectation,
        id::{ConversationId, OperationId},
        moment::Moment,
        row::Row,
        text::Safe,
    },
};

/// For this long after what would move was seen to change by itself, it is not done yet (R22).
const AFTER_A_CHANGE: Duration = Duration::from_secs(1);

/// What would move and what would stay.
#[derive(Debug, Default)]
pub struct Plan {
    moves: Vec<Moving>,
    /// Kept back by hand, whether they would move now or not.
    kept: HashSet<ConversationId>,
    /// How many of those that would move are kept back.
    keeping: usize,
    /// What would stay, and why; the first of it.
    pub stays: Vec<(Row, Safe)>,
    /// How many would stay in all.
    pub staying: u64,
    /// What one should know before.
    pub warnings: Vec<Safe>,
    /// How far the look is.
    pub looking: Looking,
    /// What became of it, once the desk answered.
    done: Option<Came>,
    /// The act under way.
    pub operation: Option<OperationId>,
    /// Only these are looked at: what failed, tried again alone (R24).
    only: Option<HashSet<ConversationId>>,
    /// The conversations that are shown, to know when one of them changes.
    shown: HashSet<ConversationId>,
    /// The look under way because something happened, not because the choice changed.
    again: Option<Ticket>,
    /// One of those shown changed since.
    pub stale: bool,
    sight: Sight,
    /// It changed by itself.
    startled: bool,
    cursor: usize,
    /// The first shown of what would move.
    pub top: usize,
    /// The one of those that stay where the cursor is.
    pub at_stay: usize,
    /// The first shown of what would stay.
    pub top_of_stays: usize,
}

/// How far the look at what would move is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Looking {
    /// Nobody is picked.
    #[default]
    Nowhere,
    /// The choice just changed: the desk is asked when the keys rest.
    Soon(Ticket),
    /// The desk was asked.
    Asked(Ticket),
    /// It is here.
    Here,
    /// It cannot be had; why.
    Failed(Safe),
}

/// One conversation that would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// As the desk reported it: what the act is bound to (R22).
    pub row: Row,
    /// The advisor keeps it back.
    pub kept: bool,
    /// What became of it: whether it moved, and in words.
    pub came: Option<(bool, Safe)>,
}

/// What became of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    /// So many moved.
    pub moved: usize,
    /// So many did not.
    pub failed: usize,
}

impl Plan {
    /// What would move, oldest waiting first; or what was to move, with what became of each.
    #[must_use]
    pub fn moves(&self) -> &[Moving] {
        &self.moves
    }

    /// How many would move.
    #[must_use]
    pub fn moving(&self) -> usize {
        self.moves.len() - self.keeping
    }

    /// How many are kept back of those that would move.
    #[must_use]
    pub fn keeping(&self) -> usize {
        self.keeping
    }

    /// What became of all, once the desk answered.
    #[must_use]
    pub fn done(&self) -> Option<Came> {
        self.done
    }

    /// Only these are looked at.
    #[must_use]
    pub fn only(&self) -> Option<&HashSet<ConversationId>> {
        self.only.as_ref()
    }

    /// Where the cursor is among what would move.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Puts the cursor on one of those that would move.
    pub fn go_to(&mut self, row: usize) {
        self.cursor = row.min(self.moves.len().saturating_sub(1));
    }

    /// Whether a conversation is among those shown.
    #[must_use]
    pub fn shows(&self, id: &ConversationId) -> bool {
        self.shown.contains(id)
    }

    /// Keeps back the one under the cursor, or lets it go again.
    pub fn toggle(&mut self) {
        let Some(moving) = self.moves.get_mut(self.cursor) else {
            return;
        };
        if self.done.is_some() || self.operation.is_some() {
            return;
        }
        moving.kept = !moving.kept;
        if moving.kept {
            self.kept.insert(moving.row.id.clone());
            self.keeping += 1;
        } else {
            self.kept.remove(&moving.row.id);
            self.keeping -= 1;
        }
    }

    /// The choice changed: what is shown is of another one, until the desk is asked and answers.
    pub fn look_soon(&mut self, ticket: Ticket) {
        self.looking = Looking::Soon(ticket);
        self.only = None;
        self.again = None;
    }

    /// Nobody is picked.
    pub fn look_nowhere(&mut self) {
        *self = Self {
            kept: std::mem::take(&mut self.kept),
            ..Self::default()
        };
    }

    /// The keys rested: whether this wish is still the newest, so that the desk is to be asked.
    pub fn ask(&mut self, ticket: Ticket) -> bool {
        let due = self.looking == Looking::Soon(ticket);
        if due {
            self.looking = Looking::Asked(ticket);
        }
        due
    }

    /// The desk is asked about those that failed alone.
    pub fn ask_for_the_failed(&mut self, ticket: Ticket) {
        let failed = |moving: &&Moving| matches!(moving.came, Some((false, _)));
        let ids = self.moves.iter().filter(failed).map(|m| m.row.id.clone());
        self.only = Some(ids.collect());
        self.looking = Looking::Asked(ticket);
        self.again = None;
    }

    /// The desk is asked again about the same, since something happened.
    pub fn ask_again(&mut self, ticket: Ticket) {
        self.stale = false;
        if self.looking == Looking::Here && self.done.is_none() && self.operation.is_none() {
            self.again = Some(ticket);
        }
    }

    /// Whether that question is under way.
    #[must_use]
    pub fn is_asking_again(&self) -> bool {
        self.again.is_some()
    }

    /// The desk did not say.
    pub fn fail(&mut self, ticket: Ticket, why: Safe) {
        if self.again == Some(ticket) {
            self.again = None; // What is shown stays; the desk decides when it is done.
        } else if self.looking == Looking::Asked(ticket) {
            self.looking = Looking::Failed(why);
        }
    }

    /// Takes in the answer to the newest question; says whether it was that. A late one is ignored.
    pub fn take_in(&mut self, ticket: Ticket, outlook: Outlook) -> bool {
        let by_itself = self.again == Some(ticket);
        if !by_itself && self.looking != Looking::Asked(ticket) {
            return false;
        }
        let here = self.moves.get(self.cursor).map(|m| m.row.id.clone());
        let before: Vec<ConversationId> = self.moves.iter().map(|m| m.row.id.clone()).collect();
        let in_scope = |row: &Row| self.only.as_ref().is_none_or(|only| only.contains(&row.id));
        let mut stays: Vec<_> = outlook.stays;
        stays.retain(|(row, _)| in_scope(row));
        let staying = match &self.only {
            None => outlook.staying,
            Some(_) => stays.len() as u64,
        };
        let moves: Vec<Moving> = outlook
            .moves
            .into_iter()
            .filter(in_scope)
            .map(|row| Moving {
                kept: self.kept.contains(&row.id),
                row,
                came: None,
            })
            .collect();
        self.keeping = moves.iter().filter(|m| m.kept).count();
        let at = here.and_then(|id| moves.iter().position(|m| m.row.id == id));
        self.startled = by_itself && !moves.iter().map(|m| &m.row.id).eq(before.iter());
        self.shown = moves
            .iter()
            .map(|m| m.row.id.clone())
            .chain(stays.iter().map(|(row, _)| row.id.clone()))
            .collect();
        (self.moves, self.stays, self.staying) = (moves, stays, staying);
        self.warnings = outlook.warnings;
        self.looking = Looking::Here;
        (self.again, self.done, self.stale) = (None, None, false);
        self.go_to(at.unwrap_or(if by_itself { self.cursor } else { 0 }));
        self.at_stay = self.at_stay.min(self.stays.len().saturating_sub(1));
        self.unsee();
        true
    }

    /// What an act would do is another than what the screen shows.
    pub fn unsee(&mut self) {
        self.sight = Sight::Unseen;
    }

    /// A frame with it is on its way to the terminal.
    pub fn painted(&mut self) {
        self.sight.painted();
    }

    /// That frame has gone out.
    pub fn seen(&mut self, now: Moment) {
        self.sight.went_out(now);
    }

    /// Why it is not done now: what would be done is not what one has seen (R22).
    pub fn objects(&mut self, now: Moment) -> Option<Safe> {
        let words = match self.sight {
            Sight::Unseen | Sight::UnderWay => {
                "What would move is not on the screen yet: look at it, then press the key again"
            }
            Sight::Since(at) if self.startled && now.since(at) < AFTER_A_CHANGE => {
                "What would move just changed by itself: look at it, then press the key again"
            }
            Sight::Since(_) => return None,
        };
        Some(Safe::literal(words))
    }

    /// What the act is asked for: the conversations shown as moving, as they were shown, and never a rule.
    #[must_use]
    pub fn items(&self) -> Vec<(ConversationId, Expectation)> {
        let seen = |row: &Row| Expectation::seen(row.holder(), row.version);
        self.moves
            .iter()
            .filter(|moving| !moving.kept)
            .map(|moving| (moving.row.id.clone(), seen(&moving.row)))
            .collect()
    }

    /// The act is under way.
    pub fn send(&mut self, operation: OperationId) {
        self.operation = Some(operation);
        self.again = None;
    }

    /// Takes in what became of each.
    pub fn came(&mut self, mut results: HashMap<ConversationId, (bool, Safe)>) {
        let mut came = Came {
            moved: 0,
            failed: 0,
        };
        for moving in &mut self.moves {
            moving.came = results.remove(&moving.row.id);
            match moving.came {
                Some((true, _)) => came.moved += 1,
                Some((false, _)) => came.failed += 1,
                None => {}
            }
        }
        self.done = Some(came);
        self.operation = None;
        self.warnings.clear();
    }
}
