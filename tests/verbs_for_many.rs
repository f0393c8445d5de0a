//! The verbs of a leader: what they ask of a desk, and what they make of its answers.

mod canned;

use std::process::{Command, Output, Stdio};

use canned::{Asked, Canned, Said, me, problem, row};
use serde_json::{Value, json};

fn run(canned: &Canned, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_handback"))
        .env_clear()
        .env("HOME", canned.folder())
        .env("TZ", "UTC")
        .env("HANDBACK_DESK", canned.socket())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn exits(output: &Output, status: i32) -> String {
    let said = text(&output.stdout);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{said}{err}");
    said + &err
}

fn person(username: &str, name: &str, signed_in: bool, away: bool) -> Value {
    json!({"id": format!("{username}-id"), "username": username, "name": name, "organisation": {"id": "o", "name": "Cardiff"},
        "signed_in": signed_in, "away": away, "since": "2026-11-22T14:00:00Z", "open": 31, "unanswered": 19,
        "oldest_waiting": "2026-11-22T14:00:00Z", "replying": 1, "drafts": 3})
}

fn people() -> Vec<Value> {
    vec![
        person("anna", "Anna Webb", true, false),
        person("ben", "Ben\u{202e} Cole", true, false),
        person("cat", "Cat Dean", true, true),
        person("dot", "Dot Eames", true, false),
        person("eve", "Eve Moss", false, false),
    ]
}

fn rows(ids: &[&str]) -> Vec<Value> {
    ids.iter()
        .map(|id| serde_json::from_str(&row(id, &format!("Mr {id}"), Some("anna-id"))).unwrap())
        .collect()
}

/// A desk at which `C1` to `C3` of Anna's would move. What is sent to be done is done, but for C2, which got a message.
fn desk() -> Canned {
    Canned::new(answer)
}

fn answer(asked: &Asked) -> Said {
    let ok = |value: Value| Said::Json(200, value.to_string());
    let (what, query) = asked.what.split_once('?').unwrap_or((&asked.what, ""));
    let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
    match what {
        "GET /v1/me" => Said::Json(200, me()),
        "GET /v1/users" if query.is_empty() => ok(json!({"items": people()})),
        // Dot has no access to the queue of these, but Flo does, whom one does not see otherwise.
        "GET /v1/users" => {
            let mut able: Vec<Value> = people()
                .into_iter()
                .filter(|p| p["username"] != "dot")
                .collect();
            able.push(person("flo", "Flo Hall", false, false));
            ok(json!({"items": able}))
        }
        "GET /v1/queues" => ok(json!({"items": []})),
        "GET /v1/statuses" => ok(json!({"items": [
            {"name": "promise to pay", "organisation": {"id": "o", "name": "Cardiff"}},
            {"name": "dis\u{202e}puted", "organisation": {"id": "o", "name": "Cardiff"}},
        ]})),
        "POST /v1/unassign/preview" => {
            let moves = rows(&["C1", "C2", "C3"]);
            let count = body["count"].as_u64().map_or(moves.len(), |n| n as usize);
            let moves = &moves[..count.min(moves.len())];
            ok(json!({"items": [], "moves": moves, "staying": 4,
                "stays": [{"conversation": rows(&["C9"])[0], "reason": "being_answered", "text": "somebody is replying now"}],
                "warnings": [{"queue": {"id": "q1", "name": "Payments"}, "text": "Payments gives all to whoever signs in next"}]}))
        }
        "POST /v1/unassign" | "POST /v1/assign" => {
            let results =
                body["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| match item["id"].as_str() {
                        Some("C2") => {
                            json!({"id": "C2", "outcome": "refused", "reason": "new_activity"})
                        }
                        Some(id) => {
                            let mut row = rows(&[id])[0].clone();
                            row["assignee"] = body["to"][0]
                                .as_str()
                                .map_or(Value::Null, |to| json!({"id": to, "name": "Ben Cole"}));
                            json!({"id": id, "outcome": "done", "conversation": row})
                        }
                        None => panic!("an item without id"),
                    });
            ok(json!({"operation": "o", "results": results.collect::<Vec<_>>()}))
        }
        _ => Said::Json(404, problem(404, "not_found", "")),
    }
}

/// The body of the last thing asked of this kind.
fn sent(canned: &Canned, what: &str) -> Option<Value> {
    let asked = canned
        .asked()
        .into_iter()
        .rev()
        .find(|asked| asked.what == what);
    asked.map(|asked| serde_json::from_str(&asked.body).unwrap())
}

#[test]
fn u7_a_dry_run_says_what_moves_and_what_stays_and_moves_nothing() {
    let desk = desk();
    let said = exits(
        &run(
            &desk,
            &[
                "some",
                "--of",
                "anna,ben\u{202e} cole",
                "--count",
                "3",
                "--oldest",
                "--dry-run",
            ],
        ),
        0,
    );
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "Would hand back 3:");
    assert!(
        lines[1].starts_with("  C1  Mr C1, SMS, Payments, waits "),
        "{said}"
    );
    assert_eq!(
        lines[4..],
        [
            "Stay, 4:",
            "  C9  Mr C9: somebody is replying now",
            "  and 3 more",
            "! Payments gives all to whoever signs in next",
            "Nothing has moved yet",
        ]
    );
    let rule = sent(&desk, "POST /v1/unassign/preview").unwrap();
    assert_eq!(rule, json!({"of": ["anna-id", "ben-id"], "count": 3}));
    assert_eq!(sent(&desk, "POST /v1/unassign"), None);
}

#[test]
fn u7_what_was_previewed_is_sent_and_never_the_rule() {
    let desk = desk();
    let arguments = [
        "some",
        "--of",
        "anna",
        "--untouched",
        "--status",
        "Promise to pay",
        "--reason",
        "sharing",
    ];
    let said = exits(&run(&desk, &arguments), 5);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "C1: handed back Mr C1 to Payments",
            "C2: nothing changed, something was written in it since",
            "C3: handed back Mr C3 to Payments",
        ]
    );
    let operation = lines
        .last()
        .unwrap()
        .strip_prefix("To take it back: handback undo ");
    let asked = desk.asked();
    let act = asked
        .iter()
        .find(|asked| asked.what == "POST /v1/unassign")
        .unwrap();
    assert_eq!(operation, act.header("idempotency-key"));
    let item = |id: &str| json!({"id": id, "expected_assignee": "anna-id", "expected_version": 7});
    assert_eq!(
        sent(&desk, "POST /v1/unassign").unwrap(),
        json!({"items": [item("C1"), item("C2"), item("C3")], "reason": "sharing", "if_quiet": true})
    );
    let rule = sent(&desk, "POST /v1/unassign/preview").unwrap();
    assert_eq!(
        rule,
        json!({"of": ["anna-id"], "untouched": true, "status": "promise to pay"})
    );
}

#[test]
fn u7_what_is_kept_back_stays_and_others_move_instead() {
    let desk = desk();
    let arguments = [
        "some", "--of", "anna", "--count", "1", "--keep", "C1", "--json",
    ];
    let said: Value = serde_json::from_str(&exits(&run(&desk, &arguments), 5)).unwrap();
    assert_eq!(
        sent(&desk, "POST /v1/unassign/preview").unwrap()["count"],
        2
    );
    let ids = |of: &Value| {
        of.as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&said["moves"]), ["C2"]);
    assert_eq!(ids(&said["results"]), ["C2"]);
    assert_eq!(
        (&said["dry_run"], &said["staying"]),
        (&json!(false), &json!(5))
    );
    assert_eq!(said["stays"][0]["conversation"]["id"], "C1");
    assert_eq!(said["stays"][0]["text"], "you keep it back");
}

#[test]
fn u7_they_go_to_one_or_are_spread_over_those_who_can_take_them() {
    let desk = desk();
    let one = exits(&run(&desk, &["some", "--of", "anna", "--to", "flo"]), 5);
    assert!(one.contains("C1: gave Mr C1 to Ben Cole"), "{one}");
    assert_eq!(
        sent(&desk, "POST /v1/assign").unwrap()["to"],
        json!(["flo-id"])
    );
    let look = exits(
        &run(&desk, &["some", "--of", "anna", "--spread", "--dry-run"]),
        0,
    );
    assert!(
        look.starts_with("Would give 3 to Ben<U+202E> Cole:\n"),
        "{look}"
    );
    exits(&run(&desk, &["some", "--of", "eve", "--spread"]), 5);
    let to = sent(&desk, "POST /v1/assign").unwrap()["to"].clone();
    assert_eq!(
        to,
        json!(["anna-id", "ben-id"]),
        "not who is away, signed out, or without access"
    );
    let nobody = exits(&run(&desk, &["some", "--of", "anna,ben-id", "--spread"]), 5);
    assert!(nobody.contains("narrow them with --queue"), "{nobody}");
    exits(
        &run(&desk, &["some", "--of", "anna", "--spread", "--to", "flo"]),
        64,
    );
    exits(&run(&desk, &["some", "--of", "zoe"]), 4);
    exits(&run(&desk, &["some"]), 64);
}

#[test]
fn r21_many_are_asked_again_under_the_same_operation() {
    let broken = std::sync::atomic::AtomicBool::new(true);
    let desk = Canned::new(move |asked| {
        let first = asked.what == "POST /v1/unassign"
            && broken.swap(false, std::sync::atomic::Ordering::Relaxed);
        if first {
            Said::Bytes(Vec::new())
        } else {
            answer(asked)
        }
    });
    let said = exits(&run(&desk, &["some", "--of", "anna"]), 5);
    assert!(said.contains("C1: handed back"), "{said}");
    let asked = desk.asked();
    let acts = asked
        .iter()
        .filter(|asked| asked.what == "POST /v1/unassign");
    let keys: Vec<_> = acts
        .map(|asked| asked.header("idempotency-key").unwrap())
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn users_say_who_is_there_and_what_they_have_to_do() {
    let desk = desk();
    let said = exits(&run(&desk, &["users"]), 0);
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with(
            "anna  Anna Webb, Cardiff, signed in, 31 open, 19 unanswered, the oldest waits "
        ),
        "{said}"
    );
    assert!(
        lines[0].contains(", 1 being answered, 3 with a draft"),
        "{said}"
    );
    assert!(lines[1].starts_with("ben  Ben<U+202E> Cole"), "R1: {said}");
    assert!(lines[2].contains(", away for "), "{said}");
    let printed: Value =
        serde_json::from_str(&exits(&run(&desk, &["users", "--for", "C1", "--json"]), 0)).unwrap();
    assert_eq!(printed["items"][4]["username"], "flo");
    assert_eq!(printed["items"][0], people()[0], "the contract's own shape");
}

#[test]
fn s3_statuses_are_said_and_spelled_back_as_the_desk_has_them() {
    let desk = desk();
    assert_eq!(
        exits(&run(&desk, &["statuses"]), 0),
        "promise to pay\ndis<U+202E>puted\n"
    );
    let slip = exits(&run(&desk, &["status", "C1", "promise to play"]), 4);
    assert!(slip.contains(r#"did you mean "promise to pay"?"#), "{slip}");
    assert_eq!(sent(&desk, "POST /v1/conversations/C1/status"), None);
}
