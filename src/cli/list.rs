//! `handback list`.

use super::{Exit, Failure, Global, Outcome, connect::connect, json, print::Out, words};
use crate::{
    desk::{Desk, From, Query, View},
    domain::id::QueueId,
    say,
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
    /// Only contacts whose name has words that begin so, or whose number begins or ends so
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
    let desk = connect(global, None).await?.desk;
    let me = desk.me().await?.user.id;
    let mut query = Query {
        view: match verb.view {
            Which::Mine => View::Mine,
            Which::Unassigned => View::Unassigned,
            Which::All => View::All,
        },
        queue: match &verb.queue {
            Some(name) => Some(queue(&desk, name).await?),
            None => None,
        },
        filter: verb.search.clone().unwrap_or_default(),
        from: From::Start,
        limit: 0,
    };
    let mut rows = Vec::new();
    let (counts, more) = loop {
        let missing = verb.limit - u32::try_from(rows.len()).unwrap_or(u32::MAX);
        query.limit = u16::try_from(missing).map_or(PAGE, |n| n.min(PAGE));
        let page = desk.list(&query).await?;
        rows.extend(page.rows);
        match page.next {
            Some(next) if rows.len() < verb.limit as usize => query.from = From::Cursor(next),
            next => break (page.counts, next.is_some()),
        }
    };
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

/// The queue of that name or id. Names are unique on a desk; case is not looked at.
async fn queue(desk: &impl Desk, name: &str) -> Result<QueueId, Failure> {
    let queues = desk.queues().await?;
    let wanted = name.to_lowercase();
    queues
        .iter()
        .find(|q| q.queue.id.as_str() == name || q.queue.name.as_str().to_lowercase() == wanted)
        .map(|q| q.queue.id.clone())
        .ok_or_else(|| {
            let names: Vec<&str> = queues.iter().map(|q| q.queue.name.as_str()).collect();
            let why = say!(
                "you have no queue {name:?}; there are: {}",
                names.join(", ")
            );
            Failure {
                exit: Exit::NotFound,
                why,
            }
        })
}
