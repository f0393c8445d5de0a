//! How many conversations everybody has, kept in memory as it was at one place of the log: a list and its counts need not
//! read it all again each time.
//!
//! Who changes it writes an entry of the log in the same transaction, which says what changed. So at the same place it is
//! the same, and from a place a little before it comes to the one after by what the entries between say.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sqlx::{AnyConnection, Row as _};

use super::{
    Result,
    database::{id, nobody, signed},
    holding::{self, Holding},
};
use crate::domain::id::{QueueId, UserId};

/// How many entries are read at most to come from one place to another: beyond, everything is read anew.
const FEW: u64 = 500;

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Option<Everybody>>);

/// All holdings at one place of the log.
#[derive(Clone, Debug)]
pub(super) struct Everybody {
    /// The newest cursor of the log by then.
    pub(super) as_of: u64,
    /// Queue by queue.
    pub(super) holdings: Arc<Vec<Holding>>,
}

/// The newest cursor of the log.
pub(super) async fn log_head(line: &mut AnyConnection) -> Result<u64> {
    let head: i64 = sqlx::query_scalar("SELECT log FROM counter WHERE one = 1")
        .fetch_one(line)
        .await?;
    Ok(head.unsigned_abs())
}

impl Kept {
    /// All holdings as they are in a transaction, whose reads are all of one moment.
    pub(super) async fn holdings(&self, tx: &mut AnyConnection) -> Result<Everybody> {
        let as_of = log_head(tx).await?;
        let before = self.newest();
        let holdings = match before {
            Some(before) if before.as_of == as_of => before.holdings,
            Some(before) if before.as_of < as_of && as_of - before.as_of <= FEW => {
                match since(tx, &before, as_of).await? {
                    Some(holdings) => in_order(holdings),
                    None => in_order(holding::holdings(tx).await?),
                }
            }
            _ => in_order(holding::holdings(tx).await?),
        };
        if cfg!(debug_assertions) {
            is_so(tx, &holdings).await?;
        }
        let now = Everybody { as_of, holdings };
        self.keep(&now);
        Ok(now)
    }

    /// What is known, of whichever moment that is.
    pub(super) fn newest(&self) -> Option<Everybody> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    /// Somebody else may have come further meanwhile.
    fn keep(&self, now: &Everybody) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|kept| kept.as_of < now.as_of) {
            *kept = Some(now.clone());
        }
    }
}

/// Queue by queue, and in each person by person.
fn in_order(mut holdings: Vec<Holding>) -> Arc<Vec<Holding>> {
    holdings.sort_by(|a, b| (&a.queue, &a.assignee).cmp(&(&b.queue, &b.assignee)));
    holdings.into()
}

/// What became of them by what the log says; `None` if it does not say all of it.
async fn since(
    tx: &mut AnyConnection,
    before: &Everybody,
    as_of: u64,
) -> Result<Option<Vec<Holding>>> {
    let sql = "SELECT conversation, before_open, before_queue, before_assignee, open, queue, assignee FROM log \
               WHERE cursor > $1";
    let rows = sqlx::query(sql)
        .bind(signed(before.as_of))
        .fetch_all(tx)
        .await?;
    if rows.len() as u64 != as_of - before.as_of {
        return Ok(None);
    }
    let mut changes: HashMap<(QueueId, Option<UserId>), i64> = HashMap::new();
    for row in &rows {
        if row.try_get::<&str, _>(0)?.is_empty() {
            return Ok(None); // The team changed.
        }
        for (at, by) in [(1, -1), (4, 1)] {
            if row.try_get::<i64, _>(at)? != 0 {
                let queue = id("a queue", row.try_get(at + 1)?)?;
                let assignee = nobody(row.try_get(at + 2)?)?;
                *changes.entry((queue, assignee)).or_default() += by;
            }
        }
    }
    let mut holdings = Vec::with_capacity(before.holdings.len() + changes.len());
    for holding in before.holdings.iter() {
        let mut holding = holding.clone();
        let key = (holding.queue, holding.assignee);
        let change = changes.remove(&key).unwrap_or_default();
        (holding.queue, holding.assignee) = key;
        holding.n = holding.n.saturating_add_signed(change);
        holdings.push(holding);
    }
    holdings.extend(changes.into_iter().map(|((queue, assignee), n)| Holding {
        queue,
        assignee,
        n: n.max(0).unsigned_abs(),
    }));
    holdings.retain(|holding| holding.n > 0);
    Ok(Some(holdings))
}

/// Panics unless these are what the database has: every test of lists is one of this, too.
async fn is_so(tx: &mut AnyConnection, holdings: &[Holding]) -> Result<()> {
    let read = in_order(holding::holdings(tx).await?);
    assert_eq!(holdings, *read, "the log says what changes");
    Ok(())
}
