//! Finding: by who wrote and what was written, closed ones too.

use handback::{
    desk::{Desk, Find, Found, Trouble},
    domain::{
        action::Deed, conversation::State, id::ConversationId, moment::Moment, search::Search,
    },
};

use crate::world::{World, act, done, reply};

fn find(text: &str) -> Find {
    let now = Moment(jiff::Timestamp::now().as_microsecond());
    let search = Search::parse(text).unwrap();
    Find::of(search, now, &jiff::tz::TimeZone::UTC, 10)
}

async fn found(desk: &impl Desk, text: &str) -> Found {
    let mut found = desk.find(&find(text)).await.unwrap();
    while let Some(cursor) = found.next.take() {
        let more = Find {
            cursor: Some(cursor),
            ..find(text)
        };
        let more = desk.find(&more).await.unwrap();
        found.hits.extend(more.hits);
        found.next = more.next;
    }
    found
}

async fn ids(desk: &impl Desk, text: &str) -> Vec<ConversationId> {
    let found = found(desk, text).await;
    found.hits.into_iter().map(|hit| hit.row.id).collect()
}

pub(crate) async fn f1_words_are_found_in_contacts_and_in_messages(world: &impl World) {
    let desk = world.desk("anna").await;
    let bea = world
        .writes(
            "Payments",
            "Bea Jones",
            "+447700900111",
            "Where is my refund?",
        )
        .await;
    let carl = world
        .writes(
            "Payments",
            "Carl Müller",
            "+447700900222",
            "I wrote to Bea Jones",
        )
        .await;
    assert_eq!(ids(&desk, "mueller").await, []);
    assert_eq!(ids(&desk, "muller").await, [carl.clone()].to_vec());
    assert_eq!(ids(&desk, "0111").await, [bea.clone()].to_vec());
    assert_eq!(
        ids(&desk, "bea jon").await,
        [carl.clone(), bea.clone()].to_vec(),
        "newest first"
    );
    assert_eq!(
        ids(&desk, "bea refund").await,
        [bea.clone()].to_vec(),
        "one here, one there"
    );
    assert_eq!(ids(&desk, "contact:bea").await, [bea.clone()].to_vec());
    let hits = found(&desk, "refu").await.hits;
    let message = hits[0].message.as_ref().expect("it is in a message");
    let excerpt: Vec<_> = message
        .excerpt
        .iter()
        .map(|(text, found)| (text.as_str(), *found))
        .collect();
    assert_eq!(
        excerpt,
        [("Where is my ", false), ("refund", true), ("?", false)]
    );
    assert!(found(&desk, "contact:bea").await.hits[0].message.is_none());
    desk.send(&reply(&bea, "Your refund is on its way")).await;
    let hits = found(&desk, "refund").await.hits;
    assert_eq!(
        hits[0].message.as_ref().map(|m| m.id.to_string()),
        Some(format!("{bea}-2"))
    );
    assert_eq!(ids(&desk, "\"my refund\"").await, [bea.clone()].to_vec());
    assert_eq!(ids(&desk, "\"refund my\"").await, []);
}

pub(crate) async fn f1_v7_closed_ones_are_found_and_fields_narrow(world: &impl World) {
    let desk = world.desk("anna").await;
    let [one, two] = [world.customer(1).await, world.customer(2).await];
    let own = world.writes("Own", "Ida", "+447700900999", "Hello?").await;
    done(&desk, &act(Deed::Take, &two)).await;
    done(&desk, &act(Deed::Close, &one)).await;
    let closed = found(&desk, "hello is:closed").await.hits;
    assert_eq!(
        (&closed[0].row.id, closed[0].row.state),
        (&one, State::Closed)
    );
    assert_eq!(ids(&desk, "hello").await.len(), 3);
    assert_eq!(ids(&desk, "by:anna").await, [two.clone()].to_vec());
    assert_eq!(ids(&desk, "by:me is:open").await, [two.clone()].to_vec());
    assert_eq!(ids(&desk, "queue:own").await, [own.clone()].to_vec());
    assert_eq!(ids(&desk, "is:unassigned is:open").await, [own].to_vec());
    assert_eq!(ids(&desk, "from:today").await.len(), 3);
    assert_eq!(ids(&desk, "hello until:yesterday").await, []);
    assert_eq!(ids(&desk, "status:promise").await, []);
    let again = done(&desk, &act(Deed::Reopen, &one)).await;
    assert_eq!(again.state, State::Open, "what is found can be acted on");
    let unreadable = Find {
        cursor: Some("nothing".into()),
        ..find("hello")
    };
    assert!(matches!(
        desk.find(&unreadable).await,
        Err(Trouble::Refused(_))
    ));
}

pub(crate) async fn v8_what_one_may_not_see_is_not_found(world: &impl World) {
    let (anna, ben, dot) = (
        world.desk("anna").await,
        world.desk("ben").await,
        world.desk("dot").await,
    );
    let hers = world.customer(1).await;
    done(&anna, &act(Deed::Take, &hers)).await;
    for text in ["hello", "customer", "by:anna", "0001", "queue:payments"] {
        assert_eq!(ids(&anna, text).await, [hers.clone()].to_vec(), "{text}");
        assert_eq!(
            ids(&world.desk("gwen").await, text).await,
            [hers.clone()].to_vec(),
            "V3: {text}"
        );
        assert_eq!(ids(&ben, text).await, [], "V1: {text}");
        assert_eq!(ids(&dot, text).await, [], "never sideways: {text}");
    }
}
