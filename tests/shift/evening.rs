//! What holds in the evening, when all have put their hands into their laps.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use handback::{
    desk::{Desk as _, From, Page, Query, View},
    domain::{id::ConversationId, row::Row},
    server::store::{From as Place, ListQuery, StateFilter, View as Seen},
};

use crate::{
    people::{Advisor, Leader},
    sitting::Sitting,
    team::Desk,
};

/// Everything that must hold.
pub async fn holds(
    desk: &Desk,
    advisors: Vec<Advisor>,
    leaders: Vec<Leader>,
    sent: &BTreeSet<String>,
) {
    let wrong = desk.store.verify().await.expect("verify");
    assert!(wrong.is_empty(), "{}: {wrong:#?}", desk.kind());
    all_messages_are_there(desk, sent).await;
    let mut owners: BTreeMap<ConversationId, String> = BTreeMap::new();
    let advisors = advisors.into_iter().filter_map(|advisor| {
        let console = advisor.console?;
        Some((advisor.username, console))
    });
    let leaders = leaders
        .into_iter()
        .map(|leader| (leader.username, leader.console));
    // Who leaves now would sign out, and what they have would go to others while it is counted: all stay to the end.
    let mut there: Vec<_> = advisors.chain(leaders).collect();
    for (username, console) in &mut there {
        shows_what_the_desk_says(desk, username, console).await;
    }
    for (username, console) in &there {
        for row in everything(console, View::Mine).await.0 {
            let other = owners.insert(row.id.clone(), username.clone());
            assert_eq!(other, None, "{} is owned by two", row.id);
        }
    }
}

/// No message that was taken in is lost, and each is there once.
async fn all_messages_are_there(desk: &Desk, sent: &BTreeSet<String>) {
    let mut theirs = BTreeSet::new();
    for id in conversations(desk).await {
        let page = desk.store.messages(&id, None, None, 500).await;
        for message in page.expect("messages").items {
            if message.sender.is_none() {
                let number = message.body.strip_prefix("message ").expect("a customer's");
                let new = theirs.insert(format!("m{number}"));
                assert!(new, "{number} is there twice");
            }
        }
    }
    assert_eq!(
        theirs, *sent,
        "every message is in a conversation a leader finds"
    );
}

/// All conversations there are, as a leader finds them. A cursor is a place in the order: what a late login or a line
/// that is given up moves meanwhile is met by the second round.
async fn conversations(desk: &Desk) -> BTreeSet<ConversationId> {
    let gwen = desk.store.directory().user("gwen").cloned().expect("gwen");
    let mut ids = BTreeSet::new();
    for _ in 0..2 {
        let mut from = Some(Place::Start);
        while let Some(here) = from {
            let query = ListQuery {
                view: Seen::All,
                state: StateFilter::Any,
                search: true,
                from: here,
                limit: 500,
                ..ListQuery::default()
            };
            let page = desk.store.list(&gwen, &query).await.expect("a page");
            ids.extend(page.rows.iter().map(|stored| stored.facts.id.clone()));
            from = page.next.map(Place::Cursor);
        }
    }
    ids
}

/// The screen shows exactly what the desk says this person may see: rows, versions, order and counts.
async fn shows_what_the_desk_says(desk: &Desk, username: &str, console: &mut Sitting) {
    console.looks_until("a settled screen", |_| true).await;
    let mut last = String::new();
    // Events are still on their way to it: it is looked at until it agrees, or never does.
    for _ in 0..200 {
        console.looks(Duration::from_millis(50)).await;
        if !console.is_settled() {
            last = format!("it is not settled: {:?}", console.says());
            continue;
        }
        let view = console.model.list.view;
        let (rows, counts) = everything(console, view).await;
        match differs(console, &rows, &counts) {
            None => return,
            Some(difference) => last = difference,
        }
    }
    panic!("{}: {username}'s screen: {last}", desk.kind());
}

fn differs(console: &Sitting, rows: &[Row], page: &Page) -> Option<String> {
    let list = &console.model.list;
    if list.counts != page.counts {
        return Some(format!(
            "counts {:?}, the desk {:?}",
            list.counts, page.counts
        ));
    }
    let shown: Vec<&Row> = list.inbox.rows().collect();
    // The window is one stretch of the list; a row of one's own act may still be held in its place (U1).
    let held = |row: &Row| list.inbox.is_held(&row.id);
    let shown: Vec<_> = shown.into_iter().filter(|row| !held(row)).collect();
    let rows: Vec<&Row> = rows.iter().filter(|row| !held(row)).collect();
    let Some(first) = shown.first() else {
        return (!rows.is_empty()).then(|| "an empty list".to_owned());
    };
    let begins = rows.iter().position(|row| row.id == first.id)?;
    let theirs = rows.get(begins..begins + shown.len())?;
    let id = |rows: &[&Row]| {
        rows.iter()
            .map(|r| (r.id.to_string(), r.version))
            .collect::<Vec<_>>()
    };
    (id(&shown) != id(theirs)).then(|| format!("{:?}, the desk {:?}", id(&shown), id(theirs)))
}

/// The whole of a view, as the desk gives it to whoever sits there, and its last page.
async fn everything(console: &Sitting, view: View) -> (Vec<Row>, Page) {
    let mut rows = Vec::new();
    let mut from = From::Start;
    loop {
        let query = Query {
            view,
            from,
            limit: 500,
            ..Query::default()
        };
        let page = console.desk.list(&query).await.expect("a page");
        rows.extend(page.rows.clone());
        match &page.next {
            Some(next) => from = From::Cursor(next.clone()),
            None => return (rows, page),
        }
    }
}
