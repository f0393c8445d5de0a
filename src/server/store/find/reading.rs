//! Whether a conversation has what is looked for: in its contact, and in its messages, newest first.

use std::{collections::HashMap, iter::Peekable, ops::Range, vec::IntoIter};

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{
    HitMessage,
    asked::{Asked, Said},
    excerpt,
};
use crate::{
    domain::{
        id::ConversationId,
        moment::Moment,
        word::{self, Spoken},
    },
    server::store::{
        Result,
        conversation::Stored,
        database::id,
        held::places,
        message::message_id,
        search::contacts_words,
        text::{SEARCHED, searched},
    },
};

/// How many messages are read at once, and of how many conversations.
const MESSAGES: u64 = 512;
const CONVERSATIONS: usize = 64;

/// What came of looking: `None` if it is not found, else the message in which it was, if it was in one.
pub(super) type Verdict = Option<Option<HitMessage>>;

/// The next conversations whose messages are read at once: at least one.
pub(super) fn some_of(rows: &mut Peekable<IntoIter<Stored>>) -> Vec<Stored> {
    let mut some = Vec::new();
    let mut messages = 0;
    while let Some(row) = rows.next_if(|row| {
        some.is_empty() || (some.len() < CONVERSATIONS && messages + row.messages <= MESSAGES)
    }) {
        messages += row.messages;
        some.push(row);
    }
    some
}

/// Reads as much of these conversations as it takes to know whether they have what is looked for.
pub(super) async fn read(
    tx: &mut Transaction<'static, Any>,
    asked: &Asked,
    rows: Vec<Stored>,
) -> Result<Vec<(Stored, Verdict)>> {
    if !asked.reads_messages() && asked.contact.is_empty() {
        // What was last written is as new as can be: that it is new enough is known by now.
        return Ok(rows.into_iter().map(|row| (row, Some(None))).collect());
    }
    let mut in_contact = of_contacts(tx, asked, &rows).await?;
    let mut verdicts = Vec::with_capacity(rows.len());
    let mut unknown = Vec::new();
    for row in rows {
        let verdict = match in_contact.remove(&row.facts.id) {
            None => Some(None), // Not of this contact.
            Some(missing) if missing.is_empty() && asked.before.is_none() => Some(Some(None)),
            Some(missing) => {
                unknown.push((row.facts.id.clone(), missing, row.messages));
                None
            }
        };
        verdicts.push((row, verdict));
    }
    let mut in_messages = of_messages(tx, asked, unknown).await?;
    let decided = |(row, verdict): (Stored, Option<Verdict>)| {
        let verdict = verdict.unwrap_or_else(|| in_messages.remove(&row.facts.id).flatten());
        (row, verdict)
    };
    Ok(verdicts.into_iter().map(decided).collect())
}

/// Of each conversation whose contact is one that is looked for: what its messages have to say yet.
async fn of_contacts<'a>(
    tx: &mut Transaction<'static, Any>,
    asked: &'a Asked,
    rows: &[Stored],
) -> Result<HashMap<ConversationId, Vec<&'a Said>>> {
    let said = || asked.said.iter();
    let mut missing = HashMap::with_capacity(rows.len());
    if asked.words.is_empty() && asked.contact.is_empty() {
        missing.extend(
            rows.iter()
                .map(|row| (row.facts.id.clone(), said().collect())),
        );
        return Ok(missing);
    }
    let ids: Vec<&ConversationId> = rows.iter().map(|row| &row.facts.id).collect();
    let words = contacts_words(tx, &ids).await?;
    for row in rows {
        let theirs = words.get(&row.facts.id).map_or(&[][..], Vec::as_slice);
        if !asked.contact.iter().all(|wanted| wanted.is_among(theirs)) {
            continue;
        }
        let elsewhere = asked
            .words
            .iter()
            .filter(|either| !either.contact.iter().all(|wanted| wanted.is_among(theirs)))
            .map(|either| &either.said);
        missing.insert(row.facts.id.clone(), said().chain(elsewhere).collect());
    }
    Ok(missing)
}

/// The newest message of each that says all it has to, if it has one.
async fn of_messages(
    tx: &mut Transaction<'static, Any>,
    asked: &Asked,
    of: Vec<(ConversationId, Vec<&Said>, u64)>,
) -> Result<HashMap<ConversationId, Verdict>> {
    let mut verdicts = HashMap::with_capacity(of.len());
    let Some((_, _, most)) = of.iter().max_by_key(|(_, _, messages)| *messages) else {
        return Ok(verdicts);
    };
    // A long conversation is read by itself, a piece at a time.
    let mut below = i64::try_from(*most).unwrap_or(i64::MAX);
    let piece = i64::try_from(MESSAGES).unwrap_or(i64::MAX);
    let mut of: HashMap<ConversationId, Vec<&Said>> =
        of.into_iter().map(|(id, said, _)| (id, said)).collect();
    while below > 0 && !of.is_empty() {
        let ids: Vec<&ConversationId> = of.keys().collect();
        let messages = messages(tx, asked, &ids, (below - piece, below)).await?;
        for (conversation, n, at, body) in messages {
            let Some(said) = of.get(&conversation) else {
                continue; // A newer one said it already.
            };
            if let Some(found) = says_all(&body, said) {
                let message = (!said.is_empty()).then(|| -> Result<HitMessage> {
                    Ok(HitMessage {
                        id: message_id(&conversation, n)?,
                        at: Moment(at),
                        excerpt: excerpt::excerpt(searched(&body), &found),
                    })
                });
                verdicts.insert(conversation.clone(), Some(message.transpose()?));
                of.remove(&conversation);
            }
        }
        below -= piece;
    }
    Ok(verdicts)
}

/// Messages of these conversations within the time that is looked for, newest first: those numbered above the first
/// and up to the second.
async fn messages(
    tx: &mut Transaction<'static, Any>,
    asked: &Asked,
    of: &[&ConversationId],
    (above, up_to): (i64, i64),
) -> Result<Vec<(ConversationId, i64, i64, String)>> {
    let places = places(6, of.len());
    let sql = format!(
        "SELECT conversation, n, at, substr(body, 1, $5) FROM message WHERE conversation IN ({places}) \
         AND n > $1 AND n <= $2 AND at >= $3 AND at < $4 ORDER BY conversation, n DESC"
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql))
        .bind(above)
        .bind(up_to)
        .bind(asked.since.map_or(i64::MIN, |at| at.0))
        .bind(asked.before.map_or(i64::MAX, |at| at.0))
        .bind(i32::try_from(SEARCHED).unwrap_or(i32::MAX));
    for id in of {
        query = query.bind(id.as_str());
    }
    let rows: Vec<(String, i64, i64, String)> = query.fetch_all(&mut **tx).await?;
    rows.into_iter()
        .map(|(conversation, n, at, body)| {
            let conversation = id("a conversation", &conversation)?;
            Ok((conversation, n, at, body))
        })
        .collect()
}

/// Where a message says each of these, in the order of the message; `None` unless it says all of them.
fn says_all(body: &str, said: &[&Said]) -> Option<Vec<Range<usize>>> {
    let message: Vec<Spoken> = match said.is_empty() {
        true => Vec::new(),
        false => word::spoken(searched(body)).collect(),
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for said in said {
        let before = found.len();
        found.extend(said.in_message(&message));
        if found.len() == before {
            return None;
        }
    }
    found.sort_by_key(|at| (at.start, at.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for at in found {
        match apart.last_mut() {
            Some(last) if at.start < last.end => last.end = last.end.max(at.end),
            _ => apart.push(at),
        }
    }
    Some(apart)
}
