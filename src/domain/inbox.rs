//! The window on a desk's list that a console holds: what the desk confirmed, kept in order as news comes in.
//!
//! Nothing grows with the list: an inbox holds one contiguous stretch of it, knows whether the list goes
//! on before and after, and forgets what is far from the cursor.

use super::{id::ConversationId, order::Place, row::Row};

/// Rows an inbox keeps at most. A screen shows fewer than 60; the rest is so that a page up or down is there at once.
pub const MOST: usize = 400;

/// One contiguous stretch of the list, in the order of L1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    entries: Vec<Entry>,
    before: Beyond,
    after: Beyond,
    order: Order,
}

/// In which order an inbox holds its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// As conversations wait (L1); rows come and go as they belong.
    #[default]
    Waiting,
    /// As they were found: a row stays where it is whatever becomes of it, and none comes by itself.
    Found,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    row: Row,
    /// Where it stands: its own place, or the one it is held at (U1).
    place: Place,
    held: bool,
}

/// What is known of the list beyond one end of an inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing: the list ends here.
    #[default]
    End,
    /// It goes on; the desk named this cursor.
    Cursor(String),
    /// It goes on where this inbox forgot its rows; ask around the row at that end.
    Forgotten,
}

impl Beyond {
    /// What a page says of what lies beyond it.
    #[must_use]
    pub fn of(cursor: Option<String>) -> Self {
        cursor.map_or(Self::End, Self::Cursor)
    }
}

/// An end of an inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Towards the top of the list.
    Before,
    /// Towards its bottom.
    After,
}

impl Inbox {
    /// An inbox that holds one page.
    #[must_use]
    pub fn of(rows: Vec<Row>, before: Beyond, after: Beyond) -> Self {
        let mut inbox = Self {
            entries: rows.into_iter().map(Entry::new).collect(),
            before,
            after,
            order: Order::Waiting,
        };
        inbox.sort();
        inbox
    }

    /// An inbox that holds what a search found, in that order, and goes on after it.
    #[must_use]
    pub fn found(rows: Vec<Row>, after: Beyond) -> Self {
        let mut inbox = Self {
            order: Order::Found,
            ..Self::default()
        };
        inbox.extend(Side::After, rows, after);
        inbox
    }

    /// How many rows it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The row at `index`, counted within the inbox.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Row> {
        self.entries.get(index).map(|e| &e.row)
    }

    /// Where a conversation is within the inbox.
    #[must_use]
    pub fn find(&self, id: &ConversationId) -> Option<usize> {
        self.entries.iter().position(|e| e.row.id == *id)
    }

    /// The row of a conversation.
    #[must_use]
    pub fn row(&self, id: &ConversationId) -> Option<&Row> {
        self.find(id).and_then(|index| self.get(index))
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.entries.iter().map(|e| &e.row)
    }

    /// Under which group a row is listed: its own, or the one it had when it was held (U1).
    #[must_use]
    pub fn group_at(&self, index: usize) -> Option<super::order::Group> {
        self.entries.get(index).map(|e| e.place.group)
    }

    /// What is known beyond one end.
    #[must_use]
    pub fn beyond(&self, side: Side) -> &Beyond {
        match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        }
    }

    /// The row at one end.
    #[must_use]
    pub fn edge(&self, side: Side) -> Option<&Row> {
        match side {
            Side::Before => self.entries.first(),
            Side::After => self.entries.last(),
        }
        .map(|e| &e.row)
    }

    /// Adds the page that follows one end. Rows that are here already keep the newer version.
    pub fn extend(&mut self, side: Side, rows: Vec<Row>, beyond: Beyond) {
        for row in rows {
            match self.find(&row.id) {
                Some(index) => self.entries[index].refresh(row),
                None => self.entries.push(Entry::new(row)),
            }
        }
        match side {
            Side::Before => self.before = beyond,
            Side::After => self.after = beyond,
        }
        self.sort();
    }

    /// Takes in a row the desk reports, which belongs to this list. An older version than the one known
    /// changes nothing (U5); a row beyond what is held changes only counts, which are not kept here.
    pub fn put(&mut self, row: Row) {
        match self.find(&row.id) {
            Some(index) => self.settle(index, |entry| entry.refresh(row)),
            None if self.order == Order::Waiting && self.reaches(&row.place()) => {
                self.entries.push(Entry::new(row));
                self.sort();
            }
            None => {}
        }
    }

    /// Takes a conversation out; says where it was.
    pub fn remove(&mut self, id: &ConversationId) -> Option<usize> {
        let index = self.find(id)?;
        self.entries.remove(index);
        Some(index)
    }

    /// Keeps a row in its present place whatever becomes of it (U1), until [`Inbox::release`].
    pub fn hold(&mut self, id: &ConversationId) {
        if let Some(index) = self.find(id) {
            self.entries[index].held = true;
        }
    }

    /// Whether a row is held in its place.
    #[must_use]
    pub fn is_held(&self, id: &ConversationId) -> bool {
        self.find(id).is_some_and(|index| self.entries[index].held)
    }

    /// Lets a held row go to where it belongs.
    pub fn release(&mut self, id: &ConversationId) {
        if let Some(index) = self.find(id) {
            self.settle(index, |entry| {
                entry.held = false;
                entry.place = entry.row.place();
            });
        }
    }

    /// Forgets what is farthest from `index` until no more than [`MOST`] rows are held.
    pub fn trim_around(&mut self, index: usize) {
        if self.order == Order::Found {
            return; // What was found before cannot be asked for again from there.
        }
        while self.entries.len() > MOST {
            if index > self.entries.len() / 2 {
                let surplus = self.entries.len() - MOST;
                self.entries.drain(..surplus.min(index));
                self.before = Beyond::Forgotten;
                return;
            }
            self.entries.pop();
            self.after = Beyond::Forgotten;
        }
    }

    /// Changes an entry and puts it where it then belongs: out of the inbox, if that is beyond an end
    /// after which the rows are not known.
    fn settle(&mut self, index: usize, change: impl FnOnce(&mut Entry)) {
        let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) else {
            return;
        };
        let (first, last) = (first.place.clone(), last.place.clone());
        let entry = &mut self.entries[index];
        change(entry);
        if self.order == Order::Found {
            return;
        }
        let strayed = (entry.place < first && self.before != Beyond::End)
            || (entry.place > last && self.after != Beyond::End);
        if strayed {
            self.entries.remove(index);
        } else {
            self.sort();
        }
    }

    /// Whether a place lies in the stretch this inbox holds.
    fn reaches(&self, place: &Place) -> bool {
        let after_first = self.entries.first().is_some_and(|e| *place > e.place);
        let before_last = self.entries.last().is_some_and(|e| *place < e.place);
        (self.before == Beyond::End || after_first) && (self.after == Beyond::End || before_last)
    }

    fn sort(&mut self) {
        if self.order == Order::Found {
            return;
        }
        self.entries.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

impl Entry {
    fn new(row: Row) -> Self {
        Self {
            place: row.place(),
            row,
            held: false,
        }
    }

    /// Takes over what the desk says, unless something newer is known.
    fn refresh(&mut self, row: Row) {
        if row.version >= self.row.version {
            if !self.held {
                self.place = row.place();
            }
            self.row = row;
        }
    }
}
