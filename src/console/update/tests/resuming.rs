//! The next console after one that dropped: it is where that one was (R17).

use super::*;
use crate::{
    console::bookmark::{Bookmark, Left},
    desk::{ActsQuery, From, Messages, Whose},
};

/// A console that starts after another one left this, at a desk with these rows; its list is not here yet.
fn after(left: &str, drafts: &[(Kind, &str, &str)]) -> Desk {
    let mut desk = Desk::empty();
    desk.orders = start(&mut desk.model);
    desk.tell(Msg::Clock(Moment(1_000_000_000)));
    let left = Left {
        bookmark: Bookmark::read(left),
        at: Moment(840_000_000),
    };
    desk.tell(Msg::Bookmark(Some(left), Some(Moment(840_000_000))));
    let drafts = drafts
        .iter()
        .map(|(kind, of, text)| kept(*kind, of, text, Where::Here));
    let drafts = drafts.collect();
    let mut someone = Desk::with(&[]);
    let me = someone.model.me.take().unwrap();
    desk.tell(Msg::Me(Ok(Box::new(me))));
    desk.tell(Msg::Drafts(drafts));
    desk
}

fn asked_for(desk: &Desk) -> crate::desk::Query {
    let asked = desk.orders.iter().rev().find_map(|order| match order {
        Effect::LoadList(_, query) => Some(query.clone()),
        _ => None,
    });
    asked.expect("a fetch of the list")
}

/// The messages of a conversation are here.
fn opened(desk: &mut Desk, of: &str) {
    assert!(desk.orders.contains(&Effect::Open(id(of), false)));
    desk.tell(Msg::Opened {
        conversation: id(of),
        oldest: false,
        messages: Ok(Messages {
            items: vec![],
            next: None,
        }),
        history: Err(Trouble::NotFound),
    });
}

#[test]
fn r17_view_cursor_and_draft_are_there_again() {
    let mut desk = after(
        "view=mine queue=payments cursor=carl reading reply=carl",
        &[(Kind::Reply, "carl", "Yes, and")],
    );
    let query = asked_for(&desk);
    assert_eq!(query.view, View::Mine);
    assert_eq!(query.queue, Some("payments".parse().unwrap()));
    assert_eq!(query.from, From::Around(id("carl")));
    assert!(
        !desk.orders.iter().any(|o| matches!(o, Effect::Bookmark(_))),
        "what is gone on with is not written over"
    );
    let rows = ["bea", "carl", "dee"].map(|name| row(name, Some("anna"), 1));
    desk.page(&rows);
    assert_eq!(desk.model.list.cursor, Some(id("carl")));
    assert!(
        desk.model.composer.is_none(),
        "what stands above is read first"
    );
    opened(&mut desk, "carl");
    let composer = desk.model.composer.as_ref().expect("it is open again");
    assert_eq!(
        (composer.kind, composer.text().as_str()),
        (Kind::Reply, "Yes, and")
    );
    assert_eq!(desk.model.place(), Place::Composer);
    let written = desk.orders.iter().rev().find_map(|order| match order {
        Effect::Bookmark(bookmark) => Some(bookmark.to_string()),
        _ => None,
    });
    assert_eq!(
        written.as_deref(),
        Some("view=mine queue=payments cursor=carl reading reply=carl")
    );
}

#[test]
fn r17_what_one_comes_back_to_is_fetched_at_once_and_not_when_the_cursor_has_rested() {
    for left in ["view=all cursor=carl", "view=all cursor=carl reading"] {
        let mut desk = after(left, &[]);
        desk.page(&three());
        assert_eq!(desk.cursor(), "carl");
        assert!(
            desk.orders.contains(&Effect::Open(id("carl"), false)),
            "{left}"
        );
    }
    // It is in the list no more: neither is whatever stands in its place.
    let mut desk = after("view=all cursor=gone", &[]);
    desk.page(&three());
    assert_eq!(desk.cursor(), "bea");
    assert!(desk.orders.contains(&Effect::Open(id("bea"), false)));
}

#[test]
fn r22_what_was_typed_before_it_opened_by_itself_goes_nowhere_and_sends_nothing() {
    let mut desk = after(
        "view=all cursor=bea reply=bea",
        &[(Kind::Reply, "bea", "Yes")],
    );
    desk.page(&three());
    opened(&mut desk, "bea");
    desk.keys("x enter");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "Yes");
    assert!(desk.sent().is_empty());
    desk.shown().keys("enter");
    assert!(
        desk.sent().is_empty(),
        "not by a key that was meant for the list"
    );
    desk.keys("enter");
    assert_eq!(desk.sent().len(), 1, "but by the second");
}

#[test]
fn r17_the_first_key_goes_where_one_wants() {
    let mut desk = after(
        "view=all cursor=bea reply=bea",
        &[(Kind::Reply, "bea", "Yes")],
    );
    desk.page(&three());
    desk.keys("j");
    opened(&mut desk, "bea");
    assert!(desk.model.composer.is_none());
    assert_eq!(desk.model.list.cursor, Some(id("carl")));

    // Before anything is known, too.
    let mut desk = Desk::empty();
    desk.orders = start(&mut desk.model);
    desk.tell(Msg::Clock(Moment(1_000_000_000))).keys("j");
    let left = Left {
        bookmark: Bookmark::read("view=mine"),
        at: Moment(1),
    };
    desk.tell(Msg::Bookmark(Some(left), None));
    assert_eq!(desk.model.list.view, View::All);
}

#[test]
fn r17_a_conversation_that_is_no_longer_there_is_said_and_its_draft_is_kept() {
    let mut desk = after(
        "view=all cursor=zoe reply=zoe",
        &[(Kind::Reply, "zoe", "Yes")],
    );
    desk.page(&three());
    assert!(desk.model.composer.is_none());
    assert_eq!(
        desk.said(),
        "At 00:14 you were writing a reply to zoe, who is not in this list any more · it is kept, 4 shows it"
    );
    assert_eq!(desk.model.drafts[&id("zoe")], "Yes");

    let mut desk = after("view=all cursor=zoe", &[]);
    desk.page(&three());
    assert_eq!(desk.model.list.cursor, Some(id("bea")), "then at the top");
}

#[test]
fn r17_where_nothing_was_written_only_the_cursor_is_there_again() {
    let mut desk = after("view=all cursor=carl reading reply=carl", &[]);
    desk.page(&three());
    assert!(desk.model.composer.is_none());
    assert_eq!(desk.model.pane, Pane::Conversation);
    assert_eq!(desk.said(), "Back where you were at 00:14");
    opened(&mut desk, "carl");
    assert!(desk.model.composer.is_none());
}

#[test]
fn r17_what_happened_since_a_console_was_last_there_is_told_after_one_is_back() {
    let mut desk = after(
        "view=all cursor=carl reply=carl",
        &[(Kind::Note, "carl", "No")],
    );
    let asked = desk.orders.iter().find_map(|order| match order {
        Effect::LoadActs(ticket, query) => Some((*ticket, query.clone())),
        _ => None,
    });
    let (ticket, query) = asked.expect("what happened is asked");
    let whose = Whose::Of(user("anna").id);
    let since = Moment(840_000_000);
    assert_eq!(query, ActsQuery { whose, since });
    desk.tell(Msg::Acts(ticket, Ok(vec![])));
    let mut mine = row("carl", Some("anna"), 1);
    mine.last_message = Some(crate::domain::row::LastMessage {
        direction: crate::domain::message::Direction::In,
        preview: Safe::literal("And?"),
        at: since,
        delivery: None,
    });
    let page = Page {
        rows: vec![mine],
        next: None,
        prev: None,
        as_of: 11,
        counts: Counts::default(),
    };
    desk.tell(Msg::Mine(ticket, Ok(Box::new(page))));
    assert_eq!(desk.said(), "", "not before one is back");
    desk.page(&three());
    let said: Vec<&str> = desk.model.notices.iter().map(|n| n.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "Back where you were at 00:14",
            "While you were away: 1 reply"
        ]
    );
}

#[test]
fn who_left_by_their_own_will_finds_the_view_and_nothing_opens() {
    let mut desk = after("view=unassigned", &[(Kind::Reply, "bea", "Yes")]);
    assert_eq!(asked_for(&desk).view, View::Unassigned);
    desk.page(&three());
    assert!(desk.model.composer.is_none());
    assert_eq!(desk.model.list.cursor, Some(id("bea")));
    assert_eq!(desk.said(), "");
}

#[test]
fn a_queue_that_is_none_any_more_is_not_shown() {
    let mut desk = after("view=all queue=letters cursor=bea", &[]);
    desk.tell(Msg::Queues(Ok(vec![])));
    assert_eq!(asked_for(&desk).queue, None);
}

#[test]
fn r17_where_one_is_is_kept_whenever_that_changes_and_only_then() {
    let mut desk = Desk::with(&three());
    let kept = |desk: &mut Desk, keys: &str| {
        desk.orders.clear();
        desk.keys(keys);
        let mut orders = desk.orders.iter();
        orders.find_map(|order| match order {
            Effect::Bookmark(bookmark) => Some(bookmark.to_string()),
            _ => None,
        })
    };
    assert_eq!(
        kept(&mut desk, "j").as_deref(),
        Some("view=all cursor=carl")
    );
    assert_eq!(kept(&mut desk, "!"), None);
    desk.keys("esc");
    let writing = kept(&mut desk, "r");
    assert_eq!(
        writing.as_deref(),
        Some("view=all cursor=carl reading reply=carl")
    );
    assert_eq!(
        kept(&mut desk, "x"),
        None,
        "what is written is the draft's to keep"
    );
    assert_eq!(
        kept(&mut desk, "esc").as_deref(),
        Some("view=all cursor=carl reading")
    );
    desk.keys("h");
    assert_eq!(
        kept(&mut desk, "1").as_deref(),
        Some("view=mine cursor=carl")
    );
}
