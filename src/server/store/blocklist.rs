//! The blocklist: contacts nothing is sent to (S5).

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::{Operation, Result, Store, conversation::Stored, database::nobody, writing::Writing};
use crate::domain::{
    action::Circumstances,
    id::{ConversationId, OperationId, OrganisationId, UserId},
    moment::Moment,
    person::Person,
};

/// A contact on the blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Whose list it is on: that of the organisation whose contact it is.
    pub owner: OrganisationId,
    /// The channel, by name.
    pub channel: String,
    /// The identifier within the channel.
    pub address: String,
    /// Until when; `None`: for good.
    pub until: Option<Moment>,
    /// Since when.
    pub at: Moment,
    /// Who put it there; `None`: the customer's own STOP.
    pub by: Option<UserId>,
}

impl Store {
    /// The contacts on the blocklists of the organisations that `viewer` works for: those that own a queue they
    /// have access to. Those whose time has passed are not among them.
    ///
    /// # Errors
    /// The database's.
    pub async fn blocklist(&self, viewer: &Person) -> Result<Vec<Blocked>> {
        let directory = self.directory();
        let sql = "SELECT owner, channel, address, until_at, at, by_person FROM blocked \
                   WHERE until_at IS NULL OR until_at > $1 ORDER BY owner, channel, address";
        let rows = sqlx::query(sql)
            .bind(self.now().0)
            .fetch_all(&self.readers)
            .await?;
        let all = rows.iter().map(|row| {
            Ok(Blocked {
                owner: super::database::id("an organisation", row.try_get(0)?)?,
                channel: row.try_get(1)?,
                address: row.try_get(2)?,
                until: row.try_get::<Option<i64>, _>(3)?.map(Moment),
                at: Moment(row.try_get(4)?),
                by: nobody(row.try_get(5)?)?,
            })
        });
        let team = &directory.team;
        let works_for = |owner: &OrganisationId| {
            let mut queues = team.queues.values();
            viewer.permissions.conversations
                && queues.any(|q| q.owner == *owner && team.has_access(viewer, q))
        };
        let all: Vec<Blocked> = all.collect::<Result<_>>()?;
        Ok(all.into_iter().filter(|b| works_for(&b.owner)).collect())
    }

    /// What of a conversation its own facts do not tell.
    ///
    /// # Errors
    /// The database's.
    pub async fn circumstances(&self, stored: &Stored) -> Result<Circumstances> {
        let mut at_once = self.snapshot().await?;
        let around = circumstances(&mut at_once, &stored.facts.id, self.now()).await?;
        at_once.rollback().await?;
        Ok(around)
    }
}

async fn circumstances(
    tx: &mut Transaction<'static, Any>,
    conversation: &ConversationId,
    now: Moment,
) -> Result<Circumstances> {
    let sql = "SELECT COUNT(*) FROM conversation c JOIN contact k ON k.id = c.contact \
               JOIN blocked b ON b.owner = k.owner AND b.channel = k.channel AND b.address = k.address \
               WHERE c.id = $1 AND (b.until_at IS NULL OR b.until_at > $2)";
    let found: i64 = sqlx::query_scalar(sql)
        .bind(conversation.as_str())
        .bind(now.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Circumstances { blocked: found > 0 })
}

/// The row of a conversation's contact, whichever queue the conversation was moved to since: `$1` is the conversation.
const OF_CONTACT: &str = "WHERE EXISTS (SELECT 1 FROM conversation c JOIN contact k ON k.id = c.contact \
     WHERE c.id = $1 AND k.owner = blocked.owner AND k.channel = blocked.channel \
     AND k.address = blocked.address)";

impl Writing<'_> {
    pub(super) async fn circumstances(
        &mut self,
        conversation: &ConversationId,
    ) -> Result<Circumstances> {
        circumstances(&mut self.tx, conversation, self.now).await
    }

    /// Puts a conversation's contact on the blocklist, in the place of one whose time has passed.
    pub(super) async fn block(
        &mut self,
        conversation: &ConversationId,
        until: Option<Moment>,
        by: &Person,
        operation: &Operation,
    ) -> Result<()> {
        let sql = "INSERT INTO blocked (owner, channel, address, until_at, at, by_person, operation) \
                   SELECT k.owner, k.channel, k.address, CAST($2 AS BIGINT), CAST($3 AS BIGINT), \
                   CAST($4 AS TEXT), CAST($5 AS TEXT) FROM conversation c JOIN contact k ON k.id = c.contact \
                   WHERE c.id = $1 ON CONFLICT (owner, channel, address) DO UPDATE \
                   SET until_at = excluded.until_at, at = excluded.at, by_person = excluded.by_person, \
                   operation = excluded.operation";
        sqlx::query(sql)
            .bind(conversation.as_str())
            .bind(until.map(|until| until.0))
            .bind(self.now.0)
            .bind(by.id.as_str())
            .bind(operation.id.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Takes a conversation's contact from the blocklist.
    pub(super) async fn unblock(&mut self, conversation: &ConversationId) -> Result<()> {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM blocked {OF_CONTACT}")))
            .bind(conversation.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Takes a conversation's contact from the blocklist, if it is there by this very operation; answers whether.
    pub(super) async fn unblock_what_was(
        &mut self,
        conversation: &ConversationId,
        by: &Person,
        operation: &OperationId,
    ) -> Result<bool> {
        let sql = format!("DELETE FROM blocked {OF_CONTACT} AND by_person = $2 AND operation = $3");
        let gone = sqlx::query(AssertSqlSafe(sql))
            .bind(conversation.as_str())
            .bind(by.id.as_str())
            .bind(operation.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(gone.rows_affected() > 0)
    }
}
