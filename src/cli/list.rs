//! `handback list`.

use super::{
    Exit, Global, Outcome,
    connect::connect,
    json, names,
    print::Out,
    typed::{STDIN, line},
    words,
};
use crate::{
    desk::{Counts, Desk, From, Query, Trouble, View},
    domain::{row::Row, text::Safe},
};

/// The most rows a desk gives at once.
const PAGE: u16 = 500;

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Whose conversations
    #[arg(long, value_enum, default_value = "all")]
    view: Which,
    /// Only this queue, by name or id
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Only contacts whose name has words that begin so, or whose number begins or ends so; `-`: standard input says which
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// JSON: {items, counts, more}
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Which {
    Mine,
    Unassigned,
    All,
}

pub(super) async fn run(global: &Global, verb: &List) -> Outcome {
    let filter = match verb.search.as_deref() {
        Some(STDIN) => line(
            "name or number",
            &Safe::literal("Whose, by name or number: "),
        )?,
        said => said.unwrap_or_default().to_owned(),
    };
    let desk = connect(global, None).await?.desk;
    let me = desk.me().await?.user.id;
    let query = Query {
        view: match verb.view {
            Which::Mine => View::Mine,
            Which::Unassigned => View::Unassigned,
            Which::All => View::All,
        },
        queue: match &verb.queue {
            Some(name) => Some(names::queue(&desk, name).await?.id),
            None => None,
        },
        filter,
        ..Query::default()
    };
    let (rows, counts, more) = gather(&desk, query, verb.limit).await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::List::new(&rows, counts, more))?;
    } else {
        let now = words::now();
        for row in &rows {
            out.text(&words::row(row, &me, now))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// The first rows of the list, page after page, the counts, and whether there are more.
pub(super) async fn gather(
    desk: &impl Desk,
    mut query: Query,
    limit: u32,
) -> Result<(Vec<Row>, Counts, bool), Trouble> {
    let mut rows = Vec::new();
    loop {
        let missing = limit - u32::try_from(rows.len()).unwrap_or(limit);
        query.limit = u16::try_from(missing).map_or(PAGE, |n| n.min(PAGE));
        let page = desk.list(&query).await?;
        rows.extend(page.rows);
        match page.next {
            Some(next) if rows.len() < limit as usize => query.from = From::Cursor(next),
            next => return Ok((rows, page.counts, next.is_some())),
        }
    }
}
