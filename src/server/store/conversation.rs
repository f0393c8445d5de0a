//! A conversation as the database keeps it, and reading one.

use std::collections::BTreeMap;

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction, any::AnyRow};

use super::{
    Attachment, Result, Store, StoreError,
    bulk::places,
    database::{id, keepable, nobody},
};
use crate::domain::{
    conversation::{Conversation, Handler, State},
    id::ConversationId,
    message::{Delivery, Direction, Failure},
    moment::Moment,
    order::Group,
    person::Person,
};

/// A conversation as the database keeps it: the facts the rules need, and what a row of the list
/// shows. Its texts are as strangers wrote them: they become `Safe` only where somebody looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What the rules decide by.
    pub facts: Conversation,
    /// What the customer calls themselves; empty if unknown.
    pub contact_name: String,
    /// The customer's identifier within the channel.
    pub contact_address: String,
    /// The channel, by name.
    pub channel: String,
    /// Who began it: a customer's message to a closed one of ours reopens it (S2).
    pub began_by: BeganBy,
    /// Its newest message.
    pub last_message: Option<LastMessage>,
    /// How many messages it has; the newest one's number.
    pub messages: u64,
    /// When the customer last wrote; some channels limit replies by it (S6).
    pub customer_wrote_at: Option<Moment>,
}

/// Who began a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BeganBy {
    /// The customer wrote first.
    #[default]
    Customer,
    /// We did.
    Us,
}

/// The newest message, as far as a row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMessage {
    /// From the customer or from us.
    pub direction: Direction,
    /// Its beginning: at most [`PREVIEW_BYTES`], cut between characters (R6).
    pub preview: String,
    /// When it was written.
    pub at: Moment,
    /// How far ours got; `None` for the customer's.
    pub delivery: Option<Delivery>,
}

/// How much of a message a row carries (R6).
pub const PREVIEW_BYTES: usize = 512;

/// The beginning of a text, at most `bytes` long, cut between characters.
#[must_use]
pub fn beginning(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// What a row shows of a message (L3): its beginning, or, of one without a word, what came with it.
pub(super) fn preview(body: &str, attachments: &[Attachment]) -> String {
    if !body.trim().is_empty() || attachments.is_empty() {
        return beginning(body, PREVIEW_BYTES).to_owned();
    }
    let names = attachments.iter().map(|file| format!("[{}]", file.name));
    let names = keepable(&names.collect::<Vec<_>>().join(" "));
    beginning(&names, PREVIEW_BYTES).to_owned()
}

/// The columns [`read`] reads, in one place so that every query reads the same.
pub(super) const COLUMNS: &str = "c.id, c.queue, c.assignee, c.open, c.bot, c.grp, c.since, \
    c.version, c.acted, c.contact_name, c.contact_address, c.channel, c.status, c.began_by_us, \
    c.last_direction, c.last_preview, c.last_at, c.last_delivery, c.customer_at, c.messages, c.touched";

/// Turns a row of [`COLUMNS`] into a conversation.
pub(super) fn read(row: &AnyRow) -> Result<Stored> {
    let flag = |column: usize| row.try_get::<i64, _>(column).map(|value| value != 0);
    let text = |column: usize| row.try_get::<&str, _>(column);
    let group = row.try_get::<i64, _>(5)?;
    let group = usize::try_from(group)
        .ok()
        .and_then(|rank| Group::ALL.get(rank))
        .ok_or_else(|| StoreError::corrupt("the group", group.to_string()))?;
    Ok(Stored {
        facts: Conversation {
            id: id("a conversation", text(0)?)?,
            queue: id("a queue", text(1)?)?,
            assignee: nobody(text(2)?)?,
            state: if flag(3)? { State::Open } else { State::Closed },
            handler: if flag(4)? {
                Handler::Bot
            } else {
                Handler::Person
            },
            status: Some(text(12)?)
                .filter(|status| !status.is_empty())
                .map(str::to_owned),
            touched: flag(20)?,
            unanswered: matches!(group, Group::UnansweredJustIn | Group::Unanswered),
            just_entered: matches!(group, Group::UnansweredJustIn | Group::AnsweredJustIn),
            since: Moment(row.try_get(6)?),
            version: row.try_get::<i64, _>(7)?.unsigned_abs(),
            acted: row.try_get::<i64, _>(8)?.unsigned_abs(),
        },
        contact_name: text(9)?.to_owned(),
        contact_address: text(10)?.to_owned(),
        channel: text(11)?.to_owned(),
        began_by: if flag(13)? {
            BeganBy::Us
        } else {
            BeganBy::Customer
        },
        last_message: last_message(row)?,
        messages: row.try_get::<i64, _>(19)?.unsigned_abs(),
        customer_wrote_at: row.try_get::<Option<i64>, _>(18)?.map(Moment),
    })
}

/// How many conversations one statement reads by their ids.
const AT_ONCE: usize = 500;

/// The conversations of these ids, those that are there; the query ends with `lock` and reads in the order of ids.
pub(super) async fn read_all(
    tx: &mut Transaction<'static, Any>,
    ids: impl IntoIterator<Item = &ConversationId>,
    lock: &str,
) -> Result<BTreeMap<ConversationId, Stored>> {
    let mut ids: Vec<&ConversationId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for some in ids.chunks(AT_ONCE) {
        let places = places(0, some.len());
        let sql = format!(
            "SELECT {COLUMNS} FROM conversation c WHERE c.id IN ({places}) ORDER BY c.id{lock}"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for id in some {
            query = query.bind(id.as_str());
        }
        for row in query.fetch_all(&mut **tx).await? {
            let stored = read(&row)?;
            found.insert(stored.facts.id.clone(), stored);
        }
    }
    Ok(found)
}

fn last_message(row: &AnyRow) -> Result<Option<LastMessage>> {
    let word: &str = row.try_get(14)?;
    if word.is_empty() {
        return Ok(None);
    }
    Ok(Some(LastMessage {
        direction: direction(word)?,
        preview: row.try_get(15)?,
        at: Moment(row.try_get(16)?),
        delivery: delivery(row.try_get(17)?),
    }))
}

/// `in` or `out`, as the database and the contract spell it.
pub(super) fn direction(word: &str) -> Result<Direction> {
    match word {
        "in" => Ok(Direction::In),
        "out" => Ok(Direction::Out),
        other => Err(StoreError::corrupt("a direction", other)),
    }
}

/// The inverse of [`direction`].
pub(super) fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
    }
}

/// A delivery in one word: empty for none, `pending`, `delivered`, or a failure's code.
pub(super) fn delivery(word: &str) -> Option<Delivery> {
    match word {
        "" => None,
        "pending" => Some(Delivery::Pending),
        "delivered" => Some(Delivery::Delivered),
        code => Some(Delivery::Failed(Failure::from_code(code))),
    }
}

/// The inverse of [`delivery`].
pub(super) fn delivery_word(delivery: Option<Delivery>) -> &'static str {
    match delivery {
        None => "",
        Some(Delivery::Pending) => "pending",
        Some(Delivery::Delivered) => "delivered",
        Some(Delivery::Failed(why)) => why.code(),
    }
}

impl Store {
    /// One conversation, whoever asks: [`Store::visible`] is for answering somebody.
    ///
    /// # Errors
    /// The database's.
    pub async fn conversation(&self, id: &ConversationId) -> Result<Option<Stored>> {
        let sql = format!("SELECT {COLUMNS} FROM conversation c WHERE c.id = $1");
        sqlx::query(AssertSqlSafe(sql))
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// One conversation, if `viewer` may know that it exists (V8): what is not there and what is not
    /// theirs to see is the same `None`.
    ///
    /// # Errors
    /// The database's.
    pub async fn visible(&self, viewer: &Person, id: &ConversationId) -> Result<Option<Stored>> {
        let directory = self.directory();
        Ok(self
            .conversation(id)
            .await?
            .filter(|c| directory.team.can_see(viewer, &c.facts.standing())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r6_a_preview_is_cut_between_characters() {
        assert_eq!(beginning("aé", 2), "a");
        assert_eq!(beginning("aé", 3), "aé");
        assert_eq!(beginning("short", PREVIEW_BYTES), "short");
    }

    #[test]
    fn l3_of_a_message_without_a_word_a_row_shows_what_came_with_it() {
        let file = |name: &str| Attachment {
            name: name.to_owned(),
            kind: "image/jpeg".into(),
            size: 7,
        };
        let files = [file("meter.jpg"), file("bill.pdf")];
        assert_eq!(preview(" \n", &files), "[meter.jpg] [bill.pdf]");
        assert_eq!(preview("my meter", &files), "my meter");
        assert_eq!(preview("", &[file("a\0b")]), "[a\u{2400}b]");
        assert_eq!(preview("\u{a0}", &[]), "\u{a0}");
        assert!(preview("", &[file(&"x".repeat(2 * PREVIEW_BYTES))]).len() <= PREVIEW_BYTES);
    }

    #[test]
    fn a_delivery_survives_its_word() {
        let failed = Failure::ALL.iter().map(|&why| Delivery::Failed(why));
        for one in failed.chain([Delivery::Pending, Delivery::Delivered]) {
            assert_eq!(delivery(delivery_word(Some(one))), Some(one));
        }
        assert_eq!(delivery(delivery_word(None)), None);
    }
}
