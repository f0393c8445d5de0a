//! The three dots, as data: every action in its place, and whether it can be had (M1).

use super::{
    command::{self, Command, Place},
    key::Key,
    keymap::Keymap,
};
use crate::domain::{
    action::Action, conversation::State, id::ConversationId, row::Row, text::Safe,
};

/// The open menu of one conversation. What may be done comes from the desk; what does not apply stays in
/// its place, dim, with its reason.
#[derive(Clone, Debug)]
pub struct Menu {
    /// Whose menu: bound to what the screen showed when it opened (R22).
    pub conversation: ConversationId,
    /// The row the cursor is on.
    pub cursor: usize,
}

/// One row of the three dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it does.
    pub does: Does,
    /// How it is written: verb first.
    pub label: &'static str,
    /// The key that does it at once while the menu is open; it does it without the menu too where `direct` says so.
    pub key: Key,
    /// Whether the key works without the menu too.
    pub direct: bool,
    /// Why it cannot be had now; `None`: it can, or the desk did not say yet.
    pub not_now: Option<Safe>,
    /// The desk did not say yet.
    pub asking: bool,
}

/// What a row of the three dots does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Does {
    /// An act of the domain, which the desk allows or not.
    Act(Action),
    /// Hands it back and asks why first.
    Reason,
    /// Copies something of it, which is nobody's to forbid.
    Copy,
}

impl Does {
    /// Whose verdict of the desk it goes by.
    fn action(self) -> Option<Action> {
        match self {
            Self::Act(action) => Some(action),
            Self::Reason => Some(Action::Unassign),
            Self::Copy => None,
        }
    }

    /// What does it without the menu.
    fn command(self) -> Option<Command> {
        match self {
            Self::Act(action) => command::of_action(action),
            Self::Reason => Some(Command::Reason),
            Self::Copy => Some(Command::Copy),
        }
    }
}

/// The rows in the product's order, then ours beyond (M1). `Close` stands for *Reopen* on a closed one, `Block` for
/// *Remove from blocklist* where the contact is on it.
const ORDER: [(Does, &str, char); 12] = [
    (Does::Act(Action::Move), "Move to another queue…", 'm'),
    (Does::Act(Action::Status), "Set status…", 's'),
    (Does::Act(Action::Block), "Add to blocklist…", 'b'),
    (Does::Act(Action::Close), "Close conversation", 'c'),
    (Does::Act(Action::Unassign), "Unassign conversation", 'u'),
    (Does::Reason, "With a reason…", 'U'),
    (Does::Act(Action::Take), "Take", 't'),
    (Does::Act(Action::Assign), "Assign to…", 'a'),
    (Does::Act(Action::Intervene), "Intervene", 'i'),
    (Does::Act(Action::Note), "Note…", 'n'),
    (Does::Act(Action::Transcript), "Export transcript…", 'e'),
    (Does::Copy, "Copy…", 'y'),
];

/// How many of the rows are the product's own; a line separates them from ours.
pub const OWN: usize = 5;

/// What the desk said may be done.
pub type Verdicts = [(Action, Result<(), Safe>)];

/// The rows of the menu for a conversation, given what the desk said may be done, and the keys there are.
#[must_use]
pub fn items(row: &Row, said: Option<&Verdicts>, keymap: &Keymap) -> Vec<Item> {
    let keys = keys(keymap);
    let closed = row.state == State::Closed;
    let can = |action| said.is_some_and(|said| verdict(said, action) == Some(&Ok(())));
    let blocked = can(Action::Unblock) && !can(Action::Block);
    std::iter::zip(ORDER, keys)
        .map(|((does, label, _), (key, direct))| match does {
            Does::Act(Action::Close) if closed => (
                Does::Act(Action::Reopen),
                "Reopen conversation",
                key,
                direct,
            ),
            Does::Act(Action::Block) if blocked => (
                Does::Act(Action::Unblock),
                "Remove from blocklist",
                key,
                direct,
            ),
            usual => (usual, label, key, direct),
        })
        .map(|(does, label, key, direct)| Item {
            does,
            label,
            key,
            direct,
            asking: does.action().is_some() && said.is_none(),
            not_now: does
                .action()
                .zip(said)
                .and_then(|(action, said)| not_now(said, action)),
        })
        .collect()
}

/// The key of each row, and whether it does the same without the menu: the one it has there, where the menu itself has
/// no other use for it; else its letter, or, where another row has taken that, a free one.
fn keys(keymap: &Keymap) -> [(Key, bool); ORDER.len()] {
    let is_free = |key: Key| keymap.lookup(Place::Menu, key).is_none();
    let direct = |does: Does| {
        let command = does.command()?;
        keymap
            .first(Place::List, command)
            .filter(|key| is_free(*key))
    };
    let mut keys = ORDER.map(|(does, ..)| direct(does).map(|key| (key, true)));
    for (index, (_, _, letter)) in ORDER.into_iter().enumerate() {
        let taken = |key: Key| keys.iter().flatten().any(|(taken, _)| *taken == key);
        let mut letters = std::iter::once(letter).chain('a'..='z').chain('A'..='Z');
        let free = letters.find(|letter| is_free(Key::Char(*letter)) && !taken(Key::Char(*letter)));
        if keys[index].is_none() {
            keys[index] = Some((Key::Char(free.unwrap_or(letter)), false));
        }
    }
    keys.map(|key| key.unwrap_or((Key::Esc, false)))
}

/// Why an action cannot be had now, as the desk said.
#[must_use]
pub fn not_now(said: &Verdicts, action: Action) -> Option<Safe> {
    match verdict(said, action) {
        Some(Ok(())) => None,
        Some(Err(why)) => Some(why.clone()),
        None => Some(Safe::literal("this desk cannot")),
    }
}

fn verdict(said: &Verdicts, action: Action) -> Option<&Result<(), Safe>> {
    said.iter()
        .find(|(of, _)| *of == action)
        .map(|(_, verdict)| verdict)
}

/// Where the menu's cursor starts: on *Unassign* when it applies, so that `. ↵` does the main job; else on
/// the first that applies.
#[must_use]
pub fn start(items: &[Item]) -> usize {
    let can = |item: &Item| item.not_now.is_none();
    items
        .iter()
        .position(|i| i.does == Does::Act(Action::Unassign) && can(i))
        .or_else(|| items.iter().position(can))
        .unwrap_or(OWN - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::console::{keymap::Change, view::fixture};

    fn items_with(changes: &[(&str, &str)]) -> Vec<Item> {
        let keys: Vec<_> = changes
            .iter()
            .map(|(_, key)| vec![(*key).to_owned()])
            .collect();
        let changes: Vec<Change<'_>> = std::iter::zip(changes, &keys)
            .map(|((name, _), keys)| Change {
                place: place_of(name),
                name,
                keys,
            })
            .collect();
        let keymap = Keymap::default()
            .with(&changes)
            .expect("keys that can be had");
        let model = fixture::busy();
        items(&model.open.expect("a conversation").row, None, &keymap)
    }

    fn place_of(name: &str) -> &'static str {
        match name {
            "unassign" | "take" => "list",
            "close" => "menu",
            _ => "panes",
        }
    }

    fn key_of(items: &[Item], does: Does) -> (Key, bool) {
        let item = items.iter().find(|item| item.does == does);
        item.map(|item| (item.key, item.direct))
            .expect("it is there")
    }

    #[test]
    fn m1_the_menus_keys_are_the_configured_ones() {
        let items = items_with(&[("unassign", "ctrl-x"), ("take", "b"), ("status", "J")]);
        assert_eq!(
            key_of(&items, Does::Act(Action::Unassign)),
            (Key::Ctrl('x'), true)
        );
        assert_eq!(
            key_of(&items, Does::Act(Action::Take)),
            (Key::Char('b'), true)
        );
        let (block, direct) = key_of(&items, Does::Act(Action::Block));
        assert!(
            block != Key::Char('b') && !direct,
            "its letter was taken: {block}"
        );
        let keys: HashSet<_> = items.iter().map(|item| item.key).collect();
        assert_eq!(keys.len(), items.len(), "each key does one thing");
    }

    #[test]
    fn m1_what_moves_in_the_menu_does_no_row_of_it() {
        let items = items_with(&[("close", "s")]);
        let (status, direct) = key_of(&items, Does::Act(Action::Status));
        assert!(status != Key::Char('s') && !direct, "{status}");
    }

    #[test]
    fn m1_the_cursor_starts_on_unassign_so_that_the_dots_and_enter_do_the_main_job() {
        let row = fixture::row("bea", "Bea Jones", "SMS", 1, "Hello?");
        let verdicts = |no: &[Action]| -> Vec<_> {
            let verdict = |action: &Action| match no.contains(action) {
                true => (*action, Err(Safe::literal("no"))),
                false => (*action, Ok(())),
            };
            Action::ALL.iter().map(verdict).collect()
        };
        let at = |said: Option<&Verdicts>| {
            let items = items(&row, said, &Keymap::default());
            items[start(&items)].does
        };
        let unassign = Does::Act(Action::Unassign);
        assert_eq!(at(Some(&verdicts(&[]))), unassign);
        assert_eq!(at(None), unassign, "also before the desk said");
        let without = verdicts(&[Action::Unassign]);
        assert_eq!(at(Some(&without)), Does::Act(Action::Move));
        let none = verdicts(Action::ALL);
        assert_eq!(at(Some(&none)), Does::Copy, "what nobody forbids");
    }
}
