//! What somebody sees of the holdings.

use sqlx::{Any, Transaction};

use super::{
    Counts, Result,
    branch::{self, Holding},
};
use crate::domain::{access::Team, id::QueueId, person::Person};

/// What somebody sees.
pub(super) struct Sight<'a> {
    pub(super) team: &'a Team,
    pub(super) viewer: &'a Person,
}

/// Holdings that were read, and how many of all there are.
pub(super) struct Known {
    pub(super) holdings: Vec<Holding>,
    /// They are of every queue, not of one.
    pub(super) every_queue: bool,
    /// They are everybody's, not only the viewer's own and nobody's.
    pub(super) everybody: bool,
}

impl Sight<'_> {
    /// The holdings that the viewer may see something of, and no more than needed: most people see their
    /// own and nobody's, and a large desk has many holdings.
    pub(super) async fn holdings(
        &self,
        tx: &mut Transaction<'static, Any>,
        queue: Option<&QueueId>,
    ) -> Result<Known> {
        let everybody = self.may_see_others();
        let only = (!everybody).then_some(&self.viewer.id);
        Ok(Known {
            holdings: branch::holdings(tx, queue, only).await?,
            every_queue: queue.is_none(),
            everybody,
        })
    }

    /// Whether anything that somebody else has can be in sight: for those above others, administrators,
    /// and those whose organisation owns a queue (V3–V5).
    fn may_see_others(&self) -> bool {
        let home = &self.viewer.organisation;
        let mut organisations = self.team.tree.organisations();
        self.viewer.permissions.admin
            || organisations.any(|other| self.team.tree.above(home, other))
            || self.team.queues.values().any(|queue| queue.owner == *home)
    }

    pub(super) fn sees(&self, holding: &Holding) -> bool {
        self.team.can_see(self.viewer, &holding.standing())
    }

    /// Sees it in lists: what is in a deleted queue only search finds (V7).
    pub(super) fn lists(&self, holding: &Holding) -> bool {
        let queue = self.team.queues.get(&holding.queue);
        queue.is_some_and(|queue| !queue.deleted) && self.sees(holding)
    }

    pub(super) fn counts(&self, holdings: &[Holding]) -> Counts {
        let listed = holdings.iter().filter(|holding| self.lists(holding));
        listed.fold(Counts::default(), |mut counts, holding| {
            counts.all += holding.n;
            match &holding.assignee {
                None => counts.unassigned += holding.n,
                Some(person) if *person == self.viewer.id => counts.mine += holding.n,
                Some(_) => {}
            }
            counts
        })
    }
}
