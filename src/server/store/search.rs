//! Finding conversations by their contact (F1).

use std::collections::{HashMap, HashSet};

use sqlx::{AnyConnection, AssertSqlSafe};

use super::{
    Result,
    branch::{Branch, Given},
    conversation::{COLUMNS, Stored, read},
    database::id,
    word::Wanted,
};
use crate::domain::id::ConversationId;

/// Up to so many contacts are few.
const FEW: usize = 1_000;

/// How many contacts' conversations one query reads.
const AT_ONCE: usize = 200;

/// All conversations of these branches whose contact has something of every word, in the order of L1, if
/// the rarest of the words leaves few contacts; else `None`.
pub(super) async fn few(
    line: &mut AnyConnection,
    words: &[Wanted],
    branches: &[Branch],
) -> Result<Option<Vec<Stored>>> {
    let Some(contacts) = few_contacts(line, words).await? else {
        return Ok(None);
    };
    let given = Given::by(branches);
    let mut found = Vec::new();
    for some in contacts.chunks(AT_ONCE) {
        let sql = conversations_of(some.len());
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for contact in some {
            query = query.bind(contact.as_str());
        }
        for row in query.fetch_all(&mut *line).await? {
            let conversation = read(&row)?;
            if given.holds(&conversation.facts.standing()) {
                found.push(conversation);
            }
        }
    }
    found.sort_by_cached_key(|c| c.facts.place());
    Ok(Some(found))
}

pub(super) fn conversations_of(contacts: usize) -> String {
    let places = places(contacts);
    format!("SELECT {COLUMNS} FROM conversation c WHERE c.contact IN ({places})")
}

/// The contacts that have something of every word, if one of the words leaves few.
pub(super) async fn few_contacts(
    line: &mut AnyConnection,
    words: &[Wanted],
) -> Result<Option<Vec<String>>> {
    let mut rarest: Option<HashSet<String>> = None;
    for Wanted(ranges) in words {
        let mut of_word = HashSet::new();
        for (from, to) in ranges {
            let sql =
                "SELECT contact FROM contact_word WHERE word >= $1 AND word < $2 LIMIT 0 + $3";
            let contacts: Vec<String> = sqlx::query_scalar(sql)
                .bind(from.as_str())
                .bind(to.as_str())
                .bind(FEW as i64 + 1)
                .fetch_all(&mut *line)
                .await?;
            of_word.extend(contacts);
        }
        if of_word.len() <= FEW && rarest.as_ref().is_none_or(|r| of_word.len() < r.len()) {
            rarest = Some(of_word);
        }
    }
    let Some(rarest) = rarest else {
        return Ok(None);
    };
    let contacts: Vec<String> = rarest.into_iter().collect();
    if words.len() == 1 {
        return Ok(Some(contacts));
    }
    let mut found = Vec::new();
    for some in contacts.chunks(AT_ONCE) {
        let mut words_of = words_of(line, some).await?;
        found.extend(some.iter().filter_map(|contact| {
            let theirs = words_of.remove(contact)?;
            words
                .iter()
                .all(|wanted| wanted.is_among(&theirs))
                .then(|| contact.clone())
        }));
    }
    Ok(Some(found))
}

/// All words of these contacts.
async fn words_of(
    line: &mut AnyConnection,
    contacts: &[String],
) -> Result<HashMap<String, Vec<String>>> {
    let places = places(contacts.len());
    let sql = format!("SELECT contact, word FROM contact_word WHERE contact IN ({places})");
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for contact in contacts {
        query = query.bind(contact.as_str());
    }
    let rows: Vec<(String, String)> = query.fetch_all(&mut *line).await?;
    let mut words_of: HashMap<String, Vec<String>> = HashMap::new();
    for (contact, word) in rows {
        words_of.entry(contact).or_default().push(word);
    }
    Ok(words_of)
}

/// All words of these conversations' contacts.
pub(super) async fn contacts_words(
    line: &mut AnyConnection,
    conversations: &[&ConversationId],
) -> Result<HashMap<ConversationId, Vec<String>>> {
    let mut words_of: HashMap<ConversationId, Vec<String>> = HashMap::new();
    for some in conversations.chunks(AT_ONCE) {
        let places = places(some.len());
        let sql = format!(
            "SELECT c.id, w.word FROM conversation c JOIN contact_word w ON w.contact = c.contact \
             WHERE c.id IN ({places})"
        );
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for conversation in some {
            query = query.bind(conversation.as_str());
        }
        let rows: Vec<(String, String)> = query.fetch_all(&mut *line).await?;
        for (conversation, word) in rows {
            let conversation = id("a conversation", &conversation)?;
            words_of.entry(conversation).or_default().push(word);
        }
    }
    Ok(words_of)
}

/// So many placeholders.
fn places(count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|n| format!("${n}")).collect();
    places.join(", ")
}
