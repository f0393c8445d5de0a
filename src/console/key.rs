//! A key, and its name as text.
//!
//! The table of keys, the configuration and the help all speak of keys by these names; the terminal's decoder
//! produces these values. Pure: nothing here knows a terminal.

use std::fmt;
use std::str::FromStr;

use crate::domain::text::Safe;

/// One key as a person pressed it.
///
/// Closed on purpose: what a terminal can send and this cannot express is swallowed by the decoder, so that the tail
/// of a sequence never turns into keys (R7). Shift is part of the character (`J`); a modifier on a named key is
/// dropped (`Ctrl-Up` is [`Key::Up`]), because terminals disagree about it too much to bind anything to it; but for the
/// arrows that everybody presses to go by a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A printable character, the space included.
    Char(char),
    /// A character with Control: a lower-case letter, the space, or one of `\ ] ^ _`.
    Ctrl(char),
    /// A printable character with Alt (some terminals: Meta). No default uses it.
    Alt(char),
    /// Return, on either part of the keyboard.
    Enter,
    /// Escape by itself.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Erase the character before the cursor; `Ctrl-H` is the same key to many terminals and so to us.
    Backspace,
    /// Erase the character under the cursor.
    Delete,
    /// Insert.
    Insert,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Arrow left with Control or Alt, where the terminal tells it apart.
    WordLeft,
    /// Arrow right, likewise.
    WordRight,
    /// A function key, 1 to 24.
    F(u8),
}

/// The named keys, each by the name it is shown with first and what else is understood after it.
const NAMED: &[(Key, &[&str])] = &[
    (Key::Char(' '), &["space"]),
    (Key::Enter, &["enter", "return"]),
    (Key::Esc, &["esc", "escape"]),
    (Key::Tab, &["tab"]),
    (Key::BackTab, &["backtab", "shift-tab"]),
    (Key::Backspace, &["backspace"]),
    (Key::Delete, &["del", "delete"]),
    (Key::Insert, &["ins", "insert"]),
    (Key::Home, &["home"]),
    (Key::End, &["end"]),
    (Key::PageUp, &["pgup", "pageup"]),
    (Key::PageDown, &["pgdn", "pagedown"]),
    (Key::Up, &["up"]),
    (Key::Down, &["down"]),
    (Key::Left, &["left"]),
    (Key::Right, &["right"]),
    (Key::WordLeft, &["ctrl-left", "alt-left"]),
    (Key::WordRight, &["ctrl-right", "alt-right"]),
];

impl Key {
    /// The key that a terminal sends for `character` with Control held, if it sends one of its own.
    ///
    /// `I`, `M`, `H` and `[` are Tab, Enter, Backspace and Esc on the wire; nothing can tell them apart.
    pub fn with_control(character: char) -> Option<Self> {
        match character.to_ascii_lowercase() {
            'i' => Some(Self::Tab),
            'm' => Some(Self::Enter),
            'h' => Some(Self::Backspace),
            '[' => Some(Self::Esc),
            '@' => Some(Self::Ctrl(' ')),
            '/' => Some(Self::Ctrl('_')),
            letter @ ('a'..='z' | ' ' | '\\' | ']' | '^' | '_') => Some(Self::Ctrl(letter)),
            _ => None,
        }
    }
}

impl Key {
    /// Whether a terminal sends it as a key of its own: no character without a look, and with Alt none with which a
    /// sequence begins.
    #[must_use]
    pub fn can_be_sent(self) -> bool {
        match self {
            Self::Char(character) => {
                character == ' ' || Safe::line(&character.to_string()) == *character.to_string()
            }
            Self::Alt(character) => {
                Self::Char(character).can_be_sent() && !matches!(character, '[' | 'O')
            }
            _ => true,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, names)) = NAMED.iter().find(|(key, _)| key == self) {
            return f.write_str(names[0]);
        }
        match *self {
            Self::Char(character) => write!(f, "{character}"),
            Self::Ctrl(character) => write!(f, "ctrl-{}", Self::Char(character)),
            Self::Alt(character) => write!(f, "alt-{}", Self::Char(character)),
            Self::F(number) => write!(f, "f{number}"),
            _ => unreachable!("every key without a character or number is in NAMED"),
        }
    }
}

/// A word that names no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no key: one character, or a name such as ctrl-x, alt-f, f5, space, enter, esc, pgup"
)]
pub struct UnknownKey(
    /// The word as it was given.
    pub String,
);

impl FromStr for Key {
    type Err = UnknownKey;

    /// Reads what [`Display`](fmt::Display) writes, and a few other usual names; names in any case, a single
    /// character exactly as it is (`j` and `J` are two keys).
    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        parse(text).ok_or_else(|| UnknownKey(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Key> {
    let mut characters = text.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return (!only.is_control()).then_some(Key::Char(only));
    }
    let lower = text.to_ascii_lowercase();
    if let Some((key, _)) = NAMED
        .iter()
        .find(|(_, names)| names.contains(&lower.as_str()))
    {
        return Some(*key);
    }
    if lower.starts_with("ctrl-") {
        return modified(&text["ctrl-".len()..]).and_then(Key::with_control);
    }
    if lower.starts_with("alt-") {
        return modified(&text["alt-".len()..]).map(Key::Alt);
    }
    let number = lower.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Key::F(number))
}

/// The character after `ctrl-` or `alt-`.
fn modified(text: &str) -> Option<char> {
    match parse(text)? {
        Key::Char(character) => Some(character),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_key() -> impl Strategy<Value = Key> {
        let printable = prop_oneof![Just('j'), Just('-'), any::<char>()]
            .prop_filter("printable", |c| !c.is_control());
        prop_oneof![
            printable.clone().prop_map(Key::Char),
            printable.prop_map(Key::Alt),
            proptest::char::range('a', 'z').prop_filter_map("sent as Control", Key::with_control),
            (1u8..=24).prop_map(Key::F),
            proptest::sample::select(NAMED).prop_map(|(key, _)| key),
        ]
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_into_the_configuration(key in any_key()) {
            prop_assert_eq!(key.to_string().parse(), Ok(key));
        }

        #[test]
        fn no_word_breaks_the_parser(word in ".{0,12}") {
            let _ = word.parse::<Key>();
        }
    }

    #[test]
    fn names_are_those_of_the_table() {
        for (text, key) in [
            ("j", Key::Char('j')),
            ("J", Key::Char('J')),
            ("space", Key::Char(' ')),
            ("ctrl-x", Key::Ctrl('x')),
            ("ctrl-space", Key::Ctrl(' ')),
            ("alt-f", Key::Alt('f')),
            ("alt--", Key::Alt('-')),
            ("pgup", Key::PageUp),
            ("f12", Key::F(12)),
        ] {
            assert_eq!(text.parse(), Ok(key));
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn what_a_terminal_cannot_tell_apart_is_one_key() {
        assert_eq!("ctrl-i".parse(), Ok(Key::Tab));
        assert_eq!("Ctrl-M".parse(), Ok(Key::Enter));
        assert_eq!("ctrl-[".parse(), Ok(Key::Esc));
    }

    #[test]
    fn words_that_name_no_key_are_refused_with_the_word() {
        for word in [
            "", "jj", "ctrl-", "ctrl-é", "f0", "f25", "hyper-x", "\u{1b}",
        ] {
            assert_eq!(word.parse::<Key>(), Err(UnknownKey(word.to_owned())));
        }
    }
}
