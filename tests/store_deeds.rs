//! Deeds below HTTP, on both databases: many at once, what a lost line did, who is at it, and who lost the access.

mod support;

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use handback::{
    domain::{
        action::{Cause, Deed, Refusal},
        conversation::State,
        id::{ConversationId, QueueId, UserId},
        moment::Moment,
    },
    server::store::{
        ActsQuery, Clock, Item, Many, ManyDeed, Options, Outcome, Reply, Results, Store, What,
    },
};
use support::{
    Database, databases,
    desk::{TEAM, all, apply, conversation, item, operation, person, sound, team},
    dice::Dice,
};

fn id(text: &str) -> ConversationId {
    ConversationId::parse(text).unwrap()
}

fn user(text: &str) -> UserId {
    UserId::parse(text).unwrap()
}

async fn seeded(db: &Database, options: Options, held: &[(&str, &str, Option<&str>)]) -> Store {
    let store = db.open_with(options).await;
    team(&store).await;
    let seeds = held
        .iter()
        .map(|(id, queue, who)| conversation(id, queue, *who, 5));
    store
        .seed(seeds.collect::<Vec<_>>().into_iter())
        .await
        .unwrap();
    store
}

async fn act(store: &Store, who: &str, deed: Deed, on: &str, key: &str) -> Outcome {
    let (by, key) = (person(store, who), operation(key));
    let acted = store.act(&by, &deed, &item(on), None, &key).await;
    acted.unwrap().outcome
}

async fn undo(store: &Store, who: &str, of: &str, key: &str) -> Vec<(String, Outcome)> {
    let (by, of) = (person(store, who), operation(of).id);
    let undone = store.undo(&by, &of, &operation(key)).await;
    outcomes(undone.unwrap())
}

fn outcomes(results: Results) -> Vec<(String, Outcome)> {
    let results = results.results.into_iter();
    results.map(|r| (r.id.to_string(), r.outcome)).collect()
}

async fn holder(store: &Store, on: &str) -> Option<String> {
    let now = store.conversation(&id(on)).await.unwrap().unwrap();
    now.facts.assignee.map(|who| who.to_string())
}

/// Runs SQL of the tests' own.
async fn run(db: &Database, sql: &'static str) -> u64 {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&db.url).await.unwrap();
    let done = sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    done.rows_affected()
}

/// What a lost line handed back: as if anna's own hand had, but for the mark.
async fn lose_the_line(db: &Database, store: &Store, ids: &[&str]) {
    let anna = person(store, "anna");
    let items = ids.iter().map(|id| item(id)).collect();
    let many = all(ManyDeed::Unassign, items);
    let lost = store.act_on_many(&anna, &many, &operation("lost")).await;
    assert_eq!(lost.unwrap().results.len(), ids.len());
    let marked = run(db, "UPDATE act SET line_lost = 1 WHERE operation = 'lost'").await;
    assert_eq!(marked, ids.len() as u64);
}

#[tokio::test]
async fn q9_what_a_lost_line_handed_back_is_taken_back_as_far_as_it_is_free() {
    for db in databases() {
        let now = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let reads = Arc::clone(&now);
        let options = Options {
            clock: Clock::new(move || Moment(reads.load(Ordering::Relaxed))),
            ..Options::default()
        };
        let annas = ["A1", "A2", "A3", "A4"].map(|id| (id, "Payments", Some("anna")));
        let held = [&annas[..], &[("B1", "Payments", None)]].concat();
        let store = seeded(&db, options, &held).await;
        assert_eq!(
            act(&store, "anna", Deed::Take, "B1", "before").await,
            Outcome::Done
        );
        lose_the_line(&db, &store, &["A1", "A2", "A3", "A4"]).await;
        // It is not her act: the one before it is still her last.
        assert_eq!(
            undo(&store, "anna", "before", "z").await,
            [("B1".into(), Outcome::Done)]
        );
        let note = Deed::Note("Back again".into());
        assert_eq!(act(&store, "anna", note, "B1", "note").await, Outcome::Done);
        assert_eq!(
            act(&store, "ben", Deed::Take, "A1", "ben").await,
            Outcome::Done
        );
        assert_eq!(
            act(&store, "ben", Deed::Close, "A2", "close").await,
            Outcome::Done
        );
        let tag = Deed::Status(Some("promise to pay".into()));
        assert_eq!(act(&store, "gwen", tag, "A3", "tag").await, Outcome::Done);
        now.fetch_add(30 * 60 * 1_000_000, Ordering::Relaxed);
        let back = [
            ("A1".into(), Outcome::NotFound),
            ("A2".into(), Outcome::Refused(Refusal::ActedOnSince)),
            ("A3".into(), Outcome::Done),
            ("A4".into(), Outcome::Done),
        ];
        assert_eq!(
            undo(&store, "anna", "lost", "back").await,
            back,
            "{}",
            db.name
        );
        assert_eq!(undo(&store, "anna", "lost", "back").await, back, "R20");
        assert_eq!(holder(&store, "A3").await.as_deref(), Some("anna"));
        let now_a3 = store.conversation(&id("A3")).await.unwrap().unwrap();
        assert_eq!(now_a3.facts.status.as_deref(), Some("promise to pay"));
        sound(&store).await;

        assert_eq!(
            act(&store, "ben", Deed::Unassign, "A1", "ben back").await,
            Outcome::Done
        );
        now.fetch_add(1, Ordering::Relaxed);
        let late = undo(&store, "anna", "lost", "late").await;
        assert_eq!(late[0].1, Outcome::Refused(Refusal::TooLate));
        assert_eq!(holder(&store, "A1").await, None);
        // For others it is nobody's.
        assert_eq!(undo(&store, "gwen", "lost", "not hers").await, []);
    }
}

#[tokio::test]
async fn u7_what_somebody_answers_now_stays() {
    for db in databases() {
        let annas = ["A1", "A2"].map(|id| (id, "Payments", Some("anna")));
        let store = seeded(&db, Options::default(), &annas).await;
        let gwen = person(&store, "gwen");
        let mut many = Many {
            if_quiet: true,
            answered: HashSet::from([id("A1")]),
            ..all(ManyDeed::Unassign, vec![item("A1"), item("A2")])
        };
        let done = store.act_on_many(&gwen, &many, &operation("quiet")).await;
        let stays = Outcome::Refused(Refusal::BeingAnswered);
        let expected = [("A1".to_owned(), stays), ("A2".to_owned(), Outcome::Done)];
        assert_eq!(outcomes(done.unwrap()), expected);
        many.if_quiet = false;
        let done = store.act_on_many(&gwen, &many, &operation("all")).await;
        assert_eq!(outcomes(done.unwrap())[0].1, Outcome::Done);
        sound(&store).await;
    }
}

#[tokio::test]
async fn u7_one_that_is_named_twice_is_done_once() {
    for db in databases() {
        let store = seeded(&db, Options::default(), &[("A1", "Payments", Some("anna"))]).await;
        let gwen = person(&store, "gwen");
        let twice = all(ManyDeed::Unassign, vec![item("A1"), item("A1"), item("no")]);
        let done = store.act_on_many(&gwen, &twice, &operation("twice")).await;
        let words: Vec<_> = outcomes(done.unwrap())
            .into_iter()
            .map(|(_, o)| o)
            .collect();
        assert_eq!(words, [Outcome::Done, Outcome::Already, Outcome::NotFound]);
        let spread = ManyDeed::Assign(vec![user("anna"), user("ben")]);
        let twice = all(spread, vec![item("A1"), item("A1")]);
        let done = store.act_on_many(&gwen, &twice, &operation("both")).await;
        assert_eq!(outcomes(done.unwrap()).len(), 2);
        assert_eq!(
            holder(&store, "A1").await.as_deref(),
            Some("ben"),
            "in the order asked"
        );
        sound(&store).await;
        // Of the two acts on it the second is how it stands; the first is not restored over it.
        let undone = undo(&store, "gwen", "both", "z").await;
        assert_eq!(undone.len(), 2);
        sound(&store).await;
    }
}

/// U7: *untouched since assignment* is over once its assignee does something to it, and nobody else's doing counts.
#[tokio::test]
async fn u7_touched_is_what_its_assignee_is_at() {
    for db in databases() {
        let store = seeded(&db, Options::default(), &[("A1", "Payments", None)]).await;
        let touched = async || {
            let now = store.conversation(&id("A1")).await.unwrap();
            now.unwrap().facts.touched
        };
        let note = || Deed::Note("Hm.".into());
        let tag = |on: bool| Deed::Status(on.then(|| "promise to pay".to_owned()));
        let steps = [
            ("anna", note(), false),
            ("anna", Deed::Take, false),
            ("gwen", note(), false),
            ("cai", tag(true), false),
            ("anna", note(), true),
            ("cai", Deed::Assign(user("ben")), false),
            ("ben", tag(false), true),
            ("ben", Deed::Unassign, false),
            ("ben", Deed::Take, false),
            ("ben", Deed::Block { until: None }, true),
            ("ben", Deed::Move(QueueId::parse("Letters").unwrap()), false),
        ];
        for (n, (who, deed, expected)) in steps.into_iter().enumerate() {
            let said = format!("{}: {n} {who} {deed:?}", db.name);
            let done = act(&store, who, deed, "A1", &n.to_string()).await;
            assert_eq!((done, touched().await), (Outcome::Done, expected), "{said}");
        }
        assert_eq!(
            act(&store, "ben", Deed::Unblock, "A1", "u").await,
            Outcome::Done
        );
        let reply = Reply {
            conversation: id("A1"),
            body: "Hello".into(),
            expected: handback::domain::action::Expectation::default(),
            seen: None,
        };
        let (ben, key) = (person(&store, "ben"), operation("r"));
        store.reply(&ben, &reply, &key).await.unwrap();
        assert!(touched().await, "a reply is the first thing one does to it");
        sound(&store).await;
    }
}

/// Who did what with what was somebody's, through what, and with how many.
async fn told_what_was_taken(
    store: &Store,
    name: &str,
) -> Vec<(Option<UserId>, Option<Cause>, u64)> {
    let query = ActsQuery {
        of: Some(user(name)),
        ..ActsQuery::default()
    };
    let acts = store.acts(&person(store, name), &query).await.unwrap();
    let told = acts.into_iter().map(|act| (act.by, act.cause, act.count));
    told.collect()
}

/// Q10: whatever ends somebody's access to a queue ends what they hold there, at once, and nothing else.
#[tokio::test]
async fn q10_whatever_ends_the_access_hands_back() {
    let annas_role = "organisation = \"Cardiff\"\nrole = \"advisor\"\nunix_user";
    let ways = [
        (
            "suspended",
            TEAM.replace("unix_user = \"awebb\"", "suspended = true"),
            [None, None, Some("ben"), Some("dot"), Some("gwen")],
        ),
        (
            "another role",
            TEAM.replace(annas_role, &annas_role.replace("advisor", "gateway")),
            [None, None, Some("ben"), Some("dot"), Some("gwen")],
        ),
        (
            "the role has lost the screen",
            TEAM.replace("permissions = [\"conversations\"]", "permissions = []"),
            [None; 5],
        ),
        (
            "another organisation: Payments is answered there too, Letters is not",
            TEAM.replace(annas_role, &annas_role.replace("Cardiff", "Swansea")),
            [Some("anna"), None, Some("ben"), Some("dot"), Some("gwen")],
        ),
        (
            "other teams",
            TEAM.replace("[\"Cardiff\", \"Swansea\"]", "[\"Cardiff\"]"),
            [Some("anna"), Some("anna"), Some("ben"), None, Some("gwen")],
        ),
        (
            "another owner",
            TEAM.replace(
                "owner = \"Head office\"\nteams = [\"Cardiff\", \"Swansea\"]",
                "owner = \"Swansea\"\nteams = [\"Swansea\"]",
            ),
            [None, Some("anna"), None, Some("dot"), Some("gwen")],
        ),
    ];
    for (way, changed, expected) in ways {
        assert_ne!(changed, TEAM, "{way}");
        for db in databases() {
            let held = [
                ("A1", "Payments", Some("anna")),
                ("A2", "Letters", Some("anna")),
                ("B1", "Payments", Some("ben")),
                ("D1", "Payments", Some("dot")),
                ("G1", "Payments", Some("gwen")),
            ];
            let store = seeded(&db, Options::default(), &held).await;
            let head = store.head().await.unwrap();
            apply(&store, &changed).await;
            let mut lost = 0;
            for ((on, _, had), expected) in held.into_iter().zip(expected) {
                let said = format!("{}: {way}: {on}", db.name);
                assert_eq!(holder(&store, on).await.as_deref(), expected, "{said}");
                let newest = store
                    .history(&id(on), None, 1)
                    .await
                    .unwrap()
                    .items
                    .remove(0);
                if expected.is_none() {
                    lost += 1;
                    assert_eq!(newest.cause.as_deref(), Some("lost_access"), "{said}");
                    assert_eq!((newest.by, newest.from.as_deref()), (None, had), "{said}");
                }
            }
            let log = store.log_after(head, 100).await.unwrap().unwrap();
            let of_conversations = log
                .iter()
                .filter(|e| matches!(e.what, What::Conversation { .. }));
            assert_eq!(
                of_conversations.count(),
                lost,
                "{way}: one transaction, an entry each"
            );
            let ends = held.into_iter().zip(expected);
            let lost: Vec<&str> = ends
                .filter_map(|((_, _, had), kept)| had.filter(|_| kept.is_none()))
                .collect();
            for name in ["anna", "ben", "dot", "gwen"] {
                let count = lost.iter().filter(|who| **who == name).count() as u64;
                let told = told_what_was_taken(&store, name).await;
                let expected = (count > 0).then_some((None, Some(Cause::LostAccess), count));
                let said = format!("U9: {}: {way}: {name}", db.name);
                assert_eq!(told, Vec::from_iter(expected), "{said}");
            }
            sound(&store).await;
        }
    }
}

/// Q10: a desk that has not heard of it yet gives nothing to somebody who lost the access.
#[tokio::test]
async fn q10_nobody_gets_one_by_the_team_as_it_was() {
    for db in databases() {
        let held = [("A1", "Payments", None), ("A2", "Payments", Some("ben"))];
        let here = seeded(&db, Options::default(), &held).await;
        let there = db.open().await;
        apply(
            &here,
            &TEAM.replace("unix_user = \"awebb\"", "suspended = true"),
        )
        .await;
        assert!(!person(&there, "anna").suspended, "it has not heard of it");
        let anna = person(&there, "anna");
        let takes = there
            .act(&anna, &Deed::Take, &item("A1"), None, &operation("take"))
            .await;
        assert_eq!(takes.unwrap().outcome, Outcome::NotFound, "{}", db.name);
        apply(&here, TEAM).await;
        apply(
            &here,
            &TEAM.replace("unix_user = \"awebb\"", "suspended = true"),
        )
        .await;
        let gives = Deed::Assign(user("anna"));
        let refused = Outcome::Refused(Refusal::CannotHold);
        assert_eq!(act(&there, "gwen", gives, "A2", "give").await, refused);
        assert_eq!(holder(&there, "A1").await, None);
        sound(&here).await;
    }
}

/// Q10: nor does somebody get one while the team changes under them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn q10_who_takes_while_the_access_ends_has_none() {
    let suspended = TEAM.replace("unix_user = \"awebb\"", "suspended = true");
    for db in databases() {
        let names: Vec<String> = (0..8).map(|n| format!("C{n}")).collect();
        let held: Vec<_> = names
            .iter()
            .map(|n| (n.as_str(), "Payments", None))
            .collect();
        let here = seeded(&db, Options::default(), &held).await;
        let there = db.open().await;
        for round in 0..8 {
            apply(&here, TEAM).await;
            there.reload_if_changed().await.unwrap();
            let takers = names.iter().map(|name| {
                let (there, item) = (there.clone(), item(name));
                let key = operation(&format!("{name}-{round}"));
                tokio::spawn(async move {
                    let anna = person(&there, "anna");
                    there
                        .act(&anna, &Deed::Take, &item, None, &key)
                        .await
                        .unwrap();
                })
            });
            let takers: Vec<_> = takers.collect();
            apply(&here, &suspended).await;
            for taker in takers {
                taker.await.unwrap();
            }
            for name in &names {
                assert_eq!(holder(&here, name).await, None, "{} {round}", db.name);
            }
        }
        sound(&here).await;
    }
}

/// Two leaders hand the same ones back, each naming them in another order, while customers' and advisors' acts go on:
/// nobody waits in a circle, and each conversation is handed back by one of the two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn u7_two_bulks_at_once_never_wait_for_each_other() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let names: Vec<String> = (0..120).map(|n| format!("C{n:03}")).collect();
        let holders = ["anna", "ben", "dot"];
        let seeds = names
            .iter()
            .zip(0usize..)
            .map(|(name, n)| conversation(name, "Payments", Some(holders[n % 3]), n as i64));
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        for round in 0..4 {
            let bulk = |who: &'static str, backwards: bool| {
                let store = store.clone();
                let mut items: Vec<Item> = names.iter().map(|name| item(name)).collect();
                if backwards {
                    items.reverse();
                }
                tokio::spawn(async move {
                    let me = person(&store, who);
                    let many = all(ManyDeed::Unassign, items);
                    let key = operation(&format!("{who}{round}"));
                    outcomes(store.act_on_many(&me, &many, &key).await.unwrap())
                })
            };
            let (one, two) = (bulk("gwen", false), bulk("cai", true));
            let (mut one, two) = (one.await.unwrap(), two.await.unwrap());
            one.extend(two);
            let done = one.iter().filter(|(_, o)| *o == Outcome::Done);
            let ids: HashSet<_> = done.clone().map(|(id, _)| id).collect();
            assert_eq!((done.count(), ids.len()), (120, 120), "{}", db.name);
            let back = undo(
                &store,
                "gwen",
                &format!("gwen{round}"),
                &format!("zg{round}"),
            )
            .await;
            assert!(back.iter().all(|(_, o)| *o == Outcome::Done), "{back:?}");
            let back = undo(&store, "cai", &format!("cai{round}"), &format!("zc{round}")).await;
            assert!(back.iter().all(|(_, o)| *o == Outcome::Done), "{back:?}");
            sound(&store).await;
        }
    }
}

/// Whatever people do in whatever order, taking it back included, what is kept twice agrees.
#[tokio::test]
async fn all_that_is_kept_agrees_after_any_deeds() {
    let more = "[[queue]]\nname = 'Old'\nowner = 'head'\nteams = ['Cardiff']\nactive = false\n\
                [[queue]]\nname = 'Gone'\nowner = 'head'\nteams = ['Cardiff']\ndeleted = true\n";
    for db in databases() {
        let store = db.open().await;
        apply(&store, &format!("{TEAM}{more}")).await;
        let people = ["anna", "ben", "cai", "dot", "gwen"];
        let queues = ["Payments", "Letters", "Old", "Gone"];
        let names: Vec<String> = (0..12).map(|n| format!("C{n:02}")).collect();
        let mut dice = Dice::new(7);
        let seeds = names.iter().zip(0usize..).map(|(name, n)| {
            let mut made = conversation(name, queues[n % 4], None, n as i64);
            if n % 5 == 0 {
                made.state = State::Closed;
            }
            made
        });
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        let mut last: Vec<(&str, String)> = Vec::new();
        let mut done = 0;
        for round in 0..300 {
            let who = *dice.one_of(&people);
            let (by, key) = (person(&store, who), format!("k{round}"));
            let queue = QueueId::parse(dice.one_of::<&str>(&queues)).unwrap();
            let to = user(dice.one_of::<&str>(&people));
            let tag = (dice.below(2) == 0).then(|| "promise to pay".to_owned());
            let deed = match dice.below(14) {
                0 | 1 => Deed::Take,
                2 => Deed::Unassign,
                3 | 4 => Deed::Assign(to),
                5 | 6 => Deed::Move(queue),
                7 => Deed::Status(tag),
                8 => Deed::Close,
                9 => Deed::Reopen,
                10 => Deed::Note("Hm.".into()),
                11 => Deed::Block { until: None },
                12 => Deed::Unblock,
                _ => Deed::Intervene,
            };
            let on = dice.one_of(&names).clone();
            match (dice.below(4), last.pop()) {
                (0, Some((by, of))) => {
                    let back = undo(&store, by, &of, &key).await;
                    done += usize::from(back.iter().any(|(_, o)| *o == Outcome::Done));
                }
                (1, _) => {
                    let many = match deed {
                        Deed::Assign(to) => ManyDeed::Assign(vec![to, user("ben")]),
                        Deed::Move(queue) => ManyDeed::Move(queue),
                        Deed::Status(tag) => ManyDeed::Status(tag),
                        _ => ManyDeed::Unassign,
                    };
                    let items = (0..4).map(|_| item(dice.one_of(&names).as_str())).collect();
                    let key = operation(&key);
                    store
                        .act_on_many(&by, &all(many, items), &key)
                        .await
                        .unwrap();
                    last.push((who, key.id.to_string()));
                }
                _ => {
                    let outcome = act(&store, who, deed, &on, &key).await;
                    done += usize::from(outcome == Outcome::Done);
                    last.push((who, key));
                }
            }
            if round % 50 == 0 {
                sound(&store).await;
            }
        }
        assert!(done > 40, "{}: something happened: {done}", db.name);
        sound(&store).await;
    }
}
