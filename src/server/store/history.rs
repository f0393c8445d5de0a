//! What the team did, for good (U9, P3).

use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};

use super::{
    Result, Store, StoreError,
    database::{nobody, signed},
    message::START,
};
use crate::domain::{
    id::{ConversationId, UserId},
    moment::Moment,
};

/// One thing the team did to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// Its place in the desk's history.
    pub id: u64,
    /// When.
    pub at: Moment,
    /// `assignee`, `queue`, `state`, `status`, `note` …
    pub kind: String,
    /// Who did it; `None` for the desk itself, or a customer.
    pub by: Option<UserId>,
    /// What it was: for `assignee` a user's id, for `queue` a queue's; `None` if nothing.
    pub from: Option<String>,
    /// What it is since, likewise.
    pub to: Option<String>,
    /// Through what (U9).
    pub cause: Option<String>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// A note's words.
    pub body: Option<String>,
}

/// A page of history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryPage {
    /// What was done, newest first.
    pub items: Vec<HistoryItem>,
    /// Where it goes on: the `before` of the page of older ones, or the `after` of what was done later; `None` if there
    /// is no more.
    pub next: Option<String>,
}

impl Store {
    /// What the team did to a conversation, newest first; only what was done before the item `before`, if one is given.
    /// Who may read it is the caller's to ask.
    ///
    /// # Errors
    /// [`StoreError::NotACursor`] if `before` is none, or the database's.
    pub async fn history(
        &self,
        conversation: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> Result<HistoryPage> {
        let before = before.map_or(Ok(i64::MAX), number)?;
        let which = "h.id < $2 ORDER BY h.id DESC";
        self.history_page(conversation, which, before, limit).await
    }

    /// What the team did to a conversation after the item `after`, or from the beginning on if it is [`START`]: the
    /// oldest of that, newest first; `next` is the `after` of what was done later.
    ///
    /// # Errors
    /// [`StoreError::NotACursor`] if `after` is none, or the database's.
    pub async fn history_after(
        &self,
        conversation: &ConversationId,
        after: &str,
        limit: u16,
    ) -> Result<HistoryPage> {
        let after = if after == START { 0 } else { number(after)? };
        let which = "h.id > $2 ORDER BY h.id";
        let mut page = self.history_page(conversation, which, after, limit).await?;
        page.items.reverse();
        Ok(page)
    }

    async fn history_page(
        &self,
        conversation: &ConversationId,
        which: &str,
        bound: i64,
        limit: u16,
    ) -> Result<HistoryPage> {
        let sql = format!(
            "SELECT h.id, h.at, h.kind, h.by_person, h.was, h.became, h.cause, w.reason, w.body \
             FROM history h LEFT JOIN history_words w ON w.history = h.id \
             WHERE h.conversation = $1 AND {which} LIMIT 0 + $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(conversation.as_str())
            .bind(bound)
            .bind(i64::from(limit) + 1)
            .fetch_all(&self.readers)
            .await?;
        let items: Vec<HistoryItem> = rows
            .iter()
            .take(limit.into())
            .map(read)
            .collect::<Result<_>>()?;
        let more = rows.len() > items.len();
        let next = items.last().filter(|_| more);
        Ok(HistoryPage {
            next: next.map(|item| item.id.to_string()),
            items,
        })
    }
}

impl Store {
    /// Notes on a conversation, oldest first: the first `limit` of those after that place in the desk's history. Who may
    /// read them is the caller's to ask.
    ///
    /// # Errors
    /// The database's.
    pub async fn notes_from(
        &self,
        conversation: &ConversationId,
        after: u64,
        limit: u16,
    ) -> Result<Vec<HistoryItem>> {
        let sql = "SELECT h.id, h.at, h.kind, h.by_person, h.was, h.became, h.cause, w.reason, w.body \
                   FROM history h LEFT JOIN history_words w ON w.history = h.id \
                   WHERE h.conversation = $1 AND h.id > $2 AND h.kind = 'note' ORDER BY h.id LIMIT 0 + $3";
        let rows = sqlx::query(sql)
            .bind(conversation.as_str())
            .bind(signed(after))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read).collect()
    }
}

fn number(cursor: &str) -> Result<i64> {
    cursor.parse().map_err(|_| StoreError::NotACursor)
}

fn read(row: &AnyRow) -> Result<HistoryItem> {
    let text = |column: usize| -> Result<Option<String>> {
        let text: Option<String> = row.try_get(column)?;
        Ok(text.filter(|text| !text.is_empty()))
    };
    Ok(HistoryItem {
        id: row.try_get::<i64, _>(0)?.unsigned_abs(),
        at: Moment(row.try_get(1)?),
        kind: row.try_get(2)?,
        by: nobody(row.try_get(3)?)?,
        from: text(4)?,
        to: text(5)?,
        cause: text(6)?,
        reason: text(7)?,
        body: text(8)?,
    })
}
