//! Erasing what a customer wrote and who they were, because they asked for it or because it was kept long enough.
//!
//! Words and addresses go: of the contact, of every message, of notes, reasons and previews, and out of the index of
//! words. What stays is that there was a conversation and what the team did to it, by ids, so that the chain of the
//! history still holds (R37). An entry of the blocklist keeps its address, since its whole purpose is that nothing is
//! sent there (S5).

use std::collections::BTreeSet;

use super::{
    Result, Store,
    database::{Kind, id, micros, whole},
    random, text,
    writing::{Happened, Line, Writing},
};
use crate::domain::{id::ConversationId, moment::Moment};

/// What stands in the place of what was written.
pub(super) const ERASED: &str = "(erased)";
/// How many conversations one transaction erases.
const AT_ONCE: usize = 50;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// How many contacts, name and address.
    pub contacts: usize,
    /// How many conversations, with all that was written in them.
    pub conversations: usize,
    /// How many stay, because a message of theirs is still on its way to the customer.
    pub on_their_way: usize,
    /// How many entries of the blocklist keep the address.
    pub blocked: usize,
}

impl Store {
    /// What erasing would be about: how many contacts have this address, and how many conversations these have.
    ///
    /// # Errors
    /// The database's.
    pub async fn about(&self, address: &str, channel: Option<&str>) -> Result<Erasure> {
        let sql = "SELECT COUNT(DISTINCT k.id), COUNT(c.id) FROM contact k \
                   LEFT JOIN conversation c ON c.contact = k.id \
                   WHERE k.address = $1 AND ($2 = '' OR k.channel = $2)";
        let (contacts, conversations): (i64, i64) = sqlx::query_as(sql)
            .bind(address)
            .bind(channel.unwrap_or_default())
            .fetch_one(&self.readers)
            .await?;
        Ok(Erasure {
            contacts: usize::try_from(contacts).unwrap_or_default(),
            conversations: usize::try_from(conversations).unwrap_or_default(),
            ..Erasure::default()
        })
    }

    /// Erases the contacts with this address, in one channel or in all, and their conversations. One with a message on
    /// its way stays as it is, and with it its contact: it is erased when that has arrived or was given up.
    ///
    /// # Errors
    /// The database's; what was erased until then stays erased.
    pub async fn erase(&self, address: &str, channel: Option<&str>) -> Result<Erasure> {
        let sql =
            "SELECT id FROM contact WHERE address = $1 AND ($2 = '' OR channel = $2) ORDER BY id";
        let contacts: Vec<String> = sqlx::query_scalar(sql)
            .bind(address)
            .bind(channel.unwrap_or_default())
            .fetch_all(&self.readers)
            .await?;
        let mut erasure = Erasure::default();
        for contact in &contacts {
            let sql = "SELECT id FROM conversation WHERE contact = $1 ORDER BY id";
            let ids = self.ids(sql, contact).await?;
            self.erase_these(&ids, &mut erasure).await?;
        }
        let sql = "SELECT COUNT(*) FROM blocked WHERE address = $1 AND ($2 = '' OR channel = $2)";
        let blocked: i64 = sqlx::query_scalar(sql)
            .bind(address)
            .bind(channel.unwrap_or_default())
            .fetch_one(&self.readers)
            .await?;
        erasure.blocked = usize::try_from(blocked).unwrap_or_default();
        self.scrub().await?;
        Ok(erasure)
    }

    /// Erases conversations that are closed and in which nothing was written since `before`.
    ///
    /// # Errors
    /// As [`Store::erase`].
    pub async fn erase_closed_before(&self, before: Moment) -> Result<Erasure> {
        let sql = "SELECT c.id FROM conversation c JOIN contact k ON k.id = c.contact \
                   WHERE c.open = 0 AND c.last_at < $1 AND k.address NOT LIKE '(erased) %' ORDER BY c.id";
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(before.0)
            .fetch_all(&self.readers)
            .await?;
        let ids = ids.iter().map(|text| id("a conversation", text));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        let mut erasure = Erasure::default();
        self.erase_these(&ids, &mut erasure).await?;
        if erasure.conversations > 0 {
            self.scrub().await?;
        }
        Ok(erasure)
    }

    /// So many days ago.
    #[must_use]
    pub fn days_ago(&self, days: u32) -> Moment {
        let kept = std::time::Duration::from_secs(u64::from(days) * 24 * 3600);
        Moment(self.now().0.saturating_sub(micros(kept)))
    }

    async fn ids(&self, sql: &'static str, of: &str) -> Result<Vec<ConversationId>> {
        let ids: Vec<String> = sqlx::query_scalar(sql)
            .bind(of)
            .fetch_all(&self.readers)
            .await?;
        ids.iter().map(|text| id("a conversation", text)).collect()
    }

    async fn erase_these(&self, ids: &[ConversationId], erasure: &mut Erasure) -> Result<()> {
        for some in ids.chunks(AT_ONCE) {
            let (erased, contacts) = whole(|| self.erase_at_once(some)).await?;
            erasure.conversations += erased;
            erasure.on_their_way += some.len() - erased;
            erasure.contacts += contacts;
        }
        Ok(())
    }

    async fn erase_at_once(&self, ids: &[ConversationId]) -> Result<(usize, usize)> {
        let mut writing = self.write().await?;
        let mut contacts = BTreeSet::new();
        let mut erased = 0;
        for (conversation, stored) in writing.hold_all(ids).await? {
            if !writing.is_on_its_way(&conversation).await? {
                contacts.insert(writing.contact_of(&conversation).await?);
                writing.erase_words(&conversation).await?;
                let before = stored.facts;
                let mut after = before.clone();
                after.version += 1;
                writing.change(&before, &after);
                writing.happened(Happened {
                    conversation,
                    before: Some(before.standing()),
                    after: after.standing(),
                    message: 0,
                    by: None,
                    cause: None,
                    reason: None,
                    act: None,
                    lines: vec![Line {
                        kind: "erase",
                        became: "erased".to_owned(),
                        ..Line::default()
                    }],
                });
                erased += 1;
            }
        }
        let mut gone = 0;
        for contact in contacts {
            gone += usize::from(writing.erase_contact(&contact).await?);
        }
        writing.commit().await?;
        Ok((erased, gone))
    }

    /// Takes what was erased out of the database's files as well, as far as it can.
    async fn scrub(&self) -> Result<()> {
        match self.kind {
            // What is overwritten stays in the write-ahead log until that is emptied.
            Kind::Sqlite => {
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                    .execute(&self.writer)
                    .await?;
            }
            Kind::Postgres => {
                for table in [
                    "message",
                    "message_text",
                    "contact",
                    "contact_word",
                    "conversation",
                    "history_words",
                ] {
                    let sql = format!("VACUUM {table}");
                    sqlx::query(sqlx::AssertSqlSafe(sql))
                        .execute(&self.writer)
                        .await?;
                }
            }
        }
        Ok(())
    }
}

impl Writing<'_> {
    async fn is_on_its_way(&mut self, conversation: &ConversationId) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM outbox WHERE conversation = $1";
        let count: i64 = sqlx::query_scalar(sql)
            .bind(conversation.as_str())
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(count > 0)
    }

    async fn contact_of(&mut self, conversation: &ConversationId) -> Result<String> {
        let sql = "SELECT contact FROM conversation WHERE id = $1";
        Ok(sqlx::query_scalar(sql)
            .bind(conversation.as_str())
            .fetch_one(&mut *self.tx)
            .await?)
    }

    /// Everything that was written in a conversation, and the customer's name and address as it shows them.
    async fn erase_words(&mut self, conversation: &ConversationId) -> Result<()> {
        let sql = "SELECT n, body FROM message WHERE conversation = $1";
        let messages: Vec<(i64, String)> = sqlx::query_as(sql)
            .bind(conversation.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        for (n, body) in messages {
            text::reindex(
                &mut self.tx,
                self.store.kind,
                (conversation, n),
                &body,
                ERASED,
            )
            .await?;
        }
        for sql in [
            "UPDATE message SET body = '(erased)', attachments = '' WHERE conversation = $1",
            "UPDATE conversation SET contact_name = '', contact_address = '(erased)', \
             last_preview = CASE WHEN last_direction = '' THEN '' ELSE '(erased)' END WHERE id = $1",
            "DELETE FROM history_words WHERE history IN (SELECT id FROM history WHERE conversation = $1)",
            "UPDATE log SET reason = '' WHERE conversation = $1 AND reason <> ''",
            "DELETE FROM draft WHERE conversation = $1",
        ] {
            sqlx::query(sql)
                .bind(conversation.as_str())
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    /// A contact none of whose conversations says any more who it is. Its id was made of its address, so that it gets
    /// another one. Answers whether it was that.
    async fn erase_contact(&mut self, contact: &str) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM conversation WHERE contact = $1 AND contact_address <> '(erased)'";
        let others: i64 = sqlx::query_scalar(sql)
            .bind(contact)
            .fetch_one(&mut *self.tx)
            .await?;
        if others > 0 {
            return Ok(false);
        }
        let nobody = random::letters(32)?;
        let address = format!("{ERASED} {nobody}");
        for (sql, values) in [
            (
                "INSERT INTO contact (id, owner, channel, address, name) \
                 SELECT $1, owner, channel, $2, '' FROM contact WHERE id = $3",
                &[nobody.as_str(), &address, contact][..],
            ),
            (
                "UPDATE conversation SET contact = $1 WHERE contact = $2",
                &[&nobody, contact],
            ),
            ("DELETE FROM contact_word WHERE contact = $1", &[contact]),
            ("DELETE FROM contact WHERE id = $1", &[contact]),
        ] {
            let mut query = sqlx::query(sql);
            for value in values {
                query = query.bind((*value).to_owned());
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(true)
    }
}
