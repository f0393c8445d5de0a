//! Many at once: whatever happens in which order, what the desk keeps agrees with what it answered.

mod support;

use std::collections::HashMap;

use handback::{
    domain::{
        action::{Deed, Expectation},
        conversation::Handler,
        id::{ConversationId, QueueId, UserId},
    },
    server::store::{Inbound, Item, ListQuery, ManyDeed, Operation, Outcome, Reply, Store, What},
};
use support::{
    databases,
    desk::{all, conversation, person, sound, team},
    dice::Dice,
};

const PEOPLE: [&str; 5] = ["anna", "ben", "cai", "dot", "gwen"];

/// A change that was answered as done: who did it, to which conversation, and whose it was after.
type Done = (String, ConversationId, Option<UserId>);

/// One person acting on what they see, again and again.
async fn advisor(
    store: Store,
    who: &'static str,
    task: usize,
    ids: Vec<ConversationId>,
) -> Vec<Done> {
    let mut dice = Dice::new(task as u64 + 1);
    let me = person(&store, who);
    let mut done = Vec::new();
    for round in 0..60 {
        let id = dice.one_of(&ids).clone();
        let Some(seen) = store.visible(&me, &id).await.unwrap() else {
            continue;
        };
        let expected = Expectation::seen(seen.facts.assignee.clone(), seen.facts.version);
        let item = Item {
            id: id.clone(),
            expected,
        };
        let key = Operation::new(&format!("{task}-{round}"), b"");
        let (outcome, after) = match dice.below(4) {
            0 => {
                let reply = Reply {
                    conversation: id.clone(),
                    body: "hello".into(),
                    expected: Expectation {
                        assignee: Some(seen.facts.assignee.clone()),
                        version: None,
                    },
                    seen: None,
                };
                let sent = store.reply(&me, &reply, &key).await.unwrap();
                // A claim is an act, a reply to what is one's own is none (U5).
                let claimed = sent.outcome == Outcome::Done
                    && sent
                        .conversation
                        .is_some_and(|c| c.facts.acted == c.facts.version);
                (
                    if claimed {
                        Outcome::Done
                    } else {
                        Outcome::Already
                    },
                    Some(me.id.clone()),
                )
            }
            1 => {
                let act = store
                    .act(&me, &Deed::Take, &item, None, &key)
                    .await
                    .unwrap();
                (act.outcome, Some(me.id.clone()))
            }
            _ => {
                let act = store
                    .act(&me, &Deed::Unassign, &item, None, &key)
                    .await
                    .unwrap();
                (act.outcome, None)
            }
        };
        if outcome == Outcome::Done {
            done.push((who.to_owned(), id, after));
        }
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r20_of_eight_at_once_each_change_has_one_owner() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let ids: Vec<_> = (0..6)
            .map(|n| ConversationId::parse(&format!("C{n}")).unwrap())
            .collect();
        let seeds = ids
            .iter()
            .map(|id| conversation(id.as_str(), "Payments", None, 5));
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        let head = store.head().await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let who = PEOPLE[n % PEOPLE.len()];
                tokio::spawn(advisor(store.clone(), who, n, ids.clone()))
            })
            .collect();
        let mut answered = Vec::new();
        for task in tasks {
            answered.extend(task.await.unwrap());
        }
        sound(&store).await;
        // The log tells exactly the changes that were answered as done, each with its one owner.
        let mut logged = Vec::new();
        for entry in store.log_after(head, 10_000).await.unwrap().unwrap() {
            let What::Conversation {
                entry,
                cause: Some(_),
                by,
                ..
            } = entry.what
            else {
                continue;
            };
            assert_ne!(entry.before.unwrap().assignee, entry.after.assignee);
            logged.push((
                by.unwrap().to_string(),
                entry.conversation,
                entry.after.assignee,
            ));
        }
        let count = |changes: &[Done]| {
            let mut counts: HashMap<Done, usize> = HashMap::new();
            for change in changes {
                *counts.entry(change.clone()).or_default() += 1;
            }
            counts
        };
        assert!(logged.len() > 20, "{}: something happened", db.name);
        assert_eq!(count(&logged), count(&answered), "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u5_a_change_between_looking_and_acting_is_never_undone_unnamed() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        for round in 0..40 {
            let name = format!("C{round}");
            let seeds = [conversation(&name, "Payments", Some("anna"), 5)];
            store.seed(seeds.into_iter()).await.unwrap();
            let id = ConversationId::parse(&name).unwrap();
            // Anna and her leader hand it back, Ben takes it: the second of the two must not take it from Ben.
            let names_anna = Item {
                id: id.clone(),
                expected: Expectation {
                    assignee: Some(Some(person(&store, "anna").id)),
                    version: None,
                },
            };
            let act = |who: &'static str, action, item: Item| {
                let (store, key) = (store.clone(), Operation::new(&format!("{who}{round}"), b""));
                tokio::spawn(async move {
                    let me = person(&store, who);
                    store
                        .act(&me, &action, &item, None, &key)
                        .await
                        .unwrap()
                        .outcome
                })
            };
            let free = Item {
                id: id.clone(),
                expected: Expectation::default(),
            };
            let anna = act("anna", Deed::Unassign, names_anna.clone());
            let gwen = act("gwen", Deed::Unassign, names_anna);
            let ben = act("ben", Deed::Take, free);
            let (anna, gwen, ben) = (anna.await.unwrap(), gwen.await.unwrap(), ben.await.unwrap());
            let now = store
                .conversation(&id)
                .await
                .unwrap()
                .unwrap()
                .facts
                .assignee;
            assert_eq!(
                [anna, gwen].iter().filter(|o| **o == Outcome::Done).count(),
                1,
                "{}",
                db.name
            );
            let bens = (ben == Outcome::Done).then(|| person(&store, "ben").id);
            assert_eq!(now, bens, "{anna:?} {gwen:?} {ben:?}");
        }
        sound(&store).await;
    }
}

#[tokio::test]
async fn holdings_are_exact_after_any_acts() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let ids: Vec<_> = (0..20)
            .map(|n| ConversationId::parse(&format!("C{n:02}")).unwrap())
            .collect();
        let seeds = ids.iter().zip(0usize..).map(|(id, n)| {
            let assignee = PEOPLE
                .get(n % 8)
                .filter(|who| **who != "dot" || n % 2 == 0)
                .copied();
            conversation(
                id.as_str(),
                ["Payments", "Letters"][n % 2],
                assignee,
                n as i64,
            )
        });
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        let mut dice = Dice::new(99);
        let mut last: HashMap<&str, Operation> = HashMap::new();
        for round in 0..400 {
            let who = *dice.one_of(&PEOPLE);
            let me = person(&store, who);
            let id = dice.one_of(&ids).clone();
            let item = Item {
                id: id.clone(),
                expected: Expectation::default(),
            };
            let key = Operation::new(&format!("k{round}"), b"");
            match dice.below(6) {
                0 => {
                    let items: Vec<Item> = (0..5)
                        .map(|_| Item {
                            id: dice.one_of(&ids).clone(),
                            expected: Expectation::default(),
                        })
                        .collect();
                    let many = all(ManyDeed::Unassign, items);
                    store.act_on_many(&me, &many, &key).await.unwrap();
                    last.insert(who, key);
                }
                1 => {
                    let reply = Reply {
                        conversation: id,
                        body: "hi".into(),
                        expected: Expectation::default(),
                        seen: None,
                    };
                    store.reply(&me, &reply, &key).await.unwrap();
                }
                2 => {
                    if let Some(act) = last.get(who) {
                        store.undo(&me, &act.id, &key).await.unwrap();
                    }
                }
                3 => {
                    let inbound = Inbound {
                        queue: QueueId::parse("Payments").unwrap(),
                        channel: "SMS".into(),
                        address: format!("+44 7700 9C{:02}", dice.below(25)),
                        name: None,
                        body: "again".into(),
                        external_id: format!("m{round}"),
                        at: None,
                        handler: Handler::Person,
                        attachments: vec![],
                    };
                    store.inbound(&inbound).await.unwrap();
                }
                act => {
                    let action = if act == 4 { Deed::Take } else { Deed::Unassign };
                    store.act(&me, &action, &item, None, &key).await.unwrap();
                    last.insert(who, key);
                }
            }
            if round % 50 == 0 {
                sound(&store).await;
            }
        }
        sound(&store).await;
    }
}

#[tokio::test]
async fn r31_another_process_hears_of_a_commit() {
    for db in databases() {
        let (here, there) = (db.open().await, db.open().await);
        team(&here).await;
        let mut news = there.news();
        here.seed([conversation("A1", "Payments", Some("anna"), 5)].into_iter())
            .await
            .unwrap();
        assert!(
            here.news().borrow().eq(&here.head().await.unwrap()),
            "at once in this process"
        );
        let head = here.head().await.unwrap();
        news.wait_for(|cursor| *cursor >= head).await.unwrap();
        assert!(
            there.reload_if_changed().await.unwrap(),
            "the team is new to it"
        );
        assert!(there.directory().user("anna").is_some());
        assert!(!there.reload_if_changed().await.unwrap());
    }
}

/// A request whose line breaks is given up wherever it is; on the connection it used, nothing may be left half begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r30_what_is_given_up_half_way_leaves_nothing_under_way() {
    for database in databases() {
        let options = handback::server::store::Options {
            connections: 2,
            ..Default::default()
        };
        let store = database.open_with(options).await;
        team(&store).await;
        let anna = person(&store, "anna").id;
        for n in 0..300u32 {
            let asking = store.clone();
            let who = person(&store, "anna");
            let asked = tokio::spawn(async move {
                if n % 2 == 0 {
                    drop(asking.log_after(0, 1).await);
                } else {
                    let item = Item {
                        id: ConversationId::parse("none").unwrap(),
                        expected: Expectation::default(),
                    };
                    let key = Operation::new(&format!("{n}"), b"");
                    drop(asking.act(&who, &Deed::Take, &item, None, &key).await);
                }
            });
            let begun = std::time::Instant::now();
            while begun.elapsed() < std::time::Duration::from_micros(u64::from(n) * 5) {
                std::hint::spin_loop();
            }
            asked.abort();
            let _ = asked.await;
            let conversation = ConversationId::parse(&format!("c{n}")).unwrap();
            let kept = store.keep_draft(&anna, &conversation).await;
            kept.unwrap_or_else(|error| panic!("{}, round {n}: {error}", database.name));
        }
        let seen = database.open().await.drafts().await.unwrap().len();
        assert_eq!(seen, 300, "{}: what was kept is committed", database.name);
    }
}

/// Ends every line to a database but the one it is asked on.
const ENDED: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// A server that was started again has ended every line there was to it, also those that were in use a moment ago: whoever
/// asks next is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r30_when_the_server_ended_every_line_the_next_requests_are_answered() {
    let Some(database) = support::postgres() else {
        return;
    };
    let store = database.open().await;
    team(&store).await;
    let seeds = (0..20).map(|n| conversation(&format!("C{n:02}"), "Payments", None, n));
    store.seed(seeds).await.unwrap();
    let anna = person(&store, "anna");
    let query = ListQuery::default();
    let server = sqlx::PgPool::connect(&database.url).await.unwrap();
    for round in 0..10 {
        let at_once = (0..24).map(|_| store.list(&anna, &query));
        for listed in futures_util::future::join_all(at_once).await {
            listed.unwrap();
        }
        let ended: i64 = sqlx::query_scalar(ENDED).fetch_one(&server).await.unwrap();
        assert!(ended > 1, "lines that were in use");
        // By what is known of who has how many, as long as nothing is changed.
        for _ in 0..8 {
            store.list(&anna, &query).await.unwrap();
            store.counts(&anna).await.unwrap();
        }
        let ended: i64 = sqlx::query_scalar(ENDED).fetch_one(&server).await.unwrap();
        assert!(ended > 1, "lines that were in use");
        let item = Item {
            id: ConversationId::parse(&format!("C{round:02}")).unwrap(),
            expected: Expectation::default(),
        };
        let key = Operation::new(&format!("k{round}"), b"");
        let acted = store.act(&anna, &Deed::Take, &item, None, &key).await;
        assert_eq!(acted.unwrap().outcome, Outcome::Done, "round {round}");
        for _ in 0..8 {
            store.list(&anna, &query).await.unwrap();
            store.counts(&anna).await.unwrap();
            assert!(store.visible(&anna, &item.id).await.unwrap().is_some());
        }
    }
}
