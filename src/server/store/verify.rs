//! Asks the database whether everything it keeps twice agrees.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Any, Row as _, Transaction};

use super::{
    Result, Store,
    conversation::{delivery, direction},
    database::Kind,
    erase::ERASED,
    text, word,
};
use crate::domain::{
    conversation::{Handler, State},
    moment::Moment,
    order::Waiting,
};

impl Store {
    /// Everything that does not agree, in words; empty if all is well. Reads the whole database: for tests
    /// and for a doctor, never on a request.
    ///
    /// # Errors
    /// The database's.
    pub async fn verify(&self) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut at_once = self.snapshot().await?;
        holdings(&mut at_once, &mut wrong).await?;
        versions(&mut at_once, &mut wrong).await?;
        messages(&mut at_once, &mut wrong).await?;
        history(&mut at_once, &mut wrong).await?;
        log(&mut at_once, &mut wrong).await?;
        acts(&mut at_once, &mut wrong).await?;
        words(&mut at_once, &mut wrong).await?;
        texts(&mut at_once, self.kind, &mut wrong).await?;
        outbox(&mut at_once, &mut wrong).await?;
        at_once.rollback().await?;
        if let Some(broken) = self.audit(None).await?.broken {
            wrong.push(format!("history line {}: {}", broken.line, broken.why));
        }
        Ok(wrong)
    }
}

type Tx = Transaction<'static, Any>;

/// Holdings are what there is.
async fn holdings(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    type Holdings = BTreeSet<(String, String, i64, i64)>;
    let kept = "SELECT queue, assignee, n, unanswered FROM holding WHERE n > 0";
    let kept: Vec<_> = sqlx::query_as(kept).fetch_all(&mut **tx).await?;
    let are = "SELECT queue, assignee, count(*), CAST(sum(CASE WHEN grp < 2 THEN 1 ELSE 0 END) AS BIGINT) \
               FROM conversation WHERE open = 1 GROUP BY queue, assignee";
    let are: Vec<_> = sqlx::query_as(are).fetch_all(&mut **tx).await?;
    let (kept, are): (Holdings, Holdings) = (kept.into_iter().collect(), are.into_iter().collect());
    for holding in kept.symmetric_difference(&are) {
        wrong.push(format!("holding {holding:?} is kept or counted, not both"));
    }
    Ok(())
}

/// A search finds every message by the words it has.
async fn texts(tx: &mut Tx, kind: Kind, wrong: &mut Vec<String>) -> Result<()> {
    let mut kept: BTreeMap<(String, i64), BTreeSet<String>> = BTreeMap::new();
    match kind {
        Kind::Sqlite => {
            let mut words: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
            let sql = "SELECT doc, term FROM message_vocabulary";
            let terms: Vec<(i64, String)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
            for (id, word) in terms {
                words.entry(id).or_default().insert(word);
            }
            let sql = "SELECT id, conversation, n FROM message_text";
            let rows: Vec<(i64, String, i64)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
            for (id, conversation, n) in rows {
                kept.insert((conversation, n), words.remove(&id).unwrap_or_default());
            }
        }
        Kind::Postgres => {
            let sql = "SELECT conversation, n, array_to_string(tsvector_to_array(words), ' ') FROM message_text";
            let rows: Vec<(String, i64, String)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
            for (conversation, n, words) in rows {
                let words = words.split(' ').filter(|word| !word.is_empty());
                kept.insert((conversation, n), words.map(str::to_owned).collect());
            }
        }
    }
    let sql = "SELECT conversation, n, body FROM message";
    let messages: Vec<(String, i64, String)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    for (conversation, n, body) in messages {
        let words = text::words_of(&body);
        let words = words.split(' ').filter(|word| !word.is_empty());
        let says: BTreeSet<String> = words.map(str::to_owned).collect();
        if kept.remove(&(conversation.clone(), n)) != Some(says) {
            wrong.push(format!(
                "{conversation}: message {n} is not found by its words"
            ));
        }
    }
    wrong.extend(
        kept.keys()
            .map(|(conversation, n)| format!("{conversation}: there is no message {n} to find")),
    );
    Ok(())
}

async fn versions(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let sql = "SELECT id FROM conversation WHERE acted > version OR acted < 1 \
               OR (open = 0 AND assignee <> '')";
    let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut **tx).await?;
    wrong.extend(
        ids.iter()
            .map(|id| format!("{id}: its version or assignee cannot be")),
    );
    Ok(())
}

/// What a conversation keeps of its messages is what they say (L1).
async fn messages(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let sql =
        "SELECT conversation, n, direction, delivery, at FROM message ORDER BY conversation, n";
    let messages: Vec<(String, i64, String, String, i64)> =
        sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    let mut said: BTreeMap<String, (i64, Waiting)> = BTreeMap::new();
    for (conversation, n, way, arrived, at) in messages {
        let before = said.get(&conversation).copied();
        if n != before.map_or(1, |(last, _)| last + 1) {
            wrong.push(format!("{conversation}: message {n} does not follow"));
        }
        let before = before.map(|(_, waiting)| waiting);
        let waiting = Waiting::after(before, direction(&way)?, delivery(&arrived), Moment(at));
        said.insert(conversation, (n, waiting));
    }
    let sql = "SELECT id, messages, grp, since FROM conversation";
    let kept: Vec<(String, i64, i64, i64)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    for (id, messages, group, since) in kept {
        let Some((n, waiting)) = said.remove(&id) else {
            wrong.push(format!("{id}: has no message"));
            continue;
        };
        if (messages, group < 2, since) != (n, waiting.unanswered, waiting.since.0) {
            wrong.push(format!(
                "{id}: keeps {messages} {group} {since}, said {n} {waiting:?}"
            ));
        }
    }
    Ok(())
}

/// Played from its beginning, the history ends at how the conversation stands (U9, P3); and it has no gap. What a
/// conversation began with is not of the history, but nobody has one at first.
async fn history(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let sql = "SELECT id, assignee, queue, status, open, bot FROM conversation";
    type Kept = (String, String, String, String, i64, i64);
    let kept: Vec<Kept> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    let sql = "SELECT conversation, kind, was, became FROM history \
               WHERE kind IN ('assignee', 'queue', 'status', 'state', 'handler') ORDER BY id";
    let lines: Vec<(String, String, String, String)> =
        sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    let mut said: BTreeMap<(String, String), String> = BTreeMap::new();
    for (id, ..) in &kept {
        said.insert((id.clone(), "assignee".to_owned()), String::new());
    }
    for (conversation, kind, was, became) in lines {
        let before = said.insert((conversation.clone(), kind.clone()), became);
        if before.as_ref().is_some_and(|before| *before != was) {
            wrong.push(format!(
                "{conversation}: the history has {kind} {before:?}, then {was:?}"
            ));
        }
    }
    for (id, assignee, queue, status, open, bot) in kept {
        let state = if open == 0 {
            State::Closed
        } else {
            State::Open
        };
        let handler = if bot == 0 {
            Handler::Person
        } else {
            Handler::Bot
        };
        for (kind, is) in [
            ("assignee", assignee.as_str()),
            ("queue", &queue),
            ("status", &status),
            ("state", state.word()),
            ("handler", handler.word()),
        ] {
            let said = said.remove(&(id.clone(), kind.to_owned()));
            if said.as_ref().is_some_and(|said| said != is) {
                wrong.push(format!(
                    "{id}: its {kind} is {is:?}, the history says {said:?}"
                ));
            }
        }
    }
    wrong.extend(
        said.keys()
            .map(|of| format!("history of no conversation {of:?}")),
    );
    let sql = "SELECT history FROM counter WHERE one = 1";
    let newest: i64 = sqlx::query_scalar(sql).fetch_one(&mut **tx).await?;
    let sql = "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM history";
    let (count, last): (i64, i64) = sqlx::query_as(sql).fetch_one(&mut **tx).await?;
    if (count, last) != (newest, newest) {
        wrong.push(format!(
            "{count} lines of history to {last}, their counter says {newest}"
        ));
    }
    Ok(())
}

/// The log has no gap, and ends where its counter says (R31); what it says of a conversation follows on what it said
/// before, and ends at how the conversation stands.
async fn log(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let head: i64 = sqlx::query_scalar("SELECT log FROM counter WHERE one = 1")
        .fetch_one(&mut **tx)
        .await?;
    let cursors: Vec<i64> = sqlx::query_scalar("SELECT cursor FROM log ORDER BY cursor")
        .fetch_all(&mut **tx)
        .await?;
    let gaps = cursors.windows(2).filter(|pair| pair[0] + 1 != pair[1]);
    wrong.extend(gaps.map(|pair| format!("the log has a gap after {}", pair[0])));
    if cursors.last().is_some_and(|last| *last != head) {
        wrong.push(format!(
            "the log ends at {:?}, its counter says {head}",
            cursors.last()
        ));
    }
    type Stands = (String, String, i64);
    let sql = "SELECT conversation, before_queue, before_assignee, before_open, queue, assignee, open \
               FROM log WHERE conversation <> '' ORDER BY cursor";
    let rows = sqlx::query(sql).fetch_all(&mut **tx).await?;
    let mut said: BTreeMap<String, Stands> = BTreeMap::new();
    for row in rows {
        let stands = |at| -> Result<Stands> {
            Ok((row.try_get(at)?, row.try_get(at + 1)?, row.try_get(at + 2)?))
        };
        let conversation: String = row.try_get(0)?;
        let (before, after) = (stands(1)?, stands(4)?);
        let last = said.insert(conversation.clone(), after);
        if last.as_ref().is_some_and(|last| *last != before) {
            wrong.push(format!(
                "{conversation}: the log has {last:?}, then {before:?}"
            ));
        }
    }
    let sql = "SELECT id, queue, assignee, open FROM conversation";
    let kept: Vec<(String, String, String, i64)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    for (id, queue, assignee, open) in kept {
        let (said, is) = (said.remove(&id), (queue, assignee, open));
        if said.as_ref().is_some_and(|said| *said != is) {
            wrong.push(format!("{id}: it stands as {is:?}, the log says {said:?}"));
        }
    }
    Ok(())
}

/// An act is of the history and of a conversation that went on from there; whom it left untouched has it (U6, U7).
async fn acts(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let sql = "SELECT a.cursor FROM act a LEFT JOIN conversation c ON c.id = a.conversation \
               WHERE c.id IS NULL OR a.version > c.version \
               OR a.history > (SELECT history FROM counter WHERE one = 1)";
    let cursors: Vec<i64> = sqlx::query_scalar(sql).fetch_all(&mut **tx).await?;
    wrong.extend(
        cursors
            .iter()
            .map(|at| format!("the act of {at} cannot be")),
    );
    let sql = "SELECT id FROM conversation WHERE touched = 1 AND assignee = ''";
    let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut **tx).await?;
    wrong.extend(
        ids.iter()
            .map(|id| format!("{id}: nobody has it, and touched it")),
    );
    Ok(())
}

/// Contacts are found by their words and no others (F1).
async fn words(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let kept: Vec<(String, String)> = sqlx::query_as("SELECT contact, word FROM contact_word")
        .fetch_all(&mut **tx)
        .await?;
    let mut by_contact: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (contact, word) in kept {
        by_contact.entry(contact).or_default().insert(word);
    }
    let contacts: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, name, address FROM contact")
            .fetch_all(&mut **tx)
            .await?;
    for (id, name, address) in contacts {
        let words = match address.starts_with(ERASED) {
            true => BTreeSet::new(),
            false => word::of_contact(&name, &address),
        };
        if by_contact.remove(&id).unwrap_or_default() != words {
            wrong.push(format!("contact {id} is not found by its words"));
        }
    }
    wrong.extend(
        by_contact
            .keys()
            .map(|id| format!("words of no contact {id}")),
    );
    Ok(())
}

/// What is on its way is ours, and nobody said yet what became of it (P1).
async fn outbox(tx: &mut Tx, wrong: &mut Vec<String>) -> Result<()> {
    let sql = "SELECT o.conversation, o.n FROM outbox o LEFT JOIN message m \
               ON m.conversation = o.conversation AND m.n = o.n \
               WHERE m.delivery IS NULL OR m.delivery <> 'pending' ORDER BY 1, 2";
    let lost: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
    let said = |(conversation, n)| format!("{conversation}: message {n} is not on its way");
    wrong.extend(lost.into_iter().map(said));
    let sql = "SELECT c.id FROM conversation c JOIN message m ON m.conversation = c.id \
               AND m.n = c.messages WHERE c.last_delivery <> m.delivery";
    let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut **tx).await?;
    let other = ids
        .iter()
        .map(|id| format!("{id}: its newest message came otherwise"));
    wrong.extend(other);
    Ok(())
}
