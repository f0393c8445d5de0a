//! What people have to do, as far as somebody sees it.

use std::collections::BTreeMap;

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::{
    KEPT, Result, Store,
    database::{id, name_of},
    holding::{self, Holding},
    sight::Sight,
};
use crate::domain::{id::UserId, moment::Moment, person::Person};

/// What one person has to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Open conversations of theirs.
    pub open: u64,
    /// Unanswered ones among them.
    pub unanswered: u64,
    /// Since when the longest of these waits (L1).
    pub oldest_waiting: Option<Moment>,
}

/// How many holdings or people one query looks into.
const AT_ONCE: usize = 64;

impl Store {
    /// What everybody has to do of whom `viewer` sees anything in lists; who is missing has nothing in
    /// sight. All of one moment, from exact counts and the heads of indexes.
    ///
    /// # Errors
    /// The database's.
    pub async fn loads(&self, viewer: &Person) -> Result<BTreeMap<UserId, Load>> {
        let directory = self.directory();
        let team = &directory.team;
        let sight = Sight { team, viewer };
        let mut at_once = self.snapshot().await?;
        let holdings = holdings(&mut at_once).await?;
        let seen = sight.seen(holdings.iter().map(|(holding, _)| holding));
        let mut loads: BTreeMap<UserId, Load> = BTreeMap::new();
        let mut waiting: Vec<&Holding> = Vec::new();
        for ((holding, unanswered), seen) in holdings.iter().zip(seen) {
            let Some(person) = holding.assignee.as_ref().filter(|_| seen.lists) else {
                continue;
            };
            let load = loads.entry(person.clone()).or_default();
            load.open += holding.n;
            load.unanswered += unanswered;
            waiting.extend((*unanswered > 0).then_some(holding));
        }
        for some in waiting.chunks(AT_ONCE) {
            for (person, since) in oldest(&mut at_once, some).await? {
                let oldest = &mut loads.entry(person).or_default().oldest_waiting;
                *oldest = Some(oldest.map_or(since, |before| before.min(since)));
            }
        }
        at_once.rollback().await?;
        Ok(loads)
    }
}

impl Store {
    /// When each of these people last did something to a conversation by their own hand, within [`KEPT`].
    ///
    /// # Errors
    /// The database's.
    pub async fn last_actions(&self, people: &[&UserId]) -> Result<BTreeMap<UserId, Moment>> {
        let mut last = BTreeMap::new();
        let now = self.now();
        for some in people.chunks(AT_ONCE) {
            let newest = (1..=some.len()).map(|n| {
                format!(
                    "SELECT person, at FROM (SELECT person, at FROM act WHERE person = ${n} \
                     AND line_lost = 0 ORDER BY cursor DESC LIMIT 1) n"
                )
            });
            let sql = newest.collect::<Vec<_>>().join(" UNION ALL ");
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for person in some {
                query = query.bind(person.as_str());
            }
            let found: Vec<(String, i64)> = query.fetch_all(&self.readers).await?;
            let kept = found
                .iter()
                .map(|(person, at)| (person, Moment(*at)))
                .filter(|(_, at)| now.since(*at) <= KEPT);
            for (person, at) in kept {
                last.insert(id("a person", person)?, at);
            }
        }
        Ok(last)
    }
}

/// What everybody has, and how many of these are unanswered.
async fn holdings(tx: &mut Transaction<'static, Any>) -> Result<Vec<(Holding, u64)>> {
    let sql = "SELECT queue, assignee, n, unanswered FROM holding WHERE n > 0 AND assignee <> ''";
    let rows = sqlx::query(sql).fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| {
            let unanswered: i64 = row.try_get(3)?;
            Ok((holding::holding(row)?, unanswered.unsigned_abs()))
        })
        .collect()
}

/// The first of each unanswered group in each of these holdings: whose it is, and since when it waits.
async fn oldest(
    tx: &mut Transaction<'static, Any>,
    holdings: &[&Holding],
) -> Result<Vec<(UserId, Moment)>> {
    let heads = (0..holdings.len()).flat_map(|n| [(n, 0), (n, 1)]);
    let heads = heads.map(|(n, group)| {
        let (queue, assignee) = (2 * n + 1, 2 * n + 2);
        format!(
            "SELECT assignee, since FROM (SELECT assignee, since FROM conversation WHERE open = 1 \
             AND queue = ${queue} AND assignee = ${assignee} AND grp = {group} \
             ORDER BY grp, since, id LIMIT 1) h"
        )
    });
    let sql = heads.collect::<Vec<_>>().join(" UNION ALL ");
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for holding in holdings {
        query = query
            .bind(holding.queue.as_str())
            .bind(name_of(holding.assignee.as_ref()));
    }
    let found: Vec<(String, i64)> = query.fetch_all(&mut **tx).await?;
    let found = found.iter();
    found
        .map(|(person, since)| Ok((id("a person", person)?, Moment(*since))))
        .collect()
}
