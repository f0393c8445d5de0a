//! Acts: what they answer, that asking twice does nothing twice, many at once, and taking them back.

use serde_json::{Value, json};

use crate::{desk::Desk, guest::Guest, on_both};

on_both! {
    async fn u5_what_is_so_already_is_already(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let anna = desk.client("anna").await;
        let outcome = async |verb: &str| anna.act(&id, verb).await.text("/outcome");
        assert_eq!(outcome("unassign").await, "already");
        assert_eq!(outcome("take").await, "done");
        assert_eq!(outcome("take").await, "already");
        assert_eq!(outcome("unassign").await, "done");
    }
}

on_both! {
    async fn r20_the_same_operation_answers_the_same(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let path = format!("/v1/conversations/{id}/unassign");
        let (anna, body) = (desk.client("anna").await, json!({"expected_assignee": "anna"}));
        let first = anna.post_as("op-1", &path, &body).await;
        assert_eq!(first.text("/outcome"), "done");
        assert_eq!(first.text("/operation"), "op-1");
        assert_eq!(first.headers["idempotency-key"], "op-1");
        desk.client("ben").await.act(&id, "take").await;
        let head = desk.store.head().await.unwrap();

        let again = anna.post_as("op-1", &path, &body).await;
        assert_eq!((again.status, again.text("/outcome").as_str()), (200, "done"));
        assert_eq!(again.body["conversation"], Value::Null, "ben has it: no longer anna's to see");
        assert_eq!(desk.store.head().await.unwrap(), head, "and nothing was done again");

        let other = anna.post_as("op-1", &path, &json!({})).await;
        other.is_problem(422, "refused");
        assert_eq!(other.text("/reason"), "operation_reused");
        let elsewhere = anna.post_as("op-1", &format!("/v1/conversations/{id}/take"), &body).await;
        elsewhere.is_problem(422, "refused");

        // The same key is another operation for somebody else.
        let ben = desk.client("ben").await.post_as("op-1", &path, &json!({})).await;
        assert_eq!(ben.text("/outcome"), "done");
    }
}

on_both! {
    async fn r20_conflicts_and_refusals_are_repeated_too(desk) {
        let id = desk.held_by("Own", "+441", "wyn").await;
        let gwen = desk.client("gwen").await;
        let path = format!("/v1/conversations/{id}/unassign");
        let stale = json!({"expected_assignee": "anna"});
        let conflict = gwen.post_as("op-c", &path, &stale).await;
        conflict.is_problem(409, "taken");
        let anna = desk.client("anna").await;
        let refused = anna.post_as("op-r", &path, &json!({})).await;
        refused.is_problem(422, "refused");
        assert_eq!(refused.text("/operation"), "op-r");

        assert_eq!(gwen.act(&id, "unassign").await.text("/outcome"), "done");
        let again = gwen.post_as("op-c", &path, &stale).await;
        again.is_problem(409, "taken");
        assert_eq!(again.body["conversation"].get("assignee"), None, "the state of now");
        let again = anna.post_as("op-r", &path, &json!({})).await;
        again.is_problem(422, "refused");
        assert_eq!(again.text("/reason"), "not_yours");
    }
}

on_both! {
    async fn r20_a_reply_asked_twice_is_sent_once(desk) {
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let anna = desk.client("anna").await;
        let path = format!("/v1/conversations/{id}/messages");
        let body = json!({"body": "Once."});
        let first = anna.post_as("op-s", &path, &body).await;
        let again = anna.post_as("op-s", &path, &body).await;
        assert_eq!((first.status, again.status), (201, 201), "{again:?}");
        assert_eq!(first.text("/message/id"), again.text("/message/id"));
        let messages = anna.get(&path).await;
        assert_eq!(messages.body["items"].as_array().unwrap().len(), 2);
    }
}

on_both! {
    async fn a_colleagues_message_in_between_is_crossed(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let (anna, gwen) = (desk.client("anna").await, desk.client("gwen").await);
        let path = format!("/v1/conversations/{id}/messages");
        let seen = anna.get(&path).await.text("/items/0/id");
        assert_eq!(gwen.post(&path, &json!({"body": "I answer."})).await.status, 201);
        let crossed = anna.post(&path, &json!({"body": "So do I.", "seen": seen})).await;
        crossed.is_problem(409, "crossed");
        let newest = anna.get(&path).await.text("/items/0/id");
        let sent = anna.post(&path, &json!({"body": "So do I.", "seen": newest})).await;
        assert_eq!(sent.status, 201);
    }
}

on_both! {
    async fn u7_many_at_once_have_a_result_each_and_one_undo(desk) {
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(desk.held_by("Payments", &format!("+44{n}"), "anna").await);
        }
        let hidden = desk.held_by("Letters", "+449", "dot").await;
        let (anna, adam) = (desk.client("anna").await, desk.client("adam").await);
        anna.act(&ids[3], "unassign").await;
        let many = json!({"reason": "sharing before lunch", "items": [
            {"id": ids[0], "expected_assignee": "anna"},
            {"id": ids[1], "expected_assignee": "ben"},
            {"id": ids[2]}, {"id": ids[3]}, {"id": hidden},
        ]});
        let done = adam.post_as("op-many", "/v1/unassign", &many).await;
        let outcomes: Vec<_> = results(&done.body);
        assert_eq!(outcomes, ["done", "conflict", "done", "already", "not_found"]);
        assert_eq!(done.text("/operation"), "op-many");
        assert_eq!(anna.list("view=mine").await, [ids[1].clone()]);

        let again = adam.post_as("op-many", "/v1/unassign", &many).await;
        assert_eq!(results(&again.body), outcomes);

        let undone = adam.post("/v1/undo", &json!({"operation": "op-many"})).await;
        assert_eq!(results(&undone.body), ["done", "done"], "{undone:?}");
        assert_eq!(anna.list("view=mine").await.len(), 3);
    }
}

fn results(body: &Value) -> Vec<String> {
    let results = body["results"]
        .as_array()
        .unwrap_or_else(|| panic!("{body}"));
    results
        .iter()
        .map(|one| one["outcome"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn u6_undo_is_of_ones_last_act_and_says_why_not(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        let path = format!("/v1/conversations/{id}/unassign");
        // A key that is no id: the act is named by what the answer calls it, or by the key.
        let key = "my op: 1";
        let done = anna.post_as(key, &path, &json!({})).await;
        assert_eq!(done.text("/outcome"), "done");
        let undo = json!({"operation": key});
        let undone = anna.post("/v1/undo", &undo).await;
        assert_eq!(results(&undone.body), ["done"], "{undone:?}");
        assert_eq!(anna.list("view=mine").await, [id.clone()]);

        let second = anna.post_as("op-2", &path, &json!({})).await;
        assert_eq!(second.text("/outcome"), "done");
        desk.client("ben").await.act(&id, "take").await;
        let late = anna.post("/v1/undo", &json!({"operation": "op-2"})).await;
        assert_ne!(results(&late.body), ["done"], "{late:?}");
        assert_eq!(desk.client("ben").await.list("view=mine").await, [id], "it stays ben's");
    }
}

on_both! {
    async fn u9_history_says_who_did_it_and_why(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let gwen = desk.client("gwen").await;
        let path = format!("/v1/conversations/{id}/unassign");
        gwen.post(&path, &json!({"reason": "Anna is at lunch"})).await;
        let history = gwen.get(&format!("/v1/conversations/{id}/history?limit=1")).await;
        let newest = &history.body["items"][0];
        assert_eq!(newest["kind"], "assignee");
        assert_eq!(newest["by"], json!({"id": "gwen", "name": "Gwen Rees"}));
        assert_eq!(newest["from"], "Anna Webb");
        assert_eq!(newest.get("to"), None);
        assert_eq!(newest["cause"], "unassign");
        assert_eq!(newest["reason"], "Anna is at lunch");
        let older = history.text("/next");
        let rest = gwen.get(&format!("/v1/conversations/{id}/history?before={older}")).await;
        assert_eq!(rest.body["items"][0]["cause"], "take");
    }
}

/// The main job under fire: eight clients hand back and take the same conversations; each change has one
/// owner, and the history says what the answers said.
async fn storm(desk: Desk, rounds: usize) {
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(
            desk.customer("Payments", &format!("+44{n}"), "Hello?")
                .await,
        );
    }
    let begun = std::time::Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for index in 0..8 {
        let username = ["anna", "ben", "adam", "wyn"][index % 4];
        let (guest, ids) = (desk.client(username).await, ids.clone());
        clients.spawn(async move {
            let mut done = 0;
            for round in 0..rounds {
                let id = &ids[(round + index) % ids.len()];
                let verb = if (round + index / 4) % 2 == 0 {
                    "take"
                } else {
                    "unassign"
                };
                let body = match verb {
                    "unassign" => json!({"expected_assignee": username}),
                    _ => json!({}),
                };
                let said = guest
                    .post(&format!("/v1/conversations/{id}/{verb}"), &body)
                    .await;
                assert!([200, 404, 409, 422].contains(&said.status), "{said:?}");
                done += usize::from(said.body["outcome"] == "done");
            }
            done
        });
    }
    let done: usize = clients.join_all().await.into_iter().sum();
    eprintln!(
        "{}: {} requests of 8 clients changed {done} assignments in {:?}",
        desk.kind(),
        8 * rounds,
        begun.elapsed()
    );
    let gwen = desk.client("gwen").await;
    let mut recorded = 0;
    for id in &ids {
        let items = whole_history(&gwen, id).await;
        let changes: Vec<_> = items
            .iter()
            .rev()
            .filter(|item| item["kind"] == "assignee")
            .collect();
        let mut holder = &Value::Null;
        for change in &changes {
            assert_eq!(
                change.get("from").unwrap_or(&Value::Null),
                holder,
                "each follows the last"
            );
            holder = change.get("to").unwrap_or(&Value::Null);
            if change["cause"] == "unassign" {
                assert_eq!(
                    change["by"]["name"], change["from"],
                    "nobody removed whom they did not name"
                );
            }
        }
        recorded += changes.len();
    }
    assert_eq!(recorded, done, "the history equals the answers");
    assert_eq!(desk.store.verify().await.unwrap(), Vec::<String>::new());
}

/// What the team did to a conversation, the newest first, page by page.
async fn whole_history(guest: &Guest, id: &str) -> Vec<Value> {
    let path = format!("/v1/conversations/{id}/history?limit=500");
    let (mut items, mut page) = (Vec::new(), guest.get(&path).await);
    loop {
        items.extend(page.body["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page.body["next"].as_str() else {
            return items;
        };
        page = guest.get(&format!("{path}&before={next}")).await;
    }
}

on_both! {
    async fn each_change_has_one_owner_under_eight_clients(desk) {
        storm(desk, crate::scenarios::rounds()).await;
    }
}
