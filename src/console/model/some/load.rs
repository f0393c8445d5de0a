//! Load by advisor: who has how much to do, as a table that any column sorts.

use std::{cmp::Ordering, collections::BTreeSet};

use crate::{
    console::model::Loaded,
    desk::{Colleague, Presence},
    domain::{id::UserId, moment::Moment},
};

/// The people, in the order shown, with the cursor and those picked.
#[derive(Debug)]
pub struct Load {
    people: Vec<Colleague>,
    picked: BTreeSet<UserId>,
    cursor: usize,
    sort: Column,
    turned: bool,
    /// How far they are.
    pub loaded: Loaded,
    /// The first one shown.
    pub top: usize,
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The person's name.
    Advisor,
    /// Their organisation.
    Organisation,
    /// Open conversations.
    Open,
    /// Unanswered ones.
    Unanswered,
    /// How long the longest of these waits.
    Oldest,
    /// Answers they write right now.
    Replying,
    /// Drafts they keep.
    Drafts,
    /// When they last did something.
    LastAction,
    /// Signed in, away, signed out.
    State,
}

impl Column {
    /// Every column, from left to right.
    pub const ALL: [Self; 9] = [
        Self::Advisor,
        Self::Organisation,
        Self::Open,
        Self::Unanswered,
        Self::Oldest,
        Self::Replying,
        Self::Drafts,
        Self::LastAction,
        Self::State,
    ];
}

impl Default for Load {
    /// Who has most customers waiting comes first.
    fn default() -> Self {
        Self {
            people: Vec::new(),
            picked: BTreeSet::new(),
            cursor: 0,
            sort: Column::Unanswered,
            turned: false,
            loaded: Loaded::Asked,
            top: 0,
        }
    }
}

impl Load {
    /// Takes in what the desk says. The cursor stays on its person; who is gone is no longer picked. Says whether
    /// somebody picked has more or less to do than before, so that what would move is another.
    pub fn take_in(&mut self, people: Vec<Colleague>) -> bool {
        let before: Vec<_> = self.picked().map(work).collect();
        let here = self.under_cursor().map(|person| person.user.id.clone());
        self.picked
            .retain(|id| people.iter().any(|p| p.user.id == *id));
        if let [only] = people.as_slice()
            && self.loaded != Loaded::Yes
        {
            self.picked.insert(only.user.id.clone()); // There is nothing to choose.
        }
        self.people = people;
        self.loaded = Loaded::Yes;
        self.arrange(here);
        before != self.picked().map(work).collect::<Vec<_>>()
    }

    /// The people, in the order shown.
    #[must_use]
    pub fn people(&self) -> &[Colleague] {
        &self.people
    }

    /// Those picked, in the order shown.
    pub fn picked(&self) -> impl Iterator<Item = &Colleague> {
        self.people.iter().filter(|p| self.is_picked(&p.user.id))
    }

    /// Whether somebody is picked.
    #[must_use]
    pub fn is_picked(&self, id: &UserId) -> bool {
        self.picked.contains(id)
    }

    /// How many are picked.
    #[must_use]
    pub fn count_picked(&self) -> usize {
        self.picked.len()
    }

    /// Where the cursor is.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Who the cursor is on.
    #[must_use]
    pub fn under_cursor(&self) -> Option<&Colleague> {
        self.people.get(self.cursor)
    }

    /// Puts the cursor on a row.
    pub fn go_to(&mut self, row: usize) {
        self.cursor = row.min(self.people.len().saturating_sub(1));
    }

    /// Picks whom the cursor is on, or drops them.
    pub fn toggle(&mut self) {
        if let Some(id) = self.under_cursor().map(|person| person.user.id.clone())
            && !self.picked.remove(&id)
        {
            self.picked.insert(id);
        }
    }

    /// Which column sorts, and whether the other way round than usual.
    #[must_use]
    pub fn sort(&self) -> (Column, bool) {
        (self.sort, self.turned)
    }

    /// Whether the sorting column rises from top to bottom, as its sign says.
    #[must_use]
    pub fn rises(&self) -> bool {
        let falls = matches!(
            self.sort,
            Column::Open
                | Column::Unanswered
                | Column::Oldest
                | Column::Replying
                | Column::Drafts
                | Column::LastAction
        );
        falls == self.turned
    }

    /// Sorts by a column: numbers from the most, names from A, the longest wait and the latest act first.
    pub fn sort_by(&mut self, column: Column, turned: bool) {
        (self.sort, self.turned) = (column, turned);
        let here = self.under_cursor().map(|person| person.user.id.clone());
        self.arrange(here);
    }

    fn arrange(&mut self, here: Option<UserId>) {
        let (sort, turned) = (self.sort, self.turned);
        self.people.sort_by(|a, b| {
            let order = compare(sort, a, b);
            let order = if turned { order.reverse() } else { order };
            order.then_with(|| compare(Column::Advisor, a, b))
        });
        let at = here.and_then(|id| self.people.iter().position(|p| p.user.id == id));
        self.go_to(at.unwrap_or(self.cursor));
    }
}

/// What somebody has to do, as far as it decides what would move.
fn work(person: &Colleague) -> (u64, u64, u64, u64, Option<Moment>) {
    (
        person.open,
        person.unanswered,
        person.replying,
        person.drafts,
        person.oldest_waiting,
    )
}

/// The usual order of a column.
fn compare(column: Column, a: &Colleague, b: &Colleague) -> Ordering {
    // Whoever has no such time comes last.
    let time = |moment: Option<Moment>| (moment.is_none(), moment);
    match column {
        Column::Advisor => by_name(a).cmp(&by_name(b)),
        Column::Organisation => a
            .organisation
            .name
            .as_str()
            .cmp(b.organisation.name.as_str()),
        Column::Open => b.open.cmp(&a.open),
        Column::Unanswered => b.unanswered.cmp(&a.unanswered),
        Column::Oldest => time(a.oldest_waiting).cmp(&time(b.oldest_waiting)),
        Column::Replying => b.replying.cmp(&a.replying),
        Column::Drafts => b.drafts.cmp(&a.drafts),
        Column::LastAction => b.last_action.cmp(&a.last_action),
        Column::State => state(a.presence).cmp(&state(b.presence)),
    }
}

fn by_name(person: &Colleague) -> (String, &UserId) {
    (person.user.name.as_str().to_lowercase(), &person.user.id)
}

fn state(presence: Presence) -> u8 {
    match presence {
        Presence::SignedIn => 0,
        Presence::Away => 1,
        Presence::SignedOut => 2,
    }
}
