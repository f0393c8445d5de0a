//! A customer's message comes in (S2, L1).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{
    Attachment, BeganBy, Message, Result, Store, StoreError,
    conversation::Stored,
    database::{id, keepable, name_of, signed, whole},
    message::message_id,
    random,
    token::hex,
    word,
    writing::{Happened, Line, Writing},
};
use crate::domain::{
    access::Team,
    conversation::{Conversation, Handler, Standing, State},
    id::{ConversationId, MessageId, OrganisationId, QueueId},
    message::Direction,
    moment::Moment,
    order::Waiting,
};

/// A customer's message, from a channel's gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// The queue a new conversation enters; ignored if the contact has an open one.
    pub queue: QueueId,
    /// The channel, by name.
    pub channel: String,
    /// The customer's identifier within the channel.
    pub address: String,
    /// What they call themselves, if the channel knows.
    pub name: Option<String>,
    /// What they wrote.
    pub body: String,
    /// The gateway's own id of the message, unique per channel.
    pub external_id: String,
    /// When they wrote it; `None`: now. Never later than now.
    pub at: Option<Moment>,
    /// Who answers a conversation this begins.
    pub handler: Handler,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

/// Where a customer's message went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is written.
    New {
        /// The conversation it is in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// It was handed in before, and nothing was done.
    Repeated {
        /// The conversation it is in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// There is no such queue, or it is deleted, and the customer has no open conversation.
    NoSuchQueue,
    /// There is no such channel.
    NoSuchChannel,
}

impl Store {
    /// Takes in a customer's message: into their open conversation, or a closed one that we began, which
    /// it opens again (S2), or a new one in `queue`. Idempotent by channel and external id.
    ///
    /// # Errors
    /// The database's; then nothing changed.
    pub async fn inbound(&self, inbound: &Inbound) -> Result<Received> {
        whole(|| self.inbound_at_once(inbound)).await
    }

    async fn inbound_at_once(&self, inbound: &Inbound) -> Result<Received> {
        let mut writing = self.write().await?;
        let directory = writing.directory();
        let Some(queue) = directory.team.queues.get(&inbound.queue) else {
            return Ok(Received::NoSuchQueue);
        };
        if !directory.channels.contains_key(&inbound.channel) {
            return Ok(Received::NoSuchChannel);
        }
        if let Some(repeated) = writing.received_before(inbound).await? {
            return Ok(repeated);
        }
        let (contact, name) = writing.contact(&queue.owner, inbound).await?;
        let team = &directory.team;
        let newest = writing.newest_of(&contact).await?;
        let place = newest.as_ref().map_or(Place::New, Newest::place);
        match place {
            Place::Open => {}
            Place::Reopened => {
                let theirs = newest.as_ref().map_or(&inbound.queue, |n| &n.queue);
                writing.open_to_entries(team, theirs).await?;
            }
            Place::New if queue.deleted => return Ok(Received::NoSuchQueue),
            Place::New => writing.open_to_entries(team, &inbound.queue).await?,
        }
        let written = match newest {
            Some(newest) if place != Place::New => {
                let held = writing.hold(&newest.id).await?;
                // Closed or opened by somebody since it was looked at: what it enters was not locked.
                let held = held.filter(|now| place == Newest::of(now).place());
                let held = held.ok_or(StoreError::Overtaken)?;
                writing.written_to(team, held, inbound).await?
            }
            _ => writing.begun(team, &contact, name, inbound).await?,
        };
        writing.commit().await?;
        Ok(written)
    }
}

/// Where a customer's message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Into their open conversation.
    Open,
    /// Into a closed one that we began, which opens again (S2).
    Reopened,
    /// Into a new one.
    New,
}

/// The conversation of a contact that counts: the open one, else the newest.
struct Newest {
    id: ConversationId,
    queue: QueueId,
    open: bool,
    began_by_us: bool,
}

impl Newest {
    fn of(stored: &Stored) -> Self {
        Self {
            id: stored.facts.id.clone(),
            queue: stored.facts.queue.clone(),
            open: stored.facts.state == State::Open,
            began_by_us: stored.began_by == BeganBy::Us,
        }
    }

    fn place(&self) -> Place {
        match (self.open, self.began_by_us) {
            (true, _) => Place::Open,
            (false, true) => Place::Reopened,
            (false, false) => Place::New,
        }
    }
}

/// A contact's id: of what makes it that contact, so that nobody need look it up.
pub(super) fn contact_id(owner: &OrganisationId, channel: &str, address: &str) -> String {
    let hash = Sha256::digest(format!("{owner}\n{channel}\n{address}"));
    hex(&hash[..16])
}

impl Writing<'_> {
    async fn received_before(&mut self, inbound: &Inbound) -> Result<Option<Received>> {
        let sql = "SELECT conversation, n FROM received WHERE channel = $1 AND external_id = $2";
        let first: Option<(String, i64)> = sqlx::query_as(sql)
            .bind(inbound.channel.as_str())
            .bind(keepable(&inbound.external_id))
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some((conversation, n)) = first else {
            return Ok(None);
        };
        let conversation = id("a conversation", &conversation)?;
        let message = message_id(&conversation, n)?;
        Ok(Some(Received::Repeated {
            conversation,
            message,
        }))
    }

    /// The contact's id and name. Of two messages of one contact at once, one waits here for the other,
    /// so that they do not begin two conversations.
    async fn contact(
        &mut self,
        owner: &OrganisationId,
        inbound: &Inbound,
    ) -> Result<(String, String)> {
        let sql = "INSERT INTO contact (id, owner, channel, address, name) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (owner, channel, address) DO UPDATE \
                   SET name = CASE WHEN $5 = '' THEN contact.name ELSE $5 END RETURNING id, name";
        let address = keepable(&inbound.address);
        let (contact, name): (String, String) = sqlx::query_as(sql)
            .bind(contact_id(owner, &inbound.channel, &address))
            .bind(owner.as_str())
            .bind(inbound.channel.as_str())
            .bind(address.as_str())
            .bind(keepable(inbound.name.as_deref().unwrap_or_default()))
            .fetch_one(&mut *self.tx)
            .await?;
        self.find_by(&contact, &word::of_contact(&name, &address))
            .await?;
        Ok((contact, name))
    }

    /// Makes these the words a contact is found by, and no others.
    async fn find_by(&mut self, contact: &str, words: &BTreeSet<String>) -> Result<()> {
        let present: Vec<String> =
            sqlx::query_scalar("SELECT word FROM contact_word WHERE contact = $1")
                .bind(contact)
                .fetch_all(&mut *self.tx)
                .await?;
        let present: BTreeSet<String> = present.into_iter().collect();
        let insert = "INSERT INTO contact_word (word, contact) VALUES ($1, $2)";
        let delete = "DELETE FROM contact_word WHERE word = $1 AND contact = $2";
        let new = words.difference(&present).map(|word| (insert, word));
        let gone = present.difference(words).map(|word| (delete, word));
        for (sql, word) in new.chain(gone) {
            sqlx::query(sql)
                .bind(word.as_str())
                .bind(contact)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    /// The contact's open conversation, else their newest, as it is before it is locked.
    async fn newest_of(&mut self, contact: &str) -> Result<Option<Newest>> {
        let sql = "SELECT id, queue, open, began_by_us FROM conversation WHERE contact = $1 \
                   ORDER BY open DESC, began_at DESC, id LIMIT 1";
        let newest: Option<(String, String, i64, i64)> = sqlx::query_as(sql)
            .bind(contact)
            .fetch_optional(&mut *self.tx)
            .await?;
        newest
            .map(|(conversation, queue, open, began_by_us)| {
                Ok(Newest {
                    id: id("a conversation", &conversation)?,
                    queue: id("a queue", &queue)?,
                    open: open != 0,
                    began_by_us: began_by_us != 0,
                })
            })
            .transpose()
    }

    /// The customer writes to a conversation that is there; a closed one opens again.
    async fn written_to(
        &mut self,
        team: &Team,
        mut stored: Stored,
        inbound: &Inbound,
    ) -> Result<Received> {
        let before = stored.facts.clone();
        let reopened = before.state == State::Closed;
        let version = before.version + 1;
        let said = Waiting {
            unanswered: before.unanswered,
            since: before.since,
        };
        let waiting = Waiting::after(Some(said), Direction::In, None, self.written_at(inbound));
        let mut after = Conversation {
            state: State::Open,
            unanswered: waiting.unanswered,
            just_entered: before.just_entered || reopened,
            since: waiting.since,
            version,
            acted: if reopened { version } else { before.acted },
            ..before.clone()
        };
        let mut lines = Vec::new();
        if reopened {
            lines.push(Line {
                kind: "state",
                was: "closed".to_owned(),
                became: "open".to_owned(),
                ..Line::default()
            });
            lines.extend(self.enter(team, None, &mut after)?);
        }
        self.change(&before, &after);
        stored.facts = after;
        self.take_in(stored, Some(before.standing()), lines, inbound)
            .await
    }

    /// The customer begins a conversation.
    async fn begun(
        &mut self,
        team: &Team,
        contact: &str,
        name: String,
        inbound: &Inbound,
    ) -> Result<Received> {
        let mut stored = Stored {
            facts: Conversation {
                id: id("a conversation", &random::letters(random::ID_LETTERS)?)?,
                queue: inbound.queue.clone(),
                assignee: None,
                state: State::Open,
                handler: inbound.handler,
                status: None,
                touched: false,
                unanswered: true,
                just_entered: true,
                since: self.written_at(inbound),
                version: 1,
                acted: 1,
            },
            contact_name: name,
            contact_address: keepable(&inbound.address),
            channel: inbound.channel.clone(),
            began_by: BeganBy::Customer,
            last_message: None,
            messages: 0,
            customer_wrote_at: None,
        };
        let given = self.enter(team, None, &mut stored.facts)?;
        self.insert(contact, &stored).await?;
        self.held(&stored.facts, 1);
        self.take_in(stored, None, given.into_iter().collect(), inbound)
            .await
    }

    async fn insert(&mut self, contact: &str, stored: &Stored) -> Result<()> {
        let sql = "INSERT INTO conversation (id, contact, contact_name, contact_address, channel, queue, \
                   assignee, open, bot, status, touched, grp, since, version, acted, began_by_us, began_at, \
                   messages, last_direction, last_preview, last_at, last_delivery) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, '', 0, $9, $10, $11, $11, 0, $12, 0, '', '', 0, '')";
        let facts = &stored.facts;
        sqlx::query(sql)
            .bind(facts.id.as_str())
            .bind(contact)
            .bind(stored.contact_name.as_str())
            .bind(stored.contact_address.as_str())
            .bind(stored.channel.as_str())
            .bind(facts.queue.as_str())
            .bind(name_of(facts.assignee.as_ref()))
            .bind(i64::from(facts.handler == Handler::Bot))
            .bind(i64::from(facts.place().group.rank()))
            .bind(facts.since.0)
            .bind(signed(facts.version))
            .bind(self.now.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Writes the message, and what is remembered of it.
    async fn take_in(
        &mut self,
        mut stored: Stored,
        before: Option<Standing>,
        lines: Vec<Line>,
        inbound: &Inbound,
    ) -> Result<Received> {
        let conversation = stored.facts.id.clone();
        let message = Message {
            id: message_id(&conversation, signed(stored.messages + 1))?,
            direction: Direction::In,
            body: keepable(&inbound.body),
            at: self.written_at(inbound),
            sender: None,
            delivery: None,
            attachments: inbound.attachments.clone(),
        };
        let written = message.id.clone();
        let n = self.write_message(&mut stored, message).await?;
        let sql =
            "INSERT INTO received (channel, external_id, conversation, n) VALUES ($1, $2, $3, $4)";
        sqlx::query(sql)
            .bind(inbound.channel.as_str())
            .bind(keepable(&inbound.external_id))
            .bind(conversation.as_str())
            .bind(n)
            .execute(&mut *self.tx)
            .await?;
        self.happened(Happened {
            conversation: conversation.clone(),
            before,
            after: stored.facts.standing(),
            message: n,
            by: None,
            cause: lines.iter().find_map(|line| line.cause),
            reason: None,
            act: None,
            lines,
        });
        Ok(Received::New {
            conversation,
            message: written,
        })
    }

    /// When the customer wrote: what the gateway says, but never later than now.
    fn written_at(&self, inbound: &Inbound) -> Moment {
        inbound.at.map_or(self.now, |at| at.min(self.now))
    }
}
