//! How the databases go about the lists: by the indexes made for them, whatever there is besides.

mod support;

use std::time::Duration;

use handback::{
    domain::{
        conversation::State,
        id::{QueueId, UserId},
        search::Search,
    },
    server::store::{FindQuery, ListQuery, StateFilter, Store, View},
};
use support::{
    databases,
    desk::{apply, conversation, person, team},
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
async fn every_list_and_search_walks_the_index_made_for_it() {
    for db in databases() {
        let store = filled(&db).await;
        db.tidies_up().await;
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
                "open_by_assignee",
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
            let scans = plan.lines().any(|line| {
                (line.starts_with("SCAN conversation") && !line.contains("INDEX"))
                    || (line.contains("Seq Scan") && !line.contains("on counter")) // has one row
            });
            assert!(!scans, "{viewer} {query:?}\n{plan}");
            let sorted = plan.contains("TEMP B-TREE FOR ORDER BY");
            let one = matches!(index, "open_in_order" | "open_by_queue");
            assert!(
                !(one && sorted),
                "an index in order needs no sorting\n{plan}"
            );
        }
        every_search_walks_the_index_made_for_it(&db, &store).await;
    }
}

/// Searches walk the indexes made for them, and ask the one of words.
async fn every_search_walks_the_index_made_for_it(db: &support::Database, store: &Store) {
    let words = match db.name {
        "postgres" => "Bitmap Index Scan on message_words",
        _ => "SCAN w VIRTUAL TABLE INDEX",
    };
    for (viewer, text, indexes) in [
        ("anna", "at", &["found_by_branch"][..]),
        ("gwen", "at", &["found_by_branch"]),
        ("anna", "1699999999999999", &["found_by_branch", words]),
        (
            "anna",
            "contact:bea status:x",
            &["found_by_branch", "contact_word"],
        ),
    ] {
        let query = FindQuery {
            search: Search::parse(text).unwrap(),
            since: None,
            before: None,
            cursor: None,
            limit: 50,
            within: Duration::MAX,
        };
        let plan = store
            .explain_find(&person(store, viewer), &query)
            .await
            .unwrap()
            .join("\n");
        for index in indexes {
            assert!(plan.contains(index), "{}: {viewer} {text}\n{plan}", db.name);
        }
        let scans = plan.lines().any(|line| {
            line.contains("Seq Scan on conversation")
                || (line.starts_with("SCAN c") && !line.contains("INDEX"))
        });
        assert!(!scans, "{viewer} {text}\n{plan}");
    }
}

/// Through more branches than one query takes: all there is, in its order.
#[tokio::test]
async fn a_search_through_many_branches_walks_all_there_is_in_order() {
    for db in databases() {
        let store = db.open().await;
        let mut text = String::from(
            "[[role]]\nname = 'r'\npermissions = ['conversations']\n[[organisation]]\nname = 'top'\n\
             [[user]]\nusername = 'leader'\nname = 'L'\norganisation = 'top'\nrole = 'r'\n\
             [[channel]]\nname = 'SMS'\nkind = 'sms'\n",
        );
        for queue in 0..70 {
            text += &format!("[[queue]]\nname = 'q{queue}'\nowner = 'top'\nteams = ['top']\n");
        }
        apply(&store, &text).await;
        let seeds = (0..10_000u32).map(|n| {
            conversation(
                &format!("C{n:06}"),
                &format!("q{}", n % 70),
                None,
                i64::from(n),
            )
        });
        store.seed(seeds).await.unwrap();
        db.tidies_up().await;
        let query = FindQuery {
            search: Search::parse("customer").unwrap(),
            since: None,
            before: None,
            cursor: None,
            limit: 50,
            within: Duration::MAX,
        };
        let plan = store
            .explain_find(&person(&store, "leader"), &query)
            .await
            .unwrap()
            .join("\n");
        assert!(plan.contains("found_in_order"), "{}: {plan}", db.name);
        assert!(!plan.contains("Seq Scan on conversation"), "{plan}");
        // Left to itself it would read the table for a word it thinks common, and for each it knows nothing of.
        assert!(!plan.contains("Seq Scan on message_text"), "{plan}");
    }
}
