//! What is known of a conversation's contact, as far as somebody may see it (P3).

use sqlx::{AssertSqlSafe, Row as _};

use super::{
    Result, Store,
    conversation::{COLUMNS, Stored, read},
    database::nobody,
};
use crate::domain::{
    id::{ConversationId, UserId},
    moment::Moment,
    person::Person,
};

/// How many of a contact's conversations are looked at, the newest first.
const LOOKED_AT: i64 = 500;

/// What is known of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// When this conversation began.
    pub began: Moment,
    /// When the first of the contact's conversations that the viewer may see began: nothing of the others leaks (V8).
    pub first_seen: Moment,
    /// The others that the viewer may see, closed ones too, those that began last first.
    pub others: Vec<Stored>,
    /// Why nothing is sent to it, if nothing is.
    pub blocked: Option<Blocking>,
}

/// That a contact is on the blocklist (S5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// Since when.
    pub at: Moment,
    /// Until when; `None`: for good.
    pub until: Option<Moment>,
    /// Who put it there; `None`: the customer's own STOP.
    pub by: Option<UserId>,
}

impl Store {
    /// What `viewer` may know of the contact of a conversation; `None` if it is not there or not theirs to see (V8).
    ///
    /// # Errors
    /// The database's.
    pub async fn known(&self, viewer: &Person, id: &ConversationId) -> Result<Option<Known>> {
        let directory = self.directory();
        let sql = format!(
            "SELECT {COLUMNS}, c.began_at FROM conversation c \
             WHERE c.contact = (SELECT contact FROM conversation WHERE id = $1) \
             ORDER BY CASE WHEN c.id = $2 THEN 0 ELSE 1 END, c.began_at DESC, c.id DESC LIMIT 0 + $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.as_str())
            .bind(id.as_str())
            .bind(LOOKED_AT)
            .fetch_all(&self.readers)
            .await?;
        let mut seen = Vec::new();
        for row in &rows {
            let stored = read(row)?;
            if directory.team.can_see(viewer, &stored.facts.standing()) {
                seen.push((Moment(row.try_get("began_at")?), stored));
            }
        }
        let Some(first_seen) = seen.iter().map(|(began, _)| *began).min() else {
            return Ok(None);
        };
        let mut seen = seen.into_iter();
        let Some((began, _)) = seen.next().filter(|(_, first)| first.facts.id == *id) else {
            return Ok(None);
        };
        Ok(Some(Known {
            began,
            first_seen,
            others: seen.map(|(_, stored)| stored).collect(),
            blocked: self.blocking(id).await?,
        }))
    }

    async fn blocking(&self, id: &ConversationId) -> Result<Option<Blocking>> {
        let sql = "SELECT b.at, b.until_at, b.by_person FROM conversation c \
                   JOIN contact k ON k.id = c.contact JOIN blocked b \
                   ON b.owner = k.owner AND b.channel = k.channel AND b.address = k.address \
                   WHERE c.id = $1 AND (b.until_at IS NULL OR b.until_at > $2)";
        let row = sqlx::query(sql)
            .bind(id.as_str())
            .bind(self.now().0)
            .fetch_optional(&self.readers)
            .await?;
        let blocking = row.map(|row| {
            Ok(Blocking {
                at: Moment(row.try_get(0)?),
                until: row.try_get::<Option<i64>, _>(1)?.map(Moment),
                by: nobody(row.try_get(2)?)?,
            })
        });
        blocking.transpose()
    }
}
