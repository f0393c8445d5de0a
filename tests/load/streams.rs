//! R31: many event streams open, and an act that all of them hear of: how long until the last one has it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, Interest},
    sync::mpsc,
};

use crate::{
    alone,
    figure::figure,
    many, raise_the_limit_of_files,
    rates::Client,
    served::Served,
    spread,
    support::{self, Database, dice::Dice},
    team,
};

/// Nobody has more than eight; these have five each, of 20 to 200 people.
const EACH: usize = 5;

/// What one stream heard: an event's cursor, and when.
struct Heard {
    cursor: u64,
    at: Instant,
}

/// Opens a stream and waits until it goes.
fn open(desk: &Served, token: &str, nth: usize) -> TcpStream {
    let mut line = TcpStream::connect(desk.address()).expect("a line");
    line.set_read_timeout(Some(Duration::from_secs(60)))
        .expect("patience");
    write!(
        line,
        "GET /v1/events?console=load-{nth} HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {token}\r\n\r\n"
    )
    .expect("asked");
    let mut said = BufReader::new(line.try_clone().expect("a line"));
    let mut first = String::new();
    said.read_line(&mut first).expect("an answer");
    assert!(first.contains("200"), "stream {nth}: {first}");
    while !first.contains("event: counts") {
        first.clear();
        assert_ne!(said.read_line(&mut first).expect("it goes on"), 0);
    }
    // The rest of these counts.
    while first.trim() != "" {
        first.clear();
        said.read_line(&mut first).expect("it goes on");
    }
    let mut rest = vec![0; said.buffer().len()];
    said.read_exact(&mut rest).expect("it was read");
    line
}

/// Tells of each event of this stream that has a cursor.
async fn listens(line: TcpStream, tell: mpsc::UnboundedSender<Heard>) {
    line.set_nonblocking(true).expect("a line");
    let mut line = tokio::net::TcpStream::from_std(line).expect("a line");
    let mut bytes = Vec::with_capacity(16 * 1024);
    while line.ready(Interest::READABLE).await.is_ok() {
        match line.read_buf(&mut bytes).await {
            Ok(1..) => {}
            _ => return,
        }
        let at = Instant::now();
        let mut done = 0;
        while let Some(end) = bytes[done..].iter().position(|byte| *byte == b'\n') {
            let cursor = bytes[done..done + end]
                .strip_prefix(b"id: ")
                .and_then(|digits| std::str::from_utf8(digits).ok()?.trim().parse().ok());
            if let Some(cursor) = cursor
                && tell.send(Heard { cursor, at }).is_err()
            {
                return;
            }
            done += end + 1;
        }
        bytes.drain(..done);
    }
}

fn all_hear(database: Database) {
    let _alone = alone();
    raise_the_limit_of_files();
    let streams = many("HANDBACK_STREAMS", 40);
    let rounds = many("HANDBACK_ROUNDS", 10);
    let people: Vec<_> = (0..streams.div_ceil(EACH))
        .map(|n| format!("u{n}"))
        .collect();
    let mut desk = Served::of(database, &team(people.len()));
    let tokens = desk.tokens(&people);
    let id = desk.customer("Zoë Jones", "Can I pay later?");
    let mut anna = Client::new(&desk, &desk.token("anna"));
    let lines: Vec<_> = (0..streams)
        .map(|n| open(&desk, &tokens[n / EACH], n))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let (tell, mut told) = mpsc::unbounded_channel();
    let tell = Arc::new(tell);
    for line in lines {
        runtime.spawn(listens(line, (*tell).clone()));
    }
    let mut dice = Dice::new(31);
    let (mut asked_until, mut answered_until, mut newest) = (Vec::new(), Vec::new(), 0);
    for round in 0..rounds {
        // Counts follow, twice a second at most: acts come among them, as in life.
        std::thread::sleep(Duration::from_millis(dice.below(700)));
        // Those who see it no more hear of that, the others see whose it is.
        let verb = if round % 2 == 0 { "take" } else { "unassign" };
        let asked = Instant::now();
        let status = anna.act(&id, verb, &format!("all-hear-{round}"));
        let answered = Instant::now();
        assert_eq!(status, 200);
        let (mut hear, mut last, mut cursor) = (0, asked, 0);
        while hear < streams {
            let waited = runtime.block_on(async {
                tokio::time::timeout(Duration::from_secs(30), told.recv()).await
            });
            let heard = waited.expect("all hear of it").expect("they listen");
            if heard.cursor > newest {
                assert!(
                    cursor == 0 || cursor == heard.cursor,
                    "one act is one event"
                );
                cursor = heard.cursor;
                last = last.max(heard.at);
                hear += 1;
            }
        }
        newest = cursor;
        asked_until.push(last - asked);
        answered_until.push(last.saturating_duration_since(answered));
    }
    let what = |of: &str| {
        format!(
            "{streams} streams of {} people, {}, {of}",
            people.len(),
            desk.name()
        )
    };
    figure(
        &what("an act asked for until the last one has it"),
        spread(&asked_until),
    );
    figure(
        &what("an act answered until the last one has it"),
        spread(&answered_until),
    );
}

#[test]
fn r31_all_streams_hear_of_an_act_on_sqlite() {
    all_hear(support::sqlite());
}

#[test]
fn r31_all_streams_hear_of_an_act_on_postgres() {
    if let Some(database) = support::postgres() {
        all_hear(database);
    }
}
