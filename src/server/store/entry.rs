//! A conversation enters its queue, whose rule may find it an advisor (A2–A4).
//!
//! Those who give out of a queue do it one after the other: the queue's row of `circle` is their lock, taken before
//! any conversation's, so that a maximum holds however many conversations come at once.

use std::collections::{HashMap, HashSet};

use sqlx::AssertSqlSafe;

use super::{
    Result, StoreError,
    circle::Circle,
    database::{id, micros, nobody},
    seat::DEAD,
    writing::{Line, Writing},
};
use crate::domain::{
    access::Team,
    action::{Cause, Change},
    conversation::Conversation,
    distribution::{self, Candidate, works_in},
    id::{ConversationId, QueueId, UserId},
    moment::Moment,
};

impl Writing<'_> {
    /// Locks a queue that something is about to enter, and those who work there: nobody who is found there signs out
    /// before the end. Nothing to do where its rule gives to nobody, or if it is locked already.
    pub(super) async fn open_to_entries(&mut self, team: &Team, queue: &QueueId) -> Result<()> {
        let rule = team.queues.get(queue);
        if !rule.is_some_and(distribution::gives_on_entry) || self.circles.contains_key(queue) {
            return Ok(());
        }
        let last = self.lock_circle(queue).await?;
        let lock = self.kind().for_share_of("s");
        let sql = format!(
            "SELECT s.person FROM seat s JOIN person p ON p.id = s.person \
             JOIN queue_team t ON t.organisation = p.organisation \
             WHERE t.queue = $1 AND s.signed_in = 1 ORDER BY s.person{lock}"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(queue.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        let there = self.who_is_there(team, queue).await?;
        let circle = Circle {
            last,
            there,
            turned: false,
        };
        self.circles.insert(queue.clone(), circle);
        Ok(())
    }

    /// As [`Writing::open_to_entries`], for a conversation that enters the queue it is in: which one that is is known
    /// for certain only once the conversation is locked, and that comes after.
    pub(super) async fn open_to_reopening(
        &mut self,
        team: &Team,
        conversation: &ConversationId,
    ) -> Result<()> {
        let queue: Option<String> =
            sqlx::query_scalar("SELECT queue FROM conversation WHERE id = $1")
                .bind(conversation.as_str())
                .fetch_optional(&mut *self.tx)
                .await?;
        match queue {
            Some(queue) => self.open_to_entries(team, &id("a queue", &queue)?).await,
            None => Ok(()),
        }
    }

    /// Who gets a conversation that enters its queue, and through what; `None`: it waits there for who is first.
    /// `leaves`: whose it is until now.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if it enters a queue that was not locked for it.
    fn find_advisor(
        &mut self,
        team: &Team,
        leaves: Option<&UserId>,
        entering: &Conversation,
    ) -> Result<Option<(UserId, Cause)>> {
        let Some(queue) = team.queues.get(&entering.queue) else {
            return Ok(None);
        };
        if !distribution::gives_on_entry(queue) || !distribution::can_be_given(entering) {
            return Ok(None);
        }
        let circle = self.circles.get(&queue.id).ok_or(StoreError::Overtaken)?;
        let now: Vec<Candidate> = circle
            .there
            .iter()
            .map(|one| {
                let mut now = self.so_far(&queue.id, one);
                now.open -= u64::from(leaves == Some(&one.person)).min(now.open);
                now
            })
            .collect();
        let found = distribution::advisor(queue, circle.last.as_ref(), &now);
        let found = found.map(|(whose, cause)| (whose.clone(), cause));
        if let (Some((whose, Cause::RoundRobin)), Some(circle)) =
            (&found, self.circles.get_mut(&queue.id))
        {
            circle.last = Some(whose.clone());
            circle.turned = true;
        }
        Ok(found)
    }

    /// Gives a conversation that enters its queue to whom the queue's rule finds, and answers what the history says of
    /// it; `None` if it waits. It just entered all the same: the assignment belongs to the entry (L1).
    pub(super) fn enter(
        &mut self,
        team: &Team,
        leaves: Option<&UserId>,
        entering: &mut Conversation,
    ) -> Result<Option<Line>> {
        let Some((advisor, cause)) = self.find_advisor(team, leaves, entering)? else {
            return Ok(None);
        };
        let given = Change {
            assignee: Some(advisor),
            cause: Some(cause),
            ..Change::none(entering)
        };
        let line = Line::of_assignee(entering, &given, None, None);
        self.assigned(None, given.assignee.as_ref());
        entering.assignee = given.assignee;
        Ok(Some(line))
    }

    /// Takes the lock under which a queue gives; answers who had the last turn.
    pub(super) async fn lock_circle(&mut self, queue: &QueueId) -> Result<Option<UserId>> {
        let sql = "INSERT INTO circle (queue, person) VALUES ($1, '') \
                   ON CONFLICT (queue) DO UPDATE SET queue = excluded.queue RETURNING person";
        let last: String = sqlx::query_scalar(sql)
            .bind(queue.as_str())
            .fetch_one(&mut *self.tx)
            .await?;
        nobody(&last)
    }

    /// Everybody who works in a queue and is at a live console, not away (A4), with what they have.
    pub(super) async fn who_is_there(
        &mut self,
        team: &Team,
        queue: &QueueId,
    ) -> Result<Vec<Candidate>> {
        let sql = "SELECT DISTINCT person FROM console WHERE away_at IS NULL \
                   AND (desk = $1 OR (desk <> '' AND seen_at >= $2))";
        let live: Vec<String> = sqlx::query_scalar(sql)
            .bind(&*self.process())
            .bind(self.now.0 - micros(DEAD))
            .fetch_all(&mut *self.tx)
            .await?;
        let live: HashSet<String> = live.into_iter().collect();
        let Some(settings) = team.queues.get(queue) else {
            return Ok(Vec::new());
        };
        let sql = "SELECT assignee, CAST(sum(n) AS BIGINT), \
                   CAST(sum(CASE WHEN queue = $1 THEN n ELSE 0 END) AS BIGINT) FROM holding \
                   WHERE n > 0 AND assignee <> '' \
                   AND queue NOT IN (SELECT id FROM queue WHERE deleted = 1) GROUP BY assignee";
        let loads: Vec<(String, i64, i64)> = sqlx::query_as(sql)
            .bind(queue.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        let loads: HashMap<String, (i64, i64)> = loads
            .into_iter()
            .map(|(person, open, in_queue)| (person, (open, in_queue)))
            .collect();
        let turns: Vec<(String, i64)> = sqlx::query_as("SELECT person, at FROM turn")
            .fetch_all(&mut *self.tx)
            .await?;
        let turns: HashMap<String, i64> = turns.into_iter().collect();
        let mut there: Vec<Candidate> = team
            .people
            .values()
            .filter(|person| works_in(person, settings) && live.contains(person.id.as_str()))
            .map(|person| {
                let name = person.id.as_str();
                let (open, in_queue) = loads.get(name).copied().unwrap_or_default();
                Candidate {
                    person: person.id.clone(),
                    in_queue: in_queue.unsigned_abs(),
                    open: open.unsigned_abs(),
                    last: turns.get(name).copied().map(Moment),
                }
            })
            .collect();
        there.sort_by(|a, b| a.person.cmp(&b.person));
        Ok(there)
    }

    /// Writes whose turn it was last, in the queues that gave in turn.
    pub(super) async fn write_circles(&mut self) -> Result<()> {
        for (queue, circle) in std::mem::take(&mut self.circles) {
            if let (true, Some(last)) = (circle.turned, circle.last) {
                sqlx::query("UPDATE circle SET person = $1 WHERE queue = $2")
                    .bind(last.as_str())
                    .bind(queue.as_str())
                    .execute(&mut *self.tx)
                    .await?;
            }
        }
        Ok(())
    }
}
