//! What became of a message of ours (P1): as a gateway reports it, or as the outbox finds.

use super::{
    Result, Store,
    conversation::{Stored, delivery, delivery_word, direction},
    database::{signed, whole},
    message::number,
    writing::{Happened, Writing},
};
use crate::domain::{
    conversation::Conversation,
    id::ConversationId,
    message::{Delivery, Direction},
    moment::Moment,
    order::Waiting,
};

/// What a gateway's report came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It is written down.
    Done(ConversationId),
    /// It was known already, and nothing was done.
    Already(ConversationId),
    /// There is no such message of ours.
    NoSuchMessage,
}

impl Store {
    /// Writes down what became of a message of ours. The last report of a message counts: a mail that was delivered may
    /// come back later. Idempotent.
    ///
    /// # Errors
    /// The database's; then nothing changed.
    pub async fn report(&self, message: &str, became: Delivery) -> Result<Reported> {
        whole(|| self.report_at_once(message, became)).await
    }

    async fn report_at_once(&self, message: &str, became: Delivery) -> Result<Reported> {
        let Some((conversation, n)) = place(message) else {
            return Ok(Reported::NoSuchMessage);
        };
        let mut writing = self.write().await?;
        let Some(stored) = writing.hold(&conversation).await? else {
            return Ok(Reported::NoSuchMessage);
        };
        let Some(present) = writing.delivery_of(&conversation, n).await? else {
            return Ok(Reported::NoSuchMessage);
        };
        // Whatever it says, the gateway has it.
        sqlx::query("DELETE FROM outbox WHERE conversation = $1 AND n = $2")
            .bind(conversation.as_str())
            .bind(n)
            .execute(&mut *writing.tx)
            .await?;
        let news = present != became;
        if news {
            writing.settle(stored, n, became).await?;
        }
        writing.commit().await?;
        Ok(if news {
            Reported::Done(conversation)
        } else {
            Reported::Already(conversation)
        })
    }
}

/// The conversation and the number that a message's id is made of.
fn place(message: &str) -> Option<(ConversationId, i64)> {
    let (conversation, _) = message.rsplit_once('-')?;
    let conversation = ConversationId::parse(conversation).ok()?;
    let n = number(&conversation, message)?;
    Some((conversation, n))
}

impl Writing<'_> {
    /// How far a message of ours got; `None` if there is no such message, or it is the customer's.
    async fn delivery_of(
        &mut self,
        conversation: &ConversationId,
        n: i64,
    ) -> Result<Option<Delivery>> {
        let sql =
            "SELECT delivery FROM message WHERE conversation = $1 AND n = $2 AND direction = 'out'";
        let word: Option<String> = sqlx::query_scalar(sql)
            .bind(conversation.as_str())
            .bind(n)
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(word.and_then(|word| delivery(&word)))
    }

    /// Writes down what became of a message of a conversation that is held, and what that makes of the conversation: it
    /// waits for us again if the newest of ours failed, since the customer's first message that nobody answered (L1). It
    /// was not acted on (U5).
    pub(super) async fn settle(
        &mut self,
        mut stored: Stored,
        n: i64,
        became: Delivery,
    ) -> Result<()> {
        let conversation = stored.facts.id.clone();
        sqlx::query("UPDATE message SET delivery = $1 WHERE conversation = $2 AND n = $3")
            .bind(delivery_word(Some(became)))
            .bind(conversation.as_str())
            .bind(n)
            .execute(&mut *self.tx)
            .await?;
        if n == signed(stored.messages) {
            sqlx::query("UPDATE conversation SET last_delivery = $1 WHERE id = $2")
                .bind(delivery_word(Some(became)))
                .bind(conversation.as_str())
                .execute(&mut *self.tx)
                .await?;
        }
        let before = stored.facts.clone();
        let waiting = self.waiting(&conversation).await?;
        let waiting = waiting.unwrap_or(Waiting {
            unanswered: before.unanswered,
            since: before.since,
        });
        stored.facts = Conversation {
            unanswered: waiting.unanswered,
            since: waiting.since,
            version: before.version + 1,
            ..before.clone()
        };
        self.change(&before, &stored.facts);
        self.happened(Happened {
            conversation,
            before: Some(before.standing()),
            after: stored.facts.standing(),
            message: n,
            by: None,
            cause: None,
            reason: None,
            act: None,
            lines: Vec::new(),
        });
        Ok(())
    }

    /// Whether and since when a conversation waits for us, by its messages as they are now; `None` if it has none. Our
    /// last one that did not fail forgives all before it, so that it and the one after it say everything.
    async fn waiting(&mut self, conversation: &ConversationId) -> Result<Option<Waiting>> {
        let sql = "SELECT direction, delivery, at FROM message WHERE conversation = $1 AND n >= \
                   COALESCE((SELECT n FROM message WHERE conversation = $1 AND direction = 'out' \
                   AND delivery IN ('', 'pending', 'delivered') ORDER BY n DESC LIMIT 1), 0) \
                   ORDER BY n LIMIT 2";
        let said: Vec<(String, String, i64)> = sqlx::query_as(sql)
            .bind(conversation.as_str())
            .fetch_all(&mut *self.tx)
            .await?;
        let mut waiting = None;
        for (way, arrived, at) in said {
            let way: Direction = direction(&way)?;
            let next = Waiting::after(waiting, way, delivery(&arrived), Moment(at));
            waiting = Some(next);
        }
        Ok(waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messages_id_says_where_it_is() {
        let (conversation, n) = place("A-1-12").unwrap();
        assert_eq!((conversation.as_str(), n), ("A-1", 12));
        for none in [
            "",
            "A",
            "A-",
            "A-0",
            "A-x",
            "-1",
            "a b-1",
            "A-9999999999999999999",
        ] {
            assert_eq!(place(none), None, "{none}");
        }
    }
}
