//! Being told to stop, with consoles listening (R36), and going on where one was.

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r36_streams_are_told_when_to_come_back_and_requests_are_finished() {
    let mut desk = Desk::sqlite().await;
    let anna = desk.client("anna").await;
    let id = desk.customer("Payments", "+441", "Hello?").await;
    let mut streams = Vec::new();
    for n in 0..50 {
        let mut events = anna.events(&format!("console=c{n}")).await;
        events.next(&["counts"]).await;
        streams.push(events);
    }
    assert_eq!(desk.consoles.count(), 50);
    let socket = desk.socket.clone();
    let begun = std::time::Instant::now();
    desk.begin_to_stop();
    let mut waits = std::collections::BTreeSet::new();
    for events in &mut streams {
        let last = events.rest().await.pop().expect("a last word");
        waits.insert(last.retry.expect("when to come back"));
    }
    assert!(waits.len() > 10, "at a random moment each: {waits:?}");
    desk.stopped().await;
    eprintln!("R36: stopped with 50 streams open in {:?}", begun.elapsed());
    assert!(!socket.exists(), "the socket is taken away");
    assert!(
        desk.store
            .conversation(&id.parse().unwrap())
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        anna.request(reqwest::Method::GET, "/healthz")
            .send()
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_comes_back_goes_on_where_it_was() {
    let desk = Desk::sqlite().await;
    let id = desk.customer("Payments", "+441", "Hello?").await;
    let anna = desk.client("anna").await;
    let mut events = anna.events("").await;
    anna.act(&id, "take").await;
    let last = events.news().await.id.unwrap();
    anna.act(&id, "unassign").await;
    let desk = desk.restarted().await;
    let anna = desk.client("anna").await;
    let missed = anna.events(&format!("after={last}")).await.news().await;
    assert_eq!(
        (missed.kind.as_str(), missed.id),
        ("conversation", Some(last + 1))
    );
}
