//! `/v1/statuses`: the business tags one can set (S3).

use axum::{Json, extract::State};

use super::{present, session::Caller, world::World};
use crate::wire::people::{Status, Statuses};

/// Those of the caller's organisation and of those above it, by name. Where two of them have one of the same name, it
/// is the nearer one's.
pub(crate) async fn list(State(_): State<World>, caller: Caller) -> Json<Statuses> {
    let team = &caller.directory.team;
    let home = &caller.person.organisation;
    let screen = caller.person.permissions.conversations;
    let theirs = team.statuses.iter();
    let theirs = theirs.filter(|(of, _)| screen && team.tree.covers(of, home));
    let nearest = theirs.clone().filter(|(of, name)| {
        let mut others = theirs.clone();
        !others.any(|(other, same)| same == name && team.tree.above(of, other))
    });
    let mut items: Vec<_> = nearest
        .map(|(of, name)| Status {
            name: name.clone(),
            organisation: present::organisation(&caller.directory, of),
        })
        .collect();
    items.sort_by(|a, b| a.name.cmp(&b.name));
    Json(Statuses { items })
}
