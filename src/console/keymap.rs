//! The keys as this advisor has set them: the one table, and what the configuration changed of it.
//!
//! Key handling, footer, help, the key beside a menu row and the keys that notices speak of all ask here, so that all
//! of them say the same. Pure; whoever reads the configuration says which line of it is wrong.

use std::{collections::HashMap, str::FromStr as _};

use super::{
    command::{Binding, Command, Place, TABLE},
    key::Key,
};
use crate::domain::spelling::nearest;

/// The keys there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    changed: HashMap<(Place, &'static str), Vec<Key>>,
}

/// One wish of the configuration: these keys for that row of the table, instead of its own.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The place, by its [`Place::word`].
    pub place: &'a str,
    /// The row's name.
    pub name: &'a str,
    /// The keys as text; none: the row has no key.
    pub keys: &'a [String],
}

/// A wish that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which of the wishes.
    pub change: usize,
    /// What is wrong with it, and what to do.
    pub what: String,
}

impl Keymap {
    /// The keys where Ctrl-X sends a text, and Enter is a new line in it.
    #[must_use]
    pub fn sending_with_ctrl_x() -> Self {
        let keys = |binding: &Binding| match binding.command {
            Command::Send => Some(vec![Key::Ctrl('x')]),
            Command::NewLine => Some(vec![Key::Enter, Key::Ctrl('j')]),
            _ => None,
        };
        let changed = TABLE
            .iter()
            .filter_map(|b| Some(((b.place, b.name), keys(b)?)));
        Self {
            changed: changed.collect(),
        }
    }

    /// The keys of a row; the first is the one shown.
    #[must_use]
    pub fn keys(&self, binding: &Binding) -> &[Key] {
        let changed = self.changed.get(&(binding.place, binding.name));
        changed.map_or(binding.keys, Vec::as_slice)
    }

    /// What a key wishes for in a place.
    #[must_use]
    pub fn lookup(&self, place: Place, key: Key) -> Option<Command> {
        let row = |near: &Place| {
            let mut rows = TABLE.iter().filter(|b| b.place == *near);
            rows.find(|b| self.keys(b).contains(&key))
        };
        place.reach().iter().find_map(row).map(|b| b.command)
    }

    /// The first key for a wish in a place, if it has one there.
    #[must_use]
    pub fn first(&self, place: Place, command: Command) -> Option<Key> {
        let row = |near: &Place| {
            let mut rows = TABLE.iter().filter(|b| b.place == *near);
            rows.find(|b| b.command == command && !self.keys(b).is_empty())
        };
        let row = place.reach().iter().find_map(row)?;
        self.keys(row).first().copied()
    }

    /// The first key of a wish, wherever it counts.
    #[must_use]
    pub fn key(&self, command: Command) -> Option<Key> {
        let mut rows = TABLE.iter().filter(|b| b.command == command);
        rows.find_map(|b| self.keys(b).first().copied())
    }

    /// The same keys with these wishes fulfilled.
    ///
    /// # Errors
    /// The first wish that cannot be had, and why: no such place or row, no such key, one that would type text, or one
    /// that means something else already where it counts.
    pub fn with(mut self, changes: &[Change<'_>]) -> Result<Self, Fault> {
        for (change, wish) in changes.iter().enumerate() {
            let (row, keys) = read(wish).map_err(|what| Fault { change, what })?;
            self.changed.insert((row.place, row.name), keys);
        }
        // After all of them: two keys can change places.
        for (change, wish) in changes.iter().enumerate().rev() {
            if let Ok(row) = row(wish)
                && let Some(what) = self.doubled(row)
            {
                return Err(Fault { change, what });
            }
        }
        Ok(self)
    }

    /// Which key of a row means something else too, in some place where both count.
    fn doubled(&self, row: &Binding) -> Option<String> {
        let reached = |place: &&Place| place.reach().contains(&row.place);
        let others = |place: &Place| {
            let reach = place.reach();
            let others = TABLE.iter().filter(move |b| reach.contains(&b.place));
            others.filter(|b| b.command != row.command)
        };
        let twice = |key: &Key| {
            let mut others = Place::ALL.iter().filter(reached).flat_map(others);
            let other = others.find(|b| self.keys(b).contains(key))?;
            Some(format!(
                "`{key}` is `{}` in [keys.{}] already ({}); give one of them another key",
                other.name,
                other.place.word(),
                other.what
            ))
        };
        self.keys(row).iter().find_map(twice)
    }
}

/// The row that is meant.
fn row(wish: &Change<'_>) -> Result<&'static Binding, String> {
    let words = || Place::ALL.iter().map(|place| place.word());
    let place = Place::ALL.iter().find(|place| place.word() == wish.place);
    let Some(place) = place else {
        let wrong = format!("there is no place `{}` for keys", wish.place);
        return Err(match nearest(wish.place, words()) {
            Some(word) => format!("{wrong}; did you mean `{word}`?"),
            None => format!(
                "{wrong}; possible are `{}`",
                words().collect::<Vec<_>>().join("`, `")
            ),
        });
    };
    let mut here = TABLE.iter().filter(|b| b.place == *place);
    if let Some(row) = here.clone().find(|b| b.name == wish.name) {
        return Ok(row);
    }
    let wrong = format!("there is no `{}` in [keys.{}]", wish.name, wish.place);
    let elsewhere = TABLE.iter().filter(|b| b.name == wish.name);
    let elsewhere: Vec<String> = elsewhere
        .map(|b| format!("[keys.{}]", b.place.word()))
        .collect();
    Err(match nearest(wish.name, here.by_ref().map(|b| b.name)) {
        Some(name) => format!("{wrong}; did you mean `{name}`?"),
        None if !elsewhere.is_empty() => format!("{wrong}; it is in {}", elsewhere.join(", ")),
        None => format!("{wrong}; `handback keys` lists the names"),
    })
}

/// The row that is meant, and its keys.
fn read(wish: &Change<'_>) -> Result<(&'static Binding, Vec<Key>), String> {
    let row = row(wish)?;
    if wish.keys.is_empty() && row.command == Command::Back && row.place != Place::List {
        return Err(format!(
            "`{}` needs a key: nothing else leads out of there",
            row.name
        ));
    }
    let mut keys = Vec::with_capacity(wish.keys.len());
    for text in wish.keys {
        let key = Key::from_str(text).map_err(|error| error.to_string())?;
        if !key.can_be_sent() {
            return Err(format!("no terminal can send `{text}` as a key of its own"));
        }
        if row.place.takes_text() && types(key) {
            return Err(format!(
                "`{text}` types text in [keys.{}]: a key there is one such as ctrl-x, f5 or esc",
                row.place.word()
            ));
        }
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok((row, keys))
}

/// Whether a key writes or erases where text is typed.
fn types(key: Key) -> bool {
    matches!(key, Key::Char(_) | Key::Backspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn with(changes: &[(&str, &str, &[&str])]) -> Result<Keymap, String> {
        let texts: Vec<Vec<String>> = changes.iter().map(|(.., words)| keys(words)).collect();
        let changes: Vec<Change<'_>> = std::iter::zip(changes, &texts)
            .map(|((place, name, _), keys)| Change { place, name, keys })
            .collect();
        Keymap::default().with(&changes).map_err(|fault| fault.what)
    }

    #[test]
    fn a_configured_key_takes_the_place_of_the_tables() {
        let map = with(&[("list", "unassign", &["x", "ctrl-x"])]).unwrap();
        assert_eq!(
            map.lookup(Place::List, Key::Char('x')),
            Some(Command::Unassign)
        );
        assert_eq!(
            map.lookup(Place::List, Key::Ctrl('x')),
            Some(Command::Unassign)
        );
        assert_eq!(map.lookup(Place::List, Key::Char('u')), None);
        assert_eq!(
            map.first(Place::List, Command::Unassign),
            Some(Key::Char('x'))
        );
        let there = map.lookup(Place::Conversation, Key::Char('u'));
        assert_eq!(there, Some(Command::Unassign), "each place by itself");
    }

    #[test]
    fn two_keys_can_change_places_and_a_row_can_be_without() {
        let map = with(&[("list", "unassign", &["t"]), ("list", "take", &["u"])]).unwrap();
        assert_eq!(
            map.lookup(Place::List, Key::Char('t')),
            Some(Command::Unassign)
        );
        assert_eq!(map.lookup(Place::List, Key::Char('u')), Some(Command::Take));
        let map = with(&[("panes", "quit", &[])]).unwrap();
        assert_eq!(map.lookup(Place::List, Key::Char('q')), None);
        assert_eq!(
            map.key(Command::Quit),
            Some(Key::Ctrl('c')),
            "the other row's"
        );
    }

    #[test]
    fn what_cannot_be_had_is_said_with_what_could_be() {
        for (place, name, key, says) in [
            (
                "lst",
                "undo",
                "x",
                "there is no place `lst` for keys; did you mean `list`?",
            ),
            ("list", "unasign", "x", "did you mean `unassign`?"),
            ("list", "hand-back-all", "x", "it is in [keys.leaving]"),
            ("list", "whatsoever", "x", "`handback keys` lists the names"),
            ("list", "unassign", "hyper-x", "`hyper-x` names no key"),
            ("list", "unassign", "ctrl-1", "names no key"),
            ("list", "unassign", "alt-[", "no terminal can send `alt-[`"),
            ("list", "unassign", "\u{200b}", "no terminal can send"),
            (
                "list",
                "unassign",
                "t",
                "`t` is `take` in [keys.list] already",
            ),
            (
                "list",
                "unassign",
                "j",
                "`j` is `down` in [keys.panes] already",
            ),
            (
                "panes",
                "away",
                "u",
                "`u` is `unassign` in [keys.list] already",
            ),
            ("everywhere", "help", "z", "`z` is `undo` in [keys."),
            (
                "list",
                "unassign",
                "ctrl-i",
                "`tab` is `other` in [keys.panes] already",
            ),
            ("filter", "keep", "x", "`x` types text in [keys.filter]"),
            ("composer", "send", "backspace", "types text"),
        ] {
            let said = with(&[(place, name, &[key])]).unwrap_err();
            assert!(said.contains(says), "{place} {name} {key}: {said}");
        }
        let said = with(&[("composer", "leave", &[])]).unwrap_err();
        assert!(said.contains("nothing else leads out"), "{said}");
    }

    #[test]
    fn the_wish_that_is_wrong_is_the_one_named() {
        let (x, t) = (keys(&["x"]), keys(&["t"]));
        let change = |name, keys| Change {
            place: "list",
            name,
            keys,
        };
        let fault = Keymap::default().with(&[change("unassign", &t), change("reply", &x)]);
        assert_eq!(fault.unwrap_err().change, 0);
    }

    #[test]
    fn the_table_as_it_is_has_no_key_for_two_things_in_one_reach() {
        let map = Keymap::default();
        for row in TABLE {
            assert_eq!(map.doubled(row), None, "{}", row.name);
        }
    }

    #[test]
    fn ctrl_x_sends_where_that_is_wished_and_enter_breaks_the_line() {
        let map = Keymap::sending_with_ctrl_x();
        for place in [Place::Composer, Place::Note] {
            assert_eq!(map.lookup(place, Key::Ctrl('x')), Some(Command::Send));
            assert_eq!(map.lookup(place, Key::Enter), Some(Command::NewLine));
        }
        for row in TABLE {
            assert_eq!(map.doubled(row), None, "{}", row.name);
        }
    }
}
