//! The command line: one file a verb.
//!
//! `main` calls [`run`]. Every verb ends in an [`Exit`] or a [`Failure`]; all they say goes through [`mod@print`].

mod acting;
mod acts;
mod admin;
mod assign;
mod block;
mod close;
mod completions;
mod connect;
mod console;
mod database;
mod demo;
mod doctor;
mod exit;
mod find;
mod harden;
mod history;
mod intervene;
mod json;
mod keys;
mod list;
mod login;
mod man;
mod move_to;
mod names;
mod note;
mod outlook;
mod panic;
mod phrases;
mod print;
mod queues;
mod reopen;
mod reply;
mod serve;
mod serving;
mod settle;
mod show;
mod some;
mod status;
mod statuses;
mod take;
mod told;
mod transcript;
mod typed;
mod unassign;
mod unblock;
mod undo;
mod users;
mod variable;
mod watch;
mod when;
mod words;
mod zone;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;

pub use exit::{Exit, Failure};
pub use harden::harden;
pub use panic::report_panics;
pub use variable::{no_token, token_of_environment};

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

/// Under which heading every verb's help has [`Global`].
const WHICH_DESK: &str = "Which desk";

/// Which desk, and who we are there. No option takes a secret (R40).
#[derive(Clone, Debug, Args)]
struct Global {
    /// The desk: https://HOST, http://127.0.0.1:PORT or unix:/path/of/the.sock
    #[arg(long, global = true, help_heading = WHICH_DESK, env = "HANDBACK_DESK", value_name = "URL")]
    desk: Option<String>,
    /// A profile of the configuration
    #[arg(long, global = true, help_heading = WHICH_DESK, env = "HANDBACK_PROFILE", value_name = "NAME")]
    profile: Option<String>,
    /// A file with your token: your own, mode 0600 or 0400
    #[arg(long, global = true, help_heading = WHICH_DESK, env = "HANDBACK_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The configuration file
    #[arg(long, global = true, help_heading = WHICH_DESK, env = "HANDBACK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// What stood in the environment, and stands there no more.
    #[arg(skip)]
    token: Option<SecretString>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List conversations, those that wait longest first
    #[command(after_help = exit::table())]
    List(list::List),
    /// Find conversations by who wrote and what was written, closed ones too, newest first
    #[command(after_help = exit::table())]
    Find(find::Find),
    /// Show one conversation and its newest messages
    #[command(after_help = exit::table())]
    Show(show::Show),
    /// Tell what the team did to a conversation, notes among it
    #[command(after_help = exit::table())]
    History(history::History),
    /// Hand conversations back: nobody has them, and colleagues see them again
    #[command(after_help = exit::table())]
    Unassign(unassign::Unassign),
    /// Hand back some of somebody's, but not all: the oldest waiting first
    #[command(name = "some", after_help = exit::table())]
    HandBackSome(some::HandBackSome),
    /// Take unassigned conversations without replying
    #[command(after_help = exit::table())]
    Take(acting::Plain),
    /// Assign conversations to somebody
    #[command(after_help = exit::table())]
    Assign(assign::Assign),
    /// Put conversations into another queue, whose rule they then follow
    #[command(after_help = exit::table())]
    Move(move_to::Move),
    /// Give conversations a status, or none
    #[command(after_help = exit::table())]
    Status(status::Status),
    /// Put the contacts of conversations on the blocklist: nothing is sent to them
    #[command(after_help = exit::table())]
    Block(block::Block),
    /// Take the contacts of conversations off the blocklist
    #[command(after_help = exit::table())]
    Unblock(acting::Plain),
    /// Close conversations: off the list, and nobody's; `find` finds them
    #[command(after_help = exit::table())]
    Close(close::Close),
    /// Open closed conversations again, in the queue they were in
    #[command(after_help = exit::table())]
    Reopen(acting::Plain),
    /// End a bot's part in conversations, for good; assigns nothing
    #[command(after_help = exit::table())]
    Intervene(acting::Plain),
    /// Write down what stands on standard input for colleagues; the customer never sees it
    #[command(after_help = exit::table())]
    Note(note::Note),
    /// Answer the customer with what stands on standard input
    #[command(after_help = exit::table())]
    Reply(reply::Reply),
    /// Take back your last act, as far as nobody did anything since
    #[command(after_help = exit::table())]
    Undo(undo::Undo),
    /// Tell what you did today, and what became of it
    #[command(after_help = exit::table())]
    Acts(acts::Acts),
    /// Tell who is there, and what they have to do
    #[command(after_help = exit::table())]
    Users(users::Users),
    /// Tell which queues you work in, and their rules
    #[command(after_help = exit::table())]
    Queues(queues::Queues),
    /// Tell which statuses there are
    #[command(after_help = exit::table())]
    Statuses(statuses::Statuses),
    /// Tell which smart phrases you can answer with
    #[command(after_help = exit::table())]
    Phrases(phrases::Phrases),
    /// Write one conversation out from its beginning, as its customer saw it
    #[command(after_help = exit::table())]
    Transcript(transcript::Transcript),
    /// Print what happens, one JSON object a line; does not count as signed in
    #[command(after_help = exit::table())]
    Watch(watch::Watch),
    /// Keep a token for a desk without a socket on this host; it is asked for, checked, and for you alone
    #[command(after_help = exit::table())]
    Login,
    /// Remove what `login` kept
    #[command(after_help = exit::table())]
    Logout,
    Demo(demo::Demo),
    #[command(after_help = exit::table())]
    Doctor(doctor::Doctor),
    #[command(after_help = exit::table())]
    Serve(serve::ServeArgs),
    #[command(after_help = exit::table())]
    Admin(admin::AdminArgs),
    /// Print the console's keys as they are configured, ready to be changed in the configuration
    Keys,
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

/// Does what the command line says, and says what failed. `token`: what [`token_of_environment`] gave.
#[must_use]
pub fn run(
    arguments: impl IntoIterator<Item = std::ffi::OsString>,
    token: Option<SecretString>,
) -> Exit {
    let mut cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return misread(&error),
    };
    cli.global.token = token;
    if cli.global.token.is_some() {
        // A console says it on its screen as well, which is all that is seen of it.
        print::note(&Safe::literal(variable::WARNING));
    }
    let outcome = match cli.verb {
        None => console::run(&cli.global),
        Some(Verb::Demo(verb)) => demo::run(&cli.global, &verb),
        Some(Verb::Login) => wait_for(login::login(&cli.global)),
        Some(Verb::Logout) => wait_for(login::logout(&cli.global)),
        Some(Verb::Doctor(verb)) => wait_for(doctor::run(&cli.global, &verb)),
        Some(Verb::Serve(verb)) => serve::run(&verb),
        Some(Verb::Admin(verb)) => wait_for(admin::run(&verb)),
        Some(Verb::Completions(verb)) => completions::run(&verb),
        Some(Verb::Keys) => keys::run(&cli.global),
        Some(Verb::Man) => man::run(),
        Some(Verb::List(verb)) => wait_for(list::run(&cli.global, &verb)),
        Some(Verb::Find(verb)) => wait_for(find::run(&cli.global, &verb)),
        Some(Verb::Show(verb)) => wait_for(show::run(&cli.global, &verb)),
        Some(Verb::History(verb)) => wait_for(history::run(&cli.global, &verb)),
        Some(Verb::Unassign(verb)) => wait_for(unassign::run(&cli.global, &verb)),
        Some(Verb::HandBackSome(verb)) => wait_for(some::run(&cli.global, &verb)),
        Some(Verb::Take(verb)) => wait_for(take::run(&cli.global, &verb)),
        Some(Verb::Assign(verb)) => wait_for(assign::run(&cli.global, &verb)),
        Some(Verb::Move(verb)) => wait_for(move_to::run(&cli.global, &verb)),
        Some(Verb::Status(verb)) => wait_for(status::run(&cli.global, &verb)),
        Some(Verb::Block(verb)) => wait_for(block::run(&cli.global, &verb)),
        Some(Verb::Unblock(verb)) => wait_for(unblock::run(&cli.global, &verb)),
        Some(Verb::Close(verb)) => wait_for(close::run(&cli.global, &verb)),
        Some(Verb::Reopen(verb)) => wait_for(reopen::run(&cli.global, &verb)),
        Some(Verb::Intervene(verb)) => wait_for(intervene::run(&cli.global, &verb)),
        Some(Verb::Note(verb)) => wait_for(note::run(&cli.global, &verb)),
        Some(Verb::Reply(verb)) => wait_for(reply::run(&cli.global, &verb)),
        Some(Verb::Undo(verb)) => wait_for(undo::run(&cli.global, &verb)),
        Some(Verb::Acts(verb)) => wait_for(acts::run(&cli.global, &verb)),
        Some(Verb::Users(verb)) => wait_for(users::run(&cli.global, &verb)),
        Some(Verb::Queues(verb)) => wait_for(queues::run(&cli.global, &verb)),
        Some(Verb::Statuses(verb)) => wait_for(statuses::run(&cli.global, &verb)),
        Some(Verb::Phrases(verb)) => wait_for(phrases::run(&cli.global, &verb)),
        Some(Verb::Transcript(verb)) => wait_for(transcript::run(&cli.global, &verb)),
        Some(Verb::Watch(verb)) => wait_for(watch::run(&cli.global, &verb)),
    };
    outcome.unwrap_or_else(|failure| {
        print::note(&failure.why);
        failure.exit
    })
}

/// Runs a verb to its end on this thread: one is enough for whoever asks one thing at a time.
fn wait_for(verb: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::new(Exit::Unreachable, error))?;
    Unwaited(Some(runtime)).run(verb)
}

/// A runtime that ends with what it was for, also by a panic, and waits for nothing that is still under way elsewhere:
/// a host's name is looked up for as long as a dead network likes (R10, R11).
struct Unwaited(Option<tokio::runtime::Runtime>);

impl Unwaited {
    fn run(&self, verb: impl Future<Output = Outcome>) -> Outcome {
        let none = || Failure::new(Exit::Unreachable, "no runtime");
        self.0.as_ref().ok_or_else(none)?.block_on(verb)
    }
}

impl Drop for Unwaited {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Help and version are answers; the rest is a wrong command line, which ends with 64 and not with clap's 2.
fn misread(error: &clap::Error) -> Exit {
    if !error.use_stderr() {
        // Our own words. Whether they can be written changes nothing about it.
        let _ = error.print();
        return Exit::Done;
    }
    // A script hands on what others wrote, and the complaint repeats it (R1).
    print::complain(&Safe::text(&error.render().to_string()));
    Exit::Usage
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
