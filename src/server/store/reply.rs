//! Replying to a customer, which makes an unassigned conversation one's own (A1, A5).

use super::{
    Message, Operation, Outcome, Result, Store,
    conversation::Stored,
    database::{keepable, signed, whole},
    message::{message_id, number},
    operation::{kept_line, kept_line_of},
    writing::{Acting, Happened, Line, Writing},
};
use crate::domain::{
    action::{self, Action, Expectation, Former, Verdict},
    conversation::Conversation,
    id::{ConversationId, MessageId},
    message::{Delivery, Direction},
    person::Person,
};

/// A reply to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says.
    pub body: String,
    /// Who is believed to have the conversation.
    pub expected: Expectation,
    /// The newest message its writer had seen; `None`: says nothing.
    pub seen: Option<MessageId>,
}

/// What came of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// `Done`: it is written, and on its way; else nothing changed. Never `Already`.
    pub outcome: Outcome,
    /// The message, if `Done`; of a repeated operation, the one written the first time.
    pub message: Option<Message>,
    /// The conversation now, if its writer sees it *now*.
    pub conversation: Option<Stored>,
}

impl Store {
    /// Writes a reply, and claims the conversation if nobody has it (A1), in one transaction.
    ///
    /// # Errors
    /// As [`Store::act`].
    pub async fn reply(&self, by: &Person, reply: &Reply, operation: &Operation) -> Result<Sent> {
        whole(|| self.reply_at_once(by, reply, operation)).await
    }

    async fn reply_at_once(
        &self,
        by: &Person,
        reply: &Reply,
        operation: &Operation,
    ) -> Result<Sent> {
        let mut writing = self.write().await?;
        if let Some(kept) = writing.claim(by, operation).await? {
            drop(writing);
            return self.sent_before(by, &kept).await;
        }
        let directory = writing.directory();
        let by = directory.team.as_now(by);
        let held = writing.hold(&reply.conversation).await?;
        let sent = match held.filter(|c| directory.team.can_see(by, &c.facts.standing())) {
            None => Sent {
                outcome: Outcome::NotFound,
                message: None,
                conversation: None,
            },
            Some(stored) => writing.answer(by, reply, operation, stored).await?,
        };
        let message = sent.message.as_ref().map_or("", |m| m.id.as_str());
        let line = kept_line_of(&reply.conversation, sent.outcome, message);
        writing.keep(by, operation, &line).await?;
        writing.commit().await?;
        Ok(Sent {
            conversation: sent
                .conversation
                .filter(|c| directory.team.can_see(by, &c.facts.standing())),
            ..sent
        })
    }

    /// Answers a repeated reply as the first time.
    async fn sent_before(&self, by: &Person, kept: &str) -> Result<Sent> {
        let (id, outcome, message) = kept_line(kept)?;
        Ok(Sent {
            outcome,
            message: match message.map(MessageId::parse) {
                Some(Ok(message)) => self.message(&id, &message).await?,
                _ => None,
            },
            conversation: self.visible(by, &id).await?,
        })
    }
}

impl Writing<'_> {
    async fn answer(
        &mut self,
        by: &Person,
        reply: &Reply,
        operation: &Operation,
        mut stored: Stored,
    ) -> Result<Sent> {
        let around = self.circumstances(&stored.facts.id).await?;
        let verdict = action::reply(by, &stored.facts, around, &reply.body, &reply.expected);
        let change = match &verdict {
            Verdict::Do(change) => Some(change),
            Verdict::Already => None,
            Verdict::Conflict | Verdict::Refused(_) => {
                return Ok(nothing_sent(Outcome::of(&verdict), stored));
            }
        };
        if self.crossed(by, reply).await? {
            return Ok(nothing_sent(Outcome::Crossed, stored));
        }
        let before = stored.facts.clone();
        let owned = change.map_or_else(
            || Conversation {
                version: before.version + 1,
                ..before.clone()
            },
            |change| before.changed(change),
        );
        let after = Conversation {
            unanswered: false, // on its way counts as answered, until it is known to have failed
            just_entered: false,
            since: self.now,
            touched: owned.touched || owned.assignee.as_ref() == Some(&by.id),
            ..owned
        };
        self.change(&before, &after);
        stored.facts = after;
        let message = Message {
            id: message_id(&before.id, signed(stored.messages + 1))?,
            direction: Direction::Out,
            body: keepable(&reply.body),
            at: self.now,
            sender: Some(by.id.clone()),
            delivery: Some(Delivery::Pending),
            attachments: Vec::new(),
        };
        let n = self.write_message(&mut stored, message.clone()).await?;
        self.post(&stored, n, None).await?;
        self.drop_draft(&by.id, &before.id).await?;
        self.happened(Happened {
            conversation: before.id.clone(),
            before: Some(before.standing()),
            after: stored.facts.standing(),
            message: n,
            by: Some(by.id.clone()),
            cause: change.and_then(|change| change.cause),
            reason: None,
            act: Some(Acting {
                operation: operation.id.clone(),
                action: Action::Reply,
                former: Former::of(&before),
                version: stored.facts.version,
                line_lost: false,
            }),
            lines: change
                .map(|change| Line::of_assignee(&before, change, Some(&by.id), None))
                .into_iter()
                .collect(),
        });
        Ok(Sent {
            outcome: Outcome::Done,
            message: Some(message),
            conversation: Some(stored),
        })
    }

    /// Whether a colleague wrote after what the writer had seen. A `seen` of another conversation has
    /// seen nothing of this one.
    async fn crossed(&mut self, by: &Person, reply: &Reply) -> Result<bool> {
        let Some(seen) = &reply.seen else {
            return Ok(false);
        };
        let seen = number(&reply.conversation, seen.as_str()).unwrap_or(0);
        let sql = "SELECT n FROM message WHERE conversation = $1 AND n > $2 AND sender <> '' \
                   AND sender <> $3 LIMIT 1";
        let theirs = sqlx::query(sql)
            .bind(reply.conversation.as_str())
            .bind(seen)
            .bind(by.id.as_str())
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(theirs.is_some())
    }
}

fn nothing_sent(outcome: Outcome, stored: Stored) -> Sent {
    Sent {
        outcome,
        message: None,
        conversation: Some(stored),
    }
}
