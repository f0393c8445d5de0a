//! The plain verbs at a real desk: what a script does there, and what it is told.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use served::Served;

/// Gwen above Anna and Ben; a queue for each kind of move, and statuses of both organisations.
const TEAM: &str = r#"
organisation = [{ name = "Head office" }, { name = "Cardiff", parent = "Head office" }]
role = [
  { name = "advisor", permissions = ["conversations"] },
  { name = "gateway", permissions = ["inbound"] },
]
user = [
  { username = "gwen", name = "Gwen Rees", organisation = "Head office", role = "advisor" },
  { username = "anna", name = "Anna Webb", organisation = "Cardiff", role = "advisor", unix_user = "ACCOUNT" },
  { username = "ben", name = "Ben Cole", organisation = "Cardiff", role = "advisor" },
  { username = "gate", name = "Gateway", organisation = "Head office", role = "gateway" },
]
queue = [
  { name = "Payments", owner = "Head office", teams = ["Cardiff"] },
  { name = "Late letters", owner = "Head office", teams = ["Cardiff"], rule = "round_robin", max_open = 20, on_login = "redistribute", on_logout = "redistribute" },
  { name = "Archive", owner = "Head office", teams = ["Cardiff"], active = false },
]
status = [
  { organisation = "Head office", name = "promise to pay" },
  { organisation = "Cardiff", name = "disputed" },
]
phrase = [
  { organisation = "Head office", keywords = ["plan", "split"], body = "We can split it.\nShall we?" },
]
channel = [{ name = "SMS", kind = "sms" }]
"#;

fn desk() -> Served {
    Served::of(support::sqlite(), TEAM)
}

/// What a verb came to: its exit status, and what it said.
struct Came {
    exit: i32,
    out: String,
    err: String,
}

impl Came {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}", self.out))
    }

    /// It ended so, and this is among what it said.
    #[track_caller]
    fn is(&self, exit: i32, says: &str) {
        let Self { out, err, .. } = self;
        assert_eq!(self.exit, exit, "{out}{err}");
        assert!(
            out.contains(says) || err.contains(says),
            "{says}: {out}{err}"
        );
    }
}

fn came(output: Output) -> Came {
    Came {
        exit: output.status.code().expect("it ended by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn run(desk: &Served, who: &str, arguments: &[&str]) -> Came {
    came(desk.verb(who, arguments).output().expect("the program"))
}

/// A conversation that this person has.
fn held_by(desk: &mut Served, who: &str, customer: &str) -> String {
    let id = desk.customer(customer, "Hello?");
    desk.act(who, &id, "take");
    id
}

fn row(desk: &Served, id: &str) -> Value {
    let (status, said) = desk.ask("gwen", "GET", &format!("/v1/conversations/{id}"), None);
    assert_eq!(status, 200, "{said}");
    said["conversation"].clone()
}

#[test]
fn a6_assign_takes_names_and_refuses_what_it_may_not() {
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    let slip = run(&desk, "anna", &["assign", &id, "--to", "bne cole"]);
    slip.is(
        4,
        r#"you have no user "bne cole"; did you mean "Ben Cole"?"#,
    );
    let given = run(&desk, "anna", &["assign", &id, "--to", "Ben"]);
    given.is(0, "done, and you do not see it any more");
    assert_eq!(desk.holder(&id).0.as_deref(), Some("ben"));

    let gone = run(&desk, "anna", &["assign", &id, "--to", "me"]);
    gone.is(4, "not there, or not yours to see");
    let back = run(&desk, "gwen", &["assign", &id, "--to", "anna webb"]);
    assert_eq!(
        (back.exit, back.out),
        (0, format!("{id}: gave Bea to Anna Webb\n"))
    );
    run(&desk, "gwen", &["assign", &id, "--to", "anna"]).is(0, "it is so already");
    let not_mine = run(&desk, "gwen", &["assign", &id, "--to", "ben", "--if-mine"]);
    not_mine.is(3, "nothing changed, Anna Webb has it");
}

#[test]
fn q6_q8_move_leaves_the_assignee_and_goes_only_where_it_may() {
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    run(&desk, "anna", &["move", &id, "--to", "archive"]).is(5, "the queue is inactive");
    assert_eq!(
        desk.holder(&id).0.as_deref(),
        Some("anna"),
        "Q6: nothing changed"
    );
    run(&desk, "anna", &["move", &id, "--to", "Late leters"])
        .is(4, r#"did you mean "Late letters"?"#);
    let moved = run(
        &desk,
        "anna",
        &["move", &id, "--to", "late letters", "--reason", "not ours"],
    );
    assert_eq!(
        (moved.exit, moved.out),
        (0, format!("{id}: moved Bea to Late letters, unassigned\n"))
    );
    let row = row(&desk, &id);
    assert_eq!(
        (&row["queue"]["name"], &row["assignee"]),
        (&json!("Late letters"), &Value::Null)
    );
}

#[test]
fn a3_where_nobody_is_signed_in_a_rule_gives_nothing_and_whoever_replies_has_it() {
    let mut desk = desk();
    let id = desk.customer_of("Late letters", "Bea", "Hello?");
    assert_eq!(desk.holder(&id).0, None, "round robin, and nobody is there");
    came(says(&mut desk.verb("ben", &["reply", &id]), "Hello!")).is(0, "sent");
    assert_eq!(desk.holder(&id).0.as_deref(), Some("ben"), "A1");
    run(&desk, "anna", &["show", &id]).is(4, "not there");

    let moved = held_by(&mut desk, "anna", "Carl");
    let home = account::Account::new();
    let _ben = desk.console(&home, "ben");
    let went = run(&desk, "gwen", &["move", &moved, "--to", "late letters"]);
    went.is(0, "moved Carl to Late letters, Ben Cole");
    assert_eq!(desk.holder(&moved).0.as_deref(), Some("ben"), "A2, Q8");
}

#[test]
fn s1_close_and_reopen() {
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    run(&desk, "gwen", &["close", &id, "--if-mine"]).is(3, "Anna Webb has it");
    let closed = run(&desk, "anna", &["close", &id]);
    assert_eq!(
        (closed.exit, closed.out),
        (0, format!("{id}: closed Bea\n"))
    );
    let now = row(&desk, &id);
    assert_eq!(
        (&now["state"], &now["assignee"]),
        (&json!("closed"), &Value::Null)
    );
    run(&desk, "anna", &["take", &id]).is(5, "it is closed");
    let reopened = run(&desk, "anna", &["reopen", &id]);
    assert_eq!(
        (reopened.exit, reopened.out),
        (0, format!("{id}: reopened Bea in Payments, unassigned\n"))
    );
    run(&desk, "anna", &["reopen", &id]).is(0, "it is so already");
}

#[test]
fn s5_block_for_a_while_and_unblock() {
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    run(&desk, "anna", &["block", &id, "--until", "2001-01-01"])
        .is(64, "that time is over already");
    run(&desk, "anna", &["block", &id, "--for", "soon"]).is(64, "it looks like 7d");
    run(&desk, "anna", &["unblock", &id]).is(0, "it is so already");
    run(&desk, "anna", &["block", &id, "--for", "7d"]).is(0, "Bea is on the blocklist");
    let mut reply = desk.verb("anna", &["reply", &id]);
    came(says(&mut reply, "Hello!")).is(5, "the contact is on the blocklist");
    run(&desk, "anna", &["unblock", &id]).is(0, "Bea is off the blocklist");
    came(says(&mut desk.verb("anna", &["reply", &id]), "Hello!")).is(0, "sent");
}

#[test]
fn sp1_phrases_are_told() {
    let desk = desk();
    run(&desk, "anna", &["phrases"]).is(
        0,
        "plan split (Head office)\n  We can split it.\n  Shall we?\n",
    );
    let said = run(&desk, "anna", &["phrases", "--json"]).json();
    assert_eq!(said["items"][0]["body"], "We can split it.\nShall we?");
}

#[test]
fn t1_a_transcript_is_printed_or_put_into_a_file_of_ones_own() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    run(&desk, "anna", &["transcript", &id]).is(0, "# Conversation with Bea\n");
    run(&desk, "anna", &["transcript", &id, "--format", "text"]).is(0, "Conversation with Bea\n");
    let said = run(&desk, "anna", &["transcript", &id, "--format", "json"]).json();
    assert_eq!(said["entries"][0]["from"], "customer");
    run(&desk, "anna", &["transcript", &id, "--force"]).is(64, "--output");
    run(&desk, "ben", &["transcript", &id]).is(4, "not");

    let file = desk.account.home().join("bea.md");
    let path = file.to_str().expect("a path");
    run(&desk, "anna", &["transcript", &id, "--output", path]).is(0, "");
    let first = std::fs::read_to_string(&file).expect("the file");
    assert!(first.starts_with("# Conversation with Bea\n"), "{first}");
    let mode = std::fs::metadata(&file)
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::write(&file, "mine").expect("written");
    run(&desk, "anna", &["transcript", &id, "--output", path]).is(64, "--force writes over it");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "mine");
    run(
        &desk,
        "anna",
        &["transcript", &id, "--output", path, "--force"],
    )
    .is(0, "");
    assert!(
        std::fs::read_to_string(&file)
            .expect("the file")
            .starts_with("# Conversation")
    );
    let nowhere = desk.account.home().join("no/such/folder.md");
    run(
        &desk,
        "anna",
        &[
            "transcript",
            &id,
            "--output",
            nowhere.to_str().expect("a path"),
        ],
    )
    .is(77, "was not written");
}

/// Runs it with this on its standard input.
fn says(command: &mut Command, text: &str) -> Output {
    let (read, mut write) = std::io::pipe().expect("a pipe");
    std::io::Write::write_all(&mut write, text.as_bytes()).expect("written");
    drop(write);
    command.stdin(read).output().expect("the program")
}

#[test]
fn s4_intervene_ends_the_bots_part_and_assigns_nothing() {
    let desk = desk();
    let told = json!({
        "queue": "Payments", "channel": "SMS", "body": "Hello?", "external_id": "b1", "handler": "bot",
        "contact": {"address": "+44 7700 900001", "name": "Bea"},
    });
    let (_, said) = desk.ask("gate", "POST", "/v1/inbound", Some(&told));
    let id = said["conversation"].as_str().expect("an id").to_owned();
    let reply = says(&mut desk.verb("anna", &["reply", &id]), "Hello!");
    came(reply).is(5, "a bot handles it");
    run(&desk, "anna", &["intervene", &id]).is(0, "the bot is done with Bea, unassigned");
    let now = row(&desk, &id);
    assert_eq!(
        (&now["handler"], &now["assignee"]),
        (&json!("person"), &Value::Null)
    );
}

#[test]
fn n1_u9_a_note_and_everything_else_are_in_the_history() {
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    let noted = says(
        &mut desk.verb("anna", &["note", &id]),
        "She called.\nTwice\u{1b}[2J.\n",
    );
    assert_eq!(came(noted).out, format!("{id}: noted\n"));
    came(says(&mut desk.verb("anna", &["note", &id]), " \n")).is(5, "empty");
    run(&desk, "anna", &["unassign", &id, "--reason", "at lunch"])
        .is(0, "handed back Bea to Payments");
    let told = run(&desk, "ben", &["history", &id]);
    let lines: Vec<&str> = told.out.lines().collect();
    let end = |line: &str| line.split_once("  ").expect("a time").1.to_owned();
    assert_eq!(told.exit, 0, "{}", told.err);
    let n = lines.len();
    assert_eq!(
        end(lines[n - 4]),
        "Anna Webb, assignee from nobody to Anna Webb, through take"
    );
    assert_eq!(end(lines[n - 3]), "Anna Webb, note: She called.");
    assert_eq!(lines[n - 2], "Twice␛[2J.", "R1");
    assert_eq!(
        end(lines[n - 1]),
        "Anna Webb, assignee from Anna Webb to nobody, through unassign: at lunch"
    );
    let json = run(&desk, "ben", &["history", &id, "--json", "--limit", "2"]).json();
    assert_eq!(json["items"][0]["cause"], "unassign");
    assert_eq!(json["items"][1]["body"], "She called.\nTwice␛[2J.");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(2));
    run(&desk, "ben", &["history", "NoSuchOne"]).is(4, "not there");
}

#[test]
fn u7_u6_several_are_one_act_and_one_undo_takes_it_back() {
    let mut desk = desk();
    let ids: Vec<String> = ["Bea", "Carl", "Dee"]
        .iter()
        .map(|name| held_by(&mut desk, "anna", name))
        .collect();
    let other = desk.customer("Eve", "Hello?");
    let [a, b, c] = [&ids[0], &ids[1], &ids[2]].map(String::as_str);
    let done = run(
        &desk,
        "anna",
        &[
            "unassign",
            a,
            b,
            c,
            "NoSuchOne",
            &other,
            "--reason",
            "lunch",
        ],
    );
    assert_eq!(done.exit, 4, "of many the highest: {}", done.out);
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines[0], format!("{a}: handed back Bea to Payments"));
    assert_eq!(
        lines[3],
        "NoSuchOne: nothing changed, not there, or not yours to see"
    );
    assert_eq!(
        lines[4],
        format!("{other}: it is so already, nobody has it")
    );
    let operation = lines[5]
        .strip_prefix("To take it back: handback undo ")
        .expect("the way back");

    run(&desk, "ben", &["undo", operation]).is(4, "nothing to take back");
    desk.act("ben", b, "take");
    let undone = run(&desk, "anna", &["undo", operation]);
    undone.is(4, &format!("{a}: taken back, Bea is in Payments, yours\n"));
    assert!(
        undone
            .out
            .contains(&format!("{b}: nothing changed, not there")),
        "{}",
        undone.out
    );
    assert_eq!(desk.holder(c).0.as_deref(), Some("anna"));
    assert_eq!(desk.holder(b).0.as_deref(), Some("ben"));
}

#[test]
fn u7_all_of_mine_after_a_look_at_it() {
    let mut desk = desk();
    let ids: Vec<String> = ["Bea", "Carl"]
        .iter()
        .map(|name| held_by(&mut desk, "anna", name))
        .collect();
    let bens = held_by(&mut desk, "ben", "Dee");
    let look = run(&desk, "anna", &["unassign", "--all", "--dry-run"]);
    look.is(0, "Would hand back 2:\n");
    assert!(
        look.out.ends_with("Nothing has moved yet\n"),
        "{}",
        look.out
    );
    let json = run(&desk, "anna", &["unassign", "--all", "--dry-run", "--json"]).json();
    assert_eq!(
        (&json["dry_run"], &json["results"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(json["moves"].as_array().map(Vec::len), Some(2));
    assert_eq!(desk.holder(&ids[0]).0.as_deref(), Some("anna"));

    let done = run(&desk, "anna", &["unassign", "--all", "--reason", "home"]);
    done.is(0, "To take it back: handback undo ");
    for id in &ids {
        assert_eq!(desk.holder(id).0, None);
    }
    assert_eq!(desk.holder(&bens).0.as_deref(), Some("ben"));
    run(&desk, "anna", &["unassign", "--all"]).is(0, "Nothing to hand back\n");
    run(&desk, "anna", &["unassign"]).is(64, "<ID>...");
    run(&desk, "anna", &["unassign", &bens, "--all"]).is(64, "cannot be used with");
    run(&desk, "anna", &["unassign", &bens, "--dry-run"]).is(64, "cannot be used with");
}

#[test]
fn q1_queues_say_their_rules() {
    let desk = desk();
    let said = run(&desk, "anna", &["queues"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(
        lines,
        [
            "Archive  self selection, 0 open, 0 unassigned, INACTIVE: nothing can be moved into it",
            "Late letters  round robin, at most 20 each, signing in gets what is unassigned, signing out hands back, \
             0 open, 0 unassigned",
            "Payments  self selection, 0 open, 0 unassigned",
        ]
    );
    let (_, of_the_desk) = desk.ask("anna", "GET", "/v1/queues", None);
    let printed = run(&desk, "anna", &["queues", "--json"]).json();
    assert_eq!(printed, of_the_desk, "the contract's own shape");
}

#[test]
fn f1_find_tells_what_it_finds_closed_ones_too() {
    let mut desk = desk();
    let open = desk.customer("Bea", "Where is my refund?");
    let closed = desk.customer("Carl", "A refund, please");
    run(&desk, "anna", &["status", &closed, "promise to pay"]).is(0, "promise to pay");
    run(&desk, "anna", &["close", &closed]).is(0, "");
    let said = run(&desk, "anna", &["find", "refund"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", said.out);
    assert!(
        lines[0].starts_with(&closed)
            && lines[0].contains(", closed ")
            && lines[0].ends_with(": A refund, please")
    );
    assert!(
        lines[1].starts_with(&open) && lines[1].contains(", unassigned, "),
        "{}",
        said.out
    );
    for words in [
        &["is:closed", "refund"][..],
        &["status:promise to pay"],
        &["refund please", "carl"],
        &["refund", "--limit", "1"],
    ] {
        let arguments: Vec<&str> = ["find"].iter().chain(words).copied().collect();
        let said = run(&desk, "anna", &arguments);
        assert_eq!(said.out.lines().count(), 1, "{words:?} {}", said.out);
        said.is(0, &closed);
    }
    let json = run(&desk, "anna", &["find", "bea", "refund", "--json"]).json();
    assert_eq!(json["items"][0]["conversation"]["id"], json!(open));
    assert_eq!(
        json["items"][0]["message"]["excerpt"][1],
        json!({"text": "refund", "found": true})
    );
    assert_eq!(json["more"], json!(false));
    run(&desk, "anna", &["find", "nobodysaidthis"]).is(0, "nothing was found");
    run(&desk, "anna", &["find", "quue:x"]).is(64, "did you mean queue:?");
    run(&desk, "anna", &["find"]).is(64, "<WORDS>");
    run(&desk, "anna", &["find", "--help"]).is(0, "is:closed");
}

/// How it ended, which it is to do by itself and soon.
#[track_caller]
fn end(process: &mut Child) -> Option<i32> {
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        match process.try_wait().expect("its state") {
            Some(status) => return status.code(),
            None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            None => {
                let _ = process.kill();
                panic!("it does not end");
            }
        }
    }
}

/// `handback watch`, and what it printed.
struct Watching {
    process: Child,
    lines: Receiver<Value>,
}

impl Watching {
    /// Starts it; returns when it hears the desk.
    fn start(desk: &Served, who: &str, arguments: &[&str]) -> Self {
        let mut command = desk.verb(who, &["watch"]);
        let mut process = command
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let out = BufReader::new(process.stdout.take().expect("what it prints"));
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let hidden = |c: char| c.is_control() || c == '\u{202e}';
                assert!(!line.contains(hidden), "R1: {line:?}");
                let _ = tell.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        let watching = Self { process, lines };
        watching.until("live");
        watching
    }

    /// The next line of that kind; what comes before it is left aside.
    #[track_caller]
    fn until(&self, event: &str) -> Value {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(40));
            let line = line.unwrap_or_else(|_| panic!("no {event} came"));
            if line["event"] == event {
                return line;
            }
        }
    }

    /// Sends it this, and gives how it ended.
    fn ends(mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.process), signal).expect("sent");
        end(&mut self.process)
    }
}

#[test]
fn r31_watch_tells_what_happens_and_goes_on_where_it_stood() {
    let mut desk = desk();
    let id = desk.customer("Bea\u{1b}[2J\u{202e}", "Hello?");
    let watching = Watching::start(&desk, "anna", &["--json"]);
    desk.act("ben", &id, "take");
    let gone = watching.until("gone");
    assert_eq!(gone["id"], id.as_str(), "V1");
    assert_eq!(watching.ends(Signal::TERM), Some(0));

    desk.act("ben", &id, "unassign");
    desk.act("anna", &id, "take");
    desk.act("gwen", &id, "unassign");
    let cursor = gone["cursor"].as_u64().expect("a cursor").to_string();
    let again = Watching::start(&desk, "anna", &["--after", &cursor]);
    let back = again.until("conversation");
    assert_eq!(
        (
            &back["conversation"]["id"],
            &back["conversation"]["assignee"]
        ),
        (&json!(id), &Value::Null)
    );
    assert_eq!(
        again.until("conversation")["conversation"]["assignee"]["id"],
        "anna"
    );
    let told = again.until("attention");
    assert_eq!(
        (&told["kind"], &told["by"]["name"]),
        (&json!("handed_back"), &json!("Gwen Rees")),
        "U9"
    );
    assert!(told["cursor"].as_u64() > gone["cursor"].as_u64());
    let came = desk.customer("Carl", "Hello?");
    let written = again.until("message");
    assert_eq!(
        (&written["conversation"]["id"], &written["message"]["body"]),
        (&json!(came), &json!("Hello?"))
    );
    assert_eq!(again.ends(Signal::INT), Some(0));
}

#[test]
fn q9_watching_is_not_being_signed_in() {
    let desk = desk();
    let watching = Watching::start(&desk, "anna", &[]);
    let (_, users) = desk.ask("gwen", "GET", "/v1/users", None);
    let anna = users["items"].as_array().expect("people");
    let anna = anna.iter().find(|one| one["id"] == "anna").expect("Anna");
    assert_eq!(anna["signed_in"], false, "{users}");
    assert_eq!(watching.ends(Signal::TERM), Some(0));
}

#[test]
fn r17_watch_comes_back_by_itself_and_misses_nothing() {
    let mut desk = desk();
    let id = desk.customer("Bea", "Hello?");
    let watching = Watching::start(&desk, "anna", &[]);
    desk.kill();
    let lost = watching.until("lost");
    assert!(
        lost["text"].is_string() && lost["cursor"].is_u64(),
        "{lost}"
    );
    desk.serve();
    desk.act("ben", &id, "take");
    assert_eq!(watching.until("gone")["id"], id.as_str());
    assert_eq!(watching.ends(Signal::TERM), Some(0));
}

#[test]
fn watch_ends_with_its_reader_also_when_nothing_happens() {
    let desk = desk();
    let mut command = desk.verb("anna", &["watch"]);
    let mut process = command.stdout(Stdio::piped()).spawn().expect("the program");
    let mut out = BufReader::new(process.stdout.take().expect("what it prints"));
    // The counts are the last it hears while nothing happens.
    let mut line = String::new();
    while !line.contains(r#""event":"counts""#) {
        line.clear();
        out.read_line(&mut line).expect("a line");
    }
    drop(out);
    assert_eq!(end(&mut process), Some(0));
}

#[test]
fn r14_a_reader_that_reads_nothing_keeps_watch_from_nothing_but_printing() {
    let mut desk = desk();
    let id = desk.customer(&"Bea".repeat(300), "Hello?");
    let mut command = desk.verb("anna", &["watch"]);
    let (read, write) = std::io::pipe().expect("a pipe");
    let mut process = command.stdout(write).spawn().expect("the program");
    // Until the pipe is full, and then more than a few lines waiting before it.
    let (mut held, mut full) = (0, 0);
    while full < 5 {
        for verb in ["take", "unassign"].repeat(10) {
            desk.act("anna", &id, verb);
        }
        let now = rustix::io::ioctl_fionread(&read).expect("how much it holds");
        full = if now == held && now > 0 { full + 1 } else { 0 };
        held = now;
    }
    // A line that does not fit into what is left of one of its 16 pages begins the next.
    assert!(held > 16 * 4096 / 2, "{held}");
    kill_process(Pid::from_child(&process), Signal::TERM).expect("sent");
    assert_eq!(end(&mut process), Some(0));
    drop(read);
}

#[test]
fn watch_ends_with_77_when_the_desk_does_not_know_the_account_any_more() {
    let desk = desk();
    let watching = Watching::start(&desk, "ben", &[]);
    desk.apply(&TEAM.replace(
        r#"name = "Ben Cole", organisation"#,
        r#"name = "Ben Cole", suspended = true, organisation"#,
    ));
    let mut process = watching.process;
    assert_eq!(end(&mut process), Some(77));
    assert_eq!(run(&desk, "ben", &["watch"]).exit, 77);
}

#[test]
fn u7_u9_some_of_annas_are_handed_back_and_what_became_of_them_is_told() {
    let mut desk = desk();
    let ids: Vec<String> = ["Bea", "Carl", "Dee", "Eve"]
        .iter()
        .map(|name| held_by(&mut desk, "anna", name))
        .collect();
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| ids[n].as_str());
    let some = [
        "some", "--of", "anna", "--count", "2", "--oldest", "--keep", a,
    ];
    let look = run(&desk, "gwen", &[&some[..], &["--dry-run"]].concat());
    look.is(0, "Would hand back 2:\n");
    assert!(
        look.out.contains(&format!("  {a}  Bea: you keep it back")),
        "{}",
        look.out
    );
    assert!(look.out.contains(&format!("  {d}  Eve: ")), "{}", look.out);
    assert_eq!(
        desk.holder(b).0.as_deref(),
        Some("anna"),
        "nothing has moved"
    );

    let done = run(&desk, "gwen", &[&some[..], &["--reason", "lunch"]].concat());
    done.is(
        0,
        &format!("{b}: handed back Carl to Payments\n{c}: handed back Dee to Payments\nStay, 2:\n"),
    );
    assert_eq!(
        [a, b, c, d].map(|id| desk.holder(id).0.is_some()),
        [true, false, false, true]
    );
    desk.act("ben", b, "take");
    desk.act("anna", c, "take");

    let acts = run(&desk, "gwen", &["acts", "--since", "1h"]);
    acts.is(0, "  unassign 2 of Anna Webb, by Gwen Rees, operation ");
    assert!(
        acts.out
            .contains(&format!("  {b}  Carl: Ben Cole got it at ")),
        "{}",
        acts.out
    );
    assert!(
        acts.out
            .contains(&format!("  {c}  Dee: it came back to Anna Webb at ")),
        "{}",
        acts.out
    );
    assert!(
        acts.out.contains("through take") && acts.out.contains(": lunch\n"),
        "{}",
        acts.out
    );
    let of_anna = run(&desk, "anna", &["acts", "--of", "me", "--json"]).json();
    assert_eq!(of_anna["items"][0]["by"]["name"], "Gwen Rees", "U9");
    assert_eq!(of_anna["items"][0]["reason"], "lunch");
    assert_eq!(of_anna["items"].as_array().map(Vec::len), Some(1));
    let wrong = run(&desk, "gwen", &["acts", "--since", "yesterday"]);
    wrong.is(64, "it looks like 2026-12-01 or 2h");
}

#[test]
fn u6_the_last_act_is_taken_back_and_none_before_it() {
    let mut desk = desk();
    let id = held_by(&mut desk, "anna", "Bea");
    run(&desk, "ben", &["undo", "--last"]).is(4, "you did nothing within the last 72 hours");
    run(&desk, "anna", &["unassign", &id]).is(0, "handed back");
    run(&desk, "anna", &["undo", "--last"]).is(0, "taken back, Bea is in Payments, yours");
    assert_eq!(desk.holder(&id).0.as_deref(), Some("anna"));
    came(says(&mut desk.verb("anna", &["note", &id]), "Hm.")).is(0, "noted");
    run(&desk, "anna", &["undo", "--last"]).is(5, "cannot be taken back");
    run(&desk, "anna", &["undo"]).is(64, "required");
}

#[test]
fn u7_those_who_are_signed_in_get_them_in_turn() {
    let mut desk = desk();
    let ids: Vec<String> = ["Bea", "Carl"]
        .iter()
        .map(|name| held_by(&mut desk, "anna", name))
        .collect();
    let spread = ["some", "--of", "anna", "--spread"];
    run(&desk, "gwen", &spread).is(5, "nobody else who is signed in");
    let home = account::Account::new();
    let _ben = desk.console(&home, "ben");
    let look = run(&desk, "gwen", &[&spread[..], &["--dry-run"]].concat());
    look.is(0, "Would give 2 to Ben Cole:\n");
    let users = run(&desk, "gwen", &["users"]);
    assert!(
        users
            .out
            .contains("ben  Ben Cole, Cardiff, signed in, 0 open"),
        "{}",
        users.out
    );
    assert!(users.out.contains("anna  Anna Webb, Cardiff, never signed in, 2 open, 2 unanswered, the oldest waits 0 min"), "{}", users.out);
    run(&desk, "gwen", &spread).is(0, "gave Bea to Ben Cole\n");
    for id in &ids {
        assert_eq!(desk.holder(id).0.as_deref(), Some("ben"));
    }
    let who = run(&desk, "gwen", &["users", "--for", &ids[0], "--json"]).json();
    let (_, of_the_desk) = desk.ask("gwen", "GET", &format!("/v1/users?for={}", ids[0]), None);
    assert_eq!(who, of_the_desk, "the contract's own shape");
}

#[test]
fn s3_statuses_are_those_of_ones_house_and_are_set_by_name() {
    let mut desk = desk();
    let ids: Vec<String> = ["Bea", "Carl"]
        .iter()
        .map(|name| held_by(&mut desk, "anna", name))
        .collect();
    let [a, b] = [&ids[0], &ids[1]].map(String::as_str);
    let inherited = run(&desk, "anna", &["statuses"]);
    assert_eq!(
        inherited.out, "disputed\npromise to pay\n",
        "her own and those above"
    );
    assert_eq!(run(&desk, "gwen", &["statuses"]).out, "promise to pay\n");

    let set = run(&desk, "anna", &["status", a, b, "Promise to pay"]);
    set.is(
        0,
        &format!("{b}: Carl has the status promise to pay\nTo take it back: "),
    );
    assert_eq!(row(&desk, a)["status"], "promise to pay");
    run(&desk, "anna", &["status", a, "promise to pay"]).is(0, "it is so already");
    run(&desk, "anna", &["status", a, "promised to pay"])
        .is(4, r#"did you mean "promise to pay"?"#);
    run(&desk, "gwen", &["status", a, "disputed"]).is(4, "there are: promise to pay");
    run(&desk, "anna", &["status", a, "--none", "--if-mine"]).is(0, "Bea has no status");
    assert_eq!(row(&desk, a)["status"], Value::Null);
    let of_carl = run(
        &desk,
        "gwen",
        &[
            "some",
            "--of",
            "anna",
            "--status",
            "promise to pay",
            "--dry-run",
        ],
    );
    of_carl.is(0, "Would hand back 1:\n");
}

#[test]
fn a_doctor_finds_all_in_order_or_says_what_to_do() {
    let desk = desk();
    let well = run(&desk, "anna", &["doctor"]);
    well.is(0, "A console works here");
    for says in [
        "ok    line      it answers in",
        "ok    you       the desk knows you as anna of Cardiff",
        "ok    version",
        "ok    clock",
        "ok    live",
    ] {
        assert!(well.out.contains(says), "{says}: {}", well.out);
    }
    let nowhere = ["doctor", "--desk", "unix:/nowhere/desk.sock"];
    run(&desk, "anna", &nowhere).is(69, "BAD   desk");
    let list = ["list", "--desk", "unix:/nowhere/desk.sock"];
    run(&desk, "anna", &list).is(69, "no desk listens at /nowhere/desk.sock");
    run(&desk, "gate", &["doctor"]).is(77, "permission `conversations`");
    let report = run(&desk, "anna", &["doctor", "--report"]);
    report.is(0, concat!("handback ", env!("CARGO_PKG_VERSION")));
    assert!(!report.out.contains("hb_"), "no token: {}", report.out);
}
