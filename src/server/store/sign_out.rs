//! Signing out: by hand at once, by a lost line after the grace (Q2, Q9).

use std::{collections::BTreeMap, time::Duration};

use super::{
    Operation, Result, Store,
    act::Doing,
    database::{id, micros, whole},
    seat::DEAD,
    writing::Writing,
};
use crate::domain::{
    action::{Action, Cause, Change, RECLAIM_WITHIN},
    id::{ConversationId, OperationId, QueueId, UserId},
    moment::Moment,
    queue::Turnover,
};

/// What somebody finds when they come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parting {
    /// When they last signed out, or were; `None` if never.
    pub left_at: Option<Moment>,
    /// What a lost line handed back of theirs, and they can take back still.
    pub lost: Option<Lost>,
}

/// What a lost line handed back (Q9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What undo names.
    pub operation: OperationId,
    /// How many conversations can be taken back: those that nobody did anything to since.
    pub count: u64,
    /// When.
    pub at: Moment,
    /// Until when they can be taken back.
    pub until: Moment,
}

impl Store {
    /// A console of this person is left for good, or all of them. If none is live after that, it is a logout at once.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, person: &UserId, console: Option<&str>) -> Result<()> {
        whole(|| self.sign_out_at_once(person, console)).await
    }

    async fn sign_out_at_once(&self, person: &UserId, console: Option<&str>) -> Result<()> {
        let mut writing = self.write().await?;
        let sitting = writing.sit(person).await?;
        sqlx::query("DELETE FROM console WHERE person = $1 AND ($2 = '' OR id = $2)")
            .bind(person.as_str())
            .bind(console.unwrap_or_default())
            .execute(&mut *writing.tx)
            .await?;
        if sitting.signed_in && writing.live_consoles(person).await? == 0 {
            writing.log_out(person, true).await?;
        }
        writing.commit().await
    }

    /// These consoles of this process are live no more. Whose last one it was has the grace to come back.
    ///
    /// # Errors
    /// The database's.
    pub async fn lose(&self, consoles: &[(UserId, String)]) -> Result<()> {
        let mut of_each: BTreeMap<&UserId, Vec<&str>> = BTreeMap::new();
        for (person, console) in consoles {
            of_each.entry(person).or_default().push(console);
        }
        whole(|| self.lose_at_once(&of_each)).await
    }

    async fn lose_at_once(&self, consoles: &BTreeMap<&UserId, Vec<&str>>) -> Result<()> {
        let mut writing = self.write().await?;
        let sql = "UPDATE console SET desk = '', seen_at = $1 WHERE person = $2 AND id = $3 AND desk = $4";
        for (person, consoles) in consoles {
            writing.sit(person).await?;
            for console in consoles {
                sqlx::query(sql)
                    .bind(writing.now.0)
                    .bind(person.as_str())
                    .bind(*console)
                    .bind(&*self.process)
                    .execute(&mut *writing.tx)
                    .await?;
            }
            writing.sit(person).await?; // now without them
        }
        writing.commit().await
    }

    /// Which consoles this process says are live.
    ///
    /// # Errors
    /// The database's.
    pub async fn live_here(&self) -> Result<Vec<(UserId, String)>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT person, id FROM console WHERE desk = $1")
                .bind(&*self.process)
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter()
            .map(|(person, console)| Ok((id("a person", &person)?, console)))
            .collect()
    }

    /// Whether a console is known whose line counts as lost; one that was left by hand is not known any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_written_off(&self, person: &UserId, console: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM console WHERE person = $1 AND id = $2 AND desk = ''";
        let known = sqlx::query(sql).bind(person.as_str()).bind(console);
        Ok(known.fetch_optional(&self.readers).await?.is_some())
    }

    /// Says again that the consoles of this process are live: to be said every [`RENEWED`](super::RENEWED).
    ///
    /// # Errors
    /// The database's.
    pub async fn renew_consoles(&self) -> Result<()> {
        let sql = "UPDATE console SET seen_at = $1 WHERE desk = $2";
        whole(|| async {
            let renewed = sqlx::query(sql).bind(self.now().0).bind(&*self.process);
            renewed.execute(&self.writer).await?;
            Ok(())
        })
        .await
    }

    /// Signs out whose line was lost for longer than `grace`, once, whichever process comes first. With `of_others`
    /// it also looks for the consoles of processes that say nothing any more. Answers who was signed out.
    ///
    /// # Errors
    /// The database's; who was signed out before stays so.
    pub async fn sign_out_the_lost(&self, grace: Duration, of_others: bool) -> Result<Vec<UserId>> {
        let now = self.now().0;
        let sql = "SELECT person FROM seat WHERE signed_in = 1 AND lost_at IS NOT NULL AND lost_at <= $1 \
                   UNION SELECT person FROM console WHERE $2 = 1 AND desk <> '' AND desk <> $3 AND seen_at < $4";
        let people: Vec<String> = sqlx::query_scalar(sql)
            .bind(now - micros(grace))
            .bind(i64::from(of_others))
            .bind(&*self.process)
            .bind(now - micros(DEAD))
            .fetch_all(&self.readers)
            .await?;
        let mut signed_out = Vec::new();
        for person in people {
            let person: UserId = id("a person", &person)?;
            if whole(|| self.sign_out_if_lost(&person, grace)).await? {
                signed_out.push(person);
            }
        }
        Ok(signed_out)
    }

    async fn sign_out_if_lost(&self, person: &UserId, grace: Duration) -> Result<bool> {
        let mut writing = self.write().await?;
        let overdue = writing.sit(person).await?.is_overdue(writing.now, grace);
        if overdue {
            writing.log_out(person, false).await?;
        }
        writing.commit().await?;
        Ok(overdue)
    }

    /// When this person last left, and what they can take back of what a lost line handed back.
    ///
    /// # Errors
    /// The database's.
    pub async fn parting(&self, person: &UserId) -> Result<Parting> {
        let mut at_once = self.snapshot().await?;
        let left_at: Option<Option<i64>> =
            sqlx::query_scalar("SELECT left_at FROM seat WHERE person = $1")
                .bind(person.as_str())
                .fetch_optional(&mut *at_once)
                .await?;
        let sql = "SELECT a.operation, count(*), max(a.at) FROM act a \
                   JOIN conversation c ON c.id = a.conversation AND c.acted = a.version \
                   WHERE a.person = $1 AND a.line_lost = 1 AND a.undone = 0 AND a.at >= $2 \
                   GROUP BY a.operation ORDER BY max(a.cursor) DESC LIMIT 1";
        let lost: Option<(String, i64, i64)> = sqlx::query_as(sql)
            .bind(person.as_str())
            .bind(self.now().0 - micros(RECLAIM_WITHIN))
            .fetch_optional(&mut *at_once)
            .await?;
        at_once.rollback().await?;
        let lost = lost.map(|(operation, count, at)| {
            Ok::<_, super::StoreError>(Lost {
                operation: id("an operation", &operation)?,
                count: count.unsigned_abs(),
                at: Moment(at),
                until: Moment(at).after(RECLAIM_WITHIN),
            })
        });
        Ok(Parting {
            left_at: left_at.flatten().map(Moment),
            lost: lost.transpose()?,
        })
    }
}

impl Writing<'_> {
    /// Signs out who sits there, and hands back what their queues redistribute (Q2): to nobody in particular. What a
    /// lost line hands back its owner can take back in one act (Q9); what goes by hand is meant.
    pub(super) async fn log_out(&mut self, person: &UserId, by_hand: bool) -> Result<()> {
        let directory = self.directory();
        let team = &directory.team;
        let queues = team.queues.values();
        let queues = queues.filter(|queue| queue.on_logout == Turnover::Redistribute);
        let mut theirs: Vec<ConversationId> = Vec::new();
        for queue in queues {
            theirs.extend(self.held_by(&queue.id, person).await?);
        }
        let operation = Operation::made(b"")?.id;
        let doing = Doing {
            by: team.people.get(person).filter(|_| by_hand),
            act: (!by_hand).then_some((&operation, Action::Unassign)),
            line_lost: !by_hand,
            ..Doing::default()
        };
        for mut stored in self.hold_all(&theirs).await?.into_values() {
            if stored.facts.assignee.as_ref() == Some(person) {
                let change = Change::of_assignee(&stored.facts, None, Cause::Logout);
                self.carry_out(team, &mut stored, &change, &doing)?;
            }
        }
        let sql = "UPDATE seat SET signed_in = 0, lost_at = NULL, left_at = $1 WHERE person = $2";
        sqlx::query(sql)
            .bind(self.now.0)
            .bind(person.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// What somebody has of a queue.
    pub(super) async fn held_by(
        &mut self,
        queue: &QueueId,
        person: &UserId,
    ) -> Result<Vec<ConversationId>> {
        let sql = "SELECT id FROM conversation WHERE open = 1 AND queue = $1 AND assignee = $2";
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(queue.as_str())
            .bind(person.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        ids.iter().map(|text| id("a conversation", text)).collect()
    }
}
