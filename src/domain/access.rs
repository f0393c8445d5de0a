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
}

impl Team {
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

    /// Whether a conversation may be given back to `person` by an undo: they still work here and still
    /// have access to the queue (U6, Q10).
    #[must_use]
    pub fn can_hold(&self, person: &Person, queue: &QueueId) -> bool {
        !person.suspended
            && person.permissions.conversations
            && self
                .queues
                .get(queue)
                .is_some_and(|q| self.has_access(person, q))
    }

    /// Stands above an organisation (V3), or is an administrator of it (V4).
    fn leads(&self, viewer: &Person, organisation: &OrganisationId) -> bool {
        self.tree.above(&viewer.organisation, organisation)
            || (viewer.permissions.admin && viewer.organisation == *organisation)
    }
}
