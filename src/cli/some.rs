//! `handback some`: hand back some of somebody's, but not all (U7).

use std::collections::HashSet;

use super::{
    Exit, Failure, Global, Outcome,
    connect::connect,
    names,
    outlook::{Plan, carry_out},
};
use crate::{
    desk::{Choice, Colleague, Desk, Outlook, Presence, Trouble},
    domain::{
        id::{ConversationId, UserId},
        named::Named,
        row::Row,
        text::Safe,
    },
};

/// As many as one request may move.
const MOST: u16 = 1_000;

#[derive(Debug, clap::Args)]
pub(super) struct HandBackSome {
    /// Whose: usernames, full names or ids, or `me`
    #[arg(long, required = true, value_name = "USER", value_delimiter = ',')]
    of: Vec<String>,
    /// How many at most, else as many as the rest of this finds, up to 1000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST)))]
    count: Option<u16>,
    /// Those that wait longest; it is always so
    #[arg(long)]
    oldest: bool,
    /// Only those their assignee did nothing to since they became theirs
    #[arg(long)]
    untouched: bool,
    /// Only of this queue, by name or id
    #[arg(long, value_name = "QUEUE")]
    queue: Option<String>,
    /// Only with this status
    #[arg(long, value_name = "NAME")]
    status: Option<String>,
    /// Not this one; may be said several times
    #[arg(long, value_name = "ID")]
    keep: Vec<ConversationId>,
    /// Why, for the record and for who had them
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Give them to this person
    #[arg(long, value_name = "USER", conflicts_with = "spread")]
    to: Option<String>,
    /// Spread them over those who are signed in and can take them all
    #[arg(long)]
    spread: bool,
    /// Only say what would move and what would stay, and why
    #[arg(long)]
    dry_run: bool,
    /// JSON: {dry_run, moves, to, stays, staying, warnings, results}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &HandBackSome) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let choice = chosen(&desk, verb).await?;
    let mut outlook = desk.outlook(&choice).await?;
    keep_back(&mut outlook, &verb.keep, verb.count);
    let to = receivers(&desk, verb, &choice.of, &outlook.moves).await?;
    let plan = Plan {
        outlook,
        to,
        if_quiet: true,
        reason: verb.reason.as_deref(),
        dry_run: verb.dry_run,
        json: verb.json,
    };
    carry_out(&desk, &plan).await
}

async fn chosen(desk: &impl Desk, verb: &HandBackSome) -> Result<Choice, Failure> {
    let mut of = Vec::new();
    for name in &verb.of {
        of.push(names::person(desk, name, &[]).await?.id);
    }
    // As many more as are kept back, so that the number asked for is the number that moves.
    let kept = u16::try_from(verb.keep.len()).unwrap_or(MOST);
    Ok(Choice {
        of,
        queue: match &verb.queue {
            Some(name) => Some(names::queue(desk, name).await?.id),
            None => None,
        },
        status: match &verb.status {
            Some(name) => Some(names::status(desk, name).await?),
            None => None,
        },
        untouched: verb.untouched,
        count: verb.count.map(|count| count.saturating_add(kept).min(MOST)),
    })
}

/// Takes from what would move what is to stay, and what is then more than was asked for.
fn keep_back(outlook: &mut Outlook, keep: &[ConversationId], count: Option<u16>) {
    let (kept, mut moves): (Vec<Row>, Vec<Row>) = outlook
        .moves
        .drain(..)
        .partition(|row| keep.contains(&row.id));
    let most = count.map_or(moves.len(), usize::from).min(moves.len());
    let surplus = moves.split_off(most);
    outlook.moves = moves;
    let kept = kept.into_iter().map(|row| (row, "you keep it back"));
    let surplus = surplus
        .into_iter()
        .map(|row| (row, "more than you asked for"));
    let stays: Vec<(Row, Safe)> = kept
        .chain(surplus)
        .map(|(row, why)| (row, Safe::literal(why)))
        .collect();
    outlook.staying += stays.len() as u64;
    outlook.stays.splice(0..0, stays);
}

/// To whom they go; nobody: they are left to their queues.
async fn receivers(
    desk: &impl Desk,
    verb: &HandBackSome,
    of: &[UserId],
    moves: &[Row],
) -> Result<Vec<Named<UserId>>, Failure> {
    // Who can be given one of a queue can be given all of it that the caller may hand back.
    let mut queues = HashSet::new();
    let one_each: Vec<ConversationId> = moves
        .iter()
        .filter(|row| queues.insert(&row.queue.id))
        .map(|row| row.id.clone())
        .collect();
    if let Some(to) = &verb.to {
        return Ok(vec![names::person(desk, to, &one_each).await?]);
    }
    if !verb.spread || moves.is_empty() {
        return Ok(Vec::new());
    }
    let to = able(desk, of, &one_each).await?;
    if to.is_empty() {
        let why = "nobody else who is signed in can take all of these; narrow them with --queue";
        return Err(Failure::new(Exit::Refused, why));
    }
    Ok(to)
}

/// Those who are signed in, and can be given every one of these.
async fn able(
    desk: &impl Desk,
    of: &[UserId],
    to_have: &[ConversationId],
) -> Result<Vec<Named<UserId>>, Trouble> {
    let is_there =
        |one: &Colleague| one.presence == Presence::SignedIn && !of.contains(&one.user.id);
    let mut able: Option<Vec<Named<UserId>>> = None;
    for id in to_have {
        let people = desk.people(Some(id)).await?;
        let of_this = people.into_iter().filter(is_there).map(|one| one.user);
        able = Some(match able {
            None => of_this.collect(),
            Some(before) => of_this.filter(|one| before.contains(one)).collect(),
        });
    }
    Ok(able.unwrap_or_default())
}
