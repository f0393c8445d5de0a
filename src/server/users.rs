//! `/v1/users`: whom the caller may know of.

use axum::{Json, extract::State};

use super::{ask::Params, error::Answer, present, session::Caller, world::World};
use crate::wire::{
    Time,
    conversation::Named,
    people::{User, Users},
};

/// The people of the caller's organisation and of those below it, by name; not those who left.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    _: Params,
) -> Answer<Json<Users>> {
    let (directory, person) = (&caller.directory, &caller.person);
    let mut items = Vec::new();
    if person.permissions.conversations {
        let loads = world.store.loads(person).await?;
        for one in directory.team.people.values() {
            if one.suspended
                || !directory
                    .team
                    .tree
                    .covers(&person.organisation, &one.organisation)
            {
                continue;
            }
            let Named { id, name } = present::user(directory, &one.id);
            let username = directory
                .users
                .get(&one.id)
                .map_or(id.as_str(), |u| &u.username);
            let load = loads.get(&one.id).copied().unwrap_or_default();
            items.push(User {
                username: username.to_owned(),
                id,
                name,
                organisation: present::organisation(directory, &one.organisation),
                signed_in: world.consoles.signed_in(&one.id),
                away: false,
                since: None,
                replying: 0,
                drafts: 0,
                last_action: None,
                open: load.open,
                unanswered: load.unanswered,
                oldest_waiting: load.oldest_waiting.map(Time),
            });
        }
    }
    items.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(Json(Users { items }))
}
