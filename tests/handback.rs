//! What our client of the contract says and understands, against a desk that says what it is told to.

mod canned;
mod newer;

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use canned::{Asked, Canned, Said, acted, detail, me, problem, row};
use handback::{
    desk::{
        Act, Answer, Desk, Event, EventStream, From, Many, ManyDeed, No, Query, Refused, Reply,
        Trouble, View, What,
        handback::{Handback, Options, Place},
        link::{self, News, Timing},
    },
    domain::{
        action::{Action, Deed, Expectation},
        id::{ConversationId, MessageId, OperationId, UserId},
        text::Safe,
    },
};

fn desk(canned: &Canned) -> Handback {
    Handback::new(Options {
        place: Place::Socket(canned.socket()),
        token: Some("hb_secret".into()),
        roots: None,
        console: Some("c-1".to_owned()),
    })
    .unwrap()
}

fn id(text: &str) -> ConversationId {
    ConversationId::parse(text).unwrap()
}

fn operation(text: &str) -> OperationId {
    OperationId::parse(text).unwrap()
}

fn unassign() -> Act {
    Act {
        operation: operation("op-1"),
        deed: Deed::Unassign,
        conversation: id("C1"),
        expected: Expectation::seen(Some(UserId::parse("anna").unwrap()), 7),
        reason: Some("lunch".to_owned()),
    }
}

#[tokio::test]
async fn reads_come_back_as_the_ports_types() {
    let page = format!(
        r#"{{"items": [{}], "next": "n", "as_of": 41, "counts": {{"mine": 1, "unassigned": 2, "all": 3}}}}"#,
        row("C1", "Bea\u{202e}Jones", Some("anna"))
    );
    let canned = Canned::table(vec![
        ("GET /v1/me", 200, me()),
        (
            "GET /v1/conversations/C1/messages",
            200,
            r#"{"items": []}"#.into(),
        ),
        (
            "GET /v1/conversations/C1",
            200,
            detail(&row("C1", "Bea", None)),
        ),
        ("GET /v1/conversations?", 200, page),
    ]);
    let desk = desk(&canned);
    let me = desk.me().await.unwrap();
    assert_eq!(me.actions, [Action::Unassign, Action::Take, Action::Reply]);
    assert!(me.conversations);
    let query = Query {
        view: View::Mine,
        filter: "be & a=1".to_owned(),
        from: From::Around(id("C1")),
        limit: 50,
        queue: None,
    };
    let page = desk.list(&query).await.unwrap();
    assert_eq!(page.rows[0].contact.name.as_str(), "Bea<U+202E>Jones");
    assert_eq!((page.as_of, page.counts.all), (41, 3));
    let detail = desk.conversation(&id("C1")).await.unwrap();
    assert_eq!(detail.actions.len(), Action::ALL.len());
    let of = |action| &detail.actions.iter().find(|(a, _)| *a == action).unwrap().1;
    assert_eq!(*of(Action::Unassign), Ok(()));
    assert_eq!(*of(Action::Take), Err(Safe::literal("a colleague has it")));
    assert_eq!(*of(Action::Close), Err(Safe::literal("not yet available")));
    desk.messages(&id("C1"), Some("m 1"), 10).await.unwrap();
    let asked: Vec<String> = canned.asked().into_iter().map(|asked| asked.what).collect();
    assert_eq!(
        asked[1],
        "GET /v1/conversations?view=mine&limit=50&q=be+%26+a%3D1&around=C1"
    );
    assert_eq!(
        asked[3],
        "GET /v1/conversations/C1/messages?limit=10&before=m+1"
    );
    assert_eq!(
        canned.asked()[0].header("authorization"),
        Some("Bearer hb_secret")
    );
}

#[tokio::test]
async fn r20_an_act_carries_id_expectation_and_operation() {
    let canned = Canned::table(vec![(
        "POST /v1/conversations/C1/unassign",
        200,
        acted("done", &row("C1", "Bea", None)),
    )]);
    let Answer::Done(Some(row)) = desk(&canned).act(&unassign()).await else {
        panic!("it was done");
    };
    assert_eq!(row.assignee, None);
    let asked: &Asked = &canned.asked()[0];
    assert_eq!(asked.header("idempotency-key"), Some("op-1"));
    let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"expected_assignee": "anna", "expected_version": 7, "reason": "lunch"})
    );
}

#[tokio::test]
async fn r21_a_broken_line_is_unknown_and_asking_again_finds_out() {
    let tries = AtomicU32::new(0);
    let canned = Canned::new(move |_| match tries.fetch_add(1, Relaxed) {
        0 => Said::Bytes(Vec::new()),
        1 => Said::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"outcome\"".to_vec()),
        _ => Said::Json(200, acted("done", "null")),
    });
    let desk = desk(&canned);
    assert!(matches!(desk.act(&unassign()).await, Answer::Unknown(_)));
    assert!(matches!(desk.act(&unassign()).await, Answer::Unknown(_)));
    assert_eq!(desk.act(&unassign()).await, Answer::Done(None));
    let keys = canned
        .asked()
        .iter()
        .map(|a| a.header("idempotency-key").map(str::to_owned))
        .collect::<Vec<_>>();
    assert!(
        keys.iter().all(|key| key.as_deref() == Some("op-1")),
        "{keys:?}"
    );
}

#[tokio::test]
async fn a_reply_says_what_its_writer_had_seen_and_a_colleagues_word_between_is_crossed() {
    let canned = Canned::table(vec![(
        "POST /v1/conversations/C1/messages",
        409,
        problem(409, "crossed", ""),
    )]);
    let reply = Reply {
        operation: operation("op-2"),
        conversation: id("C1"),
        body: "Hello\n".to_owned(),
        expected_assignee: Some(None),
        seen: Some(MessageId::parse("m9").unwrap()),
    };
    let answer = desk(&canned).send(&reply).await;
    let Answer::Refused(Refused {
        kind: No::Crossed,
        why,
    }) = answer
    else {
        panic!("{answer:?}");
    };
    assert_eq!(why.as_str(), "In detail.");
    let body: serde_json::Value = serde_json::from_str(&canned.asked()[0].body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"body": "Hello\n", "expected_assignee": null, "seen": "m9"})
    );
}

#[tokio::test]
async fn r24_each_of_many_has_its_own_answer() {
    let results = format!(
        r#"{{"operation": "op-3", "results": [{{"id": "C1", "outcome": "done"}},
        {{"id": "C2", "outcome": "conflict", "conversation": {}}},
        {{"id": "C3", "outcome": "refused", "reason": "not_yours"}}, {{"id": "C4", "outcome": "not_found"}}]}}"#,
        row("C2", "Bo", Some("ben"))
    );
    let canned = Canned::table(vec![("POST /v1/unassign", 200, results)]);
    let many = Many {
        operation: operation("op-3"),
        deed: ManyDeed::Unassign,
        items: ["C1", "C2", "C3", "C4"]
            .map(|c| (id(c), Expectation::default()))
            .into(),
        reason: None,
        if_quiet: false,
    };
    let answers = desk(&canned).act_on_many(&many).await.unwrap();
    assert_eq!(answers[0], (id("C1"), Answer::Done(None)));
    assert!(matches!(&answers[1].1, Answer::Taken(Some(row)) if row.assignee.is_some()));
    assert!(matches!(&answers[2].1, Answer::Refused(refused) if refused.kind == No::Rule));
    assert!(matches!(&answers[3].1, Answer::Refused(refused) if refused.kind == No::NotFound));
}

#[tokio::test]
async fn every_refusal_of_a_read_is_its_own_trouble() {
    let canned = Canned::new(|asked| match asked.what.rsplit('/').next() {
        Some("S401") => Said::Json(401, problem(401, "unauthorized", "")),
        Some("S429") => {
            Said::Bytes(b"HTTP/1.1 429 X\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n".to_vec())
        }
        Some("S302") => Said::Bytes(
            b"HTTP/1.1 302 X\r\nlocation: http://elsewhere/\r\ncontent-length: 0\r\n\r\n".to_vec(),
        ),
        Some("S500") => Said::Json(500, "<b>oh</b>".into()),
        Some("S200") => Said::Json(200, r#"{"conversation": 3}"#.into()),
        _ => Said::Json(404, problem(404, "not_found", "")),
    });
    let desk = desk(&canned);
    let trouble = async |text: &str| desk.conversation(&id(text)).await.unwrap_err();
    assert_eq!(
        trouble("S401").await,
        Trouble::NotSignedIn(Safe::literal("In detail."))
    );
    assert_eq!(trouble("S429").await, Trouble::Busy(Duration::from_secs(7)));
    assert_eq!(trouble("S404").await, Trouble::NotFound);
    assert!(matches!(trouble("S500").await, Trouble::Unreachable(_)));
    assert!(matches!(trouble("S200").await, Trouble::Refused(_)));
    // R42: a token does not follow a redirect.
    assert!(matches!(trouble("S302").await, Trouble::Refused(_)));
    assert_eq!(canned.asked().len(), 6);
}

/// All that a stream of these bytes brings, and how it ends.
async fn heard(stream: &str) -> (Vec<Event>, Trouble) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let bytes = format!("{head}{stream}").into_bytes();
    let canned = Canned::new(move |_| Said::Bytes(bytes.clone()));
    let mut events = desk(&canned).events(Some(40)).await.unwrap();
    assert_eq!(
        canned.asked()[0].what,
        "GET /v1/events?after=40&console=c-1"
    );
    let mut all = Vec::new();
    loop {
        match events.next().await {
            Ok(event) => all.push(event),
            Err(trouble) => return (all, trouble),
        }
    }
}

#[tokio::test]
async fn r31_events_come_in_order_with_their_cursors() {
    let row = row("C1", "Bea", None).replace('\n', "");
    let (events, end) = heard(&format!(
        "event: conversation\nid: 41\ndata: {row}\n\nid: 42\nevent: of the future\ndata: {{}}\n\n\
         event: counts\ndata: {{\"all_queues\": {{\"mine\":0,\"unassigned\":1,\"all\":1}}, \"queues\": []}}\n\n\
         id: 43\n: alive\n\nevent: gone\nid: 44\ndata: {{\"id\": \"C2\"}}\n\nid: 45\nevent: reset\ndata: {{}}\n\n"
    ))
    .await;
    let cursors: Vec<_> = events
        .iter()
        .map(|event| event.cursor)
        .filter(Option::is_some)
        .collect();
    assert_eq!(cursors, [Some(41), Some(42), Some(43), Some(44), Some(45)]);
    let told: Vec<_> = events
        .iter()
        .filter(|event| event.what != What::Alive)
        .map(|e| &e.what)
        .collect();
    assert!(matches!(told[0], What::Row(row) if row.id == id("C1")));
    assert!(matches!(told[1], What::Counts { all_queues, .. } if all_queues.all == 1));
    assert_eq!(*told[2], What::Gone(id("C2")));
    assert_eq!(*told[3], What::Reset);
    assert!(matches!(end, Trouble::Unreachable(_)));
}

#[tokio::test]
async fn r36_a_desk_that_closes_says_when_to_come_back() {
    let (_, end) = heard("retry: 2500\n\n").await;
    assert_eq!(end, Trouble::Busy(Duration::from_millis(2500)));
}

#[tokio::test]
async fn what_is_no_stream_of_events_ends_it_with_the_reason() {
    let huge = format!("event: gone\ndata: {}", "x".repeat(3 << 20));
    for (stream, says) in [
        (
            "event: gone\nid: 1\ndata: {\"id\":\n\n",
            "not of the contract",
        ),
        (
            "event: gone\nid: one\ndata: {\"id\": \"C1\"}\n\n",
            "not of the contract",
        ),
        (
            "event: gone\ndata: {\"id\": \"no id at all\"}\n\n",
            "not of the contract",
        ),
        (&huge, "more than 1 MiB"),
    ] {
        let (_, end) = heard(stream).await;
        assert!(
            matches!(&end, Trouble::Refused(why) if why.as_str().contains(says)),
            "{end:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_no_stream_is_not_read_as_one() {
    let canned = Canned::table(vec![(
        "GET /v1/events",
        401,
        problem(401, "unauthorized", ""),
    )]);
    let refused = desk(&canned).events(None).await;
    assert!(matches!(refused, Err(Trouble::NotSignedIn(_))));
}

#[tokio::test]
async fn r17_a_link_comes_back_by_itself_and_misses_nothing() {
    let streams = AtomicU32::new(0);
    let canned = Canned::new(move |_| {
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        let gone = |id| format!("event: gone\nid: {id}\ndata: {{\"id\": \"C{id}\"}}\n\n");
        Said::Bytes(match streams.fetch_add(1, Relaxed) {
            0 => format!("{head}{}", gone(41)).into_bytes(),
            1 => b"HTTP/1.1 502 X\r\ncontent-length: 0\r\n\r\n".to_vec(),
            _ => format!("{head}{}", gone(42)).into_bytes(),
        })
    });
    let desk = desk(&canned);
    let (tell, mut news) = tokio::sync::mpsc::channel(4);
    let timing = Timing {
        draw: |_| Duration::ZERO,
        ..Timing::default()
    };
    let kept = tokio::spawn(async move { link::keep(&desk, Some(40), tell, timing).await });
    let mut gone = Vec::new();
    let mut told = Vec::new();
    while gone.len() < 2 {
        match news.recv().await.unwrap() {
            News::Event(event) => gone.push(event.cursor.unwrap()),
            News::Live => told.push("live"),
            News::Lost { .. } | News::ShutOut { .. } => told.push("lost"),
            News::Reset => panic!("nothing is void"),
        }
    }
    assert_eq!(gone, [41, 42]);
    assert_eq!(told, ["live", "lost", "lost", "live"], "each reason once");
    let asked: Vec<String> = canned
        .asked()
        .into_iter()
        .take(3)
        .map(|asked| asked.what)
        .collect();
    let after = |cursor| format!("GET /v1/events?after={cursor}&console=c-1");
    assert_eq!(asked, [after(40), after(41), after(41)]);
    drop(news);
    kept.await.unwrap();
}
