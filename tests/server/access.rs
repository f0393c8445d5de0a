//! Every route and every relation to the conversation's assignee: who gets in, and that the others learn
//! nothing, not even that there is something (V8, R33).

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    desk::{Desk, EVERYBODY},
    guest::{Guest, Said, said},
    on_both,
};

/// What a person is to a conversation in `Payments` that anna has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// May see it and hand it back.
    Leads,
    /// May neither.
    Stranger,
    /// Is not even let in.
    Nobody,
}

fn relation(username: &str) -> Relation {
    match username {
        "anna" | "wyn" | "gwen" | "adam" => Relation::Leads,
        "sue" => Relation::Nobody,
        _ => Relation::Stranger,
    }
}

/// Every call about one conversation, with a body where it takes one.
fn calls(id: &str, message: &str) -> Vec<(Method, String, Value)> {
    let at = |rest: &str| format!("/v1/conversations/{id}{rest}");
    // None of these changes anything for who may do it: what would is refused, or names another.
    vec![
        (Method::GET, at(""), Value::Null),
        (Method::GET, at("/messages"), Value::Null),
        (
            Method::GET,
            at(&format!("/messages/{message}")),
            Value::Null,
        ),
        (Method::GET, at("/history"), Value::Null),
        (Method::GET, at("/contact"), Value::Null),
        (
            Method::POST,
            at("/unassign"),
            json!({"expected_assignee": "ben"}),
        ),
        (Method::POST, at("/take"), json!({})),
        (Method::POST, at("/messages"), json!({"body": " "})),
        (Method::GET, format!("/v1/users?for={id}"), Value::Null),
        (
            Method::POST,
            "/v1/presence".into(),
            json!({"open": id, "state": "viewing"}),
        ),
        (Method::POST, at("/assign"), json!({"user": "nobody"})),
        (Method::POST, at("/move"), json!({"queue": "Nowhere"})),
        (Method::POST, at("/status"), json!({"status": "unheard of"})),
        (
            Method::POST,
            at("/block"),
            json!({"until": "2001-01-01T00:00:00Z"}),
        ),
        (Method::POST, at("/unblock"), json!({})),
        (
            Method::POST,
            at("/close"),
            json!({"expected_assignee": "ben"}),
        ),
        (Method::POST, at("/reopen"), json!({})),
        (Method::POST, at("/intervene"), json!({})),
        (Method::POST, at("/note"), json!({"body": " "})),
    ]
}

async fn ask(guest: &Guest, (method, path, body): &(Method, String, Value)) -> Said {
    if *method == Method::POST {
        guest.post(path, body).await
    } else {
        said(guest.request(method.clone(), path)).await
    }
}

on_both! {
    async fn v8_who_may_not_see_it_learns_nothing_on_any_route(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        let message = anna.get(&format!("/v1/conversations/{id}/messages")).await.text("/items/0/id");
        let head = desk.store.head().await.unwrap();
        for username in EVERYBODY {
            let guest = desk.client(username).await;
            for call in calls(&id, &message) {
                let answer = ask(&guest, &call).await;
                match relation(username) {
                    Relation::Nobody => answer.is_problem(401, "not-signed-in"),
                    Relation::Leads => {
                        assert!([200, 204, 409, 422].contains(&answer.status), "{username} {call:?}: {answer:?}");
                    }
                    Relation::Stranger => {
                        answer.is_problem(404, "not-found");
                        // What never was answers the very same.
                        let mut nowhere = call.clone();
                        nowhere.1 = call.1.replace(&id, "0000000000");
                        let body = call.2.to_string().replace(&id, "0000000000");
                        nowhere.2 = serde_json::from_str(&body).unwrap();
                        let never = ask(&guest, &nowhere).await;
                        assert_eq!(without_operation(&never), without_operation(&answer), "{username} {call:?}");
                    }
                }
            }
        }
        assert_eq!(desk.store.head().await.unwrap(), head, "nobody changed anything");
    }
}

fn without_operation(said: &Said) -> (u16, Value) {
    let mut body = said.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("operation");
    }
    (said.status, body)
}

on_both! {
    async fn v8_lists_counts_searches_and_many_leak_nothing(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        for username in EVERYBODY {
            let guest = desk.client(username).await;
            if relation(username) == Relation::Nobody {
                for path in ["/v1/me", "/v1/conversations", "/v1/queues", "/v1/users", "/v1/statuses", "/v1/blocklist", "/v1/acts", "/v1/events"] {
                    guest.get(path).await.is_problem(401, "not-signed-in");
                }
                continue;
            }
            let sees = relation(username) == Relation::Leads;
            let expected: &[String] = if sees { std::slice::from_ref(&id) } else { &[] };
            for query in ["", "view=all", "q=441", "search=1&q=Customer", "assignee=anna", "state=any", "queue=Payments"] {
                let page = guest.get(&format!("/v1/conversations?{query}")).await;
                assert_eq!(page.ids(), expected, "{username} {query}");
                assert_eq!(page.body["counts"]["all"], u64::from(sees), "{username} {query}");
            }
            let queues = guest.get("/v1/queues").await;
            let open: u64 = queues.body["items"].as_array().unwrap().iter().map(|q| q["open"].as_u64().unwrap()).sum();
            assert_eq!(open, u64::from(sees), "{username}");
            let preview = guest.post("/v1/unassign/preview", &json!({"of": "anna"})).await;
            let found = preview.body["items"].as_array().unwrap().len() + preview.body["stays"].as_array().unwrap().len();
            assert_eq!((found, &preview.body["staying"]), (usize::from(sees), &json!(0)), "{username} {preview:?}");
            if !sees {
                for (path, own) in [
                    ("unassign", json!({})), ("assign", json!({"to": ["anna"]})),
                    ("move", json!({"queue": "Payments"})), ("status", json!({"status": null})),
                ] {
                    let mut many = own;
                    many["items"] = json!([{"id": id}, {"id": "0000000000"}]);
                    let results = guest.post(&format!("/v1/{path}"), &many).await;
                    assert_eq!(results.status, 200, "{username} {results:?}");
                    for result in results.body["results"].as_array().unwrap() {
                        assert_eq!(result["outcome"], "not_found", "{username} {path}");
                        assert_eq!(result.as_object().unwrap().len(), 2, "{username} {path} {result}");
                    }
                }
            }
        }
        assert_eq!(desk.client("anna").await.list("view=mine").await, [id]);
    }
}

on_both! {
    async fn u2_an_administrator_and_everybody_above_may_hand_it_back(desk) {
        for username in ["anna", "adam", "wyn", "gwen"] {
            let id = desk.held_by("Payments", "+441", "anna").await;
            let guest = desk.client(username).await;
            let detail = guest.get(&format!("/v1/conversations/{id}")).await;
            assert_eq!(detail.body["actions"]["unassign"], json!({"allowed": true}), "{username}");
            let done = guest.act(&id, "unassign").await;
            assert_eq!(done.text("/outcome"), "done", "{username} {done:?}");
        }
    }
}

on_both! {
    /// V5: the owner organisation sees what others took from its queue, but may not hand it back.
    async fn v5_the_owner_sees_what_a_parent_took_and_is_told_why_not(desk) {
        let id = desk.held_by("Own", "+441", "wyn").await;
        let anna = desk.client("anna").await;
        assert_eq!(anna.list("").await, [id.clone()]);
        let detail = anna.get(&format!("/v1/conversations/{id}")).await;
        assert_eq!(detail.body["actions"]["unassign"]["reason"], "not_yours");
        let refused = anna.act(&id, "unassign").await;
        refused.is_problem(422, "refused");
        assert_eq!(refused.text("/reason"), "not_yours");
    }
}

on_both! {
    async fn only_a_gateway_hands_messages_in(desk) {
        let body = json!({
            "queue": "Payments", "channel": "SMS", "body": "Hello?", "external_id": "x1",
            "contact": {"address": "+441"},
        });
        for username in EVERYBODY {
            let answer = desk.client(username).await.post("/v1/inbound", &body).await;
            match username {
                "gate" => assert_eq!(answer.status, 201, "{answer:?}"),
                "sue" => answer.is_problem(401, "not-signed-in"),
                _ => answer.is_problem(403, "not-allowed"),
            }
        }
        let again = desk.client("gate").await.post("/v1/inbound", &body).await;
        assert_eq!(again.status, 200, "handing it in twice does nothing twice");
    }
}

/// Whom one may know of, and which queues one works in.
#[tokio::test]
async fn people_and_queues_are_those_of_ones_own_house() {
    let desk = Desk::sqlite().await;
    let of = async |username: &str, path: &str| {
        let said = desk.client(username).await.get(path).await;
        let items = said.body["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let queues = |username| of(username, "/v1/queues");
    assert_eq!(queues("anna").await.len(), 2);
    assert_eq!(queues("gwen").await.len(), 3);
    assert_eq!(queues("dot").await.len(), 1);
    assert!(queues("eve").await.is_empty() && queues("nick").await.is_empty());
    let users = |username| of(username, "/v1/users");
    assert!(users("wyn").await.contains(&"anna".to_owned()));
    assert!(
        !users("anna").await.contains(&"wyn".to_owned()),
        "nobody looks upwards"
    );
    assert!(
        !users("anna").await.contains(&"dot".to_owned()),
        "or sideways"
    );
    assert!(users("greta").await.is_empty());
}

on_both! {
    async fn a_leader_sees_what_everybody_has_to_do(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        desk.held_by("Own", "+442", "anna").await;
        let answered = desk.held_by("Payments", "+443", "ben").await;
        desk.client("ben").await.reply(&answered, "Yes.").await;
        let gwen = desk.client("gwen").await;
        let users = gwen.get("/v1/users").await.body["items"].clone();
        let of = |name: &str| users.as_array().unwrap().iter().find(|u| u["id"] == name).unwrap().clone();
        let waiting = gwen.get(&format!("/v1/conversations/{id}")).await.body["conversation"]["since"].clone();
        assert_eq!((&of("anna")["open"], &of("anna")["unanswered"]), (&json!(2), &json!(2)));
        assert_eq!(of("anna")["oldest_waiting"], waiting);
        assert_eq!((&of("ben")["open"], &of("ben")["unanswered"]), (&json!(1), &json!(0)));
        assert_eq!(of("ben").get("oldest_waiting"), None);
        // Of what is not to be seen nothing is counted.
        let of_ben = desk.client("ben").await.get("/v1/users").await.body["items"].clone();
        let anna = of_ben.as_array().unwrap().iter().find(|u| u["id"] == "anna").unwrap().clone();
        assert_eq!(anna["open"], 0);
    }
}
