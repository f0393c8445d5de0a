//! What the desk answers is said as what it is, and `z` takes back the last act alone.

use super::*;

#[test]
fn r21_each_of_the_five_answers_is_said_as_what_it_is() {
    let rows = three();
    let refused = |kind| {
        Answer::Refused(Refused {
            why: Safe::literal("only its assignee may"),
            kind,
        })
    };
    let by_ben = Answer::Taken(Some(Box::new(changed(&rows[0], Some("ben")))));
    for (answer, said) in [
        (
            Answer::Already(Some(Box::new(changed(&rows[0], None)))),
            "bea was unassigned already",
        ),
        (by_ben, "ben has bea by now: nothing changed"),
        (
            Answer::Taken(None),
            "A colleague has bea by now: nothing changed",
        ),
        (
            refused(No::Rule),
            "Not handed back: bea, only its assignee may",
        ),
        (
            Answer::Unknown(Safe::literal("reset")),
            "bea: not known yet whether it was done, asking again · reset",
        ),
    ] {
        let mut desk = Desk::with(&rows);
        desk.keys("u").answer(answer);
        assert_eq!(desk.said(), said);
    }
}

#[test]
fn r21_unknown_asks_again_under_the_same_operation_id_and_waits_for_the_line() {
    let mut desk = Desk::with(&three());
    desk.keys("u");
    let first = desk.act();
    desk.answer(Answer::Unknown(Safe::literal("reset")));
    desk.tell(lost("reset"));
    desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
    assert_eq!(desk.acts().len(), 1, "not while the line is down");
    desk.tell(Msg::News(News::Live));
    assert_eq!(desk.acts(), [first.clone(), first]);
}

#[test]
fn a_late_answer_to_something_else_is_ignored() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Answered(
        "other-1".parse().unwrap(),
        Answer::Done(None),
    ));
    assert_eq!(desk.said(), "");
    assert_eq!(desk.names(), ["bea", "carl", "dee"]);
}

#[test]
fn u6_undo_takes_back_the_last_act_once_and_never_an_older_one() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u")
        .answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    let act = desk.act().operation;
    desk.keys("z");
    let undo = desk.orders.iter().find_map(|e| match e {
        Effect::Undo { operation, act } => Some((operation.clone(), act.clone())),
        _ => None,
    });
    let (operation, undone) = undo.unwrap();
    assert_eq!(undone, act);
    let again = Row {
        version: 3,
        ..rows[0].clone()
    };
    desk.tell(Msg::ManyAnswered(
        operation,
        Ok(vec![(id("bea"), Answer::Done(Some(Box::new(again))))]),
    ));
    assert_eq!(desk.said(), "Taken back: bea is with you again");
    desk.keys("z");
    assert_eq!(desk.said(), "There is nothing to take back");
}

#[test]
fn u6_what_left_with_the_act_is_taken_back_at_once_wherever_the_cursor_went() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("a").tell(Msg::People(
        Some(id("bea")),
        Ok(vec![colleague("ben", Presence::SignedIn)]),
    ));
    desk.keys("enter").answer(Answer::Done(None));
    assert_eq!(desk.said(), "Gave bea to ben · z takes that back");
    let given = desk.act().operation;
    desk.shown().keys("u");
    assert_eq!(desk.acts().len(), 1, "R22: the cursor moved by itself");
    desk.keys("z");
    assert_eq!(desk.undo().1, given);
}

#[test]
fn u6_an_undo_that_changed_nothing_never_says_it_did() {
    let rows = three();
    let gone = Answer::Refused(Refused {
        why: Safe::literal("not there, or not yours to see"),
        kind: No::NotFound,
    });
    let by_ben = Answer::Taken(Some(Box::new(Row {
        version: 9,
        ..changed(&rows[0], Some("ben"))
    })));
    for (results, said) in [
        (
            vec![(id("bea"), gone)],
            "Not taken back: handing back bea · a colleague has it by now",
        ),
        (
            vec![(id("bea"), by_ben)],
            "Not taken back: handing back bea · ben has bea by now: nothing changed",
        ),
        (
            vec![],
            "Not taken back: handing back bea · the desk knows of no such act of yours",
        ),
    ] {
        let mut desk = Desk::with(&rows);
        desk.keys("u")
            .answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
        desk.keys("z");
        let undo = desk.orders.iter().find_map(|order| match order {
            Effect::Undo { operation, .. } => Some(operation.clone()),
            _ => None,
        });
        desk.tell(Msg::ManyAnswered(undo.unwrap(), Ok(results)));
        assert_eq!(desk.said(), said);
        desk.tell(Msg::Painted)
            .tell(Msg::Shown)
            .pass(1_001)
            .keys("z");
        assert_eq!(desk.said(), "There is nothing to take back");
    }
}

#[test]
fn u6_a_sent_reply_is_what_nothing_takes_back() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("r").types("Yes").keys("enter");
    let operation = desk.sent()[0].operation.clone();
    desk.tell(Msg::Answered(
        operation,
        Answer::Done(Some(Box::new(changed(&rows[0], Some("anna"))))),
    ));
    assert!(desk.model.composer.is_none());
    assert!(
        desk.orders
            .contains(&Effect::KeepDraft(Kind::Reply, id("bea"), String::new())),
        "R23: gone once the desk has it"
    );
    desk.pass(5_000).keys("z");
    assert_eq!(desk.said(), "Nothing takes back a sent reply (bea)");
}

#[test]
fn r17_offline_acts_are_refused_at_once_and_drafts_go_on() {
    let mut desk = Desk::with(&three());
    desk.tell(lost("the line broke"));
    assert!(matches!(desk.model.link, Link::Lost { .. }));
    desk.keys("u");
    assert!(desk.acts().is_empty());
    assert!(desk.said().starts_with("Offline since"), "{}", desk.said());
    desk.keys("r").types("Hello").keys("enter");
    assert!(desk.sent().is_empty());
    assert_eq!(desk.model.drafts[&id("bea")], "Hello");
}
