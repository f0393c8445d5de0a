//! The people one may know of, with what they do and have to do (A6, V8).

use std::time::Duration;

use serde_json::{Value, json};

use crate::{desk::Desk, guest::Guest, on_both};

async fn users(guest: &Guest, query: &str) -> Vec<Value> {
    let said = guest.get(&format!("/v1/users{query}")).await;
    assert_eq!(said.status, 200, "{said:?}");
    said.body["items"].as_array().unwrap().clone()
}

async fn user(guest: &Guest, id: &str) -> Value {
    let all = users(guest, "").await;
    all.into_iter().find(|user| user["id"] == id).unwrap()
}

async fn ids(desk: &Desk, username: &str, query: &str) -> Vec<String> {
    let users = users(&desk.client(username).await, query).await;
    users
        .iter()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn say(guest: &Guest, open: &str, state: &str) {
    let body = json!({"console": "c", "open": open, "state": state});
    assert_eq!(guest.post("/v1/presence", &body).await.status, 204);
}

on_both! {
    async fn a_leader_sees_who_answers_who_keeps_drafts_and_who_did_something_last(desk) {
        let one = desk.held_by("Payments", "+441", "anna").await;
        let other = desk.held_by("Payments", "+442", "anna").await;
        let free = desk.customer("Payments", "+443", "Hello?").await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        say(&anna, &other, "draft").await;
        say(&anna, &free, "draft").await;
        say(&anna, &one, "replying").await;
        let annas = user(&gwen, "anna").await;
        assert_eq!((&annas["replying"], &annas["drafts"]), (&json!(1), &json!(2)));
        let took = gwen.get("/v1/acts?by=anna").await.body["items"][0]["at"].clone();
        assert_eq!(annas["last_action"], took);
        assert_eq!(user(&gwen, "ben").await.get("last_action"), None);
        // V8: a colleague counts only what they see.
        let for_ben = user(&desk.client("ben").await, "anna").await;
        assert_eq!((&for_ben["replying"], &for_ben["drafts"], &for_ben["open"]), (&json!(0), &json!(1), &json!(0)));
        // What she can no longer see she does not write in.
        gwen.post(&format!("/v1/conversations/{one}/assign"), &json!({"user": "ben"})).await;
        assert_eq!(user(&gwen, "anna").await["replying"], 0);
        desk.passes(Duration::from_secs(73 * 3_600));
        assert_eq!(user(&gwen, "anna").await.get("last_action"), None, "three days at most");
    }
}

on_both! {
    async fn a6_those_a_conversation_can_be_given_to(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let open = format!("?for={id}");
        // Unassigned: oneself, those below, one's own as their administrator; all with access to its queue. By name.
        assert_eq!(ids(&desk, "anna", &open).await, ["anna"]);
        assert_eq!(ids(&desk, "adam", &open).await, ["adam", "anna", "ben"]);
        assert_eq!(ids(&desk, "wyn", &open).await, ["adam", "anna", "ben", "wyn"]);
        let gwens = ids(&desk, "gwen", &open).await;
        assert_eq!(gwens, ["adam", "anna", "ben", "gwen", "wyn"]);
        // Held: whoever may hand it back gives it to anybody with access to the queue, also above themselves.
        let anna = desk.client("anna").await;
        anna.act(&id, "take").await;
        assert_eq!(ids(&desk, "anna", &open).await, gwens);
        for username in ["ben", "dot", "eve", "greta"] {
            let said = desk.client(username).await.get(&format!("/v1/users{open}")).await;
            said.is_problem(404, "not-found");
            let never = desk.client(username).await.get("/v1/users?for=0000000000").await;
            assert_eq!(never.body, said.body);
        }
        anna.get("/v1/users?for=a%20b").await.is_problem(404, "not-found");
        // Of people who are not of one's house, only that they are there is told.
        let wyns = desk.held_by("Own", "+442", "wyn").await;
        say(&desk.client("wyn").await, &wyns, "replying").await;
        desk.client("wyn").await.events("console=w1").await.next(&["counts"]).await;
        let known = users(&anna, &open).await;
        let wyn = known.iter().find(|user| user["id"] == "wyn").unwrap();
        assert_eq!((&wyn["name"], &wyn["organisation"]["name"]), (&json!("Wyn Price"), &json!("wales")));
        assert_eq!((&wyn["open"], &wyn["replying"], wyn.get("last_action")), (&json!(0), &json!(0), None));
        let annas = known.iter().find(|user| user["id"] == "anna").unwrap();
        assert_eq!(annas["open"], 1);
    }
}
