//! Walking through the conversations somebody sees, the one heard of last first.

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::asked::Asked;
use crate::{
    domain::id::{ConversationId, QueueId, UserId},
    server::store::{
        Result, StoreError,
        conversation::{COLUMNS, Stored, read},
        cursor::unhex,
        database::{Kind, id, name_of},
        directory::Directory,
        roster::{Value, bind},
        token::hex,
    },
};

/// A place among conversations, newest first: when one was last written in, and which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) at: i64,
    pub(super) id: String,
}

impl Spot {
    /// Before all.
    pub(super) fn top() -> Self {
        Self {
            at: i64::MAX,
            id: String::new(),
        }
    }

    /// Where a conversation stands.
    pub(super) fn of(conversation: &Stored) -> Self {
        Self {
            at: conversation
                .last_message
                .as_ref()
                .map_or(0, |last| last.at.0),
            id: conversation.facts.id.to_string(),
        }
    }

    /// The cursor that goes on after it.
    pub(super) fn cursor(&self) -> String {
        hex(format!("f{} {}", self.at, self.id).as_bytes())
    }

    /// The inverse of [`Spot::cursor`].
    pub(super) fn from_cursor(cursor: &str) -> Result<Self> {
        let read = || {
            let text = unhex(cursor)?;
            let (at, conversation) = text.strip_prefix('f')?.split_once(' ')?;
            let conversation = ConversationId::parse(conversation).ok()?;
            Some(Self {
                at: at.parse().ok()?,
                id: conversation.to_string(),
            })
        };
        read().ok_or(StoreError::NotACursor)
    }
}

/// Which conversations are walked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// All there are: whoever walks leaves out what they do not see.
    All,
    /// Those that these people have in these queues, or nobody, open or closed.
    Of(Vec<(QueueId, Option<UserId>, bool)>),
}

/// A stretch of a path.
pub(super) struct Stretch {
    /// The conversations in it that the conditions do not leave out.
    pub(super) rows: Vec<Stored>,
    /// Where it ends; `None` if the path does.
    pub(super) end: Option<Spot>,
}

/// The next `length` conversations of a path, as far as they fulfil the conditions.
pub(super) async fn stretch(
    tx: &mut Transaction<'static, Any>,
    (path, asked, directory): (&Path, &Asked, &Directory),
    from: &Spot,
    length: usize,
) -> Result<Stretch> {
    let end = end(tx, (path, asked), from, length).await?;
    let (sql, values) = rows_of(path, asked, directory, (from, end.as_ref()));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in &values {
        query = bind(query, value);
    }
    let rows = query.fetch_all(&mut **tx).await?;
    Ok(Stretch {
        rows: rows.iter().map(read).collect::<Result<_>>()?,
        end,
    })
}

/// Where the next `length` conversations of a path end; `None` if the path does.
async fn end(
    tx: &mut Transaction<'static, Any>,
    (path, asked): (&Path, &Asked),
    from: &Spot,
    length: usize,
) -> Result<Option<Spot>> {
    let (sql, values) = end_of(path, asked, from, length);
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in &values {
        query = bind(query, value);
    }
    let Some(row) = query.fetch_optional(&mut **tx).await? else {
        return Ok(None);
    };
    Ok(Some(Spot {
        at: row.try_get(0)?,
        id: id::<ConversationId>("a conversation", row.try_get(1)?)?.to_string(),
    }))
}

/// How the database goes about a [`stretch`] from the top, in its own words.
pub(super) async fn explain(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    (path, asked, directory): (&Path, &Asked, &Directory),
) -> Result<Vec<String>> {
    let top = Spot::top();
    let end = end(tx, (path, asked), &top, 256).await?;
    let (explain, column) = kind.explain();
    let mut plan = Vec::new();
    for (sql, values) in [
        end_of(path, asked, &top, 256),
        rows_of(path, asked, directory, (&top, end.as_ref())),
    ] {
        let sql = format!("{explain} {sql}");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in &values {
            query = bind(query, value);
        }
        for row in query.fetch_all(&mut **tx).await? {
            plan.push(row.try_get(column)?);
        }
    }
    Ok(plan)
}

/// The query for the last place of a stretch, if it is as long as that, and what it is asked with.
fn end_of(path: &Path, asked: &Asked, from: &Spot, length: usize) -> (String, Vec<Value>) {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let mut values: Vec<Value> = vec![
        from.at.into(),
        from.id.as_str().into(),
        length.into(),
        (length - 1).into(),
        since(asked).into(),
    ];
    let parts = branches(path, &mut values, |condition| {
        format!(
            "SELECT last_at, id FROM (SELECT last_at, id FROM conversation WHERE {condition}\
             (last_at, id) < ($1, $2) AND last_at >= $5 ORDER BY last_at DESC, id DESC LIMIT 0 + $3) b"
        )
    });
    let sql = format!(
        "SELECT last_at, id FROM ({}) u ORDER BY last_at DESC, id DESC LIMIT 1 OFFSET $4",
        parts.join(" UNION ALL ")
    );
    (sql, values)
}

/// The query for the conversations of a stretch, and what it is asked with.
fn rows_of(
    path: &Path,
    asked: &Asked,
    directory: &Directory,
    (from, end): (&Spot, Option<&Spot>),
) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![
        from.at.into(),
        from.id.as_str().into(),
        end.map_or(i64::MIN, |end| end.at).into(),
        end.map_or("", |end| end.id.as_str()).into(),
        since(asked).into(),
    ];
    const WITHIN: &str =
        "(c.last_at, c.id) < ($1, $2) AND (c.last_at, c.id) >= ($3, $4) AND c.last_at >= $5";
    let parts = branches(path, &mut values, |condition| {
        format!("SELECT c.id FROM conversation c WHERE {condition}{WITHIN}")
    });
    let (conditions, more) = asked.conditions(directory, values.len() + 1);
    values.extend(more.iter().map(|value| Value::from(value.as_str())));
    let which = match path {
        Path::All => format!("conversation c WHERE {WITHIN}"),
        Path::Of(_) => {
            let parts = parts.join(" UNION ALL ");
            format!("({parts}) p JOIN conversation c ON c.id = p.id WHERE 1 = 1")
        }
    };
    let sql =
        format!("SELECT {COLUMNS} FROM {which}{conditions} ORDER BY c.last_at DESC, c.id DESC");
    (sql, values)
}

/// Nothing that was last written in before the message looked for can have it.
fn since(asked: &Asked) -> i64 {
    asked.since.map_or(i64::MIN, |since| since.0)
}

/// A part of a query for each branch of a path.
fn branches(path: &Path, values: &mut Vec<Value>, part: impl Fn(&str) -> String) -> Vec<String> {
    let Path::Of(branches) = path else {
        return vec![part("")];
    };
    let mut parts = Vec::with_capacity(branches.len());
    for (queue, assignee, open) in branches {
        values.push(queue.as_str().into());
        values.push(name_of(assignee.as_ref()).into());
        let (queue, assignee) = (values.len() - 1, values.len());
        let open = i64::from(*open);
        parts.push(part(&format!(
            "queue = ${queue} AND assignee = ${assignee} AND open = {open} AND "
        )));
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_survive_and_nothing_else_is_one(at in any::<i64>(), id in "[A-Za-z0-9_-]{1,64}", other in ".{0,40}") {
            let spot = Spot { at, id };
            prop_assert_eq!(Spot::from_cursor(&spot.cursor()).unwrap(), spot);
            prop_assert!(Spot::from_cursor(&other).is_err());
        }
    }
}
