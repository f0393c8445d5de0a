//! Being told to stop, with consoles listening (R36), and going on where one was.

use crate::desk::Desk;

/// As many as R36 promises.
const STREAMS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r36_streams_are_told_when_to_come_back_and_requests_are_finished() {
    raise_the_limit_of_files();
    let mut desk = Desk::sqlite().await;
    let anna = desk.client("anna").await;
    let id = desk.customer("Payments", "+441", "Hello?").await;
    let mut streams = Vec::new();
    for n in 0..STREAMS {
        let mut events = anna.events(&format!("console=c{n}")).await;
        events.next(&["counts"]).await;
        streams.push(events);
    }
    assert_eq!(desk.consoles.count(), STREAMS);
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
    let took = begun.elapsed();
    crate::figure::figure(
        &format!("stopped with {STREAMS} streams open"),
        format!("{} ms", took.as_millis()),
    );
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

/// Both ends of every stream are files of this one program.
fn raise_the_limit_of_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
}
