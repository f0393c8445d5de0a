//! `/v1/conversations`: the list, and one conversation of it.

use axum::{Json, extract::State};

use super::{
    ask::{Params, Place},
    error::{Answer, Failure},
    parameter::Parameter,
    present,
    session::Caller,
    store::{From, ListQuery, Listed, StateFilter, View},
    world::World,
};
use crate::{
    domain::id::{ConversationId, UserId},
    wire::conversation::{Detail, Page},
};

/// How many rows a page has if nobody says.
const ROWS: u16 = 100;
/// An id that nobody has.
const NOBODY: &str = "----------------------------------------------------------------";

/// What the list takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "view",
        says: "mine, unassigned or all (the default)",
    },
    Parameter {
        name: "queue",
        says: "Only this queue, by id or name",
    },
    Parameter {
        name: "assignee",
        says: "Only what this person has, by id or username",
    },
    Parameter {
        name: "state",
        says: "open (the default), closed or any; other than open is a search",
    },
    Parameter {
        name: "search",
        says: "1: a search, which finds closed conversations and those in deleted queues",
    },
    Parameter {
        name: "q",
        says: "Only contacts that match: words of the name, or digits that begin or end the address",
    },
    Parameter {
        name: "cursor",
        says: "The `next` or `prev` of another page, or `end`",
    },
    Parameter {
        name: "around",
        says: "The page that holds this conversation",
    },
    Parameter {
        name: "limit",
        says: "How many rows at most, 1 to 500; 100 if absent",
    },
];

/// A page of the list.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    params: Params,
) -> Answer<Json<Page>> {
    let listed = match query(&caller, &params)? {
        Some(query) => world.store.list(&caller.person, &query).await?,
        // What the caller named is not there, or not theirs to know of: the same emptiness (V8).
        None => Listed {
            as_of: world.store.head().await?,
            ..Listed::default()
        },
    };
    let directory = &caller.directory;
    Ok(Json(Page {
        items: listed
            .rows
            .iter()
            .map(|stored| present::row(directory, &world.there, stored))
            .collect(),
        next: listed.next,
        prev: listed.prev,
        as_of: listed.as_of,
        counts: present::counts(listed.counts),
    }))
}

/// What is asked for; `None` if it names a queue or person that the desk does not have.
fn query(caller: &Caller, params: &Params) -> Answer<Option<ListQuery>> {
    let views = [
        ("mine", View::Mine),
        ("unassigned", View::Unassigned),
        ("all", View::All),
    ];
    let states = [
        ("open", StateFilter::Open),
        ("closed", StateFilter::Closed),
        ("any", StateFilter::Any),
    ];
    let search = params
        .word("search", &[("1", true), ("0", false)])?
        .unwrap_or(false);
    let otherwise = if search {
        StateFilter::Any
    } else {
        StateFilter::Open
    };
    let mut query = ListQuery {
        view: params.word("view", &views)?.unwrap_or_default(),
        state: params.word("state", &states)?.unwrap_or(otherwise),
        q: params.get("q").unwrap_or_default().to_owned(),
        search,
        from: from(params)?,
        limit: params.limit(ROWS)?,
        ..ListQuery::default()
    };
    if let Some(name) = params.get("queue") {
        let Some(queue) = caller.directory.queue(name) else {
            return Ok(None);
        };
        query.queue = Some(queue.id.clone());
    }
    if let Some(name) = params.get("assignee") {
        // Somebody who is not there is answered like somebody who has nothing, counts and all (V8).
        let Some(person) = assignee(caller, name) else {
            return Ok(None);
        };
        query.assignee = Some(person);
    }
    Ok(Some(query))
}

/// Who is meant; an id that nobody has if it is nobody.
fn assignee(caller: &Caller, name: &str) -> Option<UserId> {
    match caller.directory.user(name) {
        Some(person) => Some(person.id.clone()),
        None => UserId::parse(NOBODY).ok(),
    }
}

fn from(params: &Params) -> Answer<From> {
    match (params.get("cursor"), params.get("around")) {
        (None, None) => Ok(From::Start),
        (Some("end"), None) => Ok(From::End),
        (Some(cursor), None) => Ok(From::Cursor(cursor.to_owned())),
        (None, Some(id)) => ConversationId::parse(id)
            .map(From::Around)
            .map_err(|_| Failure::malformed("`around` is no conversation id.")),
        (Some(_), Some(_)) => Err(Failure::malformed(
            "`cursor` and `around` exclude each other.",
        )),
    }
}

/// One conversation.
pub(crate) async fn show(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    Place(id): Place<ConversationId>,
) -> Answer<Json<Detail>> {
    let stored = world.store.visible(&caller.person, &id).await?;
    let stored = stored.ok_or_else(Failure::not_found)?;
    let around = world.store.circumstances(&stored).await?;
    Ok(Json(Detail {
        conversation: present::row(&caller.directory, &world.there, &stored),
        actions: present::actions(&caller.directory, &caller.person, &stored, around),
    }))
}
