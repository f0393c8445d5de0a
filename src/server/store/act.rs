//! Unassign and take, one or many (U1–U5, U7, A6).

use super::{
    Operation, Outcome, Result, Store, StoreError,
    conversation::Stored,
    database::{keepable, whole},
    writing::{Acting, Happened, Writing},
};
use crate::domain::{
    access::Team,
    action::{self, Action, Change, Expectation, Refusal, Verdict},
    id::{ConversationId, OperationId},
    person::Person,
};

/// How many conversations one request may act on.
pub const MANY: usize = 1_000;

/// What came of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// Which conversation.
    pub id: ConversationId,
    /// What it came to; of a repeated operation, what it came to the first time.
    pub outcome: Outcome,
    /// The conversation now, if the one who acts sees it *now*.
    pub conversation: Option<Stored>,
}

/// What came of an act on many: a result per conversation, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Under which operation id.
    pub operation: OperationId,
    /// One per conversation.
    pub results: Vec<Acted>,
}

/// One of many to act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which conversation.
    pub id: ConversationId,
    /// What is believed of it (U5).
    pub expected: Expectation,
}

impl Store {
    /// Does [`Action::Unassign`] or [`Action::Take`] to one conversation, in one transaction (R20). Any
    /// other action is refused as not yet available.
    ///
    /// # Errors
    /// [`StoreError::OtherContent`] if the operation id was used for something else, or the database's;
    /// then nothing changed.
    pub async fn act(
        &self,
        by: &Person,
        action: Action,
        item: &Item,
        reason: Option<&str>,
        operation: &Operation,
    ) -> Result<Acted> {
        let asked = Asked {
            by,
            action,
            items: std::slice::from_ref(item),
            reason,
            operation,
        };
        let mut done = whole(|| self.act_at_once(&asked)).await?;
        done.results
            .pop()
            .ok_or_else(|| StoreError::corrupt("an operation", operation.id.as_str()))
    }

    /// Unassigns many in one transaction, each by itself (U7): one that cannot be is no reason for another.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] beyond [`MANY`]; else as [`Store::act`].
    pub async fn unassign_many(
        &self,
        by: &Person,
        items: &[Item],
        reason: Option<&str>,
        operation: &Operation,
    ) -> Result<Results> {
        if items.len() > MANY {
            return Err(StoreError::TooMany(MANY));
        }
        let asked = Asked {
            by,
            action: Action::Unassign,
            items,
            reason,
            operation,
        };
        whole(|| self.act_at_once(&asked)).await
    }

    async fn act_at_once(&self, asked: &Asked<'_>) -> Result<Results> {
        let mut writing = self.write().await?;
        if let Some(kept) = writing.claim(asked.by, asked.operation).await? {
            drop(writing);
            return self.answer_again(asked.by, asked.operation, &kept).await;
        }
        let directory = self.directory();
        let mut results: Vec<(usize, Acted)> = Vec::with_capacity(asked.items.len());
        for at in in_order_of_ids(asked.items) {
            let acted = writing
                .act_on(&directory.team, asked, &asked.items[at])
                .await?;
            results.push((at, acted));
        }
        results.sort_by_key(|(at, _)| *at);
        let results: Vec<Acted> = results.into_iter().map(|(_, acted)| acted).collect();
        writing
            .remember(asked.by, asked.operation, &results)
            .await?;
        writing.commit().await?;
        Ok(Results {
            operation: asked.operation.id.clone(),
            results,
        })
    }
}

/// An act as it was asked for.
struct Asked<'a> {
    by: &'a Person,
    action: Action,
    items: &'a [Item],
    reason: Option<&'a str>,
    operation: &'a Operation,
}

/// Conversations are locked by id, whatever the order they were named in: two requests never wait for
/// each other in a circle.
fn in_order_of_ids(items: &[Item]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| items[a].id.cmp(&items[b].id));
    order
}

impl Writing<'_> {
    async fn act_on(&mut self, team: &Team, asked: &Asked<'_>, item: &Item) -> Result<Acted> {
        let held = self.hold(&item.id).await?;
        let Some(mut stored) = held.filter(|c| team.can_see(asked.by, &c.facts.standing())) else {
            return Ok(Acted {
                id: item.id.clone(),
                outcome: Outcome::NotFound,
                conversation: None,
            });
        };
        let verdict = match asked.action {
            Action::Unassign => action::unassign(team, asked.by, &stored.facts, &item.expected),
            Action::Take => action::take(asked.by, &stored.facts, &item.expected),
            _ => Verdict::Refused(Refusal::NotYetAvailable),
        };
        if let Verdict::Do(change) = &verdict {
            let act = Some((asked.operation, asked.action));
            self.reassign(&mut stored, change, Some(asked.by), asked.reason, act)
                .await?;
        }
        Ok(Acted {
            id: item.id.clone(),
            outcome: Outcome::of(&verdict),
            conversation: Some(stored).filter(|c| team.can_see(asked.by, &c.facts.standing())),
        })
    }

    /// Writes a change of assignee and everything that goes with it. `act`: under which operation, if
    /// undo may take it back. `by`: nobody if the desk itself does it.
    pub(super) async fn reassign(
        &mut self,
        stored: &mut Stored,
        change: &Change,
        by: Option<&Person>,
        reason: Option<&str>,
        act: Option<(&Operation, Action)>,
    ) -> Result<()> {
        let after = stored.facts.changed(change);
        self.change(&stored.facts, &after).await?;
        self.happened(Happened {
            conversation: after.id.clone(),
            before: Some(stored.facts.standing()),
            after: after.standing(),
            message: 0,
            by: by.map(|by| by.id.clone()),
            cause: Some(change.cause),
            reason: reason.map(keepable),
            act: act.map(|(operation, action)| Acting {
                operation: operation.id.clone(),
                action,
                version: after.version,
            }),
            noted: None,
        });
        stored.facts = after;
        Ok(())
    }
}
