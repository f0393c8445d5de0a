//! What some people have, and conversations by their ids.

use std::collections::HashMap;

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{
    Result, Store, StoreError, branch,
    conversation::{COLUMNS, Stored, read},
    cursor::{Bound, Way},
    holding::Holding,
    sight::{Seen, Sight},
    walk::walk,
};
use crate::domain::{
    id::{ConversationId, UserId},
    person::Person,
};

/// How many conversations of people are looked into at once.
pub const LOOKED_INTO: usize = 20_000;
/// How many ids one query asks for.
const AT_ONCE: usize = 500;

impl Store {
    /// The open conversations of these people that `viewer` sees in lists, in the order of the list.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if they are more than [`LOOKED_INTO`], or the database's.
    pub async fn held_by(&self, viewer: &Person, people: &[UserId]) -> Result<Vec<Stored>> {
        let directory = self.directory();
        let team = &directory.team;
        let sight = Sight { team, viewer };
        let mut at_once = self.snapshot().await?;
        let everybody = self.kept.holdings(&mut at_once).await?;
        let known = sight.known(&everybody, None);
        let theirs = |holding: &Holding, seen: Seen| {
            let assignee = holding.assignee.as_ref();
            seen.lists && assignee.is_some_and(|a| people.contains(a))
        };
        let all: u64 = known
            .each()
            .filter(|(holding, seen)| theirs(holding, *seen))
            .map(|(holding, _)| holding.n)
            .sum();
        if all > LOOKED_INTO as u64 {
            return Err(StoreError::TooMany(LOOKED_INTO));
        }
        let branches = branch::branches(&known, theirs);
        let from_the_top = (&Bound::top(), Way::Down);
        let held = walk(&mut at_once, &branches, &[], from_the_top, LOOKED_INTO).await?;
        at_once.rollback().await?;
        Ok(held.rows)
    }

    /// The conversations of these ids, as far as there are any, whoever asks.
    ///
    /// # Errors
    /// The database's.
    pub async fn these(&self, ids: &[ConversationId]) -> Result<HashMap<ConversationId, Stored>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut at_once = self.snapshot().await?;
        let found = these(&mut at_once, ids).await?;
        at_once.rollback().await?;
        Ok(found)
    }
}

/// [`Store::these`], of the moment of a transaction.
pub(super) async fn these(
    tx: &mut Transaction<'static, Any>,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Stored>> {
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let sql = format!(
            "SELECT {COLUMNS} FROM conversation c WHERE c.id IN ({})",
            places(1, some.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for id in some {
            query = query.bind(id.as_str());
        }
        for row in query.fetch_all(&mut **tx).await? {
            let stored = read(&row)?;
            found.insert(stored.facts.id.clone(), stored);
        }
    }
    Ok(found)
}

/// So many placeholders from `$first` on.
pub(super) fn places(first: usize, many: usize) -> String {
    let places: Vec<String> = (first..first + many).map(|n| format!("${n}")).collect();
    places.join(", ")
}
