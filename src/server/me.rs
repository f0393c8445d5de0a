//! `/v1/me`: who asks, and what this desk can do.

use axum::{Json, extract::State};

use super::{error::Answer, present, session::Caller, world::World};
use crate::{
    domain::action::Action,
    wire::{Time, conversation::Named, people::Me, presence::Lost},
};

/// What else it does beyond what every desk must.
const BEYOND: [&str; 3] = ["many", "undo", "inbound"];

pub(crate) async fn show(State(world): State<World>, caller: Caller) -> Answer<Json<Me>> {
    let (directory, person) = (&caller.directory, &caller.person);
    let Named { id, name } = present::user(directory, &person.id);
    let username = directory
        .users
        .get(&person.id)
        .map_or(id.as_str(), |u| &u.username);
    let permissions = person.permissions.named().into_iter();
    let actions = Action::ALL.iter().map(|action| action.word());
    let parting = world.store.parting(&person.id).await?;
    Ok(Json(Me {
        username: username.to_owned(),
        user: Named { id, name },
        organisation: present::organisation(directory, &person.organisation),
        permissions: permissions
            .filter(|(_, on)| *on)
            .map(|(name, _)| name.to_owned())
            .collect(),
        capabilities: actions.chain(BEYOND).map(str::to_owned).collect(),
        desk_version: env!("CARGO_PKG_VERSION").to_owned(),
        desk: directory.desk.clone(),
        left_at: parting.left_at.map(Time),
        lost: parting.lost.map(|lost| Lost {
            operation: lost.operation.as_str().to_owned(),
            count: lost.count,
            at: Time(lost.at),
            until: Time(lost.until),
        }),
        banner: world.banner.clone(),
    }))
}
