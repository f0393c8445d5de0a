//! What was done to conversations, and what became of them since (U7, U9).

use std::collections::{HashMap, HashSet};

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction, any::AnyRow};

use super::{
    Result, Store, StoreError,
    conversation::Stored,
    database::{id, name_of, nobody},
    held::{places, these},
};
use crate::domain::{
    action::{Action, Cause},
    fate::{Became, Course, Passing},
    id::{ConversationId, OperationId, UserId},
    moment::Moment,
    person::Person,
};

/// How many acts are told at once.
const ACTS: usize = 100;
/// Of how many conversations of one act it is told what became of them.
const FATES: usize = 200;
/// How many rows are read at once.
const AT_ONCE: usize = 2_000;
/// Into the histories of how many conversations one query looks.
const HISTORIES: usize = 500;

/// Which acts: by somebody, or on what was somebody's, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActsQuery {
    /// Who did it.
    pub by: Option<UserId>,
    /// Whose it was, and is no more by another's hand (U9).
    pub of: Option<UserId>,
    /// Since when.
    pub since: Moment,
}

/// One act on one or many conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What undo names.
    pub operation: OperationId,
    /// When; of what was somebody's because of it and was taken back, when that was.
    pub at: Moment,
    /// What was done.
    pub action: Action,
    /// Who did it; nobody if the desk itself did.
    pub by: Option<UserId>,
    /// Through what the desk did it by itself.
    pub cause: Option<Cause>,
    /// Whose the conversations were, as far as the viewer sees these.
    pub of: Vec<UserId>,
    /// Why, if they said.
    pub reason: Option<String>,
    /// A lost line did it, not its owner's hand (Q9).
    pub line_lost: bool,
    /// All of it was taken back.
    pub undone: bool,
    /// How many conversations it changed, seen or not.
    pub count: u64,
    /// What became of those the viewer sees, at most 200.
    pub fates: Vec<Fate>,
}

/// What became of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// As it is now.
    pub conversation: Stored,
    /// What became of it.
    pub became: Became,
    /// Who got it first.
    pub first: Option<Passing>,
}

impl Store {
    /// What was done, newest first, at most 100 acts of those still kept, and what became of each conversation that
    /// `viewer` sees *now*; the others are only counted (V8). Whose acts they may ask for is the caller's to know.
    /// Replies stand among the messages and not here.
    ///
    /// # Errors
    /// The database's.
    pub async fn acts(&self, viewer: &Person, query: &ActsQuery) -> Result<Vec<Done>> {
        let directory = self.directory();
        let mut at_once = self.snapshot().await?;
        let acts = read_acts(&mut at_once, query).await?;
        let ids: HashSet<ConversationId> = acts
            .iter()
            .flat_map(|act| act.rows.iter().map(|row| row.conversation.clone()))
            .collect();
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let mut seen = these(&mut at_once, &ids).await?;
        seen.retain(|_, c| directory.team.can_see(viewer, &c.facts.standing()));
        let since = passings(&mut at_once, &acts, &seen).await?;
        at_once.rollback().await?;
        acts.into_iter()
            .map(|act| Ok(act.told(&seen, &since)))
            .collect()
    }
}

/// One act, as far as it was read.
struct Read {
    operation: OperationId,
    by: Option<UserId>,
    rows: Vec<Recorded>,
    /// Who had it through the act, and lost it when the act was taken back.
    taken_back_from: Option<UserId>,
}

/// What an act did to one conversation.
struct Recorded {
    conversation: ConversationId,
    action: Action,
    former: Option<UserId>,
    at: Moment,
    history: i64,
    line_lost: bool,
    undone: Option<Moment>,
    /// Who had it then.
    then: Option<UserId>,
    cause: Option<Cause>,
    reason: String,
}

const COLUMNS: &str = "a.cursor, a.person, a.operation, a.conversation, a.action, a.former, a.at, a.history, \
    a.line_lost, a.undone, l.assignee, l.cause, l.reason";

/// Somebody's acts. Of each condition's parameters the first is who acted, the second whose it was, each empty where
/// it makes no difference, the third since when.
const BY: &str = "a.person = $1 AND $2 = '' AND a.at >= $3";
/// What others did with what was somebody's, who had it no more then.
const OF: &str = "$1 IN ('', a.person) AND a.former = $2 AND l.assignee <> $2 \
    AND (a.person <> $2 OR a.line_lost = 1) AND a.at >= $3";
/// What gave somebody something, and was taken back by others.
const TAKEN_BACK: &str = "$1 IN ('', a.person) AND a.undone > 0 AND a.undone >= $3 AND l.assignee = $2 \
    AND a.former <> $2 AND a.person <> $2";

async fn read_acts(tx: &mut Transaction<'static, Any>, query: &ActsQuery) -> Result<Vec<Read>> {
    let Some(of) = &query.of else {
        return read_those(tx, BY, query).await;
    };
    let mut acts = read_those(tx, OF, query).await?;
    for mut act in read_those(tx, TAKEN_BACK, query).await? {
        act.taken_back_from = Some(of.clone());
        acts.push(act);
    }
    acts.sort_by_key(|act| std::cmp::Reverse(act.at()));
    acts.truncate(ACTS);
    Ok(acts)
}

/// The newest acts of a condition, newest first.
async fn read_those(
    tx: &mut Transaction<'static, Any>,
    condition: &str,
    query: &ActsQuery,
) -> Result<Vec<Read>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM act a JOIN log l ON l.cursor = a.cursor WHERE {condition} \
         AND a.action <> 'reply' AND a.cursor < $4 ORDER BY a.cursor DESC LIMIT 0 + $5"
    );
    let (by, of) = (name_of(query.by.as_ref()), name_of(query.of.as_ref()));
    let mut acts: Vec<Read> = Vec::new();
    let mut places: HashMap<(Option<UserId>, OperationId), usize> = HashMap::new();
    let mut before = i64::MAX;
    loop {
        let rows = sqlx::query(AssertSqlSafe(sql.as_str()))
            .bind(by)
            .bind(of)
            .bind(query.since.0)
            .bind(before)
            .bind(AT_ONCE as i64)
            .fetch_all(&mut **tx)
            .await?;
        for row in &rows {
            before = row.try_get(0)?;
            let by: Option<UserId> = nobody(row.try_get(1)?)?;
            let operation: OperationId = id("an operation", row.try_get(2)?)?;
            let place = *places
                .entry((by.clone(), operation.clone()))
                .or_insert(acts.len());
            if place == ACTS {
                return Ok(acts); // What one act did is written together, so that none is cut off
            }
            if place == acts.len() {
                let rows = Vec::new();
                acts.push(Read {
                    operation,
                    by,
                    rows,
                    taken_back_from: None,
                });
            }
            acts[place].rows.push(recorded(row)?);
        }
        if rows.len() < AT_ONCE {
            return Ok(acts);
        }
    }
}

fn recorded(row: &AnyRow) -> Result<Recorded> {
    let action: &str = row.try_get(4)?;
    let cause: &str = row.try_get(11)?;
    Ok(Recorded {
        conversation: id("a conversation", row.try_get(3)?)?,
        action: Action::from_word(action)
            .ok_or_else(|| StoreError::corrupt("an action", action))?,
        former: nobody(row.try_get(5)?)?,
        at: Moment(row.try_get(6)?),
        history: row.try_get(7)?,
        line_lost: row.try_get::<i64, _>(8)? != 0,
        undone: Some(row.try_get(9)?).filter(|at| *at != 0).map(Moment),
        then: nobody(row.try_get(10)?)?,
        cause: Cause::from_word(cause),
        reason: row.try_get(12)?,
    })
}

/// When who became the assignee of a conversation, by the history's own order.
type Passings = HashMap<ConversationId, Vec<(i64, Passing)>>;

/// Who got each of these conversations since the oldest of the acts on it, oldest first.
async fn passings(
    tx: &mut Transaction<'static, Any>,
    acts: &[Read],
    seen: &HashMap<ConversationId, Stored>,
) -> Result<Passings> {
    let rows = acts.iter().flat_map(|act| &act.rows);
    let Some(first) = rows.map(|row| row.history).min() else {
        return Ok(Passings::new());
    };
    let ids: Vec<&ConversationId> = seen.keys().collect();
    let mut passings = Passings::new();
    for some in ids.chunks(HISTORIES) {
        let sql = format!(
            "SELECT conversation, id, became, at, cause FROM history WHERE conversation IN ({}) AND id > $1 \
             AND kind = 'assignee' AND became <> '' ORDER BY id",
            places(2, some.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(first);
        for id in some {
            query = query.bind(id.as_str());
        }
        for row in query.fetch_all(&mut **tx).await? {
            let passing = Passing {
                to: id("a person", row.try_get(2)?)?,
                at: Some(Moment(row.try_get(3)?)),
                cause: Cause::from_word(row.try_get(4)?),
            };
            let of = id("a conversation", row.try_get(0)?)?;
            passings
                .entry(of)
                .or_default()
                .push((row.try_get(1)?, passing));
        }
    }
    Ok(passings)
}

impl Read {
    fn at(&self) -> Moment {
        let when = |row: &Recorded| match &self.taken_back_from {
            Some(_) => row.undone.unwrap_or(row.at),
            None => row.at,
        };
        self.rows.iter().map(when).max().unwrap_or_default()
    }

    fn told(self, seen: &HashMap<ConversationId, Stored>, since: &Passings) -> Done {
        let at = self.at();
        let Self {
            operation,
            by,
            rows,
            taken_back_from,
        } = self;
        let mut of: Vec<UserId> = taken_back_from.iter().cloned().collect();
        let mut fates = Vec::new();
        for row in &rows {
            let Some(stored) = seen.get(&row.conversation) else {
                continue;
            };
            let former = row.former.as_ref().filter(|former| !of.contains(former));
            of.extend(former.filter(|_| taken_back_from.is_none()).cloned());
            if fates.len() < FATES {
                fates.push(row.fate(stored, since));
            }
        }
        of.sort();
        let newest = rows.first();
        Done {
            at,
            action: newest.map_or(Action::Unassign, |row| row.action),
            reason: newest
                .map(|row| row.reason.clone())
                .filter(|reason| !reason.is_empty()),
            cause: newest.and_then(|row| row.cause).filter(|_| by.is_none()),
            line_lost: rows.iter().any(|row| row.line_lost),
            undone: rows.iter().all(|row| row.undone.is_some()),
            count: rows.len() as u64,
            operation,
            by,
            of,
            fates,
        }
    }
}

impl Recorded {
    fn fate(&self, stored: &Stored, since: &Passings) -> Fate {
        let kept = self.then.as_ref().map(|to| {
            let given = self.then != self.former;
            Passing {
                to: to.clone(),
                at: given.then_some(self.at),
                cause: self.cause.filter(|_| given),
            }
        });
        let since = since.get(&self.conversation).into_iter().flatten();
        let mut after = since.filter(|(history, _)| *history > self.history);
        let course = Course {
            former: self.former.clone(),
            kept,
            next: after.next().map(|(_, passing)| passing.clone()),
            undone: self.undone.is_some(),
            state: stored.facts.state,
        };
        let (became, first) = course.end();
        Fate {
            conversation: stored.clone(),
            became,
            first,
        }
    }
}
