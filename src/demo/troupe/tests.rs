use super::*;
use crate::{
    demo::{
        background::{client, troupe},
        content::Voice,
        folder::Folder,
        seeding::{SEAT, seed},
    },
    desk::View,
    domain::{id::ConversationId, message::HistoryItem},
    server::{Access, Listener, Options, serve, store::Store},
};

/// A demo in this process: its folder, its people, who is at a console.
async fn demo() -> (tempfile::TempDir, Folder, Troupe, Consoles) {
    let runtime = tempfile::tempdir().unwrap();
    let folder = Folder::among(runtime.path());
    folder.make().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.database().display()))
        .await
        .unwrap();
    let content = Content::read().unwrap();
    let stage = seed(&store, &folder, &content, None, 1, true)
        .await
        .unwrap();
    let listener = Listener::unix(&folder.socket(), &Access::default()).unwrap();
    let consoles = Consoles::default();
    let players = consoles.but_for(SEAT);
    let options = Options {
        tokens_over_socket: true,
        consoles,
        ..Options::default()
    };
    let directory = store.directory();
    tokio::spawn(serve(
        vec![listener],
        store,
        options,
        std::future::pending(),
    ));
    let troupe = troupe(&folder, &directory, content, stage, players.clone(), 1).unwrap();
    (runtime, folder, troupe, players)
}

async fn mine(desk: &Handback) -> Vec<ConversationId> {
    let query = Query {
        view: View::Mine,
        limit: 100,
        ..Query::default()
    };
    let rows = desk.list(&query).await.unwrap().rows;
    let mut mine: Vec<_> = rows.into_iter().map(|row| row.id).collect();
    mine.sort();
    mine
}

#[tokio::test]
async fn life_goes_on_around_a_player_and_never_in_their_name() {
    let (_runtime, folder, mut troupe, players) = demo().await;
    let anna = client(&folder, "anna", Some("console".to_owned())).unwrap();
    let mut events = anna.events(None).await.unwrap();
    troupe
        .stage
        .observe(&list(&anna).await.unwrap().rows, Moment(0));
    for colleague in &troupe.colleagues {
        let rows = list(&colleague.desk).await.unwrap().rows;
        troupe.stage.observe(&rows, Moment(0));
    }
    let before = mine(&anna).await;
    troupe.come_and_go().await;
    assert_eq!(players.count(), 1);
    let everybody = players.but_for("nobody's");
    while everybody.count() < 6 {
        tokio::task::yield_now().await; // until all but Dot, who is off, sit there
    }
    let began = now();
    let mut written = 0;
    for _ in 0..60 {
        let (_, order) = next_turn(&mut troupe.dice);
        troupe.turn(order, &mut written).await.unwrap();
    }
    assert!(written > 10, "customers wrote {written} times");
    assert!(troupe.stage.arrived > 2, "{} new", troupe.stage.arrived);
    let after = mine(&anna).await;
    let lost: Vec<_> = before.iter().filter(|id| !after.contains(id)).collect();
    assert!(lost.is_empty(), "nobody handed back what is hers: {lost:?}");
    for id in after.iter().filter(|id| !before.contains(id)) {
        let history = anna.history(id, None, 100).await.unwrap();
        let given = history.items.iter().find(|item| item.kind == "assignee");
        let given = given.expect("how it became hers");
        assert!(
            given.by.is_none(),
            "nobody but a queue gave her any: {given:?}"
        );
    }
    let mut heard = 0;
    while heard < 20 {
        events.next().await.expect("the stream goes on");
        heard += 1;
    }
    for colleague in &troupe.colleagues {
        for id in mine(&colleague.desk).await {
            let history = colleague.desk.history(&id, None, 100).await.unwrap();
            let by_anna = |item: &HistoryItem| {
                item.at > began && item.by.as_ref().is_some_and(|by| by.id.as_str() == "anna")
            };
            assert!(!history.items.iter().any(by_anna));
        }
    }
}

/// Whoever plays Dot, who is off today, sees what a login is given; whoever leaves frees it; and the demo's own people
/// left it waiting.
#[tokio::test]
async fn q3_who_joins_as_dot_is_given_what_waits() {
    let (_runtime, folder, mut troupe, players) = demo().await;
    troupe.come_and_go().await;
    let everybody = players.but_for("nobody's");
    while everybody.count() < 6 {
        tokio::task::yield_now().await;
    }
    let dot = client(&folder, "dot", Some("console".to_owned())).unwrap();
    let complaints = async || {
        let rows = list(&dot).await.unwrap().rows;
        let rows = rows
            .into_iter()
            .filter(|row| row.queue.name == "Complaints");
        let (mine, waiting): (Vec<Row>, Vec<Row>) = rows
            .filter(|row| {
                row.assignee
                    .as_ref()
                    .is_none_or(|who| who.id.as_str() == "dot")
            })
            .partition(|row| row.assignee.is_some());
        (mine.len(), waiting.len())
    };
    assert_eq!(complaints().await, (2, 4));
    let events = dot.events(None).await.unwrap();
    assert_eq!(
        complaints().await,
        (4, 2),
        "two more, up to the maximum of four"
    );
    troupe.come_and_go().await;
    dot.sign_out().await;
    assert_eq!(complaints().await, (0, 6));
    drop(events);
    let eli = troupe
        .colleagues
        .iter()
        .find(|one| one.id.as_str() == "eli")
        .unwrap();
    assert!(!eli.sits.is_empty() && eli.desk.me().await.unwrap().left_at.is_none());
}

#[tokio::test]
async fn a_customer_of_the_dialogue_says_its_lines_through_the_contract() {
    let (_runtime, folder, mut troupe, _) = demo().await;
    let anna = client(&folder, "anna", Some("console".to_owned())).unwrap();
    let _events = anna.events(None).await.unwrap();
    let first = list(&anna).await.unwrap().rows.remove(0);
    assert_eq!(first.contact.name, "Bea Jones");
    let line = troupe
        .stage
        .part(&first)
        .unwrap()
        .word(false)
        .unwrap()
        .clone();
    assert_eq!(line.voice, Voice::Customer);
    let played = Played::default();
    let rows = std::slice::from_ref(&first);
    assert!(troupe.customer(&played, rows, &mut 0).await.unwrap());
    let messages = anna.messages(&first.id, None, 1).await.unwrap();
    assert_eq!(messages.items[0].body, line.words.as_str());
    assert_ne!(
        troupe.stage.part(&first).unwrap().word(false),
        Some(&line),
        "once"
    );
}
