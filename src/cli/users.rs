//! `handback users`: who is there, and what they have to do.

use super::{Exit, Global, Outcome, connect::connect, json, print::Out, words};
use crate::{
    desk::{Colleague, Desk, Presence},
    domain::{id::ConversationId, moment::Moment, text::Safe},
    say,
};

#[derive(Debug, clap::Args)]
pub(super) struct Users {
    /// Only those this conversation can be given to
    #[arg(long = "for", value_name = "ID")]
    able_to_have: Option<ConversationId>,
    /// JSON: {items}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Users) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let people = desk.people(verb.able_to_have.as_ref()).await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::users(&people))?;
    } else {
        let now = words::now();
        for one in &people {
            out.text(&load(one, now))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// A person as one line.
fn load(one: &Colleague, now: Moment) -> Safe {
    let since = one.since.map(|since| words::lasts(now.since(since)));
    let presence = match (one.presence, since) {
        (Presence::SignedIn, _) => "signed in".to_owned(),
        (Presence::Away, Some(since)) => format!("away for {since}"),
        (Presence::Away, None) => "away".to_owned(),
        (Presence::SignedOut, Some(since)) => format!("signed out {since} ago"),
        (Presence::SignedOut, None) => "never signed in".to_owned(),
    };
    let waits = one.oldest_waiting.map_or_else(String::new, |since| {
        format!(", the oldest waits {}", words::lasts(now.since(since)))
    });
    let some = |n: u64, what: &str| match n {
        0 => String::new(),
        n => format!(", {n} {what}"),
    };
    let last = one.last_action.map_or_else(String::new, |at| {
        format!(", last act {} ago", words::lasts(now.since(at)))
    });
    say!(
        "{}  {}, {}, {presence}, {} open, {} unanswered{waits}{}{}{last}",
        one.username,
        one.user.name,
        one.organisation.name,
        one.open,
        one.unanswered,
        some(one.replying, "being answered"),
        some(one.drafts, "with a draft"),
    )
}
