//! What acts do to the database, on both kinds of it.

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use handback::{
    domain::{
        action::{Cause, Deed, Expectation, Refusal},
        conversation::{Handler, State},
        id::{ConversationId, QueueId, UserId},
        message::Direction,
        moment::Moment,
    },
    server::store::{
        BeganBy, Clock, Inbound, Item, ManyDeed, Operation, Options, Outcome, Received, Reply,
        Store, StoreError, What,
    },
};
use support::{
    databases,
    desk::{all, conversation, item, operation, person, sound, team},
};

fn id(text: &str) -> ConversationId {
    ConversationId::parse(text).unwrap()
}

fn user(text: &str) -> UserId {
    UserId::parse(text).unwrap()
}

async fn unassign(store: &Store, by: &str, item: &Item, key: &str) -> Outcome {
    let by = person(store, by);
    let key = operation(key);
    let done = store.act(&by, &Deed::Unassign, item, None, &key);
    done.await.unwrap().outcome
}

async fn take(store: &Store, by: &str, item: &Item, key: &str) -> Outcome {
    let by = person(store, by);
    let key = operation(key);
    let done = store.act(&by, &Deed::Take, item, None, &key);
    done.await.unwrap().outcome
}

async fn assignee(store: &Store, text: &str) -> Option<UserId> {
    store
        .conversation(&id(text))
        .await
        .unwrap()
        .unwrap()
        .facts
        .assignee
}

fn reply(text: &str, body: &str) -> Reply {
    Reply {
        conversation: id(text),
        body: body.into(),
        expected: Expectation::default(),
        seen: None,
    }
}

fn inbound(address: &str, external: &str) -> Inbound {
    Inbound {
        queue: QueueId::parse("Payments").unwrap(),
        channel: "SMS".into(),
        address: address.into(),
        name: Some("Dee Okafor".into()),
        body: "Is anybody there?".into(),
        external_id: external.into(),
        at: None,
        handler: Handler::Person,
        attachments: vec![],
    }
}

#[tokio::test]
async fn u3_unassigning_changes_the_assignee_and_nothing_else() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = [conversation("A1", "Payments", Some("anna"), 5)];
        store.seed(seeds.into_iter()).await.unwrap();
        let before = store.conversation(&id("A1")).await.unwrap().unwrap();
        let (head, anna) = (store.head().await.unwrap(), person(&store, "anna"));
        let acted = store
            .act(
                &anna,
                &Deed::Unassign,
                &item("A1"),
                Some("lunch"),
                &operation("k"),
            )
            .await
            .unwrap();
        assert_eq!(acted.outcome, Outcome::Done, "{}", db.name);
        let after = store.conversation(&id("A1")).await.unwrap().unwrap();
        assert_eq!(acted.conversation, Some(after.clone()));
        let mut expected = before.clone();
        expected.facts.assignee = None;
        expected.facts.version += 1;
        expected.facts.acted = expected.facts.version;
        assert_eq!(after, expected);
        let history = store.history(&id("A1"), None, 10).await.unwrap().items;
        let newest = &history[0];
        assert_eq!(newest.from.as_deref(), Some("anna"));
        assert_eq!(
            (&newest.to, newest.by.as_ref()),
            (&None, Some(&user("anna")))
        );
        assert_eq!(newest.cause.as_deref(), Some("unassign"));
        assert_eq!(newest.reason.as_deref(), Some("lunch"));
        let log = store.log_after(head, 10).await.unwrap().unwrap();
        let What::Conversation {
            entry,
            cause,
            by,
            reason,
        } = &log[0].what
        else {
            panic!("a conversation changed");
        };
        assert_eq!(entry.before.as_ref(), Some(&before.facts.standing()));
        assert_eq!(entry.after, after.facts.standing());
        assert_eq!(
            (*cause, by.as_ref()),
            (Some(Cause::Unassign), Some(&anna.id))
        );
        assert_eq!(reason.as_deref(), Some("lunch"));
        assert_eq!((log.len(), log[0].cursor), (1, head + 1));
        sound(&store).await;
    }
}

#[tokio::test]
async fn u5_a_stale_or_invisible_one_stays_as_it_is() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = [
            conversation("A1", "Payments", Some("anna"), 5),
            conversation("A2", "Payments", None, 4),
        ];
        store.seed(seeds.into_iter()).await.unwrap();
        let expects = |text: &str, who: Option<&str>| Item {
            id: id(text),
            expected: Expectation {
                assignee: Some(who.map(user)),
                version: None,
            },
        };
        let gone = Outcome::NotFound;
        assert_eq!(unassign(&store, "ben", &item("A1"), "1").await, gone, "V1");
        assert_eq!(
            unassign(&store, "dot", &item("A1"), "2").await,
            gone,
            "V3: sideways"
        );
        assert_eq!(unassign(&store, "gwen", &item("none"), "3").await, gone);
        let conflict = unassign(&store, "gwen", &expects("A1", Some("ben")), "4").await;
        assert_eq!(conflict, Outcome::Conflict);
        assert_eq!(
            unassign(&store, "anna", &item("A2"), "5").await,
            Outcome::Already
        );
        assert_eq!(
            take(&store, "anna", &item("A1"), "6").await,
            Outcome::Already
        );
        assert_eq!(
            take(&store, "gwen", &item("A1"), "7").await,
            Outcome::Conflict
        );
        assert_eq!(assignee(&store, "A1").await, Some(user("anna")));
        assert_eq!(
            unassign(&store, "gwen", &expects("A1", Some("anna")), "8").await,
            Outcome::Done
        );
        assert_eq!(take(&store, "ben", &item("A1"), "9").await, Outcome::Done);
        sound(&store).await;
    }
}

#[tokio::test]
async fn r20_a_repeated_operation_is_answered_as_the_first_time() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = [conversation("A1", "Payments", Some("anna"), 5)];
        store.seed(seeds.into_iter()).await.unwrap();
        assert_eq!(
            unassign(&store, "anna", &item("A1"), "once").await,
            Outcome::Done
        );
        assert_eq!(take(&store, "ben", &item("A1"), "ben").await, Outcome::Done);
        // Her request again, after Ben took it: answered as before, and Ben keeps it.
        let anna = person(&store, "anna");
        let again = store
            .act(
                &anna,
                &Deed::Unassign,
                &item("A1"),
                None,
                &operation("once"),
            )
            .await
            .unwrap();
        assert_eq!((again.outcome, again.conversation), (Outcome::Done, None));
        assert_eq!(assignee(&store, "A1").await, Some(user("ben")));
        // A refusal and a conflict repeat too, though they would end otherwise now.
        assert_eq!(
            take(&store, "gwen", &item("A1"), "late").await,
            Outcome::Conflict
        );
        assert_eq!(
            unassign(&store, "ben", &item("A1"), "back").await,
            Outcome::Done
        );
        assert_eq!(
            take(&store, "gwen", &item("A1"), "late").await,
            Outcome::Conflict
        );
        assert_eq!(assignee(&store, "A1").await, None);
        let other = Operation::new("once", b"something else");
        let other = store
            .act(&anna, &Deed::Unassign, &item("A1"), None, &other)
            .await;
        assert!(matches!(other, Err(StoreError::OtherContent)));
        // Another person's key of the same name is another key.
        assert_eq!(
            take(&store, "gwen", &item("A1"), "once").await,
            Outcome::Done
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn r20_two_at_once_under_one_operation_do_it_once() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let ben = person(&store, "ben");
        for round in 0..20 {
            let name = format!("B{round}");
            let seeds = [conversation(&name, "Payments", None, 5)];
            store.seed(seeds.into_iter()).await.unwrap();
            let key = operation(&format!("key{round}"));
            let (one, two) = (reply(&name, "hello"), reply(&name, "hello"));
            let (a, b) = tokio::join!(store.reply(&ben, &one, &key), store.reply(&ben, &two, &key));
            let (a, b) = (a.unwrap(), b.unwrap());
            assert_eq!((a.outcome, b.outcome), (Outcome::Done, Outcome::Done));
            assert_eq!(a.message, b.message);
            let messages = store.messages(&id(&name), None, None, 10).await.unwrap();
            assert_eq!(messages.items.len(), 2, "{}", db.name);
        }
        sound(&store).await;
    }
}

#[tokio::test]
async fn a1_of_two_who_reply_one_owns_it_and_the_other_is_refused() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let (anna, ben) = (person(&store, "anna"), person(&store, "ben"));
        for round in 0..50 {
            let name = format!("B{round}");
            let seeds = [conversation(&name, "Payments", None, 5)];
            store.seed(seeds.into_iter()).await.unwrap();
            let (one, two) = (
                operation(&format!("a{round}")),
                operation(&format!("b{round}")),
            );
            let asked = Reply {
                expected: Expectation {
                    assignee: Some(None),
                    version: None,
                },
                ..reply(&name, "hello")
            };
            let (a, b) = tokio::join!(
                store.reply(&anna, &asked, &one),
                store.reply(&ben, &asked, &two)
            );
            let (a, b) = (a.unwrap(), b.unwrap());
            let (winner, loser, who) = match a.outcome {
                Outcome::Done => (a, b, "anna"),
                _ => (b, a, "ben"),
            };
            assert_eq!(winner.outcome, Outcome::Done);
            assert_eq!(
                (loser.outcome, loser.conversation),
                (Outcome::NotFound, None),
                "V1"
            );
            let now = store.conversation(&id(&name)).await.unwrap().unwrap();
            assert_eq!(now.facts.assignee, Some(user(who)));
            assert!(!now.facts.unanswered && now.messages == 2);
        }
        sound(&store).await;
    }
}

#[tokio::test]
async fn a_reply_crosses_a_colleagues_and_a_parent_does_not_take_over() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = [conversation("A1", "Payments", Some("anna"), 5)];
        store.seed(seeds.into_iter()).await.unwrap();
        let (anna, gwen) = (person(&store, "anna"), person(&store, "gwen"));
        let seen = store
            .messages(&id("A1"), None, None, 1)
            .await
            .unwrap()
            .items[0]
            .id
            .clone();
        let from_above = store
            .reply(&gwen, &reply("A1", "Gwen here"), &operation("g"))
            .await;
        assert_eq!(from_above.unwrap().outcome, Outcome::Done);
        assert_eq!(assignee(&store, "A1").await, Some(user("anna")), "A5");
        let asked = Reply {
            seen: Some(seen),
            ..reply("A1", "Anna here")
        };
        let crossed = store.reply(&anna, &asked, &operation("a")).await.unwrap();
        assert_eq!((crossed.outcome, crossed.message), (Outcome::Crossed, None));
        let newest = store
            .messages(&id("A1"), None, None, 1)
            .await
            .unwrap()
            .items[0]
            .id
            .clone();
        let asked = Reply {
            seen: Some(newest),
            ..asked
        };
        let sent = store.reply(&anna, &asked, &operation("a2")).await.unwrap();
        assert_eq!(sent.outcome, Outcome::Done);
        let empty = store
            .reply(&anna, &reply("A1", " \n"), &operation("a3"))
            .await
            .unwrap();
        assert_eq!(empty.outcome, Outcome::Refused(Refusal::Empty));
        let body = sent.message.unwrap().body;
        assert_eq!(body, "Anna here");
        sound(&store).await;
    }
}

#[tokio::test]
async fn u6_undo_takes_back_the_last_act_and_never_skips() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = (0..4).map(|n| conversation(&format!("A{n}"), "Payments", Some("anna"), 5));
        store.seed(seeds).await.unwrap();
        let gwen = person(&store, "gwen");
        let all_items: Vec<Item> = ["A3", "A1", "A0", "none"].map(item).into();
        let bulk = operation("bulk");
        let many = all(ManyDeed::Unassign, all_items);
        let done = store.act_on_many(&gwen, &many, &bulk).await.unwrap();
        let outcomes: Vec<_> = done
            .results
            .iter()
            .map(|r| (r.id.as_str(), r.outcome))
            .collect();
        let yes = Outcome::Done;
        assert_eq!(
            outcomes,
            [
                ("A3", yes),
                ("A1", yes),
                ("A0", yes),
                ("none", Outcome::NotFound)
            ],
            "U7: in the order asked"
        );
        assert_eq!(take(&store, "ben", &item("A1"), "ben").await, Outcome::Done);
        assert_eq!(
            unassign(&store, "gwen", &item("A2"), "later").await,
            Outcome::Done
        );
        let undo = |of: &'static str, key: &'static str| {
            let (store, gwen) = (store.clone(), gwen.clone());
            async move {
                let undone = store
                    .undo(&gwen, &operation(of).id, &operation(key))
                    .await
                    .unwrap();
                undone
                    .results
                    .into_iter()
                    .map(|r| (r.id.to_string(), r.outcome))
                    .collect::<Vec<_>>()
            }
        };
        let not_last = Outcome::Refused(Refusal::NotTheLastAct);
        assert_eq!(
            undo("bulk", "z1")
                .await
                .iter()
                .filter(|(_, o)| *o == not_last)
                .count(),
            3
        );
        assert_eq!(undo("later", "z2").await, [("A2".to_owned(), yes)]);
        let undone = undo("bulk", "z3").await;
        assert_eq!(
            undone,
            [
                ("A0".to_owned(), yes),
                ("A1".into(), Outcome::Conflict),
                ("A3".into(), yes)
            ]
        );
        assert_eq!(assignee(&store, "A0").await, Some(user("anna")));
        assert_eq!(assignee(&store, "A1").await, Some(user("ben")));
        assert!(undo("nothing", "z4").await.is_empty());
        sound(&store).await;
    }
}

#[tokio::test]
async fn u6_after_72_hours_nothing_is_taken_back() {
    for db in databases() {
        let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let reads = Arc::clone(&now);
        let clock = Clock::new(move || Moment(reads.load(Ordering::Relaxed)));
        let store = db
            .open_with(Options {
                clock,
                ..Options::default()
            })
            .await;
        team(&store).await;
        let seeds = [conversation("A1", "Payments", Some("anna"), 5)];
        store.seed(seeds.into_iter()).await.unwrap();
        let anna = person(&store, "anna");
        assert_eq!(
            unassign(&store, "anna", &item("A1"), "k").await,
            Outcome::Done
        );
        now.fetch_add(72 * 3600 * 1_000_000 + 1, Ordering::Relaxed);
        let undone = store
            .undo(&anna, &operation("k").id, &operation("z"))
            .await
            .unwrap();
        assert_eq!(
            undone.results[0].outcome,
            Outcome::Refused(Refusal::TooLate)
        );
        // The key is forgotten as well: it may be used for something else.
        let other = Operation::new("k", b"other");
        let other = store
            .act(&anna, &Deed::Take, &item("A1"), None, &other)
            .await
            .unwrap();
        assert_eq!(other.outcome, Outcome::Done);
        let head = store.head().await.unwrap();
        now.fetch_add(8 * 24 * 3600 * 1_000_000, Ordering::Relaxed);
        store.prune().await.unwrap();
        assert_eq!(
            store.log_after(head - 1, 10).await.unwrap(),
            None,
            "R31: too old"
        );
        assert_eq!(store.log_after(head, 10).await.unwrap(), Some(vec![]));
        assert_eq!(
            store.log_after(head + 1, 10).await.unwrap(),
            None,
            "another database"
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn s2_and_l1_a_customers_message_finds_its_conversation() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let new = |received: Received| match received {
            Received::New { conversation, .. } => conversation,
            other => panic!("{other:?}"),
        };
        let first = inbound("+44 7700 900123", "m1");
        let theirs = new(store.inbound(&first).await.unwrap());
        let again = store.inbound(&first).await.unwrap();
        assert!(matches!(again, Received::Repeated { conversation, .. } if conversation == theirs));
        let row = store.conversation(&theirs).await.unwrap().unwrap();
        assert!(row.facts.just_entered && row.facts.unanswered && row.facts.version == 1);
        let second = new(store
            .inbound(&inbound("+44 7700 900123", "m2"))
            .await
            .unwrap());
        assert_eq!(second, theirs, "their open conversation takes it");
        let later = store.conversation(&theirs).await.unwrap().unwrap();
        assert_eq!(
            later.facts.since, row.facts.since,
            "L1: nobody loses their place"
        );
        assert_eq!((later.facts.acted, later.facts.version), (1, 2), "U5");
        // A closed one that we began opens again; one they began does not.
        for (name, began_by) in [("C1", BeganBy::Us), ("C2", BeganBy::Customer)] {
            let mut closed = conversation(name, "Letters", None, 60);
            (closed.state, closed.began_by) = (State::Closed, began_by);
            let address = closed.address.clone();
            store.seed([closed].into_iter()).await.unwrap();
            let mut wrote = inbound(&address, &format!("to {name}"));
            wrote.queue = QueueId::parse("Letters").unwrap();
            let found = new(store.inbound(&wrote).await.unwrap());
            assert_eq!(
                found == id(name),
                began_by == BeganBy::Us,
                "{name} {}",
                db.name
            );
        }
        let reopened = store.conversation(&id("C1")).await.unwrap().unwrap();
        assert!(reopened.facts.just_entered && reopened.facts.state == State::Open);
        assert_eq!(reopened.facts.acted, reopened.facts.version);
        let nowhere = Inbound {
            queue: QueueId::parse("none").unwrap(),
            ..inbound("1", "m3")
        };
        assert_eq!(
            store.inbound(&nowhere).await.unwrap(),
            Received::NoSuchQueue
        );
        sound(&store).await;
    }
}

#[tokio::test]
async fn one_customer_writing_twice_at_once_begins_one_conversation() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        for round in 0..20 {
            let address = format!("+44 {round}");
            let (one, two) = (
                inbound(&address, &format!("{round}a")),
                inbound(&address, &format!("{round}b")),
            );
            let (a, b) = tokio::join!(store.inbound(&one), store.inbound(&two));
            let of = |received| match received {
                Received::New { conversation, .. } => conversation,
                other => panic!("{other:?}"),
            };
            assert_eq!(of(a.unwrap()), of(b.unwrap()), "{}", db.name);
        }
        sound(&store).await;
    }
}

/// What PostgreSQL cannot keep becomes its visible sign, and is no error (R37).
#[tokio::test]
async fn r37_a_nul_in_a_text_is_kept_as_its_sign() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let mut wrote = inbound("+44\0", "m\0");
        (wrote.body, wrote.name) = ("a\0b".into(), Some("\0".into()));
        let Received::New { conversation, .. } = store.inbound(&wrote).await.unwrap() else {
            panic!("it is new");
        };
        let messages = store.messages(&conversation, None, None, 1).await.unwrap();
        assert_eq!(messages.items[0].body, "a\u{2400}b");
        let anna = person(&store, "anna");
        let item = item(conversation.as_str());
        let key = operation("k");
        let taken = store.act(&anna, &Deed::Take, &item, Some("\0"), &key);
        assert_eq!(taken.await.unwrap().outcome, Outcome::Done);
        assert!(matches!(
            store.inbound(&wrote).await.unwrap(),
            Received::Repeated { .. }
        ));
        sound(&store).await;
    }
}

#[tokio::test]
async fn messages_come_newest_first_page_by_page() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let mut long = conversation("A1", "Payments", None, 5);
        let at = long.messages[0].at;
        long.messages = (0..25)
            .map(|n| support::desk::message(Direction::In, Moment(at.0 + n)))
            .collect();
        store.seed([long].into_iter()).await.unwrap();
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let page = store
                .messages(&id("A1"), before.as_deref(), None, 10)
                .await
                .unwrap();
            all.extend(page.items.iter().map(|m| m.at.0 - at.0));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(all, (0..25).rev().collect::<Vec<i64>>());
        let after = store
            .messages(&id("A1"), None, Some("A1-23"), 10)
            .await
            .unwrap();
        assert_eq!(after.items.len(), 2);
        assert!(
            store
                .messages(&id("A1"), Some("B1-3"), None, 10)
                .await
                .is_err()
        );
    }
}
