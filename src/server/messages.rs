//! `…/messages`: what customer and team wrote.

use axum::{Json, extract::State};

use super::{
    ask::{Params, Place, Places},
    error::{Answer, Failure},
    parameter::Parameter,
    present,
    session::Caller,
    world::World,
};
use crate::{
    domain::id::{ConversationId, MessageId},
    wire::message::{Message, Messages},
};

/// How many messages a page has if nobody says.
const MESSAGES: u16 = 50;

/// What a page of messages takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "before",
        says: "Only messages older than this one",
    },
    Parameter {
        name: "after",
        says: "Only messages newer than this one; without `before` the page begins there, and `next` leads to newer ones; `start`: from the oldest",
    },
    Parameter {
        name: "limit",
        says: "How many at most, 1 to 500; 50 if absent",
    },
];

/// A page of them, newest first.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    params: Params,
    Place(id): Place<ConversationId>,
) -> Answer<Json<Messages>> {
    let limit = params.limit(MESSAGES)?;
    visible(&world, &caller, &id).await?;
    let (before, after) = (params.get("before"), params.get("after"));
    let page = world.store.messages(&id, before, after, limit).await?;
    let shown = |message| present::message(&caller.directory, message, present::BODY_SHOWN);
    Ok(Json(Messages {
        items: page.items.iter().map(shown).collect(),
        next: page.next,
    }))
}

/// One of them, whole.
pub(crate) async fn show(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    Places(id, message): Places<ConversationId, MessageId>,
) -> Answer<Json<Message>> {
    visible(&world, &caller, &id).await?;
    let message = world.store.message(&id, &message).await?;
    let message = message.ok_or_else(Failure::not_found)?;
    Ok(Json(present::message(
        &caller.directory,
        &message,
        usize::MAX,
    )))
}

/// Goes on only if the caller may know of this conversation (V8).
pub(crate) async fn visible(world: &World, caller: &Caller, id: &ConversationId) -> Answer<()> {
    match world.store.visible(&caller.person, id).await? {
        Some(_) => Ok(()),
        None => Err(Failure::not_found()),
    }
}
