//! What is asked before an act: nothing typed ahead answers it.

use super::*;

#[test]
fn r22_keys_typed_ahead_of_a_question_do_not_answer_it() {
    let mut desk = Desk::with(&three());
    desk.keys(". b j enter");
    assert_eq!(desk.model.place(), Place::Question);
    assert!(desk.acts().is_empty());
    assert_eq!(
        desk.said(),
        "enter was typed before this could be read, and was dropped"
    );
    desk.tell(Msg::Painted).keys("j enter");
    assert!(desk.acts().is_empty(), "on its way is not seen");
    desk.tell(Msg::Shown).keys("j enter");
    let day = Moment(desk.model.now.0 + 24 * 3_600 * 1_000_000);
    assert_eq!(desk.act().deed, Deed::Block { until: Some(day) });
}

#[test]
fn s5_the_first_answer_and_esc_do_nothing() {
    for keys in ["enter", "esc", "q"] {
        let mut desk = Desk::with(&three());
        desk.keys(". b").shown().keys(keys);
        assert!(desk.acts().is_empty());
        assert_eq!(desk.model.place(), Place::List);
        assert_eq!(desk.said(), "Nothing was done");
    }
}

#[test]
fn s4_a_bots_part_is_ended_after_a_question() {
    let mut desk = Desk::with(&three());
    desk.keys(". i").shown().keys("enter");
    assert!(desk.acts().is_empty(), "the cursor begins on no");
    desk.keys(". i").shown().keys("j enter");
    assert_eq!(desk.act().deed, Deed::Intervene);
}

#[test]
fn r22_neither_leaving_nor_a_preview_is_answered_ahead() {
    let mut desk = Desk::with(&three());
    desk.keys("q q");
    assert!(!desk.orders.contains(&Effect::Quit));
    desk.shown().keys("q");
    assert!(desk.orders.contains(&Effect::Quit));

    let mut desk = Desk::with(&three());
    desk.keys("space space u enter");
    assert!(!desk.orders.iter().any(|e| matches!(e, Effect::Many(_))));
    desk.shown().keys("enter");
    assert_eq!(desk.many().items.len(), 2);
}
