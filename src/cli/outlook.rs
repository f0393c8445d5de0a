//! Many at once, looked at before they move (U7): what would move, what stays and why, what came of it.

use super::{
    Exit, Outcome, json,
    print::{Out, Unwritten},
    settle::{Item, Settled, together},
    told::{Tried, tell, way_back, worst},
    words,
};
use crate::{
    desk::{Desk, ManyDeed, Outlook},
    domain::{
        action::{Action, Expectation},
        id::UserId,
        named::Named,
        row::Row,
        text::Safe,
    },
    say,
};

/// What is to be done with what is looked at.
pub(super) struct Plan<'a> {
    /// What moves, what stays.
    pub(super) outlook: Outlook,
    /// To whom it goes, in turn; nobody: it is left to its queues.
    pub(super) to: Vec<Named<UserId>>,
    /// Leave alone what anything happened to since it was looked at.
    pub(super) if_quiet: bool,
    /// Why, for the record.
    pub(super) reason: Option<&'a str>,
    /// Only look.
    pub(super) dry_run: bool,
    /// In JSON.
    pub(super) json: bool,
}

/// Says what would move, or moves exactly that: the ids and versions that were looked at, never the rule again.
pub(super) async fn carry_out(desk: &impl Desk, plan: &Plan<'_>) -> Outcome {
    let me = desk.me().await?.user.id;
    let results = match plan.dry_run {
        true => None,
        false => Some(moved(desk, plan).await),
    };
    let results = results.as_deref();
    let mut out = Out::stdout();
    if plan.json {
        out.json(&json::Plan::new(&plan.outlook, &plan.to, results))?;
    } else {
        for line in lines(plan, results, &me) {
            out.text(&line)?;
        }
    }
    out.finish()
        .map_err(Unwritten::into)
        .map(|()| results.map_or(Exit::Done, worst))
}

async fn moved(desk: &impl Desk, plan: &Plan<'_>) -> Vec<Settled> {
    let item =
        |row: &Row| -> Item { (row.id.clone(), Expectation::seen(row.holder(), row.version)) };
    let items: Vec<Item> = plan.outlook.moves.iter().map(item).collect();
    let to: Vec<UserId> = plan.to.iter().map(|one| one.id.clone()).collect();
    let deed = match to.is_empty() {
        true => ManyDeed::Unassign,
        false => ManyDeed::Assign(to),
    };
    together(desk, &deed, &items, plan.reason, plan.if_quiet).await
}

fn lines(plan: &Plan<'_>, results: Option<&[Settled]>, me: &UserId) -> Vec<Safe> {
    let Outlook {
        moves,
        stays,
        staying,
        warnings,
    } = &plan.outlook;
    let now = words::now();
    let mut lines = Vec::new();
    match results {
        _ if moves.is_empty() => lines.push(Safe::literal("Nothing to hand back")),
        None => {
            lines.push(heading(moves.len(), &plan.to));
            lines.extend(
                moves
                    .iter()
                    .map(|row| say!("  {}", words::row(row, me, now))),
            );
        }
        Some(results) => {
            let action = if plan.to.is_empty() {
                Action::Unassign
            } else {
                Action::Assign
            };
            lines.extend(results.iter().map(|one| tell(one, Tried::Act(action), me)));
        }
    }
    if *staying > 0 {
        lines.push(say!("Stay, {staying}:"));
    }
    let stay = |(row, why): &(Row, Safe)| say!("  {}  {}: {why}", row.id, row.contact.shown());
    lines.extend(stays.iter().map(stay));
    let unnamed = staying.saturating_sub(stays.len() as u64);
    if unnamed > 0 {
        lines.push(say!("  and {unnamed} more"));
    }
    lines.extend(warnings.iter().map(|warning| say!("! {warning}")));
    match results {
        None => lines.push(Safe::literal("Nothing has moved yet")),
        Some(results) => lines.extend(way_back(results)),
    }
    lines
}

fn heading(count: usize, to: &[Named<UserId>]) -> Safe {
    let names: Vec<&str> = to.iter().map(|one| one.name.as_str()).collect();
    match names[..] {
        [] => say!("Would hand back {count}:"),
        [one] => say!("Would give {count} to {one}:"),
        _ => say!("Would spread {count} over {}:", names.join(", ")),
    }
}
