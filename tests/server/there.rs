//! Who is there: seen by those who see the conversation, gone when nobody says so any more (L3, V8).

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    desk::Desk,
    events::{Events, Heard},
    guest::Guest,
    on_both,
};

async fn say(guest: &Guest, console: &str, open: &str, state: &str) {
    let open = Some(open).filter(|open| !open.is_empty());
    let body = json!({"console": console, "open": open, "state": state});
    let said = guest.post("/v1/presence", &body).await;
    assert_eq!(said.status, StatusCode::NO_CONTENT, "{said:?}");
}

/// Who is in a row, as `who what`.
fn active(row: &Value) -> Vec<String> {
    let all = row["active"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    all.map(|a| format!("{} {}", text(&a["id"]), text(&a["what"])))
        .collect()
}

/// The next event that only says who is there: a row of this conversation that is no entry of the log.
async fn glimpse(events: &mut Events, id: &str) -> Vec<String> {
    loop {
        let heard = events.next(&["conversation"]).await;
        if heard.id.is_none() && heard.data["id"] == json!(id) {
            return active(&heard.data);
        }
    }
}

async fn row(guest: &Guest, id: &str) -> Value {
    guest.get(&format!("/v1/conversations/{id}")).await.body["conversation"].clone()
}

on_both! {
    async fn l3_v8_who_is_there_is_told_to_those_who_see_it_and_to_nobody_else(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        let gwen = desk.client("gwen").await;
        let mut annas = anna.events("").await;
        let mut gwens = gwen.events("").await;
        let mut strangers = Vec::new();
        for username in ["ben", "dot", "eve", "greta"] {
            let guest = desk.client(username).await;
            strangers.push(guest.events("").await);
            let there = json!({"open": id, "state": "viewing"});
            let said = guest.post("/v1/presence", &there).await;
            said.is_problem(404, "not-found");
            let never = guest.post("/v1/presence", &json!({"open": "0000000000", "state": "viewing"})).await;
            assert_eq!(never.body, said.body, "V8: what never was answers the very same");
        }
        say(&anna, "a1", &id, "replying").await;
        assert_eq!(glimpse(&mut gwens, &id).await, ["anna replying"], "and not those who are not there");
        assert_eq!(glimpse(&mut annas, &id).await, ["anna replying"], "the same for all who look");
        say(&gwen, "g1", &id, "viewing").await;
        let both = ["anna replying", "gwen viewing"];
        assert_eq!(glimpse(&mut annas, &id).await, both);
        // In every row: of a list, of one, of what an act answers, of an event of the log.
        let list = gwen.get("/v1/conversations").await;
        assert_eq!(active(&list.body["items"][0]), both);
        assert_eq!(list.body["items"][0]["active"][1]["name"], "Gwen Rees");
        assert_eq!(active(&row(&anna, &id).await), both);
        let noted = anna.post(&format!("/v1/conversations/{id}/note"), &json!({"body": "x"})).await;
        assert_eq!(active(&noted.body["conversation"]), both);
        loop {
            let heard = annas.next(&["conversation"]).await;
            if heard.id.is_some() {
                assert_eq!(active(&heard.data), both);
                break;
            }
        }
        // Something Ben may hear, so that all before it has passed through.
        let mut desk = desk;
        desk.customer("Payments", "+442", "Hello?").await;
        assert_eq!(strangers[0].news().await.kind, "message");
        desk.begin_to_stop();
        desk.stopped().await;
        for events in &mut strangers {
            for heard in events.rest().await {
                assert!(!format!("{heard:?}").contains(&id), "{heard:?}");
            }
        }
    }
}

on_both! {
    async fn l3_who_does_not_say_so_again_is_gone_after_thirty_seconds(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let mut events = gwen.events("").await;
        say(&anna, "a1", &id, "viewing").await;
        assert_eq!(glimpse(&mut events, &id).await, ["anna viewing"]);
        desk.passes(Duration::from_secs(25));
        say(&anna, "a1", &id, "viewing").await;
        say(&gwen, "g1", &id, "viewing").await;
        assert_eq!(glimpse(&mut events, &id).await, ["anna viewing", "gwen viewing"]);
        desk.passes(Duration::from_secs(25));
        assert_eq!(active(&row(&gwen, &id).await).len(), 2, "she said it again");
        say(&gwen, "g1", &id, "viewing").await;
        desk.passes(Duration::from_secs(10));
        assert_eq!(glimpse(&mut events, &id).await, ["gwen viewing"], "an expiry is told too");
        // Going elsewhere says at once that one is no more here.
        say(&gwen, "g1", &desk.customer("Payments", "+442", "x").await, "viewing").await;
        assert_eq!(glimpse(&mut events, &id).await, [""; 0]);
    }
}

on_both! {
    async fn l3_a_draft_stays_until_it_is_cleared_or_sent(desk) {
        let one = desk.held_by("Payments", "+441", "anna").await;
        let other = desk.held_by("Payments", "+442", "anna").await;
        let anna = desk.client("anna").await;
        say(&anna, "a1", &one, "replying").await;
        say(&anna, "a1", &one, "draft").await;
        say(&anna, "a1", &other, "draft").await;
        desk.passes(Duration::from_secs(3_600));
        let desk = desk.restarted().await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let mut events = gwen.events("").await;
        for id in [&one, &other] {
            assert_eq!(active(&row(&gwen, id).await), ["anna draft"]);
        }
        assert_eq!(anna.reply(&one, " ").await.status, 422, "not sent");
        assert_eq!(active(&row(&gwen, &one).await), ["anna draft"]);
        let path = format!("/v1/conversations/{one}/messages");
        let sent = anna.post(&path, &json!({"body": "Yes."})).await;
        assert_eq!(active(&sent.body["conversation"]), [""; 0]);
        assert_eq!(active(&row(&gwen, &one).await), [""; 0]);
        say(&anna, "a1", &other, "none").await;
        while !glimpse(&mut events, &other).await.is_empty() {}
        assert_eq!(desk.store.drafts().await.unwrap(), []);
        // A colleague's reply is not hers.
        say(&anna, "a1", &one, "draft").await;
        gwen.post(&path, &json!({"body": "Gwen here."})).await;
        assert_eq!(active(&row(&gwen, &one).await), ["anna draft"]);
    }
}

on_both! {
    /// A row tells of nobody who no longer sees the conversation, and who lost sight of it can still clear up.
    async fn v8_who_may_no_longer_see_it_is_not_there_any_more(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let mut events = gwen.events("").await;
        say(&anna, "a1", &id, "replying").await;
        say(&anna, "a2", &id, "draft").await;
        while glimpse(&mut events, &id).await != ["anna replying"] {}
        desk.client("ben").await.act(&id, "take").await;
        assert_eq!(active(&events.news().await.data), [""; 0]);
        assert_eq!(active(&row(&gwen, &id).await), [""; 0]);
        let there = json!({"console": "a1", "open": id, "state": "replying"});
        anna.post("/v1/presence", &there).await.is_problem(404, "not-found");
        say(&anna, "a1", &id, "none").await;
        assert_eq!(desk.store.drafts().await.unwrap(), []);
    }
}

on_both! {
    async fn r31_who_comes_back_hears_who_came_and_went_meanwhile(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, gwen, ben) =
            (desk.client("anna").await, desk.client("gwen").await, desk.client("ben").await);
        let mut events = gwen.events("").await;
        say(&anna, "a1", &id, "viewing").await;
        assert_eq!(glimpse(&mut events, &id).await, ["anna viewing"]);
        let left_at = desk.store.head().await.unwrap();
        drop(events);
        say(&anna, "a1", "", "viewing").await;
        let mut watching = gwen.events("").await;
        say(&anna, "a1", &id, "replying").await;
        while glimpse(&mut watching, &id).await != ["anna replying"] {}
        let mut back = gwen.events(&format!("after={left_at}")).await;
        assert_eq!(glimpse(&mut back, &id).await, ["anna replying"], "only as it is now");

        // One who saw it while it was nobody's, and whose list is of when it was taken, hears no glimpse of before.
        anna.act(&id, "unassign").await;
        say(&anna, "a1", &id, "viewing").await;
        while glimpse(&mut watching, &id).await != ["anna viewing"] {}
        anna.act(&id, "take").await;
        let as_of = ben.get("/v1/conversations").await.body["as_of"].clone();
        let mut bens = ben.events(&format!("after={as_of}")).await;
        let other = desk.customer("Payments", "+442", "Hello?").await;
        let heard: Heard = bens.news().await;
        assert_eq!(heard.data["conversation"]["id"], json!(other), "{heard:?}");
    }
}

on_both! {
    async fn what_is_not_of_the_contract_is_refused_and_changes_nothing(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        for wrong in [
            json!({"open": id, "state": "reading"}),
            json!({"open": id}),
            json!({"state": "replying"}),
            json!({"state": "draft"}),
            json!({"open": id, "state": "viewing", "console": "a b"}),
            json!({"open": id, "state": "viewing", "where": "here"}),
        ] {
            anna.post("/v1/presence", &wrong).await.is_problem(400, "malformed");
        }
        anna.post("/v1/presence", &json!({"open": "a b", "state": "viewing"})).await.is_problem(404, "not-found");
        assert_eq!(active(&row(&anna, &id).await), [""; 0]);
        assert_eq!(anna.post("/v1/presence", &json!({"state": "viewing"})).await.status, 204);
    }
}

on_both! {
    async fn q9_a4_who_is_away_is_shown_so_until_any_other_word(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let mut events = anna.events("console=a1").await;
        let of_anna = async || {
            let users = gwen.get("/v1/users").await.body["items"].clone();
            let users = users.as_array().unwrap().clone();
            users.into_iter().find(|user| user["id"] == "anna").unwrap()
        };
        say(&anna, "a1", &id, "viewing").await;
        let here = of_anna().await;
        assert_eq!((&here["signed_in"], &here["away"]), (&json!(true), &json!(false)));
        let said = anna.post("/v1/presence", &json!({"console": "a1", "state": "away"})).await;
        assert_eq!(said.status, 204);
        let away = of_anna().await;
        assert_eq!((&away["signed_in"], &away["away"]), (&json!(true), &json!(true)));
        assert!(away["since"].as_str() > here["since"].as_str(), "{away} {here}");
        assert_eq!(active(&row(&gwen, &id).await), [""; 0], "nor is she in it");
        say(&anna, "a1", &id, "viewing").await;
        assert_eq!(of_anna().await["away"], false);
        while glimpse(&mut events, &id).await != ["anna viewing"] {}
        // Signed out, she is nowhere.
        anna.post("/v1/sign-out", &json!({"console": "a1"})).await;
        assert_eq!(active(&row(&gwen, &id).await), [""; 0]);
        let out = of_anna().await;
        assert_eq!((&out["signed_in"], &out["away"]), (&json!(false), &json!(false)));
    }
}

/// What one process is told, the others that serve the database tell too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l3_who_is_there_is_known_to_every_process() {
    let Some(desk) = Desk::postgres().await else {
        return;
    };
    let replica = desk.replica().await;
    let id = desk.held_by("Payments", "+441", "anna").await;
    let (anna, gwen) = (desk.client("anna").await, replica.client("gwen").await);
    let mut here = desk.client("gwen").await.events("").await;
    let mut there = gwen.events("").await;
    for (state, shown) in [
        ("viewing", vec!["anna viewing"]),
        ("replying", vec!["anna replying"]),
        ("draft", vec!["anna draft"]),
        ("none", vec![]),
        ("draft", vec!["anna draft"]),
    ] {
        say(&anna, "a1", &id, state).await;
        assert_eq!(glimpse(&mut there, &id).await, shown, "{state}");
        assert_eq!(glimpse(&mut here, &id).await, shown, "{state}");
    }
    let path = format!("/v1/conversations/{id}/messages");
    anna.post(&path, &json!({"body": "Yes."})).await;
    while !active(&row(&gwen, &id).await).is_empty() {}
    // And the other way round.
    say(&replica.client("anna").await, "a1", &id, "replying").await;
    while glimpse(&mut here, &id).await != ["anna replying"] {}
}
