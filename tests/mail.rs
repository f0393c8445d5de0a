//! A conversation by mail, both ways: customers' mail through a real mail server and the example gateway to the desk, and
//! the desk's back, with what comes back as a delivery error.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures and skips are what it finds"
)]

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/gateway.rs"]
mod gateway;
#[path = "support/mail_server.rs"]
mod mail_server;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use mail_server::MailServer;
use serde_json::{Value, json};
use served::Served;

/// Where the example is.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/gateway")
}

/// A Python that can run the example; `None`, with a word on standard error, where there is none.
fn python() -> Option<Command> {
    let asked = Command::new("python3")
        .args(["-c", "import tomllib"])
        .stderr(Stdio::null())
        .status();
    if !asked.is_ok_and(|status| status.success()) {
        support::missing("python3 3.11");
        return None;
    }
    let mut python = Command::new("python3");
    python.arg("-B"); // nothing is left beside the example
    Some(python)
}

#[test]
fn the_examples_own_tests_pass() {
    let Some(mut python) = python() else { return };
    let ran = python
        .args(["-m", "unittest"])
        .current_dir(example())
        .output();
    let ran = ran.expect("python");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// The example, running.
struct Gateway {
    process: Child,
    address: String,
}

impl Gateway {
    fn start(mut python: Command, settings: &Path) -> Self {
        python.arg(example().join("mail.py")).arg(settings);
        let process = python.stderr(Stdio::piped()).spawn();
        let mut process = process.expect("the gateway");
        let said = BufReader::new(process.stderr.take().expect("its words"));
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                println!("gateway: {line}");
                if let Some((_, address)) = line.split_once("listening on http://") {
                    let _ = tell.send(address.to_owned());
                }
            }
        });
        let address = told.recv_timeout(Duration::from_secs(20));
        Self {
            process,
            address: address.expect("it listens"),
        }
    }
}

impl Drop for Gateway {
    /// kill -9.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until something is so.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(25), "never: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// The conversation with this customer, as Anna sees it, once it is as it should be.
fn row(desk: &Served, address: &str, is: impl Fn(&Value) -> bool) -> Value {
    until(address, || {
        let (status, page) = desk.ask("anna", "GET", "/v1/conversations", None);
        assert_eq!(status, 200, "{page}");
        let rows = page["items"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["contact"]["address"] == address);
        row.filter(|row| is(row)).cloned()
    })
}

fn reply(desk: &Served, row: &Value, body: &str) {
    let id = row["id"].as_str().expect("an id");
    let path = format!("/v1/conversations/{id}/messages");
    let (status, said) = desk.ask("anna", "POST", &path, Some(&json!({"body": body})));
    assert_eq!(status, 201, "{said}");
}

fn settings(desk: &Served, server: &MailServer, listen: &str) -> PathBuf {
    let [_, url, _, token] = desk.as_person("gate");
    let home = desk.account.home();
    let file = home.join("mail.toml");
    let secret = gateway::keep_secret(home);
    let text = format!(
        "desk = {url:?}\ntoken_file = {token:?}\nqueue = \"Payments\"\nchannel = \"Email\"\n\
         address = \"help@desk.test\"\nname = \"Example Help\"\nsubject = \"Your message to us\"\n\
         maildir = {:?}\nsmtp = \"127.0.0.1:{}\"\nlisten = {listen:?}\nsecret_file = {secret:?}\nstate = {:?}\n",
        server.maildir("help"),
        server.port(),
        home.join("state.db"),
    );
    fs::write(&file, text).expect("settings");
    file
}

fn deliver_to(desk: &Served, gateway: &Gateway) {
    let secret = desk.account.home().join("channel.secret");
    desk.apply(&format!(
        "[[channel]]\nname = \"Email\"\nkind = \"email\"\ndeliver_to = \"http://{}/\"\nsecret_file = {secret:?}\n",
        gateway.address
    ));
}

#[test]
fn p1_a_conversation_by_mail_goes_both_ways_and_what_comes_back_is_an_error() {
    let begun = Instant::now();
    let Some(first) = python() else { return };
    let Some(server) = MailServer::start(&["help", "zoe"], &["refused"]) else {
        return;
    };
    let desk = Served::start(support::sqlite());
    let file = settings(&desk, &server, "127.0.0.1:0");
    let gateway = Gateway::start(first, &file);
    deliver_to(&desk, &gateway);

    // In, and out again.
    let (zoe, gone, refused) = (
        "zoe@customers.test",
        "gone@customers.test",
        "refused@customers.test",
    );
    server.hands_in(
        zoe,
        "From: =?utf-8?q?Zo=C3=AB_Jones?= <Zoe@customers.test>\r\nTo: help@desk.test\r\nSubject: Bill\r\n\
         Message-ID: <1@customers.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCan I pay later?\r\n",
    );
    let asked = row(&desk, zoe, |_| true);
    assert_eq!(asked["contact"]["name"], "Zoë Jones");
    assert_eq!(asked["last_message"]["preview"], "Can I pay later?");
    reply(&desk, &asked, "Yes, you can.\n.\nOn Friday.");
    let delivered = json!({"state": "delivered"});
    row(&desk, zoe, |row| {
        row["last_message"]["delivery"] == delivered
    });
    let mail = until("her mail", || server.mail("zoe").pop());
    for line in [
        "From: \"Anna Webb, Example Help\" <help@desk.test>",
        "Subject: Re: Bill",
        "In-Reply-To: <1@customers.test>",
        "Return-path: <help@desk.test>",
    ] {
        assert!(mail.contains(&format!("{line}\n")), "{line}: {mail}");
    }
    assert!(mail.contains("\nYes, you can.\n.\nOn Friday."), "{mail}");
    server.hands_in(
        zoe,
        "From: zoe@customers.test\r\nSubject: Re: Bill\r\nMessage-ID: <2@customers.test>\r\n\r\nThank you\r\n",
    );
    let thanked = row(&desk, zoe, |row| {
        row["last_message"]["preview"] == "Thank you"
    });
    assert_eq!(thanked["id"], asked["id"], "the same conversation");

    // What the mail server takes and brings back, and what it does not even take.
    for (address, reason) in [(gone, "rejected"), (refused, "invalid_number")] {
        server.hands_in(
            address,
            &format!(
                "From: {address}\r\nMessage-ID: <{address}>\r\nSubject: Bill\r\n\r\nHello?\r\n"
            ),
        );
        let waits = row(&desk, address, |_| true);
        reply(&desk, &waits, "Yes?");
        let error = json!({"state": "error", "reason": reason});
        let row = row(&desk, address, |row| {
            row["last_message"]["delivery"] == error
        });
        assert_eq!(
            (&row["unanswered"], &row["since"]),
            (&json!(true), &waits["since"]),
            "L1"
        );
    }

    // Killed, and back: what was written meanwhile arrives, once.
    let address = gateway.address.clone();
    drop(gateway);
    reply(&desk, &thanked, "You are welcome.");
    let file = settings(&desk, &server, &address);
    let _gateway = Gateway::start(python().expect("as before"), &file);
    row(&desk, zoe, |row| {
        row["last_message"]["delivery"] == delivered
    });
    let mails = until("both", || {
        Some(server.mail("zoe")).filter(|mails| mails.len() == 2)
    });
    assert!(mails.iter().any(|mail| mail.contains("\nYou are welcome.")));
    println!(
        "mail both ways, a bounce, a refusal and a killed gateway: {:?}",
        begun.elapsed()
    );
}
