//! The log: what a desk says of itself, on standard error.
//!
//! An error in it may hold what strangers wrote: a gateway's answer, a path, a database's complaint. So every entry
//! goes out as one line of [`Safe`] text, whatever reads it: a terminal is not acted upon, and no line is forged (R1).

use std::io::{self, Write};

use tracing::Level;

use crate::domain::text::Safe;

/// Begins the log; less grave than `least` is left out.
pub fn begin(least: Level) {
    tracing_subscriber::fmt()
        .with_writer(|| Entry(io::stderr()))
        .with_ansi(false)
        .with_max_level(least)
        .init();
}

/// One entry on its way out; the log writes each whole.
struct Entry<W: Write>(W);

impl<W: Write> Write for Entry<W> {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let length = entry.len();
        let text = String::from_utf8_lossy(entry);
        let entry = text.strip_suffix('\n').unwrap_or(&text);
        let line = Safe::line(entry);
        // In one piece, so that entries of several threads do not mix.
        self.0.write_all(format!("{line}\n").as_bytes())?;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn r1_what_a_stranger_wrote_is_one_harmless_line_of_the_log() {
        let kept = Kept::default();
        let to = kept.clone();
        let log = tracing_subscriber::fmt()
            .with_writer(move || Entry(to.clone()))
            .with_ansi(false)
            .finish();
        let theirs = "a\u{1b}[2J\u{9b}31m\u{202e}\r\n2026-01-01 WARN forged";
        tracing::subscriber::with_default(log, || {
            tracing::warn!(error = theirs, shown = %theirs, "a gateway said {theirs}");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text:?}");
        assert!(text.contains("forged") && text.ends_with('\n'));
        let line = text.trim_end_matches('\n');
        assert_eq!(Safe::line(line), line, "nothing left to clean");
    }
}
