//! What the database alone would do: transactions of the shape of a desk's act, on the desk's own tables, without a desk.

use std::time::{Duration, Instant};

use sqlx::{AnyPool, Executor, any::AnyPoolOptions};

use crate::rates::{CLIENTS, Rate};

/// Tasks that act as fast as the database lets them, each on a conversation of its own.
pub(crate) async fn transactions(url: &str, turn: usize, long: Duration) -> Rate {
    let is_sqlite = url.starts_with("sqlite:");
    let pool = AnyPoolOptions::new()
        // As SQLite is quickest: its one writer is waited for, and not asked again and again.
        .max_connections(if is_sqlite { 1 } else { CLIENTS as u32 })
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if is_sqlite {
                    let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
                    connection.execute(sqlx::raw_sql(pragmas)).await?;
                }
                Ok(())
            })
        });
    sqlx::any::install_default_drivers();
    let pool = pool.connect(url).await.expect("the database");
    let ids: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM conversation ORDER BY began_at DESC LIMIT $1")
            .bind(CLIENTS as i64)
            .fetch_all(&pool)
            .await
            .expect("conversations");
    assert_eq!(ids.len(), CLIENTS);
    let begun = Instant::now();
    let until = begun + long;
    let tasks = ids.into_iter().enumerate().map(|(n, (id,))| {
        let pool = pool.clone();
        tokio::spawn(async move {
            let person = format!("u{n}");
            let mut times = Vec::new();
            for round in 0.. {
                for assignee in [person.as_str(), ""] {
                    let asked = Instant::now();
                    let operation = format!("bare-{turn}-{n}-{round}-{assignee}");
                    act(&pool, is_sqlite, &id, &person, assignee, &operation)
                        .await
                        .expect("a transaction");
                    times.push(asked.elapsed());
                }
                if Instant::now() > until {
                    break;
                }
            }
            times
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("a task"));
    }
    let took = begun.elapsed();
    pool.close().await;
    Rate { times, took }
}

/// The operation id, the conversation read and compared, what changes of it, of the counts, of whose turn it was, the
/// counters, the event, the history with its seal, and what undo has to know.
async fn act(
    pool: &AnyPool,
    is_sqlite: bool,
    id: &str,
    person: &str,
    assignee: &str,
    operation: &str,
) -> sqlx::Result<()> {
    let at = 1_700_000_000_000_000_i64;
    let hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let mut tx = pool
        .begin_with(if is_sqlite {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN"
        })
        .await?;
    sqlx::query(
        "INSERT INTO operation (person, id, content, outcome, at) VALUES ($1, $2, $3, 'done', $4)",
    )
    .bind(person)
    .bind(operation)
    .bind(hash)
    .bind(at)
    .execute(&mut *tx)
    .await?;
    let read = "SELECT queue, assignee, version FROM conversation WHERE id = $1";
    let locked = format!("{read} FOR UPDATE");
    let (queue, former, version): (String, String, i64) =
        sqlx::query_as(sqlx::AssertSqlSafe(if is_sqlite {
            read.to_owned()
        } else {
            locked
        }))
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
    let changed = sqlx::query(
        "UPDATE conversation SET assignee = $1, touched = 0, grp = 1, version = version + 1, acted = version + 1 \
         WHERE id = $2 AND version = $3 AND assignee = $4",
    )
    .bind(assignee)
    .bind(id)
    .bind(version)
    .bind(&former)
    .execute(&mut *tx)
    .await?;
    assert_eq!(changed.rows_affected(), 1);
    let holding = "INSERT INTO holding (queue, assignee, n, unanswered) VALUES ($1, $2, 1, 1), ($3, $4, 1, 1) \
                   ON CONFLICT (queue, assignee) DO UPDATE SET n = holding.n + CASE WHEN holding.assignee = $5 THEN 1 ELSE -1 END, \
                   unanswered = holding.unanswered + CASE WHEN holding.assignee = $6 THEN 1 ELSE -1 END";
    // In the order in which locks are taken.
    let (first, second) = if former.as_str() < assignee {
        (former.as_str(), assignee)
    } else {
        (assignee, former.as_str())
    };
    sqlx::query(holding)
        .bind(&queue)
        .bind(first)
        .bind(&queue)
        .bind(second)
        .bind(assignee)
        .bind(assignee)
        .execute(&mut *tx)
        .await?;
    if !assignee.is_empty() {
        let turn = "INSERT INTO turn (person, at) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET at = excluded.at";
        sqlx::query(turn)
            .bind(assignee)
            .bind(at)
            .execute(&mut *tx)
            .await?;
    }
    let (log, history): (i64, i64) = sqlx::query_as(
        "UPDATE counter SET log = log + 1, history = history + 1, seal = $1 WHERE one = 1 RETURNING log, history",
    )
    .bind(hash)
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO log (cursor, at, conversation, before_queue, before_assignee, before_open, queue, assignee, open, \
         message, cause, by_person, reason) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, 1, 0, 'take', $8, '')",
    )
    .bind(log)
    .bind(at)
    .bind(id)
    .bind(&queue)
    .bind(&former)
    .bind(&queue)
    .bind(assignee)
    .bind(person)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO history (id, conversation, at, kind, by_person, was, became, cause, words, seal) \
         VALUES ($1, $2, $3, 'assignee', $4, $5, $6, 'take', '', $7)",
    )
    .bind(history)
    .bind(id)
    .bind(at)
    .bind(person)
    .bind(&former)
    .bind(assignee)
    .bind(hash)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO act (cursor, person, operation, conversation, action, former, former_queue, former_status, former_open, \
         version, at, history, line_lost, undone) VALUES ($1, $2, $3, $4, 'take', $5, $6, '', 1, $7, $8, $9, 0, 0)",
    )
    .bind(log)
    .bind(person)
    .bind(operation)
    .bind(id)
    .bind(&former)
    .bind(&queue)
    .bind(version + 1)
    .bind(at)
    .bind(history)
    .execute(&mut *tx)
    .await?;
    if !is_sqlite {
        tx.execute("NOTIFY handback").await?;
    }
    tx.commit().await
}
