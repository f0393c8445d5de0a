//! R35: how much of a desk one side may use. What holds against thousands at once is in `tests/steady`.

use std::time::{Duration, Instant};

use handback::server::{Limits, Options};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{desk::Desk, figure::figure, guest::said, on_both};

#[test]
fn r35_the_limits_are_those_promised() {
    let limits = Limits::default();
    let seconds = [limits.head, limits.body, limits.idle].map(|time| time.as_secs());
    assert_eq!(seconds, [5, 10, 60]);
    assert_eq!(
        (limits.requests, limits.burst, limits.streams),
        (100, 400, 8)
    );
    assert!(
        limits.strangers < limits.connections / 2,
        "room is kept for those who are known"
    );
    assert!(limits.strangers_of_one_origin < limits.strangers);
    // Eight streams, and as many again for everything else; and no user has all there are.
    assert!(
        limits.connections_of_one_user >= 16 && limits.connections_of_one_user < limits.connections
    );
}

async fn desk_with(limits: Limits) -> Desk {
    let options = Options {
        limits,
        ..Options::default()
    };
    Desk::sqlite_with(options).await
}

/// What comes until the desk hangs up, and after how long it does.
async fn until_hung_up(line: &mut TcpStream) -> (String, Duration) {
    let (begun, mut said) = (Instant::now(), Vec::new());
    let read = line.read_to_end(&mut said);
    let patience = Duration::from_secs(20); // Only ever waited for by a test that fails.
    // A reset is hanging up too.
    let _ = tokio::time::timeout(patience, read)
        .await
        .expect("the desk hangs up");
    (String::from_utf8_lossy(&said).into_owned(), begun.elapsed())
}

fn is_about(took: Duration, limit: Duration) {
    assert!(
        took >= limit * 9 / 10 && took < limit + Duration::from_secs(5),
        "{took:?} for {limit:?}"
    );
}

fn asks_me(token: &str) -> String {
    format!("GET /v1/me HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {token}\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r35_an_idle_line_and_half_a_head_and_half_a_body_are_each_given_up_in_time() {
    let limits = Limits {
        head: Duration::from_millis(400),
        body: Duration::from_millis(600),
        idle: Duration::from_millis(900),
        ..Limits::default()
    };
    let desk = desk_with(limits).await;
    let connect = async || TcpStream::connect(desk.host()).await.unwrap();
    let asks = asks_me(&desk.token("anna").await);

    let (mut silent, mut after_one) = (connect().await, connect().await);
    after_one.write_all(asks.as_bytes()).await.unwrap();
    let ((nothing, first), (answer, second)) =
        tokio::join!(until_hung_up(&mut silent), until_hung_up(&mut after_one));
    assert_eq!(nothing, "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    is_about(first, limits.idle);
    is_about(second, limits.idle);
    figure(
        "idle connection closed, limit 900 ms",
        format!("{} ms", second.as_millis()),
    );

    // One byte at a time is no progress: it is the whole head that counts. Nor is it an idle line, which this desk keeps.
    let limits = Limits {
        idle: Duration::from_secs(30),
        ..limits
    };
    let desk = desk_with(limits).await;
    let connect = async || TcpStream::connect(desk.host()).await.unwrap();
    let asks = asks_me(&desk.token("anna").await);
    let mut slow = connect().await;
    let begun = Instant::now();
    let mut sent = 0;
    for byte in asks.bytes().cycle() {
        if slow.write_all(&[byte]).await.is_err() || begun.elapsed() > limits.head * 20 {
            break;
        }
        sent += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        if sent + 4 >= asks.len() {
            break;
        }
    }
    let (said, _) = until_hung_up(&mut slow).await;
    assert_eq!(said, "");
    is_about(begun.elapsed(), limits.head);
    figure(
        "slow head given up, limit 400 ms",
        format!("{} ms", begun.elapsed().as_millis()),
    );

    let mut slow = connect().await;
    let head = asks.replace("GET /v1/me", "POST /v1/undo").replace(
        "\r\n\r\n",
        "\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n",
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let begun = Instant::now();
    let (mut reads, mut writes) = slow.into_split();
    let writing = tokio::spawn(async move {
        while writes.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut said = Vec::new();
    let _ = reads.read_to_end(&mut said).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(
        said.starts_with("HTTP/1.1 408") && said.contains("/problems/too-slow"),
        "{said}"
    );
    is_about(begun.elapsed(), limits.body);
    figure(
        "slow body given up, limit 600 ms",
        format!("{} ms", begun.elapsed().as_millis()),
    );
    writing.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r35_a_body_has_a_mebibyte_and_a_head_sixteen_kibibytes() {
    let desk = Desk::sqlite().await;
    let anna = desk.client("anna").await;
    let undo = |body: Vec<u8>| {
        anna.request(Method::POST, "/v1/undo")
            .header("content-type", "application/json")
            .body(body)
    };
    let mut fits = br#"{"operation": "x"}"#.to_vec();
    fits.resize(1 << 20, b' ');
    assert_eq!(said(undo(fits.clone())).await.status, 200);
    fits.push(b' ');
    said(undo(fits)).await.is_problem(413, "too-large");
    let with = |bytes: usize| {
        anna.request(Method::GET, "/v1/me")
            .header("x-more", "x".repeat(bytes))
    };
    assert_eq!(said(with(15 * 1024)).await.status, 200);
    assert_eq!(said(with(17 * 1024)).await.status, 431);
}

on_both! {
    /// By user: a colleague from the same address is not made to wait.
    async fn r35_each_user_asks_so_much_and_is_told_when_to_ask_again(desk) {
        let limits = Limits { requests: 2, burst: 40, ..Limits::default() };
        let desk = desk.limited(limits).await;
        let id = desk.customer("Payments", "+441", "Hello?").await;
        let (anna, also_anna, ben) = (desk.client("anna").await, desk.client("anna").await, desk.client("ben").await);
        let begun = Instant::now();
        let mut asked = 0;
        let refused = loop {
            let said = anna.get("/v1/me").await;
            asked += 1;
            if said.status != 200 {
                break said;
            }
            assert!(asked < 2_000, "nobody stops her");
        };
        let steady = 2 * begun.elapsed().as_millis() / 1000;
        assert!(asked > 40 && asked as u128 <= 42 + steady, "{asked} in {:?}", begun.elapsed());
        refused.is_problem(429, "too-many");
        assert_eq!(refused.headers["retry-after"], "1");
        // With another token she is the same user, in whatever she asks; and nothing is done.
        loop {
            let head = desk.store.head().await.unwrap();
            let act = also_anna.act(&id, "take").await;
            if act.status == 429 {
                act.is_problem(429, "too-many");
                assert_eq!(desk.store.head().await.unwrap(), head);
                break;
            }
        }
        assert_eq!(ben.get("/v1/me").await.status, 200);
        // Who does as told is answered.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(anna.get("/v1/me").await.status, 200);
        let kind = desk.kind();
        figure(&format!("on {kind}: answered at once, of a burst of 40"), asked - 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r35_each_user_has_eight_streams_and_a_console_comes_back_in_its_own_place() {
    let desk = desk_with(Limits::default()).await;
    let (anna, ben) = (desk.client("anna").await, desk.client("ben").await);
    let mut streams = Vec::new();
    for n in 0..8 {
        let mut events = anna.events(&format!("console=c{n}")).await;
        events.next(&["counts"]).await;
        streams.push(events);
    }
    let ninth = anna.get("/v1/events?console=c8").await;
    ninth.is_problem(429, "too-many");
    assert_eq!(ninth.headers["retry-after"], "20");
    let mut bens = ben.events("console=b").await;
    bens.next(&["counts"]).await;
    let mut again = anna.events("console=c3").await;
    again.next(&["counts"]).await;
    streams.remove(3).rest().await; // It ends by itself.
    anna.get("/v1/events?console=c8")
        .await
        .is_problem(429, "too-many");
    drop(streams.pop());
    desk.until(async || desk.consoles.count() == 8).await; // Seven of anna's, one of ben's.
    let mut ninth = anna.events("console=c8").await;
    ninth.next(&["counts"]).await;
}

on_both! {
    /// By user: a colleague, and an event stream, keep what they have.
    async fn r35_each_user_has_so_many_connections_and_their_longest_silent_one_makes_room(desk) {
        let limits = Limits { connections_of_one_user: 4, ..Limits::default() };
        let desk = desk.limited(limits).await;
        let (anna, ben) = (desk.token("anna").await, desk.token("ben").await);
        let mut events = desk.client("anna").await.events("console=a").await;
        events.next(&["counts"]).await;
        let mut bens = asked_on(TcpStream::connect(desk.host()).await.unwrap(), &ben).await.0;
        let mut lines = Vec::new();
        for _ in 0..20 {
            let (line, status) = asked_on(TcpStream::connect(desk.host()).await.unwrap(), &anna).await;
            assert_eq!(status, 200, "the newest is always let in");
            lines.push(line);
        }
        let kept = lines.split_off(17); // With the stream four.
        for line in &mut lines {
            assert_eq!(until_hung_up(line).await.0, "");
        }
        figure(&format!("on {}: of 20 connections of one user, 3 allowed beside a stream, closed", desk.kind()), lines.len());
        for line in kept {
            assert_eq!(asked_on(line, &anna).await.1, 200);
        }
        bens = asked_on(bens, &ben).await.0;
        let id = desk.customer("Payments", "+441", "Hello?").await;
        assert_eq!(events.news().await.data["conversation"]["id"], json!(id), "the stream is still open");
        // Where all are busy nothing is done, and it is said.
        let mut streams = Vec::new();
        for n in 0..3 {
            let mut events = desk.client("anna").await.events(&format!("console=b{n}")).await;
            events.next(&["counts"]).await;
            streams.push(events);
        }
        let crowded = desk.client("anna").await;
        let head = desk.store.head().await.unwrap();
        let refused = crowded.act(&id, "take").await;
        refused.is_problem(429, "too-many");
        assert_eq!(refused.headers["retry-after"], "1");
        assert_eq!(desk.store.head().await.unwrap(), head, "nothing was done");
        assert_eq!(asked_on(bens, &ben).await.1, 200);
        drop(streams.pop());
        desk.until(async || crowded.get("/v1/me").await.status == 200).await;
    }
}

/// Asks who one is on a line that stays open; what it came to.
async fn asked_on(mut line: TcpStream, token: &str) -> (TcpStream, u16) {
    line.write_all(asks_me(token).as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let (head, body) = loop {
        assert!(line.read_buf(&mut said).await.unwrap() > 0, "{said:?}");
        let text = String::from_utf8_lossy(&said).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if length.is_none_or(|length| length.parse() == Ok(body.len())) {
            break (head.to_owned(), body.to_owned());
        }
    };
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (line, status.unwrap_or_else(|| panic!("{head} {body}")))
}

/// Who is known has their line kept, whoever else comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r35_strangers_make_room_for_strangers_and_not_those_who_are_known() {
    let limits = Limits {
        connections: 40,
        strangers: 20,
        strangers_of_one_origin: 10,
        first_words: Duration::ZERO,
        ..Limits::default()
    };
    let desk = desk_with(limits).await;
    let anna = desk.client("anna").await;
    let mut events = anna.events("console=a").await;
    events.next(&["counts"]).await;
    // One that asked something, and is as silent since as the strangers are.
    let token = desk.token("ben").await;
    let (known, _) = asked_on(TcpStream::connect(desk.host()).await.unwrap(), &token).await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(desk.host()).await.unwrap());
    }
    // Anybody new is let in, and the longest silent one has left for them.
    assert_eq!(desk.client("ben").await.get("/v1/me").await.status, 200);
    assert_eq!(until_hung_up(&mut silent[0]).await.0, "");
    let mut left = 0;
    for line in &mut silent {
        let mut byte = [0];
        let gone = tokio::time::timeout(Duration::from_millis(1), line.read(&mut byte)).await;
        left += usize::from(gone.is_ok());
    }
    assert!(left >= 89, "of 100 only {left} had to leave");
    figure(
        "of 100 silent connections of one address, 10 allowed, closed",
        left,
    );
    assert_eq!(asked_on(known, &token).await.1, 200);
    assert_eq!(anna.get("/v1/me").await.status, 200);
    let id = desk.customer("Payments", "+441", "Hello?").await;
    let heard = events.news().await;
    assert_eq!(
        heard.data["conversation"]["id"],
        json!(id),
        "the stream is still open"
    );
}
