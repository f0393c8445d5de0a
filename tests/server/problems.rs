//! What is not of the contract is refused by name, and never with a 5xx (R37).

use reqwest::{Body, Method};
use serde_json::{Value, json};

use crate::{desk::Desk, guest::said, matrix::calls, on_both};

on_both! {
    async fn r37_every_slip_is_a_problem_document_that_names_it(desk) {
        let anna = desk.client("anna").await;
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let slip = anna.post("/v1/sign-out", &json!({"console": "a\0b"})).await;
        slip.is_problem(400, "malformed");
        for (path, word) in [
            ("/v1/conversations?veiw=mine", "view"),
            ("/v1/conversations?view=unasigned", "did you mean `unassigned`"),
            ("/v1/conversations?state=shut", "`open`"),
            ("/v1/conversations?limit=0", "1 to 500"),
            ("/v1/conversations?limit=501", "1 to 500"),
            ("/v1/conversations?limit=ten", "1 to 500"),
            ("/v1/conversations?limit=1&limit=2", "twice"),
            ("/v1/conversations?cursor=nonsense", "cursor"),
            ("/v1/conversations?cursor=%00", "U+0000"),
            ("/v1/conversations?around=a%20b", "around"),
            ("/v1/conversations?around=a&cursor=end", "exclude"),
            ("/v1/me?x=1", "takes none"),
            ("/v1/events?after=x", "whole number"),
            ("/v1/events?console=a%20b", "console"),
        ] {
            let problem = anna.get(path).await;
            problem.is_problem(400, "malformed");
            assert!(problem.text("/detail").contains(word), "{path}: {problem:?}");
        }
        let path = format!("/v1/conversations/{id}");
        anna.get(&format!("{path}/messages?limit=501")).await.is_problem(400, "malformed");
        anna.get(&format!("{path}/messages?before=nonsense")).await.is_problem(400, "malformed");
        anna.get(&format!("{path}/history?before=nonsense")).await.is_problem(400, "malformed");
        for (body, word) in [
            (json!({"expected_asignee": null}), "did you mean `expected_assignee`"),
            (json!({"expected_version": "1"}), "body"),
            (json!({"expected_version": -1}), "body"),
            (json!({"expected_assignee": "no such person!"}), "expected_assignee"),
            (json!([]), "body"),
        ] {
            let problem = anna.post(&format!("{path}/unassign"), &body).await;
            problem.is_problem(400, "malformed");
            assert!(problem.text("/detail").contains(word), "{body}: {problem:?}");
        }
        let items: Vec<Value> = (0..1_001).map(|n| json!({"id": format!("c{n}")})).collect();
        anna.post("/v1/unassign", &json!({"items": items})).await.is_problem(400, "malformed");
        anna.post("/v1/unassign", &json!({"items": [{"id": "a b"}]})).await.is_problem(400, "malformed");
    }
}

on_both! {
    /// What a later console asks for is refused by name at every call, and nothing of it done: half of a wish is no wish.
    async fn r37_what_only_a_later_console_says_is_refused_at_every_call(desk) {
        let role = r#"{ name = "advisor", permissions = ["conversations"] }"#;
        desk.change(role, &role.replace("]", r#", "inbound", "outbound"]"#)).await;
        let anna = desk.client("anna").await;
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let messages = anna.get(&format!("/v1/conversations/{id}/messages")).await;
        let message = messages.text("/items/0/id");
        let head = desk.store.head().await.unwrap();
        let (mut calls_asked, mut bodies) = (0, 0);
        for call in calls() {
            let (method, path) = call.split_once(' ').unwrap();
            if !path.starts_with("/v1/") {
                continue; // For anybody, or for machines.
            }
            let path = path.replace("{mid}", &message).replace("{id}", &id);
            assert!(!path.contains('{'), "{path}");
            let method: Method = method.parse().unwrap();
            let more = format!("{path}?of_the_future=1");
            let mut ask = anna.request(method.clone(), &more);
            if method == Method::POST {
                ask = ask.header("content-type", "application/json").body("{}");
            }
            let problem = said(ask).await;
            problem.is_problem(400, "malformed");
            assert!(problem.text("/detail").contains("of_the_future"), "{call}: {problem:?}");
            calls_asked += 1;
            if method == Method::POST {
                let body = json!({"of_the_future": 1});
                let problem = anna.post(&path, &body).await;
                problem.is_problem(400, "malformed");
                assert!(problem.text("/detail").contains("of_the_future"), "{call}: {problem:?}");
                bodies += 1;
            }
        }
        assert!(calls_asked > 30 && bodies > 20, "{calls_asked} and {bodies}");
        assert_eq!(desk.store.head().await.unwrap(), head, "nothing was done");
    }
}

#[tokio::test]
async fn wrong_addresses_methods_types_and_sizes_are_problem_documents_too() {
    let desk = Desk::sqlite().await;
    let anna = desk.client("anna").await;
    for path in [
        "/",
        "/v1",
        "/v1/nothing",
        "/v1/conversations/",
        "/v1/conversations/a%2fb",
        "/v1/conversations/%ff",
        "/v1/me/",
    ] {
        anna.get(path).await.is_problem(404, "not-found");
    }
    let wrong = said(anna.request(Method::DELETE, "/v1/conversations/x/messages")).await;
    wrong.is_problem(405, "method");
    assert!(wrong.text("/detail").contains("GET and POST"), "{wrong:?}");
    let undo = || anna.request(Method::POST, "/v1/undo");
    said(undo().body("{}")).await.is_problem(415, "media-type");
    said(undo().header("content-type", "text/plain").body("{}"))
        .await
        .is_problem(415, "media-type");
    let json = || undo().header("content-type", "application/json; charset=utf-8");
    said(json().body("{")).await.is_problem(400, "malformed");
    said(json().body(Vec::from(b"{\"operation\": \"\xff\"}")))
        .await
        .is_problem(400, "malformed");
    said(json().body("[".repeat(10_000)))
        .await
        .is_problem(400, "malformed");
    let large = || vec![b' '; (1 << 20) + 1];
    said(json().body(large()))
        .await
        .is_problem(413, "too-large");
    // Chunked, so that no length gives it away beforehand.
    let chunks =
        futures_util::stream::iter((0..1_025).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024])));
    said(json().body(Body::wrap_stream(chunks)))
        .await
        .is_problem(413, "too-large");
    for key in ["", "é", &"x".repeat(129)] {
        let keyed = json()
            .header("idempotency-key", key.as_bytes())
            .body(r#"{"operation": "x"}"#);
        said(keyed).await.is_problem(400, "malformed");
    }
}

#[tokio::test]
async fn who_watches_over_the_desk_needs_no_account() {
    let desk = Desk::sqlite().await;
    let nobody = desk.guest(None);
    assert_eq!(nobody.get("/healthz").await.status, 204);
    assert_eq!(nobody.get("/readyz").await.status, 204);
    let contract = nobody.get("/openapi.json").await;
    assert_eq!(contract.headers["content-type"], "application/json");
    let kept: Value = serde_json::from_str(include_str!("../../assets/openapi.json")).unwrap();
    assert_eq!(contract.body, kept);
}

on_both! {
    /// R37: whatever a text contains, it is taken in or refused, never a failure of ours.
    async fn r37_hostile_texts_are_kept_or_refused(desk) {
        let (anna, gate) = (desk.client("anna").await, desk.client("gate").await);
        let id = desk.customer("Payments", "+441", "Hello?").await;
        for (n, text) in ["\0", "a\0b", "\u{202e}", "\u{feff}", "'; DROP TABLE conversation; --", "%", "_", "\\", "\u{10ffff}", "\r\n\r\n", ""].iter().enumerate() {
            let inbound = json!({
                "queue": text, "channel": text, "body": text, "external_id": format!("e{n}{text}"),
                "contact": {"address": format!("+9{n}{text}"), "name": text},
                "attachments": [{"name": text, "type": text, "size": 1}],
            });
            let mut answers = vec![gate.post("/v1/inbound", &inbound).await];
            let mut good = inbound.clone();
            good["queue"] = "Payments".into();
            good["channel"] = "SMS".into();
            let taken_in = gate.post("/v1/inbound", &good).await;
            assert_eq!(taken_in.status, 201, "{text:?}: {taken_in:?}");
            let path = format!("/v1/conversations/{}/messages", taken_in.text("/conversation"));
            assert_eq!(anna.get(&path).await.status, 200, "{text:?}");
            answers.push(anna.reply(&id, text).await);
            answers.push(anna.post(&format!("/v1/conversations/{id}/unassign"), &json!({"reason": text})).await);
            answers.push(anna.post("/v1/undo", &json!({"operation": text})).await);
            let query: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            for parameter in ["q", "queue", "assignee", "cursor", "around", "view"] {
                answers.push(anna.get(&format!("/v1/conversations?{parameter}={query}")).await);
            }
            answers.push(anna.get(&format!("/v1/conversations/{id}/messages?before={query}&after={query}")).await);
            for parameter in ["before", "after"] {
                answers.push(anna.get(&format!("/v1/conversations/{id}/history?{parameter}={query}")).await);
            }
            answers.push(anna.get(&format!("/v1/conversations/{query}x")).await);
            for answer in answers {
                assert!(answer.status < 500, "{text:?}: {answer:?}");
            }
        }
    }
}

on_both! {
    async fn r37_numbers_at_the_edge_are_no_failure_of_ours(desk) {
        let id = desk.held_by("Payments", "+441", "anna").await;
        let anna = desk.client("anna").await;
        for version in [0, 1, u64::from(u32::MAX), i64::MAX as u64, u64::MAX] {
            let body = json!({"expected_version": version, "expected_assignee": "ben"});
            let answer = anna.post(&format!("/v1/conversations/{id}/unassign"), &body).await;
            answer.is_problem(409, "taken");
        }
        let gate = desk.client("gate").await;
        for (n, at) in ["0001-01-01T00:00:00Z", "-009999-01-02T00:00:00Z", "9999-12-30T00:00:00Z", "1970-01-01T00:00:00Z"].iter().enumerate() {
            let answer = gate.post("/v1/inbound", &json!({
                "queue": "Payments", "channel": "WhatsApp", "body": "x", "external_id": format!("t{n}"),
                "contact": {"address": format!("+8{n}")}, "at": at,
            })).await;
            assert!(answer.status < 500, "{at}: {answer:?}");
        }
        assert_eq!(anna.get("/v1/conversations").await.status, 200);
        for after in ["0", "18446744073709551615", "18446744073709551616", "-1"] {
            let answer = anna.request(Method::GET, &format!("/v1/events?after={after}")).send().await.unwrap();
            assert!(answer.status().as_u16() < 500, "{after}");
        }
    }
}
