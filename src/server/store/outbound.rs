//! We write to a customer first (S2): a program does, or somebody with the permission.

use super::{
    BeganBy, Message, Operation, Outcome, Result, Store, StoreError,
    conversation::Stored,
    database::{id, keepable, signed, whole},
    message::message_id,
    operation::{kept_line, kept_line_of},
    random, window,
    writing::{Happened, Line, Writing},
};
use crate::domain::{
    access::Team,
    action::{self, Beginning, Circumstances, Refusal},
    channel::Window,
    conversation::{Conversation, Handler, Standing, State},
    id::{ConversationId, MessageId, OrganisationId, QueueId},
    message::{Delivery, Direction},
    person::Person,
};

/// What we want to say to a customer who did not ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    /// The queue a new conversation enters; if the contact has an open one it is ignored, but for whose contact it is.
    pub queue: QueueId,
    /// The channel, by name.
    pub channel: String,
    /// The customer's identifier within the channel.
    pub address: String,
    /// What they are called, if it is known.
    pub name: Option<String>,
    /// What it says.
    pub body: String,
    /// The caller's own id of the message, unique per channel; `None`: it has none.
    pub external_id: Option<String>,
    /// Who answers a conversation this begins.
    pub handler: Handler,
    /// What the channel's provider calls the form it is of; `None`: it is free text (S6).
    pub template: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is written, and on its way.
    New {
        /// The conversation it is in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// It was sent before, and nothing was done.
    Repeated {
        /// The conversation it is in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// The rules say no; nothing was done.
    Refused(Refusal),
    /// There is no such channel.
    NoSuchChannel,
}

impl Store {
    /// Writes to a customer: in their open conversation, which stays whose it is, or in a new one that we began, which
    /// enters its queue by its queue's rule. Idempotent by operation, and by channel and external id.
    ///
    /// # Errors
    /// As [`Store::act`].
    pub async fn outbound(
        &self,
        by: &Person,
        outbound: &Outbound,
        operation: &Operation,
    ) -> Result<Begun> {
        whole(|| self.outbound_at_once(by, outbound, operation)).await
    }

    async fn outbound_at_once(
        &self,
        by: &Person,
        outbound: &Outbound,
        operation: &Operation,
    ) -> Result<Begun> {
        let mut writing = self.write().await?;
        let directory = writing.directory();
        let team = &directory.team;
        let by = team.as_now(by);
        let Some(queue) = team.queues.get(&outbound.queue) else {
            return Ok(Begun::Refused(Refusal::NoSuchQueue));
        };
        let Some(channel) = directory.channels.get(&outbound.channel) else {
            return Ok(Begun::NoSuchChannel);
        };
        if let Some(kept) = writing.claim(by, operation).await? {
            return begun_before(&kept);
        }
        if let Some(repeated) = writing.begun_before(outbound).await? {
            return Ok(repeated);
        }
        let owner = &queue.owner;
        let name = outbound.name.as_deref();
        // Of two who write to one contact at once, one waits here, so that they do not begin two conversations.
        let (contact, name) = writing
            .contact(owner, &outbound.channel, &outbound.address, name)
            .await?;
        let theirs = writing.open_with(&contact).await?;
        let around = Circumstances {
            blocked: writing.is_blocked(owner, outbound).await?,
            window_closed: match &theirs {
                Some(open) => {
                    window::is_closed(&mut writing.tx, &open.facts.id, writing.now).await?
                }
                None => Window::of(&channel.kind, None).is_closed(writing.now),
            },
        };
        let beginning = Beginning {
            queue: &outbound.queue,
            body: &outbound.body,
            template: outbound.template.is_some(),
        };
        let open = theirs.as_ref().map(|open| &open.facts);
        if let Err(why) = action::outbound(team, by, open, around, beginning) {
            drop(writing); // nothing of it happened
            return self.refuse(by, operation, why).await;
        }
        let (stored, before, line) = match theirs {
            Some(theirs) => {
                let before = theirs.facts.standing();
                (writing.go_on(theirs).await?, Some(before), None)
            }
            None => {
                writing.open_to_entries(team, &outbound.queue).await?;
                let (new, line) = writing.begin_with(team, &contact, name, outbound).await?;
                (new, None, line)
            }
        };
        let begun = writing
            .send_out(by, outbound, operation, stored, before, line)
            .await?;
        writing.commit().await?;
        Ok(begun)
    }

    /// Keeps nothing but that it was refused, and why.
    async fn refuse(&self, by: &Person, operation: &Operation, why: Refusal) -> Result<Begun> {
        let mut writing = self.write().await?;
        if writing.claim(by, operation).await?.is_none() {
            let nowhere = id("a conversation", NOWHERE)?;
            let kept = kept_line_of(&nowhere, Outcome::Refused(why), "");
            writing.keep(by, operation, &kept).await?;
            writing.commit().await?;
        }
        Ok(Begun::Refused(why))
    }
}

/// What stands for the conversation in what is kept of a message that was refused.
const NOWHERE: &str = "-";

/// A repeated request, answered as the first time.
fn begun_before(kept: &str) -> Result<Begun> {
    let (conversation, outcome, message) = kept_line(kept)?;
    if let Outcome::Refused(why) = outcome {
        return Ok(Begun::Refused(why));
    }
    Ok(Begun::Repeated {
        message: id("a message", message.unwrap_or_default())?,
        conversation,
    })
}

impl Writing<'_> {
    async fn begun_before(&mut self, outbound: &Outbound) -> Result<Option<Begun>> {
        let Some(external_id) = &outbound.external_id else {
            return Ok(None);
        };
        let sql = "SELECT conversation, n FROM begun WHERE channel = $1 AND external_id = $2";
        let first: Option<(String, i64)> = sqlx::query_as(sql)
            .bind(outbound.channel.as_str())
            .bind(keepable(external_id))
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some((conversation, n)) = first else {
            return Ok(None);
        };
        let conversation = id("a conversation", &conversation)?;
        Ok(Some(Begun::Repeated {
            message: message_id(&conversation, n)?,
            conversation,
        }))
    }

    /// The contact's open conversation, held, if they have one.
    async fn open_with(&mut self, contact: &str) -> Result<Option<Stored>> {
        let sql = "SELECT id FROM conversation WHERE contact = $1 AND open = 1 \
                   ORDER BY began_at DESC, id LIMIT 1";
        let open: Option<String> = sqlx::query_scalar(sql)
            .bind(contact)
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some(open) = open else {
            return Ok(None);
        };
        let held = self.hold(&id("a conversation", &open)?).await?;
        let held = held.filter(|c| c.facts.state == State::Open);
        // Closed by somebody since it was looked at.
        held.ok_or(StoreError::Overtaken).map(Some)
    }

    async fn is_blocked(&mut self, owner: &OrganisationId, outbound: &Outbound) -> Result<bool> {
        let sql = "SELECT COUNT(*) FROM blocked WHERE owner = $1 AND channel = $2 AND address = $3 \
                   AND (until_at IS NULL OR until_at > $4)";
        let found: i64 = sqlx::query_scalar(sql)
            .bind(owner.as_str())
            .bind(outbound.channel.as_str())
            .bind(keepable(&outbound.address))
            .bind(self.now.0)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(found > 0)
    }

    /// We write in a conversation that is open. Nobody takes it over with that (A5), and it is answered.
    async fn go_on(&mut self, mut stored: Stored) -> Result<Stored> {
        let before = stored.facts.clone();
        stored.facts = Conversation {
            unanswered: false,
            since: self.now,
            version: before.version + 1,
            ..before.clone()
        };
        self.change(&before, &stored.facts);
        Ok(stored)
    }

    /// A conversation that we begin, and what the history says of whose it is.
    async fn begin_with(
        &mut self,
        team: &Team,
        contact: &str,
        name: String,
        outbound: &Outbound,
    ) -> Result<(Stored, Option<Line>)> {
        let mut stored = Stored {
            facts: Conversation {
                id: id("a conversation", &random::letters(random::ID_LETTERS)?)?,
                queue: outbound.queue.clone(),
                assignee: None,
                state: State::Open,
                handler: outbound.handler,
                status: None,
                touched: false,
                unanswered: false,
                just_entered: true,
                since: self.now,
                version: 1,
                acted: 1,
            },
            contact_name: name,
            contact_address: keepable(&outbound.address),
            channel: outbound.channel.clone(),
            began_by: BeganBy::Us,
            last_message: None,
            messages: 0,
            customer_wrote_at: None,
        };
        let line = self.enter(team, None, &mut stored.facts)?;
        self.insert(contact, &stored).await?;
        self.held(&stored.facts, 1);
        Ok((stored, line))
    }

    /// Writes the message, puts it on its way, and remembers that it was asked for.
    async fn send_out(
        &mut self,
        by: &Person,
        outbound: &Outbound,
        operation: &Operation,
        mut stored: Stored,
        before: Option<Standing>,
        line: Option<Line>,
    ) -> Result<Begun> {
        let conversation = stored.facts.id.clone();
        let message = Message {
            id: message_id(&conversation, signed(stored.messages + 1))?,
            direction: Direction::Out,
            body: keepable(&outbound.body),
            at: self.now,
            sender: (stored.facts.handler == Handler::Person).then(|| by.id.clone()),
            delivery: Some(Delivery::Pending),
            attachments: Vec::new(),
        };
        let written = message.id.clone();
        let n = self.write_message(&mut stored, message).await?;
        self.post(&stored, n, outbound.template.as_deref()).await?;
        if let Some(external_id) = &outbound.external_id {
            let sql =
                "INSERT INTO begun (channel, external_id, conversation, n) VALUES ($1, $2, $3, $4)";
            sqlx::query(sql)
                .bind(outbound.channel.as_str())
                .bind(keepable(external_id))
                .bind(conversation.as_str())
                .bind(n)
                .execute(&mut *self.tx)
                .await?;
        }
        let kept = kept_line_of(&conversation, Outcome::Done, written.as_str());
        self.keep(by, operation, &kept).await?;
        self.happened(Happened {
            conversation: conversation.clone(),
            before,
            after: stored.facts.standing(),
            message: n,
            by: Some(by.id.clone()),
            cause: line.as_ref().and_then(|line| line.cause),
            reason: None,
            act: None,
            lines: line.into_iter().collect(),
        });
        Ok(Begun::New {
            conversation,
            message: written,
        })
    }
}
