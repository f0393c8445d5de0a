//! The index of what messages say: which conversations could have a message with these words.
//!
//! The databases only keep and find words; which words a message has, and whether it says what somebody looks for, is
//! decided here for both, by [`word`]. So both find the same.

use std::collections::BTreeSet;

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{Result, bulk::Bulk, database::Kind, writing::Writing};
use crate::domain::{id::ConversationId, word};

/// How much of a message can be found, in bytes: as much as a console shows of it (R6).
pub(super) const SEARCHED: usize = 64 * 1024;

/// From so many characters on the beginning of a word is worth asking the index for.
const BEGINNING: usize = 3;

/// The part of a message that can be found.
pub(super) fn searched(body: &str) -> &str {
    &body[..body.floor_char_boundary(SEARCHED)]
}

/// Every word a message is found by, each once, separated by spaces.
pub(super) fn words_of(body: &str) -> String {
    let words: BTreeSet<String> = word::spoken(searched(body)).map(|s| s.word).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Messages that wait to be indexed.
pub(super) struct Texts {
    kind: Kind,
    texts: Vec<(String, i64, String)>,
}

impl Texts {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            texts: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, conversation: &ConversationId, n: i64, body: &str) {
        let words = words_of(body);
        self.texts.push((conversation.to_string(), n, words));
    }

    pub(super) async fn write(&mut self, tx: &mut Transaction<'static, Any>) -> Result<()> {
        let texts = std::mem::take(&mut self.texts);
        match self.kind {
            Kind::Sqlite => {
                // Whoever writes is alone.
                let last = "SELECT coalesce(max(id), 0) FROM message_text";
                let last: i64 = sqlx::query_scalar(last).fetch_one(&mut **tx).await?;
                let mut rows = Bulk::of_new("message_text", &["id", "conversation", "n"]);
                let mut index = Bulk::of_new("message_words", &["rowid", "words"]);
                for ((conversation, n, words), id) in texts.into_iter().zip(last + 1..) {
                    rows.push([id.into(), conversation.as_str().into(), n.into()]);
                    index.push([id.into(), words.as_str().into()]);
                }
                rows.write(tx).await?;
                index.write(tx).await?;
            }
            Kind::Postgres => {
                let before = "INSERT INTO message_text (conversation, n, words) \
                              SELECT v.column1, v.column2, CAST(v.column3 AS tsvector) FROM (VALUES ";
                let mut rows = Bulk::between(before, ") AS v", 3);
                for (conversation, n, words) in texts {
                    let words = words.as_str().into();
                    rows.push([conversation.as_str().into(), n.into(), words]);
                }
                rows.write(tx).await?;
            }
        }
        Ok(())
    }
}

impl Writing<'_> {
    /// Indexes a message that was just written.
    pub(super) async fn index_text(
        &mut self,
        conversation: &ConversationId,
        n: i64,
        body: &str,
    ) -> Result<()> {
        let mut text = Texts::new(self.kind());
        text.add(conversation, n, body);
        text.write(&mut self.tx).await
    }
}

/// A message says something else now.
pub(super) async fn reindex(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    (conversation, n): (&ConversationId, i64),
    was: &str,
    is: &str,
) -> Result<()> {
    let (was, is) = (words_of(was), words_of(is));
    match kind {
        Kind::Sqlite => {
            let sql = "SELECT id FROM message_text WHERE conversation = $1 AND n = $2";
            let id: i64 = sqlx::query_scalar(sql)
                .bind(conversation.as_str())
                .bind(n)
                .fetch_one(&mut **tx)
                .await?;
            // The index keeps no texts: it has to be told what it is to forget.
            for (sql, words) in [
                (
                    "INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', $1, $2)",
                    was,
                ),
                (
                    "INSERT INTO message_words (rowid, words) VALUES ($1, $2)",
                    is,
                ),
            ] {
                sqlx::query(sql)
                    .bind(id)
                    .bind(words)
                    .execute(&mut **tx)
                    .await?;
            }
        }
        Kind::Postgres => {
            let sql = "UPDATE message_text SET words = CAST($1 AS tsvector) WHERE conversation = $2 AND n = $3";
            sqlx::query(sql)
                .bind(is)
                .bind(conversation.as_str())
                .bind(n)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// Words that a message must have all of, in whatever order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needed {
    /// Whole ones.
    pub(super) whole: BTreeSet<String>,
    /// Beginnings.
    pub(super) begun: BTreeSet<String>,
}

impl Needed {
    /// What of it the index is asked for; `None` if that would be nearly everything.
    fn asked(&self) -> Option<Vec<(&str, bool)>> {
        let whole = self.whole.iter().map(|word| (word.as_str(), false));
        let begun = self.begun.iter();
        let begun = begun.filter(|word| word.chars().nth(BEGINNING - 1).is_some());
        let asked: Vec<_> = whole
            .chain(begun.map(|word| (word.as_str(), true)))
            .collect();
        (!asked.is_empty()).then_some(asked)
    }
}

/// The query that finds conversations with a message that has all of these words, for at most `limit` messages.
pub(super) fn query(kind: Kind, needed: &Needed, limit: usize) -> Option<String> {
    let asked = needed.asked()?;
    // Words are letters and digits: none of them can end a quotation.
    Some(match kind {
        Kind::Sqlite => {
            let words = asked.iter().map(|(word, begun)| {
                let star = if *begun { "*" } else { "" };
                format!("\"{word}\"{star}")
            });
            let words = words.collect::<Vec<_>>().join(" AND ");
            format!(
                "SELECT t.conversation FROM message_words w CROSS JOIN message_text t ON t.id = w.rowid \
                 WHERE w.message_words MATCH '{words}' LIMIT {limit}"
            )
        }
        // Written out, so that it is planned by how common these very words are.
        Kind::Postgres => {
            let words = asked.iter().map(|(word, begun)| {
                let star = if *begun { ":*" } else { "" };
                format!("{word}{star}")
            });
            let words = words.collect::<Vec<_>>().join(" & ");
            format!(
                "SELECT conversation FROM message_text WHERE words @@ CAST('{words}' AS tsquery) LIMIT {limit}"
            )
        }
    })
}

/// The conversations with a message that has all of these words; `None` if these are more than `most` messages, or
/// the index cannot say.
pub(super) async fn few(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    needed: &Needed,
    most: usize,
) -> Result<Option<BTreeSet<String>>> {
    let Some(sql) = query(kind, needed, most + 1) else {
        return Ok(None);
    };
    by_the_index(tx, kind, true).await?;
    let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .persistent(false)
        .fetch_all(&mut **tx)
        .await?;
    by_the_index(tx, kind, false).await?;
    Ok((found.len() <= most).then(|| found.into_iter().collect()))
}

/// Has the next [`query`] ask the index whatever PostgreSQL expects. Of a word too rare for its statistics it expects one
/// message in two hundred, and then would rather read the whole table until it has enough: of a million messages that
/// took 300 ms, for the twenty there were.
pub(super) async fn by_the_index(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    on: bool,
) -> Result<()> {
    if kind == Kind::Postgres {
        let scan = if on { "off" } else { "on" };
        let sql = format!("SET LOCAL enable_seqscan = {scan}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await?;
    }
    Ok(())
}
