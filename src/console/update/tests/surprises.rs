//! An act means what was on the screen when its key went down.

use super::*;

#[test]
fn r22_the_cursor_stays_on_its_conversation_when_the_list_is_fetched_again() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j ctrl-r");
    let [bea, carl, dee] = rows.as_slice() else {
        panic!("three")
    };
    desk.page(&[row("abe", None, 0), bea.clone(), dee.clone(), carl.clone()]);
    assert_eq!(desk.cursor(), "carl");
}

#[test]
fn r22_the_cursor_stays_on_its_conversation_when_the_list_reorders() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j");
    desk.row(Row {
        since: Moment(9),
        version: 2,
        ..rows[1].clone()
    });
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["bea", "dee", "carl"], "carl")
    );
    desk.row(row("abe", None, 0));
    assert_eq!((desk.names()[0], desk.cursor()), ("abe", "carl"));
}

#[test]
fn r22_when_an_event_moves_the_cursor_acts_are_refused_for_a_second_and_say_why() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j").event(What::Gone(id("carl")));
    assert_eq!(desk.cursor(), "dee");
    assert_eq!(desk.said(), "carl left: a colleague has it");
    desk.pass(900).keys("u");
    assert!(desk.acts().is_empty());
    assert_eq!(
        desk.said(),
        "carl left: a colleague has it; you are on dee, press the key again"
    );
    desk.keys("u");
    assert_eq!(desk.act().conversation, id("dee"));

    let mut desk = Desk::with(&rows);
    desk.keys("j").event(What::Gone(id("carl")));
    desk.pass(1_001).keys("u");
    assert_eq!(
        desk.act().conversation,
        id("dee"),
        "after a second the screen is what was meant"
    );
}

#[test]
fn r22_the_second_after_a_moved_cursor_begins_when_it_can_be_seen() {
    let mut desk = Desk::with(&three());
    desk.keys("j").event(What::Gone(id("carl")));
    let later = Moment(desk.model.now.0 + 20_000_000);
    desk.tell(Msg::Clock(later)).keys("u");
    assert!(
        desk.acts().is_empty(),
        "the line stalled: nothing was seen yet"
    );
    desk.keys("u");
    assert!(
        desk.acts().is_empty(),
        "and nothing was asked where one could read it"
    );
    desk.pass(150).keys("u");
    assert_eq!(desk.act().conversation, id("dee"), "now it was");
}

#[test]
fn r22_an_act_means_whoever_the_screen_showed_when_the_key_went_down() {
    let rows = [row("bea", Some("cara"), 1)];
    let mut desk = Desk::with(&rows);
    desk.shown().row(changed(&rows[0], Some("ben")));
    for keys in ["u", ". u"] {
        desk.tell(Msg::Painted).keys(keys);
        assert!(
            desk.acts().is_empty(),
            "{keys}: the screen still shows cara"
        );
        assert_eq!(
            desk.said(),
            "ben has bea now; you are on bea, press the key again"
        );
    }
    desk.keys("esc").pass(150).keys("u");
    assert_eq!(
        desk.act().expected,
        Expectation::seen(Some(user("ben").id), 2)
    );
}

/// The list under the menu is held; the conversation beside it, which the menu acts on, is not.
#[test]
fn r22_under_the_menu_too_an_act_means_whoever_the_screen_showed() {
    let rows = [row("bea", Some("cara"), 1)];
    let mut desk = Desk::with(&rows);
    desk.keys(".").pass(1_000);
    desk.row(changed(&rows[0], Some("ben"))).keys("u");
    assert!(desk.acts().is_empty(), "the screen still shows cara");
    desk.pass(150).keys("u");
    let bens = Expectation::seen(Some(user("ben").id), 2);
    assert_eq!(desk.act().expected, bens);
}

#[test]
fn r22_what_one_did_oneself_is_no_surprise() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u").row(changed(&rows[0], None));
    desk.answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    desk.keys("z");
    assert!(
        desk.orders
            .iter()
            .any(|order| matches!(order, Effect::Undo { .. })),
        "{}",
        desk.said()
    );
}

/// The frame on its way still said that she had it: what she did herself she knows.
#[test]
fn r22_a_frame_from_before_ones_own_act_makes_no_surprise_of_it() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u").tell(Msg::Painted);
    desk.answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    desk.tell(Msg::Shown).shown().keys("t");
    assert_eq!(desk.act().deed, Deed::Take, "{}", desk.said());
}

#[test]
fn r22_the_first_u_after_a_text_field_only_asks_for_a_second() {
    let mut desk = Desk::with(&three());
    desk.keys("r esc").pass(1_400).keys("u");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.said(), "Press u again to hand back bea");
    desk.keys("u");
    assert_eq!(desk.act().conversation, id("bea"));
    let mut desk = Desk::with(&three());
    desk.keys("r esc").pass(1_600).keys("u");
    assert_eq!(desk.acts().len(), 1);
}

#[test]
fn r22_a_key_in_the_blink_after_a_change_went_out_still_means_what_stood_there_before() {
    let rows = [row("bea", Some("cara"), 1)];
    for (millis, acts) in [(0, 0), (149, 0), (150, 1)] {
        let mut desk = Desk::with(&rows);
        desk.shown().row(changed(&rows[0], Some("ben")));
        desk.pass(millis).keys("u");
        assert_eq!(desk.acts().len(), acts, "{millis} ms: {}", desk.said());
    }
    let mut desk = Desk::with(&rows);
    desk.shown().row(changed(&rows[0], Some("ben")));
    desk.pass(10).keys("u");
    assert_eq!(
        desk.said(),
        "ben has bea now; you are on bea, press the key again"
    );
    desk.keys("u");
    let bens = Expectation::seen(Some(user("ben").id), 2);
    assert_eq!(desk.act().expected, bens, "asked, and pressed again");
}

/// `j` means the row below the cursor on the screen, not the one that is there by now.
#[test]
fn r22_a_key_that_moves_in_an_order_not_yet_shown_lets_no_act_pass() {
    let rows = three();
    let reordered = |desk: &mut Desk| {
        let carl = Row {
            since: Moment(9),
            version: 2,
            ..rows[1].clone()
        };
        desk.row(carl);
        assert_eq!(desk.names(), ["bea", "dee", "carl"]);
    };
    let mut desk = Desk::with(&rows);
    reordered(&mut desk);
    desk.keys("j u");
    assert!(desk.acts().is_empty(), "the screen shows carl below bea");
    assert_eq!(
        desk.said(),
        "The list is in another order now; you are on dee, press the key again"
    );
    desk.pass(150).keys("u");
    assert_eq!(desk.act().conversation, id("dee"));

    let mut desk = Desk::with(&rows);
    reordered(&mut desk);
    desk.shown().keys("j u");
    assert_eq!(desk.act().conversation, id("dee"), "the frame shows it");

    let mut desk = Desk::with(&rows);
    desk.keys("j k j j u");
    assert_eq!(desk.act().conversation, id("dee"), "nothing changed");
}

/// A search lies over the list: what the list said before it is not what is there when the search is left.
#[test]
fn r22_what_changed_under_a_search_is_told_when_the_list_is_there_again() {
    let rows = [row("bea", Some("cara"), 1), row("carl", Some("cara"), 2)];
    let mut desk = Desk::with(&rows);
    desk.pass(1_000).keys("f b enter").pass(1_000);
    desk.row(changed(&rows[0], Some("ben"))).pass(1_000);
    desk.keys("esc");
    while desk.model.finding.is_some() {
        desk.keys("esc");
    }
    desk.keys("g u");
    assert!(desk.acts().is_empty(), "no frame showed that ben has it");
}

/// The events of the rows that are not under the cursor count too: it may get there before a frame does.
#[test]
fn r22_what_changed_elsewhere_unseen_is_told_where_the_cursor_comes() {
    let rows = [row("bea", Some("cara"), 1), row("carl", Some("cara"), 2)];
    let mut desk = Desk::with(&rows);
    desk.pass(1_000).row(changed(&rows[1], Some("ben")));
    desk.keys("j u");
    assert!(desk.acts().is_empty(), "the screen still shows cara");
    assert_eq!(
        desk.said(),
        "ben has carl now; you are on carl, press the key again"
    );
    desk.pass(150).keys("u");
    let bens = Expectation::seen(Some(user("ben").id), 2);
    assert_eq!(desk.act().expected, bens);
    // Once it can be read it is no surprise any more.
    let mut desk = Desk::with(&rows);
    desk.pass(1_000).row(changed(&rows[1], Some("ben")));
    desk.pass(150).keys("j u");
    assert_eq!(desk.act().expected, bens);
}

/// One that is marked and in sight is acted on at once, wherever the cursor is.
#[test]
fn r22_what_changed_unseen_under_a_mark_is_told_before_it_is_acted_on() {
    let rows = [row("bea", Some("cara"), 1), row("carl", Some("cara"), 2)];
    let mut desk = Desk::with(&rows);
    desk.keys("space").pass(1_000);
    assert_eq!(desk.cursor(), "carl");
    desk.row(changed(&rows[0], Some("ben"))).keys("u");
    assert!(desk.acts().is_empty(), "the screen still shows cara");
    assert_eq!(desk.said(), "ben has bea now; press the key again");
}

/// Of those that are marked only unassigned ones are taken: if that leaves one, it is as the screen shows it, or is told.
#[test]
fn r22_the_only_marked_one_that_can_be_taken_is_as_it_was_seen() {
    let rows = [row("bea", None, 1), row("carl", Some("cara"), 2)];
    let mut desk = Desk::with(&rows);
    desk.keys("space space").pass(1_000);
    desk.row(changed(&rows[0], Some("ben"))).keys("t");
    assert!(desk.acts().is_empty(), "the screen still shows nobody");
    assert!(
        desk.said().starts_with("ben has bea now"),
        "{}",
        desk.said()
    );
}

/// Tried again, the failed ones are as the screen shows them.
#[test]
fn r24_those_that_failed_are_tried_again_as_they_were_seen() {
    let rows = [row("bea", Some("cara"), 1), row("carl", Some("cara"), 2)];
    let mut desk = Desk::with(&rows);
    desk.keys("space space u").shown().keys("enter");
    let many = desk.many();
    let no = |name| {
        let why = Safe::literal("somebody is replying now");
        (
            id(name),
            Answer::Refused(Refused {
                why,
                kind: No::Rule,
            }),
        )
    };
    desk.tell(Msg::ManyAnswered(
        many.operation,
        Ok(vec![no("bea"), no("carl")]),
    ));
    desk.pass(1_000)
        .row(changed(&rows[0], Some("ben")))
        .keys("r");
    let holder = |many: &Many| many.items[0].1.assignee.clone();
    assert_eq!(
        holder(&desk.many()),
        Some(Some(user("cara").id)),
        "ben was not seen to have it"
    );
}

/// While something else is under way, what others do is a surprise all the same.
#[test]
fn r22_an_act_under_way_elsewhere_hides_no_surprise() {
    let rows = [row("bea", Some("cara"), 1), row("carl", Some("cara"), 2)];
    let mut desk = Desk::with(&rows);
    desk.pass(1_000).keys("u j").pass(1_000);
    desk.row(changed(&rows[1], Some("ben"))).keys("u");
    assert_eq!(desk.acts().len(), 1, "{}", desk.said());
}

/// A key that repeats by itself does not go on with whoever was faster.
#[test]
fn r22_after_somebody_was_faster_the_next_key_is_not_for_them() {
    let rows = [row("bea", Some("cara"), 1)];
    let mut desk = Desk::with(&rows);
    desk.pass(1_000).keys("u");
    desk.answer(Answer::Taken(Some(Box::new(changed(
        &rows[0],
        Some("ben"),
    )))));
    desk.keys("u");
    assert_eq!(desk.acts().len(), 1, "{}", desk.said());
    desk.pass(150).keys("u");
    let bens = Expectation::seen(Some(user("ben").id), 2);
    assert_eq!(desk.act().expected, bens, "seen, and pressed again");
}
