//! R20: what an act changes, its event, its line in the history, what undo knows of it and its operation id are written
//! together or not at all, wherever it is broken off; and how long an operation id is remembered.

#[path = "support/figure.rs"]
mod figure;
mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use figure::figure;
use handback::{
    domain::{
        action::{Deed, Expectation},
        id::ConversationId,
        moment::Moment,
        operation::KEPT,
    },
    server::store::{Clock, Item, Operation, Options, Outcome, Reply, Store, StoreError},
};
use support::{
    Database, databases,
    desk::{conversation, item, operation, person, sound, team},
};

/// Every table that an act writes to.
const WRITTEN: [&str; 12] = [
    "operation",
    "conversation",
    "holding",
    "turn",
    "counter",
    "log",
    "history",
    "history_words",
    "act",
    "message",
    "message_text",
    "outbox",
];

/// How many rows there are in each of these tables, and what the counters say.
async fn contents(pool: &sqlx::AnyPool) -> Vec<i64> {
    let counts = WRITTEN.map(|table| format!("SELECT count(*) AS n FROM {table}"));
    let sql = format!(
        "{} UNION ALL SELECT log FROM counter",
        counts.join(" UNION ALL ")
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_all(pool)
        .await
        .unwrap()
}

/// From now on whatever is written into a table breaks off: with an error, or, if so, with the connection.
async fn breaks(pool: &sqlx::AnyPool, db: &Database, table: &str, event: &str, hangs_up: bool) {
    let how = match (db.name, hangs_up) {
        ("sqlite", _) => "SELECT RAISE(ABORT, 'the disk is full')",
        (_, true) => "PERFORM pg_terminate_backend(pg_backend_pid())",
        (_, false) => "RAISE EXCEPTION 'the disk is full'",
    };
    let all = match db.name {
        "sqlite" => vec![format!(
            "CREATE TRIGGER breaks BEFORE {event} ON {table} BEGIN {how}; END"
        )],
        _ => vec![
            format!(
                "CREATE FUNCTION breaks_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how}; RETURN NEW; END $$"
            ),
            format!(
                "CREATE TRIGGER breaks BEFORE {event} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION breaks_off()"
            ),
        ],
    };
    for sql in all {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(pool)
            .await
            .unwrap();
    }
}

async fn mends(pool: &sqlx::AnyPool, db: &Database, table: &str) {
    let all = match db.name {
        "sqlite" => vec!["DROP TRIGGER breaks".to_owned()],
        _ => vec![
            format!("DROP TRIGGER breaks ON {table}"),
            "DROP FUNCTION breaks_off()".to_owned(),
        ],
    };
    for sql in all {
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(pool)
            .await
            .unwrap();
    }
}

/// What is asked; each under an operation of its own.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Unassign,
    Note,
    Reply,
    Undo,
}

async fn asks(store: &Store, asked: Asked, id: &str, key: &str) -> Result<Outcome, StoreError> {
    let anna = person(store, "anna");
    let operation = operation(key);
    Ok(match asked {
        Asked::Unassign => {
            let deed = Deed::Unassign;
            store
                .act(&anna, &deed, &item(id), Some("lunch"), &operation)
                .await?
                .outcome
        }
        Asked::Note => {
            let deed = Deed::Note("He rang".into());
            store
                .act(&anna, &deed, &item(id), None, &operation)
                .await?
                .outcome
        }
        Asked::Reply => {
            let reply = Reply {
                conversation: ConversationId::parse(id).unwrap(),
                body: "Yes".into(),
                expected: Expectation::default(),
                seen: None,
            };
            store.reply(&anna, &reply, &operation).await?.outcome
        }
        Asked::Undo => {
            let act = handback::domain::id::OperationId::parse(&format!("{key}-before")).unwrap();
            store.undo(&anna, &act, &operation).await?.results[0].outcome
        }
    })
}

#[tokio::test]
async fn r20_r30_wherever_an_act_is_broken_off_nothing_of_it_is_there_and_asked_again_all_of_it() {
    let mut broken_off = 0;
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(&db.url).await.unwrap();
        let mut number = 0;
        for asked in [Asked::Unassign, Asked::Note, Asked::Reply, Asked::Undo] {
            for table in WRITTEN {
                for event in ["INSERT", "UPDATE"] {
                    for hangs_up in [false, true] {
                        if hangs_up && db.name == "sqlite" {
                            continue; // There is no line to it.
                        }
                        number += 1;
                        let id = format!("C{number}");
                        let seed = conversation(&id, "Payments", Some("anna"), 5);
                        store.seed([seed].into_iter()).await.unwrap();
                        let key = format!("key-{number}");
                        if let Asked::Undo = asked {
                            let before = format!("{key}-before");
                            assert_eq!(
                                asks(&store, Asked::Unassign, &id, &before).await.unwrap(),
                                Outcome::Done
                            );
                        }
                        let before = contents(&pool).await;
                        let head = store.head().await.unwrap();
                        let stood = store
                            .conversation(&ConversationId::parse(&id).unwrap())
                            .await
                            .unwrap();
                        breaks(&pool, &db, table, event, hangs_up).await;
                        let said = asks(&store, asked, &id, &key).await;
                        mends(&pool, &db, table).await;
                        let place = format!("{}: {asked:?}, {event} {table}, {hangs_up}", db.name);
                        match said {
                            // It writes nothing there.
                            Ok(outcome) => assert_eq!(outcome, Outcome::Done, "{place}"),
                            Err(error) => {
                                assert!(
                                    matches!(error, StoreError::Database(_)),
                                    "{place}: {error}"
                                );
                                broken_off += 1;
                                assert_eq!(contents(&pool).await, before, "{place}");
                                assert_eq!(store.head().await.unwrap(), head, "{place}");
                                let stands = store
                                    .conversation(&ConversationId::parse(&id).unwrap())
                                    .await
                                    .unwrap();
                                assert_eq!(stands, stood, "{place}");
                            }
                        }
                        // Asked again under the same operation it is done, or was; once.
                        assert_eq!(
                            asks(&store, asked, &id, &key).await.unwrap(),
                            Outcome::Done,
                            "{place}"
                        );
                        let after = contents(&pool).await;
                        assert_eq!(
                            asks(&store, asked, &id, &key).await.unwrap(),
                            Outcome::Done,
                            "{place}"
                        );
                        assert_eq!(contents(&pool).await, after, "{place}");
                        assert_eq!(store.head().await.unwrap(), head + 1, "{place}: one event");
                    }
                }
            }
        }
        sound(&store).await;
    }
    figure("places at which an act was broken off", broken_off);
}

#[tokio::test]
async fn r20_an_operation_is_remembered_for_72_hours_and_then_forgotten() {
    for db in databases() {
        let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let clock = Arc::clone(&now);
        let clock = Clock::new(move || Moment(clock.load(Ordering::SeqCst)));
        let store = db
            .open_with(Options {
                clock,
                ..Options::default()
            })
            .await;
        team(&store).await;
        let passes = |time: Duration| {
            let micros = i64::try_from(time.as_micros()).unwrap();
            now.fetch_add(micros, Ordering::SeqCst);
        };
        for (prunes, name) in [(false, "A"), (true, "B")] {
            let seed = conversation(name, "Payments", Some("anna"), 5);
            store.seed([seed].into_iter()).await.unwrap();
            let (key, other) = (
                format!("key-{name}"),
                Operation::new(&format!("key-{name}"), b"else"),
            );
            let note = async || asks(&store, Asked::Note, name, &key).await.unwrap();
            let id = ConversationId::parse(name).unwrap();
            let notes = async || {
                let page = store.history(&id, None, 100).await.unwrap();
                page.items.iter().filter(|item| item.kind == "note").count()
            };
            assert_eq!(note().await, Outcome::Done);
            passes(KEPT);
            if prunes {
                store.prune().await.unwrap();
            }
            assert_eq!(note().await, Outcome::Done);
            assert_eq!(
                notes().await,
                1,
                "{}: remembered to the last moment",
                db.name
            );
            let item = Item {
                id: id.clone(),
                expected: Expectation::default(),
            };
            let anna = person(&store, "anna");
            let elsewhere = store.act(&anna, &Deed::Take, &item, None, &other).await;
            assert!(matches!(elsewhere, Err(StoreError::OtherContent)));
            passes(Duration::from_micros(1));
            if prunes {
                store.prune().await.unwrap();
            }
            assert_eq!(note().await, Outcome::Done);
            assert_eq!(notes().await, 2, "{}: and then it is another one", db.name);
        }
        sound(&store).await;
    }
}
