//! Undo: takes back one's last act (U6).

use sqlx::Row as _;

use super::{
    Operation, Outcome, Result, Store, StoreError,
    act::{Acted, Doing, Results},
    bulk::Bulk,
    conversation::Stored,
    database::{id, nobody, whole},
    roster::Value,
    writing::{Line, Writing},
};
use crate::domain::{
    access::Team,
    action::{self, Act, Action, Former, Refusal, Verdict, may_look_back},
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
        let is_last = last.as_ref() == Some(undone);
        let acts = writing.acts_of(by, undone).await?;
        let directory = writing.directory();
        let by = directory.team.as_now(by);
        let ids = acts.iter().map(|recorded| &recorded.act.conversation);
        let mut held = writing.hold_all(ids).await?;
        let mut results = Vec::with_capacity(acts.len());
        let mut undone = Vec::new();
        for recorded in &acts {
            let stored = held.get_mut(&recorded.act.conversation);
            let acted = writing.take_back(&directory.team, by, recorded, is_last, stored);
            let acted = acted.await?;
            undone.extend((acted.outcome == Outcome::Done).then_some(recorded.cursor));
            results.push(acted);
        }
        writing.mark_undone(&undone).await?;
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
    /// The newest operation of that person of which anything still stands. What a lost line did is not theirs (Q9).
    async fn last_act(&mut self, by: &Person) -> Result<Option<OperationId>> {
        let sql = "SELECT operation FROM act WHERE person = $1 AND undone = 0 \
                   AND line_lost = 0 ORDER BY cursor DESC LIMIT 1";
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
        stored: Option<&mut Stored>,
    ) -> Result<Acted> {
        let act = &recorded.act;
        let id = act.conversation.clone();
        let told = |c: &&mut Stored| may_look_back(team, by, act, &c.facts);
        let Some(stored) = stored.filter(told) else {
            return Ok(Acted::not_found(id));
        };
        let verdict = if recorded.undone {
            Verdict::Already
        } else if is_last || act.line_lost {
            self.unless_blocked_since(
                by,
                act,
                action::undo(team, by, act, &stored.facts, self.now),
            )
            .await?
        } else {
            Verdict::Refused(Refusal::NotTheLastAct)
        };
        if let Verdict::Do(change) = &verdict {
            let unblocks = act.action == Action::Block;
            let doing = Doing {
                by: Some(by),
                line: unblocks.then(|| Line::of_unblocking(by, None)),
                ..Doing::default()
            };
            self.carry_out(team, stored, change, &doing)?;
        }
        Ok(Acted::seen_by(by, team, id, Outcome::of(&verdict), stored))
    }

    /// Takes the contact from the blocklist where that is what is taken back. Whoever took it off since, or put it on
    /// again, has the last word.
    async fn unless_blocked_since(
        &mut self,
        by: &Person,
        act: &Act,
        verdict: Verdict,
    ) -> Result<Verdict> {
        let contact = &act.conversation;
        if act.action != Action::Block || !matches!(verdict, Verdict::Do(_)) {
            return Ok(verdict);
        }
        if self.unblock_what_was(contact, by, &act.operation).await? {
            return Ok(verdict);
        }
        Ok(if self.circumstances(contact).await?.blocked {
            Verdict::Refused(Refusal::ActedOnSince)
        } else {
            Verdict::Already
        })
    }

    async fn mark_undone(&mut self, cursors: &[i64]) -> Result<()> {
        let which = ") AS v WHERE act.cursor = v.column1";
        let set = format!("undone = {}", self.now.0.max(1));
        let mut rows = Bulk::updating("act", &set, which, 1);
        rows.push(cursors.iter().map(|cursor| Value::from(*cursor)));
        rows.write(&mut self.tx).await?;
        Ok(())
    }
}
