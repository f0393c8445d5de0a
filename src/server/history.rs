//! `…/history`: what the team did to a conversation (U9, P3).

use axum::{Json, extract::State};

use super::{
    ask::{Params, Place},
    error::{Answer, Failure},
    messages::visible,
    parameter::Parameter,
    present,
    session::Caller,
    world::World,
};
use crate::{domain::id::ConversationId, wire::message::History};

/// How many items a page has if nobody says.
const ITEMS: u16 = 50;

/// What a page of history takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "before",
        says: "Only what was done before this",
    },
    Parameter {
        name: "after",
        says: "What was done after this, from there on: `next` then leads to what was done later; `start`: from the beginning",
    },
    Parameter {
        name: "limit",
        says: "How many at most, 1 to 500; 50 if absent",
    },
];

/// A page of it, newest first.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    params: Params,
    Place(id): Place<ConversationId>,
) -> Answer<Json<History>> {
    let limit = params.limit(ITEMS)?;
    visible(&world, &caller, &id).await?;
    let page = match (params.get("before"), params.get("after")) {
        (before, None) => world.store.history(&id, before, limit).await?,
        (None, Some(after)) => world.store.history_after(&id, after, limit).await?,
        (Some(_), Some(_)) => {
            return Err(Failure::malformed(
                "`before` and `after` exclude each other.",
            ));
        }
    };
    let shown = |item| present::history(&caller.directory, item);
    Ok(Json(History {
        items: page.items.into_iter().map(shown).collect(),
        next: page.next,
    }))
}
