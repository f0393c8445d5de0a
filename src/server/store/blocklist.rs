//! The blocklist: contacts nothing is sent to (S5).

use sqlx::{Any, Row as _, Transaction};

use super::{
    Operation, Result, Store, conversation::Stored, database::nobody, window, writing::Writing,
};
use crate::domain::{
    access::Team,
    action::Circumstances,
    id::{OrganisationId, UserId},
    moment::Moment,
    person::Person,
};

/// A contact on the blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Whose list it is on: that of the organisation that owns the contact's queues.
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
        let around =
            circumstances(&mut at_once, &self.directory().team, stored, self.now()).await?;
        at_once.rollback().await?;
        Ok(around)
    }
}

async fn circumstances(
    tx: &mut Transaction<'static, Any>,
    team: &Team,
    stored: &Stored,
    now: Moment,
) -> Result<Circumstances> {
    let sql = "SELECT COUNT(*) FROM blocked WHERE owner = $1 AND channel = $2 AND address = $3 \
               AND (until_at IS NULL OR until_at > $4)";
    let found: i64 = sqlx::query_scalar(sql)
        .bind(owner_of(team, stored))
        .bind(stored.channel.as_str())
        .bind(stored.contact_address.as_str())
        .bind(now.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Circumstances {
        blocked: found > 0,
        window_closed: window::is_closed(tx, &stored.facts.id, now).await?,
    })
}

/// Whose contact it is. Queues are never forgotten, so that there is always one.
fn owner_of<'a>(team: &'a Team, stored: &Stored) -> &'a str {
    let queue = team.queues.get(&stored.facts.queue);
    queue.map_or("", |queue| queue.owner.as_str())
}

impl Writing<'_> {
    pub(super) async fn circumstances(
        &mut self,
        team: &Team,
        stored: &Stored,
    ) -> Result<Circumstances> {
        circumstances(&mut self.tx, team, stored, self.now).await
    }

    /// Puts a conversation's contact on the blocklist, or changes until when.
    pub(super) async fn block(
        &mut self,
        team: &Team,
        stored: &Stored,
        until: Option<Moment>,
        by: &Person,
        operation: &Operation,
    ) -> Result<()> {
        let sql = "INSERT INTO blocked (owner, channel, address, until_at, at, by_person, operation) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (owner, channel, address) \
                   DO UPDATE SET until_at = $4, at = $5, by_person = $6, operation = $7";
        sqlx::query(sql)
            .bind(owner_of(team, stored))
            .bind(stored.channel.as_str())
            .bind(stored.contact_address.as_str())
            .bind(until.map(|until| until.0))
            .bind(self.now.0)
            .bind(by.id.as_str())
            .bind(operation.id.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Takes a conversation's contact from the blocklist.
    pub(super) async fn unblock(&mut self, team: &Team, stored: &Stored) -> Result<()> {
        let sql = "DELETE FROM blocked WHERE owner = $1 AND channel = $2 AND address = $3";
        sqlx::query(sql)
            .bind(owner_of(team, stored))
            .bind(stored.channel.as_str())
            .bind(stored.contact_address.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
