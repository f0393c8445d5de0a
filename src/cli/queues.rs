//! `handback queues`: where one works, and by which rules (Q1).

use super::{Exit, Global, Outcome, connect::connect, json, print::Out};
use crate::{
    desk::{Desk, Queue},
    domain::{
        queue::{Rule, Turnover},
        text::Safe,
    },
    say,
};

#[derive(Debug, clap::Args)]
pub(super) struct Queues {
    /// JSON: {items}
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(global: &Global, verb: &Queues) -> Outcome {
    let desk = connect(global, None).await?.desk;
    let queues = desk.queues().await?;
    let mut out = Out::stdout();
    if verb.json {
        out.json(&json::queues(&queues))?;
    } else {
        for one in &queues {
            out.text(&said(one))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// A queue as one line.
fn said(one: &Queue) -> Safe {
    let rule = match one.rule {
        Rule::SelfSelection => "self selection",
        Rule::RoundRobin => "round robin",
        Rule::LeastBusy => "least busy",
    };
    let most = one
        .max_open
        .map_or_else(String::new, |most| format!(", at most {most} each"));
    let turnover = |of: Turnover, what: &str| match of {
        Turnover::Nothing => String::new(),
        Turnover::Redistribute => format!(", {what}"),
    };
    let inactive = match one.active {
        true => "",
        false => ", INACTIVE: nothing can be moved into it",
    };
    say!(
        "{}  {rule}{most}{}{}, {} open, {} unassigned{inactive}",
        one.queue.name,
        turnover(one.on_login, "signing in gets what is unassigned"),
        turnover(one.on_logout, "signing out hands back"),
        one.open,
        one.unassigned,
    )
}
