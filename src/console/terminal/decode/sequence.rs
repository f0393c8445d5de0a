//! `ESC [ …` and `ESC O …`: what they mean, once their last byte has come.

use crate::console::input::{Input, Mouse, MouseKind};
use crate::console::key::Key;

const ESC: u8 = 0x1b;

/// The longest sequence we look into; the rest of a longer one is swallowed with it.
const LONGEST: usize = 32;

/// A sequence that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sequence {
    kind: Kind,
    bytes: [u8; LONGEST],
    length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `ESC [`
    Csi,
    /// `ESC [ [`, the Linux console's function keys.
    Linux,
    /// `ESC O`
    Ss3,
}

/// What a finished sequence means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Input(Input),
    PasteBegins,
    /// It was broken off by an ESC, which begins something new.
    NewEscape,
    /// Three bytes follow that are no keys.
    OldMouse,
    /// Nothing we know: swallowed.
    Nothing,
}

impl Sequence {
    /// `introducer` is the byte after the ESC: `[` or `O`.
    pub(super) fn begun_by(introducer: u8) -> Self {
        let kind = if introducer == b'[' {
            Kind::Csi
        } else {
            Kind::Ss3
        };
        Self {
            kind,
            bytes: [0; LONGEST],
            length: 0,
        }
    }

    /// One more byte: the sequence goes on, or it is at its end and this is what it means.
    pub(super) fn take(mut self, byte: u8) -> Result<Self, Meaning> {
        match (self.kind, byte) {
            (_, ESC) => Err(Meaning::NewEscape),
            (Kind::Csi, b'[') if self.length == 0 => Ok(Self {
                kind: Kind::Linux,
                ..self
            }),
            (Kind::Linux, b'A'..=b'E') => Err(key(Key::F(byte - b'A' + 1))),
            (Kind::Linux, _) => Err(Meaning::Nothing),
            (_, 0x20..=0x3f) => {
                if self.length < LONGEST {
                    self.bytes[self.length] = byte;
                }
                self.length += 1;
                Ok(self)
            }
            (_, 0x40..=0x7e) if self.length <= LONGEST => Err(self.meaning(byte)),
            // Too long, or broken off by a byte that belongs to no sequence.
            _ => Err(Meaning::Nothing),
        }
    }

    fn meaning(&self, last: u8) -> Meaning {
        let Ok(parameters) = str::from_utf8(&self.bytes[..self.length]) else {
            return Meaning::Nothing;
        };
        if let Some(report) = parameters.strip_prefix('<') {
            return mouse(report, last);
        }
        if self.kind == Kind::Csi && last == b'M' && parameters.is_empty() {
            return Meaning::OldMouse;
        }
        let mut numbers = parameters
            .split(';')
            .map(|text| text.split(':').next().unwrap_or("").parse().ok());
        let (first, second, third) = (
            numbers.next().flatten(),
            numbers.next().flatten(),
            numbers.next().flatten(),
        );
        match (last, first) {
            (b'~', Some(200)) => Meaning::PasteBegins,
            // xterm's and kitty's ways to send a character with its modifiers, when somebody switched them on.
            (b'~', Some(27)) => modified(third, second),
            (b'u', _) if self.kind == Kind::Csi => modified(first, second),
            (b'~', Some(number)) => numbered(number).map_or(Meaning::Nothing, key),
            (b'~', None) => Meaning::Nothing,
            _ if parameters.contains(['?', '>', '=']) => Meaning::Nothing,
            (b'C' | b'D', _) if matches!(second, Some(3 | 5)) => key(match last {
                b'C' => Key::WordRight,
                _ => Key::WordLeft,
            }),
            _ => self.lettered(last).map_or(Meaning::Nothing, key),
        }
    }

    fn lettered(&self, last: u8) -> Option<Key> {
        Some(match last {
            b'A' => Key::Up,
            b'B' => Key::Down,
            b'C' => Key::Right,
            b'D' => Key::Left,
            b'F' => Key::End,
            b'H' => Key::Home,
            b'Z' if self.kind == Kind::Csi => Key::BackTab,
            b'M' if self.kind == Kind::Ss3 => Key::Enter,
            // `CSI … R` is where a cursor is; nobody asked.
            b'R' if self.kind == Kind::Ss3 => Key::F(3),
            b'P' | b'Q' | b'S' => Key::F(last - b'P' + 1),
            _ => return None,
        })
    }
}

fn key(key: Key) -> Meaning {
    Meaning::Input(Input::Key(key))
}

/// The keys of the editing and function blocks.
fn numbered(number: u32) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        11..=15 => Key::F((number - 10) as u8),
        17..=21 => Key::F((number - 11) as u8),
        23..=26 => Key::F((number - 12) as u8),
        28 | 29 => Key::F((number - 13) as u8),
        31..=34 => Key::F((number - 14) as u8),
        _ => return None,
    })
}

/// A character by its number, with modifiers as one more than their sum (Shift 1, Alt 2, Control 4).
fn modified(code: Option<u32>, modifiers: Option<u32>) -> Meaning {
    let held = modifiers.unwrap_or(1).saturating_sub(1);
    let (shift, alt, control) = (held & 1 != 0, held & 2 != 0, held & 4 != 0);
    let Some(character) = code.and_then(char::from_u32) else {
        return Meaning::Nothing;
    };
    let named = match character {
        '\t' if shift => Some(Key::BackTab),
        '\t' => Some(Key::Tab),
        '\r' => Some(Key::Enter),
        '\u{1b}' => Some(Key::Esc),
        '\u{8}' | '\u{7f}' => Some(Key::Backspace),
        _ if character.is_control() => None,
        _ if control => Key::with_control(character),
        _ if alt => Some(Key::Alt(character)),
        _ if shift => Some(Key::Char(character.to_ascii_uppercase())),
        _ => Some(Key::Char(character)),
    };
    named.map_or(Meaning::Nothing, key)
}

/// `CSI < button ; column ; row M`, or `m` when the button went up.
fn mouse(report: &str, last: u8) -> Meaning {
    let mut numbers = report.split(';').map(|text| text.parse::<u16>().ok());
    let (Some(Some(button)), Some(Some(column)), Some(Some(row)), None) = (
        numbers.next(),
        numbers.next(),
        numbers.next(),
        numbers.next(),
    ) else {
        return Meaning::Nothing;
    };
    // Shift, Alt and Control are 4, 8 and 16; 32 is motion, which we did not ask for.
    let kind = match (button & !0b1_1100, last) {
        (0, b'M') => MouseKind::Press,
        (0, b'm') => MouseKind::Release,
        (64, b'M') => MouseKind::WheelUp,
        (65, b'M') => MouseKind::WheelDown,
        _ => return Meaning::Nothing,
    };
    let (Some(column), Some(row)) = (column.checked_sub(1), row.checked_sub(1)) else {
        return Meaning::Nothing;
    };
    Meaning::Input(Input::Mouse(Mouse { kind, column, row }))
}
