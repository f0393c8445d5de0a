//! The command line: one file a verb.
//!
//! `main` calls [`run`]. Every verb ends in an [`Exit`] or a [`Failure`]; all they say goes through [`mod@print`].

mod admin;
mod completions;
mod connect;
mod console;
mod database;
mod demo;
mod exit;
mod harden;
mod json;
mod list;
mod man;
mod panic;
mod print;
mod reply;
mod serve;
mod settle;
mod show;
mod take;
mod unassign;
mod words;
mod zone;

use std::{io, path::PathBuf};

use clap::{Args, Parser, Subcommand};

pub use exit::{Exit, Failure};
pub use harden::harden;
pub use panic::report_panics;

use crate::domain::text::Safe;

/// Support advisors' console: hand a conversation back, so that colleagues see it again.
///
/// Without a verb it opens the console on your desk.
#[derive(Debug, Parser)]
#[command(name = "handback", version, max_term_width = 100, after_help = exit::table(), after_long_help = exit::table())]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// Which desk, and who we are there. No option takes a secret (R40).
#[derive(Clone, Debug, Args)]
struct Global {
    /// The desk: https://HOST, http://127.0.0.1:PORT or unix:/path/of/the.sock
    #[arg(long, global = true, env = "HANDBACK_DESK", value_name = "URL")]
    desk: Option<String>,
    /// A profile of the configuration
    #[arg(long, global = true, env = "HANDBACK_PROFILE", value_name = "NAME")]
    profile: Option<String>,
    /// A file with your token: your own, mode 0600 or 0400
    #[arg(long, global = true, env = "HANDBACK_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The configuration file
    #[arg(long, global = true, env = "HANDBACK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List conversations, those that wait longest first
    #[command(after_help = exit::table())]
    List(list::List),
    /// Show one conversation and its newest messages
    #[command(after_help = exit::table())]
    Show(show::Show),
    /// Hand conversations back: nobody has them, and colleagues see them again
    #[command(after_help = exit::table())]
    Unassign(unassign::Unassign),
    /// Take unassigned conversations without replying
    #[command(after_help = exit::table())]
    Take(take::Take),
    /// Answer the customer with what stands on standard input
    #[command(after_help = exit::table())]
    Reply(reply::Reply),
    Demo(demo::Demo),
    #[command(after_help = exit::table())]
    Serve(serve::ServeArgs),
    #[command(after_help = exit::table())]
    Admin(admin::AdminArgs),
    /// Print the completions for a shell
    Completions(completions::Completions),
    /// Print the manual page
    Man,
}

/// The command line as data: what it takes, for whoever writes about it.
#[must_use]
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// What a verb comes to.
type Outcome = Result<Exit, Failure>;

/// Does what the command line says, and says what failed.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return misread(&error),
    };
    warn_of_a_secret();
    let outcome = match cli.verb {
        None => console::run(&cli.global),
        Some(Verb::Demo(verb)) => demo::run(&cli.global, &verb),
        Some(Verb::Serve(verb)) => serve::run(&verb),
        Some(Verb::Admin(verb)) => wait_for(admin::run(&verb)),
        Some(Verb::Completions(verb)) => completions::run(&verb),
        Some(Verb::Man) => man::run(),
        Some(Verb::List(verb)) => wait_for(list::run(&cli.global, &verb)),
        Some(Verb::Show(verb)) => wait_for(show::run(&cli.global, &verb)),
        Some(Verb::Unassign(verb)) => wait_for(unassign::run(&cli.global, &verb)),
        Some(Verb::Take(verb)) => wait_for(take::run(&cli.global, &verb)),
        Some(Verb::Reply(verb)) => wait_for(reply::run(&cli.global, &verb)),
    };
    outcome.unwrap_or_else(|failure| {
        print::note(&failure.why);
        failure.exit
    })
}

/// Runs a verb to its end on this thread.
fn wait_for(verb: impl Future<Output = Outcome>) -> Outcome {
    runtime()
        .map_err(|error| Failure::new(Exit::Unreachable, error))?
        .block_on(verb)
}

/// One thread is enough for whoever asks one thing at a time.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Help and version are answers; the rest is a wrong command line, which ends with 64 and not with clap's 2.
fn misread(error: &clap::Error) -> Exit {
    // Whether it can be written changes nothing about it.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    }
}

/// A variable would be handed on to every child and cannot be taken out of the environment safely once it is read.
fn warn_of_a_secret() {
    if std::env::var_os("HANDBACK_TOKEN").is_some() {
        print::note(&Safe::literal(
            "HANDBACK_TOKEN is not read: every program started from here would inherit it; \
             unset it and put the token into a file of mode 0600 (HANDBACK_TOKEN_FILE)",
        ));
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_in_order() {
        Cli::command().debug_assert();
    }

    #[test]
    fn r40_no_option_takes_a_secret() {
        fn check(verb: &clap::Command) {
            for option in verb.get_arguments() {
                let name = option.get_id().as_str();
                let secret = ["token", "password", "secret", "key"]
                    .iter()
                    .any(|word| name.contains(word));
                assert!(
                    !secret || name.ends_with("_file"),
                    "{} {name}",
                    verb.get_name()
                );
            }
            verb.get_subcommands().for_each(check);
        }
        let mut command = Cli::command();
        command.build();
        check(&command);
    }
}
