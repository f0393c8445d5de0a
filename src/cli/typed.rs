//! What stands on standard input: messages, notes, and what customers are known by, never on the command line, which
//! others can read (R42).

use std::io::{self, IsTerminal as _, Read, stdin};

use super::{Exit, Failure, print};
use crate::domain::text::Safe;

/// What stands for standard input on a command line.
pub(super) const STDIN: &str = "-";

/// More than any channel takes.
const MOST_BYTES: u64 = 64 * 1024;

/// All of it, without the end of its last line. `what`: "message", "note".
pub(super) fn typed(what: &str) -> Result<String, Failure> {
    let mut body = String::new();
    stdin()
        .take(MOST_BYTES + 1)
        .read_to_string(&mut body)
        .map_err(|error| {
            Failure::new(Exit::Usage, format_args!("cannot read the {what}: {error}"))
        })?;
    if body.len() as u64 > MOST_BYTES {
        return Err(Failure::new(
            Exit::Usage,
            format_args!("the {what} is longer than 64 KiB"),
        ));
    }
    Ok(body.trim_end().to_owned())
}

/// One line of it; whoever sits before a terminal is asked for it there.
pub(super) fn line(what: &str, question: &Safe) -> Result<String, Failure> {
    let said = if stdin().is_terminal() {
        print::ask(question);
        let mut said = String::new();
        let read = stdin().take(MOST_BYTES);
        io::BufRead::read_line(&mut io::BufReader::new(read), &mut said).map_err(|error| {
            Failure::new(Exit::Usage, format_args!("cannot read the {what}: {error}"))
        })?;
        said
    } else {
        typed(what)?
    };
    let said = said.trim();
    if said.is_empty() || said.contains(['\n', '\r']) {
        let why = format!("no {what}: standard input has to say one, on one line");
        return Err(Failure::new(Exit::Usage, why));
    }
    Ok(said.to_owned())
}
