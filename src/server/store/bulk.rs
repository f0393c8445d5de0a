//! Many rows of one table in few statements.

use std::fmt::Write as _;

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{
    Result,
    roster::{Value, bind},
};

/// How many values one statement carries: what both databases take is far more, but gains nothing.
const VALUES: usize = 2_000;

/// Rows that wait to be written.
pub(super) struct Bulk {
    before: String,
    after: &'static str,
    width: usize,
    values: Vec<Value>,
}

impl Bulk {
    /// Rows to be inserted. One that is there already stays as it is.
    pub(super) fn new(table: &str, columns: &[&str]) -> Self {
        Self::clashing(table, columns, " ON CONFLICT DO NOTHING")
    }

    /// Rows to be inserted, none of which can be there.
    pub(super) fn of_new(table: &str, columns: &[&str]) -> Self {
        Self::clashing(table, columns, "")
    }

    /// Rows to be inserted, and what becomes of one that is there.
    pub(super) fn clashing(table: &str, columns: &[&str], clash: &'static str) -> Self {
        let before = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
        Self::around(before, clash, columns.len())
    }

    /// Rows by which others are updated: `v.column1`, `v.column2` … are their values in `set` and `which`.
    pub(super) fn updating(table: &str, set: &str, which: &'static str, width: usize) -> Self {
        let before = format!("UPDATE {table} SET {set} FROM (VALUES ");
        Self::around(before, which, width)
    }

    /// Rows that stand as a list of values between two pieces of a statement.
    pub(super) fn between(before: &str, after: &'static str, width: usize) -> Self {
        Self::around(before.to_owned(), after, width)
    }

    fn around(before: String, after: &'static str, width: usize) -> Self {
        Self {
            before,
            after,
            width,
            values: Vec::new(),
        }
    }

    /// Adds a row: as many values as the table was given columns.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
    }

    /// Writes what waits; answers how many rows that changed.
    pub(super) async fn write(&mut self, tx: &mut Transaction<'static, Any>) -> Result<u64> {
        let mut changed = 0;
        for some in self.values.chunks(VALUES / self.width * self.width) {
            let mut query = sqlx::query(AssertSqlSafe(self.sql(some.len() / self.width)));
            for value in some {
                query = bind(query, value);
            }
            changed += query.execute(&mut **tx).await?.rows_affected();
        }
        self.values.clear();
        Ok(changed)
    }

    fn sql(&self, rows: usize) -> String {
        let mut sql = self.before.clone();
        for row in 0..rows {
            let comma = if row == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}({})", places(row * self.width, self.width));
        }
        sql + self.after
    }
}

/// The places of `count` values after the first `from`: `$1, $2, $3`.
pub(super) fn places(from: usize, count: usize) -> String {
    let places: Vec<String> = (from + 1..=from + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}
