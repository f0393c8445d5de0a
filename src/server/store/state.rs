//! How a desk is doing, for whoever looks after it: in numbers, without a customer's word.

use sqlx::{Any, Transaction};

use super::{
    DEAD, Result, Store,
    database::{id, micros},
};
use crate::domain::{id::QueueId, moment::Moment};

/// How a desk is doing, all of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskState {
    /// When this was so.
    pub at: Moment,
    /// Consoles that are live.
    pub consoles: u64,
    /// People who count as signed in (Q9).
    pub signed_in: u64,
    /// Open conversations that somebody has.
    pub assigned: u64,
    /// Each queue that is not deleted, by name.
    pub queues: Vec<QueueState>,
    /// Messages of ours that no gateway has yet.
    pub waiting: u64,
    /// Since when the first of these waits.
    pub oldest_waiting: Option<Moment>,
    /// Those of them that are held because the database was put back.
    pub held: u64,
    /// Open conversations whose newest message of ours did not arrive.
    pub failed: u64,
    /// When a copy was last made by `admin backup`.
    pub backed_up: Option<Moment>,
    /// The newest line of the history.
    pub history: u64,
    /// How large the database is, in bytes.
    pub bytes: u64,
}

/// How a queue is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueState {
    /// Which.
    pub queue: QueueId,
    /// What it is called.
    pub name: String,
    /// Open conversations nobody has.
    pub unassigned: u64,
    /// Those of them whose customer waits.
    pub unanswered: u64,
    /// Since when the longest of these waits.
    pub oldest: Option<Moment>,
}

impl Store {
    /// How the desk is doing.
    ///
    /// # Errors
    /// The database's.
    pub async fn state(&self) -> Result<DeskState> {
        let now = self.now();
        let mut tx = self.snapshot().await?;
        let live = "SELECT COUNT(*) FROM console WHERE desk <> '' AND seen_at >= $1";
        let consoles: i64 = sqlx::query_scalar(live)
            .bind(now.0 - micros(DEAD))
            .fetch_one(&mut *tx)
            .await?;
        let signed_in = count(&mut tx, "SELECT COUNT(*) FROM seat WHERE signed_in = 1").await?;
        let assigned =
            "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM holding WHERE assignee <> ''";
        let assigned = count(&mut tx, assigned).await?;
        let outbox = "SELECT COUNT(*), CAST(COALESCE(SUM(held), 0) AS BIGINT), MIN(m.at) FROM outbox o \
                      JOIN message m ON m.conversation = o.conversation AND m.n = o.n WHERE o.handed_over = 0";
        let (waiting, held, oldest): (i64, i64, Option<i64>) =
            sqlx::query_as(outbox).fetch_one(&mut *tx).await?;
        let failed = "SELECT COUNT(*) FROM conversation WHERE open = 1 AND last_delivery NOT IN ('', 'pending', 'delivered')";
        let failed = count(&mut tx, failed).await?;
        let sql = "SELECT backed_up_at FROM desk WHERE one = 1";
        let backed_up: Option<i64> = sqlx::query_scalar(sql).fetch_one(&mut *tx).await?;
        let history = count(&mut tx, "SELECT history FROM counter WHERE one = 1").await?;
        let queues = queues(&mut tx).await?;
        let bytes = count(&mut tx, self.kind.bytes()).await?;
        tx.rollback().await?;
        Ok(DeskState {
            at: now,
            consoles: consoles.unsigned_abs(),
            signed_in,
            assigned,
            queues,
            waiting: waiting.unsigned_abs(),
            oldest_waiting: oldest.map(Moment),
            held: held.unsigned_abs(),
            failed,
            backed_up: backed_up.map(Moment),
            history,
            bytes,
        })
    }
}

async fn count(tx: &mut Transaction<'static, Any>, sql: &'static str) -> Result<u64> {
    let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut **tx).await?;
    Ok(count.unsigned_abs())
}

async fn queues(tx: &mut Transaction<'static, Any>) -> Result<Vec<QueueState>> {
    // The heads of an index, whatever the number of conversations.
    let first = |group: u8| {
        format!(
            "(SELECT since FROM conversation WHERE open = 1 AND queue = q.id AND assignee = '' \
             AND grp = {group} ORDER BY since LIMIT 1)"
        )
    };
    let sql = format!(
        "SELECT q.id, q.name, COALESCE(h.n, 0), COALESCE(h.unanswered, 0), {}, {} FROM queue q \
         LEFT JOIN holding h ON h.queue = q.id AND h.assignee = '' WHERE q.deleted = 0 ORDER BY q.name",
        first(0),
        first(1)
    );
    type Row = (String, String, i64, i64, Option<i64>, Option<i64>);
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut **tx)
        .await?;
    let state = |(queue, name, unassigned, unanswered, new, old): Row| {
        Ok(QueueState {
            queue: id("a queue", &queue)?,
            name,
            unassigned: unassigned.unsigned_abs(),
            unanswered: unanswered.unsigned_abs(),
            oldest: [new, old].into_iter().flatten().min().map(Moment),
        })
    };
    rows.into_iter().map(state).collect()
}
