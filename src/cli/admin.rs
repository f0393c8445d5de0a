//! `handback admin`: the team of a desk, its tokens, its database and its history. These work on the database itself; a desk that is
//! running hears of what they change within a second.

mod apply;
mod audit;
mod backup;
mod dump;
mod erase;
mod lasting;
mod migrate;
mod outbox;
mod restore;
mod status;
mod token;

use clap::{Args, Subcommand};

use super::{
    Outcome,
    exit::{Exit, Failure},
};
use crate::server::store::StoreError;

/// Look after a desk: its team, its tokens, how it is doing, its backups and its history
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
    Status(status::Status),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Migrate(migrate::Migrate),
    Outbox(outbox::Outbox),
    Erase(erase::Erase),
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
        AdminVerb::Status(verb) => status::run(verb).await,
        AdminVerb::Backup(verb) => backup::run(verb).await,
        AdminVerb::Restore(verb) => restore::run(verb).await,
        AdminVerb::Migrate(verb) => migrate::run(verb).await,
        AdminVerb::Outbox(verb) => outbox::run(verb).await,
        AdminVerb::Erase(verb) => erase::run(verb).await,
        AdminVerb::Audit(verb) => audit::run(verb).await,
    }
}

fn failed(error: StoreError) -> Failure {
    Failure::new(Exit::Unreachable, error)
}
