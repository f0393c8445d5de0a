//! `GET /v1/acts`: what was done, and what became of it (U7, U9).

use axum::{Json, extract::State};

use super::{
    ask::Params,
    error::{Answer, Failure},
    parameter::Parameter,
    present,
    session::Caller,
    store::{self, ActsQuery},
    world::World,
};
use crate::{
    domain::{fate::Passing, id::UserId, moment::Moment, person::Person},
    wire::{
        Time,
        fate::{Acts, Done, Fate},
    },
};

/// What the call takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "by",
        says: "Who did it, by id, username or `me`; the caller if neither this nor `of` is said",
    },
    Parameter {
        name: "of",
        says: "Whose it was until somebody else did it, by id, username or `me`",
    },
    Parameter {
        name: "since",
        says: "Since when; absent: as long as acts are kept, three days",
    },
];

/// The acts of one person, or on what was one's, newest first.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    params: Params,
) -> Answer<Json<Acts>> {
    let query = query(&caller, &params)?;
    if !caller.person.permissions.conversations {
        return Ok(Json(Acts::default())); // V6
    }
    let acts = world.store.acts(&caller.person, &query).await?;
    Ok(Json(Acts {
        items: acts
            .into_iter()
            .map(|act| done(&world, &caller, act))
            .collect(),
    }))
}

fn query(caller: &Caller, params: &Params) -> Answer<ActsQuery> {
    let named = |name: &str| {
        params
            .get(name)
            .map(|who| someone(caller, who).ok_or_else(Failure::not_found))
            .transpose()
    };
    let (by, of) = match (named("by")?, named("of")?) {
        (None, None) => (Some(&caller.person), None),
        named => named,
    };
    // What was done to one's own is one's to know, whoever did it; and so for both.
    if ![by, of]
        .into_iter()
        .flatten()
        .any(|who| may_ask(caller, who))
    {
        return Err(Failure::not_found());
    }
    let id = |person: Option<&Person>| person.map(|person| person.id.clone());
    Ok(ActsQuery {
        by: id(by),
        of: id(of),
        since: since(params)?,
    })
}

fn someone<'a>(caller: &'a Caller, named: &str) -> Option<&'a Person> {
    let known = caller.directory.user(named);
    known.or_else(|| (named == "me").then_some(&caller.person))
}

/// One's own acts, and those of people one stands above or administers. Anybody else is as little there as somebody
/// the desk does not have (V8).
fn may_ask(caller: &Caller, about: &Person) -> bool {
    let team = &caller.directory.team;
    about.id == caller.person.id || team.leads(&caller.person, &about.organisation)
}

fn since(params: &Params) -> Answer<Moment> {
    let Some(text) = params.get("since") else {
        return Ok(Moment(0));
    };
    let time = serde_json::from_value::<Time>(text.into());
    time.map(|time| time.0)
        .map_err(|_| Failure::malformed("`since` is no RFC 3339 time."))
}

fn done(world: &World, caller: &Caller, act: store::Done) -> Done {
    let directory = &caller.directory;
    let named = |id: &UserId| present::user(directory, id);
    let fate = |fate: &store::Fate| {
        let first = fate.first.as_ref();
        Fate {
            conversation: present::row(directory, &world.there, &fate.conversation),
            became: fate.became.word().to_owned(),
            to: first.map(|Passing { to, .. }| named(to)),
            at: first.and_then(|first| first.at).map(Time),
            cause: first
                .and_then(|first| first.cause)
                .map(|cause| cause.word().to_owned()),
        }
    };
    Done {
        operation: act.operation.as_str().to_owned(),
        at: Time(act.at),
        action: act.action.word().to_owned(),
        by: act.by.as_ref().map(named),
        cause: act.cause.map(|cause| cause.word().to_owned()),
        of: act.of.iter().map(named).collect(),
        reason: act.reason,
        line_lost: act.line_lost,
        undone: act.undone,
        count: act.count,
        conversations: act.fates.iter().map(fate).collect(),
    }
}
