//! Messages: what customer and team wrote to each other.

use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};

use super::{
    Result, Store, StoreError,
    conversation::{
        LastMessage, Stored, delivery, delivery_word, direction, direction_word, preview,
    },
    database::{id, name_of, nobody, signed},
    writing::Writing,
};
use crate::domain::{
    id::{ConversationId, MessageId, UserId},
    message::{Delivery, Direction},
    moment::Moment,
};

pub use crate::wire::message::Attachment;

/// A message as the database keeps it; its text is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Which message: its conversation and its number there.
    pub id: MessageId,
    /// From the customer or from us.
    pub direction: Direction,
    /// All of what it says.
    pub body: String,
    /// When it was written.
    pub at: Moment,
    /// Which of us wrote it; `None` for the customer's, and for a bot's.
    pub sender: Option<UserId>,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// A page of messages, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// The messages, newest first.
    pub items: Vec<Message>,
    /// The `before` of the page of older ones, or the `after` of the newer ones if that is where it went; `None` if
    /// there are none.
    pub next: Option<String>,
}

/// The `after` of the oldest page.
pub const START: &str = "start";

impl Store {
    /// Messages of a conversation, newest first: the newest `limit` of those before `before` and after `after`
    /// (message ids), where given; of those after `after` alone, which may also be [`START`], the oldest `limit`, so
    /// that pages go both ways. Who may read them is the caller's to ask ([`Store::visible`]).
    ///
    /// # Errors
    /// [`StoreError::NotACursor`] if a bound is no message id of this conversation, or the database's.
    pub async fn messages(
        &self,
        conversation: &ConversationId,
        before: Option<&str>,
        after: Option<&str>,
        limit: u16,
    ) -> Result<MessagePage> {
        let bound = |text: Option<&str>, none| {
            text.map_or(Some(none), |text| number(conversation, text))
                .ok_or(StoreError::NotACursor)
        };
        let forth = after.is_some() && before.is_none();
        let after = after.filter(|after| *after != START);
        let order = if forth { "" } else { "DESC " };
        let sql = format!(
            "SELECT {COLUMNS} FROM message WHERE conversation = $1 AND n < $2 AND n > $3 \
             ORDER BY n {order}LIMIT 0 + $4"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(conversation.as_str())
            .bind(bound(before, i64::MAX)?)
            .bind(bound(after, 0)?)
            .bind(i64::from(limit) + 1)
            .fetch_all(&self.readers)
            .await?;
        let mut items: Vec<Message> = rows
            .iter()
            .take(limit.into())
            .map(|row| read(conversation, row))
            .collect::<Result<_>>()?;
        let more = rows.len() > items.len();
        let next = items.last().filter(|_| more).map(|m| m.id.to_string());
        if forth {
            items.reverse();
        }
        Ok(MessagePage { items, next })
    }

    /// Messages of a conversation, oldest first: the first `limit` of those after the one of that number. Who may read
    /// them is the caller's to ask.
    ///
    /// # Errors
    /// The database's.
    pub async fn messages_from(
        &self,
        conversation: &ConversationId,
        after: u64,
        limit: u16,
    ) -> Result<Vec<Message>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM message WHERE conversation = $1 AND n > $2 ORDER BY n LIMIT 0 + $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(conversation.as_str())
            .bind(signed(after))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| read(conversation, row)).collect()
    }

    /// One message of a conversation, whole; `None` if it has no such message.
    ///
    /// # Errors
    /// The database's.
    pub async fn message(
        &self,
        conversation: &ConversationId,
        id: &MessageId,
    ) -> Result<Option<Message>> {
        let Some(n) = number(conversation, id.as_str()) else {
            return Ok(None);
        };
        let sql = format!("SELECT {COLUMNS} FROM message WHERE conversation = $1 AND n = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(conversation.as_str())
            .bind(n)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(|row| read(conversation, row)).transpose()
    }
}

/// The id of a conversation's message of that number.
pub(super) fn message_id(conversation: &ConversationId, n: i64) -> Result<MessageId> {
    id("a message", &format!("{conversation}-{n}"))
}

/// The number of a message of that conversation; `None` if it is none of its.
pub(super) fn number(conversation: &ConversationId, message: &str) -> Option<i64> {
    let n = message
        .strip_prefix(conversation.as_str())?
        .strip_prefix('-')?;
    n.parse().ok().filter(|n| *n > 0)
}

const COLUMNS: &str = "n, direction, body, at, sender, delivery, attachments";

fn read(conversation: &ConversationId, row: &AnyRow) -> Result<Message> {
    let attachments: &str = row.try_get(6)?;
    Ok(Message {
        id: message_id(conversation, row.try_get(0)?)?,
        direction: direction(row.try_get(1)?)?,
        body: row.try_get(2)?,
        at: Moment(row.try_get(3)?),
        sender: nobody(row.try_get(4)?)?,
        delivery: delivery(row.try_get(5)?),
        attachments: match attachments {
            "" => Vec::new(),
            json => {
                serde_json::from_str(json).map_err(|_| StoreError::corrupt("attachments", json))?
            }
        },
    })
}

impl Writing<'_> {
    /// Writes a message as the newest of its conversation; `stored` is as it was before, and is since.
    pub(super) async fn write_message(
        &mut self,
        stored: &mut Stored,
        message: Message,
    ) -> Result<i64> {
        let n = signed(stored.messages + 1);
        let conversation = stored.facts.id.clone();
        let insert = "INSERT INTO message (conversation, n, direction, body, at, sender, delivery, \
                      attachments) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.index_text(&conversation, n, &message.body).await?;
        let last = LastMessage {
            direction: message.direction,
            preview: preview(&message.body, &message.attachments),
            at: message.at,
            delivery: message.delivery,
        };
        sqlx::query(insert)
            .bind(conversation.as_str())
            .bind(n)
            .bind(direction_word(message.direction))
            .bind(message.body)
            .bind(message.at.0)
            .bind(name_of(message.sender.as_ref()))
            .bind(delivery_word(message.delivery))
            .bind(attachments_json(&message.attachments))
            .execute(&mut *self.tx)
            .await?;
        if message.direction == Direction::In {
            stored.customer_wrote_at = Some(message.at);
        }
        let update = "UPDATE conversation SET messages = $1, last_direction = $2, last_preview = $3, \
                      last_at = $4, last_delivery = $5, customer_at = $6 WHERE id = $7";
        sqlx::query(update)
            .bind(n)
            .bind(direction_word(last.direction))
            .bind(last.preview.as_str())
            .bind(last.at.0)
            .bind(delivery_word(last.delivery))
            .bind(stored.customer_wrote_at.map(|at| at.0))
            .bind(conversation.as_str())
            .execute(&mut *self.tx)
            .await?;
        stored.last_message = Some(last);
        stored.messages += 1;
        Ok(n)
    }
}

/// Attachments as a column keeps them; the empty text for none.
pub(super) fn attachments_json(attachments: &[Attachment]) -> String {
    if attachments.is_empty() {
        return String::new();
    }
    serde_json::to_string(attachments).expect("texts and numbers are JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_another_conversation_is_none_of_ours() {
        let ours = ConversationId::parse("A-1").unwrap();
        let ninth = message_id(&ours, 9).unwrap();
        assert_eq!(number(&ours, ninth.as_str()), Some(9));
        for other in ["A-1", "A-1-", "A-1-0", "A-1-x", "A-19", "B-1-9", ""] {
            assert_eq!(number(&ours, other), None, "{other}");
        }
    }
}
