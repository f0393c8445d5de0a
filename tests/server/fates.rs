//! What was done, and what became of it (U7, U9, V8).

use std::time::Duration;

use serde_json::{Value, json};

use crate::{desk::Desk, guest::Guest, on_both};

async fn acts(guest: &Guest, query: &str) -> Vec<Value> {
    let said = guest.get(&format!("/v1/acts{query}")).await;
    assert_eq!(said.status, 200, "{said:?}");
    said.body["items"].as_array().unwrap().clone()
}

/// What became of each conversation of an act, as `became to cause`.
fn fates(act: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = act["conversations"].as_array().unwrap().iter();
    let mut all: Vec<_> = all
        .map(|fate| {
            let words = [&fate["became"], &fate["to"]["id"], &fate["cause"]].map(text);
            (text(&fate["conversation"]["id"]), words.join(" "))
        })
        .collect();
    all.sort();
    all
}

async fn done(guest: &Guest, id: &str, verb: &str, body: Value) -> String {
    let said = guest
        .post(&format!("/v1/conversations/{id}/{verb}"), &body)
        .await;
    assert_eq!(said.body["outcome"], "done", "{said:?}");
    said.text("/operation")
}

on_both! {
    async fn u7_each_act_tells_where_its_conversations_are_now(desk) {
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(desk.held_by("Payments", &format!("+441{n}"), "anna").await);
        }
        let [waits, taken, back, closed, once, undone] = &ids[..] else { unreachable!() };
        let (anna, ben, gwen) = (desk.client("anna").await, desk.client("ben").await, desk.client("gwen").await);
        let items: Vec<Value> = ids[..5].iter().map(|id| json!({"id": id})).collect();
        let many = gwen.post("/v1/unassign", &json!({"items": items, "reason": "lunch"})).await;
        let single = done(&gwen, undone, "unassign", json!({})).await;
        gwen.post("/v1/undo", &json!({"operation": single})).await;
        // What happens since.
        assert_eq!(ben.reply(taken, "Ben here.").await.status, 201);
        done(&anna, back, "take", json!({})).await;
        done(&gwen, closed, "close", json!({})).await;
        done(&ben, once, "take", json!({})).await;
        done(&ben, once, "unassign", json!({})).await;
        done(&anna, once, "take", json!({})).await;

        let acts_of_gwen = acts(&gwen, "").await;
        let names: Vec<_> = acts_of_gwen.iter().map(|act| act["action"].as_str().unwrap()).collect();
        assert_eq!(names, ["close", "unassign", "unassign"], "newest first; an undo is not an act of its own");
        let act = &acts_of_gwen[2];
        assert_eq!(act["operation"], json!(many.text("/operation")));
        assert_eq!((&act["reason"], &act["count"], &act["undone"]), (&json!("lunch"), &json!(5), &json!(false)));
        assert_eq!((&act["by"]["name"], &act["of"]), (&json!("Gwen Rees"), &json!([{"id": "anna", "name": "Anna Webb"}])));
        let mut expected = vec![
            (waits.clone(), "waiting - -".to_owned()),
            (taken.clone(), "taken ben reply".to_owned()),
            (back.clone(), "came_back anna take".to_owned()),
            (closed.clone(), "closed - -".to_owned()),
            (once.clone(), "taken ben take".to_owned()),
        ];
        expected.sort();
        assert_eq!(fates(act), expected, "who got it first, whatever came later");
        assert_eq!(fates(&acts_of_gwen[1]), [(undone.clone(), "undone - -".to_owned())]);
        assert_eq!(acts_of_gwen[1]["undone"], true);
        // An act that gives it to somebody says to whom and through what.
        done(&gwen, waits, "assign", json!({"user": "ben"})).await;
        assert_eq!(fates(&acts(&gwen, "").await[0]), [(waits.clone(), "taken ben assign".to_owned())]);
        // One that leaves it says who has it.
        done(&gwen, waits, "note", json!({"body": "x"})).await;
        assert_eq!(fates(&acts(&gwen, "").await[0]), [(waits.clone(), "taken ben -".to_owned())]);
        let replies: Vec<Value> = acts(&ben, "").await;
        assert!(replies.iter().all(|act| act["action"] != "reply"), "{replies:?}");
    }
}

on_both! {
    async fn u9_the_former_assignee_is_told_who_and_why_also_if_they_were_offline(desk) {
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let listening = anna.events("console=a1").await;
        let (one, two, three) = (
            desk.held_by("Payments", "+441", "anna").await,
            desk.held_by("Payments", "+442", "anna").await,
            desk.held_by("Payments", "+443", "anna").await,
        );
        let given = desk.customer("Payments", "+444", "Hello?").await;
        done(&gwen, &three, "unassign", json!({"reason": "while you were there"})).await;
        done(&gwen, &given, "assign", json!({"user": "anna"})).await;
        let given_by = acts(&gwen, "").await[0]["operation"].clone();
        desk.passes(Duration::from_secs(60));
        anna.post("/v1/sign-out", &json!({})).await;
        drop(listening);
        desk.passes(Duration::from_secs(60));
        // She is away; each of the ways it can be hers no more.
        gwen.post("/v1/undo", &json!({"operation": given_by})).await;
        done(&gwen, &one, "unassign", json!({"reason": "sharing before lunch"})).await;
        done(&gwen, &two, "assign", json!({"user": "ben", "reason": "he knows them"})).await;
        desk.passes(Duration::from_secs(60));
        let left_at = anna.get("/v1/me").await.text("/left_at");
        let told = acts(&anna, &format!("?of=me&since={left_at}")).await;
        let told: Vec<(&Value, &Value, &Value, &Value, &Value)> = told
            .iter()
            .map(|act| (&act["action"], &act["by"]["id"], &act["reason"], &act["count"], &act["undone"]))
            .collect();
        let gwens = json!("gwen");
        assert_eq!(told, [
            (&json!("assign"), &gwens, &json!("he knows them"), &json!(1), &json!(false)),
            (&json!("unassign"), &gwens, &json!("sharing before lunch"), &json!(1), &json!(false)),
            (&json!("assign"), &gwens, &Value::Null, &json!(1), &json!(true)),
        ]);
        // V8: what Ben has now she does not see; it is only counted.
        let all = acts(&anna, &format!("?of=anna&since={left_at}")).await;
        assert_eq!((fates(&all[0]), &all[0]["of"]), (vec![], &json!([])));
        assert_eq!(fates(&all[1]), [(one.clone(), "waiting - -".to_owned())]);
        assert_eq!(fates(&all[2]), [(given, "undone - -".to_owned())]);
        // What she does herself is no news to her, nor what was done before.
        done(&anna, &one, "take", json!({})).await;
        done(&anna, &one, "unassign", json!({})).await;
        assert_eq!(acts(&anna, &format!("?of=me&since={left_at}")).await.len(), 3);
        assert_eq!(acts(&anna, "?of=me").await.len(), 4);
        assert_eq!(acts(&anna, "?of=me&by=gwen").await.len(), 4, "hers to know, and so are Gwen's among them");
    }
}

on_both! {
    async fn v8_acts_are_those_of_oneself_and_of_whom_one_leads(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        done(&anna, &id, "unassign", json!({})).await;
        for (username, by, may) in [
            ("anna", "anna", true), ("gwen", "anna", true), ("wyn", "anna", true), ("adam", "anna", true),
            ("ben", "anna", false), ("dot", "anna", false), ("anna", "gwen", false), ("anna", "adam", false),
            ("eve", "anna", false), ("gwen", "nobody", false),
        ] {
            let guest = desk.client(username).await;
            for name in ["by", "of"] {
                let said = guest.get(&format!("/v1/acts?{name}={by}")).await;
                if may {
                    assert_eq!(said.status, 200, "{username} {said:?}");
                } else {
                    said.is_problem(404, "not-found");
                }
            }
            let both = guest.get(&format!("/v1/acts?by={by}&of=me")).await;
            assert_eq!(both.status, if by == "nobody" { 404 } else { 200 }, "{username}");
        }
        assert_eq!(acts(&desk.client("gwen").await, "?by=anna").await.len(), 2);
        // V6: without the screen nothing, not even of those below.
        assert!(acts(&desk.client("greta").await, "?by=anna").await.is_empty());
        anna.get("/v1/acts?since=yesterday").await.is_problem(400, "malformed");
        anna.get("/v1/acts?sinc=x").await.is_problem(400, "malformed");
    }
}

/// However much was done, the answer ends: a hundred acts, and of one act two hundred conversations.
#[tokio::test]
async fn u7_a_hundred_acts_of_two_hundred_conversations() {
    let desk = Desk::sqlite().await;
    let gwen = desk.client("gwen").await;
    let mut items = Vec::new();
    for n in 0..210 {
        let id = desk
            .customer("Payments", &format!("+44{n}"), "Hello?")
            .await;
        items.push(json!({"id": id}));
    }
    let assigned = gwen
        .post("/v1/assign", &json!({"items": items, "to": ["anna"]}))
        .await;
    assert_eq!(assigned.status, 200, "{assigned:?}");
    let act = &acts(&gwen, "").await[0];
    assert_eq!((&act["count"], fates(act).len()), (&json!(210), 200));
    let id = items[0]["id"].as_str().unwrap();
    for n in 0..105 {
        done(&gwen, id, "note", json!({"body": format!("{n}")})).await;
    }
    assert_eq!(acts(&gwen, "").await.len(), 100);
}

on_both! {
    /// U9, Q10: what the desk itself took from somebody is told them too, as an act of nobody's.
    async fn u9_what_was_taken_with_the_access_is_told(desk) {
        for n in 0..2 {
            desk.held_by("Payments", &format!("+442{n}"), "anna").await;
        }
        let anna = desk.client("anna").await;
        assert_eq!(acts(&anna, "?of=me").await, Vec::<Value>::new());
        desk.change(
            r#"name = "Payments", owner = "head", teams = ["cardiff"]"#,
            r#"name = "Payments", owner = "head", teams = ["swansea"]"#,
        ).await;
        let told = acts(&anna, "?of=me").await;
        let [act] = &told[..] else { panic!("{told:?}") };
        assert_eq!((&act["action"], &act["count"]), (&json!("unassign"), &json!(2)));
        assert_eq!((act.get("by"), &act["cause"]), (None, &json!("lost_access")));
        assert_eq!(act["conversations"], json!([]), "V8: they are out of sight");
    }
}
