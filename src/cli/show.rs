//! `handback show`.

use super::{Exit, Global, Outcome, connect::connect, json, print::Out, words};
use crate::{
    desk::{Desk, Detail},
    domain::{id::ConversationId, text::Safe},
    say,
};

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The conversation's id
    id: ConversationId,
    /// How many of its newest messages
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(0..=500))]
    messages: u16,
    /// JSON: {conversation, actions, messages}, the oldest message first
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Show) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let detail = desk.conversation(&verb.id).await?;
    let mut messages = match verb.messages {
        0 => Vec::new(),
        limit => desk.messages(&verb.id, None, limit).await?.items,
    };
    messages.reverse();
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::Show::new(&detail, &messages))?;
    } else {
        let me = desk.me().await?.user.id;
        out.text(&words::row(&detail.row, &me, words::now()))?;
        out.text(&actions(&detail))?;
        for message in &messages {
            out.text(&words::message(message, detail.row.contact.shown()))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn actions(detail: &Detail) -> Safe {
    let allowed = detail.actions.iter().filter(|(_, allowed)| allowed.is_ok());
    let words: Vec<&str> = allowed.map(|(action, _)| action.word()).collect();
    match words[..] {
        [] => Safe::literal("You may only read it"),
        _ => say!("You may: {}", words.join(", ")),
    }
}
