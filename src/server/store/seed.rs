//! Fills a desk at once with conversations that are said to have happened: for the demo, benchmarks and tests.

use sqlx::{Any, Transaction};

use super::{
    Attachment, BeganBy, Result, Store, StoreError,
    bulk::Bulk,
    chain::Sealing,
    commit::{HISTORY, sealed},
    conversation::{delivery_word, direction_word, preview},
    database::{Kind, id, keepable, name_of, signed},
    inbound::contact_id,
    message::attachments_json,
    random,
    roster::Value,
    text::Texts,
    word,
};
use crate::domain::{
    action::Cause,
    conversation::{Conversation, Handler, State},
    id::{ConversationId, OrganisationId, QueueId, UserId},
    message::{Delivery, Direction},
    moment::Moment,
    order::Waiting,
};

/// A conversation to be made, with its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedConversation {
    /// Its id; `None`: a random one.
    pub id: Option<ConversationId>,
    /// Its queue, which must be there.
    pub queue: QueueId,
    /// The channel, by name.
    pub channel: String,
    /// The customer's identifier within the channel. Two conversations of one address are one contact's.
    pub address: String,
    /// What the customer calls themselves; may be empty.
    pub name: String,
    /// Who has it, if open.
    pub assignee: Option<UserId>,
    /// Open or closed; a closed one has no assignee (S1).
    pub state: State,
    /// Person or bot.
    pub handler: Handler,
    /// The business tag.
    pub status: Option<String>,
    /// It just entered its queue (L1).
    pub just_entered: bool,
    /// Who began it.
    pub began_by: BeganBy,
    /// Its messages, oldest first; at least one.
    pub messages: Vec<SeedMessage>,
}

/// A message of a [`SeedConversation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedMessage {
    /// From the customer or from us.
    pub direction: Direction,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub at: Moment,
    /// Which of us wrote it.
    pub sender: Option<UserId>,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
    /// What came with it.
    pub attachments: Vec<Attachment>,
}

impl Store {
    /// Makes all these conversations, in transactions of many. No event is written: a reader of the log
    /// is told to begin anew. Answers how many it made. Holdings, history and search stay exact, on a desk
    /// where one address goes by one name.
    ///
    /// # Errors
    /// The database's, for instance if a queue is not there; what was made before stays.
    pub async fn seed(
        &self,
        conversations: impl Iterator<Item = SeedConversation> + Send,
    ) -> Result<u64> {
        let mut made = 0;
        let mut some = Vec::with_capacity(AT_ONCE);
        let mut conversations = conversations.peekable();
        while let Some(next) = conversations.next() {
            some.push(next);
            if some.len() == AT_ONCE || conversations.peek().is_none() {
                self.seed_some(&some).await?;
                made += some.len() as u64;
                some.clear();
            }
        }
        self.begin_the_log_anew().await?;
        Ok(made)
    }

    async fn seed_some(&self, some: &[SeedConversation]) -> Result<()> {
        let directory = self.directory();
        let mut writing = self.write().await?;
        let mut rows = Rows::new(self.kind);
        for seed in some {
            let queue = directory.team.queues.get(&seed.queue);
            let queue = queue.ok_or_else(|| StoreError::corrupt("a queue", seed.queue.as_str()))?;
            let contact = contact_id(&queue.owner, &seed.channel, &keepable(&seed.address));
            let facts = rows.add(seed, &contact, &queue.owner)?;
            writing.held(&facts, 1);
        }
        rows.write(&mut writing.tx).await?;
        writing.write_holdings().await?;
        // An entry that is not there: who reads the log, or keeps what it leads to, begins anew.
        let counted = writing.count(1, rows.taken.len()).await?;
        let before = counted.history - signed(rows.taken.len() as u64);
        let mut seal = counted.seal;
        let mut histories = Bulk::of_new("history", &HISTORY);
        for (taken, id) in rows.taken.iter().zip(before + 1..) {
            let sealing = taken.sealing(id);
            seal = sealing.after(&seal);
            histories.push(sealed(&sealing, &seal));
        }
        histories.write(&mut writing.tx).await?;
        writing.sealed(&seal).await?;
        writing.tx.commit().await?;
        Ok(())
    }

    async fn begin_the_log_anew(&self) -> Result<()> {
        let mut writing = self.write().await?;
        sqlx::query("DELETE FROM log")
            .execute(&mut *writing.tx)
            .await?;
        writing.count(1, 0).await?;
        writing.tx.commit().await?;
        self.news.reached(self.head().await?);
        Ok(())
    }
}

/// How many conversations one transaction makes.
const AT_ONCE: usize = 4_000;

const CONTACT: [&str; 5] = ["id", "owner", "channel", "address", "name"];
const WORD: [&str; 2] = ["word", "contact"];
const CONVERSATION: [&str; 23] = [
    "id",
    "contact",
    "contact_name",
    "contact_address",
    "channel",
    "queue",
    "assignee",
    "open",
    "bot",
    "status",
    "touched",
    "grp",
    "since",
    "version",
    "acted",
    "began_by_us",
    "began_at",
    "messages",
    "last_direction",
    "last_preview",
    "last_at",
    "last_delivery",
    "customer_at",
];
const MESSAGE: [&str; 8] = [
    "conversation",
    "n",
    "direction",
    "body",
    "at",
    "sender",
    "delivery",
    "attachments",
];

/// What a transaction of seeds writes.
struct Rows {
    contacts: Bulk,
    words: Bulk,
    conversations: Bulk,
    messages: Bulk,
    texts: Texts,
    /// Lines of history that say how an assignee came about, their ids still missing.
    taken: Vec<Taken>,
}

impl Rows {
    fn new(kind: Kind) -> Self {
        Self {
            contacts: Bulk::new("contact", &CONTACT),
            words: Bulk::new("contact_word", &WORD),
            conversations: Bulk::new("conversation", &CONVERSATION),
            messages: Bulk::new("message", &MESSAGE),
            texts: Texts::new(kind),
            taken: Vec::new(),
        }
    }
}

impl Rows {
    fn add(
        &mut self,
        seed: &SeedConversation,
        contact: &str,
        owner: &OrganisationId,
    ) -> Result<Conversation> {
        let facts = seed.facts()?;
        let last = seed
            .messages
            .last()
            .ok_or_else(|| StoreError::corrupt("a seed", "no message"))?;
        let address = keepable(&seed.address);
        let name = keepable(&seed.name);
        self.contacts.push([
            contact.into(),
            owner.as_str().into(),
            seed.channel.as_str().into(),
            address.as_str().into(),
            name.as_str().into(),
        ]);
        for word in word::of_contact(&name, &address) {
            self.words.push([word.as_str().into(), contact.into()]);
        }
        let theirs = seed
            .messages
            .iter()
            .rev()
            .find(|m| m.direction == Direction::In);
        self.conversations.push([
            facts.id.as_str().into(),
            contact.into(),
            name.as_str().into(),
            address.as_str().into(),
            seed.channel.as_str().into(),
            facts.queue.as_str().into(),
            name_of(facts.assignee.as_ref()).into(),
            Value::flag(facts.state == State::Open),
            Value::flag(facts.handler == Handler::Bot),
            facts.status.as_deref().unwrap_or_default().into(),
            Value::flag(facts.touched),
            i64::from(facts.place().group.rank()).into(),
            facts.since.0.into(),
            signed(facts.version).into(),
            signed(facts.acted).into(),
            Value::flag(seed.began_by == BeganBy::Us),
            seed.messages[0].at.0.into(),
            signed(seed.messages.len() as u64).into(),
            direction_word(last.direction).into(),
            preview(&last.body, &last.attachments).as_str().into(),
            last.at.0.into(),
            delivery_word(last.delivery).into(),
            Value::Number(theirs.map(|m| m.at.0)),
        ]);
        for (message, n) in seed.messages.iter().zip(1i64..) {
            self.texts.add(&facts.id, n, &message.body);
            self.messages.push([
                facts.id.as_str().into(),
                n.into(),
                direction_word(message.direction).into(),
                message.body.as_str().into(),
                message.at.0.into(),
                name_of(message.sender.as_ref()).into(),
                delivery_word(message.delivery).into(),
                attachments_json(&message.attachments).as_str().into(),
            ]);
        }
        if let Some(assignee) = &facts.assignee {
            self.taken.push(seed.taken(&facts, assignee, last.at));
        }
        Ok(facts)
    }

    async fn write(&mut self, tx: &mut Transaction<'static, Any>) -> Result<()> {
        self.contacts.write(tx).await?;
        self.words.write(tx).await?;
        self.conversations.write(tx).await?;
        self.messages.write(tx).await?;
        self.texts.write(tx).await?;
        Ok(())
    }
}

impl SeedConversation {
    fn facts(&self) -> Result<Conversation> {
        let said = self.messages.iter().fold(None, |before, m| {
            Some(Waiting::after(before, m.direction, m.delivery, m.at))
        });
        let said = said.ok_or_else(|| StoreError::corrupt("a seed", "no message"))?;
        Ok(Conversation {
            id: match &self.id {
                Some(id) => id.clone(),
                None => id("a conversation", &random::letters(random::ID_LETTERS)?)?,
            },
            queue: self.queue.clone(),
            assignee: self.assignee.clone().filter(|_| self.state == State::Open),
            state: self.state,
            handler: self.handler,
            status: self.status.clone(),
            touched: self.state == State::Open
                && self.assignee.is_some()
                && self.messages.iter().any(|m| m.sender == self.assignee),
            unanswered: said.unanswered,
            just_entered: self.just_entered,
            since: said.since,
            version: self.messages.len() as u64,
            acted: 1,
        })
    }

    /// The line of history that says how its assignee came about: by a reply if they wrote one.
    fn taken(&self, facts: &Conversation, assignee: &UserId, at: Moment) -> Taken {
        let reply = self
            .messages
            .iter()
            .find(|m| m.sender.as_ref() == Some(assignee));
        let (at, cause) = reply.map_or((at, Cause::Take), |m| (m.at, Cause::Reply));
        Taken {
            conversation: facts.id.clone(),
            at,
            assignee: assignee.clone(),
            cause,
        }
    }
}

/// How the assignee of a seeded conversation came about.
struct Taken {
    conversation: ConversationId,
    at: Moment,
    assignee: UserId,
    cause: Cause,
}

impl Taken {
    /// As the line of history with this id.
    fn sealing(&self, id: i64) -> Sealing<'_> {
        Sealing {
            id,
            conversation: self.conversation.as_str(),
            at: self.at.0,
            kind: "assignee",
            by: self.assignee.as_str(),
            was: "",
            became: self.assignee.as_str(),
            cause: self.cause.word(),
            words: "",
        }
    }
}
