//! `handback` without a verb: the console.

use std::io::{IsTerminal, stdin, stdout};

use super::{
    Exit, Failure, Global, Outcome,
    connect::{Connection, connect},
    runtime,
};
use crate::{desk::Desk, domain::text::Safe, say};

/// Opens the console on the desk that is meant.
pub(super) fn run(global: &Global) -> Outcome {
    needs_a_terminal()?;
    let console = uuid::Uuid::now_v7().to_string();
    runtime()
        .map_err(|error| Failure::new(Exit::Unreachable, error))?
        .block_on(async {
            let connection = connect(global, Some(console)).await?;
            open(connection).await
        })
}

/// Refuses where there is no terminal to draw on.
pub(super) fn needs_a_terminal() -> Result<(), Failure> {
    if stdin().is_terminal() && stdout().is_terminal() && !is_dumb() {
        return Ok(());
    }
    Err(Failure {
        exit: Exit::Usage,
        why: Safe::literal(
            "the console needs a terminal; the verbs list, show, unassign and take do not (handback --help)",
        ),
    })
}

/// The seam to the console's runtime, which takes everything a connection holds.
async fn open(connection: Connection) -> Outcome {
    let me = connection.desk.me().await?;
    Err(Failure {
        exit: Exit::Usage,
        why: say!(
            "signed in as {}, but this build has no console; see handback --help",
            me.user.name
        ),
    })
}

/// R16: a terminal that can do nothing.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}
