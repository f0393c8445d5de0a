//! The event stream: gap-free, resumable, and for each reader only what is theirs to hear (R31, R32).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{desk::Desk, events::Heard, on_both};

on_both! {
    async fn one_entry_is_one_frame_with_one_id(desk) {
        let anna = desk.client("anna").await;
        let begin = desk.store.head().await.unwrap();
        let mut events = anna.events(&format!("after={begin}")).await;
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let written = events.news().await;
        assert_eq!((written.kind.as_str(), written.id), ("message", Some(begin + 1)));
        assert_eq!(written.data["message"]["body"], "Hello?");
        assert_eq!(written.data["conversation"]["id"], json!(id));
        assert_eq!(written.data["conversation"]["last_message"]["preview"], "Hello?");
        anna.act(&id, "take").await;
        let taken = events.news().await;
        assert_eq!((taken.kind.as_str(), taken.id), ("conversation", Some(begin + 2)));
        assert_eq!(taken.data["assignee"]["id"], "anna");
        let row = anna.get(&format!("/v1/conversations/{id}")).await;
        assert_eq!(row.body["conversation"], taken.data, "an event is the row that a list shows");
    }
}

on_both! {
    async fn v8_a_stream_says_nothing_of_what_is_not_to_be_seen(desk) {
        let begin = desk.store.head().await.unwrap();
        let mut strangers = Vec::new();
        for username in ["dot", "eve", "greta", "gate", "nick"] {
            strangers.push(desk.client(username).await.events(&format!("after={begin}")).await);
        }
        let mut ben = desk.client("ben").await.events("").await;
        let id = desk.held_by("Payments", "+441", "anna").await;
        assert_eq!(ben.news().await.kind, "message");
        let gone = ben.news().await;
        assert_eq!((gone.kind.as_str(), gone.data), ("gone", json!({"id": id})));
        // Something dot may hear, so that all before it has passed through.
        let letter = desk.customer("Letters", "+442", "Hello?").await;
        let heard = strangers[0].news().await;
        assert_eq!(heard.data["conversation"]["id"], json!(letter));
        let mut desk = desk;
        desk.begin_to_stop();
        desk.stopped().await;
        for events in &mut strangers {
            for heard in events.rest().await {
                assert!(!format!("{heard:?}").contains(&id), "{heard:?}");
                assert!(!["conversation", "message", "gone"].contains(&heard.kind.as_str()), "{heard:?}");
            }
        }
    }
}

on_both! {
    async fn u8_u9_the_former_assignee_is_told_who_and_why(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let mut anna = desk.client("anna").await.events("").await;
        let mut ben = desk.client("ben").await.events("").await;
        let gwen = desk.client("gwen").await;
        let path = format!("/v1/conversations/{id}/unassign");
        let done = gwen.post(&path, &json!({"reason": "lunch"})).await;
        let told = anna.next(&["attention", "conversation"]).await;
        assert_eq!((told.kind.as_str(), told.id), ("attention", None));
        assert_eq!(told.data, json!({
            "kind": "handed_back", "cause": "unassign", "conversation": id, "reason": "lunch",
            "by": {"id": "gwen", "name": "Gwen Rees"},
        }));
        assert_eq!(anna.news().await.data["id"], json!(id), "and still sees it, unassigned");
        assert_eq!(ben.next(&["attention", "conversation"]).await.kind, "conversation");
        gwen.post("/v1/undo", &json!({"operation": done.text("/operation")})).await;
        let told = anna.next(&["attention"]).await;
        assert_eq!(told.data["kind"], "given_back");
        // Handing back one's own is no news to oneself.
        desk.client("anna").await.act(&id, "unassign").await;
        anna.news().await;
        assert_eq!(anna.next(&["conversation", "attention"]).await.kind, "conversation");
    }
}

on_both! {
    async fn u9_who_has_it_now_and_who_had_it_are_told_what_they_did_not_do(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let mut anna = desk.client("anna").await.events("").await;
        let mut ben = desk.client("ben").await.events("").await;
        let mut gwen = desk.client("gwen").await.events("").await;
        let (leader, path) = (desk.client("gwen").await, format!("/v1/conversations/{id}"));
        let of = |told: &Heard| {
            (told.data["kind"].as_str().unwrap().to_owned(), told.data["cause"].as_str().unwrap().to_owned())
        };
        let is = |kind: &str, cause: &str| (kind.to_owned(), cause.to_owned());

        let assign = json!({"user": "ben", "reason": "you know her"});
        leader.post(&format!("{path}/assign"), &assign).await;
        let lost = anna.next(&["attention"]).await;
        assert_eq!(of(&lost), is("taken_away", "assign"));
        assert_eq!(anna.news().await.kind, "gone", "V1: it is Ben's, and she is told that alone");
        let got = ben.next(&["attention"]).await;
        assert_eq!(of(&got), is("assigned", "assign"));
        assert_eq!((&got.data["by"]["id"], &got.data["reason"]), (&json!("gwen"), &json!("you know her")));
        assert_eq!(ben.news().await.data["id"], json!(id));

        leader.post(&format!("{path}/move"), &json!({"queue": "Letters"})).await;
        assert_eq!(of(&ben.next(&["attention"]).await), is("taken_away", "move"));
        leader.post(&format!("{path}/move"), &json!({"queue": "Payments"})).await;
        let anna_takes = desk.client("anna").await;
        anna_takes.act(&id, "take").await;
        leader.act(&id, "close").await;
        let closed = anna.next(&["attention"]).await;
        assert_eq!(of(&closed), is("taken_away", "close"), "nothing of her own taking in between");
        // Who did all of it was told of nothing.
        let end = leader.act(&id, "reopen").await.body["conversation"]["version"].clone();
        loop {
            let heard = gwen.next(&["attention", "conversation"]).await;
            assert_eq!(heard.kind, "conversation", "{heard:?}");
            if heard.data["version"] == end {
                break;
            }
        }
    }
}

/// U9: who has too much to hear and must fetch anew is told all the same what was done with what was theirs.
#[tokio::test]
async fn u9_a_reset_loses_nobody_who_did_it_and_why() {
    let desk = Desk::sqlite().await;
    let mut items = Vec::new();
    for n in 0..220 {
        items.push(json!({"id": desk.customer("Payments", &format!("+44{n}"), "Hello?").await}));
    }
    let gwen = desk.client("gwen").await;
    gwen.post("/v1/assign", &json!({"items": items, "to": ["anna"]}))
        .await;
    let before = desk.store.head().await.unwrap();
    gwen.post("/v1/unassign", &json!({"items": items, "reason": "lunch"}))
        .await;
    // When another reader has heard the last of it, it is all there to be heard.
    let mut last = gwen.events(&format!("after={}", before + 219)).await;
    assert_eq!(last.news().await.id, Some(before + 220));
    let anna = desk.client("anna").await;
    let mut events = anna.events(&format!("after={before}")).await;
    for _ in 0..220 {
        let told = events.next(&["attention", "conversation", "reset"]).await;
        assert_eq!(
            (told.kind.as_str(), &told.data["reason"]),
            ("attention", &json!("lunch"))
        );
    }
    assert_eq!(
        events
            .next(&["attention", "conversation", "reset"])
            .await
            .kind,
        "reset"
    );
}

on_both! {
    async fn counts_follow_what_happens(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let ben = desk.client("ben").await;
        let mut events = ben.events("").await;
        let first = events.next(&["counts"]).await;
        assert_eq!(first.id, None);
        assert_eq!(first.data["all_queues"], json!({"mine": 0, "unassigned": 1, "all": 1}));
        ben.act(&id, "take").await;
        let taken = events.next(&["counts"]).await;
        assert_eq!(taken.data["all_queues"], json!({"mine": 1, "unassigned": 0, "all": 1}));
        assert_eq!(taken.data["queues"][0]["counts"], taken.data["all_queues"]);
        desk.client("gwen").await.act(&id, "unassign").await;
        desk.client("anna").await.act(&id, "take").await;
        loop {
            let counts = events.next(&["counts"]).await.data;
            if counts["all_queues"] == json!({"mine": 0, "unassigned": 0, "all": 0}) {
                break;
            }
        }
        let page = ben.get("/v1/conversations").await;
        assert_eq!(page.body["counts"]["all"], 0);
    }
}

/// What a reader knows after these events, on top of what they knew.
fn learn(known: &mut BTreeMap<String, Value>, heard: &Heard) {
    match heard.kind.as_str() {
        "conversation" => {
            known.insert(
                heard.data["id"].as_str().unwrap().into(),
                heard.data.clone(),
            );
        }
        "message" => {
            let row = heard.data["conversation"].clone();
            known.insert(row["id"].as_str().unwrap().into(), row);
        }
        "gone" => {
            known.remove(heard.data["id"].as_str().unwrap());
        }
        "reset" => panic!("nobody was that slow"),
        _ => {}
    }
}

on_both! {
    /// R31: while eight write, a reader whose line breaks again and again misses nothing and hears nothing twice.
    async fn r31_resuming_misses_nothing_and_repeats_nothing(desk) {
        let gwen = desk.client("gwen").await;
        let mut writers = tokio::task::JoinSet::new();
        let mut ids = Vec::new();
        for n in 0..8 {
            ids.push(desk.customer("Payments", &format!("+44{n}"), "Hello?").await);
        }
        let begin = desk.store.head().await.unwrap();
        let mut known = BTreeMap::new();
        for row in gwen.get("/v1/conversations").await.body["items"].as_array().unwrap() {
            known.insert(row["id"].as_str().unwrap().to_owned(), row.clone());
        }
        const TURNS: u64 = 10;
        for (n, id) in ids.iter().cloned().enumerate() {
            let guest = desk.client(["anna", "ben"][n % 2]).await;
            writers.spawn(async move {
                for _ in 0..TURNS {
                    assert_eq!(guest.act(&id, "take").await.status, 200);
                    assert_eq!(guest.act(&id, "unassign").await.status, 200);
                }
            });
        }
        let end = begin + 8 * TURNS * 2;
        let mut last = begin;
        while last < end {
            let mut events = gwen.events(&format!("after={last}")).await;
            for _ in 0..7 {
                let heard = events.news().await;
                assert_eq!(heard.id, Some(last + 1), "gap-free: gwen sees them all");
                learn(&mut known, &heard);
                last += 1;
                if last == end {
                    break;
                }
            }
        }
        writers.join_all().await;
        let rows = gwen.get("/v1/conversations").await.body["items"].as_array().unwrap().clone();
        assert_eq!(rows.len(), known.len());
        for row in rows {
            assert_eq!(known[row["id"].as_str().unwrap()], row, "what was heard is what is");
        }
    }
}

on_both! {
    async fn r31_where_one_cannot_go_on_one_begins_anew(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let anna = desk.client("anna").await;
        let mut events = anna.events("").await;
        for _ in 0..101 {
            anna.act(&id, "take").await;
            anna.act(&id, "unassign").await;
        }
        let head = desk.store.head().await.unwrap();
        while events.news().await.id != Some(head) {}
        let behind = head - 201;
        for after in [behind, head + 1, u64::MAX] {
            let reset = anna.events(&format!("after={after}")).await.news().await;
            assert_eq!((reset.kind.as_str(), reset.id), ("reset", Some(head)), "after={after}");
        }
        let near = anna.events(&format!("after={}", head - 3)).await.news().await;
        assert_eq!((near.kind.as_str(), near.id), ("conversation", Some(head - 2)));
        // A browser's own way to say it is the stronger one.
        let request = anna.request(reqwest::Method::GET, "/v1/events?after=0");
        let wrong = crate::guest::said(request.header("last-event-id", "x")).await;
        wrong.is_problem(400, "malformed");
    }
}

on_both! {
    async fn r32_another_role_team_or_place_begins_anew(desk) {
        desk.customer("Payments", "+441", "Hello?").await;
        let mut dot = desk.client("dot").await.events("").await;
        let mut eve = desk.client("eve").await.events("").await;
        dot.next(&["counts"]).await;
        desk.change(
            r#"name = "Payments", owner = "head", teams = ["cardiff"]"#,
            r#"name = "Payments", owner = "head", teams = ["cardiff", "swansea"]"#,
        ).await;
        let reset = dot.news().await;
        assert_eq!(reset.kind, "reset");
        let counts = dot.next(&["counts"]).await;
        assert_eq!(counts.data["all_queues"]["all"], 1);
        let id = desk.customer("Payments", "+442", "Hello?").await;
        assert_eq!(dot.news().await.data["conversation"]["id"], json!(id));
        let mut desk = desk;
        desk.begin_to_stop();
        desk.stopped().await;
        let of_eve = eve.rest().await;
        assert!(of_eve.iter().all(|heard| heard.kind != "reset"), "nothing changed for eve: {of_eve:?}");
    }
}

#[tokio::test]
async fn q9_a_console_counts_as_signed_in_while_it_listens() {
    let desk = Desk::sqlite().await;
    let anna = desk.client("anna").await;
    let signed_in = async || {
        let users = anna.get("/v1/users").await.body["items"].clone();
        let users = users.as_array().unwrap();
        users.iter().find(|user| user["id"] == "ben").unwrap()["signed_in"].clone()
    };
    let _watching = desk.client("ben").await.events("").await;
    assert_eq!(
        signed_in().await,
        false,
        "a stream without a console is nobody at work"
    );
    let events = desk.client("ben").await.events("console=b1").await;
    assert_eq!(signed_in().await, true);
    let left = desk.consoles.clone();
    let left = tokio::spawn(async move { left.last_one_left().await });
    drop(events);
    while signed_in().await == true {}
    drop(left);
}
