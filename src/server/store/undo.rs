//! Undo: takes back one's last act (U6).

use sqlx::Row as _;

use super::{
    Operation, Outcome, Result, Store, StoreError,
    act::{Acted, Doing, Results},
    database::{id, nobody, whole},
    writing::Writing,
};
use crate::domain::{
    access::Team,
    action::{self, Act, Action, Former, Refusal, Verdict},
    conversation::State,
    id::OperationId,
    moment::Moment,
    person::Person,
};

impl Store {
    /// Takes back the act of that operation, conversation by conversation, if it was the last thing
    /// `by` did (U6). An operation that changed nothing, or is not theirs, gives no results.
    ///
    /// # Errors
    /// As [`Store::act`].
    pub async fn undo(
        &self,
        by: &Person,
        undone: &OperationId,
        operation: &Operation,
    ) -> Result<Results> {
        whole(|| self.undo_at_once(by, undone, operation)).await
    }

    async fn undo_at_once(
        &self,
        by: &Person,
        undone: &OperationId,
        operation: &Operation,
    ) -> Result<Results> {
        let mut writing = self.write().await?;
        if let Some(kept) = writing.claim(by, operation).await? {
            drop(writing);
            return self.answer_again(by, operation, &kept).await;
        }
        let last = writing.last_act(by).await?;
        let acts = writing.acts_of(by, undone).await?;
        let directory = writing.directory();
        let mut results = Vec::with_capacity(acts.len());
        for recorded in &acts {
            let is_last = last.as_ref() == Some(undone);
            results.push(
                writing
                    .take_back(&directory.team, by, recorded, is_last)
                    .await?,
            );
        }
        writing.remember(by, operation, &results).await?;
        writing.commit().await?;
        Ok(Results {
            operation: operation.id.clone(),
            results,
        })
    }
}

/// An act as the database keeps it.
struct Recorded {
    cursor: i64,
    act: Act,
    undone: bool,
}

impl Writing<'_> {
    /// The newest operation of that person of which anything still stands.
    async fn last_act(&mut self, by: &Person) -> Result<Option<OperationId>> {
        let sql = "SELECT operation FROM act WHERE person = $1 AND undone = 0 \
                   ORDER BY cursor DESC LIMIT 1";
        let last: Option<String> = sqlx::query_scalar(sql)
            .bind(by.id.as_str())
            .fetch_optional(&mut *self.tx)
            .await?;
        last.map(|text| id("an operation", &text)).transpose()
    }

    /// What an operation did, in the order of ids, which is that of locks.
    async fn acts_of(&mut self, by: &Person, operation: &OperationId) -> Result<Vec<Recorded>> {
        let sql = "SELECT cursor, conversation, action, former, version, at, undone, former_queue, \
                   former_status, former_open, line_lost FROM act WHERE person = $1 \
                   AND operation = $2 ORDER BY conversation, cursor";
        let rows = sqlx::query(sql)
            .bind(by.id.as_str())
            .bind(operation.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        rows.iter()
            .map(|row| {
                let action: &str = row.try_get(2)?;
                Ok(Recorded {
                    cursor: row.try_get(0)?,
                    act: Act {
                        operation: operation.clone(),
                        action: Action::from_word(action)
                            .ok_or_else(|| StoreError::corrupt("an action", action))?,
                        by: by.id.clone(),
                        at: Moment(row.try_get(5)?),
                        conversation: id("a conversation", row.try_get(1)?)?,
                        former: Former {
                            assignee: nobody(row.try_get(3)?)?,
                            queue: id("a queue", row.try_get(7)?)?,
                            status: Some(row.try_get::<String, _>(8)?).filter(|s| !s.is_empty()),
                            state: match row.try_get::<i64, _>(9)? {
                                0 => State::Closed,
                                _ => State::Open,
                            },
                        },
                        version: row.try_get::<i64, _>(4)?.unsigned_abs(),
                        line_lost: row.try_get::<i64, _>(10)? != 0,
                    },
                    undone: row.try_get::<i64, _>(6)? != 0,
                })
            })
            .collect()
    }

    async fn take_back(
        &mut self,
        team: &Team,
        by: &Person,
        recorded: &Recorded,
        is_last: bool,
    ) -> Result<Acted> {
        let id = recorded.act.conversation.clone();
        let held = self.hold(&id).await?;
        let Some(mut stored) = held.filter(|c| team.can_see(by, &c.facts.standing())) else {
            return Ok(Acted {
                id,
                outcome: Outcome::NotFound,
                conversation: None,
            });
        };
        let verdict = if recorded.undone {
            Verdict::Already
        } else if is_last {
            action::undo(team, by, &recorded.act, &stored.facts, self.now)
        } else {
            Verdict::Refused(Refusal::NotTheLastAct)
        };
        if let Verdict::Do(change) = &verdict {
            let doing = Doing {
                by: Some(by),
                ..Doing::default()
            };
            if recorded.act.action == Action::Block {
                self.unblock(team, &stored).await?;
            }
            self.carry_out(team, &mut stored, change, &doing).await?;
            sqlx::query("UPDATE act SET undone = $1 WHERE cursor = $2")
                .bind(self.now.0.max(1))
                .bind(recorded.cursor)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(Acted {
            id,
            outcome: Outcome::of(&verdict),
            conversation: Some(stored).filter(|c| team.can_see(by, &c.facts.standing())),
        })
    }
}
