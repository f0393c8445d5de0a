//! How the databases go about the lists: by the indexes made for them, whatever there is besides.

mod support;

use handback::{
    domain::{
        conversation::State,
        id::{QueueId, UserId},
    },
    server::store::{ListQuery, StateFilter, Store, View},
};
use support::{
    databases,
    desk::{conversation, person, team},
};

const CONVERSATIONS: u32 = 50_000;

async fn filled(db: &support::Database) -> Store {
    let store = db.open().await;
    team(&store).await;
    let people = [
        None,
        Some("anna"),
        Some("ben"),
        Some("dot"),
        Some("gwen"),
        None,
    ];
    let seeds = (0..CONVERSATIONS).map(|n| {
        let assignee = people[n as usize % people.len()];
        let queue = if n % 5 == 1 && assignee != Some("dot") {
            "Letters"
        } else {
            "Payments"
        };
        let mut made = conversation(&format!("C{n:06}"), queue, assignee, i64::from(n));
        if n % 7 == 0 {
            made.state = State::Closed;
        }
        made.just_entered = n % 11 == 0;
        made
    });
    store.seed(seeds).await.unwrap();
    store
}

#[tokio::test]
async fn every_list_walks_the_index_made_for_it() {
    for db in databases() {
        let store = filled(&db).await;
        if db.name == "postgres" {
            analyse(&db).await;
        }
        let queue = |name: &str| Some(QueueId::parse(name).unwrap());
        let q = |q: &str| ListQuery {
            q: q.into(),
            ..ListQuery::default()
        };
        let lists = [
            (
                "anna",
                "open_by_branch",
                ListQuery {
                    view: View::Mine,
                    queue: queue("Payments"),
                    ..ListQuery::default()
                },
            ),
            (
                "anna",
                "open_by_assignee",
                ListQuery {
                    view: View::Mine,
                    ..ListQuery::default()
                },
            ),
            (
                "anna",
                "open_by_branch",
                ListQuery {
                    view: View::Unassigned,
                    ..ListQuery::default()
                },
            ),
            ("anna", "open_by_branch", ListQuery::default()),
            (
                "gwen",
                "open_by_queue",
                ListQuery {
                    queue: queue("Letters"),
                    ..ListQuery::default()
                },
            ),
            ("gwen", "open_in_order", ListQuery::default()),
            (
                "gwen",
                "open_by_assignee",
                ListQuery {
                    assignee: Some(UserId::parse("ben").unwrap()),
                    ..ListQuery::default()
                },
            ),
            (
                "gwen",
                "closed_by_queue",
                ListQuery {
                    state: StateFilter::Closed,
                    ..ListQuery::default()
                },
            ),
            ("gwen", "contact_word", q("c")),
        ];
        for (viewer, index, query) in lists {
            let plan = store
                .explain(&person(&store, viewer), &query)
                .await
                .unwrap()
                .join("\n");
            assert!(
                plan.contains(index),
                "{}: {viewer} {query:?}\n{plan}",
                db.name
            );
            assert!(!plan.contains("Seq Scan"), "{viewer} {query:?}\n{plan}");
            let scans = plan
                .lines()
                .any(|l| l.starts_with("SCAN conversation") && !l.contains("INDEX"));
            assert!(!scans, "{viewer} {query:?}\n{plan}");
            let sorted = plan.contains("TEMP B-TREE FOR ORDER BY");
            let one = matches!(index, "open_in_order" | "open_by_queue");
            assert!(
                !(one && sorted),
                "an index in order needs no sorting\n{plan}"
            );
        }
    }
}

/// What autovacuum does by itself after a while.
async fn analyse(db: &support::Database) {
    let pool = sqlx::PgPool::connect(&db.url).await.unwrap();
    sqlx::query("ANALYZE").execute(&pool).await.unwrap();
    pool.close().await;
}
