//! `handback completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Exit, Outcome, print::Out};

#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// Which shell
    shell: Shell,
}

pub(super) fn run(verb: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(verb.shell, &mut Cli::command(), "handback", &mut script);
    let mut out = Out::stdout();
    out.made(&script)?;
    out.finish()?;
    Ok(Exit::Done)
}
