//! `/v1/phrases`: the words one can answer with (SP1).

use std::cmp::Ordering;

use axum::{Json, extract::State};

use super::{present, session::Caller, world::World};
use crate::wire::people::{Phrase, Phrases};

/// Those of the caller's organisation, then those of the ones above it, the nearest first. Where two of them are found
/// by the same keywords, it is the nearer one's.
pub(crate) async fn list(State(_): State<World>, caller: Caller) -> Json<Phrases> {
    let tree = &caller.directory.team.tree;
    let home = &caller.person.organisation;
    let screen = caller.person.permissions.conversations;
    let theirs = caller.directory.phrases.iter();
    let theirs = theirs.filter(|phrase| screen && tree.covers(&phrase.organisation, home));
    let nearest = theirs.clone().filter(|phrase| {
        !theirs.clone().any(|other| {
            other.keywords == phrase.keywords
                && tree.above(&phrase.organisation, &other.organisation)
        })
    });
    let mut nearest: Vec<_> = nearest.collect();
    nearest.sort_by(|a, b| {
        // All of them are in one line of ancestors.
        let nearer = match &a.organisation {
            of if tree.above(of, &b.organisation) => Ordering::Greater,
            of if tree.above(&b.organisation, of) => Ordering::Less,
            _ => Ordering::Equal,
        };
        nearer.then_with(|| (&a.keywords, &a.body).cmp(&(&b.keywords, &b.body)))
    });
    let shown = nearest.into_iter().map(|phrase| Phrase {
        keywords: phrase.keywords.clone(),
        body: phrase.body.clone(),
        organisation: present::organisation(&caller.directory, &phrase.organisation),
    });
    Json(Phrases {
        items: shown.collect(),
    })
}
