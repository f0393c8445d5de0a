//! The list: rows in the order of L1, with exact counts, all of one moment.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::{
    Result, Store,
    branch::{self, Branch},
    holding::Holding,
    known::{Everybody, log_head},
    page::{From, List, Listed, Wider},
    sight::{Counts, Known, Seen, Sight},
    walk, word,
};
use crate::domain::{
    conversation::Standing,
    id::{QueueId, UserId},
    person::Person,
};

/// Which part of the list somebody wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Whose.
    pub view: View,
    /// Only this queue.
    pub queue: Option<QueueId>,
    /// Only what this person has.
    pub assignee: Option<UserId>,
    /// Open ones, closed ones or both; anything but open is a search, and includes deleted queues (V7).
    pub state: StateFilter,
    /// Only contacts of whom each of these words is a prefix of a word of the name, or digits that start
    /// or end the address. Empty: everybody.
    pub q: String,
    /// This is a search (F1): deleted queues are included even for open ones.
    pub search: bool,
    /// Where the page begins.
    pub from: From,
    /// How many rows at most, 1 to 500.
    pub limit: u16,
}

/// Whose conversations a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The viewer's own.
    Mine,
    /// Nobody's.
    Unassigned,
    /// All the viewer may see.
    #[default]
    All,
}

/// Open or closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Open ones.
    #[default]
    Open,
    /// Closed ones.
    Closed,
    /// Both.
    Any,
}

impl Store {
    /// A page of what `viewer` may see. Without the permission `conversations`: nothing, and no counts (V6).
    ///
    /// # Errors
    /// [`StoreError::NotACursor`](super::StoreError::NotACursor), or the database's.
    pub async fn list(&self, viewer: &Person, query: &ListQuery) -> Result<Listed> {
        let directory = self.directory();
        let team = &directory.team;
        let sight = Sight { team, viewer };
        if let Some(known) = self.as_far_as_known()
            && let Some(listed) = self
                .unless_dead(self.list_by(&known, &sight, query))
                .await?
        {
            if cfg!(debug_assertions) {
                self.is_so(&sight, query, &listed).await?;
            }
            return Ok(listed);
        }
        self.list_at_once(&sight, query).await
    }

    /// The same by what is known of who has how many, if it still is so.
    async fn list_by(
        &self,
        known: &Everybody,
        sight: &Sight<'_>,
        query: &ListQuery,
    ) -> Result<Option<Listed>> {
        let mut line = self.at_hand().await?;
        let (listed, as_of) = query.answer(sight, known, &mut line).await?;
        Ok((as_of == known.as_of).then_some(listed))
    }

    /// The same, in a transaction that reads all of one moment.
    async fn list_at_once(&self, sight: &Sight<'_>, query: &ListQuery) -> Result<Listed> {
        let mut at_once = self.snapshot().await?;
        let everybody = self.kept.holdings(&mut at_once).await?;
        let (listed, _) = query.answer(sight, &everybody, &mut at_once).await?;
        at_once.rollback().await?;
        Ok(listed)
    }

    /// Panics unless a transaction gives the same of the same moment: every test of lists is one of this, too.
    async fn is_so(&self, sight: &Sight<'_>, query: &ListQuery, listed: &Listed) -> Result<()> {
        let again = self.list_at_once(sight, query).await?;
        if again.as_of == listed.as_of {
            assert_eq!(*listed, again, "all of it is of one moment");
        }
        Ok(())
    }

    /// Who has how many now.
    async fn everybody(&self) -> Result<Everybody> {
        if let Some(known) = self.as_far_as_known()
            && self.unless_dead(self.is_newest(&known)).await?
        {
            return Ok(known);
        }
        let mut at_once = self.snapshot().await?;
        let everybody = self.kept.holdings(&mut at_once).await?;
        at_once.rollback().await?;
        Ok(everybody)
    }

    /// Whether the log is still where it was when `known` was read.
    async fn is_newest(&self, known: &Everybody) -> Result<bool> {
        let mut line = self.at_hand().await?;
        Ok(log_head(&mut line).await? == known.as_of)
    }

    /// What was known last of who has how many, unless it is heard already that it is so no more. Whoever reads by it need
    /// not begin a transaction to read all of one moment: if the log is still where it was when the last of it was read,
    /// nothing was changed in between.
    fn as_far_as_known(&self) -> Option<Everybody> {
        let heard = self.news.newest();
        self.kept.newest().filter(|known| known.as_of == heard)
    }

    /// How many open conversations `viewer` sees: over all queues, and in each queue the viewer has access
    /// to or holds something in. All of one moment, and the log's cursor of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self, viewer: &Person) -> Result<(Counts, Vec<(QueueId, Counts)>, u64)> {
        let directory = self.directory();
        let team = &directory.team;
        let sight = Sight { team, viewer };
        let known = sight.known(&self.everybody().await?, None);
        let mut queues: BTreeMap<QueueId, Counts> = team
            .queues
            .values()
            .filter(|queue| viewer.permissions.conversations && !queue.deleted)
            .filter(|queue| team.has_access(viewer, queue))
            .map(|queue| (queue.id.clone(), Counts::default()))
            .collect();
        let mut all = Counts::default();
        let listed: Vec<&Holding> = known.listed().collect();
        for of_queue in listed.chunk_by(|one, next| one.queue == next.queue) {
            let counts = sight.counts(of_queue.iter().copied());
            all += counts;
            *queues.entry(of_queue[0].queue.clone()).or_default() += counts;
        }
        Ok((all, queues.into_iter().collect(), known.as_of))
    }
}

impl Store {
    /// How the database would go about the first page of a list, in its own words: for tests of the
    /// indexes, and for a doctor. Contacts that few words find are looked up before, and not shown.
    ///
    /// # Errors
    /// The database's.
    pub async fn explain(&self, viewer: &Person, query: &ListQuery) -> Result<Vec<String>> {
        let directory = self.directory();
        let team = &directory.team;
        let mut at_once = self.snapshot().await?;
        let sight = Sight { team, viewer };
        let everybody = self.kept.holdings(&mut at_once).await?;
        let known = sight.known(&everybody, query.queue.as_ref());
        let (branches, _) = query.branches(&sight, &known);
        let words = word::wanted(&query.q);
        let plan = walk::explain(&mut at_once, &branches, &words).await?;
        at_once.rollback().await?;
        Ok(plan)
    }
}

impl ListQuery {
    /// The page that this is about, by who has how many, and the log's cursor when the last of it was read: where that is
    /// what they are known of, all of it is of one moment.
    async fn answer(
        &self,
        sight: &Sight<'_>,
        everybody: &Everybody,
        line: &mut AnyConnection,
    ) -> Result<(Listed, u64)> {
        let known = sight.known(everybody, self.queue.as_ref());
        let branches = self.branches(sight, &known);
        let mut list = List::new(branches, word::wanted(&self.q), line).await?;
        let page = list.page(&self.from, self.limit.into()).await?;
        let as_of = match list.as_of {
            Some(as_of) => as_of,
            None => log_head(line).await?,
        };
        let listed = Listed {
            as_of: known.as_of,
            counts: sight.counts(known.listed()),
            ..page
        };
        Ok((listed, as_of))
    }

    /// Exactly the conversations that this query is about and its viewer sees, and what they are among.
    fn branches(&self, sight: &Sight<'_>, known: &Known) -> (Vec<Branch>, Wider) {
        let searches = self.search || self.state != StateFilter::Open;
        let wanted = |holding: &Holding, seen: Seen| {
            self.is_about(sight.viewer, holding.assignee.as_ref())
                && if searches { seen.sees } else { seen.lists }
        };
        let mut branches = match self.state {
            StateFilter::Closed => Vec::new(),
            StateFilter::Open | StateFilter::Any => branch::branches(known, wanted),
        };
        let (branch, all) = match (&self.queue, self.view) {
            (Some(queue), _) => (Branch::Queue(queue.clone()), known.all),
            (None, View::Unassigned) => (Branch::Assignee(None), known.nobodys),
            (None, View::Mine | View::All) => (Branch::Everything, known.all),
        };
        let theirs = known
            .each()
            .filter(|(holding, seen)| wanted(holding, *seen))
            .map(|(holding, _)| holding.n)
            .sum();
        let wider = Wider {
            branch,
            all,
            theirs,
        };
        if self.state != StateFilter::Open && self.is_about(sight.viewer, None) {
            let mut closed: Vec<QueueId> = sight
                .team
                .queues
                .keys()
                .filter(|queue| self.queue.as_ref().is_none_or(|only| only == *queue))
                .filter(|queue| sight.team.can_see(sight.viewer, &closed_in(queue)))
                .cloned()
                .collect();
            closed.sort();
            branches.extend(closed.into_iter().map(Branch::Closed));
        }
        (branches, wider)
    }

    fn is_about(&self, viewer: &Person, assignee: Option<&UserId>) -> bool {
        let view = match self.view {
            View::Mine => assignee == Some(&viewer.id),
            View::Unassigned => assignee.is_none(),
            View::All => true,
        };
        view && (self.assignee.is_none() || self.assignee.as_ref() == assignee)
    }
}

/// How a closed conversation stands: nobody has it (S1).
pub(super) fn closed_in(queue: &QueueId) -> Standing {
    Standing {
        queue: queue.clone(),
        assignee: None,
        open: false,
    }
}
