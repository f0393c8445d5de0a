//! The main job: one key, the three dots, marks, and the way out.

use super::*;

#[test]
fn u1_one_key_hands_back_at_once_and_says_how_to_undo() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u");
    let act = desk.act();
    assert_eq!(
        (act.deed.action(), act.conversation.as_str()),
        (Action::Unassign, "bea")
    );
    assert_eq!(
        act.expected,
        Expectation::seen(Some(user("anna").id), 1),
        "U5: what the screen showed"
    );
    assert_eq!(
        desk.model.pending_on(&id("bea")).unwrap().words(),
        "handing back…"
    );
    desk.answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    assert!(desk.model.pending.is_empty());
    assert_eq!(
        desk.said(),
        "Handed back bea to Payments · nobody has it yet · z gives it back to you"
    );
}

#[test]
fn u1_the_row_handed_back_stays_in_its_place_until_the_cursor_leaves() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("1").page(&[rows[0].clone(), rows[2].clone()]);
    desk.keys("u")
        .answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    assert_eq!((desk.names(), desk.cursor()), (vec!["bea", "dee"], "bea"));
    let before = desk.acts().len();
    desk.keys("u u u");
    assert_eq!(
        desk.acts().len(),
        before,
        "the key again, auto-repeat included, only says so"
    );
    assert_eq!(desk.said(), "bea is unassigned already");
    desk.keys("j");
    assert_eq!((desk.names(), desk.cursor()), (vec!["dee"], "dee"));
}

#[test]
fn u1_that_one_handed_it_back_is_said_until_somebody_has_it() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    let (free, trace) = (changed(&rows[0], None), |desk: &Desk| {
        let row = desk.model.list.inbox.row(&id("bea")).expect("in its place");
        desk.model.trace(row)
    });
    desk.keys("1").page(&[rows[0].clone(), rows[2].clone()]);
    assert_eq!(trace(&desk), None);
    desk.keys("u")
        .answer(Answer::Done(Some(Box::new(free.clone()))));
    assert_eq!(trace(&desk), Some("you handed it back"));
    desk.row(changed(&free, Some("ben")));
    assert_eq!(trace(&desk), None, "ben has it, and his name stands there");
}

#[test]
fn m1_the_menu_does_the_main_job_with_two_keys() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    let no = |why| Err(Safe::literal(why));
    let actions = vec![
        (Action::Move, no("not yet available")),
        (Action::Unassign, Ok(())),
        (Action::Take, no("yours already")),
    ];
    desk.keys("j k").tell(Msg::Detail(
        id("bea"),
        Ok(Box::new(Detail {
            row: rows[0].clone(),
            actions,
        })),
    ));
    desk.keys(".");
    assert_eq!(desk.model.place(), Place::Menu);
    desk.keys("enter");
    assert_eq!(desk.act().deed.action(), Action::Unassign);
    assert_eq!(desk.model.place(), Place::List, "the menu is gone");
}

#[test]
fn m1_what_does_not_apply_says_its_reason_and_does_nothing() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    let actions = vec![
        (Action::Unassign, Err(Safe::literal("nobody has it"))),
        (Action::Take, Ok(())),
    ];
    desk.keys("j").tell(Msg::Detail(
        id("carl"),
        Ok(Box::new(Detail {
            row: rows[1].clone(),
            actions,
        })),
    ));
    desk.keys(". u");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.said(), "Unassign conversation: nobody has it");
    assert_eq!(desk.model.place(), Place::Menu, "it stays open");
    desk.keys("t");
    assert_eq!(desk.act().deed.action(), Action::Take);
}

#[test]
fn several_marked_are_previewed_first_and_failed_ones_stay_marked() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("space j space");
    assert_eq!(desk.model.marks.len(), 2);
    desk.keys("u");
    assert_eq!(desk.model.place(), Place::Preview);
    assert!(
        desk.orders.iter().all(|e| !matches!(e, Effect::Many(_))),
        "nothing moved yet"
    );
    desk.shown().keys("enter");
    let many = desk.many();
    assert_eq!(
        many.items[0],
        (id("bea"), Expectation::seen(Some(user("anna").id), 1))
    );
    let taken = Answer::Taken(Some(Box::new(changed(&rows[2], Some("gwen")))));
    let done = Answer::Done(Some(Box::new(changed(&rows[0], None))));
    desk.tell(Msg::ManyAnswered(
        many.operation,
        Ok(vec![(id("bea"), done), (id("dee"), taken)]),
    ));
    assert_eq!(desk.said(), "Handed back 1 of 2, 1 stay marked");
    assert_eq!(desk.model.marks.keys().collect::<Vec<_>>(), [&id("dee")]);
    assert!(matches!(desk.model.layers.last(), Some(Layer::Preview(p)) if p.results.is_some()));
    desk.keys("r");
    assert_eq!(desk.many().items.len(), 1, "R24: the failed ones alone");
}

#[test]
fn one_marked_in_sight_goes_at_once() {
    let mut desk = Desk::with(&three());
    desk.keys("space u");
    assert_eq!(
        desk.act().conversation,
        id("bea"),
        "the marked one, not the one under the cursor"
    );
    assert!(desk.model.marks.is_empty());
}

#[test]
fn leaving_while_holding_work_asks_and_can_hand_it_all_back() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("q");
    assert_eq!(desk.model.place(), Place::Leaving);
    assert!(!desk.orders.contains(&Effect::Quit));
    desk.shown()
        .keys("esc q")
        .shown()
        .keys("b")
        .page(&[rows[0].clone(), rows[2].clone()]);
    let many = desk.many();
    assert_eq!(many.items.len(), 2);
    assert!(!many.if_quiet, "all of it, whatever is written meanwhile");
    let done = |row: &Row| {
        (
            row.id.clone(),
            Answer::Done(Some(Box::new(changed(row, None)))),
        )
    };
    desk.tell(Msg::ManyAnswered(
        many.operation,
        Ok(vec![done(&rows[0]), done(&rows[2])]),
    ));
    assert_eq!(desk.orders.last(), Some(&Effect::Quit));
}

#[test]
fn where_there_is_no_conversation_a_key_for_one_says_so() {
    for key in ["u", "U", "t", "a", "m", "s", "n", "r", "y"] {
        let mut desk = Desk::with(&[]);
        desk.keys(key);
        assert_eq!(
            desk.said(),
            "There is no conversation here to do that with",
            "{key}"
        );
        assert!(desk.model.layers.is_empty() && desk.model.composer.is_none());
    }
}
