//! Who is there: live consoles, and the seats of those who sit at them (Q9, A4).
//!
//! A console is live while the process it is connected to says so. A seat says whether somebody counts as signed
//! in, which outlasts a line that is lost for a moment. Who signs in and out is written in [`sign_in`](super::sign_in)
//! and [`sign_out`](super::sign_out).

use std::{collections::HashMap, time::Duration};

use sqlx::Row as _;

use super::{
    Result, Store,
    database::{id, micros, whole},
    writing::Writing,
};
use crate::domain::{id::UserId, moment::Moment};

/// How often a process says of its consoles that they are live.
pub const RENEWED: Duration = Duration::from_secs(30);
/// After how long without a word of its process a console is none.
pub const DEAD: Duration = Duration::from_secs(90);

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// At least one console of theirs is live.
    pub signed_in: bool,
    /// Every live console of theirs is away: they get nothing by a queue's rule (A4).
    pub away: bool,
    /// Since when they are away, signed in, or not; `None` if they never were.
    pub since: Option<Moment>,
}

impl Store {
    /// Who is there, of all who ever were.
    ///
    /// # Errors
    /// The database's.
    pub async fn seats(&self) -> Result<HashMap<UserId, Seat>> {
        let mut at_once = self.snapshot().await?;
        let sql = "SELECT person, since, lost_at, left_at FROM seat";
        let rows = sqlx::query(sql).fetch_all(&mut *at_once).await?;
        // All their live consoles, as far as they are away.
        let sql = "SELECT person, away_at FROM console \
                   WHERE desk = $1 OR (desk <> '' AND seen_at >= $2)";
        let live: Vec<(String, Option<i64>)> = sqlx::query_as(sql)
            .bind(&*self.process)
            .bind(self.now().0 - micros(DEAD))
            .fetch_all(&mut *at_once)
            .await?;
        at_once.rollback().await?;
        let mut consoles: HashMap<String, Vec<Option<i64>>> = HashMap::new();
        for (person, away_at) in live {
            consoles.entry(person).or_default().push(away_at);
        }
        rows.iter()
            .map(|row| {
                let person: String = row.try_get(0)?;
                let live = consoles.remove(&person).unwrap_or_default();
                let away: Option<Vec<i64>> = live.iter().copied().collect();
                let away_at = away.and_then(|all| all.into_iter().max());
                let lost_at: Option<i64> = row.try_get(2)?;
                let since = match (live.is_empty(), away_at) {
                    (false, Some(away_at)) => Some(away_at),
                    (false, None) => Some(row.try_get(1)?),
                    (true, _) => lost_at.or(row.try_get(3)?),
                };
                let seat = Seat {
                    signed_in: !live.is_empty(),
                    away: away_at.is_some(),
                    since: since.map(Moment),
                };
                Ok((id("a person", &person)?, seat))
            })
            .collect()
    }

    /// Says of a console of this person, or of all of them, that they are away from it, or back. Answers whether
    /// that changed anything; saying it again is free, so that every sign of life may say it.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_away(
        &self,
        person: &UserId,
        console: Option<&str>,
        away: bool,
    ) -> Result<bool> {
        // The other way round from now on: those who are so already stay as they are, and since when.
        let sql = "SELECT 1 FROM console WHERE person = $1 AND ($2 = '' OR id = $2) \
                   AND (away_at IS NULL) = ($3 = 1) LIMIT 1";
        let any = sqlx::query(sql)
            .bind(person.as_str())
            .bind(console.unwrap_or_default())
            .bind(i64::from(away))
            .fetch_optional(&self.readers)
            .await?;
        if any.is_none() {
            return Ok(false);
        }
        let sql = "UPDATE console SET away_at = $4 WHERE person = $1 AND ($2 = '' OR id = $2) \
                   AND (away_at IS NULL) = ($3 = 1)";
        whole(|| async {
            let changed = sqlx::query(sql)
                .bind(person.as_str())
                .bind(console.unwrap_or_default())
                .bind(i64::from(away))
                .bind(away.then_some(self.now().0));
            let changed = changed.execute(&self.writer).await?;
            Ok(changed.rows_affected() > 0)
        })
        .await
    }
}

/// How somebody sits, locked until the end of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sitting {
    /// They count as signed in.
    pub(super) signed_in: bool,
    /// Since when no console of theirs is live, if they count as signed in.
    lost_at: Option<Moment>,
    /// How many consoles of theirs are live.
    pub(super) live: u64,
}

impl Sitting {
    /// Their line was lost for longer than the grace: that is a logout (Q9).
    pub(super) fn is_overdue(&self, now: Moment, grace: Duration) -> bool {
        self.signed_in && self.lost_at.is_some_and(|lost| now.since(lost) >= grace)
    }
}

impl Writing<'_> {
    /// Locks somebody's seat, and takes note of those of their consoles whose process is no more.
    pub(super) async fn sit(&mut self, person: &UserId) -> Result<Sitting> {
        let sql = "INSERT INTO seat (person, signed_in, since) VALUES ($1, 0, 0) \
                   ON CONFLICT (person) DO UPDATE SET person = excluded.person \
                   RETURNING signed_in, lost_at";
        let (signed_in, lost_at): (i64, Option<i64>) = sqlx::query_as(sql)
            .bind(person.as_str())
            .fetch_one(&mut *self.tx)
            .await?;
        let sql = "UPDATE console SET desk = '' WHERE person = $1 AND desk <> '' AND desk <> $2 \
                   AND seen_at < $3 RETURNING seen_at";
        let died: Vec<i64> = sqlx::query_scalar(sql)
            .bind(person.as_str())
            .bind(&*self.process())
            .bind(self.now.0 - micros(DEAD))
            .fetch_all(&mut *self.tx)
            .await?;
        let live = self.live_consoles(person).await?;
        let mut sitting = Sitting {
            signed_in: signed_in != 0,
            lost_at: lost_at.map(Moment),
            live,
        };
        if sitting.signed_in && live == 0 && lost_at.is_none() {
            // The process was there when it last said so, and may have been until it should have said so again.
            let was_there = died.into_iter().max();
            let lost_at = was_there.map_or(self.now.0, |seen| seen + micros(RENEWED));
            sitting.lost_at = Some(Moment(lost_at.min(self.now.0)));
            self.write_lost(person, sitting.lost_at).await?;
        }
        Ok(sitting)
    }

    /// How many consoles of theirs are live.
    pub(super) async fn live_consoles(&mut self, person: &UserId) -> Result<u64> {
        let sql = "SELECT count(*) FROM console WHERE person = $1 \
                   AND (desk = $2 OR (desk <> '' AND seen_at >= $3))";
        let live: i64 = sqlx::query_scalar(sql)
            .bind(person.as_str())
            .bind(&*self.process())
            .bind(self.now.0 - micros(DEAD))
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(live.unsigned_abs())
    }

    /// Writes since when no console of theirs is live.
    pub(super) async fn write_lost(
        &mut self,
        person: &UserId,
        lost_at: Option<Moment>,
    ) -> Result<()> {
        sqlx::query("UPDATE seat SET lost_at = $1 WHERE person = $2")
            .bind(lost_at.map(|at| at.0))
            .bind(person.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
