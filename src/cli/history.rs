//! `handback history`: what the team did to a conversation, notes among it (U9, P3).

use super::{Exit, Global, Outcome, connect::connect, json, print::Out, words};
use crate::{
    desk::{Desk, Trouble},
    domain::{id::ConversationId, message::HistoryItem, text::Safe},
};

/// The most a desk gives at once.
const PAGE: u16 = 500;

#[derive(Debug, clap::Args)]
pub(super) struct History {
    /// The conversation's id
    id: ConversationId,
    /// How many of the newest things
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// JSON: {items}, the newest first
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &History) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let items = newest(&desk, &verb.id, verb.limit as usize).await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::history(&items))?;
    } else {
        for item in items.iter().rev() {
            out.text(&said(item))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

async fn newest(
    desk: &impl Desk,
    id: &ConversationId,
    limit: usize,
) -> Result<Vec<HistoryItem>, Trouble> {
    let (mut items, mut before) = (Vec::new(), None);
    loop {
        let missing = u16::try_from(limit - items.len()).map_or(PAGE, |n| n.min(PAGE));
        let page = desk.history(id, before.as_deref(), missing).await?;
        items.extend(page.items);
        before = page.next;
        if before.is_none() || items.len() >= limit {
            return Ok(items);
        }
    }
}

/// One thing as a line; a note keeps its own.
fn said(item: &HistoryItem) -> Safe {
    let by = item.by.as_ref().map_or("the desk", |by| by.name.as_str());
    let end = |end: &Option<Safe>| match end {
        Some(name) => name.to_string(),
        None if item.kind.as_str() == "assignee" => "nobody".to_owned(),
        None => "none".to_owned(),
    };
    let change = match (&item.from, &item.to) {
        (None, None) => String::new(),
        (from, to) => format!(" from {} to {}", end(from), end(to)),
    };
    let cause = item
        .cause
        .as_ref()
        .map_or_else(String::new, |cause| format!(", through {cause}"));
    let words: String = [&item.reason, &item.body]
        .into_iter()
        .flatten()
        .map(|text| format!(": {text}"))
        .collect();
    Safe::text(&format!(
        "{}  {by}, {}{change}{cause}{words}",
        words::clock(item.at),
        item.kind,
    ))
}
