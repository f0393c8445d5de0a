//! The three dots, as data: every action in its place, and whether it can be had (M1).

use super::{command, key::Key};
use crate::domain::{action::Action, id::ConversationId, row::Row, text::Safe};

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
    pub action: Action,
    /// How it is written: verb first.
    pub label: &'static str,
    /// The letter that does it at once while the menu is open; the same key does it without the menu
    /// where `direct` says so.
    pub letter: char,
    /// Whether the letter works without the menu too.
    pub direct: bool,
    /// Why it cannot be had now; `None`: it can, or the desk did not say yet.
    pub not_now: Option<Safe>,
    /// The desk did not say yet.
    pub asking: bool,
}

/// The rows in the product's order, then ours beyond (M1). `Close` stands for *Reopen* on a closed one.
const ORDER: [(Action, &str, char); 10] = [
    (Action::Move, "Move to another queue…", 'm'),
    (Action::Status, "Set status…", 's'),
    (Action::Block, "Add to blocklist…", 'b'),
    (Action::Close, "Close conversation", 'c'),
    (Action::Unassign, "Unassign conversation", 'u'),
    (Action::Take, "Take", 't'),
    (Action::Assign, "Assign to…", 'a'),
    (Action::Intervene, "Intervene", 'i'),
    (Action::Note, "Note…", 'n'),
    (Action::Transcript, "Export transcript…", 'e'),
];

/// How many of the rows are the product's own; a line separates them from ours.
pub const OWN: usize = 5;

/// The rows of the menu for a conversation, given what the desk said may be done.
#[must_use]
pub fn items(row: &Row, said: Option<&[(Action, Result<(), Safe>)]>) -> Vec<Item> {
    let closed = row.state == crate::domain::conversation::State::Closed;
    ORDER
        .into_iter()
        .map(|(action, label, letter)| match action {
            Action::Close if closed => (Action::Reopen, "Reopen conversation", letter),
            _ => (action, label, letter),
        })
        .map(|(action, label, letter)| {
            let verdict = said.map(|said| {
                said.iter()
                    .find(|(a, _)| *a == action)
                    .map(|(_, verdict)| verdict.clone())
            });
            Item {
                action,
                label,
                letter,
                direct: command::key_of(action) == Some(Key::Char(letter)),
                asking: verdict.is_none(),
                not_now: match verdict {
                    None | Some(Some(Ok(()))) => None,
                    Some(Some(Err(why))) => Some(why),
                    Some(None) => Some(Safe::literal("this desk cannot")),
                },
            }
        })
        .collect()
}

/// Where the menu's cursor starts: on *Unassign* when it applies, so that `. ↵` does the main job; else on
/// the first that applies.
#[must_use]
pub fn start(items: &[Item]) -> usize {
    let can = |item: &Item| item.not_now.is_none();
    items
        .iter()
        .position(|i| i.action == Action::Unassign && can(i))
        .or_else(|| items.iter().position(can))
        .unwrap_or(OWN - 1)
}
