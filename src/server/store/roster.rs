//! The team's tables as a team file changes them: which line is meant, and what changes in it.

use std::collections::BTreeMap;

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::{Difference, Result, database::keepable, word};
use crate::domain::id::is_id;

/// A column's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Some(keepable(text)))
    }

    pub(super) fn flag(on: bool) -> Self {
        Self::Number(Some(on.into()))
    }

    fn shown(&self) -> String {
        match self {
            Self::Text(Some(text)) => text.clone(),
            Self::Number(Some(number)) => number.to_string(),
            Self::Text(None) | Self::Number(None) => "none".to_owned(),
        }
    }
}

/// The names there are of each kind, and the ids behind them.
#[derive(Debug, Default)]
pub(super) struct Roster(BTreeMap<&'static str, BTreeMap<String, String>>);

impl Roster {
    pub(super) async fn read(tx: &mut Transaction<'static, Any>) -> Result<Self> {
        let mut roster = Self::default();
        for (kind, sql) in [
            ("organisation", "SELECT id, name FROM organisation"),
            ("role", "SELECT id, name FROM role"),
            ("user", "SELECT id, username FROM person"),
            ("queue", "SELECT id, name FROM queue"),
        ] {
            let names: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut **tx).await?;
            roster.0.insert(kind, names.into_iter().collect());
        }
        Ok(roster)
    }

    /// The id that an entry means: the one it gives, or of its name, or of the name it had; else a new one
    /// made from its name. From now on the name is that id's.
    pub(super) fn identify(
        &mut self,
        kind: &'static str,
        (id, was, name): (&Option<String>, &Option<String>, &str),
    ) -> Result<String, String> {
        let known = self.0.entry(kind).or_default();
        let of = |name: &str| {
            let mut ids = known.iter().filter(|(_, n)| *n == name);
            ids.next().map(|(id, _)| id.clone())
        };
        let meant = id
            .clone()
            .or_else(|| was.as_deref().and_then(of))
            .or_else(|| of(name));
        let id = match meant {
            Some(id) => id,
            None => {
                let made = word::as_id(name);
                if !is_id(&made) || known.contains_key(&made) {
                    return Err(format!(
                        "no id can be made from {name:?}: give it one (id = …)"
                    ));
                }
                made
            }
        };
        if of(name).is_some_and(|other| other != id) {
            return Err(format!(
                "{kind} {name:?} is there already, under another id"
            ));
        }
        known.insert(id.clone(), name.to_owned());
        Ok(id)
    }

    /// The id of that name, or the id itself.
    pub(super) fn named(&self, kind: &str, name_or_id: &str) -> Option<String> {
        let known = self.0.get(kind)?;
        let mut of_that_name = known.iter().filter(|(_, name)| *name == name_or_id);
        let id = of_that_name.next().map(|(id, _)| id.clone());
        id.or_else(|| {
            known
                .contains_key(name_or_id)
                .then(|| name_or_id.to_owned())
        })
    }

    pub(super) fn names(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.0
            .get(kind)
            .into_iter()
            .flat_map(BTreeMap::values)
            .map(String::as_str)
    }
}

/// What no name begins with: the name of an organisation that is about to be written.
const ROOM: char = '\u{1}';

type Column = (&'static str, Value);

/// One line of one of the team's tables, as it is to be.
#[derive(Clone, Debug)]
pub(super) struct Line {
    kind: &'static str,
    table: &'static str,
    name: String,
    key: Vec<Column>,
    fields: Vec<Column>,
    /// A queue's teams.
    teams: Option<Vec<String>>,
}

impl Line {
    /// A line of a table whose key is an id.
    pub(super) fn new(
        kind: &'static str,
        table: &'static str,
        name: &str,
        id: &str,
        fields: Vec<Column>,
    ) -> Self {
        Self::keyed(kind, table, name, vec![("id", Value::text(id))], fields)
    }

    pub(super) fn keyed(
        kind: &'static str,
        table: &'static str,
        name: &str,
        key: Vec<Column>,
        fields: Vec<Column>,
    ) -> Self {
        Self {
            kind,
            table,
            name: name.to_owned(),
            key,
            fields,
            teams: None,
        }
    }

    pub(super) fn with_teams(mut self, mut teams: Vec<String>) -> Self {
        teams.sort();
        teams.dedup();
        self.teams = Some(teams);
        self
    }

    /// Makes an organisation be there before another names it as its parent.
    pub(super) async fn make_room(&self, tx: &mut Transaction<'static, Any>) -> Result<()> {
        if self.table != "organisation" {
            return Ok(());
        }
        let sql = "INSERT INTO organisation (id, name, parent) VALUES ($1, $2, NULL) \
                   ON CONFLICT (id) DO NOTHING";
        sqlx::query(sql)
            .bind(self.id())
            .bind(format!("{ROOM}{}", self.id()))
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Writes the line if it differs; answers in what.
    pub(super) async fn write(
        &self,
        tx: &mut Transaction<'static, Any>,
    ) -> Result<Option<Difference>> {
        let changes = match self.present(tx).await? {
            None => Some("new".to_owned()),
            Some(present) => self.changes(&present),
        };
        let teams = self.teams_change(tx).await?;
        if changes.is_none() && teams.is_none() {
            return Ok(None);
        }
        self.upsert(tx).await?;
        if teams.is_some() {
            self.write_teams(tx).await?;
        }
        let change = match (changes, teams) {
            (Some(new), _) if new == "new" => new,
            (changes, teams) => changes
                .into_iter()
                .chain(teams)
                .collect::<Vec<_>>()
                .join(", "),
        };
        Ok(Some(Difference {
            kind: self.kind,
            name: self.name.clone(),
            change,
        }))
    }

    /// The fields as they are; `None` if the line is not there, or was just made room for.
    async fn present(&self, tx: &mut Transaction<'static, Any>) -> Result<Option<Vec<Value>>> {
        let columns: Vec<&str> = self.fields.iter().map(|(column, _)| *column).collect();
        let columns = [&["1"], columns.as_slice()].concat().join(", ");
        let keys = self
            .key
            .iter()
            .zip(1..)
            .map(|((column, _), n)| format!("{column} = ${n}"));
        let keys = keys.collect::<Vec<_>>().join(" AND ");
        let sql = format!("SELECT {columns} FROM {} WHERE {keys}", self.table);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (_, value) in &self.key {
            query = bind(query, value);
        }
        let Some(row) = query.fetch_optional(&mut **tx).await? else {
            return Ok(None);
        };
        let mut present = Vec::new();
        for (at, (_, wanted)) in self.fields.iter().enumerate() {
            present.push(match wanted {
                Value::Text(_) => Value::Text(row.try_get(at + 1)?),
                Value::Number(_) => Value::Number(row.try_get(at + 1)?),
            });
        }
        let made_room =
            |value: &Value| matches!(value, Value::Text(Some(t)) if t.starts_with(ROOM));
        Ok(Some(present).filter(|present| !present.iter().any(made_room)))
    }

    fn changes(&self, present: &[Value]) -> Option<String> {
        let changed = self
            .fields
            .iter()
            .zip(present)
            .filter(|((_, new), old)| new != *old);
        let changes: Vec<String> = changed
            .map(|((column, new), old)| format!("{column}: {} → {}", old.shown(), new.shown()))
            .collect();
        (!changes.is_empty()).then(|| changes.join(", "))
    }

    async fn upsert(&self, tx: &mut Transaction<'static, Any>) -> Result<()> {
        let columns: Vec<&Column> = self.key.iter().chain(&self.fields).collect();
        let names = columns
            .iter()
            .map(|(column, _)| *column)
            .collect::<Vec<_>>()
            .join(", ");
        let places = (1..=columns.len())
            .map(|n| format!("${n}"))
            .collect::<Vec<_>>()
            .join(", ");
        let keys = self
            .key
            .iter()
            .map(|(column, _)| *column)
            .collect::<Vec<_>>()
            .join(", ");
        let sets = self
            .fields
            .iter()
            .map(|(column, _)| format!("{column} = excluded.{column}"));
        let sets = sets.collect::<Vec<_>>().join(", ");
        let what = if sets.is_empty() {
            "NOTHING".to_owned()
        } else {
            format!("UPDATE SET {sets}")
        };
        let sql = format!(
            "INSERT INTO {} ({names}) VALUES ({places}) ON CONFLICT ({keys}) DO {what}",
            self.table
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (_, value) in columns {
            query = bind(query, value);
        }
        query.execute(&mut **tx).await?;
        Ok(())
    }

    fn id(&self) -> &str {
        match self.key.first() {
            Some((_, Value::Text(Some(id)))) => id,
            _ => "",
        }
    }

    async fn teams_change(&self, tx: &mut Transaction<'static, Any>) -> Result<Option<String>> {
        let Some(teams) = &self.teams else {
            return Ok(None);
        };
        let sql = "SELECT organisation FROM queue_team WHERE queue = $1 ORDER BY organisation";
        let present: Vec<String> = sqlx::query_scalar(sql)
            .bind(self.id())
            .fetch_all(&mut **tx)
            .await?;
        let change = || format!("teams: {} → {}", present.join(" "), teams.join(" "));
        Ok((present != *teams).then(change))
    }

    async fn write_teams(&self, tx: &mut Transaction<'static, Any>) -> Result<()> {
        sqlx::query("DELETE FROM queue_team WHERE queue = $1")
            .bind(self.id())
            .execute(&mut **tx)
            .await?;
        for team in self.teams.iter().flatten() {
            sqlx::query("INSERT INTO queue_team (queue, organisation) VALUES ($1, $2)")
                .bind(self.id())
                .bind(team.as_str())
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }
}

pub(super) type Query<'q> = sqlx::query::Query<'q, Any, sqlx::any::AnyArguments>;

pub(super) fn bind<'q>(query: Query<'q>, value: &Value) -> Query<'q> {
    match value {
        Value::Text(text) => query.bind(text.clone()),
        Value::Number(number) => query.bind(*number),
    }
}
