//! Many rows of one table in few statements.

use sqlx::{Any, AssertSqlSafe, Transaction};

use super::{
    Result,
    roster::{Value, bind},
};

/// How many values one statement carries: what both databases take is far more, but gains nothing.
const VALUES: usize = 2_000;

/// Rows that wait to be written. One that is there already stays as it is.
pub(super) struct Bulk {
    table: &'static str,
    columns: &'static [&'static str],
    values: Vec<Value>,
}

impl Bulk {
    pub(super) fn new(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            table,
            columns,
            values: Vec::new(),
        }
    }

    /// Adds a row: as many values as the table was given columns.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
    }

    /// Writes what waits.
    pub(super) async fn write(&mut self, tx: &mut Transaction<'static, Any>) -> Result<()> {
        let width = self.columns.len();
        for some in self.values.chunks(VALUES / width * width) {
            let mut query = sqlx::query(AssertSqlSafe(self.sql(some.len() / width)));
            for value in some {
                query = bind(query, value);
            }
            query.execute(&mut **tx).await?;
        }
        self.values.clear();
        Ok(())
    }

    fn sql(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places: Vec<String> = (1..=width)
                .map(|n| format!("${}", row * width + n))
                .collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!(
            "INSERT INTO {} ({}) VALUES {} ON CONFLICT DO NOTHING",
            self.table,
            self.columns.join(", "),
            rows.join(", ")
        )
    }
}
