//! A token in a variable: taken out of the environment before anything runs that could inherit it (R40).
//!
//! What a program was started with stays readable in `/proc/PID/environ` whatever it changes later, so it starts itself
//! again without the variable, in its own place. The token goes over a pipe, which no other process has: unlike a file or
//! an argument it leaves no trace, and unlike memory that is shared it is empty once it was read.

use std::{
    env,
    fs::File,
    io::{self, Read as _, Write as _},
    os::{fd::AsRawFd as _, unix::process::CommandExt as _},
    process::{self, Command},
};

use rustix::{
    io::{FdFlags, fcntl_setfd},
    pipe::{PipeFlags, pipe_with},
};
use secrecy::SecretString;

use super::{Exit, print};
use crate::say;

/// The variable. [`HANDBACK_TOKEN_FILE`](super::Global) names a file instead, which is better.
pub(super) const NAME: &str = "HANDBACK_TOKEN";
/// Says the new start which process began it and where the pipe is: no secret, and of no use to anybody else.
const PIPE: &str = "HANDBACK_TOKEN_PIPE";
/// The greatest token taken: a pipe holds as much at least, and nobody reads yet.
const MOST_BYTES: usize = 4096;

/// What is said of it, by verbs and on the screen.
pub(super) const WARNING: &str = "HANDBACK_TOKEN was taken out of the environment; keep the token in a file of mode 0600 \
     (HANDBACK_TOKEN_FILE), or with `handback login`";

/// The token that stands in the variable. With one there this program starts itself again, and comes here a second time
/// with a clean environment. To be called before there is any other thread.
///
/// # Errors
/// The system's, if it does not let us: then the token is not used, and nothing should go on.
pub fn token_of_environment() -> io::Result<Option<SecretString>> {
    if let Some(token) = env::var_os(NAME) {
        return Err(start_again(token.as_encoded_bytes()));
    }
    match env::var(PIPE).ok().and_then(|place| ours(&place)) {
        Some(pipe) => piped(&pipe),
        None => Ok(None),
    }
}

/// Says that the variable could not be taken out of the environment.
#[must_use]
pub fn no_token(why: &io::Error) -> Exit {
    print::note(&say!(
        "HANDBACK_TOKEN cannot be taken out of the environment: {why}; unset it, and put the token into a file of mode 0600 (HANDBACK_TOKEN_FILE)"
    ));
    Exit::Secrets
}

/// The pipe, if this very process began it: of a parent that did nothing is to be had any more.
fn ours(place: &str) -> Option<String> {
    let (process, pipe) = place.split_once(':')?;
    let pipe: u32 = pipe.parse().ok()?;
    (process == process::id().to_string()).then(|| format!("/proc/self/fd/{pipe}"))
}

fn piped(pipe: &str) -> io::Result<Option<SecretString>> {
    let mut token = String::new();
    File::open(pipe)?
        .take(MOST_BYTES as u64)
        .read_to_string(&mut token)?;
    // Of the pipe only an empty end is left, which says nothing to whoever inherits it.
    Ok((!token.is_empty()).then(|| token.into()))
}

/// Comes back only if it cannot.
fn start_again(token: &[u8]) -> io::Error {
    let started = || {
        if token.len() > MOST_BYTES {
            return Err(io::Error::other("it is longer than any token"));
        }
        let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
        fcntl_setfd(&read, FdFlags::empty())?;
        File::from(write).write_all(token)?;
        let mut arguments = env::args_os();
        let mut command = Command::new(env::current_exe()?);
        if let Some(name) = arguments.next() {
            command.arg0(name);
        }
        command
            .args(arguments)
            .env_remove(NAME)
            .env(PIPE, format!("{}:{}", process::id(), read.as_raw_fd()));
        Err(command.exec())
    };
    let Err(why): Result<std::convert::Infallible, _> = started();
    why
}
