//! The list: who sees what, in which order, page by page, against naive restatements of the rules.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use handback::{
    domain::{
        action::{Deed, Expectation},
        conversation::State,
        id::{ConversationId, QueueId, UserId},
        message::{Delivery, Direction, Failure},
        moment::Moment,
        order::Place,
        person::Person,
    },
    server::store::{
        Counts, From, Item, ListQuery, Load, Operation, Outcome, SeedConversation, StateFilter,
        Store, Stored, View,
    },
};
use support::{
    databases,
    desk::{apply, conversation, message, person, team},
    dice::Dice,
    teams::{random_team, two_teams},
};

/// Conversations of all kinds, held by anybody, whether the rules would let them or not.
fn random_conversation(dice: &mut Dice, n: u64) -> SeedConversation {
    let assignee = (!dice.one_in(3)).then(|| format!("u{}", dice.below(16)));
    let queue = format!("q{}", dice.below(7));
    let minutes = i64::try_from(dice.below(40)).unwrap();
    let mut made = conversation(&format!("C{n:03}"), &queue, assignee.as_deref(), minutes);
    if dice.one_in(4) {
        made.state = State::Closed;
    }
    made.just_entered = dice.one_in(4);
    if dice.one_in(2) {
        let at = Moment(made.messages[0].at.0 + 1_000_000);
        let mut ours = message(Direction::Out, at);
        ours.delivery = Some(if dice.one_in(3) {
            Delivery::Failed(Failure::Network)
        } else {
            Delivery::Delivered
        });
        made.messages.push(ours);
    }
    made
}

async fn everything(store: &Store, count: u64) -> Vec<Stored> {
    let mut all = Vec::new();
    for n in 0..count {
        let id = ConversationId::parse(&format!("C{n:03}")).unwrap();
        all.push(store.conversation(&id).await.unwrap().unwrap());
    }
    all
}

/// The rules read aloud: what this query gives this viewer.
fn naive(store: &Store, viewer: &Person, query: &ListQuery, all: &[Stored]) -> Vec<Place> {
    let directory = store.directory();
    let searches = query.search || query.state != StateFilter::Open;
    let mut places: Vec<Place> = all
        .iter()
        .filter(|c| directory.team.can_see(viewer, &c.facts.standing()))
        .filter(|c| searches || !directory.team.queues[&c.facts.queue].deleted)
        .filter(|c| match query.state {
            StateFilter::Open => c.facts.state == State::Open,
            StateFilter::Closed => c.facts.state == State::Closed,
            StateFilter::Any => true,
        })
        .filter(|c| match query.view {
            View::Mine => c.facts.assignee.as_ref() == Some(&viewer.id),
            View::Unassigned => c.facts.assignee.is_none(),
            View::All => true,
        })
        .filter(|c| {
            query
                .queue
                .as_ref()
                .is_none_or(|queue| c.facts.queue == *queue)
        })
        .filter(|c| query.assignee.is_none() || c.facts.assignee == query.assignee)
        .map(|c| c.facts.place())
        .collect();
    places.sort();
    places
}

fn places(rows: &[Stored]) -> Vec<Place> {
    rows.iter().map(|c| c.facts.place()).collect()
}

async fn list(
    store: &Store,
    viewer: &Person,
    query: &ListQuery,
    from: From,
) -> handback::server::store::Listed {
    let query = ListQuery {
        from,
        ..query.clone()
    };
    store.list(viewer, &query).await.unwrap()
}

/// Every row exactly once in the order of L1, whichever way one pages.
async fn pages_give(store: &Store, viewer: &Person, query: &ListQuery, expected: &[Place]) {
    let (mut down, mut from) = (Vec::new(), From::Start);
    loop {
        let page = list(store, viewer, query, from).await;
        down.extend(places(&page.rows));
        match page.next {
            Some(next) => from = From::Cursor(next),
            None => break,
        }
    }
    assert_eq!(down, expected, "down: {} {query:?}", viewer.id);
    let (mut up, mut from) = (Vec::new(), From::End);
    loop {
        let page = list(store, viewer, query, from).await;
        up.splice(0..0, places(&page.rows));
        match page.prev {
            Some(prev) => from = From::Cursor(prev),
            None => break,
        }
    }
    assert_eq!(up, expected, "up: {} {query:?}", viewer.id);
}

#[tokio::test]
async fn v1_to_v7_the_list_is_what_the_rules_say() {
    const COUNT: u64 = 200;
    for db in databases() {
        for seed in 1..=2 {
            let store = db_of(&db, seed).await;
            let mut dice = Dice::new(seed);
            apply(&store, &random_team(&mut dice)).await;
            let seeds = (0..COUNT).map(|n| random_conversation(&mut dice, n));
            store
                .seed(seeds.collect::<Vec<_>>().into_iter())
                .await
                .unwrap();
            support::desk::sound(&store).await;
            let all = everything(&store, COUNT).await;
            let directory = store.directory();
            for viewer in directory.team.people.values() {
                loads_are(&store, viewer, &all).await;
                for query in queries(&mut dice) {
                    let expected = naive(&store, viewer, &query, &all);
                    pages_give(&store, viewer, &query, &expected).await;
                    counts_are(&store, viewer, &query, &all).await;
                }
            }
            store.close().await;
        }
    }
}

/// A database for each round: the first is the given one.
async fn db_of(db: &support::Database, round: u64) -> Store {
    if db.name == "sqlite" {
        return Store::open(&format!("{}.{round}", db.url)).await.unwrap();
    }
    Store::open(&support::postgres::database().unwrap())
        .await
        .unwrap()
}

fn queries(dice: &mut Dice) -> Vec<ListQuery> {
    let limit = |dice: &mut Dice| u16::try_from(20 + dice.below(60)).unwrap();
    let mut queries: Vec<ListQuery> = [View::Mine, View::Unassigned, View::All]
        .map(|view| ListQuery {
            view,
            limit: limit(dice),
            ..ListQuery::default()
        })
        .into();
    let queue = QueueId::parse(&format!("q{}", dice.below(7))).unwrap();
    let assignee = UserId::parse(&format!("u{}", dice.below(16))).unwrap();
    for (queue, assignee, state, search) in [
        (Some(queue.clone()), None, StateFilter::Open, false),
        (None, Some(assignee), StateFilter::Open, false),
        (None, None, StateFilter::Open, true),
        (None, None, StateFilter::Closed, true),
        (Some(queue), None, StateFilter::Any, true),
        (None, None, StateFilter::Any, true),
    ] {
        let limit = limit(dice);
        queries.push(ListQuery {
            queue,
            assignee,
            state,
            search,
            limit,
            ..ListQuery::default()
        });
    }
    queries
}

async fn counts_are(store: &Store, viewer: &Person, query: &ListQuery, all: &[Stored]) {
    let count = |view| {
        let query = ListQuery {
            view,
            queue: query.queue.clone(),
            ..ListQuery::default()
        };
        naive(store, viewer, &query, all).len() as u64
    };
    let expected = Counts {
        mine: count(View::Mine),
        unassigned: count(View::Unassigned),
        all: count(View::All),
    };
    let listed = list(store, viewer, query, From::Start).await;
    assert_eq!(listed.counts, expected, "{} {query:?}", viewer.id);
    assert_eq!(listed.as_of, store.head().await.unwrap());
}

/// What everybody has to do is what the viewer's list says of them.
async fn loads_are(store: &Store, viewer: &Person, all: &[Stored]) {
    let seen = naive(store, viewer, &ListQuery::default(), all);
    let mut expected: BTreeMap<UserId, Load> = BTreeMap::new();
    for conversation in all {
        let facts = &conversation.facts;
        let Some(assignee) = &facts.assignee else {
            continue;
        };
        if !seen.contains(&facts.place()) {
            continue;
        }
        let load = expected.entry(assignee.clone()).or_default();
        load.open += 1;
        if facts.unanswered {
            load.unanswered += 1;
            let before = load.oldest_waiting.unwrap_or(facts.since);
            load.oldest_waiting = Some(before.min(facts.since));
        }
    }
    assert_eq!(
        store.loads(viewer).await.unwrap(),
        expected,
        "{}",
        viewer.id
    );
}

#[tokio::test]
async fn around_gives_the_page_that_holds_it() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = (0..50).map(|n| conversation(&format!("C{n:03}"), "Payments", None, n));
        store.seed(seeds).await.unwrap();
        let anna = person(&store, "anna");
        let query = ListQuery {
            limit: 10,
            ..ListQuery::default()
        };
        let around = |n: u64| From::Around(ConversationId::parse(&format!("C{n:03}")).unwrap());
        for n in [0, 3, 25, 48, 49] {
            let page = list(&store, &anna, &query, around(n)).await;
            let held = page
                .rows
                .iter()
                .any(|c| c.facts.id.as_str() == format!("C{n:03}"));
            assert!(held, "{n} {}", db.name);
            assert!(page.rows.is_sorted_by_key(|c| c.facts.place()));
            let whole = page.rows.len() == 10 || page.next.is_none();
            assert!(whole, "{n}: a page is full but at the end");
        }
        let nowhere = list(&store, &anna, &query, around(99)).await;
        assert_eq!(
            nowhere.rows,
            list(&store, &anna, &query, From::Start).await.rows
        );
        let wrong = ListQuery {
            from: From::Cursor("64".into()),
            ..query
        };
        assert!(store.list(&anna, &wrong).await.is_err());
    }
}

/// More branches than one query takes, most of them seen, some not.
#[tokio::test]
async fn v3_a_leader_of_many_sees_all_of_theirs_in_order() {
    for db in databases() {
        let store = db.open().await;
        let people = (0..40).map(|n| (format!("u{n}"), if n % 8 == 7 { "top" } else { "a" }));
        apply(&store, &two_teams(people, 10, |_| "'a', 'b'")).await;
        let mut dice = Dice::new(7);
        let mut seeds: Vec<SeedConversation> = Vec::new();
        for n in 0..900u64 {
            let assignee = format!("u{}", dice.below(40));
            let minutes = i64::try_from(dice.below(500)).unwrap();
            seeds.push(conversation(
                &format!("C{n:03}"),
                &format!("q{}", n % 10),
                Some(&assignee),
                minutes,
            ));
        }
        store.seed(seeds.into_iter()).await.unwrap();
        let all = everything(&store, 900).await;
        let leader = person(&store, "u7");
        let query = ListQuery {
            limit: 70,
            ..ListQuery::default()
        };
        let expected = naive(&store, &leader, &query, &all);
        assert!(
            expected.len() > 700 && expected.len() < 900,
            "they see most, not their peers'"
        );
        pages_give(&store, &leader, &query, &expected).await;
        // One person's, in all queues: an index of its own.
        let query = ListQuery {
            assignee: Some(UserId::parse("u3").unwrap()),
            ..query
        };
        let expected = naive(&store, &leader, &query, &all);
        pages_give(&store, &leader, &query, &expected).await;
    }
}

/// Whoever sees many queues: pages that one of them fills, whole or nearly; also where most of what there is are others'.
#[tokio::test]
async fn l1_a_page_that_is_all_of_one_queue_misses_none_of_it() {
    for db in databases() {
        let store = db.open().await;
        let people = [("anna", "a"), ("ben", "b")];
        apply(&store, &two_teams(people, 60, |_| "'a', 'b'")).await;
        let mut dice = Dice::new(11);
        let seeds = (0..900u64).map(|n| {
            let queue = match n / 100 {
                0 | 4 | 8 => 7,
                2 => 30 + n % 2,
                _ => dice.below(60),
            };
            let assignee = ["anna", "ben"][usize::from(dice.one_in(3))];
            let assignee = dice.one_in(2).then_some(assignee);
            let minutes = i64::try_from(n).unwrap();
            conversation(&format!("C{n:03}"), &format!("q{queue}"), assignee, minutes)
        });
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        let all = everything(&store, 900).await;
        let anna = person(&store, "anna");
        let see_theirs = async |limits: &[u16]| {
            for view in [View::All, View::Unassigned, View::Mine] {
                for &limit in limits {
                    let query = ListQuery {
                        view,
                        limit,
                        ..ListQuery::default()
                    };
                    let expected = naive(&store, &anna, &query, &all);
                    pages_give(&store, &anna, &query, &expected).await;
                }
            }
        };
        see_theirs(&[1, 17, 40, 100]).await;
        let others = (0..8_000u64).map(|n| {
            let queue = format!("q{}", n % 60);
            let minutes = i64::try_from(n % 900).unwrap();
            conversation(&format!("D{n:04}"), &queue, Some("ben"), minutes)
        });
        store
            .seed(others.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        see_theirs(&[17, 100]).await;
    }
}

/// A process that was not told yet: what it knows is of before, and what it answers is of now.
#[tokio::test]
async fn r31_a_page_is_of_one_moment_whatever_another_process_did() {
    for db in databases() {
        let (here, there) = (db.open().await, db.open().await);
        team(&here).await;
        there.reload_if_changed().await.unwrap();
        let seeds = (0..9).map(|n| conversation(&format!("C{n}"), "Payments", None, 100 - n));
        here.seed(seeds).await.unwrap();
        let (anna, ben) = (person(&here, "anna"), person(&here, "ben"));
        let query = ListQuery {
            limit: 2,
            ..ListQuery::default()
        };
        let mut after_the_first = From::Start;
        for n in 0..6 {
            let listed = list(&there, &anna, &query, From::Start).await;
            let rows: Vec<&str> = listed.rows.iter().map(|c| c.facts.id.as_str()).collect();
            assert_eq!(rows, [format!("C{n}"), format!("C{}", n + 1)]);
            assert_eq!((listed.counts.all, listed.prev), (9 - n, None));
            assert_eq!(listed.as_of, here.head().await.unwrap());
            let (all, queues, as_of) = there.counts(&anna).await.unwrap();
            let payments = queues
                .iter()
                .find(|(queue, _)| queue.as_str() == "Payments");
            let payments = payments.map(|(_, counts)| counts.all);
            assert_eq!(
                (all.all, payments, as_of),
                (9 - n, Some(9 - n), listed.as_of)
            );
            let past = list(&there, &anna, &query, after_the_first).await;
            assert_eq!(past.prev, None, "what was before it is nobody else's now");
            assert_eq!((past.rows, past.next), (listed.rows.clone(), listed.next));

            let first = &listed.rows[0].facts.id;
            let one = ListQuery {
                limit: 1,
                ..query.clone()
            };
            after_the_first =
                From::Cursor(list(&there, &anna, &one, From::Start).await.next.unwrap());
            let item = Item {
                id: first.clone(),
                expected: Expectation::default(),
            };
            let key = Operation::new(&format!("k{n}"), b"");
            let acted = here
                .act(&ben, &Deed::Take, &item, None, &key)
                .await
                .unwrap();
            assert_eq!(acted.outcome, Outcome::Done);
            if n % 2 == 0 {
                // Before a list learns of it.
                assert_eq!(there.counts(&anna).await.unwrap().0.all, 8 - n);
            }
            for from in [
                From::End,
                From::Around(ConversationId::parse("C8").unwrap()),
            ] {
                let listed = list(&there, &anna, &query, from).await;
                assert_eq!((listed.rows.len(), listed.counts.all), (2, 8 - n));
            }
            let found = ListQuery {
                q: "customer".into(),
                limit: 100,
                ..query.clone()
            };
            let found = list(&there, &anna, &found, From::Start).await;
            assert_eq!(found.rows.len() as u64, found.counts.all);
        }
    }
}

#[tokio::test]
async fn f1_a_search_finds_by_prefix_whatever_the_size() {
    for db in databases() {
        let store = db.open().await;
        team(&store).await;
        let seeds = (0..1_500u32).map(|n| {
            let assignee = ["anna", "ben"].get(n as usize % 3).copied();
            let mut made =
                conversation(&format!("C{n:04}"), "Payments", assignee, i64::from(n % 97));
            made.name = format!("{} Ö{:02}", ["José", "Jone", "Kit"][n as usize % 3], n % 50);
            made.address = format!("+44 7700 {n:06}");
            if n % 5 == 0 {
                made.state = State::Closed;
            }
            made
        });
        store
            .seed(seeds.collect::<Vec<_>>().into_iter())
            .await
            .unwrap();
        support::desk::sound(&store).await;
        let anna = person(&store, "anna");
        let mut all = Vec::new();
        for n in 0..1_500 {
            let id = ConversationId::parse(&format!("C{n:04}")).unwrap();
            all.push(store.conversation(&id).await.unwrap().unwrap());
        }
        let fits = |c: &Stored, q: &str| match q {
            "jo" => c.contact_name.starts_with("Jo"),
            "o" => true,
            "jose o07" => c.contact_name.starts_with("José") && c.contact_name.ends_with("07"),
            "JOSÉ" => c.contact_name.starts_with("José"),
            "000123" => c.contact_address.ends_with("000123"),
            "zz" => false,
            other => panic!("{other}"),
        };
        for (q, state) in [
            ("jo", StateFilter::Open),
            ("o", StateFilter::Open),
            ("jose o07", StateFilter::Any),
            ("JOSÉ", StateFilter::Closed),
            ("000123", StateFilter::Any),
            ("o", StateFilter::Any),
            ("zz", StateFilter::Any),
        ] {
            let query = ListQuery {
                q: q.into(),
                state,
                limit: 80,
                ..ListQuery::default()
            };
            let those: Vec<Stored> = all.iter().filter(|c| fits(c, q)).cloned().collect();
            let expected = naive(&store, &anna, &query, &those);
            assert_eq!(expected.is_empty(), q == "zz", "{q}");
            pages_give(&store, &anna, &query, &expected).await;
        }
        let ids: BTreeSet<&str> = all.iter().map(|c| c.facts.id.as_str()).collect();
        assert_eq!(ids.len(), 1_500);
    }
}
