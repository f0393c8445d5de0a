//! Places in the list, as opaque text that survives a URL. A cursor is a place in the order, not a
//! snapshot: what moved since is found where it is now.

use super::{Result, StoreError, database::id, token::hex};
use crate::domain::order::Place;

/// A place in the order as SQL compares it: group, since, id. Also the two ends of the list, where no
/// conversation stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bound {
    pub(super) group: i64,
    pub(super) since: i64,
    pub(super) id: String,
}

/// Which way one goes from a bound, which itself is never part of what one finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Down,
    Up,
}

impl Way {
    /// How a place beyond a bound compares with it, and the order of going.
    pub(super) fn in_sql(self) -> (&'static str, &'static str) {
        match self {
            Self::Down => (">", "grp, since, id"),
            Self::Up => ("<", "grp DESC, since DESC, id DESC"),
        }
    }

    pub(super) fn back(self) -> Self {
        match self {
            Self::Down => Self::Up,
            Self::Up => Self::Down,
        }
    }
}

impl Bound {
    /// Before everything.
    pub(super) fn top() -> Self {
        Self {
            group: -1,
            since: 0,
            id: String::new(),
        }
    }

    /// After everything.
    pub(super) fn bottom() -> Self {
        Self {
            group: 4,
            since: 0,
            id: String::new(),
        }
    }

    /// Where a conversation stands.
    pub(super) fn at(place: &Place) -> Self {
        Self {
            group: place.group.rank().into(),
            since: place.since.0,
            id: place.id.as_str().to_owned(),
        }
    }

    /// Just before a conversation's place, so that going down from it finds the place first.
    pub(super) fn just_before(&self) -> Self {
        Self {
            id: id_before(&self.id),
            ..*self
        }
    }

    /// The cursor that goes that way from here.
    pub(super) fn cursor(&self, way: Way) -> String {
        let way = match way {
            Way::Down => 'd',
            Way::Up => 'u',
        };
        hex(format!("{way}{} {} {}", self.group, self.since, self.id).as_bytes())
    }

    /// The inverse of [`Bound::cursor`].
    pub(super) fn from_cursor(cursor: &str) -> Result<(Self, Way)> {
        let no = || StoreError::NotACursor;
        let text = unhex(cursor).ok_or_else(no)?;
        let way = match text.chars().next().ok_or_else(no)? {
            'd' => Way::Down,
            'u' => Way::Up,
            _ => return Err(no()),
        };
        let mut words = text[1..].split(' ');
        let mut number = || words.next().and_then(|word| word.parse().ok());
        let (group, since) = (number().ok_or_else(no)?, number().ok_or_else(no)?);
        let place = words.next().ok_or_else(no)?;
        if !place.is_empty() {
            let _: crate::domain::id::ConversationId = id("a place", place).map_err(|_| no())?;
        }
        let bound = Self {
            group,
            since,
            id: place.to_owned(),
        };
        words
            .next()
            .is_none()
            .then_some((bound, way))
            .ok_or_else(no)
    }
}

/// The greatest text below an id that no other id lies between: the id without its last character,
/// then the character before that one, then more than any id may hold.
fn id_before(id: &str) -> String {
    let (rest, last) = id.split_at(id.len() - 1);
    let below = last.bytes().next().map_or(0, |byte| byte - 1);
    format!("{rest}{}~", char::from(below))
}

pub(super) fn unhex(text: &str) -> Option<String> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) || text.len() > 512 {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{id::ConversationId, moment::Moment, order::Group};

    proptest! {
        #[test]
        fn cursors_survive_and_nothing_else_is_one(
            group in 0..4i64, since in any::<i64>(), id in "[A-Za-z0-9_-]{1,64}", down in any::<bool>(), other in ".{0,40}"
        ) {
            let bound = Bound { group, since, id };
            let way = if down { Way::Down } else { Way::Up };
            let cursor = bound.cursor(way);
            prop_assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric()));
            prop_assert_eq!(Bound::from_cursor(&cursor).unwrap(), (bound, way));
            prop_assert!(Bound::from_cursor(&other).is_err());
        }

        #[test]
        fn nothing_stands_between_a_place_and_just_before_it(a in "[A-Za-z0-9_-]{1,12}", b in "[A-Za-z0-9_-]{1,12}") {
            let place = |id: &str| Place { group: Group::Answered, since: Moment(7), id: ConversationId::parse(id).unwrap() };
            let (a, b) = (place(&a), place(&b));
            prop_assert_eq!(Bound::at(&a).just_before() < Bound::at(&b), a <= b);
        }
    }
}
