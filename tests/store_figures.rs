//! Figures, not promises: how long things take on a large desk. Run by hand, in release:
//! `cargo test --release --test store_figures -- --ignored --nocapture`.

#![allow(clippy::print_stdout, reason = "figures are printed")]

mod million;
mod support;

use std::time::{Duration, Instant};

use handback::{
    domain::{
        action::{Deed, Expectation},
        conversation::State,
        id::{QueueId, UserId},
        message::Direction,
        moment::Moment,
        person::Person,
        search::Search,
    },
    server::store::{
        FIND_WITHIN, FindQuery, Found, From, Item, ListQuery, MANY, ManyDeed, Operation, Outcome,
        SeedConversation, Store, View,
    },
};
use support::{
    databases,
    desk::{all, apply, conversation, message, person},
};

const QUEUES: u32 = 50;
const ADVISORS: u32 = 200;

/// A head office over 10 teams of 20 advisors, and queues of two teams each.
fn large_team() -> String {
    let mut text = String::from(
        "[[role]]\nname = 'r'\npermissions = ['conversations']\n[[organisation]]\nname = 'top'\n\
         [[user]]\nusername = 'leader'\nname = 'L'\norganisation = 'top'\nrole = 'r'\n\
         [[channel]]\nname = 'SMS'\nkind = 'sms'\n",
    );
    for n in 0..10 {
        text += &format!("[[organisation]]\nname = 't{n}'\nparent = 'top'\n");
    }
    for n in 0..ADVISORS {
        let team = n % 10;
        text += &format!(
            "[[user]]\nusername = 'u{n}'\nname = 'U'\norganisation = 't{team}'\nrole = 'r'\n"
        );
    }
    for n in 0..QUEUES {
        let (one, two) = (n % 10, (n + 1) % 10);
        text += &format!("[[queue]]\nname = 'q{n}'\nowner = 'top'\nteams = ['t{one}', 't{two}']\n");
    }
    text
}

fn seed(n: u32) -> SeedConversation {
    let queue = n % QUEUES;
    let advisor = queue % 10 + 10 * (n / QUEUES % 20);
    let assignee = (!(n / 7).is_multiple_of(5)).then(|| format!("u{advisor}"));
    let mut made = conversation("X", &format!("q{queue}"), assignee.as_deref(), i64::from(n));
    made.id = None;
    made.address = format!("+44{n:09}");
    made.name = format!(
        "{} {}",
        ["Bea", "Carl", "Dee", "Eve"][n as usize % 4],
        n / 1000
    );
    made
}

#[tokio::test]
#[ignore = "figures of a large desk, minutes of work"]
async fn figures() {
    let count = std::env::var("CONVERSATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    for db in databases() {
        let store = db.open().await;
        apply(&store, &large_team()).await;
        let start = Instant::now();
        store.seed((0..count).map(seed)).await.unwrap();
        println!("{}: {count} seeded in {:?}", db.name, start.elapsed());
        db.tidies_up().await;
        let start = Instant::now();
        let wrong = store.verify().await.unwrap();
        println!("{}: verified in {:?}: {wrong:?}", db.name, start.elapsed());
        let queue = Some(QueueId::parse("q3").unwrap());
        for (viewer, what, query) in [
            (
                "u3",
                "mine",
                ListQuery {
                    view: View::Mine,
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
            (
                "u3",
                "all",
                ListQuery {
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
            (
                "leader",
                "all",
                ListQuery {
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
            (
                "leader",
                "queue",
                ListQuery {
                    queue,
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
            (
                "u3",
                "q=b",
                ListQuery {
                    q: "b".into(),
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
            (
                "leader",
                "q=carl 17",
                ListQuery {
                    q: "carl 17".into(),
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
            (
                "leader",
                "q=000123",
                ListQuery {
                    q: "000123".into(),
                    limit: 100,
                    ..ListQuery::default()
                },
            ),
        ] {
            let viewer = person(&store, viewer);
            let mut took = Vec::new();
            for _ in 0..50 {
                let start = Instant::now();
                store.list(&viewer, &query).await.unwrap();
                took.push(start.elapsed());
            }
            took.sort();
            println!(
                "{}: {} {what}: median {:?}, worst {:?}",
                db.name, viewer.id, took[25], took[49]
            );
        }
        let leader = person(&store, "leader");
        pages(&store, db.name, &leader).await;
        let page = ListQuery {
            limit: 500,
            ..ListQuery::default()
        };
        let rows = store.list(&leader, &page).await.unwrap().rows;
        let held: Vec<Item> = rows
            .iter()
            .filter(|c| c.facts.assignee.is_some())
            .map(|c| Item {
                id: c.facts.id.clone(),
                expected: Expectation::seen(c.facts.assignee.clone(), c.facts.version),
            })
            .collect();
        let start = Instant::now();
        for (n, item) in held[..100].iter().enumerate() {
            let operation = Operation::new(&format!("k{n}"), b"");
            store
                .act(&leader, &Deed::Unassign, item, None, &operation)
                .await
                .unwrap();
        }
        println!("{}: one unassign: {:?}", db.name, start.elapsed() / 100);
        let start = Instant::now();
        let many = Operation::new("many", b"");
        store
            .act_on_many(
                &leader,
                &all(ManyDeed::Unassign, held[100..].to_vec()),
                &many,
            )
            .await
            .unwrap();
        println!(
            "{}: {} at once: {:?}",
            db.name,
            held.len() - 100,
            start.elapsed()
        );
    }
}

/// Every page there is, one after the other: the last costs what the first does, and the counts agree with the rows.
async fn pages(store: &Store, name: &str, viewer: &Person) {
    let mut query = ListQuery {
        limit: 100,
        ..ListQuery::default()
    };
    let (mut took, mut rows) = (Vec::new(), 0);
    loop {
        let start = Instant::now();
        let page = store.list(viewer, &query).await.unwrap();
        took.push(start.elapsed());
        rows += page.rows.len();
        let Some(next) = page.next else {
            assert_eq!(
                rows as u64, page.counts.all,
                "the counts agree with the rows"
            );
            break;
        };
        query.from = From::Cursor(next);
    }
    let (first, last, count) = (took[0], took[took.len() - 1], took.len());
    took.sort();
    println!(
        "{name}: {count} pages of 100 to the last of {rows}: median {:?}, worst {:?}, first {first:?}, last {last:?}",
        took[count / 2],
        took[count - 1],
    );
}

/// The first `count` that somebody has, as the leader's list shows them.
async fn held(store: &Store, viewer: &Person, count: usize) -> Vec<Item> {
    let mut query = ListQuery {
        limit: 500,
        ..ListQuery::default()
    };
    let mut held = Vec::new();
    while held.len() < count {
        let page = store.list(viewer, &query).await.unwrap();
        let theirs = page.rows.iter().filter(|c| c.facts.assignee.is_some());
        held.extend(theirs.map(|c| Item {
            id: c.facts.id.clone(),
            expected: Expectation::seen(c.facts.assignee.clone(), c.facts.version),
        }));
        query.from = From::Cursor(page.next.expect("enough of them"));
    }
    held.truncate(count);
    held
}

/// A thousand at once: handed back, given back by one undo, and so on. The first of these is the one that has to take
/// less than a second.
#[tokio::test]
#[ignore = "figures of a large desk, a minute of work"]
async fn a_thousand_at_once() {
    for db in databases() {
        let store = db.open().await;
        apply(&store, &large_team()).await;
        store.seed((0..20_000).map(seed)).await.unwrap();
        let leader = person(&store, "leader");
        let queue = QueueId::parse("q3").unwrap();
        let people: Vec<_> = (0..10)
            .map(|n| UserId::parse(&format!("u{n}")).unwrap())
            .collect();
        for (what, deed, undone) in [
            ("handed back", ManyDeed::Unassign, true),
            ("moved", ManyDeed::Move(queue), false),
            ("spread over ten", ManyDeed::Assign(people), true),
        ] {
            let items = held(&store, &leader, MANY).await;
            let key = Operation::new(what, b"");
            let start = Instant::now();
            let many = all(deed, items);
            let done = store.act_on_many(&leader, &many, &key).await;
            let done = done.unwrap().results;
            let took = start.elapsed();
            let count = done.iter().filter(|r| r.outcome == Outcome::Done).count();
            println!("{}: {count} of {MANY} {what} in {took:?}", db.name);
            let start = Instant::now();
            let again = Operation::new(&format!("{what} undone"), b"");
            if undone {
                let back = store.undo(&leader, &key.id, &again).await.unwrap().results;
                let took = start.elapsed();
                let count = back.iter().filter(|r| r.outcome == Outcome::Done).count();
                println!("{}: {count} of them taken back in {took:?}", db.name);
            }
        }
        assert_eq!(store.verify().await.unwrap(), Vec::<String>::new());
    }
}

/// Conversations of ten messages each, ten words a message: one of ten messages has `refund`, twenty of all have
/// `chargeback`. A hundred queues of a team of ten each, so that an advisor sees about one of 250: nine tenths of them
/// are open, and all but a tenth of these somebody has.
fn written(n: u32) -> SeedConversation {
    const WORDS: [&str; 24] = [
        "please", "when", "money", "account", "plan", "letter", "friday", "month", "card", "bank",
        "number", "again", "today", "wages", "later", "half", "rest", "child", "support", "thanks",
        "hello", "question", "house", "paid",
    ];
    let queue = n % FIND_QUEUES;
    let advisor = queue * 10 + n / FIND_QUEUES % 10;
    let has = (!(n / 1_000).is_multiple_of(10)).then(|| format!("u{advisor}"));
    let mut made = conversation("X", &format!("q{queue}"), has.as_deref(), 0);
    made.id = None;
    made.address = format!("+44{n:09}");
    made.name = format!(
        "{} {}",
        ["Bea", "Carl", "Dee", "Eve"][n as usize % 4],
        n / 1_000
    );
    if (n / 7).is_multiple_of(250) {
        made.state = State::Closed;
    }
    let from = 1_700_000_000_000_000 + i64::from(n) * 60_000_000;
    made.messages = (0..10u32)
        .map(|m| {
            let mut said = message(
                if m % 2 == 0 {
                    Direction::In
                } else {
                    Direction::Out
                },
                Moment(from + i64::from(m)),
            );
            let word = |w: u32| {
                WORDS[(n.wrapping_mul(2_654_435_761) >> 7).wrapping_add(m * 7 + w * w + w) as usize
                    % WORDS.len()]
            };
            let mut words: Vec<&str> = (0..10).map(word).collect();
            if (n + m).is_multiple_of(10) {
                words[4] = "refund";
            }
            if m == 3 && n % 5_000 == 77 {
                words[5] = "chargeback";
            }
            said.body = words.join(" ");
            said
        })
        .collect();
    made
}

const FIND_QUEUES: u32 = 100;

fn finding_team() -> String {
    let mut text = String::from(
        "[[role]]\nname = 'r'\npermissions = ['conversations']\n[[organisation]]\nname = 'top'\n\
         [[user]]\nusername = 'leader'\nname = 'L'\norganisation = 'top'\nrole = 'r'\n\
         [[channel]]\nname = 'SMS'\nkind = 'sms'\n[[status]]\norganisation = 'top'\nname = 'dispute'\n",
    );
    for team in 0..FIND_QUEUES {
        text += &format!("[[organisation]]\nname = 't{team}'\nparent = 'top'\n");
        for n in 0..10 {
            let n = team * 10 + n;
            text += &format!(
                "[[user]]\nusername = 'u{n}'\nname = 'U{n}'\norganisation = 't{team}'\nrole = 'r'\n"
            );
        }
        text += &format!("[[queue]]\nname = 'q{team}'\nowner = 'top'\nteams = ['t{team}']\n");
    }
    text
}

/// How long the first page of a search takes, for who sees little and for who sees all. The goal is 100 ms.
#[tokio::test]
#[ignore = "figures of a large desk, minutes of work"]
async fn a_search_among_a_million_messages() {
    let messages: u32 = std::env::var("MESSAGES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    for db in databases() {
        let store = db.open().await;
        apply(&store, &finding_team()).await;
        let start = Instant::now();
        store.seed((0..messages / 10).map(written)).await.unwrap();
        println!(
            "{}: {messages} messages seeded in {:?}",
            db.name,
            start.elapsed()
        );
        db.tidies_up().await;
        for viewer in ["u3", "leader"] {
            let viewer = person(&store, viewer);
            let all = find(&store, &viewer, "is:open is:closed", Duration::MAX, 500).await;
            for text in [
                "chargeback",
                "refund",
                "charge",
                "ref",
                "\"refund nobody\"",
                "bea refund",
                "carl 17 refund",
                "status:dispute",
                "r",
                "000012345",
            ] {
                let mut took = Vec::new();
                let mut found = Found::default();
                for _ in 0..20 {
                    let start = Instant::now();
                    found = find(&store, &viewer, text, FIND_WITHIN, 50).await;
                    took.push(start.elapsed());
                }
                took.sort();
                println!(
                    "{}: {} {text}: {} found{}, median {:?}, worst {:?}",
                    db.name,
                    viewer.id,
                    found.hits.len(),
                    if found.partial { ", partial" } else { "" },
                    took[10],
                    took[19]
                );
            }
            println!(
                "{}: {} has {} in the first page of all",
                db.name,
                viewer.id,
                all.hits.len()
            );
        }
        let start = Instant::now();
        for n in 0..50 {
            let id = &find(&store, &person(&store, "leader"), "refund", FIND_WITHIN, 1)
                .await
                .hits[0]
                .conversation
                .facts
                .id;
            let reply = handback::server::store::Reply {
                conversation: id.clone(),
                body: format!("a refund is on its way, number {n}"),
                expected: Expectation::default(),
                seen: None,
            };
            store
                .reply(
                    &person(&store, "leader"),
                    &reply,
                    &Operation::new(&format!("r{n}"), b""),
                )
                .await
                .unwrap();
        }
        println!(
            "{}: one reply with its words, after a search for where: {:?}",
            db.name,
            start.elapsed() / 50
        );
    }
}

async fn find(store: &Store, viewer: &Person, text: &str, within: Duration, limit: u16) -> Found {
    let query = FindQuery {
        search: Search::parse(text).unwrap(),
        since: None,
        before: None,
        cursor: None,
        limit,
        within,
    };
    store.find(viewer, &query).await.unwrap()
}
