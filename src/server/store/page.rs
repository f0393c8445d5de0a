//! Reading a page of a list, from wherever it begins.

use sqlx::AnyConnection;

use super::{
    Result,
    branch::{Branch, Given},
    conversation::Stored,
    cursor::{Bound, Way},
    database::{id, nobody},
    search,
    sight::Counts,
    walk::{SIDE_BY_SIDE, Walked, walk, walk_past},
    word::Wanted,
};
use crate::domain::{conversation::Standing, id::ConversationId};

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

/// A list while it is being read.
pub(super) struct List<'a> {
    branches: Vec<Branch>,
    words: Vec<Wanted>,
    /// What to walk instead of many branches.
    wider: Wider,
    /// All there is in it, in order, where a search found few contacts.
    few: Option<Vec<Stored>>,
    line: &'a mut AnyConnection,
    /// The newest cursor of the log when the last question was answered; `None` where the answer did not say.
    pub(super) as_of: Option<u64>,
}

/// A branch that gives all that many give, and more.
#[derive(Clone, Debug)]
pub(super) struct Wider {
    pub(super) branch: Branch,
    /// How many open conversations there are in it.
    pub(super) all: u64,
    /// How many of them the many give.
    pub(super) theirs: u64,
}

/// One in so many has to be theirs for the wider branch to be walked.
const RARE: u64 = 8;
/// How many rows are walked past for each one wanted where nobody knows how many of them a search is for.
const PATIENCE: usize = 16;
/// Rows are walked past in multiples of so many.
const STEP: usize = 64;

impl Wider {
    /// Among how many of its first so many of theirs are nearly always found; `None` if it is not worth it.
    fn within(&self, limit: usize, words: &[Wanted]) -> Option<usize> {
        if !words.is_empty() {
            return Some(limit * PATIENCE);
        }
        if self.theirs < limit as u64 || self.all / self.theirs >= RARE {
            return None;
        }
        // What is theirs lies about evenly: a quarter more is nearly always enough. Few different numbers, so that few plans
        // are kept.
        let even = usize::try_from(limit as u64 * self.all / self.theirs).ok()?;
        Some((even * 5 / 4 + STEP).next_multiple_of(STEP))
    }
}

impl<'a> List<'a> {
    /// A list of what these branches give, as far as it has to do with the words. A search that finds few contacts reads
    /// their conversations; one that finds many, such as a first letter, walks the list and leaves out the others.
    pub(super) async fn new(
        (branches, wider): (Vec<Branch>, Wider),
        words: Vec<Wanted>,
        line: &'a mut AnyConnection,
    ) -> Result<Self> {
        let few = match words.is_empty() || branches.is_empty() {
            true => None,
            false => search::few(line, &words, &branches).await?,
        };
        Ok(Self {
            branches,
            words,
            wider,
            few,
            line,
            as_of: None,
        })
    }

    /// At most `limit` rows from a bound on, in the order of going that way.
    async fn go(&mut self, bound: &Bound, way: Way, limit: usize) -> Result<Walked> {
        if let Some(few) = &self.few {
            let beyond = |c: &&Stored| match way {
                Way::Down => Bound::at(&c.facts.place()) > *bound,
                Way::Up => Bound::at(&c.facts.place()) < *bound,
            };
            let rows = match way {
                Way::Down => few.iter().filter(beyond).take(limit).cloned().collect(),
                Way::Up => few
                    .iter()
                    .rev()
                    .filter(beyond)
                    .take(limit)
                    .cloned()
                    .collect(),
            };
            return Ok(Walked {
                rows,
                ..Walked::default()
            });
        }
        let walked = self.walk(bound, way, limit).await?;
        self.as_of = walked.as_of;
        Ok(walked)
    }

    async fn walk(&mut self, bound: &Bound, way: Way, limit: usize) -> Result<Walked> {
        let (line, words) = (&mut *self.line, self.words.as_slice());
        let branches = self.branches.as_slice();
        let closed = |branch: &Branch| matches!(branch, Branch::Closed(_));
        let many = branches.len() > SIDE_BY_SIDE;
        if many
            && !branches.iter().any(closed)
            && let Some(within) = self.wider.within(limit, words)
        {
            let wider = (&self.wider.branch, within);
            let past = walk_past(line, wider, branches, words, (bound, way), limit).await?;
            if let Some(walked) = past {
                return Ok(walked);
            }
        }
        walk(line, branches, words, (bound, way), limit).await
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
                Some(place) => self.page_around(&place, limit).await,
            },
        }
    }

    /// Where a conversation stands, if it is in this list.
    async fn place_of(&mut self, wanted: &ConversationId) -> Result<Option<Bound>> {
        let sql = "SELECT grp, since, open, queue, assignee FROM conversation WHERE id = $1";
        let place: Option<(i64, i64, i64, String, String)> = sqlx::query_as(sql)
            .bind(wanted.as_str())
            .fetch_optional(&mut *self.line)
            .await?;
        let Some((group, since, open, queue, assignee)) = place else {
            return Ok(None);
        };
        let place = Bound {
            group,
            since,
            id: wanted.as_str().to_owned(),
        };
        let standing = Standing {
            queue: id("a queue", &queue)?,
            assignee: nobody(&assignee)?,
            open: open != 0,
        };
        if !Given::by(&self.branches).holds(&standing) {
            return Ok(None);
        }
        if self.words.is_empty() {
            return Ok(Some(place));
        }
        let found = self.go(&place.just_before(), Way::Down, 1).await?.rows;
        let found = found.first().map(|c| Bound::at(&c.facts.place()));
        Ok(found.filter(|found| *found == place))
    }

    /// The page in whose middle this place is.
    async fn page_around(&mut self, place: &Bound, limit: usize) -> Result<Listed> {
        let mut rows = self.go(place, Way::Up, limit / 2 + 1).await?.rows;
        let more_above = rows.len() > limit / 2;
        rows.truncate(limit / 2);
        rows.reverse();
        let left = limit - rows.len();
        let below = self.go(&place.just_before(), Way::Down, left + 1).await?;
        let more_below = below.rows.len() > left;
        rows.extend(below.rows.into_iter().take(left));
        let cursor = |row: Option<&Stored>, way| {
            row.map(|row| Bound::at(&row.facts.place()))
                .map(|at| at.cursor(way))
        };
        Ok(Listed {
            prev: cursor(rows.first(), Way::Up).filter(|_| more_above),
            next: cursor(rows.last(), Way::Down).filter(|_| more_below),
            rows,
            ..Listed::default()
        })
    }

    async fn page_from(&mut self, bound: &Bound, way: Way, limit: usize) -> Result<Listed> {
        let Walked {
            mut rows, at_bound, ..
        } = self.go(bound, way, limit + 1).await?;
        let ahead = rows.len() > limit;
        rows.truncate(limit);
        let behind = match rows.first() {
            Some(first) => Bound::at(&first.facts.place()),
            None => bound.clone(),
        };
        let is_behind = self.is_behind(bound, at_bound, &behind, way).await?;
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

    /// Whether there is more on the other side of a page that begins beyond `bound`, with `first`. Mostly that from which it
    /// was come here: what is at the bound itself.
    async fn is_behind(
        &mut self,
        bound: &Bound,
        at_bound: Option<Standing>,
        first: &Bound,
        way: Way,
    ) -> Result<bool> {
        let end = match way {
            Way::Down => Bound::top(),
            Way::Up => Bound::bottom(),
        };
        if *bound == end {
            return Ok(false);
        }
        let given = Given::by(&self.branches);
        let is_there = at_bound.is_some_and(|standing| given.holds(&standing));
        Ok((self.words.is_empty() && is_there)
            || !self.go(first, way.back(), 1).await?.rows.is_empty())
    }
}
