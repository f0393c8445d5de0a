//! Marks: `u U t a m s` act on them, after a look; the rest say so (U7, R24).

use super::*;

fn marked() -> Desk {
    let mut rows = three();
    rows.push(row("eve", None, 4));
    let mut desk = Desk::with(&rows);
    desk.tell(Msg::Queues(Ok(vec![queue("Meters", true)])));
    desk.keys("space space space space");
    assert_eq!(desk.model.marks.len(), 4);
    desk
}

fn preview(desk: &Desk) -> &crate::console::model::Preview {
    match desk.model.layers.last() {
        Some(Layer::Preview(preview)) => preview,
        other => panic!("no preview: {other:?}"),
    }
}

#[test]
fn u7_each_act_on_marks_is_looked_at_first_and_goes_as_one() {
    for (keys, deed) in [
        ("u", ManyDeed::Unassign),
        ("m enter", ManyDeed::Move("meters".parse().unwrap())),
        ("s enter", ManyDeed::Status(None)),
    ] {
        let mut desk = marked();
        desk.keys(keys);
        assert_eq!(preview(&desk).deed, deed);
        assert!(!desk.orders.iter().any(|e| matches!(e, Effect::Many(_))));
        desk.shown().keys("enter");
        let many = desk.many();
        assert_eq!((many.deed, many.items.len()), (deed, 4));
    }
}

#[test]
fn a6_marked_ones_are_given_to_one_and_say_so() {
    let mut desk = marked();
    desk.keys("a");
    assert!(desk.orders.contains(&Effect::LoadPeople(Some(id("bea")))));
    let people = vec![colleague("ben", Presence::SignedIn)];
    desk.tell(Msg::People(Some(id("bea")), Ok(people)));
    desk.keys("enter").shown().keys("enter");
    let many = desk.many();
    assert_eq!(many.deed, ManyDeed::Assign(vec![user("ben").id]));
    let bens = |name: &str, n| (id(name), done(changed(&row(name, None, n), Some("ben"))));
    let refused = Answer::Refused(Refused {
        why: Safe::literal("ben has no access"),
        kind: No::Rule,
    });
    desk.tell(Msg::ManyAnswered(
        many.operation.clone(),
        Ok(vec![
            bens("bea", 1),
            bens("carl", 2),
            bens("dee", 3),
            (id("eve"), refused),
        ]),
    ));
    assert_eq!(desk.said(), "Gave 3 of 4 to ben, 1 stay marked");
    let results = preview(&desk).results.clone().unwrap();
    assert_eq!(results[0].1, "ben has it now");
    assert_eq!(results[3].1, "ben has no access");
    assert_eq!(desk.model.marks.len(), 1, "R24");
    desk.keys("r");
    assert_eq!(desk.many().items.len(), 1, "R24: the failed ones alone");
    desk.tell(Msg::ManyAnswered(
        desk.many().operation,
        Ok(vec![bens("eve", 4)]),
    ));
    assert!(desk.model.layers.is_empty());
    desk.pass(5_000).keys("z");
    assert_eq!(desk.undo().1, desk.many().operation, "U6: the last act");
}

#[test]
fn a6_of_marked_ones_only_those_nobody_has_are_taken() {
    let mut desk = marked();
    desk.keys("t");
    assert_eq!(
        desk.said(),
        "2 of 4 marked are somebody's: only unassigned ones are taken"
    );
    desk.shown().keys("enter");
    let many = desk.many();
    assert_eq!(many.deed, ManyDeed::Assign(vec![user("anna").id]));
    let ids: Vec<_> = many.items.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["carl", "eve"]);
    let mine = |name: &str, n| (id(name), done(changed(&row(name, None, n), Some("anna"))));
    let results = vec![mine("carl", 2), mine("eve", 4)];
    desk.tell(Msg::ManyAnswered(many.operation, Ok(results)));
    assert_eq!(desk.said(), "Took 2 conversations · z takes all of it back");
    assert_eq!(desk.model.marks.len(), 2, "the others stay marked");
}

#[test]
fn u7_what_is_for_one_conversation_says_so() {
    for key in ["r", "n", "y"] {
        let mut desk = marked();
        desk.keys(key);
        assert_eq!(desk.model.place(), Place::List, "{key}");
        assert!(
            desk.said().ends_with("4 are marked: Esc clears the marks"),
            "{key}: {}",
            desk.said()
        );
    }
}

#[test]
fn u9_one_reason_goes_with_all() {
    let mut desk = marked();
    desk.keys("U")
        .types("lunch")
        .keys("enter")
        .shown()
        .keys("enter");
    let many = desk.many();
    assert_eq!(many.reason.as_deref(), Some("lunch"));
    assert_eq!(many.deed, ManyDeed::Unassign);
}

#[test]
fn u7_marked_ones_go_as_previewed_and_what_is_written_after_that_makes_one_stay() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("space j space");
    // Seen before the preview: it goes.
    desk.row(Row {
        version: 2,
        ..rows[0].clone()
    });
    desk.keys("u").shown();
    // While the preview is open: the desk is to leave it alone.
    desk.row(Row {
        version: 3,
        ..rows[0].clone()
    });
    desk.keys("enter");
    let many = desk.many();
    let annas = Some(user("anna").id);
    assert_eq!(many.items[0], (id("bea"), Expectation::seen(annas, 2)));
    assert!(many.if_quiet);
}

#[test]
fn u5_who_got_a_marked_one_since_is_not_who_was_meant() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("space j space");
    desk.row(changed(&rows[0], Some("ben"))).pass(2_000);
    desk.keys("u").shown().keys("enter");
    let annas = Some(user("anna").id);
    assert_eq!(
        desk.many().items[0],
        (id("bea"), Expectation::seen(annas, 1))
    );
}
