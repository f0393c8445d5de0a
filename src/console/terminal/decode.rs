//! Bytes from the terminal become inputs (R7).
//!
//! A state machine fed one byte after the other, so that where a read happens to end makes no difference. What it
//! cannot name it swallows whole: no tail of a sequence ever becomes keys. (The decoders at hand give up in the middle
//! of a sequence they do not know, and take the rest for keys.)
//!
//! Time enters only as [`silence`](Decoder::silence), which the reader reports when nothing came for as long as
//! [`patience`](Decoder::patience) asks:
//! - a lone ESC is held for 50 ms, then it is the key. Should the rest of a sequence follow all the same, within a
//!   second and beginning as sequences do, it is still taken for one;
//! - a paste ends with `ESC [201~` *and* 50 ms of silence. Pasted text may itself hold that end; what follows it in one
//!   go is therefore still paste, never keys. A paste whose end does not come is over after 1 s of silence;
//! - a half received `ESC [` waits as long as it takes: the next key after an accidental Alt-[ is lost, but no tail ever
//!   becomes keys, however slow the line.

mod paste;
mod sequence;

use std::time::Duration;

use crate::console::input::Input;
use crate::console::key::Key;

use paste::Paste;
use sequence::{Meaning, Sequence};

/// How long a lone ESC may be the beginning of a sequence, and how long after its end a paste may go on.
const HELD: Duration = Duration::from_millis(50);

/// How long a paste, or a string nobody asked for, may be silent before it counts as over; and how long after a
/// lone ESC the rest of its sequence may still come.
const OVER: Duration = Duration::from_secs(1);

/// The longest string (an answer, a title) that is swallowed without an end.
const LONGEST_STRING: usize = 64 * 1024;

const ESC: u8 = 0x1b;

/// What the bytes so far are the beginning of.
#[derive(Debug, Default)]
enum State {
    /// Nothing: the next byte begins something.
    #[default]
    Ground,
    /// An ESC, or the key of that name that was reported for want of more.
    Escape { reported: bool },
    /// `ESC [` or `ESC O`, and what followed.
    Sequence(Sequence),
    /// `ESC ]`, `P`, `X`, `^` or `_`: text up to BEL or ST, `length` bytes so far.
    String { introducer: u8, length: usize },
    /// An ESC within a string, which ends it.
    StringEnd,
    /// A character whose first bytes have come.
    Character {
        bytes: [u8; 4],
        have: usize,
        need: usize,
        alt: bool,
    },
    /// A paste.
    Paste(Paste),
    /// That many bytes of an old-style mouse report, which some terminals send although they were not asked to.
    Swallow(u8),
}

/// The decoder: what was half received, and nothing else.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
}

impl Decoder {
    /// Takes the bytes of one read and adds what they complete to `inputs`.
    pub fn feed(&mut self, bytes: &[u8], inputs: &mut Vec<Input>) {
        for byte in bytes {
            self.take(*byte, inputs);
        }
    }

    /// How long to wait for more before reporting [`silence`](Self::silence); `None`: as long as it takes.
    pub fn patience(&self) -> Option<Duration> {
        match &self.state {
            State::Escape { reported: false } | State::String { length: 0, .. } => Some(HELD),
            State::Escape { reported: true } | State::String { .. } => Some(OVER),
            State::Paste(paste) => Some(if paste.is_closed() { HELD } else { OVER }),
            State::StringEnd => Some(OVER),
            State::Ground | State::Sequence(_) | State::Character { .. } | State::Swallow(_) => {
                None
            }
        }
    }

    /// Nothing came for as long as [`patience`](Self::patience) asked.
    pub fn silence(&mut self, inputs: &mut Vec<Input>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Escape { reported: false } => {
                inputs.push(Input::Key(Key::Esc));
                State::Escape { reported: true }
            }
            State::String {
                introducer,
                length: 0,
            } => {
                inputs.push(Input::Key(Key::Alt(char::from(introducer))));
                State::Ground
            }
            State::Paste(paste) => {
                inputs.push(Input::Paste(paste.text()));
                State::Ground
            }
            State::Escape { reported: true } | State::String { .. } | State::StringEnd => {
                State::Ground
            }
            unfinished => unfinished,
        };
    }

    fn take(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        self.state = match std::mem::take(&mut self.state) {
            State::Ground => begin(byte, false, inputs),
            State::Escape { reported } => escaped(byte, reported, inputs),
            State::Sequence(sequence) => match sequence.take(byte) {
                Ok(unfinished) => State::Sequence(unfinished),
                Err(meaning) => finish(meaning, inputs),
            },
            State::String { introducer, length } => string(introducer, length, byte),
            State::StringEnd if byte == b'\\' => State::Ground,
            State::StringEnd => escaped(byte, false, inputs),
            State::Character {
                bytes,
                have,
                need,
                alt,
            } => character(bytes, have, need, alt, byte, inputs),
            State::Paste(mut paste) => {
                paste.take(byte);
                State::Paste(paste)
            }
            State::Swallow(left) if left > 1 => State::Swallow(left - 1),
            State::Swallow(_) => State::Ground,
        };
    }
}

/// The first byte of something; `alt` if an ESC came before.
fn begin(byte: u8, alt: bool, inputs: &mut Vec<Input>) -> State {
    let need = match byte {
        ESC => return State::Escape { reported: false },
        0x20..=0x7e => {
            let character = char::from(byte);
            inputs.push(Input::Key(if alt {
                Key::Alt(character)
            } else {
                Key::Char(character)
            }));
            return State::Ground;
        }
        0x00..=0x1f | 0x7f => {
            // With Alt, a control character is a key we have no name for.
            if !alt {
                inputs.push(Input::Key(control(byte)));
            }
            return State::Ground;
        }
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        // Not the beginning of any character.
        _ => return State::Ground,
    };
    State::Character {
        bytes: [byte, 0, 0, 0],
        have: 1,
        need,
        alt,
    }
}

/// The byte after an ESC.
fn escaped(byte: u8, reported: bool, inputs: &mut Vec<Input>) -> State {
    match byte {
        b'[' | b'O' => State::Sequence(Sequence::begun_by(byte)),
        _ if reported => begin(byte, false, inputs),
        b']' | b'P' | b'X' | b'^' | b'_' => State::String {
            introducer: byte,
            length: 0,
        },
        ESC => {
            inputs.push(Input::Key(Key::Esc));
            State::Escape { reported: false }
        }
        _ => begin(byte, true, inputs),
    }
}

/// A byte within a string, which is swallowed.
fn string(introducer: u8, length: usize, byte: u8) -> State {
    match byte {
        0x07 | 0x18 | 0x1a => State::Ground,
        ESC => State::StringEnd,
        _ if length == LONGEST_STRING => State::Ground,
        _ => State::String {
            introducer,
            length: length + 1,
        },
    }
}

/// A byte after the first of a character. What is not UTF-8 is dropped, and so are the controls of C1.
fn character(
    mut bytes: [u8; 4],
    have: usize,
    need: usize,
    alt: bool,
    byte: u8,
    inputs: &mut Vec<Input>,
) -> State {
    if !(0x80..=0xbf).contains(&byte) {
        return begin(byte, false, inputs);
    }
    bytes[have] = byte;
    if have + 1 < need {
        return State::Character {
            bytes,
            have: have + 1,
            need,
            alt,
        };
    }
    let text = str::from_utf8(&bytes[..need]).ok();
    if let Some(character) = text
        .and_then(|text| text.chars().next())
        .filter(|c| !c.is_control())
    {
        inputs.push(Input::Key(if alt {
            Key::Alt(character)
        } else {
            Key::Char(character)
        }));
    }
    State::Ground
}

fn finish(meaning: Meaning, inputs: &mut Vec<Input>) -> State {
    match meaning {
        Meaning::Input(input) => {
            inputs.push(input);
            State::Ground
        }
        Meaning::PasteBegins => State::Paste(Paste::default()),
        Meaning::NewEscape => State::Escape { reported: false },
        Meaning::OldMouse => State::Swallow(3),
        Meaning::Nothing => State::Ground,
    }
}

/// The key that sends this control character.
fn control(byte: u8) -> Key {
    match byte {
        b'\t' => Key::Tab,
        b'\r' => Key::Enter,
        0x08 | 0x7f => Key::Backspace,
        0x00 => Key::Ctrl(' '),
        0x01..=0x1a => Key::Ctrl(char::from(byte - 1 + b'a')),
        _ => Key::Ctrl(char::from(byte - 0x1c + b'\\')),
    }
}

#[cfg(test)]
mod tests;
