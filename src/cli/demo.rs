//! `handback demo`: a desk to try it all on.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{
    Exit, Failure, Global, Outcome, console,
    print::{self, Out},
};
use crate::{
    demo::{
        background::{self, Play},
        folder::Folder,
        join::{NoDemo, Wish, join},
    },
    domain::text::Safe,
    folders::Folders,
    say,
};

/// Look around: a desk with a team, customers, and life in it; nobody in it is real
///
/// The first demo starts the desk, others join it: open two terminals, one as Anna and one as Ben, and hand a
/// conversation back in one to see it appear in the other. It ends some seconds after the last console.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = REACH)]
pub(super) struct Demo {
    /// As whom: anna, ben, cara (administrator), dot, eli, fred, gwen (leads them all)
    #[arg(long = "as", value_name = "USER", default_value = "anna")]
    user: String,
    /// Nobody does anything but those at a console
    #[arg(long)]
    still: bool,
    /// End the demo that is running, if nobody is in it, and begin anew
    #[arg(long)]
    fresh: bool,
    /// Open no console; print what lets other verbs, or curl, reach the demo as USER
    #[arg(long, value_name = "FOR", num_args = 0..=1, require_equals = true, default_missing_value = "verbs")]
    print_desk: Option<For>,
    /// How many conversations Anna sees, for measuring
    #[arg(long, value_name = "N", hide = true)]
    size: Option<usize>,
    /// Decides who says what
    #[arg(long, value_name = "N", hide = true, default_value_t = 1)]
    seed: u64,
    /// How many milliseconds the desk waits for a console
    #[arg(long, value_name = "MS", hide = true, default_value_t = 10_000)]
    linger: u64,
    /// Be the process behind the consoles
    #[arg(long, hide = true)]
    be_the_desk: bool,
}

/// Who is to reach the demo.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum For {
    /// The verbs of handback.
    Verbs,
    /// curl, with the contract that GET /openapi.json tells.
    Curl,
}

const REACH: &str = "\
While a demo is open in another terminal:
  handback list $(handback demo --print-desk)
  handback unassign $(handback demo --print-desk --as ben) ID
  curl -s $(handback demo --print-desk=curl) http://desk/v1/conversations";

pub(super) fn run(global: &Global, verb: &Demo) -> Outcome {
    let Some(folders) = Folders::of_this_account() else {
        return Err(Failure {
            exit: Exit::Usage,
            why: Safe::literal(
                "the demo needs a folder for its socket: set XDG_RUNTIME_DIR or HOME",
            ),
        });
    };
    let folder = Folder::among(&folders.runtime());
    let play = Play {
        size: verb.size,
        still: verb.still,
        seed: verb.seed,
        linger: Duration::from_millis(verb.linger),
    };
    if verb.be_the_desk {
        return match background::run(&folder, &play) {
            Ok(()) => Ok(Exit::Done),
            Err(error) => Err(Failure::new(Exit::Unreachable, format_args!("{error:#}"))),
        };
    }
    if verb.print_desk.is_none() {
        console::needs_a_terminal()?;
    }
    let wish = Wish {
        user: verb.user.clone(),
        play,
        fresh: verb.fresh,
    };
    let _joined = join(&folder, &wish)?;
    match verb.print_desk {
        Some(reader) => tell(&folder, &verb.user, reader),
        None => {
            let done = console::run(&Global {
                desk: Some(format!("unix:{}", folder.socket().display())),
                token_file: Some(folder.token(&verb.user)),
                ..global.clone()
            })?;
            if done == Exit::Done {
                let other = if verb.user == "anna" { "ben" } else { "anna" };
                print::note(&say!(
                    "to see both sides, join from a second terminal with  handback demo --as {other}"
                ));
            }
            Ok(done)
        }
    }
}

fn tell(folder: &Folder, user: &str, reader: For) -> Outcome {
    let socket = folder.socket();
    let mut out = Out::stdout();
    out.text(&match reader {
        For::Verbs => say!(
            "--desk unix:{} --token-file {}",
            socket.display(),
            folder.token(user).display()
        ),
        For::Curl => say!(
            "--unix-socket {} -H @{}",
            socket.display(),
            folder.header(user).display()
        ),
    })?;
    out.finish()?;
    Ok(Exit::Done)
}

impl From<NoDemo> for Failure {
    fn from(error: NoDemo) -> Self {
        let exit = match error {
            NoDemo::NoSuchUser { .. } | NoDemo::Running | NoDemo::NotAlone => Exit::Usage,
            NoDemo::DidNotStart(_) | NoDemo::DoesNotEnd(_) => Exit::Unreachable,
            NoDemo::System { .. } => Exit::Secrets,
        };
        Self::new(exit, error)
    }
}
