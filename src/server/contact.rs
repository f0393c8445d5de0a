//! `…/contact`: what is known of a conversation's contact (P3).

use axum::{Json, extract::State};

use super::{
    ask::{Params, Place},
    error::{Answer, Failure},
    present,
    session::Caller,
    world::World,
};
use crate::{
    domain::id::ConversationId,
    wire::{
        Time,
        contact::{Blocking, Known},
    },
};

/// How many other conversations of a contact are told.
const OTHERS: usize = 20;

/// What the caller may know of it.
pub(crate) async fn show(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    Place(id): Place<ConversationId>,
) -> Answer<Json<Known>> {
    let known = world.store.known(&caller.person, &id).await?;
    let known = known.ok_or_else(Failure::not_found)?;
    let directory = &caller.directory;
    let others = known.others.iter().take(OTHERS);
    Ok(Json(Known {
        began: Time(known.began),
        first_seen: Time(known.first_seen),
        count: known.others.len() as u64,
        others: others
            .map(|other| present::row(directory, &world.there, other))
            .collect(),
        blocked: known.blocked.map(|blocked| Blocking {
            at: Time(blocked.at),
            until: blocked.until.map(Time),
            by: blocked.by.map(|by| present::user(directory, &by)),
        }),
    }))
}
