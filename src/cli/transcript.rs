//! `handback transcript`: one conversation from its beginning (T1).

use std::{ops::ControlFlow, path::PathBuf};

use super::{Exit, Failure, Global, Outcome, connect::connect, print::Out};
use crate::{
    console::export::{Export, NotExported, write},
    desk::{self, Desk},
    domain::id::ConversationId,
    say,
};

#[derive(Debug, clap::Args)]
pub(super) struct Transcript {
    /// The conversation's id
    id: ConversationId,
    /// In which form
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// With the team's notes and who of us wrote what, which the customer never sees
    #[arg(long)]
    notes: bool,
    /// Into this file, which only you can read; standard output if absent
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Over the file that is there
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    #[default]
    Markdown,
    Text,
    Json,
}

pub(super) async fn run(global: &Global, verb: &Transcript) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let of = desk::Transcript {
        conversation: verb.id.clone(),
        form: match verb.format {
            Format::Markdown => desk::Form::Markdown,
            Format::Text => desk::Form::Text,
            Format::Json => desk::Form::Json,
        },
        notes: verb.notes,
    };
    if let Some(file) = &verb.output {
        let export = Export {
            of,
            file: file.clone(),
            overwrite: verb.force,
        };
        return match write(&desk, &export).await {
            Ok(()) => Ok(Exit::Done),
            Err(NotExported::Trouble(trouble)) => Err(trouble.into()),
            Err(NotExported::Exists) => Err(Failure {
                exit: Exit::Usage,
                why: say!(
                    "{} is there already: --force writes over it",
                    file.display()
                ),
            }),
            Err(NotExported::Unwritten(why)) => Err(Failure {
                exit: Exit::Secrets,
                why: say!("{} was not written: {why}", file.display()),
            }),
        };
    }
    let mut out = Out::as_it_comes();
    let mut unwritten = None;
    let take = |line| match out.text(&line) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            unwritten = Some(error);
            ControlFlow::Break(())
        }
    };
    desk.transcript(&of, take).await?;
    if let Some(error) = unwritten {
        return Err(error.into());
    }
    out.finish()?;
    Ok(Exit::Done)
}
