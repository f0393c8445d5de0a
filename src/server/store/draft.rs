//! Drafts that consoles keep, so that colleagues know of them (L3). Their words are on the consoles' hosts only.

use super::{Result, Store, database::id, writing::Writing};
use crate::domain::id::{ConversationId, UserId};

const DROP: &str = "DELETE FROM draft WHERE person = $1 AND conversation = $2";

impl Store {
    /// Every draft that is kept: whose, and where.
    ///
    /// # Errors
    /// The database's.
    pub async fn drafts(&self) -> Result<Vec<(UserId, ConversationId)>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT person, conversation FROM draft ORDER BY person, conversation")
                .fetch_all(&self.readers)
                .await?;
        rows.iter()
            .map(|(person, conversation)| {
                Ok((id("a person", person)?, id("a conversation", conversation)?))
            })
            .collect()
    }

    /// A draft is kept there from now on; one that is kept already is as old as it was.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_draft(&self, person: &UserId, conversation: &ConversationId) -> Result<()> {
        let sql = "INSERT INTO draft (person, conversation, since) VALUES ($1, $2, $3) \
                   ON CONFLICT (person, conversation) DO NOTHING";
        sqlx::query(sql)
            .bind(person.as_str())
            .bind(conversation.as_str())
            .bind(self.now().0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// No draft is kept there any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_draft(&self, person: &UserId, conversation: &ConversationId) -> Result<()> {
        sqlx::query(DROP)
            .bind(person.as_str())
            .bind(conversation.as_str())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

impl Writing<'_> {
    /// What was drafted is sent.
    pub(super) async fn drop_draft(
        &mut self,
        person: &UserId,
        conversation: &ConversationId,
    ) -> Result<()> {
        sqlx::query(DROP)
            .bind(person.as_str())
            .bind(conversation.as_str())
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
