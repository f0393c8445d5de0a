//! `/v1/queues`: where the caller works.

use std::collections::HashMap;

use axum::{Json, extract::State};

use super::{ask::Params, error::Answer, present, session::Caller, world::World};
use crate::wire::{
    conversation::Named,
    people::{Queue, Queues},
};

/// The queues the caller has access to, by name; deleted ones are not there.
pub(crate) async fn list(
    State(world): State<World>,
    caller: Caller,
    _: Params,
) -> Answer<Json<Queues>> {
    let (directory, person) = (&caller.directory, &caller.person);
    let mut items = Vec::new();
    if person.permissions.conversations {
        let (_, counts, _) = world.store.counts(person).await?;
        let counts: HashMap<_, _> = counts.into_iter().collect();
        for queue in directory.team.queues.values() {
            if queue.deleted || !directory.team.has_access(person, queue) {
                continue;
            }
            let Named { id, name } = present::queue(directory, &queue.id);
            let counts = counts.get(&queue.id).copied().unwrap_or_default();
            items.push(Queue {
                id,
                name,
                owner: present::organisation(directory, &queue.owner),
                rule: queue.rule.word().to_owned(),
                on_login: queue.on_login.word().to_owned(),
                on_logout: queue.on_logout.word().to_owned(),
                max_open: queue.max_open,
                active: queue.active,
                open: counts.all,
                unassigned: counts.unassigned,
            });
        }
    }
    items.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(Json(Queues { items }))
}
