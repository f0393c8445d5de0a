//! The command line's writer: the one place that writes to standard output and standard error outside the console.
//!
//! It takes [`Safe`] text, or JSON whose strings cannot do anything to a terminal either, so that it does not matter
//! whether a terminal, a file or a pipe is at the other end (R1).

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::exit::{Exit, Failure};
use crate::domain::text::Safe;

/// Writes what a verb is asked for.
pub(super) struct Out<W: Write>(W);

impl Out<BufWriter<io::StdoutLock<'static>>> {
    /// To standard output; written when it is [finished](Out::finish).
    pub(super) fn stdout() -> Self {
        Self(BufWriter::new(io::stdout().lock()))
    }
}

impl Out<BufWriter<io::Stdout>> {
    /// To standard output, for whoever writes as something comes.
    pub(super) fn as_it_comes() -> Self {
        Self(BufWriter::new(io::stdout()))
    }
}

impl<W: Write> Out<W> {
    /// Text, and the end of its last line.
    pub(super) fn text(&mut self, text: &Safe) -> Result<(), Unwritten> {
        written(writeln!(self.0, "{text}"))
    }

    /// A value as JSON, indented.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Unwritten> {
        written(json(&mut self.0, value, PrettyFormatter::new()))
    }

    /// A value as JSON on a line of its own, written at once. Says whether anybody still reads.
    pub(super) fn line(&mut self, value: &impl Serialize) -> Result<Heard, Unwritten> {
        let done = json(&mut self.0, value, CompactFormatter).and_then(|()| self.0.flush());
        let heard = match &done {
            Err(error) if is_gone(error) => Heard::Gone,
            _ => Heard::Read,
        };
        written(done).map(|()| heard)
    }

    /// What we made ourselves for other programs to read: completions, the manual.
    pub(super) fn made(&mut self, bytes: &[u8]) -> Result<(), Unwritten> {
        written(self.0.write_all(bytes))
    }

    /// Writes what is still held back.
    pub(super) fn finish(mut self) -> Result<(), Unwritten> {
        written(self.0.flush())
    }
}

/// Whether anybody reads what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// As far as the system says.
    Read,
    /// Whoever did went away.
    Gone,
}

fn json(to: &mut impl Write, value: &impl Serialize, form: impl Formatter) -> io::Result<()> {
    let mut json = Serializer::with_formatter(&mut *to, Plain(form));
    value.serialize(&mut json)?;
    writeln!(to)
}

/// Says something beside the output: what failed, or what came of an act. That nobody can read it changes nothing.
#[allow(clippy::print_stderr, reason = "the one place that may")]
pub(super) fn note(text: &Safe) {
    let _ = writeln!(io::stderr(), "handback: {text}");
}

/// Asks something of whoever sits there; the answer is typed behind it. Who cannot read it does not answer, and is told so.
pub(super) fn ask(text: &Safe) {
    let mut err = io::stderr();
    let _ = err.write_all(text.as_str().as_bytes());
    let _ = err.flush();
}

/// Says what is wrong with a command line, in the words of its reader.
pub(super) fn complain(text: &Safe) {
    let _ = write!(io::stderr(), "{text}");
}

/// Output that could not be written.
#[derive(Debug)]
pub(super) struct Unwritten(io::Error);

/// A reader that went away has read what it wanted (`handback list | head`): nothing is said about it, and what came
/// of an act still decides how we end.
fn written(result: io::Result<()>) -> Result<(), Unwritten> {
    match result {
        Err(error) if !is_gone(&error) => Err(Unwritten(error)),
        _ => Ok(()),
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

impl From<Unwritten> for Failure {
    fn from(Unwritten(error): Unwritten) -> Self {
        Self::new(
            Exit::Unknown,
            format_args!("cannot write the output: {error}"),
        )
    }
}

/// JSON in which whatever a terminal might act on, or not show, stands as `\u…`: a reader of JSON gets the same
/// text, an eye sees that there is something.
struct Plain<F>(F);

impl<F: Formatter> Formatter for Plain<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut rest = text;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_hidden(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_key(writer)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

/// What [`Safe`] would not show as it is; one rule for text and JSON.
fn is_hidden(c: char) -> bool {
    let mut alone = [0; 4];
    let alone = &*c.encode_utf8(&mut alone);
    !(' '..='~').contains(&c) && Safe::line(alone).as_str() != alone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        let mut bytes = Vec::new();
        Out(&mut bytes).json(&[text]).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn r1_json_on_a_terminal_does_nothing_to_it_and_loses_nothing() {
        let hostile: String = ('\0'..='\u{2fff}')
            .chain(['\u{feff}', '\u{e0041}', '\u{f0000}'])
            .collect();
        let written = json(&hostile);
        assert_eq!(
            serde_json::from_str::<Vec<String>>(&written).unwrap(),
            [hostile]
        );
        for hidden in [
            '\u{1b}',
            '\u{7f}',
            '\u{80}',
            '\u{9b}',
            '\u{202e}',
            '\u{2066}',
            '\u{200b}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            assert!(!written.contains(hidden), "{:x}", hidden as u32);
        }
        assert!(written.contains("\\u202e") && written.contains("\\udb40\\udc41"));
    }

    #[test]
    fn names_of_people_stay_readable() {
        for name in ["Zoë O'Neill", "Łukasz", "山田", "Анна", "🙂"] {
            assert!(json(name).contains(name), "{}", json(name));
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure_a_full_disk_is() {
        assert!(written(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert!(written(Err(io::ErrorKind::StorageFull.into())).is_err());
    }
}
