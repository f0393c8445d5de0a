//! `/v1/blocklist`: whom nothing is sent to (S5).

use axum::{Json, extract::State};

use super::{error::Answer, present, session::Caller, world::World};
use crate::wire::{
    Time,
    people::{Blocked, Blocklist},
};

/// The contacts on the lists of the organisations the caller works for, by owner, channel and address; not those
/// whose time has passed.
pub(crate) async fn list(State(world): State<World>, caller: Caller) -> Answer<Json<Blocklist>> {
    let directory = &caller.directory;
    let blocked = world.store.blocklist(&caller.person).await?;
    let items = blocked.into_iter().map(|one| Blocked {
        owner: present::organisation(directory, &one.owner),
        channel: one.channel,
        address: one.address,
        at: Time(one.at),
        until: one.until.map(Time),
        by: one.by.map(|by| present::user(directory, &by)),
    });
    Ok(Json(Blocklist {
        items: items.collect(),
    }))
}
