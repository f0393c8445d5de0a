//! `handback admin audit`: whether the history is what was written (R37).

use clap::Args;

use super::super::{
    Outcome,
    database::Database,
    exit::{Exit, Failure},
    print::Out,
    words,
};
use crate::{say, server::store::Seal};

/// Read the whole history, and say whether its chain of seals holds
///
/// Prints the newest seal: note it outside the database (in a ticket, on paper), and hand it in the next time. Without
/// that, whoever can write the whole database could have made the chain anew.
#[derive(Clone, Debug, Args)]
pub(super) struct Audit {
    /// A seal that an earlier audit printed: the history has to go through it
    #[arg(long, value_name = "LINE:SEAL")]
    noted: Option<Seal>,
    #[command(flatten)]
    database: Database,
}

pub(super) async fn run(verb: &Audit) -> Outcome {
    let (store, _) = verb.database.open("admin audit").await?;
    let audit = store.audit(verb.noted.as_ref()).await;
    store.close().await;
    let audit = audit.map_err(super::failed)?;
    if let Some(broken) = &audit.broken {
        let (line, why, good) = (broken.line, broken.why, audit.holds_to.line);
        let why = format!(
            "the history is not what was written: line {line}: {why}; all before it, {good} lines, hold"
        );
        return Err(Failure::new(Exit::Refused, why));
    }
    let mut out = Out::stdout();
    let lines = audit.holds_to.line;
    let all = words::many(lines.unsigned_abs(), "line");
    let erased = match audit.erased {
        0 => String::new(),
        some => format!("; the words of {some} were erased"),
    };
    out.text(&say!("{all}, all as they were written{erased}"))?;
    if lines > 0 {
        let seal = audit.holds_to.to_string();
        out.text(&say!(
            "note this outside the database, for the next --noted:"
        ))?;
        out.text(&crate::domain::text::Safe::line(&seal))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}
