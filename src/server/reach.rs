//! Whether a change of the team changes what one person sees: then what their console knows is void.

use super::store::Directory;
use crate::domain::{access::Team, id::OrganisationId, person::Person};

/// Whether `viewer` may see something else than before, or see it called something else, now that the team
/// is no longer `was` but `is`. Errs on the side of yes: a reset costs a refetch, a missed one a leak (R32).
pub(crate) fn changed(was: &Directory, is: &Directory, viewer: &Person) -> bool {
    let Some(now) = is.team.people.get(&viewer.id) else {
        return true;
    };
    now.organisation != viewer.organisation
        || now.permissions != viewer.permissions
        || now.suspended != viewer.suspended
        || names_changed(was, is)
        || queues_changed(&was.team, &is.team, viewer)
        || people_moved(&was.team, &is.team, viewer)
}

fn names_changed(was: &Directory, is: &Directory) -> bool {
    let renamed = was
        .users
        .iter()
        .any(|(id, user)| is.users.get(id).is_some_and(|now| now.name != user.name));
    renamed
        || was
            .queues
            .iter()
            .any(|(id, queue)| is.queues.get(id).is_some_and(|now| now.name != queue.name))
}

/// What a queue is to somebody.
fn queues_changed(was: &Team, is: &Team, viewer: &Person) -> bool {
    let relation = |team: &Team, id| {
        team.queues.get(id).map_or((false, false, false), |queue| {
            (
                team.has_access(viewer, queue),
                queue.owner == viewer.organisation,
                queue.deleted,
            )
        })
    };
    was.queues
        .keys()
        .chain(is.queues.keys())
        .any(|id| relation(was, id) != relation(is, id))
}

/// Whether anybody's conversations are now above or beside the viewer where they were not, or the reverse.
fn people_moved(was: &Team, is: &Team, viewer: &Person) -> bool {
    let relation = |team: &Team, theirs: &OrganisationId| {
        (
            team.tree.above(&viewer.organisation, theirs),
            viewer.organisation == *theirs,
        )
    };
    was.people.iter().any(|(id, person)| {
        is.people.get(id).is_some_and(|now| {
            relation(was, &person.organisation) != relation(is, &now.organisation)
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        conversation::Standing,
        id::{QueueId, UserId},
        organisation::Tree,
        person::Permissions,
        queue::{Queue, Rule, Turnover},
    };

    const ORGANISATIONS: [&str; 4] = ["root", "a", "b", "a1"];

    fn organisation(index: usize) -> OrganisationId {
        OrganisationId::parse(ORGANISATIONS[index]).unwrap()
    }

    fn directory() -> impl Strategy<Value = Directory> {
        // The parent of each is one before it, so that it is always a tree.
        let parents = (Just(None), 0..1usize, 0..2usize, 0..3usize)
            .prop_map(|(_, a, b, c): (Option<()>, _, _, _)| [a, b, c]);
        let person = (0..4usize, any::<bool>(), any::<bool>());
        let people = prop::collection::vec(person, 4);
        let queues = prop::collection::vec((0..4usize, 0..4usize, any::<bool>()), 2);
        (parents, people, queues).prop_map(|(parents, people, queues)| {
            let mut directory = Directory::default();
            let pairs = std::iter::once((organisation(0), None)).chain(
                parents
                    .iter()
                    .enumerate()
                    .map(|(i, parent)| (organisation(i + 1), Some(organisation(*parent)))),
            );
            directory.team.tree = Tree::new(pairs).unwrap();
            for (i, (of, admin, suspended)) in people.into_iter().enumerate() {
                let id = UserId::parse(&format!("u{i}")).unwrap();
                let permissions = Permissions {
                    conversations: true,
                    admin,
                    ..Permissions::default()
                };
                let person = Person {
                    id: id.clone(),
                    organisation: organisation(of),
                    permissions,
                    suspended: suspended && i > 0,
                };
                directory.team.people.insert(id, person);
            }
            for (i, (owner, team, deleted)) in queues.into_iter().enumerate() {
                let id = QueueId::parse(&format!("q{i}")).unwrap();
                let queue = Queue {
                    id: id.clone(),
                    owner: organisation(owner),
                    teams: vec![organisation(team)],
                    rule: Rule::default(),
                    on_login: Turnover::default(),
                    on_logout: Turnover::default(),
                    max_open: None,
                    active: true,
                    deleted,
                };
                directory.team.queues.insert(id, queue);
            }
            directory
        })
    }

    proptest! {
        /// R32: whoever is not told to begin anew sees exactly what they saw.
        #[test]
        fn r32_what_is_not_a_change_of_reach_changes_no_sight(was in directory(), is in directory()) {
            let viewer = was.team.people[&UserId::parse("u0").unwrap()].clone();
            if !changed(&was, &is, &viewer) {
                let now = &is.team.people[&viewer.id];
                for queue in was.team.queues.keys() {
                    for assignee in was.team.people.keys().map(|id| Some(id.clone())).chain([None]) {
                        let standing = Standing { queue: queue.clone(), assignee, open: true };
                        prop_assert_eq!(
                            was.team.can_see(&viewer, &standing),
                            is.team.can_see(now, &standing)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_team_that_only_grew_changes_nothing() {
        let mut is = Directory::default();
        let anna = Person {
            id: UserId::parse("anna").unwrap(),
            organisation: organisation(1),
            permissions: Permissions::default(),
            suspended: false,
        };
        let mut was = Directory::default();
        was.team.people.insert(anna.id.clone(), anna.clone());
        is.team.people.insert(anna.id.clone(), anna.clone());
        let ben = Person {
            id: UserId::parse("ben").unwrap(),
            ..anna.clone()
        };
        is.team.people.insert(ben.id.clone(), ben);
        assert!(!changed(&was, &is, &anna));
        is.team.people.get_mut(&anna.id).unwrap().permissions.admin = true;
        assert!(changed(&was, &is, &anna));
    }
}
