//! How the visible part of the list is walked: through branches of indexes that are in its order already.
//!
//! Who sees an open conversation depends on its queue and assignee alone, so what a viewer sees is a set
//! of holdings. Each is one branch of an index; a page is their union, with the page's limit inside each.
//! Where a viewer sees all of a queue, or all there is, one wider branch does for many.

use std::{
    collections::{BTreeMap, HashSet},
    mem::discriminant,
};

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction, any::AnyRow};

use super::{
    Result,
    conversation::{COLUMNS, Stored, read},
    cursor::{Bound, Way},
    database::{Kind, id, name_of, nobody},
    held,
    roster::{Value, bind},
    sight::{Known, Seen},
    word::Wanted,
};
use crate::domain::id::{ConversationId, QueueId, UserId};

/// How many open conversations one (queue, assignee) has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    pub(super) queue: QueueId,
    pub(super) assignee: Option<UserId>,
    pub(super) n: u64,
}

/// Every holding there is.
pub(super) async fn holdings(tx: &mut Transaction<'static, Any>) -> Result<Vec<Holding>> {
    let rows = sqlx::query("SELECT queue, assignee, n FROM holding WHERE n > 0")
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(holding).collect()
}

/// Reads a holding out of its first three columns.
pub(super) fn holding(row: &AnyRow) -> Result<Holding> {
    Ok(Holding {
        queue: id("a queue", row.try_get(0)?)?,
        assignee: nobody(row.try_get(1)?)?,
        n: row.try_get::<i64, _>(2)?.unsigned_abs(),
    })
}

/// A part of the conversations that one index gives in the list's order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Branch {
    /// All open ones.
    Everything,
    /// All open ones of a queue.
    Queue(QueueId),
    /// All open ones of a person.
    Assignee(UserId),
    /// The open ones of one holding.
    Holding(QueueId, Option<UserId>),
    /// The closed ones of a queue.
    Closed(QueueId),
}

impl Branch {
    /// The condition that its index answers, where these stand for its [`values`](Self::values).
    fn condition(&self, first: &str, second: &str) -> String {
        match self {
            Self::Everything => "open = 1".to_owned(),
            Self::Queue(_) => format!("open = 1 AND queue = {first}"),
            Self::Assignee(_) => format!("open = 1 AND assignee = {first}"),
            Self::Holding(..) => format!("open = 1 AND queue = {first} AND assignee = {second}"),
            Self::Closed(_) => format!("open = 0 AND queue = {first}"),
        }
    }

    /// The same, with placeholders for its values, which go to those there are.
    fn asked(&self, values: &mut Vec<Value>) -> String {
        let first = values.len() + 1;
        values.extend(self.values().into_iter().map(Value::from));
        self.condition(&format!("${first}"), &format!("${}", first + 1))
    }

    fn values(&self) -> Vec<&str> {
        match self {
            Self::Everything => Vec::new(),
            Self::Queue(queue) | Self::Closed(queue) => vec![queue.as_str()],
            Self::Assignee(person) => vec![person.as_str()],
            Self::Holding(queue, assignee) => vec![queue.as_str(), name_of(assignee.as_ref())],
        }
    }
}

/// The fewest branches that give exactly the wanted ones of what is known. A wider branch stands for many
/// only where everything it covers is known, and wanted.
pub(super) fn branches(known: &Known, wanted: impl Fn(&Holding, Seen) -> bool) -> Vec<Branch> {
    let holdings = known.holdings.as_slice();
    let wants: Vec<bool> = known
        .each()
        .map(|(holding, seen)| wanted(holding, seen))
        .collect();
    if wants.iter().all(|wanted| !wanted) {
        return Vec::new();
    }
    if known.every_queue && known.everybody && wants.iter().all(|wanted| *wanted) {
        return vec![Branch::Everything];
    }
    if known.every_queue
        && let Some(person) = all_of_one(holdings, &wants)
    {
        return vec![Branch::Assignee(person.clone())];
    }
    let mut by_queue: BTreeMap<&QueueId, (bool, Vec<&Holding>)> = BTreeMap::new();
    for (holding, wanted) in holdings.iter().zip(&wants) {
        let (whole, parts) = by_queue.entry(&holding.queue).or_insert((true, Vec::new()));
        *whole &= wanted;
        if *wanted {
            parts.push(holding);
        }
    }
    let of_queue = |(queue, (whole, parts)): (&QueueId, (bool, Vec<&Holding>))| {
        if known.everybody && whole && parts.len() > 1 {
            return vec![Branch::Queue(queue.clone())];
        }
        parts
            .into_iter()
            .map(|part| Branch::Holding(part.queue.clone(), part.assignee.clone()))
            .collect()
    };
    by_queue.into_iter().flat_map(of_queue).collect()
}

/// The person, if exactly everything that this one person has is wanted, and it is in many queues.
fn all_of_one<'a>(holdings: &'a [Holding], wants: &[bool]) -> Option<&'a UserId> {
    let of = |wanted: bool| {
        let those = holdings
            .iter()
            .zip(wants)
            .filter(move |(_, w)| **w == wanted);
        those.map(|(holding, _)| &holding.assignee)
    };
    // What nobody has may be a third of all: PostgreSQL would rather walk past what everybody has, however much that is.
    let one = of(true).next()?.as_ref()?;
    let many = of(true).count() > 1;
    let only = of(true).all(|assignee| assignee.as_ref() == Some(one));
    let all = of(false).all(|assignee| assignee.as_ref() != Some(one));
    (many && only && all).then_some(one)
}

/// How many branches one query takes at most; a list of more is read in several.
pub(super) const AT_ONCE: usize = 128;

/// The first conversations from a bound on, at most `limit`, in the order of going that way.
pub(super) async fn walk(
    tx: &mut Transaction<'static, Any>,
    branches: &[Branch],
    words: &[Wanted],
    (bound, way): (&Bound, Way),
    limit: usize,
) -> Result<Vec<Stored>> {
    let mut found = Vec::new();
    for some in branches.chunks(AT_ONCE) {
        let (sql, values) = ask(Kind::of(tx), some, words, (bound, way), limit);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in &values {
            query = bind(query, value);
        }
        for row in query.fetch_all(&mut **tx).await? {
            found.push(read(&row)?);
        }
    }
    if branches.len() > AT_ONCE {
        found.sort_by_cached_key(|c| c.facts.place());
        if way == Way::Up {
            found.reverse();
        }
        found.truncate(limit);
    }
    Ok(found)
}

/// How the database goes about the first query of a [`walk`] from the top, line by line as it says so
/// itself.
pub(super) async fn explain(
    tx: &mut Transaction<'static, Any>,
    kind: Kind,
    branches: &[Branch],
    words: &[Wanted],
) -> Result<Vec<String>> {
    let some = &branches[..branches.len().min(AT_ONCE)];
    if some.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, values) = ask(kind, some, words, (&Bound::top(), Way::Down), 100);
    let (explain, column) = kind.explain();
    let sql = format!("{explain} {sql}");
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in &values {
        query = bind(query, value);
    }
    let rows = query.fetch_all(&mut **tx).await?;
    rows.iter().map(|row| Ok(row.try_get(column)?)).collect()
}

/// The query of [`walk`] for some branches, and what it is asked with. Places are found by the indexes alone, which are read
/// no further than the page needs; only the page's rows are read whole.
fn ask(
    kind: Kind,
    branches: &[Branch],
    words: &[Wanted],
    (bound, way): (&Bound, Way),
    limit: usize,
) -> (String, Vec<Value>) {
    let (than, order) = way.in_sql();
    let (mut values, filter) = beyond(bound, limit, words);
    let places = |condition: String| {
        format!(
            "SELECT grp, since, id FROM conversation WHERE {condition} \
             AND (grp, since, id) {than} ($1, $2, $3){filter}"
        )
    };
    let parts: Vec<String> = match kind {
        // Reads the parts' indexes side by side, if nothing stands around them.
        Kind::Sqlite => {
            let part = |branch: &Branch| places(branch.asked(&mut values));
            branches.iter().map(part).collect()
        }
        // Sorts whatever all of them give, which has to be no more than is wanted. Where each row's words have to be looked
        // up, it is worth a longer plan to read the parts side by side, no further than needed.
        Kind::Postgres => {
            let part = |condition| format!("{} ORDER BY {order} LIMIT 0 + $4", places(condition));
            if words.is_empty() {
                gathered(branches, &mut values, part)
            } else {
                let part = |branch: &Branch| one(part(branch.asked(&mut values)));
                branches.iter().map(part).collect()
            }
        }
    };
    let parts = parts.join(" UNION ALL ");
    let outer = order
        .split(", ")
        .map(|column| format!("p.{column}"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "SELECT {COLUMNS} FROM ({parts} ORDER BY {order} LIMIT 0 + $4) p \
         JOIN conversation c ON c.id = p.id ORDER BY {outer}"
    );
    (sql, values)
}

/// A part for all branches of one kind together, each of which gives what `part` says. However many there are, PostgreSQL has
/// one short plan, the same for everybody: to plan a hundred parts took it six times as long as to carry them out.
fn gathered(
    branches: &[Branch],
    values: &mut Vec<Value>,
    part: impl Fn(String) -> String,
) -> Vec<String> {
    let mut kinds: Vec<(&Branch, Vec<Vec<&str>>)> = Vec::new();
    for branch in branches {
        let alike = |(one, _): &&mut (&Branch, _)| discriminant(*one) == discriminant(branch);
        match kinds.iter_mut().find(alike) {
            Some((_, those)) => those.push(branch.values()),
            None => kinds.push((branch, vec![branch.values()])),
        }
    }
    let of_kind = |(branch, those): (&Branch, Vec<Vec<&str>>)| {
        if those.len() == 1 {
            return one(part(branch.asked(values)));
        }
        let mut columns = Vec::new();
        for column in 0..branch.values().len() {
            let all: Vec<&str> = those.iter().map(|values| values[column]).collect();
            values.push(all.join(" ").as_str().into()); // No id has a space in it, and nobody's is empty.
            columns.push(format!("string_to_array(${}, ' ')", values.len()));
        }
        let names = ["first", "second"][..columns.len()].join(", ");
        format!(
            "SELECT b.* FROM unnest({}) each ({names}) CROSS JOIN LATERAL ({}) b",
            columns.join(", "),
            part(branch.condition("each.first", "each.second"))
        )
    };
    kinds.into_iter().map(of_kind).collect()
}

/// A part that has an order and an end of its own.
fn one(part: String) -> String {
    format!("SELECT * FROM ({part}) b")
}

/// What the queries for places beyond a bound are asked with from `$1` on: the place, how many, and the words; and the
/// condition that a conversation's contact has something of each word.
fn beyond(bound: &Bound, limit: usize, words: &[Wanted]) -> (Vec<Value>, String) {
    let mut values = Vec::from([bound.group, bound.since].map(Value::from));
    values.push(bound.id.as_str().into());
    values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
    let mut filter = String::new();
    for Wanted(ranges) in words {
        let mut of_word = Vec::with_capacity(ranges.len());
        for (from, to) in ranges {
            values.extend([from.as_str().into(), to.as_str().into()]);
            of_word.push(format!(
                "EXISTS (SELECT 1 FROM contact_word w WHERE w.contact = conversation.contact \
                 AND w.word >= ${} AND w.word < ${})",
                values.len() - 1,
                values.len()
            ));
        }
        filter.push_str(&format!(" AND ({})", of_word.join(" OR ")));
    }
    (values, filter)
}

/// How many rows are walked past, for each one wanted, before the branches are asked one by one.
const PATIENCE: usize = 16;

/// [`walk`] for somebody who sees much through many branches: walks a wider branch and leaves out what
/// they do not see, and asks the branches themselves only if too little of what it walks is theirs.
pub(super) async fn walk_past(
    tx: &mut Transaction<'static, Any>,
    (wider, branches): (Branch, &[Branch]),
    words: &[Wanted],
    (bound, way): (&Bound, Way),
    limit: usize,
) -> Result<Vec<Stored>> {
    let theirs: HashSet<&Branch> = branches.iter().collect();
    let sees = |(queue, assignee, _): &Passed| {
        theirs.contains(&Branch::Queue(queue.clone()))
            || theirs.contains(&Branch::Holding(queue.clone(), assignee.clone()))
    };
    let mut found: Vec<ConversationId> = Vec::new();
    let mut bound = bound.clone();
    let step = limit.max(32) * 2;
    let mut end = false;
    for _ in 0..PATIENCE / 2 {
        let passed = pass(tx, &wider, words, (&bound, way), step).await?;
        end = passed.len() < step;
        if let Some((.., last)) = passed.last() {
            bound = last.clone();
        }
        for (.., bound) in passed.iter().filter(|passed| sees(passed)) {
            found.push(id("a conversation", &bound.id)?);
        }
        if end || found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    let mut whole = held::these(tx, &found).await?;
    let mut rows: Vec<Stored> = found.iter().filter_map(|id| whole.remove(id)).collect();
    if !end && rows.len() < limit {
        let rest = walk(tx, branches, words, (&bound, way), limit - rows.len()).await?;
        rows.extend(rest);
    }
    Ok(rows)
}

/// A conversation that is walked past: how it stands, and where.
type Passed = (QueueId, Option<UserId>, Bound);

/// The first places of one branch from a bound on, at most `limit`, and no more of each than is needed to see whether it is
/// wanted.
async fn pass(
    tx: &mut Transaction<'static, Any>,
    branch: &Branch,
    words: &[Wanted],
    (bound, way): (&Bound, Way),
    limit: usize,
) -> Result<Vec<Passed>> {
    let (than, order) = way.in_sql();
    let (mut values, filter) = beyond(bound, limit, words);
    let condition = branch.asked(&mut values);
    let sql = format!(
        "SELECT queue, assignee, grp, since, id FROM conversation WHERE {condition} \
         AND (grp, since, id) {than} ($1, $2, $3){filter} ORDER BY {order} LIMIT 0 + $4"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in &values {
        query = bind(query, value);
    }
    let rows = query.fetch_all(&mut **tx).await?;
    let read = |row: &AnyRow| {
        let bound = Bound {
            group: row.try_get(2)?,
            since: row.try_get(3)?,
            id: row.try_get(4)?,
        };
        let queue = id("a queue", row.try_get(0)?)?;
        Ok((queue, nobody(row.try_get(1)?)?, bound))
    };
    rows.iter().map(read).collect()
}
