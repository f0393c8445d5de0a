//! `handback admin`: the team of a desk, and its tokens. These work on the database itself; a desk that is
//! running hears of it within a second.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use secrecy::ExposeSecret;

use super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
};
use crate::{
    domain::text::Safe,
    server::store::{StoreError, TeamFile},
};

/// Look after a desk: its team and its tokens
#[derive(Clone, Debug, Args)]
pub(super) struct AdminArgs {
    #[command(subcommand)]
    verb: AdminVerb,
}

#[derive(Clone, Debug, Subcommand)]
enum AdminVerb {
    /// Make the team what a file says; as often as you like
    Apply(Apply),
    /// Make a token for somebody, and print it: once, alone, on standard output
    Token(Token),
}

#[derive(Clone, Debug, Args)]
struct Apply {
    /// The team file
    file: PathBuf,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Debug, Args)]
struct Token {
    /// Whose: a user's id or username
    user: String,
    #[command(flatten)]
    database: Database,
}

/// Does it.
///
/// # Errors
/// 4 for nobody of that name, 64 for a team file that is wrong, 69 if the database is not to be had, 77 if it
/// is another account's.
pub(super) async fn run(args: &AdminArgs) -> Outcome {
    match &args.verb {
        AdminVerb::Apply(verb) => apply(verb).await,
        AdminVerb::Token(verb) => token(verb).await,
    }
}

async fn apply(verb: &Apply) -> Outcome {
    let name = verb.file.display().to_string();
    let text = std::fs::read_to_string(&verb.file)
        .map_err(|why| Failure::new(Exit::Usage, format_args!("{name}: {why}")))?;
    let team = TeamFile::parse(&name, &text).map_err(|why| Failure::new(Exit::Usage, why))?;
    let command = format!("admin apply {name}");
    let (store, _) = verb.database.open(&command).await?;
    let differences = store
        .apply_team(&team, verb.dry_run)
        .await
        .map_err(failed)?;
    store.close().await;
    let mut out = Out::stdout();
    for one in &differences {
        let line = format!("{} {}: {}", one.kind, one.name, one.change);
        out.text(&Safe::line(&line))?;
    }
    if differences.is_empty() {
        out.text(&Safe::literal("nothing to change"))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

async fn token(verb: &Token) -> Outcome {
    let command = format!("admin token {}", verb.user);
    let (store, _) = verb.database.open(&command).await?;
    let directory = store.directory();
    let Some(person) = directory.user(&verb.user) else {
        let why = format!("this desk has no user {:?}", verb.user);
        return Err(Failure::new(Exit::NotFound, why));
    };
    let token = store.new_token(&person.id, None).await.map_err(failed)?;
    store.close().await;
    let mut out = Out::stdout();
    out.made(format!("{}\n", token.expose_secret()).as_bytes())?;
    out.finish()?;
    Ok(Exit::Done)
}

fn failed(error: StoreError) -> Failure {
    Failure::new(Exit::Unreachable, error)
}
