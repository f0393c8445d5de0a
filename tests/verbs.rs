//! The plain verbs as scripts and people meet them: the program itself, against a desk that says what it is told to.

mod canned;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
};

use canned::{Canned, Said, acted, detail, me, problem, row};

const HOSTILE: &str = "Bea\u{1b}[2J\u{9b}31m\u{202e}senoJ\u{200b}";

/// The program, in an account that has nothing yet.
fn handback(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handback"));
    command
        .env_clear()
        .env("HOME", home)
        .env("TERM", "xterm")
        .args(arguments)
        .stdin(Stdio::null());
    command
}

fn run(canned: &Canned, arguments: &[&str]) -> Output {
    let mut command = handback(canned.folder(), arguments);
    command
        .env("HANDBACK_DESK", canned.socket())
        .output()
        .unwrap()
}

fn exit(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn page(rows: &[String]) -> String {
    format!(
        r#"{{"items": [{}], "as_of": 1, "counts": {{"mine": 1, "unassigned": 2, "all": 3}}}}"#,
        rows.join(",")
    )
}

fn team() -> Canned {
    let queues = r#"{"items": [{"id": "q1", "name": "Late payments", "owner": {"id": "o", "name": "O"},
        "rule": "self_selection", "active": true, "open": 1, "unassigned": 1}]}"#;
    let messages = r#"{"items": [
        {"id": "m2", "direction": "out", "body": "Yes.", "truncated": false, "at": "2026-11-22T14:01:00Z",
         "sender": {"id": "anna", "name": "Anna Webb"}, "delivery": {"state": "error", "reason": "blocklisted"}},
        {"id": "m1", "direction": "in", "body": "One\nTwo\u001b[31m", "truncated": false, "at": "2026-11-22T14:00:00Z"}]}"#;
    Canned::table(vec![
        ("GET /v1/me", 200, me()),
        ("GET /v1/queues", 200, queues.into()),
        (
            "GET /v1/conversations?",
            200,
            page(&[row("C1", HOSTILE, Some("anna")), row("C2", "Zoë", None)]),
        ),
        ("GET /v1/conversations/C1/messages", 200, messages.into()),
        (
            "GET /v1/conversations/C1",
            200,
            detail(&row("C1", HOSTILE, Some("anna"))),
        ),
        (
            "POST /v1/conversations/C1/unassign",
            200,
            acted("done", &row("C1", HOSTILE, None)),
        ),
    ])
}

fn is_harmless(text: &str) -> bool {
    text.chars()
        .all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}' && c != '\u{200b}'))
}

#[test]
fn r1_a_list_shows_hostile_names_and_does_nothing_for_them() {
    let canned = team();
    let plain = run(
        &canned,
        &[
            "list",
            "--view",
            "mine",
            "--queue",
            "late payments",
            "--search",
            "bea",
            "--limit",
            "7",
        ],
    );
    assert_eq!((exit(&plain), err(&plain).as_str()), (0, ""));
    let text = out(&plain);
    assert!(is_harmless(&text), "{text:?}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("C1  Bea␛[2J") && lines[0].contains(", yours: Hello?"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("C2  Zoë, SMS, Payments, waits ") && lines[1].contains(", unassigned")
    );
    let asked = canned.asked().pop().unwrap().what;
    assert_eq!(
        asked,
        "GET /v1/conversations?view=mine&limit=7&queue=q1&q=bea"
    );
}

#[test]
fn r42_whom_one_looks_for_may_stand_on_standard_input() {
    let canned = Canned::new(|asked| match asked.what.split('?').next() {
        Some("GET /v1/me") => Said::Json(200, me()),
        Some("GET /v1/find") => {
            Said::Json(200, r#"{"items": [], "partial": false, "as_of": 1}"#.into())
        }
        _ => Said::Json(200, page(&[])),
    });
    let says = |arguments: &[&str], words: &str| {
        let mut command = handback(canned.folder(), arguments);
        let stdin = canned.folder().join("words");
        fs::write(&stdin, words).unwrap();
        command
            .env("HANDBACK_DESK", canned.socket())
            .stdin(fs::File::open(&stdin).unwrap());
        command.output().unwrap()
    };
    let newest = || canned.asked().pop().unwrap().what;
    let found = says(&["find", "-"], "bea \"exact words\"\n");
    assert_eq!(exit(&found), 0, "{}", err(&found));
    assert!(newest().contains("q=bea+%22exact+words%22"), "{}", newest());
    let listed = says(&["list", "--search", "-"], "bea jones\n");
    assert_eq!(exit(&listed), 0, "{}", err(&listed));
    assert!(newest().ends_with("q=bea+jones"), "{}", newest());
    for arguments in [&["find", "-"][..], &["list", "--search", "-"]] {
        let nothing = says(arguments, "");
        assert_eq!(exit(&nothing), 64, "{}", err(&nothing));
    }
}

#[test]
fn json_has_the_contracts_shape_and_is_harmless_too() {
    let canned = team();
    let listed = run(&canned, &["list", "--json"]);
    assert!(is_harmless(&out(&listed)), "{}", out(&listed));
    let list: serde_json::Value = serde_json::from_str(&out(&listed)).unwrap();
    assert_eq!(
        list["counts"],
        serde_json::json!({"mine": 1, "unassigned": 2, "all": 3})
    );
    assert_eq!(list["more"], false);
    assert_eq!(list["items"][0]["assignee"]["id"], "anna");
    assert_eq!(list["items"][1]["contact"]["name"], "Zoë");
    let shown = run(&canned, &["show", "C1", "--json"]);
    let show: serde_json::Value = serde_json::from_str(&out(&shown)).unwrap();
    assert_eq!(show["conversation"]["id"], "C1");
    assert_eq!(show["actions"]["unassign"]["allowed"], true);
    assert_eq!(show["actions"]["take"]["text"], "a colleague has it");
    assert_eq!(show["messages"][1]["delivery"]["reason"], "blocklisted");
}

#[test]
fn show_reads_from_the_oldest_to_the_newest() {
    let shown = out(&run(&team(), &["show", "C1", "--messages", "2"]));
    assert!(is_harmless(&shown), "{shown:?}");
    let first = shown
        .find("One\nTwo␛[31m")
        .expect("the customer's, with its lines");
    let second = shown
        .find("Anna Webb (NOT DELIVERED: blocklisted): Yes.")
        .expect("ours");
    assert!(first < second, "{shown}");
}

#[test]
fn u1_unassign_says_what_came_of_it() {
    let canned = team();
    let done = run(&canned, &["unassign", "C1", "--reason", "lunch"]);
    assert_eq!(exit(&done), 0, "{}", err(&done));
    assert!(
        out(&done).starts_with("C1: handed back Bea␛") && out(&done).ends_with(" to Payments\n")
    );
    let act = canned.asked().pop().unwrap();
    let body: serde_json::Value = serde_json::from_str(&act.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"expected_assignee": "anna", "expected_version": 7, "reason": "lunch"})
    );
    let json = run(&canned, &["unassign", "C1", "--if-mine", "--json"]);
    let body: serde_json::Value =
        serde_json::from_str(&canned.asked().pop().unwrap().body).unwrap();
    assert_eq!(body, serde_json::json!({"expected_assignee": "anna"}));
    let json: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    let result = &json["results"][0];
    assert_eq!(
        (&result["id"], &result["outcome"]),
        (&"C1".into(), &"done".into())
    );
    assert!(result["operation"].is_string() && result["conversation"]["id"] == "C1");
}

/// What came of many, whose ids say what is to come of them.
fn results(asked: &str) -> String {
    let asked: serde_json::Value = serde_json::from_str(asked).unwrap();
    let result = |item: &serde_json::Value| {
        let id = item["id"].as_str().unwrap();
        let (outcome, more) = match id {
            "Already" => ("already", String::new()),
            "Taken" => (
                "conflict",
                format!(r#", "conversation": {}"#, row(id, "Bea", Some("ben"))),
            ),
            _ => ("refused", r#", "reason": "not_yours""#.to_owned()),
        };
        format!(r#"{{"id": "{id}", "outcome": "{outcome}"{more}}}"#)
    };
    let results: Vec<String> = asked["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(result)
        .collect();
    format!(
        r#"{{"operation": "o", "results": [{}]}}"#,
        results.join(",")
    )
}

#[test]
fn r21_every_answer_has_its_exit_status_and_the_highest_counts() {
    let canned = Canned::new(|asked| {
        let (kind, rest) = asked.what.split_once(" /v1/").unwrap();
        // `unassign` where it is asked of many.
        let id = rest.split('/').nth(1).unwrap_or(rest);
        let held = row(id, "Bea", Some("ben"));
        match (kind, id) {
            ("GET", "me") => Said::Json(200, me()),
            (_, "Gone") => Said::Json(404, problem(404, "not_found", "")),
            ("GET", _) => Said::Json(200, detail(&held)),
            ("POST", "unassign") => Said::Json(200, results(&asked.body)),
            (_, "Already") => Said::Json(200, acted("already", "null")),
            (_, "Taken") => Said::Json(
                409,
                problem(409, "taken", &format!(r#", "conversation": {held}"#)),
            ),
            _ => Said::Json(422, problem(422, "refused", r#", "reason": "not_yours""#)),
        }
    });
    for (ids, status, says) in [
        (&["Already"][..], 0, "it is so already"),
        (&["Taken"], 3, "Taken: nothing changed, ben has it"),
        (&["Gone"], 4, "not there, or not yours to see"),
        (&["Ruled"], 5, "only its assignee or a team above may"),
        (
            &["Gone", "Already", "Taken"],
            4,
            "Already: it is so already",
        ),
        (
            &["Taken", "Ruled", "Already"],
            5,
            "Taken: nothing changed, ben has it\nRuled: nothing changed, only",
        ),
    ] {
        let arguments: Vec<&str> = ["unassign"].iter().chain(ids).copied().collect();
        let output = run(&canned, &arguments);
        assert_eq!(exit(&output), status, "{ids:?} {}", err(&output));
        assert!(out(&output).contains(says), "{}", out(&output));
    }
    assert_eq!(exit(&run(&canned, &["show", "Gone"])), 4);
}

#[test]
fn r21_unknown_is_resolved_by_asking_again_with_the_same_operation() {
    let broken = std::sync::atomic::AtomicBool::new(true);
    let canned = Canned::new(move |asked| match asked.what.as_str() {
        "GET /v1/me" => Said::Json(200, me()),
        "GET /v1/conversations/C1" => Said::Json(200, detail(&row("C1", "Bea", Some("anna")))),
        _ if broken.swap(false, std::sync::atomic::Ordering::Relaxed) => Said::Bytes(Vec::new()),
        _ => Said::Json(200, acted("done", &row("C1", "Bea", None))),
    });
    let output = run(&canned, &["unassign", "C1"]);
    assert_eq!(
        (exit(&output), out(&output).as_str()),
        (0, "C1: handed back Bea to Payments\n")
    );
    let asked = canned.asked();
    let keys: Vec<_> = asked
        .iter()
        .filter_map(|asked| asked.header("idempotency-key"))
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn r42_a_reply_is_read_from_standard_input() {
    let newest = r#"{"items": [{"id": "m9", "direction": "in", "body": "?", "truncated": false, "at": "2026-11-22T14:00:00Z"}]}"#;
    let sent = format!(
        r#"{{"operation": "o", "message": {{"id": "m10", "direction": "out", "body": "Yes", "truncated": false,
        "at": "2026-11-22T14:00:00Z"}}, "conversation": {}}}"#,
        row("C1", "Bea", Some("anna"))
    );
    let canned = Canned::table(vec![
        ("GET /v1/me", 200, me()),
        ("GET /v1/conversations/C1/messages", 200, newest.into()),
        (
            "GET /v1/conversations/C1",
            200,
            detail(&row("C1", "Bea", None)),
        ),
        ("POST /v1/conversations/C1/messages", 201, sent),
    ]);
    let file = canned.folder().join("reply");
    fs::write(&file, "Yes,\nof course.\n").unwrap();
    let mut command = handback(canned.folder(), &["reply", "C1"]);
    command
        .env("HANDBACK_DESK", canned.socket())
        .stdin(fs::File::open(&file).unwrap());
    let output = command.output().unwrap();
    assert_eq!(
        (exit(&output), out(&output).as_str()),
        (0, "C1: sent\n"),
        "{}",
        err(&output)
    );
    let body: serde_json::Value =
        serde_json::from_str(&canned.asked().pop().unwrap().body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"body": "Yes,\nof course.", "expected_assignee": null, "seen": "m9"})
    );
}

#[test]
fn r40_what_others_could_have_touched_is_refused_with_77() {
    let canned = team();
    let token = canned.folder().join("token");
    fs::write(&token, "hb_secret\n").unwrap();
    let with_token = |mode| {
        fs::set_permissions(&token, fs::Permissions::from_mode(mode)).unwrap();
        let mut command = handback(canned.folder(), &["list"]);
        command
            .env("HANDBACK_DESK", canned.socket())
            .env("HANDBACK_TOKEN_FILE", &token);
        command.output().unwrap()
    };
    let open = with_token(0o644);
    assert_eq!(exit(&open), 77);
    assert!(
        err(&open).contains(&format!("chmod 600 {}", token.display())),
        "{}",
        err(&open)
    );
    assert!(
        canned.asked().is_empty(),
        "nothing is sent before everything is in order"
    );
    assert_eq!(exit(&with_token(0o600)), 0);
    assert_eq!(
        canned.asked()[0].header("authorization"),
        Some("Bearer hb_secret")
    );
    fs::set_permissions(canned.folder(), fs::Permissions::from_mode(0o777)).unwrap();
    let replaceable = run(&canned, &["list"]);
    assert_eq!(exit(&replaceable), 77);
    assert!(
        err(&replaceable).contains("chmod go-w"),
        "{}",
        err(&replaceable)
    );
}

#[test]
fn r40_a_token_in_a_variable_is_taken_with_a_warning() {
    let canned = team();
    let with = |token: &str, more: Option<&Path>| {
        let mut command = handback(canned.folder(), &["list"]);
        command
            .env("HANDBACK_DESK", canned.socket())
            .env("HANDBACK_TOKEN", token);
        if let Some(file) = more {
            command.env("HANDBACK_TOKEN_FILE", file);
        }
        command.output().unwrap()
    };
    let shown = || {
        canned
            .asked()
            .pop()
            .and_then(|asked| Some(asked.header("authorization")?.to_owned()))
    };
    let output = with("hb_secret", None);
    assert_eq!(exit(&output), 0, "{}", err(&output));
    assert_eq!(shown().as_deref(), Some("Bearer hb_secret"));
    let said = err(&output);
    assert!(
        said.contains("HANDBACK_TOKEN_FILE")
            && said.contains("login")
            && !said.contains("hb_secret"),
        "{said}"
    );
    // A file that is named goes before it, and it is still said.
    let file = canned.folder().join("token");
    fs::write(&file, "hb_other").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let output = with("hb_secret", Some(&file));
    assert_eq!(shown().as_deref(), Some("Bearer hb_other"));
    assert!(err(&output).contains("HANDBACK_TOKEN was taken out of the environment"));
    let before = canned.asked().len();
    for wrong in ["two words", "hb_\u{e4}", &"x".repeat(5_000)] {
        let output = with(wrong, None);
        assert_eq!(exit(&output), 77, "{}", err(&output));
        assert!(!err(&output).contains(wrong), "{}", err(&output));
    }
    assert_eq!(canned.asked().len(), before, "nothing is sent");
    // An empty one is none.
    let output = with("", None);
    assert_eq!((exit(&output), shown()), (0, None), "{}", err(&output));
    assert_eq!(err(&output), "");
}

#[test]
fn r40_the_environment_a_variable_stood_in_is_not_what_the_program_runs_in() {
    let canned = Canned::new(|asked| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: alive\n\n";
        match asked.what.starts_with("GET /v1/events") {
            true => Said::Open(head.into()),
            false => Said::Json(200, me()),
        }
    });
    let mut command = handback(canned.folder(), &["watch", "--after", "1"]);
    let mut watch = command
        .env("HANDBACK_DESK", canned.socket())
        .env("HANDBACK_TOKEN", "hb_secret")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !canned
        .asked()
        .iter()
        .any(|asked| asked.what.starts_with("GET /v1/events"))
    {
        assert!(std::time::Instant::now() < until, "it watches");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert_eq!(
        canned.asked()[0].header("authorization"),
        Some("Bearer hb_secret")
    );
    let folder = Path::new("/proc").join(watch.id().to_string());
    for what in ["environ", "cmdline"] {
        // Another account than root is not even let look.
        let said = fs::read(folder.join(what)).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        assert!(!said.contains("hb_secret"), "{what}: {said:?}");
        assert!(
            what == "environ" || said.ends_with("watch\0--after\x001\0"),
            "{said:?}"
        );
    }
    watch.kill().unwrap();
    watch.wait().unwrap();
}

#[test]
fn an_account_the_desk_does_not_know_ends_with_77_and_the_desks_words() {
    let canned = Canned::table(vec![("GET", 401, problem(401, "unauthorized", ""))]);
    let output = run(&canned, &["list"]);
    assert_eq!(
        (exit(&output), err(&output).as_str()),
        (77, "handback: In detail.\n")
    );
}

#[test]
fn without_a_desk_it_ends_with_69_and_says_what_one_can_do() {
    let home = tempfile::tempdir().unwrap();
    let nowhere = handback(home.path(), &["list"]).output().unwrap();
    assert_eq!(exit(&nowhere), 69);
    assert!(err(&nowhere).contains("handback demo"), "{}", err(&nowhere));
    let stale = home.path().join("desk.sock");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    let dead = handback(home.path(), &["list", "--desk", stale.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(exit(&dead), 69, "{}", err(&dead));
    let none = handback(home.path(), &["list", "--desk", "unix:/nowhere/desk.sock"])
        .output()
        .unwrap();
    assert_eq!(exit(&none), 69, "{}", err(&none));
}

#[test]
fn a_wrong_command_line_or_setting_ends_with_64_and_the_place_of_the_fault() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [
        &["lst"][..],
        &["show"],
        &["show", "no id!"],
        &["list", "--desk", "http://far.example"],
        &[],
    ] {
        let output = handback(home.path(), arguments).output().unwrap();
        assert_eq!(exit(&output), 64, "{arguments:?} {}", err(&output));
        assert!(!err(&output).is_empty());
    }
    let file = home.path().join("c.toml");
    fs::write(&file, "[console]\n\nthme = 1\n").unwrap();
    let output = handback(home.path(), &["list", "--config", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(exit(&output), 64);
    assert!(
        err(&output).contains("c.toml:3: there is no setting `thme`; did you mean `theme`?"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_reader_that_goes_away_is_quiet() {
    let canned = team();
    let (read, write) = std::io::pipe().unwrap();
    drop(read);
    let mut command = handback(canned.folder(), &["list"]);
    let output = command
        .env("HANDBACK_DESK", canned.socket())
        .stdout(write)
        .output()
        .unwrap();
    assert_eq!((exit(&output), err(&output).as_str()), (0, ""));
}

#[test]
fn help_completions_and_manual_need_no_desk() {
    let home = tempfile::tempdir().unwrap();
    let help = handback(home.path(), &["unassign", "--help"])
        .output()
        .unwrap();
    assert_eq!(exit(&help), 0);
    assert!(
        out(&help).contains("77  a secret, a permission or your account is not in order"),
        "{}",
        out(&help)
    );
    let completions = handback(home.path(), &["completions", "bash"])
        .output()
        .unwrap();
    assert!(out(&completions).contains("unassign"));
    let manual = handback(home.path(), &["man"]).output().unwrap();
    assert!(out(&manual).contains("Exit status") && out(&manual).contains("if\\-mine"));
}

#[test]
fn r41_what_is_started_gains_nothing_and_writes_for_nobody_else() {
    let canned = team();
    let seen = canned.folder().join("seen");
    let script = format!(
        "(umask; ulimit -c; grep NoNewPrivs /proc/self/status; env) > {}; echo hb_x",
        seen.display()
    );
    let config = canned.folder().join("config.toml");
    let socket = canned.socket();
    fs::write(
        &config,
        format!(
            "[desk]\nurl = \"{}\"\ntoken_command = [\"sh\", \"-c\", \"{script}\"]",
            socket.display()
        ),
    )
    .unwrap();
    let output = handback(
        canned.folder(),
        &["list", "--config", config.to_str().unwrap()],
    )
    .output()
    .unwrap();
    assert_eq!(exit(&output), 0, "{}", err(&output));
    assert_eq!(
        canned.asked()[0].header("authorization"),
        Some("Bearer hb_x")
    );
    let seen = fs::read_to_string(seen).unwrap();
    assert!(seen.starts_with("0077\n0\nNoNewPrivs:\t1\n"), "{seen}");
    assert!(!seen.contains("hb_x"));
}
