//! Handing back some, or all.

use serde::Serialize;

use super::{Outcome, Row, outcome, row};
use crate::{
    cli::settle::Settled,
    desk::Outlook,
    domain::{named::Named, text::Safe},
};

/// What `some` and `unassign --all` print with `--json`.
#[derive(Serialize)]
pub(in crate::cli) struct Plan {
    /// Nothing has moved.
    dry_run: bool,
    moves: Vec<Row>,
    /// To whom; nobody: they are left to their queues.
    to: Vec<super::Named>,
    stays: Vec<Stays>,
    staying: u64,
    warnings: Vec<String>,
    /// What came of each of `moves`; none in a dry run.
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Stays {
    conversation: Row,
    text: String,
}

impl Plan {
    /// `results`: `None` in a dry run.
    pub(in crate::cli) fn new<Id: ToString>(
        outlook: &Outlook,
        to: &[Named<Id>],
        results: Option<&[Settled]>,
    ) -> Self {
        let stays = |(of, why): &(crate::domain::row::Row, Safe)| Stays {
            conversation: row(of),
            text: why.to_string(),
        };
        Self {
            dry_run: results.is_none(),
            moves: outlook.moves.iter().map(row).collect(),
            to: to.iter().map(super::named).collect(),
            stays: outlook.stays.iter().map(stays).collect(),
            staying: outlook.staying,
            warnings: outlook.warnings.iter().map(Safe::to_string).collect(),
            results: results.unwrap_or_default().iter().map(outcome).collect(),
        }
    }
}
