//! A desk as a process, killed while it hands messages over: nothing is lost, and nothing is sent twice but under the id
//! a gateway knows it by (R30, R42).

#![allow(clippy::print_stdout, reason = "figures are what it finds")]

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/gateway.rs"]
mod gateway;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use gateway::{Answer, Gateway, SECRET_TEXT, keep_secret};
use serde_json::json;
use served::Served;
use support::{Database, dice::Dice};

/// A customer writes through this channel; the conversation it is in.
fn hears(desk: &Served, address: &str) -> String {
    let told = json!({
        "queue": "Payments", "channel": "Hook", "body": "Hello?", "external_id": address,
        "contact": {"address": address, "name": "Zoë Jones"},
    });
    loop {
        let (status, said) = desk.ask("gate", "POST", "/v1/inbound", Some(&told));
        if said["reason"] == "no_such_channel" {
            thread::sleep(Duration::from_millis(20)); // the desk has not heard of the new team yet
            continue;
        }
        assert_eq!(status, 201, "{said}");
        return said["conversation"].as_str().expect("an id").to_owned();
    }
}

fn killed_while_it_hands_over(database: Database) {
    let silent = Arc::new(AtomicBool::new(true));
    let says_nothing = Arc::clone(&silent);
    let gateway = Gateway::start(move |_| match says_nothing.load(Ordering::SeqCst) {
        true => Answer::Silence,
        false => Answer::Status(200),
    });
    let mut desk = Served::start(database);
    let secret = keep_secret(desk.account.home());
    desk.apply(&gateway.channel("Hook", &secret));
    let id = hears(&desk, "+441");
    let path = format!("/v1/conversations/{id}/messages");
    let (status, said) = desk.ask("anna", "POST", &path, Some(&json!({"body": "I promise"})));
    assert_eq!(status, 201, "{said}");
    gateway.waits("the first attempt", |hooks| hooks.len() == 1);
    desk.kill();
    silent.store(false, Ordering::SeqCst);
    desk.serve();
    let hooks = gateway.waits("the second attempt", |hooks| hooks.len() == 2);
    assert_eq!(hooks[0].message(), hooks[1].message());
    assert_eq!(said["message"]["id"], hooks[0].message());
    assert_eq!(hooks[1].body["attempt"], 2);
    assert_eq!(hooks[1].headers["webhook-signature"], hooks[1].signature());
    // What it said meanwhile is no secret's and nobody's words (R42).
    let log = desk.log();
    assert!(!log.is_empty());
    for secret in [&SECRET_TEXT[6..], "I promise", "Zoë", "+441"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn r30_killed_while_it_hands_over_it_does_so_again_under_the_same_id_on_sqlite() {
    killed_while_it_hands_over(support::sqlite());
}

#[test]
fn r30_killed_while_it_hands_over_it_does_so_again_under_the_same_id_on_postgres() {
    if let Some(database) = support::postgres() {
        killed_while_it_hands_over(database);
    }
}

/// Replies come in while the desk is killed again and again, and its gateway is not always well.
fn killed_again_and_again(database: Database) {
    const CONVERSATIONS: usize = 6;
    const KILLS: usize = 8;
    let (name, number) = (database.name, AtomicU32::new(0));
    let gateway = Gateway::start(move |_| match number.fetch_add(1, Ordering::SeqCst) % 10 {
        2 => Answer::Status(503),
        7 => Answer::HangUp,
        _ => Answer::Status(200),
    });
    let mut desk = Served::start(database);
    let secret = keep_secret(desk.account.home());
    desk.apply(&gateway.channel("Hook", &secret));
    let ids: Vec<String> = (0..CONVERSATIONS)
        .map(|n| hears(&desk, &format!("+44{n}")))
        .collect();
    let mut dice = Dice::new(30);
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let mut written = 0;
    for _ in 0..KILLS {
        thread::scope(|scope| {
            let desk = &desk;
            let writing = scope.spawn(|| {
                let mut acknowledged = Vec::new();
                // Until the desk is gone: that reply may be there or not, and nobody was told that it is.
                loop {
                    written += 1;
                    let body = json!({"body": format!("Reply {written}")});
                    let path = format!("/v1/conversations/{}/messages", ids[written % ids.len()]);
                    match desk.try_ask("anna", "POST", &path, Some(&body)) {
                        Ok((201, said)) => {
                            let message = said["message"]["id"].as_str().expect("an id").to_owned();
                            acknowledged.push((message, format!("Reply {written}")));
                        }
                        Ok((status, said)) => panic!("{status} {said}"),
                        Err(_) => return acknowledged,
                    }
                    thread::sleep(Duration::from_millis(20));
                }
            });
            thread::sleep(Duration::from_millis(
                200 + u64::from(dice.below(400) as u32),
            ));
            desk.kill();
            acknowledged.extend(writing.join().expect("the replies"));
        });
        desk.serve();
    }
    let all = |hooks: &[gateway::Hook]| {
        let there: HashMap<&str, &str> = hooks.iter().map(|h| (h.message(), h.says())).collect();
        acknowledged
            .iter()
            .all(|(id, says)| there.get(id.as_str()) == Some(&says.as_str()))
    };
    let hooks = gateway.waits("all that was acknowledged", all);
    let mut said: HashMap<&str, &str> = HashMap::new();
    let mut newest: HashMap<&str, u64> = HashMap::new();
    for hook in &hooks {
        let known = said.insert(hook.says(), hook.message());
        assert!(
            known.is_none_or(|known| known == hook.message()),
            "one id each"
        );
        let (conversation, n) = hook.message().rsplit_once('-').expect("a message");
        let n = n.parse().expect("a number");
        let before = newest.insert(conversation, n).unwrap_or(0);
        assert!(
            n >= before,
            "{name}: {conversation} heard {before}, then {n}"
        );
    }
    println!(
        "{name}: {} replies acknowledged over {KILLS} kills, each handed over; {} webhooks for {} messages",
        acknowledged.len(),
        hooks.len(),
        said.len()
    );
    assert!(acknowledged.len() > KILLS);
}

#[test]
fn r30_no_reply_is_lost_however_often_the_desk_is_killed_on_sqlite() {
    killed_again_and_again(support::sqlite());
}

#[test]
fn r30_no_reply_is_lost_however_often_the_desk_is_killed_on_postgres() {
    if let Some(database) = support::postgres() {
        killed_again_and_again(database);
    }
}
