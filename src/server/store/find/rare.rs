//! What a search for a rare word can find at all: the indexes of words know.

use std::collections::BTreeSet;

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::asked::{Asked, Either};
use crate::{
    domain::id::ConversationId,
    server::store::{
        Result,
        conversation::{Stored, read},
        database::{Kind, id},
        held, search,
        text::{self, Needed},
        word::Wanted,
    },
};

/// So many messages, and so many contacts, are few.
const FEW: usize = 1_000;
/// How many contacts' conversations one query reads.
const AT_ONCE: usize = 200;

/// Where alone something can be found.
#[derive(Debug, Default)]
pub(super) struct Few {
    /// In conversations of these contacts.
    contacts: BTreeSet<String>,
    /// In these conversations.
    conversations: BTreeSet<String>,
}

impl Few {
    /// All of these conversations, whoever sees them.
    pub(super) async fn read(&self, tx: &mut Transaction<'static, Any>) -> Result<Vec<Stored>> {
        let ids = self.conversations.iter();
        let ids = ids.map(|text| id::<ConversationId>("a conversation", text));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        let mut rows = held::these(tx, &ids).await?;
        let contacts: Vec<&String> = self.contacts.iter().collect();
        for some in contacts.chunks(AT_ONCE) {
            let mut query = sqlx::query(AssertSqlSafe(search::conversations_of(some.len())));
            for contact in some {
                query = query.bind(contact.as_str());
            }
            for row in query.fetch_all(&mut **tx).await? {
                let row = read(&row)?;
                rows.insert(row.facts.id.clone(), row);
            }
        }
        Ok(rows.into_values().collect())
    }
}

/// Where alone something can be found, if that is in few places. A word is in the contact or in the message; so what has
/// all words has one of them in the contact, or all of them in one message. And it has each single one.
pub(super) async fn few(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    asked: &Asked,
) -> Result<Option<Few>> {
    if let Some(contacts) = contacts(tx, &asked.contact).await? {
        return Ok(Some(Few {
            contacts,
            ..Few::default()
        }));
    }
    let all: Vec<&Either> = asked.words.iter().collect();
    let each = asked.words.iter().map(|word| vec![word]);
    let several = (all.len() != 1).then_some(all);
    for words in several.into_iter().chain(each) {
        if let Some(few) = few_of(tx, kind, asked, &words).await? {
            return Ok(Some(few));
        }
    }
    Ok(None)
}

/// Where alone something with one of these words in the contact or all of them in a message can be found.
async fn few_of(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    asked: &Asked,
    words: &[&Either],
) -> Result<Option<Few>> {
    let Some(conversations) = text::few(tx, kind, &needed(asked, words), FEW).await? else {
        return Ok(None);
    };
    let mut few = Few {
        conversations,
        ..Few::default()
    };
    for word in words {
        let Some(contacts) = contacts(tx, &word.contact).await? else {
            return Ok(None);
        };
        few.contacts.extend(contacts);
    }
    Ok((few.contacts.len() <= FEW).then_some(few))
}

/// The words of a message that has these, and all that is looked for in messages alone.
fn needed(asked: &Asked, words: &[&Either]) -> Needed {
    let mut needed = Needed::default();
    let said = words.iter().map(|word| &word.said);
    for said in said.chain(&asked.said) {
        said.needs(&mut needed);
    }
    needed
}

async fn contacts(
    tx: &mut Transaction<'static, Any>,
    wanted: &[Wanted],
) -> Result<Option<BTreeSet<String>>> {
    let few = search::few_contacts(tx, wanted).await?;
    Ok(few.map(|few| few.into_iter().collect()))
}

/// How the database asks its index of words, in its own words.
pub(super) async fn explain(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    asked: &Asked,
) -> Result<Vec<String>> {
    let words: Vec<&Either> = asked.words.iter().collect();
    let Some(sql) = text::query(kind, &needed(asked, &words), FEW + 1) else {
        return Ok(Vec::new());
    };
    let (explain, column) = kind.explain();
    text::by_the_index(tx, kind, true).await?;
    let rows = sqlx::query(AssertSqlSafe(format!("{explain} {sql}")))
        .fetch_all(&mut **tx)
        .await?;
    text::by_the_index(tx, kind, false).await?;
    rows.iter().map(|row| Ok(row.try_get(column)?)).collect()
}
