//! What is known of a contact, and pages of messages and history both ways.

use serde_json::{Value, json};

use crate::on_both;

on_both! {
    /// A peer hears of no conversation that somebody else has, nor counts it.
    async fn p3_v8_a_contact_comes_with_the_conversations_one_sees_and_no_other(desk) {
        let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
        let first = desk.held_by("Payments", "+441", "anna").await;
        anna.post(&format!("/v1/conversations/{first}/close"), &json!({})).await;
        let second = desk.held_by("Payments", "+441", "anna").await;
        assert_ne!(first, second);
        desk.customer("Payments", "+442", "Somebody else").await;

        let hers = anna.get(&format!("/v1/conversations/{first}/contact")).await;
        assert_eq!(hers.status, 200, "{hers:?}");
        assert_eq!(hers.body["count"], 1);
        assert_eq!(hers.ids_of("/others"), [second.clone()]);
        assert_eq!(hers.body.get("blocked"), None);
        assert_eq!(hers.body["first_seen"], hers.body["began"], "it was the first");

        let his = ben.get(&format!("/v1/conversations/{first}/contact")).await;
        assert_eq!((&his.body["count"], &his.body["others"]), (&json!(0), &json!([])));
        ben.get(&format!("/v1/conversations/{second}/contact")).await.is_problem(404, "not-found");

        let later = anna.get(&format!("/v1/conversations/{second}/contact")).await;
        assert_eq!(later.ids_of("/others"), [first.clone()]);
        assert_eq!(later.body["first_seen"], hers.body["began"]);
        assert_ne!(later.body["began"], later.body["first_seen"]);
    }
}

on_both! {
    async fn p3_s5_a_contact_on_the_blocklist_is_said_to_be(desk) {
        let anna = desk.client("anna").await;
        let id = desk.held_by("Payments", "+441", "anna").await;
        let path = format!("/v1/conversations/{id}/contact");
        anna.post(&format!("/v1/conversations/{id}/block"), &json!({})).await;
        let blocked = anna.get(&path).await.body["blocked"].clone();
        assert_eq!(blocked["by"]["name"], "Anna Webb");
        assert_eq!(blocked.get("until"), None, "for good");
        anna.post(&format!("/v1/conversations/{id}/unblock"), &json!({})).await;
        assert_eq!(anna.get(&path).await.body.get("blocked"), None);
    }
}

/// What pages bring, from the first on, following `next` in that parameter; the items' numbers in the order of time.
async fn walk(guest: &crate::guest::Guest, path: &str, parameter: &str, from: &str) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), from.to_owned());
    loop {
        let page = guest
            .get(&format!("{path}?limit=3&{parameter}={cursor}"))
            .await;
        assert_eq!(page.status, 200, "{page:?}");
        let items = page.body["items"].as_array().unwrap();
        let mut ids: Vec<String> = items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect();
        if parameter == "after" {
            // A page is newest first, whichever way one goes.
            ids.reverse();
        }
        all.extend(ids);
        match page.body.get("next").and_then(Value::as_str) {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

on_both! {
    async fn pages_of_messages_and_history_fit_together_both_ways(desk) {
        let anna = desk.client("anna").await;
        let id = desk.held_by("Payments", "+441", "anna").await;
        for n in 0..9 {
            anna.reply(&id, &format!("Message {n}")).await;
            anna.post(&format!("/v1/conversations/{id}/note"), &json!({"body": format!("Note {n}")})).await;
        }
        for what in ["messages", "history"] {
            let path = format!("/v1/conversations/{id}/{what}");
            let whole = anna.get(&format!("{path}?limit=500")).await;
            let items = whole.body["items"].as_array().unwrap();
            let newest_first: Vec<String> = items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
            assert!(newest_first.len() > 9, "{what}");
            let newest = &newest_first[0];
            let back = walk(&anna, &path, "before", newest).await;
            assert_eq!(back, newest_first[1..], "{what}");
            let mut forth = walk(&anna, &path, "after", "start").await;
            forth.reverse();
            assert_eq!(forth, newest_first, "{what}");
            let after = walk(&anna, &path, "after", &newest_first[4]).await;
            assert_eq!(after, newest_first[..4].iter().rev().cloned().collect::<Vec<_>>(), "{what}");
            anna.get(&format!("{path}?after=nothing")).await.is_problem(400, "malformed");
        }
        anna.get(&format!("/v1/conversations/{id}/history?before=9&after=1")).await.is_problem(400, "malformed");
    }
}
