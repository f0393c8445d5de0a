//! The beginning of a text too long to show whole (R6).

use super::Safe;
use super::character::{Kind, kind};
use super::cut::ELLIPSIS;

/// Bytes of a message shown at once.
pub const MESSAGE_BYTES: usize = 64 * 1024;

/// Lines of a message shown at once.
pub const MESSAGE_LINES: usize = 2_000;

/// Bytes of a message shown in a list.
pub const PREVIEW_BYTES: usize = 512;

/// What of a message was left out. It has no count of lines: that would mean to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Bytes at the end of the source.
    pub bytes: usize,
}

impl Safe {
    /// As [`Safe::text`], but no more than [`MESSAGE_BYTES`] and [`MESSAGE_LINES`] of it, and no more work than that.
    pub fn text_limited(source: &str) -> (Safe, Option<Rest>) {
        let shown = limit(source);
        let bytes = source.len() - shown;
        (
            Safe::text(&source[..shown]),
            (bytes > 0).then_some(Rest { bytes }),
        )
    }

    /// As [`Safe::line`], but no more than [`PREVIEW_BYTES`] of it, then an ellipsis.
    pub fn preview(source: &str) -> Safe {
        let shown = source.floor_char_boundary(PREVIEW_BYTES);
        let mut preview = Safe::line(&source[..shown]);
        if shown < source.len() {
            preview.push(&Safe::literal(ELLIPSIS));
        }
        preview
    }
}

/// Bytes of the source that are shown; both halves of a CRLF, or none.
fn limit(source: &str) -> usize {
    let within = source.floor_char_boundary(MESSAGE_BYTES);
    let mut lines = 0;
    let mut before = '\0';
    for (at, c) in source[..within].char_indices() {
        if lines == MESSAGE_LINES && (before, c) != ('\r', '\n') {
            return at;
        }
        if kind(c) == Kind::Break && (before, c) != ('\r', '\n') {
            lines += 1;
        }
        before = c;
    }
    match source[within..].starts_with('\n') && before == '\r' {
        true => within + 1,
        false => within,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r6_a_short_message_is_whole() {
        assert_eq!(Safe::text_limited("Hello\n"), (Safe::text("Hello\n"), None));
    }

    #[test]
    fn r6_a_long_message_is_shown_up_to_its_limit_and_the_rest_follows_on() {
        let source = "é".repeat(4 << 20);
        let (shown, rest) = Safe::text_limited(&source);
        assert_eq!(shown.len(), MESSAGE_BYTES);
        assert_eq!(
            rest,
            Some(Rest {
                bytes: source.len() - MESSAGE_BYTES
            })
        );
    }

    #[test]
    fn r6_lines_are_limited_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r", "\u{2028}"] {
            let source = format!("x{end}").repeat(MESSAGE_LINES + 5);
            let (shown, rest) = Safe::text_limited(&source);
            assert_eq!(shown, "x\n".repeat(MESSAGE_LINES).as_str());
            assert_eq!(
                rest,
                Some(Rest {
                    bytes: 5 * (1 + end.len())
                })
            );
        }
    }

    #[test]
    fn r6_the_limit_does_not_part_a_line_break() {
        let source = format!("{}\r\ny", "x".repeat(MESSAGE_BYTES - 1));
        let (shown, rest) = Safe::text_limited(&source);
        assert!(shown.as_str().ends_with("x\n"));
        assert_eq!(rest, Some(Rest { bytes: 1 }));
    }

    #[test]
    fn r6_a_preview_says_that_it_goes_on() {
        assert_eq!(Safe::preview("Hello\nthere"), "Hello⏎there");
        assert_eq!(
            Safe::preview(&"é".repeat(300)),
            format!("{}…", "é".repeat(256)).as_str()
        );
    }
}
