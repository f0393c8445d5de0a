//! R36: told to stop with streams open, a desk says to each when to come back, finishes what was asked, and is gone in
//! time, with nothing wrong.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    asking::{Asker, said},
    figure::figure,
    many, raise_the_limit_of_files,
    served::{Served, TEAM},
    support::{self, Database},
};

/// How long a desk may take to be gone.
const GONE: Duration = Duration::from_secs(12);

fn stops(database: Database) {
    raise_the_limit_of_files();
    let streams = many("HANDBACK_STREAMS", 80);
    // Nobody has more than eight.
    let people: Vec<_> = (0..streams.div_ceil(8))
        .map(|n| format!("advisor{n}"))
        .collect();
    let entries = people.iter().map(|name| {
        format!("\n[[user]]\nusername = {name:?}\nname = {name:?}\norganisation = \"Cardiff\"\nrole = \"advisor\"")
    });
    let mut desk = Served::of(database, TEAM);
    desk.apply(&with_tables(TEAM, &entries.collect::<String>()));
    let tokens = desk.tokens(&people);
    let id = desk.customer("Zoë Jones", "Can I pay later?");
    let mut open = Vec::new();
    for n in 0..streams {
        let mut line = TcpStream::connect(desk.address()).expect("a line");
        line.set_read_timeout(Some(Duration::from_secs(60)))
            .expect("patience");
        let token = &tokens[n / 8];
        write!(line, "GET /v1/events?console=c{n} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {token}\r\n\r\n")
            .expect("asked");
        let mut line = BufReader::new(line);
        let mut first = String::new();
        line.read_line(&mut first).expect("an answer");
        assert!(first.contains("200"), "stream {n}: {first}");
        while !first.contains("event: counts") {
            first.clear();
            assert_ne!(line.read_line(&mut first).expect("it goes on"), 0);
        }
        open.push(line);
    }

    // One request is half asked when the order comes, and one line is idle.
    let anna = Asker::new(&desk, "anna");
    let mut asking = TcpStream::connect(desk.address()).expect("a line");
    let body = r#"{"body": "Yes, you can."}"#;
    let head = anna.head("POST", &format!("/v1/conversations/{id}/messages"));
    write!(
        asking,
        "{head}content-length: {}\r\n\r\n{}",
        body.len(),
        &body[..10]
    )
    .expect("half asked");
    let _idle = TcpStream::connect(desk.address()).expect("a line");
    assert_eq!(anna.get("/readyz").status, 204);

    let begun = Instant::now();
    desk.told(Signal::TERM);
    crate::until("not ready any more", || {
        let Ok(mut line) = TcpStream::connect(desk.address()) else {
            return true;
        };
        let _ = write!(
            line,
            "GET /readyz HTTP/1.1\r\nhost: desk\r\nconnection: close\r\n\r\n"
        );
        let mut answer = String::new();
        line.read_to_string(&mut answer).is_err() || !answer.contains(" 204 ")
    });
    let unready = begun.elapsed();
    asking.write_all(&body.as_bytes()[10..]).expect("the rest");
    let mut answer = String::new();
    asking.read_to_string(&mut answer).expect("an answer");
    assert_eq!(said(&answer).expect("an answer").status, 201, "{answer}");

    let mut waits = BTreeSet::new();
    for line in &mut open {
        let mut rest = String::new();
        line.read_to_string(&mut rest).expect("the stream's end");
        let wait = rest
            .split("retry: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        waits.insert(
            wait.expect("when to come back")
                .parse::<u64>()
                .expect("a time"),
        );
    }
    assert!(
        waits.len() > streams / 2,
        "each at a moment of its own: {waits:?}"
    );
    assert!(
        waits.last().expect("a wait") - waits.first().expect("a wait") > 2_500,
        "{waits:?}"
    );
    let ended = desk.ends();
    let gone = begun.elapsed();
    assert_eq!(ended.code(), Some(0), "{}", desk.log());
    assert!(gone < GONE, "{gone:?}");
    let name = desk.name();
    figure(
        &format!("{name}, {streams} streams open: not ready"),
        format!("{} ms", unready.as_millis()),
    );
    figure(
        &format!("{name}, {streams} streams open: gone, exit 0"),
        format!("{} ms", gone.as_millis()),
    );

    // What was half asked is done.
    desk.serve();
    assert_eq!(desk.holder(&id).0.as_deref(), Some("anna"));
}

/// A team of inline tables cannot have more tables of the same name: its people are written out.
fn with_tables(team: &str, entries: &str) -> String {
    let (before, rest) = team.split_once("user = [").expect("people");
    let (people, after) = rest.split_once("\n]").expect("their end");
    let tables = people.lines().filter_map(|line| {
        let entry = line
            .trim()
            .trim_end_matches(',')
            .strip_prefix('{')?
            .strip_suffix('}')?;
        Some(format!("\n[[user]]\n{}", entry.trim().replace(", ", "\n")))
    });
    format!("{before}{after}{}{entries}\n", tables.collect::<String>())
}

#[test]
fn r36_told_to_stop_with_streams_open_it_is_gone_in_time_on_sqlite() {
    stops(support::sqlite());
}

#[test]
fn r36_told_to_stop_with_streams_open_it_is_gone_in_time_on_postgres() {
    if let Some(database) = support::postgres() {
        stops(database);
    }
}

/// Whoever neither reads nor finishes what they ask is waited for no longer than the rest.
#[test]
fn r36_who_stalls_does_not_keep_a_desk_from_stopping() {
    let desk = Served::start(support::sqlite());
    let anna = Asker::new(&desk, "anna");
    let mut half = TcpStream::connect(desk.address()).expect("a line");
    write!(
        half,
        "{}content-length: 100\r\n\r\n{{",
        anna.head("POST", "/v1/undo")
    )
    .expect("half asked");
    let mut head = TcpStream::connect(desk.address()).expect("a line");
    write!(head, "{}", anna.head("GET", "/v1/me")).expect("half a head");
    let mut unread = TcpStream::connect(desk.address()).expect("a line");
    for _ in 0..40 {
        write!(unread, "{}\r\n", anna.head("GET", "/openapi.json")).expect("asked and never read");
    }
    crate::until("it answers", || anna.get("/healthz").status == 204);
    let begun = Instant::now();
    desk.told(Signal::TERM);
    let ended = desk.ends();
    let gone = begun.elapsed();
    assert_eq!(ended.code(), Some(0), "{}", desk.log());
    assert!(gone < GONE, "{gone:?}");
    figure(
        "with half a body, half a head and an unread answer open: gone, exit 0",
        format!("{} ms", gone.as_millis()),
    );
}
