//! Reading: who one is, the list, one conversation.

use handback::{
    desk::{Desk, From, Query, Trouble, View},
    domain::{
        action::{Action, Deed},
        id::ConversationId,
        message::Direction,
        row::Row,
    },
};

use crate::world::{World, act, done, ids, query, reply};

pub(crate) async fn one_is_who_one_is(world: &impl World) {
    let me = world.desk("anna").await.me().await.unwrap();
    assert_eq!(me.user.name.as_str(), "Anna Webb");
    assert_eq!(me.organisation.name.as_str(), "cardiff");
    assert!(me.conversations);
    for action in [Action::Unassign, Action::Take, Action::Reply] {
        assert!(me.actions.contains(&action), "{action:?}");
    }
}

pub(crate) async fn l1_pages_go_both_ways_and_hold_everything_once(world: &impl World) {
    let desk = world.desk("anna").await;
    for number in 0..7 {
        world.customer(number).await;
    }
    let whole = desk.list(&query(View::All, 100)).await.unwrap();
    assert_eq!(
        (whole.rows.len(), &whole.next, &whole.prev),
        (7, &None, &None)
    );
    assert!(whole.rows.is_sorted_by_key(Row::place));

    let mut page = desk.list(&query(View::All, 3)).await.unwrap();
    assert_eq!(page.prev, None);
    let mut forth = ids(&page.rows);
    while let Some(next) = page.next.take() {
        let from = From::Cursor(next);
        page = desk
            .list(&Query {
                from,
                ..query(View::All, 3)
            })
            .await
            .unwrap();
        forth.extend(ids(&page.rows));
    }
    assert_eq!(forth, ids(&whole.rows));

    let mut back = ids(&page.rows);
    while let Some(prev) = page.prev.take() {
        let from = From::Cursor(prev);
        page = desk
            .list(&Query {
                from,
                ..query(View::All, 3)
            })
            .await
            .unwrap();
        back.splice(0..0, ids(&page.rows));
    }
    assert_eq!(back, ids(&whole.rows));
}

pub(crate) async fn a_page_is_found_around_a_conversation_and_from_the_end(world: &impl World) {
    let desk = world.desk("anna").await;
    for number in 0..7 {
        world.customer(number).await;
    }
    let whole = ids(&desk.list(&query(View::All, 100)).await.unwrap().rows);
    for id in &whole {
        let from = From::Around(id.clone());
        let page = desk
            .list(&Query {
                from,
                ..query(View::All, 3)
            })
            .await
            .unwrap();
        assert!(ids(&page.rows).contains(id) && page.rows.len() <= 3);
    }
    let from = From::End;
    let end = desk
        .list(&Query {
            from,
            ..query(View::All, 3)
        })
        .await
        .unwrap();
    assert_eq!((ids(&end.rows), end.next), (whole[4..].to_vec(), None));
    assert!(end.prev.is_some());
}

pub(crate) async fn views_queues_and_counts_agree(world: &impl World) {
    let (anna, ben) = (world.desk("anna").await, world.desk("ben").await);
    let [mine, bens, free] = [
        world.customer(1).await,
        world.customer(2).await,
        world.customer(3).await,
    ];
    let own = world.writes("Own", "Ida", "+447700900999", "Hello?").await;
    done(&anna, &act(Deed::Take, &mine)).await;
    done(&ben, &act(Deed::Take, &bens)).await;
    let all = anna.list(&query(View::All, 10)).await.unwrap();
    assert_eq!(
        (all.counts.mine, all.counts.unassigned, all.counts.all),
        (1, 2, 3)
    );
    assert!(!ids(&all.rows).contains(&bens), "V1");
    let of = async |view| ids(&anna.list(&query(view, 10)).await.unwrap().rows);
    assert_eq!(of(View::Mine).await, [mine]);
    assert_eq!(of(View::Unassigned).await.len(), 2);
    let queues = anna.queues().await.unwrap();
    let names: Vec<&str> = queues
        .iter()
        .map(|queue| queue.queue.name.as_str())
        .collect();
    assert_eq!(names, ["Own", "Payments"]);
    assert_eq!((queues[1].open, queues[1].unassigned), (2, 1));
    let queue = Some(queues[1].queue.id.clone());
    let payments = anna
        .list(&Query {
            queue,
            ..query(View::Unassigned, 10)
        })
        .await
        .unwrap();
    assert_eq!(ids(&payments.rows), [free]);
    assert_eq!(payments.counts.all, 2);
    assert!(ids(&all.rows).contains(&own));
}

pub(crate) async fn a_filter_finds_words_of_the_name_and_digits_of_the_address(world: &impl World) {
    let desk = world.desk("anna").await;
    let zoe = world
        .writes("Payments", "Zoë Adams", "+447700900111", "Hello?")
        .await;
    let bea = world
        .writes("Payments", "Bea Jones", "+447700900222", "Hello?")
        .await;
    for (filter, found) in [
        ("zoe", vec![&zoe]),
        ("ada", vec![&zoe]),
        ("JON", vec![&bea]),
        ("0111", vec![&zoe]),
        ("+44770", vec![&zoe, &bea]),
        ("dams", vec![]),
    ] {
        let filter = filter.to_owned();
        let page = desk
            .list(&Query {
                filter,
                ..query(View::All, 10)
            })
            .await
            .unwrap();
        assert_eq!(ids(&page.rows).iter().collect::<Vec<_>>(), found);
    }
}

pub(crate) async fn v8_what_one_may_not_see_is_not_there(world: &impl World) {
    let anna = world.desk("anna").await;
    let hers = world.customer(1).await;
    done(&anna, &act(Deed::Take, &hers)).await;
    let nobodys = ConversationId::parse("NOSUCHONE0").unwrap();
    for who in ["ben", "dot"] {
        let desk = world.desk(who).await;
        for id in [&hers, &nobodys] {
            assert_eq!(
                desk.conversation(id).await,
                Err(Trouble::NotFound),
                "{who} {id}"
            );
            assert_eq!(desk.messages(id, None, 10).await, Err(Trouble::NotFound));
            assert_eq!(desk.history(id, None, 10).await, Err(Trouble::NotFound));
            let newer = desk.messages_after(id, None, 10).await;
            assert_eq!(newer, Err(Trouble::NotFound));
            assert_eq!(
                desk.history_after(id, None, 10).await,
                Err(Trouble::NotFound)
            );
            assert_eq!(desk.known(id).await, Err(Trouble::NotFound));
        }
        assert_eq!(desk.list(&query(View::All, 10)).await.unwrap().rows, []);
    }
    assert!(
        world.desk("gwen").await.conversation(&hers).await.is_ok(),
        "V3"
    );
}

pub(crate) async fn messages_come_newest_first_in_pages(world: &impl World) {
    let desk = world.desk("anna").await;
    let id = world.customer(1).await;
    for body in ["One", "Two"] {
        desk.send(&reply(&id, body)).await;
    }
    let newest = desk.messages(&id, None, 2).await.unwrap();
    let bodies: Vec<&str> = newest
        .items
        .iter()
        .map(|message| message.body.as_str())
        .collect();
    assert_eq!(bodies, ["Two", "One"]);
    let older = desk.messages(&id, newest.next.as_deref(), 2).await.unwrap();
    assert_eq!(
        (older.items[0].direction, older.items.len(), older.next),
        (Direction::In, 1, None)
    );
}

pub(crate) async fn messages_and_history_go_both_ways(world: &impl World) {
    let desk = world.desk("anna").await;
    let id = world.customer(1).await;
    for body in ["One", "Two", "Three"] {
        desk.send(&reply(&id, body)).await;
        done(&desk, &act(Deed::Note(body.to_owned()), &id)).await;
    }
    let words = |page: &handback::desk::Messages| {
        let bodies = page.items.iter().map(|m| m.body.to_string());
        bodies.collect::<Vec<_>>()
    };
    let oldest = desk.messages_after(&id, None, 2).await.unwrap();
    assert_eq!(words(&oldest), ["One", "Hello?"]);
    let newer = desk.messages_after(&id, oldest.next.as_deref(), 2).await;
    let newer = newer.unwrap();
    assert_eq!(
        (words(&newer), newer.next),
        (vec!["Three".into(), "Two".into()], None)
    );

    let whole = desk.history(&id, None, 10).await.unwrap().items;
    let mut oldest = desk.history_after(&id, None, 2).await.unwrap();
    let mut walked = oldest.items.clone();
    while let Some(next) = oldest.next {
        oldest = desk.history_after(&id, Some(&next), 2).await.unwrap();
        walked.splice(0..0, oldest.items.clone());
    }
    assert_eq!(walked, whole);
}

pub(crate) async fn r2_r6_one_message_is_had_whole_and_by_its_codes(world: &impl World) {
    let desk = world.desk("anna").await;
    let long = "\u{202e}".to_owned() + &"word ".repeat(20_000);
    let id = world.writes("Payments", "Zo\u{eb}", "+441", &long).await;
    let cut = desk.messages(&id, None, 1).await.unwrap().items.remove(0);
    assert!(cut.truncated && cut.body.len() < long.len());
    let whole = desk.message(&id, &cut.id).await.unwrap();
    assert_eq!(
        whole.message.body,
        handback::domain::text::Safe::text(&long)
    );
    assert!(!whole.message.truncated);
    assert!(whole.escaped.as_str().starts_with("\\u{202e}word word "));
}

pub(crate) async fn p3_a_contact_is_known_with_its_other_conversations(world: &impl World) {
    let desk = world.desk("anna").await;
    let first = world.customer(1).await;
    done(&desk, &act(Deed::Close, &first)).await;
    let second = world.customer(1).await;
    let known = desk.known(&second).await.unwrap();
    assert_eq!((known.count, ids(&known.others)), (1, vec![first.clone()]));
    assert!(known.first_seen < known.began && known.blocked.is_none());
    done(&desk, &act(Deed::Block { until: None }, &second)).await;
    let blocked = desk.known(&second).await.unwrap().blocked.unwrap();
    assert_eq!(blocked.by.unwrap().name.as_str(), "Anna Webb");
}
