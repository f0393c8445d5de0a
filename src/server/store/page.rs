//! Reading a page of a list, from wherever it begins.

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{
    From, Listed, Result,
    branch::{self, Branch},
    conversation::{COLUMNS, Stored, read},
    cursor::{Bound, Way},
    search,
    word::Wanted,
};
use crate::domain::{id::ConversationId, order::Place};

/// A list while it is being read.
pub(super) struct List<'a> {
    pub(super) branches: Vec<Branch>,
    pub(super) words: Vec<Wanted>,
    /// What to walk instead of many branches.
    pub(super) wider: Branch,
    /// All there is in it, in order, where a search found few contacts.
    pub(super) few: Option<Vec<Stored>>,
    pub(super) tx: &'a mut Transaction<'static, Any>,
}

/// From so many branches on, walking past what somebody does not see is tried first.
const MANY_BRANCHES: usize = branch::AT_ONCE;

impl List<'_> {
    /// A search that finds few contacts reads their conversations; one that finds many, such as a
    /// first letter, walks the list and leaves out the others.
    pub(super) async fn look_for_few(&mut self) -> Result<()> {
        if !self.words.is_empty() && !self.branches.is_empty() {
            self.few = search::few(self.tx, &self.words, &self.branches).await?;
        }
        Ok(())
    }

    /// At most `limit` rows from a bound on, in the order of going that way.
    async fn go(&mut self, bound: &Bound, way: Way, limit: usize) -> Result<Vec<Stored>> {
        if let Some(few) = &self.few {
            let beyond = |c: &&Stored| match way {
                Way::Down => Bound::at(&c.facts.place()) > *bound,
                Way::Up => Bound::at(&c.facts.place()) < *bound,
            };
            return Ok(match way {
                Way::Down => few.iter().filter(beyond).take(limit).cloned().collect(),
                Way::Up => few
                    .iter()
                    .rev()
                    .filter(beyond)
                    .take(limit)
                    .cloned()
                    .collect(),
            });
        }
        let closed = |branch: &Branch| matches!(branch, Branch::Closed(_));
        if self.branches.len() > MANY_BRANCHES && !self.branches.iter().any(closed) {
            let wider = (self.wider.clone(), self.branches.as_slice());
            return branch::walk_past(self.tx, wider, &self.words, (bound, way), limit).await;
        }
        branch::walk(self.tx, &self.branches, &self.words, (bound, way), limit).await
    }

    pub(super) async fn page(&mut self, from: &From, limit: usize) -> Result<Listed> {
        match from {
            From::Start => self.page_from(&Bound::top(), Way::Down, limit).await,
            From::End => self.page_from(&Bound::bottom(), Way::Up, limit).await,
            From::Cursor(cursor) => {
                let (bound, way) = Bound::from_cursor(cursor)?;
                self.page_from(&bound, way, limit).await
            }
            From::Around(id) => match self.place_of(id).await? {
                None => self.page_from(&Bound::top(), Way::Down, limit).await,
                Some(place) => {
                    let above = self.go(&Bound::at(&place), Way::Up, limit / 2).await?;
                    let first = above.last().map(|c| c.facts.place()).unwrap_or(place);
                    self.page_from(&Bound::just_before(&first), Way::Down, limit)
                        .await
                }
            },
        }
    }

    /// Where a conversation stands, if it is in this list.
    async fn place_of(&mut self, id: &ConversationId) -> Result<Option<Place>> {
        let sql = format!("SELECT {COLUMNS} FROM conversation c WHERE c.id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.as_str())
            .fetch_optional(&mut **self.tx)
            .await?;
        let Some(place) = row.as_ref().map(read).transpose()?.map(|c| c.facts.place()) else {
            return Ok(None);
        };
        let found = self.go(&Bound::just_before(&place), Way::Down, 1).await?;
        let found = found.first().map(|c| c.facts.place());
        Ok(found.filter(|found| *found == place))
    }

    async fn page_from(&mut self, bound: &Bound, way: Way, limit: usize) -> Result<Listed> {
        let mut rows = self.go(bound, way, limit + 1).await?;
        let ahead = rows.len() > limit;
        rows.truncate(limit);
        let behind = match rows.first() {
            Some(first) => Bound::at(&first.facts.place()),
            None => bound.clone(),
        };
        let end = match way {
            Way::Down => Bound::top(),
            Way::Up => Bound::bottom(),
        };
        let is_behind = *bound != end && !self.go(&behind, way.back(), 1).await?.is_empty();
        let front = rows.last().map(|c| Bound::at(&c.facts.place()));
        let ahead = front.filter(|_| ahead).map(|front| front.cursor(way));
        let behind = is_behind.then(|| behind.cursor(way.back()));
        Ok(match way {
            Way::Down => Listed {
                rows,
                next: ahead,
                prev: behind,
                ..Listed::default()
            },
            Way::Up => {
                rows.reverse();
                Listed {
                    rows,
                    next: behind,
                    prev: ahead,
                    ..Listed::default()
                }
            }
        })
    }
}
