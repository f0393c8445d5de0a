//! My acts of the last days, and where their conversations are now: did it help?

use std::collections::HashSet;

use super::{Loaded, Ticket};
use crate::{
    desk::{Became, Done, Fate},
    domain::{
        id::{ConversationId, OperationId},
        moment::Moment,
    },
};

/// My acts, the newest first; one of them can be open.
#[derive(Debug)]
pub struct MyActs {
    acts: Vec<(Done, Tally)>,
    /// The open one.
    opened: Option<OperationId>,
    /// What stands on each line.
    lines: Vec<Line>,
    cursor: usize,
    /// The first line shown.
    pub top: usize,
    /// How far they are.
    pub loaded: Loaded,
    /// The question under way.
    pub(in crate::console) asked: Option<Ticket>,
    /// The wish to ask again soon.
    pub(in crate::console) renew: Option<Ticket>,
    shown: HashSet<ConversationId>,
}

/// What stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The day of the acts below.
    Day(Moment),
    /// An act.
    Act(usize),
    /// One of its conversations.
    Fate(usize, usize),
    /// So many more of them, which one does not see.
    Unseen(u64),
}

/// How many of an act's conversations became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Somebody new has them, or had them.
    pub taken: u64,
    /// Nobody has had them since.
    pub waiting: u64,
    /// They came back to whom they were taken from.
    pub came_back: u64,
    /// Closed.
    pub closed: u64,
    /// Taken back by undo.
    pub undone: u64,
    /// One does not see them any more: somebody took them.
    pub unseen: u64,
}

impl Tally {
    fn of(done: &Done) -> Self {
        let mut tally = Self::default();
        for fate in &done.fates {
            *match fate.became {
                Became::Taken => &mut tally.taken,
                Became::Waiting => &mut tally.waiting,
                Became::CameBack => &mut tally.came_back,
                Became::Closed => &mut tally.closed,
                Became::Undone => &mut tally.undone,
            } += 1;
        }
        tally.unseen = done.count.saturating_sub(done.fates.len() as u64);
        tally
    }
}

impl MyActs {
    /// Asked for, not here yet.
    #[must_use]
    pub fn new(asked: Ticket) -> Self {
        Self {
            acts: Vec::new(),
            opened: None,
            lines: Vec::new(),
            cursor: 0,
            top: 0,
            loaded: Loaded::Asked,
            asked: Some(asked),
            renew: None,
            shown: HashSet::new(),
        }
    }

    /// Takes in what the desk says; the cursor stays on its act and conversation. `day` tells one day from another.
    pub fn take_in<D: PartialEq>(&mut self, acts: Vec<Done>, day: impl Fn(Moment) -> D) {
        let here = self.under_cursor();
        self.shown = acts
            .iter()
            .flat_map(|done| done.fates.iter().map(|fate| fate.row.id.clone()))
            .collect();
        self.acts = acts
            .into_iter()
            .map(|done| {
                let tally = Tally::of(&done);
                (done, tally)
            })
            .collect();
        self.loaded = Loaded::Yes;
        self.asked = None;
        self.arrange(here, day);
    }

    /// The acts with their tallies, the newest first.
    #[must_use]
    pub fn acts(&self) -> &[(Done, Tally)] {
        &self.acts
    }

    /// What stands on each line.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Which line the cursor is on.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether a conversation is among those shown.
    #[must_use]
    pub fn shows(&self, id: &ConversationId) -> bool {
        self.shown.contains(id)
    }

    /// Whether an act is open.
    #[must_use]
    pub fn is_open(&self, operation: &OperationId) -> bool {
        self.opened.as_ref() == Some(operation)
    }

    /// The act the cursor is on or within.
    #[must_use]
    pub fn act(&self) -> Option<&(Done, Tally)> {
        match self.lines.get(self.cursor)? {
            Line::Act(act) | Line::Fate(act, _) => self.acts.get(*act),
            Line::Day(_) | Line::Unseen(_) => None,
        }
    }

    /// The conversation the cursor is on.
    #[must_use]
    pub fn fate(&self) -> Option<&Fate> {
        match self.lines.get(self.cursor)? {
            Line::Fate(act, fate) => self.acts.get(*act)?.0.fates.get(*fate),
            _ => None,
        }
    }

    /// Moves the cursor by so many lines that stand for something.
    pub fn by(&mut self, lines: i64) {
        let wanted = i64::try_from(self.cursor)
            .unwrap_or(0)
            .saturating_add(lines);
        self.go_to(usize::try_from(wanted).unwrap_or(0), lines < 0);
    }

    /// Puts the cursor on a line; where that stands for nothing, on the next that does, upwards or downwards.
    pub fn go_to(&mut self, line: usize, upwards: bool) {
        let last = self.lines.len().saturating_sub(1);
        let line = line.min(last);
        let stands = |at: &usize| matches!(self.lines[*at], Line::Act(_) | Line::Fate(..));
        if self.lines.is_empty() {
            return;
        }
        let (before, after) = ((0..=line).rev().find(stands), (line..=last).find(stands));
        self.cursor = match upwards {
            true => before.or(after),
            false => after.or(before),
        }
        .unwrap_or(0);
    }

    /// Opens the act under the cursor, or closes it.
    pub fn toggle<D: PartialEq>(&mut self, day: impl Fn(Moment) -> D) {
        let Some((done, _)) = self.act() else { return };
        let operation = done.operation.clone();
        let here = Some((operation.clone(), None));
        self.opened = match self.is_open(&operation) {
            true => None,
            false => Some(operation),
        };
        self.arrange(here, day);
    }

    fn under_cursor(&self) -> Option<(OperationId, Option<ConversationId>)> {
        let (done, _) = self.act()?;
        let conversation = self.fate().map(|fate| fate.row.id.clone());
        Some((done.operation.clone(), conversation))
    }

    fn arrange<D: PartialEq>(
        &mut self,
        here: Option<(OperationId, Option<ConversationId>)>,
        day: impl Fn(Moment) -> D,
    ) {
        self.lines.clear();
        let mut today = None;
        let mut at = None;
        for (act, (done, tally)) in self.acts.iter().enumerate() {
            let of = day(done.at);
            if today.as_ref() != Some(&of) {
                self.lines.push(Line::Day(done.at));
                today = Some(of);
            }
            let is_here = here.as_ref().filter(|(op, _)| *op == done.operation);
            if is_here.is_some() {
                at = Some(self.lines.len());
            }
            self.lines.push(Line::Act(act));
            if self.opened.as_ref() != Some(&done.operation) {
                continue;
            }
            for (index, fate) in done.fates.iter().enumerate() {
                if is_here.is_some_and(|(_, id)| id.as_ref() == Some(&fate.row.id)) {
                    at = Some(self.lines.len());
                }
                self.lines.push(Line::Fate(act, index));
            }
            if tally.unseen > 0 {
                self.lines.push(Line::Unseen(tally.unseen));
            }
        }
        self.go_to(at.unwrap_or(self.cursor), false);
    }
}
