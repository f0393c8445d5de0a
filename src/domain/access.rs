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
        let reach = || Reach::of(self, viewer, &standing.queue);
        let rank = |assignee: &UserId| Rank::of(self, viewer, assignee);
        sees(viewer, standing.assignee.as_ref(), reach, rank)
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

/// Whether a viewer sees what this person has, or nobody, by what they have to do with its queue and that person.
fn sees<'p>(
    viewer: &Person,
    assignee: Option<&'p UserId>,
    reach: impl FnOnce() -> Reach,
    rank: impl FnOnce(&'p UserId) -> Rank,
) -> bool {
    if !viewer.permissions.conversations || viewer.suspended {
        return false; // V6
    }
    let Some(assignee) = assignee else {
        return reach().access; // V2
    };
    if *assignee == viewer.id {
        return true;
    }
    let reach = reach();
    reach.access && {
        let rank = rank(assignee);
        rank.leads || (reach.own && rank.elsewhere) // V5
    }
}

/// What the viewer has to do with a queue; nothing with one the team does not know.
#[derive(Clone, Copy, Debug, Default)]
struct Reach {
    access: bool,
    /// It is the viewer's organisation's own.
    own: bool,
}

impl Reach {
    fn of(team: &Team, viewer: &Person, queue: &QueueId) -> Self {
        let queue = team.queues.get(queue);
        queue.map_or_else(Self::default, |queue| Self {
            access: team.has_access(viewer, queue),
            own: viewer.organisation == queue.owner,
        })
    }
}

/// What the viewer has to do with somebody; nothing with whom the team does not know.
#[derive(Clone, Copy, Debug, Default)]
struct Rank {
    leads: bool,
    /// They are of another organisation.
    elsewhere: bool,
}

impl Rank {
    fn of(team: &Team, viewer: &Person, person: &UserId) -> Self {
        let person = team.people.get(person);
        person.map_or_else(Self::default, |person| Self {
            leads: team.leads(viewer, &person.organisation),
            elsewhere: viewer.organisation != person.organisation,
        })
    }
}

/// [`Team::can_see`] for one viewer and many standings, best queue by queue: what it depends on is looked up once for each
/// queue and person.
#[derive(Debug)]
pub struct Onlooker<'a> {
    team: &'a Team,
    viewer: &'a Person,
    /// The last queue there was: mostly, it is the next one too.
    queue: Option<(&'a QueueId, Reach)>,
    people: HashMap<&'a UserId, Rank>,
}

impl<'a> Onlooker<'a> {
    /// This person, looking at what this team has.
    #[must_use]
    pub fn new(team: &'a Team, viewer: &'a Person) -> Self {
        Self {
            team,
            viewer,
            queue: None,
            people: HashMap::new(),
        }
    }

    /// Whether they may know that a conversation of this queue exists that this person has, or nobody.
    pub fn sees(&mut self, queue: &'a QueueId, assignee: Option<&'a UserId>) -> bool {
        let Self {
            team,
            viewer,
            queue: last,
            people,
        } = self;
        let reach = || match last {
            Some((one, reach)) if *one == queue => *reach,
            _ => last.insert((queue, Reach::of(team, viewer, queue))).1,
        };
        let rank = |assignee| {
            let known = people.entry(assignee);
            *known.or_insert_with(|| Rank::of(team, viewer, assignee))
        };
        sees(viewer, assignee, reach, rank)
    }
}
