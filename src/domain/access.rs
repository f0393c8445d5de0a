//! Who sees what, and who may hand it back (V1–V8, U2).

use std::collections::HashMap;

use super::{
    conversation::Standing,
    id::{OrganisationId, QueueId, UserId},
    organisation::Tree,
    person::Person,
    queue::Queue,
};

/// Everybody and everything that visibility depends on: the organisations, people and queues of a desk.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// The organisations.
    pub tree: Tree,
    /// The people, by id; those who left stay as suspended ones.
    pub people: HashMap<UserId, Person>,
    /// The queues, by id, deleted ones among them.
    pub queues: HashMap<QueueId, Queue>,
    /// The business tags, each with the organisation it is of; those below have them too (S3).
    pub statuses: Vec<(OrganisationId, String)>,
}

impl Team {
    /// The person as this team has them: who asked may have been read from an older one.
    #[must_use]
    pub fn as_now<'a>(&'a self, person: &'a Person) -> &'a Person {
        self.people.get(&person.id).unwrap_or(person)
    }

    /// `has_access(v, q)`: the queue's owner or one of its teams is the viewer's organisation or below it.
    /// A team's children have none.
    #[must_use]
    pub fn has_access(&self, viewer: &Person, queue: &Queue) -> bool {
        self.tree.covers(&viewer.organisation, &queue.owner)
            || queue
                .teams
                .iter()
                .any(|team| self.tree.covers(&viewer.organisation, team))
    }

    /// `can_see(v, c)`: whether the viewer may know that a conversation of this standing exists.
    ///
    /// Whether it is open plays no part: closed ones are in no list, but search finds them under the
    /// same rules (V7). A queue or assignee the team does not know is seen by nobody but its assignee.
    #[must_use]
    pub fn can_see(&self, viewer: &Person, standing: &Standing) -> bool {
        if !viewer.permissions.conversations || viewer.suspended {
            return false; // V6
        }
        let Some(assignee) = &standing.assignee else {
            return self
                .queues
                .get(&standing.queue)
                .is_some_and(|q| self.has_access(viewer, q)); // V2
        };
        if *assignee == viewer.id {
            return true;
        }
        let (Some(queue), Some(assignee)) =
            (self.queues.get(&standing.queue), self.people.get(assignee))
        else {
            return false;
        };
        let theirs = &assignee.organisation;
        self.has_access(viewer, queue)
            && (self.leads(viewer, theirs)
                || (viewer.organisation == queue.owner && viewer.organisation != *theirs)) // V5
    }

    /// `can_unassign(v, c)`: whether the viewer may hand this conversation back (U2). False if nobody has it.
    #[must_use]
    pub fn can_unassign(&self, viewer: &Person, standing: &Standing) -> bool {
        let Some(assignee) = &standing.assignee else {
            return false;
        };
        self.can_see(viewer, standing)
            && (*assignee == viewer.id
                || self
                    .people
                    .get(assignee)
                    .is_some_and(|a| self.leads(viewer, &a.organisation)))
    }

    /// `can_assign(v, c, u)`: whether the viewer may make `to` its assignee (A6). That the viewer sees the
    /// conversation is asked before.
    #[must_use]
    pub fn can_assign(&self, viewer: &Person, standing: &Standing, to: &Person) -> bool {
        self.can_hold(to, &standing.queue)
            && match standing.assignee {
                None => to.id == viewer.id || self.leads(viewer, &to.organisation),
                Some(_) => self.can_unassign(viewer, standing),
            }
    }

    /// Whether the viewer's organisation has this status, of its own or from above (S3).
    #[must_use]
    pub fn has_status(&self, viewer: &Person, status: &str) -> bool {
        let mut statuses = self.statuses.iter();
        statuses.any(|(of, name)| name == status && self.tree.covers(of, &viewer.organisation))
    }

    /// Whether a conversation of this queue may be `person`'s: they work here, have the screen and access to the
    /// queue (A6, U6, Q10).
    #[must_use]
    pub fn can_hold(&self, person: &Person, queue: &QueueId) -> bool {
        !person.suspended
            && person.permissions.conversations
            && self
                .queues
                .get(queue)
                .is_some_and(|q| self.has_access(person, q))
    }

    /// Whether the viewer stands above an organisation (V3), or is an administrator of it (V4).
    #[must_use]
    pub fn leads(&self, viewer: &Person, organisation: &OrganisationId) -> bool {
        self.tree.above(&viewer.organisation, organisation)
            || (viewer.permissions.admin && viewer.organisation == *organisation)
    }
}
