//! `handback acts`: what was done, and what became of it.

use jiff::Timestamp;

use super::{
    Exit, Failure, Global, Outcome, connect::connect, json, names, print::Out, when, words, zone,
};
use crate::{
    desk::{ActsQuery, Became, Desk, Done, Fate, Whose},
    domain::{moment::Moment, text::Safe},
    say,
};

#[derive(Debug, clap::Args)]
pub(super) struct Acts {
    /// What this person did, instead of what you did
    #[arg(long, value_name = "USER", default_value = "me")]
    by: String,
    /// What others did with what was this person's: a username, or `me`
    #[arg(long, value_name = "USER", conflicts_with = "by")]
    of: Option<String>,
    /// Since then, else since this day began: 2026-12-01, 2026-12-01T14:00, RFC 3339, or how long ago (2h)
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// JSON: {items}, the newest first
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Acts) -> Outcome {
    let since = verb.since()?;
    let desk = connect(global, None).await?.desk;
    let whose = match &verb.of {
        Some(of) => Whose::Of(names::person(&desk, of, &[]).await?.id),
        None => Whose::By(names::person(&desk, &verb.by, &[]).await?.id),
    };
    let acts = desk.acts(&ActsQuery { whose, since }).await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::acts(&acts))?;
    } else {
        let now = words::now();
        for done in &acts {
            out.text(&said(done))?;
            for fate in &done.fates {
                out.text(&became(fate, now))?;
            }
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

impl Acts {
    fn since(&self) -> Result<Moment, Failure> {
        let now = Timestamp::now().to_zoned(zone::zone());
        let Some(text) = &self.since else {
            return Ok(when::today(&now));
        };
        when::point_or_ago(text, &now).ok_or_else(|| {
            let why = format!("--since {text:?} is no time; it looks like 2026-12-01 or 2h");
            Failure::new(Exit::Usage, why)
        })
    }
}

/// An act as one line.
fn said(done: &Done) -> Safe {
    let people: Vec<&str> = done.of.iter().map(|one| one.name.as_str()).collect();
    let of = match people[..] {
        [] => String::new(),
        _ => format!(" of {}", people.join(", ")),
    };
    let reason = match &done.reason {
        Some(reason) => format!(": {reason}"),
        None => String::new(),
    };
    let lost = if done.line_lost {
        ", the line was lost"
    } else {
        ""
    };
    let undone = if done.undone { ", taken back" } else { "" };
    let by = done.by.as_ref().map_or("the desk", |by| by.name.as_str());
    let through = done
        .cause
        .map_or_else(String::new, |cause| format!(", through {}", cause.word()));
    say!(
        "{}  {} {}{of}, by {by}{through}{lost}{undone}, operation {}{reason}",
        words::clock(done.at),
        done.action.word(),
        done.count,
        done.operation,
    )
}

/// What became of one of its conversations, as one line.
fn became(fate: &Fate, now: Moment) -> Safe {
    let who = fate.to.as_ref().map_or("somebody", |to| to.name.as_str());
    let through = fate
        .cause
        .map_or_else(String::new, |cause| format!(", through {}", cause.word()));
    let at = fate
        .at
        .map_or_else(String::new, |at| format!(" at {}", words::clock(at)));
    let became = match fate.became {
        Became::Waiting => {
            let since = words::lasts(now.since(fate.row.since));
            format!("nobody has had it since, waiting {since}")
        }
        Became::Taken => format!("{who} got it{at}{through}"),
        Became::CameBack => format!("it came back to {who}{at}{through}"),
        Became::Closed => format!("closed{at}"),
        Became::Undone => "taken back".to_owned(),
    };
    say!("  {}  {}: {became}", fate.row.id, fate.row.contact.shown())
}
