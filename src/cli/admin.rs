//! `handback admin`: the team of a desk, its tokens, and its history. These work on the database itself; a desk that is
//! running hears of what they change within a second.

mod apply;
mod audit;
mod token;

use clap::{Args, Subcommand};

use super::{
    Outcome,
    exit::{Exit, Failure},
};
use crate::server::store::StoreError;

/// Look after a desk: its team, its tokens and its history
#[derive(Clone, Debug, Args)]
pub(super) struct AdminArgs {
    #[command(subcommand)]
    verb: AdminVerb,
}

#[derive(Clone, Debug, Subcommand)]
enum AdminVerb {
    /// Make the team what a file says; as often as you like
    Apply(apply::Apply),
    Token(token::Token),
    Audit(audit::Audit),
}

/// Does it.
///
/// # Errors
/// 4 for nobody of that name, 5 for a history that was tampered with, 64 for a team file that is wrong, 69 if the
/// database is not to be had, 77 if it is another account's.
pub(super) async fn run(args: &AdminArgs) -> Outcome {
    match &args.verb {
        AdminVerb::Apply(verb) => apply::run(verb).await,
        AdminVerb::Token(verb) => token::run(verb).await,
        AdminVerb::Audit(verb) => audit::run(verb).await,
    }
}

fn failed(error: StoreError) -> Failure {
    Failure::new(Exit::Unreachable, error)
}
