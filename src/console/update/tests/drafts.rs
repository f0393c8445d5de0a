//! The view of drafts: all of them, wherever their conversations are, and none lost.

use super::*;
use crate::console::draft::Order;

fn aside(name: &str) -> Where {
    Where::Aside(name.into())
}

/// The drafts shown, as (whom, what).
fn shown(desk: &Desk) -> Vec<(String, String)> {
    assert!(desk.model.drafts_shown().is_some());
    let all = desk.model.all_drafts();
    all.into_iter()
        .map(|kept| (kept.conversation.to_string(), kept.text))
        .collect()
}

fn pair(of: &str, text: &str) -> (String, String) {
    (of.into(), text.into())
}

#[test]
fn r23_every_draft_is_in_the_view_the_newest_first() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![
        kept(Kind::Reply, "gone", "left behind", Where::Here),
        kept(Kind::Note, "bea", "about her", Where::Here),
        Kept {
            at: Moment(9),
            ..kept(
                Kind::Reply,
                "bea",
                "elsewhere",
                Where::Elsewhere("two".into()),
            )
        },
    ]));
    desk.keys("j r").types("Hello").keys("esc esc 4");
    assert_eq!(
        shown(&desk),
        [
            pair("carl", "Hello"),
            pair("bea", "elsewhere"),
            pair("gone", "left behind"),
            pair("bea", "about her")
        ]
    );
    assert_eq!(desk.model.count_of_drafts(), 4);
    assert!(
        desk.orders.contains(&Effect::Draft(Order::Look)),
        "other consoles' are looked for"
    );
}

#[test]
fn a_draft_is_gone_on_with_in_its_conversation() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![
        Kept {
            at: Moment(9),
            ..kept(Kind::Reply, "dee", "for dee", Where::Here)
        },
        kept(Kind::Note, "carl", "about carl", Where::Here),
    ]));
    desk.keys("4 enter");
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(
        (composer.row.id.as_str(), composer.text()),
        ("dee", "for dee".into())
    );
    assert_eq!(
        (desk.cursor(), desk.model.place()),
        ("dee", Place::Composer)
    );
    desk.keys("esc 4 j enter");
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(
        (composer.row.id.as_str(), composer.text()),
        ("carl", "about carl".into())
    );
    assert_eq!(desk.model.place(), Place::Note, "a note stays one");
}

#[test]
fn a_draft_whose_conversation_is_out_of_sight_can_be_read_and_copied() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![kept(
        Kind::Reply,
        "gone",
        "left behind",
        Where::Here,
    )]));
    desk.keys("4");
    assert!(
        desk.orders.contains(&Effect::LoadDetail(id("gone"))),
        "how it stands is asked"
    );
    desk.tell(Msg::Detail(id("gone"), Err(Trouble::NotFound)))
        .keys("enter");
    assert!(desk.model.composer.is_none());
    assert!(
        desk.said()
            .contains("gone cannot be opened: it is out of your sight now"),
        "{}",
        desk.said()
    );
    desk.keys("y");
    let copied = desk
        .orders
        .iter()
        .any(|e| matches!(e, Effect::Copy { text, .. } if text == "left behind"));
    assert!(copied);
}

#[test]
fn a_draft_beyond_the_list_is_opened_when_the_desk_gives_it() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![kept(
        Kind::Reply,
        "far",
        "for far",
        Where::Here,
    )]));
    desk.keys("4 enter");
    assert!(desk.model.composer.is_none());
    desk.allowed_but(&row("far", Some("anna"), 9), &[]);
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(
        (composer.row.id.as_str(), composer.text()),
        ("far", "for far".into())
    );
    // Back in the list the right pane shows what its cursor is on: an act means what is shown.
    desk.keys("esc esc");
    assert_eq!(desk.model.open.as_ref().unwrap().row.id, id(desk.cursor()));
}

#[test]
fn a_draft_to_a_closed_one_says_so_and_stays_to_be_read() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![kept(
        Kind::Reply,
        "far",
        "for far",
        Where::Here,
    )]));
    desk.keys("4");
    let closed = Row {
        state: State::Closed,
        ..row("far", None, 9)
    };
    desk.allowed_but(&closed, &[(Action::Reply, "it is closed")])
        .keys("enter");
    assert!(desk.model.drafts_shown().is_some());
    assert!(
        desk.said()
            .starts_with("far is closed: reopen it to answer"),
        "{}",
        desk.said()
    );
}

#[test]
fn a_dropped_draft_comes_back_with_z_in_the_view_and_after_it() {
    for (then, beside) in [("z", false), ("esc z", false), ("z", true)] {
        let mut desk = Desk::with(&three());
        let place = if beside { aside("two") } else { Where::Here };
        desk.tell(Msg::Drafts(vec![kept(
            Kind::Reply,
            "bea",
            "for bea",
            place,
        )]));
        desk.keys("4 x");
        assert_eq!(shown(&desk), []);
        assert_eq!(desk.said(), "Dropped the draft to bea · z brings it back");
        let gone = match beside {
            false => Effect::KeepDraft(Kind::Reply, id("bea"), String::new()),
            true => Effect::Draft(Order::Drop(Kind::Reply, id("bea"), "two".into())),
        };
        assert!(desk.orders.contains(&gone), "{:?}", desk.orders);
        desk.keys(then);
        assert_eq!(desk.model.drafts[&id("bea")], "for bea", "{then}");
        assert!(
            desk.orders
                .contains(&Effect::KeepDraft(Kind::Reply, id("bea"), "for bea".into()))
        );
    }
}

#[test]
fn r23_another_consoles_draft_is_shown_and_left_alone() {
    let mut desk = Desk::with(&three());
    let theirs = || {
        kept(
            Kind::Reply,
            "bea",
            "of the other",
            Where::Elsewhere("two".into()),
        )
    };
    desk.tell(Msg::Drafts(vec![theirs()])).keys("4 x");
    assert_eq!(shown(&desk), [pair("bea", "of the other")]);
    desk.keys("enter");
    assert!(desk.model.composer.is_none() && desk.model.drafts_shown().is_some());
    desk.keys("esc r")
        .types("mine")
        .tell(Msg::Drafts(vec![theirs()]));
    assert!(
        desk.said()
            .contains("Another console of yours has a draft to bea too"),
        "{}",
        desk.said()
    );
    assert_eq!(
        desk.model.composer.as_ref().unwrap().text(),
        "mine",
        "and is not written over"
    );
    desk.keys("esc esc 4");
    assert_eq!(desk.model.count_of_drafts(), 2);
}

#[test]
fn r23_of_two_dead_consoles_both_texts_are_kept_and_either_can_be_gone_on_with() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![
        Kept {
            at: Moment(9),
            ..kept(Kind::Reply, "bea", "newer", Where::Here)
        },
        kept(Kind::Reply, "bea", "older", aside("one")),
    ]));
    desk.keys("4 j enter");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "older");
    let order = Effect::Draft(Order::TakeUp(Kind::Reply, id("bea"), "one".into()));
    assert!(desk.orders.contains(&order));
    // The disk tells where the other went.
    desk.tell(Msg::Drafts(vec![kept(
        Kind::Reply,
        "bea",
        "newer",
        aside("two_1"),
    )]));
    desk.keys("enter");
    let sent = desk.sent()[0].clone();
    assert_eq!(sent.body, "older");
    let done = done(changed(&row("bea", Some("anna"), 1), Some("anna")));
    desk.tell(Msg::Answered(sent.operation, done));
    desk.keys("4");
    assert_eq!(
        shown(&desk),
        [pair("bea", "newer")],
        "sending one drops no other"
    );
    desk.keys("enter");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "newer");
}

#[test]
fn r23_what_was_found_late_is_gone_on_with_where_nothing_was_typed_yet() {
    let mut desk = Desk::with(&three());
    desk.keys("r").tell(Msg::Drafts(vec![kept(
        Kind::Reply,
        "bea",
        "found",
        Where::Here,
    )]));
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "found");
}

/// It is not in the list, where the cursor stands on somebody else.
#[test]
fn r22_what_is_shown_from_a_draft_stays_what_keys_mean() {
    for (keys, is_there) in [
        (".", Place::Menu),
        ("p", Place::Conversation),
        ("r", Place::Composer),
        ("n", Place::Note),
        ("enter", Place::Composer),
    ] {
        let mut desk = Desk::with(&three());
        let far = row("far", Some("anna"), 9);
        desk.tell(Msg::Drafts(vec![kept(
            Kind::Note,
            "far",
            "about far",
            Where::Here,
        )]));
        desk.keys("4 enter");
        desk.allowed_but(&far, &[]).keys("esc");
        let shown = |desk: &Desk| desk.model.open.as_ref().unwrap().row.id.to_string();
        assert_eq!((shown(&desk), desk.cursor()), ("far".into(), "bea"));
        desk.keys(keys);
        assert_eq!(shown(&desk), "far", "after {keys}");
        assert_eq!(desk.model.place(), is_there, "after {keys}");
    }
}
