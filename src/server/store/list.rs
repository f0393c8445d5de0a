//! The list: rows in the order of L1, with exact counts, all of one moment.

use std::collections::BTreeMap;

use sqlx::{Any, Transaction};

use super::{
    Result, Store,
    branch::{self, Branch, Holding},
    conversation::Stored,
    page::List,
    sight::{Known, Sight},
    word,
};
use crate::domain::{
    conversation::Standing,
    id::{ConversationId, QueueId, UserId},
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

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// At the top.
    #[default]
    Start,
    /// At the bottom: the last page.
    End,
    /// Where another page's `next` or `prev` said.
    Cursor(String),
    /// Wherever this conversation stands, in the middle of the page; at the top if it is not in this list.
    Around(ConversationId),
}

/// A page of the list; everything in it is of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The rows, in the order of L1.
    pub rows: Vec<Stored>,
    /// The cursor of the page after this one; `None` at the end.
    pub next: Option<String>,
    /// The cursor of the page before this one; `None` at the beginning.
    pub prev: Option<String>,
    /// The cursor of the log at which rows and counts are true.
    pub as_of: u64,
    /// How many open ones each view holds, in the same queue.
    pub counts: Counts,
}

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The viewer's own.
    pub mine: u64,
    /// Nobody's.
    pub unassigned: u64,
    /// All the viewer may see.
    pub all: u64,
}

impl Store {
    /// A page of what `viewer` may see. Without the permission `conversations`: nothing, and no counts (V6).
    ///
    /// # Errors
    /// [`StoreError::NotACursor`](super::StoreError::NotACursor), or the database's.
    pub async fn list(&self, viewer: &Person, query: &ListQuery) -> Result<Listed> {
        let directory = self.directory();
        let team = &directory.team;
        let mut at_once = self.snapshot().await?;
        let sight = Sight { team, viewer };
        let queue = query.queue.as_ref();
        let known = sight.holdings(&self.kept, &mut at_once, queue).await?;
        let mut list = List {
            branches: query.branches(&sight, &known),
            words: word::wanted(&query.q),
            wider: query
                .queue
                .clone()
                .map_or(Branch::Everything, Branch::Queue),
            few: None,
            tx: &mut at_once,
        };
        list.look_for_few().await?;
        let page = list.page(&query.from, query.limit.into()).await?;
        at_once.rollback().await?;
        Ok(Listed {
            as_of: known.as_of,
            counts: sight.counts(known.listed()),
            ..page
        })
    }

    /// How many open conversations `viewer` sees: over all queues, and in each queue the viewer has access
    /// to or holds something in. All of one moment, and the log's cursor of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn counts(&self, viewer: &Person) -> Result<(Counts, Vec<(QueueId, Counts)>, u64)> {
        let directory = self.directory();
        let team = &directory.team;
        let mut at_once = self.snapshot().await?;
        let sight = Sight { team, viewer };
        let known = sight.holdings(&self.kept, &mut at_once, None).await?;
        at_once.rollback().await?;
        let mut by_queue: BTreeMap<QueueId, Vec<&Holding>> = team
            .queues
            .values()
            .filter(|queue| viewer.permissions.conversations && !queue.deleted)
            .filter(|queue| team.has_access(viewer, queue))
            .map(|queue| (queue.id.clone(), Vec::new()))
            .collect();
        for holding in known.listed() {
            let of_queue = by_queue.entry(holding.queue.clone()).or_default();
            of_queue.push(holding);
        }
        let queues = by_queue
            .into_iter()
            .map(|(queue, holdings)| (queue, sight.counts(holdings.into_iter())))
            .collect();
        Ok((sight.counts(known.listed()), queues, known.as_of))
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
        let queue = query.queue.as_ref();
        let known = sight.holdings(&self.kept, &mut at_once, queue).await?;
        let branches = query.branches(&sight, &known);
        let words = word::wanted(&query.q);
        let plan = branch::explain(&mut at_once, self.kind, &branches, &words).await?;
        at_once.rollback().await?;
        Ok(plan)
    }
}

pub(super) async fn log_head(tx: &mut Transaction<'static, Any>) -> Result<u64> {
    let head: i64 = sqlx::query_scalar("SELECT log FROM counter WHERE one = 1")
        .fetch_one(&mut **tx)
        .await?;
    Ok(head.unsigned_abs())
}

impl ListQuery {
    /// Exactly the conversations that this query is about and its viewer sees.
    fn branches(&self, sight: &Sight<'_>, known: &Known) -> Vec<Branch> {
        let searches = self.search || self.state != StateFilter::Open;
        let mut branches = match self.state {
            StateFilter::Closed => Vec::new(),
            StateFilter::Open | StateFilter::Any => branch::branches(known, |holding, seen| {
                self.is_about(sight.viewer, holding.assignee.as_ref())
                    && if searches { seen.sees } else { seen.lists }
            }),
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
        branches
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
