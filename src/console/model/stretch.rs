//! A stretch of something long, held with both its ends: as much as one reads now, never all of it.

use std::ops::Deref;

use crate::domain::{
    message::{HistoryItem, Message},
    moment::Moment,
};

/// Held at most; the rest is fetched again when one scrolls there.
pub const MOST: usize = 1_000;
/// Bytes held at most, as soon as [`FEW`] are held: a screen shows fewer.
const MOST_BYTES: usize = 8 << 20;
const FEW: usize = 100;

/// One of many that stand in the order of time.
pub trait Dated {
    /// What tells it from the others, and is the cursor of what lies before and after it.
    fn key(&self) -> &str;
    /// When it happened.
    fn at(&self) -> Moment;
    /// About how much memory it takes.
    fn bytes(&self) -> usize;
}

impl Dated for Message {
    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Moment {
        self.at
    }

    fn bytes(&self) -> usize {
        self.body.len() + size_of::<Self>()
    }
}

impl Dated for HistoryItem {
    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Moment {
        self.at
    }

    fn bytes(&self) -> usize {
        let texts = [&self.reason, &self.body];
        let texts: usize = texts.into_iter().flatten().map(|text| text.len()).sum();
        texts + size_of::<Self>()
    }
}

/// Which page of something long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The newest.
    Newest,
    /// What lies before this one.
    Before(String),
    /// What lies after this one.
    After(String),
}

/// A stretch without gaps, oldest first.
#[derive(Clone, Debug)]
pub struct Stretch<T> {
    held: Vec<T>,
    /// The cursor of what lies before; `None`: it begins with the very first.
    older: Option<String>,
    /// The cursor of what lies after; `None`: it reaches to the newest, and what happens is added.
    newer: Option<String>,
    /// The page that is on its way.
    asked: Option<Part>,
}

impl<T> Default for Stretch<T> {
    fn default() -> Self {
        Self::of(Vec::new(), None)
    }
}

impl<T> Deref for Stretch<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.held
    }
}

impl<T> Stretch<T> {
    /// These, oldest first, up to the newest; before them lies what the cursor leads to.
    #[must_use]
    pub fn of(held: Vec<T>, older: Option<String>) -> Self {
        Self {
            held,
            older,
            newer: None,
            asked: None,
        }
    }

    /// Those held, to change one of them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.held.iter_mut()
    }

    /// Whether there are older ones than those held.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.older.is_some()
    }

    /// Whether there are newer ones than those held.
    #[must_use]
    pub fn has_newer(&self) -> bool {
        self.newer.is_some()
    }
}

impl<T: Dated> Stretch<T> {
    /// The end of all there is: the newest page, or, if `oldest`, the first one; as the desk gives them, newest first.
    #[must_use]
    pub fn end(mut items: Vec<T>, next: Option<String>, oldest: bool) -> Self {
        items.reverse();
        let (older, newer) = if oldest { (None, next) } else { (next, None) };
        Self {
            held: items,
            older,
            newer,
            asked: None,
        }
    }

    /// The page to ask for, to have what lies before; `None` if there is nothing, or a page is on its way.
    pub fn ask_older(&mut self) -> Option<Part> {
        let part = Part::Before(self.older.clone().filter(|_| self.asked.is_none())?);
        self.asked = Some(part.clone());
        Some(part)
    }

    /// The same for what lies after.
    pub fn ask_newer(&mut self) -> Option<Part> {
        let part = Part::After(self.newer.clone().filter(|_| self.asked.is_none())?);
        self.asked = Some(part.clone());
        Some(part)
    }

    /// The page to ask for, to know again what is held: the newest, or, where one is far from it, what lies after.
    #[must_use]
    pub fn again(&self) -> Option<Part> {
        self.newer.is_none().then_some(Part::Newest)
    }

    /// A page that was asked for could not be had: it may be asked for again.
    pub fn failed(&mut self, part: &Part) {
        self.asked.take_if(|asked| asked == part);
    }

    /// A page is here, newest first as the desk gives it. One that nothing asked for any more is ignored. Where it makes
    /// too many, those farthest from the index `near`, counted before it came, are let go.
    pub fn arrived(&mut self, part: &Part, mut items: Vec<T>, next: Option<String>, near: usize) {
        items.reverse();
        let near = match part {
            Part::Newest => self.newest(items, next, near),
            _ if self.asked.as_ref() != Some(part) => return,
            Part::Before(_) => {
                self.older = next;
                let near = near + items.len();
                items.append(&mut self.held);
                self.held = items;
                near
            }
            Part::After(_) => {
                self.newer = next;
                self.held.append(&mut items);
                near
            }
        };
        self.asked.take_if(|asked| asked == part);
        self.trim(near);
    }

    /// The newest page joins what is held, or takes its place where it does not reach there.
    fn newest(&mut self, mut items: Vec<T>, next: Option<String>, near: usize) -> usize {
        if self.newer.is_some() {
            return near; // It would leave a gap; one comes there by scrolling.
        }
        let first = items.first();
        let joins = first.and_then(|first| self.find(first.key()));
        match joins {
            Some(at) => {
                self.held.truncate(at);
                self.held.append(&mut items);
                near
            }
            None if items.is_empty() && next.is_none() => near,
            None => {
                let last = items.len().saturating_sub(1);
                (self.held, self.older) = (items, next);
                last
            }
        }
    }

    /// Something happened: it changes the one of that key, or is added as the newest, if the newest is held. Says
    /// whether it is new.
    pub fn happened(&mut self, item: T, near: usize) -> bool {
        if let Some(at) = self.find(item.key()) {
            self.held[at] = item;
            return false;
        }
        if self.newer.is_none() {
            self.held.push(item);
            self.trim(near);
        }
        true
    }

    /// Where the one of that key is.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<usize> {
        self.held.iter().rposition(|item| item.key() == key)
    }

    /// Lets go what is too much, at the end farther from `near`.
    fn trim(&mut self, near: usize) {
        let mut bytes: usize = self.held.iter().map(Dated::bytes).sum();
        let (mut from, mut to) = (0, self.held.len());
        while to - from > MOST || (bytes > MOST_BYTES && to - from > FEW) {
            let far_from_newest = near.saturating_sub(from) > to.saturating_sub(near + 1);
            let gone = if far_from_newest {
                from += 1;
                from - 1
            } else {
                to -= 1;
                to
            };
            bytes -= self.held[gone].bytes();
        }
        if to < self.held.len() {
            self.held.truncate(to);
            self.newer = self.held.last().map(|last| last.key().to_owned());
        }
        if from > 0 {
            self.held.drain(..from);
            self.older = self.held.first().map(|first| first.key().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Nth(String, usize);

    impl Dated for Nth {
        fn key(&self) -> &str {
            &self.0
        }

        fn at(&self) -> Moment {
            Moment(self.0.parse().unwrap())
        }

        fn bytes(&self) -> usize {
            self.1
        }
    }

    fn nth(n: usize, bytes: usize) -> Nth {
        Nth(n.to_string(), bytes)
    }

    /// What a desk with so many answers, numbered from 0.
    fn page(count: usize, bytes: usize, part: &Part, limit: usize) -> (Vec<Nth>, Option<String>) {
        let (from, to) = match part {
            Part::Newest => (count.saturating_sub(limit), count),
            Part::Before(key) => {
                let to: usize = key.parse().unwrap();
                (to.saturating_sub(limit), to)
            }
            Part::After(key) => {
                let from = key.parse::<usize>().unwrap() + 1;
                (from, (from + limit).min(count))
            }
        };
        let next = match part {
            Part::After(_) => (to < count).then(|| (to - 1).to_string()),
            _ => (from > 0).then(|| from.to_string()),
        };
        ((from..to).rev().map(|n| nth(n, bytes)).collect(), next)
    }

    fn numbers(stretch: &Stretch<Nth>) -> Vec<usize> {
        stretch.iter().map(|n| n.0.parse().unwrap()).collect()
    }

    proptest! {
        /// Whatever one does, it is one stretch without gaps, no longer than it may be, and the cursors lead on.
        #[test]
        fn r6_a_stretch_has_no_gap_and_never_holds_too_many(
            count in 0_usize..6_000,
            bytes in prop_oneof![Just(1_usize), Just(64 << 10)],
            ways in prop::collection::vec(0_u8..4, 0..120),
        ) {
            let (items, next) = page(count, bytes, &Part::Newest, 50);
            let mut stretch = Stretch::end(items, next, false);
            let mut all = count;
            for way in ways {
                let part = match way {
                    0 | 1 => stretch.ask_older(),
                    2 => stretch.ask_newer(),
                    _ => {
                        let near = stretch.len().saturating_sub(1);
                        let new = stretch.happened(nth(all, bytes), near);
                        prop_assert!(new);
                        all += 1;
                        stretch.again()
                    }
                };
                if let Some(part) = part {
                    let (items, next) = page(all, bytes, &part, 50);
                    let near = match part { Part::Before(_) => 0, _ => stretch.len().saturating_sub(1) };
                    stretch.arrived(&part, items, next, near);
                }
                let held = numbers(&stretch);
                prop_assert!(held.len() <= MOST);
                prop_assert!(held.len() <= FEW || held.len() * bytes <= MOST_BYTES);
                prop_assert!(held.windows(2).all(|two| two[0] + 1 == two[1]), "{held:?}");
                if let (Some(first), Some(last)) = (held.first(), held.last()) {
                    prop_assert_eq!(stretch.has_older(), *first > 0);
                    prop_assert_eq!(stretch.has_newer(), last + 1 < all);
                }
            }
        }
    }

    #[test]
    fn r6_scrolling_down_again_gets_back_what_was_let_go() {
        let (items, next) = page(5_000, 1, &Part::Newest, 50);
        let mut stretch = Stretch::end(items, next, false);
        while let Some(part) = stretch.ask_older() {
            let (items, next) = page(5_000, 1, &part, 50);
            stretch.arrived(&part, items, next, 0);
        }
        assert_eq!(numbers(&stretch), (0..MOST).collect::<Vec<_>>());
        while let Some(part) = stretch.ask_newer() {
            let (items, next) = page(5_000, 1, &part, 50);
            let near = stretch.len() - 1;
            stretch.arrived(&part, items, next, near);
        }
        assert_eq!(numbers(&stretch), (4_000..5_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_page_nobody_waits_for_any_more_changes_nothing() {
        let (items, next) = page(500, 1, &Part::Newest, 50);
        let mut stretch = Stretch::end(items, next, false);
        let (items, next) = page(500, 1, &Part::Before("450".into()), 50);
        stretch.arrived(&Part::Before("450".into()), items.clone(), next.clone(), 0);
        assert_eq!(stretch.len(), 50);
        let part = stretch.ask_older().unwrap();
        assert_eq!(stretch.ask_older(), None, "one is on its way");
        stretch.failed(&part);
        let part = stretch.ask_older().unwrap();
        stretch.arrived(&part, items, next, 0);
        assert_eq!(stretch.len(), 100);
    }
}
