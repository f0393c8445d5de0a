//! Signing in: a console comes, and the first one of a person is a login (Q3, Q5, Q9, U4).

use std::{collections::HashSet, time::Duration};

use super::{
    Result, Store,
    act::Doing,
    conversation::{COLUMNS, read},
    database::{id, micros, whole},
    directory::Directory,
    writing::Writing,
};
use crate::domain::{
    action::{Cause, Change},
    conversation::Conversation,
    distribution::{
        NOT_BACK_WITHIN, can_be_given, colleague_could, gives_on_login, room, share, works_in,
    },
    id::{ConversationId, QueueId, UserId},
    person::Person,
};

/// How many conversations a login is given in one transaction: with no maximum a queue may hold thousands, and
/// nobody else could write meanwhile.
const AT_ONCE: usize = 500;

impl Store {
    /// A console of this person is live in this process. Answers whether that is a login: not if another console of
    /// theirs is live, and not if their line was lost for less than `grace`. A login is given what its queues give it.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in(&self, person: &Person, console: &str, grace: Duration) -> Result<bool> {
        if whole(|| self.come_back(person, console, grace)).await? {
            return Ok(false);
        }
        let (login, mut more) = whole(|| self.log_in(person, console)).await?;
        while more {
            more = whole(|| self.give_more(person)).await?;
        }
        Ok(login)
    }

    /// Whether they count as signed in still; the console is live then. One who comes after the grace is signed out
    /// first.
    async fn come_back(&self, person: &Person, console: &str, grace: Duration) -> Result<bool> {
        let mut writing = self.write().await?;
        let sitting = writing.sit(&person.id).await?;
        let overdue = sitting.is_overdue(writing.now, grace);
        if overdue {
            writing.log_out(&person.id, false).await?;
        } else if sitting.signed_in {
            writing.enter_console(person, console, false).await?;
        } else {
            return Ok(false);
        }
        writing.commit().await?;
        Ok(!overdue)
    }

    /// Signs in, unless somebody else's console of the same person just did; and whether there is more to be given.
    async fn log_in(&self, person: &Person, console: &str) -> Result<(bool, bool)> {
        let mut writing = self.write().await?;
        let directory = writing.directory();
        let queues = writing.open_to_login(&directory, person).await?;
        let login = !writing.sit(&person.id).await?.signed_in;
        writing.enter_console(person, console, login).await?;
        let mut more = false;
        if login {
            let sql = "UPDATE seat SET signed_in = 1, since = $1 WHERE person = $2";
            sqlx::query(sql)
                .bind(writing.now.0)
                .bind(person.id.as_str())
                .execute(&mut *writing.tx)
                .await?;
            more = writing.give(&directory, person, &queues).await?;
        }
        writing.commit().await?;
        Ok((login, more))
    }

    async fn give_more(&self, person: &Person) -> Result<bool> {
        let mut writing = self.write().await?;
        let directory = writing.directory();
        let queues = writing.open_to_login(&directory, person).await?;
        if writing.sit(&person.id).await?.live == 0 {
            return Ok(false);
        }
        let more = writing.give(&directory, person, &queues).await?;
        writing.commit().await?;
        Ok(more)
    }
}

impl Writing<'_> {
    /// A console is live here; `anew`: whatever was said of it before, its person is at it.
    async fn enter_console(&mut self, person: &Person, console: &str, anew: bool) -> Result<()> {
        let sql = "INSERT INTO console (person, id, desk, seen_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (person, id) DO UPDATE SET desk = $3, seen_at = $4, \
                   away_at = CASE WHEN $5 = 1 THEN NULL ELSE console.away_at END";
        sqlx::query(sql)
            .bind(person.id.as_str())
            .bind(console)
            .bind(&*self.process())
            .bind(self.now.0)
            .bind(i64::from(anew))
            .execute(&mut *self.tx)
            .await?;
        self.write_lost(&person.id, None).await
    }

    /// Locks the queues that give something to who signs in, in the order of ids, and answers them in that of names (Q5).
    async fn open_to_login(
        &mut self,
        directory: &Directory,
        person: &Person,
    ) -> Result<Vec<QueueId>> {
        let queues = directory.team.queues.values();
        let queues = queues.filter(|queue| gives_on_login(queue) && works_in(person, queue));
        let mut queues: Vec<QueueId> = queues.map(|queue| queue.id.clone()).collect();
        queues.sort();
        for queue in &queues {
            self.lock_circle(queue).await?;
        }
        let name = |queue: &QueueId| directory.queues.get(queue).map(|info| info.name.clone());
        queues.sort_by_key(|queue| (name(queue), queue.clone()));
        Ok(queues)
    }

    /// Gives who signs in their share of each of these queues, as much as one transaction does; whether there may be
    /// more.
    async fn give(
        &mut self,
        directory: &Directory,
        person: &Person,
        queues: &[QueueId],
    ) -> Result<bool> {
        let mut planned: Vec<ConversationId> = Vec::new();
        for queue in queues {
            let left = AT_ONCE - planned.len();
            planned.extend(self.share_of(directory, person, queue, left).await?);
        }
        // Locked in the order of ids, given in that of the list.
        let mut held = self.hold_all(&planned).await?;
        held.retain(|_, now| can_be_given(&now.facts) && queues.contains(&now.facts.queue));
        // Somebody took one while it was looked at: then there is room for another.
        let more = planned.len() == AT_ONCE || held.len() < planned.len();
        for id in planned {
            if let Some(mut stored) = held.remove(&id) {
                let to = Some(person.id.clone());
                let change = Change::of_assignee(&stored.facts, to, Cause::Login);
                self.carry_out(&directory.team, &mut stored, &change, &Doing::default())?;
            }
        }
        Ok(more)
    }

    /// Which of a queue's unassigned ones go to who signs in (Q3, U4), at most so many, in the list's order (L1).
    async fn share_of(
        &mut self,
        directory: &Directory,
        person: &Person,
        queue: &QueueId,
        at_most: usize,
    ) -> Result<Vec<ConversationId>> {
        let team = &directory.team;
        let Some(settings) = team.queues.get(queue) else {
            return Ok(Vec::new());
        };
        let there = self.who_is_there(team, queue).await?;
        let mut theirs = there.iter().filter(|one| one.person == person.id);
        let in_queue = theirs.next().map(|one| self.so_far(queue, one).in_queue);
        // Away in every other console, say: then the queue gives them nothing.
        let room = in_queue.map_or(0, |in_queue| room(settings, in_queue));
        let room = room.min(at_most as u64);
        if room == 0 {
            return Ok(Vec::new());
        }
        let not_back = match colleague_could(settings, &person.id, &there) {
            true => self.handed_back_from(&person.id).await?,
            false => HashSet::new(),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM conversation c WHERE c.open = 1 AND c.queue = $1 AND c.assignee = '' \
             AND c.bot = 0 ORDER BY c.grp, c.since, c.id LIMIT 0 + $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(queue.as_str())
            .bind(
                i64::try_from(room)
                    .unwrap_or(i64::MAX)
                    .saturating_add(not_back.len() as i64),
            )
            .fetch_all(&mut *self.tx)
            .await?;
        let waiting: Vec<Conversation> = rows
            .iter()
            .map(|row| Ok(read(row)?.facts))
            .collect::<Result<_>>()?;
        let share = share(&waiting, room, &not_back);
        Ok(share.into_iter().map(|c| c.id.clone()).collect())
    }

    /// What another person handed back from this one lately, and did not give back (U4).
    async fn handed_back_from(&mut self, person: &UserId) -> Result<HashSet<ConversationId>> {
        let sql = "SELECT DISTINCT conversation FROM act WHERE former = $1 AND person <> $1 \
                   AND action = 'unassign' AND undone = 0 AND at > $2";
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(person.as_str())
            .bind(self.now.0 - micros(NOT_BACK_WITHIN))
            .fetch_all(&mut *self.tx)
            .await?;
        ids.iter().map(|text| id("a conversation", text)).collect()
    }
}
