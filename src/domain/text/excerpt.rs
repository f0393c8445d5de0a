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
