//! What reaches a channel's gateway, and what it tells, over real HTTP (P1, L1, S2, S5, S6, R8, R30, R37, R42).

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use handback::server::store::TeamFile;
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    gateway::{Answer, Gateway, Hook, SECRET_TEXT, keep_secret},
    guest::Guest,
    on_both,
};

/// Who begins conversations.
const CAMPAIGN: &str = r#"
[[role]]
name = "campaign"
permissions = ["outbound"]
[[user]]
username = "camp"
name = "Reminders"
organisation = "head"
role = "campaign"
[[user]]
username = "owl"
name = "Reminders of Swansea"
organisation = "swansea"
role = "campaign"
"#;

/// Adds to the tests' team.
async fn add(desk: &Desk, more: &str) {
    let team = TeamFile::parse("more.toml", more).unwrap();
    desk.store.apply_team(&team, false).await.unwrap();
}

/// A customer writes through this channel; the conversation it is in.
async fn hears(desk: &Desk, channel: &str, address: &str, body: &str, at: Option<&str>) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut inbound = json!({
        "queue": "Payments", "channel": channel, "body": body, "external_id": format!("in-{number}"),
        "contact": {"address": address, "name": "Zoë \u{202e}Jones"},
    });
    if let Some(at) = at {
        inbound["at"] = json!(at);
    }
    let said = desk
        .client("gate")
        .await
        .post("/v1/inbound", &inbound)
        .await;
    assert_eq!(said.status, 201, "{said:?}");
    said.text("/conversation")
}

/// A reply; the message.
async fn replies(guest: &Guest, id: &str, body: &str) -> String {
    let said = guest
        .post(
            &format!("/v1/conversations/{id}/messages"),
            &json!({"body": body}),
        )
        .await;
    assert_eq!(said.status, 201, "{said:?}");
    said.text("/message/id")
}

async fn row(guest: &Guest, id: &str) -> Value {
    guest.get(&format!("/v1/conversations/{id}")).await.body["conversation"].clone()
}

/// Waits until a conversation's newest message has this delivery.
async fn becomes(guest: &Guest, id: &str, delivery: &Value) -> Value {
    let begun = Instant::now();
    loop {
        let row = row(guest, id).await;
        if row["last_message"]["delivery"] == *delivery {
            return row;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{row}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits, without keeping the desk from its work, until what came is enough.
async fn waits(gateway: &Gateway, for_what: &str, enough: impl Fn(&[Hook]) -> bool) -> Vec<Hook> {
    tokio::task::block_in_place(|| gateway.waits(for_what, enough))
}

/// A folder with the secret in it.
fn secret() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = keep_secret(folder.path());
    (folder, file)
}

fn error(reason: &str) -> Value {
    json!({"state": "error", "reason": reason})
}

on_both! {
    async fn l3_of_a_message_without_a_word_the_row_shows_what_came_with_it(desk) {
        let (anna, gate) = (desk.client("anna").await, desk.client("gate").await);
        let inbound = json!({
            "queue": "Payments", "channel": "SMS", "body": "", "external_id": "e1",
            "contact": {"address": "+441"},
            "attachments": [{"name": "meter.jpg", "type": "image/jpeg", "size": 7}, {"name": "a\0b", "type": "x", "size": 1}],
        });
        let taken_in = gate.post("/v1/inbound", &inbound).await;
        assert_eq!(taken_in.status, 201, "{taken_in:?}");
        let rows = anna.get("/v1/conversations?limit=1").await;
        assert_eq!(rows.text("/items/0/last_message/preview"), "[meter.jpg] [a\u{2400}b]");
    }
}

on_both! {
    async fn p1_a_reply_reaches_the_gateway_signed_and_what_became_of_it_comes_back(desk) {
        let gateway = Gateway::start(|_| Answer::Status(202));
        let (_folder, file) = secret();
        add(&desk, &gateway.channel("Hook", &file)).await;
        let anna = desk.client("anna").await;
        let id = hears(&desk, "Hook", "+44 7700 900001", "Hello?", None).await;
        let mut events = anna.events("").await;
        let message = replies(&anna, &id, "Yes\u{0}?\n\u{1b}[2J").await;

        let hooks = waits(&gateway, "the reply", |hooks| !hooks.is_empty()).await;
        let hook = &hooks[0];
        assert_eq!(hook.headers["webhook-id"], message);
        assert_eq!(hook.headers["webhook-signature"], hook.signature());
        assert_eq!(hook.headers["content-type"], "application/json");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let stamp: u64 = hook.headers["webhook-timestamp"].parse().unwrap();
        assert!(now.abs_diff(stamp) < 60);
        let at = hook.body["at"].as_str().unwrap().to_owned();
        // The words as they were written, whatever they are: nobody here reads them to a terminal or a shell (R8).
        assert_eq!(hook.body, json!({
            "message": message, "conversation": id, "channel": "Hook", "body": "Yes\u{2400}?\n\u{1b}[2J",
            "contact": {"address": "+44 7700 900001", "name": "Zoë \u{202e}Jones"},
            "sender": "Anna Webb", "at": at, "attempt": 1,
        }));
        let before = row(&anna, &id).await;
        assert_eq!(before["last_message"]["delivery"], json!({"state": "pending"}));

        let gate = desk.client("gate").await;
        let report = json!({"message": message, "state": "delivered"});
        let done = gate.post("/v1/deliveries", &report).await;
        assert_eq!((done.status, &done.body), (200, &json!({"outcome": "done", "conversation": id, "message": message})));
        let again = gate.post("/v1/deliveries", &report).await;
        assert_eq!((again.status, &again.body["outcome"]), (200, &json!("already")));
        // Who sees it hears of it, and the row's version rises without its having been acted on.
        let told = loop {
            let told = events.next(&["message"]).await;
            if told.data["message"]["delivery"]["state"] == "delivered" {
                break told;
            }
        };
        assert_eq!(told.data["message"]["id"], message);
        assert_eq!(told.data["conversation"]["version"].as_u64(), before["version"].as_u64().map(|v| v + 1));
        let stale = json!({"expected_assignee": "anna", "expected_version": before["version"]});

        let came_back = json!({"message": message, "state": "error", "reason": "invalid_number"});
        assert_eq!(gate.post("/v1/deliveries", &came_back).await.body["outcome"], "done");
        let row = becomes(&anna, &id, &error("invalid_number")).await;
        assert_eq!((&row["unanswered"], &row["since"]), (&json!(true), &before_since(&anna, &id).await), "L1");
        let unassigned = anna.post(&format!("/v1/conversations/{id}/unassign"), &stale).await;
        assert_eq!(unassigned.status, 200, "a delivery never conflicts (U5): {unassigned:?}");
        assert_eq!(gateway.hooks().len(), 1, "and never again");
    }
}

/// When the customer wrote the first message of a conversation.
async fn before_since(guest: &Guest, id: &str) -> Value {
    let messages = guest.get(&format!("/v1/conversations/{id}/messages")).await;
    messages.body["items"].as_array().unwrap().last().unwrap()["at"].clone()
}

on_both! {
    async fn p1_a_gateway_that_is_not_well_is_asked_again_and_order_is_kept(desk) {
        let tries = AtomicU32::new(0);
        let gateway = Gateway::start(move |hook| match hook.says() {
            "One" => match tries.fetch_add(1, Ordering::SeqCst) {
                0 => Answer::With(503, "retry-after: 2\r\n", ""),
                1 => Answer::HangUp,
                2 => Answer::Status(401),
                3 => Answer::With(307, "location: http://127.0.0.1:1/\r\n", ""),
                _ => Answer::Status(200),
            },
            _ => Answer::Status(200),
        });
        let (_folder, file) = secret();
        add(&desk, &gateway.channel("Hook", &file)).await;
        let anna = desk.client("anna").await;
        let id = hears(&desk, "Hook", "+44 7700 900001", "Hello?", None).await;
        let (one, two) = (replies(&anna, &id, "One").await, replies(&anna, &id, "Two").await);
        let other = hears(&desk, "Hook", "+44 7700 900002", "Hello?", None).await;
        replies(&anna, &other, "Elsewhere").await;

        let hooks = waits(&gateway, "the second", |hooks| hooks.iter().any(|hook| hook.says() == "Two")).await;
        let of = |says: &str| hooks.iter().filter(|hook| hook.says() == says).collect::<Vec<_>>();
        let ones = of("One");
        assert!(ones.iter().all(|hook| hook.message() == one && hook.headers["webhook-signature"] == hook.signature()));
        let attempts: Vec<_> = ones.iter().map(|hook| hook.body["attempt"].as_u64().unwrap()).collect();
        assert_eq!(attempts, [1, 2, 3, 4, 5]);
        assert!(ones[1].at - ones[0].at >= Duration::from_secs(2), "Retry-After");
        assert_eq!((of("Two").len(), of("Two")[0].message()), (1, two.as_str()));
        assert!(of("Two")[0].at >= ones[4].at, "not before the one it follows");
        assert!(of("Elsewhere")[0].at < ones[1].at, "others do not wait for it");
    }
}

on_both! {
    async fn p1_what_a_gateway_refuses_for_good_is_an_error(desk) {
        let gateway = Gateway::start(|hook| match hook.says() {
            "Gone" => Answer::Status(410),
            _ => Answer::With(422, "", r#"{"reason": "invalid_number"}"#),
        });
        let (_folder, file) = secret();
        add(&desk, &gateway.channel("Hook", &file)).await;
        let anna = desk.client("anna").await;
        for (address, says, reason) in [("+441", "Gone", "rejected"), ("+442", "Wrong", "invalid_number")] {
            let id = hears(&desk, "Hook", address, "Hello?", None).await;
            replies(&anna, &id, says).await;
            let row = becomes(&anna, &id, &error(reason)).await;
            assert_eq!((&row["unanswered"], &row["assignee"]["id"]), (&json!(true), &json!("anna")));
        }
        assert_eq!(gateway.hooks().len(), 2, "each once");
    }
}

on_both! {
    async fn r30_a_gateway_that_is_away_is_waited_for_and_holds_up_its_own_channel_only(desk) {
        let away = Gateway::start(|_| Answer::Status(200));
        let silent = Gateway::start(|_| Answer::Silence);
        let well = Gateway::start(|_| Answer::Status(200));
        let (port, (_folder, file)) = (away.port(), secret());
        let channels = [("Away", &away), ("Silent", &silent), ("Well", &well)];
        add(&desk, &channels.map(|(name, gateway)| gateway.channel(name, &file)).concat()).await;
        drop(away);
        let anna = desk.client("anna").await;
        let begun = Instant::now();
        for n in 0..20 {
            let id = hears(&desk, "Silent", &format!("+44{n}"), "Hello?", None).await;
            replies(&anna, &id, "Are you there?").await;
        }
        let id = hears(&desk, "Away", "+441", "Hello?", None).await;
        replies(&anna, &id, "Are you there?").await;
        let id = hears(&desk, "Well", "+441", "Hello?", None).await;
        replies(&anna, &id, "Hello").await;
        waits(&well, "the one that is well", |hooks| hooks.len() == 1).await;
        // After ten seconds of silence they are given up, and others of the same channel have their turn.
        let at_once = silent.hooks().len();
        assert!(at_once <= 8 || begun.elapsed() > Duration::from_secs(9), "so many at once of one channel: {at_once}");
        let back = Gateway::start_at(port, |_| Answer::Status(200));
        let hooks = waits(&back, "the one that came back", |hooks| !hooks.is_empty()).await;
        assert!(hooks[0].body["attempt"].as_u64() > Some(1), "it was tried meanwhile");
    }
}

on_both! {
    async fn r42_a_secret_that_others_can_read_signs_nothing(desk) {
        let gateway = Gateway::start(|_| Answer::Status(200));
        let (_folder, file) = secret();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        add(&desk, &gateway.channel("Hook", &file)).await;
        let anna = desk.client("anna").await;
        let id = hears(&desk, "Hook", "+441", "Hello?", None).await;
        replies(&anna, &id, "Yes?").await;
        // It was tried and will be again: that is what the second attempt says.
        let begun = Instant::now();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let hooks = waits(&gateway, "signed at last", |hooks| !hooks.is_empty()).await;
        assert!(hooks[0].headers["webhook-signature"] == hooks[0].signature(), "{:?}", begun.elapsed());
        let shown = format!("{:?} {:?}", desk.store, desk.store.directory());
        assert!(!shown.contains(&SECRET_TEXT[6..]));
    }
}

on_both! {
    async fn s2_we_begin_and_the_customers_answer_opens_it_again(desk) {
        let gateway = Gateway::start(|_| Answer::Status(200));
        let (_folder, file) = secret();
        add(&desk, &format!("{CAMPAIGN}{}", gateway.channel("Hook", &file))).await;
        let camp = desk.client("camp").await;
        let begin = json!({
            "queue": "Payments", "channel": "Hook", "contact": {"address": "+441", "name": "Zoë"},
            "body": "Your payment is due.", "external_id": "due-1",
        });
        let said = camp.post_as("k1", "/v1/outbound", &begin).await;
        assert_eq!(said.status, 201, "{said:?}");
        let id = said.text("/conversation");
        for key in ["k1", "k2"] {
            let again = camp.post_as(key, "/v1/outbound", &begin).await;
            assert_eq!((again.status, &again.body), (200, &said.body), "{again:?}");
        }
        let hooks = waits(&gateway, "the beginning", |hooks| !hooks.is_empty()).await;
        assert_eq!(hooks[0].body["sender"], "Reminders");
        let anna = desk.client("anna").await;
        let there = row(&anna, &id).await;
        assert_eq!((&there["unanswered"], &there["just_entered"]), (&json!(false), &json!(true)));
        assert_eq!(anna.act(&id, "close").await.status, 200);
        assert_eq!(hears(&desk, "Hook", "+441", "I paid", None).await, id);
        assert_eq!(row(&anna, &id).await["state"], "open");

        // A STOP ends it, for us and for those who begin (S5).
        assert_eq!(hears(&desk, "Hook", "+441", "stop", None).await, id);
        let reply = anna.reply(&id, "But").await;
        assert_eq!((reply.status, &reply.body["reason"]), (422, &json!("blocked")), "{reply:?}");
        let mut more = begin.clone();
        more["external_id"] = json!("due-2");
        let refused = camp.post("/v1/outbound", &more).await;
        assert_eq!((refused.status, &refused.body["reason"]), (422, &json!("blocked")), "{refused:?}");
        let history = anna.get(&format!("/v1/conversations/{id}/history")).await;
        let line = &history.body["items"][0];
        assert_eq!((&line["kind"], &line["to"], &line["by"]), (&json!("block"), &json!("blocked"), &Value::Null));
        assert_eq!(gateway.hooks().len(), 1);
    }
}

on_both! {
    async fn s5_what_waits_for_its_gateway_is_not_sent_after_a_stop(desk) {
        let gateway = Gateway::start(|hook| match hook.says() {
            "One" => Answer::With(503, "retry-after: 1\r\n", ""),
            _ => Answer::Status(200),
        });
        let (_folder, file) = secret();
        add(&desk, &gateway.channel("Hook", &file)).await;
        let anna = desk.client("anna").await;
        let id = hears(&desk, "Hook", "+441", "Hello?", None).await;
        replies(&anna, &id, "One").await;
        let two = replies(&anna, &id, "Two").await;
        waits(&gateway, "the first attempt", |hooks| !hooks.is_empty()).await;
        hears(&desk, "Hook", "+441", "STOP", None).await;
        let begun = Instant::now();
        loop {
            let said = anna.get(&format!("/v1/conversations/{id}/messages/{two}")).await;
            if said.body["delivery"] == error("blocklisted") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{said:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(gateway.hooks().iter().all(|hook| hook.says() == "One"));
    }
}

on_both! {
    async fn s6_the_desk_says_that_whatsapps_day_is_over(desk) {
        let anna = desk.client("anna").await;
        let id = hears(&desk, "WhatsApp", "+441", "Hello?", Some("2026-01-01T00:00:00Z")).await;
        let detail = anna.get(&format!("/v1/conversations/{id}")).await;
        let reply = &detail.body["actions"]["reply"];
        assert_eq!((&reply["allowed"], &reply["reason"]), (&json!(false), &json!("window_closed")), "{detail:?}");
        let refused = anna.reply(&id, "Too late").await;
        assert_eq!((refused.status, &refused.body["reason"]), (422, &json!("window_closed")));
        hears(&desk, "WhatsApp", "+441", "Hello again", None).await;
        let detail = anna.get(&format!("/v1/conversations/{id}")).await;
        assert_eq!(detail.body["actions"]["reply"]["allowed"], true);
        replies(&anna, &id, "In time").await;
    }
}

on_both! {
    async fn r37_whatever_is_handed_in_is_answered_and_by_whom_it_may_be(desk) {
        add(&desk, CAMPAIGN).await;
        let (camp, gate, anna) = (desk.client("camp").await, desk.client("gate").await, desk.client("anna").await);
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let theirs = anna.get(&format!("/v1/conversations/{id}/messages")).await.text("/items/0/id");
        let begin = |field: &str, value: Value| {
            let mut body = json!({"queue": "Payments", "channel": "SMS", "contact": {"address": "+442"}, "body": "Hi"});
            body[field] = value;
            body
        };
        for (guest, permission) in [(&gate, "outbound"), (&anna, "outbound")] {
            let said = guest.post("/v1/outbound", &begin("body", json!("Hi"))).await;
            said.is_problem(403, "not-allowed");
            assert!(said.text("/detail").contains(permission));
        }
        let report = json!({"message": "X-1", "state": "delivered"});
        for guest in [&camp, &anna] {
            guest.post("/v1/deliveries", &report).await.is_problem(403, "not-allowed");
        }
        for message in ["X-1", "", "?", &theirs, &format!("{id}-99"), "\u{0}-1"] {
            let said = gate.post("/v1/deliveries", &json!({"message": message, "state": "delivered"})).await;
            said.is_problem(422, "refused");
            assert_eq!(said.text("/reason"), "no_such_message", "{message}");
        }
        for body in [
            json!({}),
            json!({"message": "X-1"}),
            json!({"message": "X-1", "state": "lost"}),
            json!({"message": "X-1", "state": "error"}),
            json!({"message": "X-1", "state": "error", "reason": "bad luck"}),
            json!({"message": "X-1", "state": "delivered", "reason": "rejected"}),
            json!({"message": "X-1", "state": "delivered", "more": 1}),
            json!({"message": 1, "state": "delivered"}),
        ] {
            gate.post("/v1/deliveries", &body).await.is_problem(400, "malformed");
        }
        for (field, value, reason) in [
            ("queue", json!("Nowhere"), "no_such_queue"),
            ("channel", json!("Pigeon"), "no_such_channel"),
            ("body", json!(" \n"), "empty"),
        ] {
            let said = camp.post("/v1/outbound", &begin(field, value)).await;
            said.is_problem(422, "refused");
            assert_eq!(said.text("/reason"), reason);
        }
        for (field, value) in [
            ("contact", json!({"address": ""})),
            ("contact", json!({"address": "x".repeat(1025)})),
            ("external_id", json!("")),
            ("template", json!("")),
            ("handler", json!("robot")),
            ("body", json!(null)),
            ("more", json!(1)),
        ] {
            camp.post("/v1/outbound", &begin(field, value)).await.is_problem(400, "malformed");
        }
        // Whom a queue is not open to, it is not there.
        let owl = desk.client("owl").await;
        let said = owl.post("/v1/outbound", &begin("queue", json!("Own"))).await;
        assert_eq!((said.status, said.text("/reason")), (422, "no_such_queue".to_owned()));
        desk.change(r#"{ name = "Own", owner = "cardiff", teams = ["cardiff"] }"#,
            r#"{ name = "Own", owner = "cardiff", teams = ["cardiff"], active = false }"#).await;
        let said = camp.post("/v1/outbound", &begin("queue", json!("Own"))).await;
        assert_eq!((said.status, said.text("/reason")), (422, "queue_inactive".to_owned()));
        assert_eq!(camp.post("/v1/outbound", &begin("body", json!("\u{0}\u{202e}"))).await.status, 201);
    }
}
