//! Who has how many open conversations, queue by queue: kept in each act's transaction, so that nobody has to count.

use sqlx::{AnyConnection, Row as _, any::AnyRow};

use super::{
    Result,
    database::{id, nobody},
};
use crate::domain::id::{QueueId, UserId};

/// How many open conversations one (queue, assignee) has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    pub(super) queue: QueueId,
    pub(super) assignee: Option<UserId>,
    pub(super) n: u64,
}

/// Every holding there is.
pub(super) async fn holdings(line: &mut AnyConnection) -> Result<Vec<Holding>> {
    let rows = sqlx::query("SELECT queue, assignee, n FROM holding WHERE n > 0")
        .fetch_all(line)
        .await?;
    rows.iter().map(holding).collect()
}

/// Reads a holding out of its first three columns.
pub(super) fn holding(row: &AnyRow) -> Result<Holding> {
    Ok(Holding {
        queue: id("a queue", row.try_get(0)?)?,
        assignee: nobody(row.try_get(1)?)?,
        n: row.try_get::<i64, _>(2)?.unsigned_abs(),
    })
}
