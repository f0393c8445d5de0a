//! How the list is walked: from a place on, through branches of indexes, a page's rows in one question.

use std::mem::discriminant;

use sqlx::{AnyConnection, AssertSqlSafe, Row as _, any::AnyRow};

use super::{
    Result,
    branch::Branch,
    conversation::{COLUMNS, Stored, read},
    cursor::{Bound, Way},
    database::{Kind, id, name_of, nobody},
    roster::{Value, bind},
    word::Wanted,
};
use crate::domain::conversation::Standing;

/// What there is from a bound on.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// In the order of going that way.
    pub(super) rows: Vec<Stored>,
    /// The newest cursor of the log when the last of it was read; `None` where there was nothing to say it with.
    pub(super) as_of: Option<u64>,
    /// How the conversation stands, if there is one, that is at the bound itself.
    pub(super) at_bound: Option<Standing>,
}

/// How many branches one question is about at most; a list of more is read in several.
pub(super) const AT_ONCE: usize = 128;

/// The first conversations of these branches from a bound on, at most `limit`, in the order of going that way.
pub(super) async fn walk(
    line: &mut AnyConnection,
    branches: &[Branch],
    words: &[Wanted],
    (bound, way): (&Bound, Way),
    limit: usize,
) -> Result<Walked> {
    let mut walked = Walked::default();
    for some in branches.chunks(AT_ONCE) {
        let asked = Question::new(Kind::of(line), words, (bound, way), limit).of(some);
        let answered = asked.ask(line).await?;
        walked.rows.extend(answered.rows);
        walked.as_of = answered.as_of;
        walked.at_bound = walked.at_bound.or(answered.at_bound);
    }
    if branches.len() > AT_ONCE {
        walked.rows.sort_by_cached_key(|c| c.facts.place());
        if way == Way::Up {
            walked.rows.reverse();
        }
        walked.rows.truncate(limit);
    }
    Ok(walked)
}

/// [`walk`] for somebody who sees much through many branches: walks so many of a wider branch and leaves out what they do
/// not see. `None` if too few of these are theirs.
pub(super) async fn walk_past(
    line: &mut AnyConnection,
    (wider, within): (&Branch, usize),
    branches: &[Branch],
    words: &[Wanted],
    (bound, way): (&Bound, Way),
    limit: usize,
) -> Result<Option<Walked>> {
    let question = Question::new(Kind::of(line), words, (bound, way), limit);
    let walked = question.past(wider, within, branches).ask(line).await?;
    Ok((walked.rows.len() == limit).then_some(walked))
}

/// How the database goes about the first question of a [`walk`] from the top, line by line as it says so itself.
pub(super) async fn explain(
    line: &mut AnyConnection,
    branches: &[Branch],
    words: &[Wanted],
) -> Result<Vec<String>> {
    let some = &branches[..branches.len().min(AT_ONCE)];
    if some.is_empty() {
        return Ok(Vec::new());
    }
    let kind = Kind::of(line);
    let mut question = Question::new(kind, words, (&Bound::top(), Way::Down), 100).of(some);
    let (explain, column) = kind.explain();
    question.sql = format!("{explain} {}", question.sql);
    let rows = question.answers(line).await?;
    rows.iter().map(|row| Ok(row.try_get(column)?)).collect()
}

/// Up to so many branches are read side by side, no further than the page needs, whatever else they are among. PostgreSQL
/// plans a question of more for longer than it takes to gather all that each of them gives.
pub(super) const SIDE_BY_SIDE: usize = 32;

impl Kind {
    /// Where a question finds the place from which it walks: what stands for it, and what gives it, if something has to.
    /// PostgreSQL plans by the values it sees, anew each time where that seems to be worth it, and for a place it never is:
    /// it does not see this one.
    fn bound(self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite => ("$1, $2, $3", ""),
            Self::Postgres => (
                "at.grp, at.since, at.id",
                "(SELECT $1 AS grp, $2 AS since, $3 AS id OFFSET 0) at CROSS JOIN LATERAL ",
            ),
        }
    }

    /// A value that PostgreSQL does not see when it plans, for the same reason.
    fn unseen(self, value: &str) -> String {
        match self {
            Self::Sqlite => value.to_owned(),
            Self::Postgres => format!("(SELECT {value} OFFSET 0)"),
        }
    }

    /// The query for the words of a text, one by one.
    fn each_word(self, text: &str) -> String {
        match self {
            Self::Sqlite => {
                format!(
                    r#"SELECT value FROM json_each('["' || replace({text}, ' ', '","') || '"]')"#
                )
            }
            Self::Postgres => format!("SELECT unnest(string_to_array({text}, ' '))"),
        }
    }
}

/// A question for conversations from a bound on. Places are found by the indexes alone, which are read no further than the
/// page needs; only the page's rows are read whole. With each row stand the log's cursor and who has what stands at the
/// bound: what more a page wants to know, without another way there and back.
///
/// The limit stands in its text: a database that does not know it plans anew, each time, for reading far more than it will.
struct Question {
    kind: Kind,
    way: Way,
    /// How many rows are wanted at most.
    wanted: usize,
    /// How many are asked for.
    limit: usize,
    values: Vec<Value>,
    /// That a conversation's contact has something of each word.
    filter: String,
    sql: String,
}

impl Question {
    fn new(kind: Kind, words: &[Wanted], (bound, way): (&Bound, Way), limit: usize) -> Self {
        let mut values = Vec::from([bound.group, bound.since].map(Value::from));
        values.push(bound.id.as_str().into());
        let mut question = Self {
            kind,
            way,
            wanted: limit,
            limit: rounded(limit),
            values,
            filter: String::new(),
            sql: String::new(),
        };
        for Wanted(ranges) in words {
            let has = |(from, to): &(String, String)| {
                format!(
                    "EXISTS (SELECT 1 FROM contact_word w WHERE w.contact = conversation.contact \
                     AND w.word >= {} AND w.word < {})",
                    question.put(from),
                    question.put(to)
                )
            };
            let of_word: Vec<String> = ranges.iter().map(has).collect();
            question.filter += &format!(" AND ({})", of_word.join(" OR "));
        }
        question
    }

    /// About what these branches give.
    fn of(mut self, branches: &[Branch]) -> Self {
        let parts = match self.kind {
            // Reads the parts' indexes side by side, if nothing stands around them.
            Kind::Sqlite => {
                let part = |branch| {
                    let (first, second) = self.put_values(branch);
                    self.places(branch, &first, &second)
                };
                branches.iter().map(part).collect()
            }
            // Where each row's words have to be looked up, it is worth a longer plan to read no more of them than needed.
            Kind::Postgres if branches.len() > SIDE_BY_SIDE && self.filter.is_empty() => {
                self.gathered(branches)
            }
            Kind::Postgres => self.side_by_side(branches),
        };
        let (_, order) = self.way.in_sql();
        let limit = self.limit;
        let places = format!(
            "{} ORDER BY {order} LIMIT {limit}",
            parts.join(" UNION ALL ")
        );
        self.whole(&places)
    }

    /// About what is in a wider branch, among so many of its first, and in one of these.
    fn past(mut self, wider: &Branch, within: usize, branches: &[Branch]) -> Self {
        let (mut queues, mut holdings) = (Vec::new(), Vec::new());
        for branch in branches {
            match branch {
                Branch::Queue(queue) => queues.push(queue.as_str()),
                Branch::Holding(queue, assignee) => {
                    holdings.push(format!("{queue}/{}", name_of(assignee.as_ref())));
                }
                // The first two stand alone, and nothing closed is walked past.
                Branch::Everything | Branch::Assignee(_) | Branch::Closed(_) => {}
            }
        }
        // No id has a space or a stroke in it.
        let (queues, holdings) = (self.put(&queues.join(" ")), self.put(&holdings.join(" ")));
        let (first, second) = self.put_values(wider);
        let (first, second) = (self.kind.unseen(&first), self.kind.unseen(&second));
        let (condition, part_order) = self.condition(wider, &first, &second);
        let (_, order) = self.way.in_sql();
        let (queues, holdings) = (self.kind.each_word(&queues), self.kind.each_word(&holdings));
        let limit = self.limit;
        let places = format!(
            "SELECT grp, since, id FROM (SELECT grp, since, id, queue, assignee FROM conversation WHERE {condition} \
             ORDER BY {part_order} LIMIT {within}) w \
             WHERE queue IN ({queues}) OR queue || '/' || assignee IN ({holdings}) ORDER BY {order} LIMIT {limit}"
        );
        self.whole(&places)
    }

    /// The rows of these places, in order, and what stands with each.
    fn whole(mut self, places: &str) -> Self {
        let (_, order) = self.way.in_sql();
        let order: Vec<String> = order.split(", ").map(|by| format!("p.{by}")).collect();
        let order = order.join(", ");
        let (_, at) = self.kind.bound();
        self.sql = format!(
            "SELECT {COLUMNS}, (SELECT log FROM counter WHERE one = 1) AS as_of, \
             (SELECT b.open || ' ' || b.queue || ' ' || b.assignee FROM conversation b \
             WHERE b.id = $3 AND b.grp = $1 AND b.since = $2) AS at_bound \
             FROM {at}({places}) p JOIN conversation c ON c.id = p.id ORDER BY {order}"
        );
        self
    }

    /// A part for each branch. A plan is kept for each number of them: they are filled up with some that give nothing, so
    /// that these are few.
    fn side_by_side(&mut self, branches: &[Branch]) -> Vec<String> {
        let mut parts = Vec::new();
        for those in of_each_kind(branches) {
            let full = those.len().next_power_of_two();
            for n in 0..full {
                let (first, second) = match those.get(n) {
                    Some(branch) => self.put_values(branch),
                    None => (self.put(NONE), self.put(NONE)),
                };
                parts.push(format!("({})", self.part(those[0], &first, &second)));
            }
        }
        match parts.as_slice() {
            [one] => vec![format!("SELECT * FROM {one} b")],
            _ => parts,
        }
    }

    /// A part for all branches of one kind together. However many there are, PostgreSQL has one short plan.
    fn gathered(&mut self, branches: &[Branch]) -> Vec<String> {
        let of_kind = |those: Vec<&Branch>| {
            let mut columns = Vec::new();
            for column in 0..those[0].values().len() {
                let all: Vec<&str> = those.iter().map(|branch| branch.values()[column]).collect();
                let all = self.put(&all.join(" ")); // No id has a space in it, and nobody's is empty.
                columns.push(format!("string_to_array({all}, ' ')"));
            }
            let names = ["first", "second"][..columns.len()].join(", ");
            format!(
                "SELECT b.* FROM unnest({}) each ({names}) CROSS JOIN LATERAL ({}) b",
                columns.join(", "),
                self.part(those[0], "each.first", "each.second")
            )
        };
        of_each_kind(branches).into_iter().map(of_kind).collect()
    }

    /// The places of a branch, in order, as many as there may be in all.
    fn part(&self, branch: &Branch, first: &str, second: &str) -> String {
        let (_, order) = self.condition(branch, first, second);
        let places = self.places(branch, first, second);
        format!("{places} ORDER BY {order} LIMIT {}", self.limit)
    }

    fn places(&self, branch: &Branch, first: &str, second: &str) -> String {
        let (condition, _) = self.condition(branch, first, second);
        format!("SELECT grp, since, id FROM conversation WHERE {condition}")
    }

    /// That a conversation is in a branch, beyond the bound, and has to do with the words; and the order in which the
    /// branch's index has them. `first` and `second` stand for the branch's values.
    fn condition(&self, branch: &Branch, first: &str, second: &str) -> (String, String) {
        let ((than, order), filter) = (self.way.in_sql(), &self.filter);
        let (bound, _) = self.kind.bound();
        // What nobody has may be a third of all: PostgreSQL would rather walk past what everybody has, however much that is,
        // were there another index in this order.
        if matches!(branch, Branch::Assignee(_)) && self.kind == Kind::Postgres {
            let (no_further, by) = match self.way {
                Way::Down => ("<=", "assignee"),
                Way::Up => (">=", "assignee DESC"),
            };
            let condition = format!(
                "open = 1 AND (assignee, grp, since, id) {than} ({first}, {bound}) \
                 AND assignee {no_further} {first}{filter}"
            );
            return (condition, format!("{by}, {order}"));
        }
        let of_branch = match branch {
            Branch::Everything => "open = 1".to_owned(),
            Branch::Queue(_) => format!("open = 1 AND queue = {first}"),
            Branch::Assignee(_) => format!("open = 1 AND assignee = {first}"),
            Branch::Holding(..) => format!("open = 1 AND queue = {first} AND assignee = {second}"),
            Branch::Closed(_) => format!("open = 0 AND queue = {first}"),
        };
        let condition = format!("{of_branch} AND (grp, since, id) {than} ({bound}){filter}");
        (condition, order.to_owned())
    }

    /// What stands for a value.
    fn put(&mut self, value: &str) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// What stands for a branch's values, as far as it has any.
    fn put_values(&mut self, branch: &Branch) -> (String, String) {
        let mut put = branch.values().into_iter().map(|value| self.put(value));
        (
            put.next().unwrap_or_default(),
            put.next().unwrap_or_default(),
        )
    }

    async fn answers(&self, line: &mut AnyConnection) -> Result<Vec<AnyRow>> {
        let mut query = sqlx::query(AssertSqlSafe(self.sql.as_str()));
        for value in &self.values {
            query = bind(query, value);
        }
        Ok(query.fetch_all(line).await?)
    }

    async fn ask(&self, line: &mut AnyConnection) -> Result<Walked> {
        let rows = self.answers(line).await?;
        let mut walked = Walked::default();
        if let Some(row) = rows.first() {
            walked.as_of = Some(row.try_get::<i64, _>("as_of")?.unsigned_abs());
            let at_bound: Option<String> = row.try_get("at_bound")?;
            walked.at_bound = at_bound.map(|text| standing(&text)).transpose()?;
        }
        let wanted = rows.iter().take(self.wanted);
        walked.rows = wanted.map(read).collect::<Result<_>>()?;
        Ok(walked)
    }
}

/// A limit, or a little more: whoever asks for pages of any length has few questions planned, and few plans kept.
fn rounded(limit: usize) -> usize {
    match limit {
        0 | 1 => limit,
        more => (more - 1).next_multiple_of(50) + 1,
    }
}

/// No queue's id, and nobody's.
const NONE: &str = "/";

/// The branches, kind by kind.
fn of_each_kind(branches: &[Branch]) -> Vec<Vec<&Branch>> {
    let mut kinds: Vec<Vec<&Branch>> = Vec::new();
    for branch in branches {
        let alike = |those: &&mut Vec<&Branch>| discriminant(those[0]) == discriminant(branch);
        match kinds.iter_mut().find(alike) {
            Some(those) => those.push(branch),
            None => kinds.push(vec![branch]),
        }
    }
    kinds
}

/// Reads how a conversation stands: whether it is open, its queue, and who has it.
fn standing(text: &str) -> Result<Standing> {
    let mut words = text.split(' ');
    let open = words.next() == Some("1");
    Ok(Standing {
        queue: id("a queue", words.next().unwrap_or_default())?,
        assignee: nobody(words.next().unwrap_or_default())?,
        open,
    })
}
