//! `POST /v1/unassign/preview`: what would move and what would stay (U7). Nothing moves, and nothing is written.

use axum::{Json, extract::State};

use super::{
    acts::{person, queue},
    ask::{JsonBody, Params},
    error::{Answer, Failure},
    present,
    session::Caller,
    store::{LOOKED_INTO, MANY, StoreError, Stored},
    world::World,
};
use crate::{
    domain::{
        action::Refusal,
        id::UserId,
        row::Activity,
        some::{Candidate, Rule, choose, handing_out},
    },
    wire::{
        act::Item,
        some::{Preview, SomeOf, Stays, Warning},
    },
};

/// Of how many that stay it is said why.
const STAYS: usize = 200;

/// What a choice would move, when the caller hands it back.
pub(crate) async fn preview(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    JsonBody { value, .. }: JsonBody<SomeOf>,
) -> Answer<Json<Preview>> {
    if value.of.is_empty() {
        return Err(Failure::malformed("`of` names nobody."));
    }
    // Somebody the desk does not have has nothing, like one whose conversations the caller does not see (V8).
    let of: Vec<UserId> = value.of.iter().map(|of| person(&caller, of)).collect();
    let held = world.store.held_by(&caller.person, &of).await;
    let held = held.map_err(|error| match error {
        StoreError::TooMany(_) => Failure::malformed(format!(
            "Together they have more than {LOOKED_INTO} conversations; name fewer people."
        )),
        other => other.into(),
    })?;
    let rule = Rule {
        queue: value.queue.as_deref().map(|named| queue(&caller, named)),
        status: value.status,
        untouched: value.untouched,
        count: value.count.map_or(MANY, |count| MANY.min(count.into())),
    };
    Ok(Json(outlook(&world, &caller, &held, &rule)))
}

fn outlook(world: &World, caller: &Caller, held: &[Stored], rule: &Rule) -> Preview {
    let (directory, team) = (&caller.directory, &caller.directory.team);
    let candidates: Vec<Candidate<'_>> = held
        .iter()
        .map(|stored| candidate(world, caller, stored))
        .collect();
    let chosen = choose(team, &caller.person, &candidates, rule);
    let row = |at: usize| present::row(directory, &world.there, &held[at]);
    let stays = |&(at, why): &(usize, Refusal)| Stays {
        conversation: row(at),
        reason: why.word().to_owned(),
        text: why.text().to_owned(),
    };
    let queues = chosen.moves.iter().map(|&at| &held[at].facts.queue);
    Preview {
        items: chosen.moves.iter().map(|&at| item(&held[at])).collect(),
        moves: chosen.moves.iter().map(|&at| row(at)).collect(),
        stays: chosen.stays.iter().take(STAYS).map(stays).collect(),
        staying: chosen.stays.len() as u64,
        warnings: handing_out(team, queues)
            .into_iter()
            .map(|queue| {
                let named = present::queue(directory, &queue.id);
                let most = match queue.max_open {
                    Some(most) => format!("at most {most} each"),
                    None => "no maximum".to_owned(),
                };
                Warning {
                    text: format!(
                        "{} gives all its unassigned to whoever signs in next ({most})",
                        named.name
                    ),
                    queue: named,
                }
            })
            .collect(),
    }
}

/// Who writes in it counts as far as they may: one who no longer sees it sends nothing.
fn candidate<'a>(world: &World, caller: &Caller, stored: &'a Stored) -> Candidate<'a> {
    let team = &caller.directory.team;
    let conversation = &stored.facts;
    let replies = |(person, what): (UserId, Activity)| {
        let person = team.people.get(&person);
        what == Activity::Replying
            && person.is_some_and(|person| team.can_see(person, &conversation.standing()))
    };
    let keeps = |assignee| world.there.keeps_draft(assignee, &conversation.id);
    Candidate {
        conversation,
        being_answered: world.there.at(&conversation.id).into_iter().any(replies),
        draft_kept: conversation.assignee.as_ref().is_some_and(keeps),
    }
}

fn item(stored: &Stored) -> Item {
    let assignee = stored.facts.assignee.as_ref();
    Item {
        id: stored.facts.id.as_str().to_owned(),
        expected_assignee: Some(assignee.map(|a| a.as_str().to_owned())),
        expected_version: Some(stored.facts.version),
    }
}
