//! What is said to the terminal beside the painted cells: a bell, a notice, the clipboard.
//!
//! Only when asked for or switched on; and only text that is `Safe` (R4).

use super::abilities::Abilities;
use super::enter::{MOUSE_OFF, MOUSE_ON};
use crate::domain::text::Safe;

/// The most that may be copied at once (R8), and a little more than most terminals take.
const LARGEST_COPY: usize = 64 * 1024;

/// One thing to say beside the cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// Ring.
    Bell,
    /// A notice of the desktop (OSC 9).
    Notice(Safe),
    /// A notice of the desktop with our name (OSC 777), for terminals that take no other.
    NoticeByName(Safe),
    /// Put this into the clipboard of the person's own machine (OSC 52).
    Copy(Safe),
    /// Report the mouse from now on, or leave it to the person, who selects with it.
    Mouse(bool),
}

/// Why an [`Aside`] is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSaid {
    /// The terminal has no such thing, and might print it.
    #[error("this terminal cannot do that")]
    Unable,
    /// More than 64 KiB.
    #[error("that is more than the 64 KiB that can be copied at once")]
    TooLong,
}

impl Aside {
    /// Appends the bytes that say it.
    pub(super) fn write(&self, abilities: &Abilities, out: &mut Vec<u8>) -> Result<(), NotSaid> {
        let is_able = match self {
            Self::Bell => true,
            Self::Mouse(_) => abilities.mouse,
            _ => abilities.osc,
        };
        if !is_able {
            return Err(NotSaid::Unable);
        }
        match self {
            Self::Mouse(true) => out.extend(MOUSE_ON.as_bytes()),
            Self::Mouse(false) => out.extend(MOUSE_OFF.as_bytes()),
            Self::Bell => out.push(0x07),
            Self::Notice(notice) => command(b"9;", notice, out),
            Self::NoticeByName(notice) => command(b"777;notify;handback;", notice, out),
            Self::Copy(text) if text.len() > LARGEST_COPY => return Err(NotSaid::TooLong),
            Self::Copy(text) => {
                out.extend(b"\x1b]52;c;");
                base64(text.as_str().as_bytes(), out);
                out.extend(b"\x1b\\");
            }
        }
        Ok(())
    }
}

/// An OSC sequence with text in it, on one line.
fn command(number: &[u8], text: &Safe, out: &mut Vec<u8>) {
    out.extend(b"\x1b]");
    out.extend(number);
    out.extend(
        text.as_str()
            .bytes()
            .map(|byte| if byte == b'\n' { b' ' } else { byte }),
    );
    out.extend(b"\x1b\\");
}

fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let padded = [
            0,
            group[0],
            *group.get(1).unwrap_or(&0),
            *group.get(2).unwrap_or(&0),
        ];
        let bits = u32::from_be_bytes(padded);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let sign = SIGNS[(bits >> shift) as usize & 63];
            out.push(if place <= group.len() { sign } else { b'=' });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(aside: &Aside, term: &str) -> Result<String, NotSaid> {
        let abilities = Abilities::of(|name| (name == "TERM").then(|| term.to_owned())).unwrap();
        let mut out = Vec::new();
        aside.write(&abilities, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn r4_text_beside_the_cells_is_safe_and_ends_where_we_end_it() {
        let name = Safe::text("Bea\x1b\\\x07\u{9c}\nJones");
        let notice = said(&Aside::Notice(name), "xterm").unwrap();
        let text = notice
            .strip_prefix("\x1b]9;")
            .and_then(|rest| rest.strip_suffix("\x1b\\"))
            .unwrap();
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }

    #[test]
    fn r8_what_is_copied_is_base64_and_at_most_64_kib() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("é?>", "w6k/Pg=="),
        ] {
            let copied = said(&Aside::Copy(Safe::text(text)), "xterm");
            assert_eq!(copied, Ok(format!("\x1b]52;c;{encoded}\x1b\\")));
        }
        let long = Safe::text(&"x".repeat(LARGEST_COPY + 1));
        assert_eq!(said(&Aside::Copy(long), "xterm"), Err(NotSaid::TooLong));
    }

    #[test]
    fn r16_a_terminal_that_would_print_it_is_not_told() {
        assert_eq!(
            said(&Aside::Notice(Safe::line("x")), "linux"),
            Err(NotSaid::Unable)
        );
        assert_eq!(said(&Aside::Bell, "linux"), Ok("\x07".to_owned()));
    }

    #[test]
    fn the_mouse_is_left_to_the_person_only_where_there_is_one() {
        for (on, sequence) in [(true, MOUSE_ON), (false, MOUSE_OFF)] {
            let mouse = Aside::Mouse(on);
            assert_eq!(said(&mouse, "xterm"), Ok(sequence.to_owned()));
            assert_eq!(said(&mouse, "linux"), Err(NotSaid::Unable));
        }
    }
}
