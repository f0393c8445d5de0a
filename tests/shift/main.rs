//! A shift: twenty advisors and two leaders, four queues with rules of their own, customers who write, log-ins and
//! log-outs, lines that drop, handing back some; a hundred times as fast as life. In the evening everybody's screen is
//! what the desk says they may see, and nothing is lost, doubled or miscounted.
//!
//! `cargo test` runs a quarter of an hour of it; `scripts/deep shift` two hours with 3,000 messages.

#![allow(clippy::print_stderr, reason = "figures are what it finds")]
#![allow(unreachable_pub, reason = "a test program has no callers but itself")]

mod evening;
mod people;
mod sitting;
#[path = "../support/mod.rs"]
mod support;
mod team;

use std::{collections::BTreeSet, sync::Once};

use handback::wire::inbound::{Author, Inbound};
use tokio::time::{Instant, sleep_until};

use self::{
    people::{Advisor, Leader},
    support::{Database, dice::Dice},
    team::{Desk, LEADERS, QUEUE_NAMES, SPEED, advisors, in_the_shift},
};

/// Minutes of the shift, and messages in it.
fn length() -> (u64, u64) {
    match std::env::var_os("HANDBACK_SHIFT") {
        Some(_) => (120, 3_000),
        None => (15, 375),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v1_q9_u7_a_shift_on_sqlite() {
    shift(support::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v1_q9_u7_a_shift_on_postgres() {
    if let Some(database) = support::postgres() {
        shift(database).await;
    }
}

async fn shift(database: Database) {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let desk = Desk::open(database).await;
    let (minutes, messages) = length();
    let ends = Instant::now() + in_the_shift(minutes * 60);
    let began = Instant::now();
    let mut working = Vec::new();
    for (nth, username) in (0..).zip(advisors()) {
        let mut advisor = Advisor::comes(&desk, &username, nth).await;
        working.push(tokio::spawn(async move {
            advisor.works_until(ends).await;
            advisor
        }));
    }
    let mut leading = Vec::new();
    for (nth, username) in (0..).zip(LEADERS) {
        let leader = Leader::comes(&desk, username, nth).await;
        leading.push(tokio::spawn(leader.leads_until(ends)));
    }
    let sent = customers(&desk, ends, messages).await;
    let mut advisors = Vec::new();
    for one in working {
        advisors.push(one.await.expect("nobody's console breaks"));
    }
    let mut leaders = Vec::new();
    for one in leading {
        leaders.push(one.await.expect("nobody's console breaks"));
    }
    evening::holds(&desk, advisors, leaders, &sent).await;
    eprintln!(
        "{}: {minutes} minutes at {SPEED} times, {} messages, in {:?}",
        desk.kind(),
        sent.len(),
        began.elapsed()
    );
    desk.close().await;
}

/// Customers write, evenly over the shift, some of them again and again. Gives the gateway's ids of all that was sent.
async fn customers(desk: &Desk, ends: Instant, messages: u64) -> BTreeSet<String> {
    let gate = desk.reach("gate").await;
    let mut dice = Dice::new(7);
    let mut sent = BTreeSet::new();
    let begins = Instant::now();
    let each = ends.duration_since(begins) / u32::try_from(messages).expect("few");
    for n in 0..messages {
        sleep_until(begins + each * u32::try_from(n).expect("few")).await;
        let who = dice.below(messages / 5);
        let external_id = format!("m{n}");
        let inbound = Inbound {
            queue: (*dice.one_of(&QUEUE_NAMES)).to_owned(),
            channel: "SMS".to_owned(),
            contact: Author {
                address: format!("+44 7700 {who:06}"),
                name: Some(format!("Customer {who}")),
            },
            body: format!("message {n}"),
            external_id: external_id.clone(),
            at: None,
            handler: None,
            attachments: vec![],
        };
        gate.hand_in(&inbound).await.expect("taken in");
        sent.insert(external_id);
    }
    sent
}
