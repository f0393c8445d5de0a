//! What stands on standard input: messages and notes, never on the command line, which others can read (R42).

use std::io::{Read, stdin};

use super::{Exit, Failure};

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
