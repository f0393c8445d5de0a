//! Who is there: what colleagues are told of where the advisor is (L3), and when one is away (A4).

use super::*;
use crate::console::model::Away;

#[test]
fn l3_going_in_is_viewing_and_following_the_cursor_is_not() {
    let mut desk = Desk::with(&three());
    desk.keys("j k j");
    assert!(desk.told().is_empty());
    desk.keys("l");
    assert_eq!(desk.told(), [("carl".into(), Doing::Viewing)]);
    desk.keys("h");
    assert_eq!(desk.told(), [("carl".into(), Doing::Nothing)]);
}

#[test]
fn l3_writing_is_replying_and_what_is_left_behind_is_a_draft() {
    let mut desk = Desk::with(&three());
    desk.keys("r");
    assert_eq!(desk.told(), [("bea".into(), Doing::Replying)]);
    desk.types("Yes").keys("esc");
    assert_eq!(desk.told(), [("bea".into(), Doing::Viewing)]);
    desk.keys("h");
    assert_eq!(desk.told(), [("bea".into(), Doing::Draft)]);
    desk.keys("r backspace backspace backspace esc");
    assert_eq!(
        desk.told(),
        [
            ("bea".into(), Doing::Replying),
            ("bea".into(), Doing::Viewing),
            ("bea".into(), Doing::Nothing),
            ("bea".into(), Doing::Viewing),
        ],
        "cleared, and still there"
    );
    desk.keys("h");
    assert_eq!(desk.told(), [("bea".into(), Doing::Nothing)]);
}

#[test]
fn n1_writing_a_note_is_not_replying() {
    let mut desk = Desk::with(&three());
    desk.keys("n").types("call her");
    assert_eq!(desk.told(), [("bea".into(), Doing::Viewing)]);
}

fn timer(desk: &Desk) -> Option<Timer> {
    desk.orders.iter().rev().find_map(|e| match e {
        Effect::After(_, timer @ Timer::StillThere(_)) => Some(timer.clone()),
        _ => None,
    })
}

#[test]
fn r13_it_is_said_again_while_one_is_there_and_idle_stays_idle() {
    let mut desk = Desk::with(&three());
    assert_eq!(timer(&desk), None, "in the list nothing runs");
    desk.keys("l");
    let first = timer(&desk).unwrap();
    desk.orders.clear();
    desk.tell(Msg::Timer(first.clone()));
    let second = timer(&desk).unwrap();
    assert_eq!(desk.told(), [("bea".into(), Doing::Viewing)]);
    desk.tell(Msg::Timer(first));
    assert!(desk.told().is_empty(), "an older timer is void");
    desk.keys("h");
    desk.orders.clear();
    desk.tell(Msg::Timer(second));
    assert!(desk.orders.is_empty(), "{:?}", desk.orders);
}

#[test]
fn a4_w_goes_away_and_comes_back_and_other_keys_do_not() {
    let mut desk = Desk::with(&three());
    desk.keys("l").told();
    desk.keys("w");
    assert_eq!(
        desk.told(),
        [("bea".into(), Doing::Nothing), (String::new(), Doing::Away)]
    );
    assert_eq!(desk.model.there.away, Some(Away::Said));
    desk.keys("h j");
    assert!(desk.told().is_empty(), "only w ends it");
    desk.keys("w");
    assert_eq!(desk.told(), [(String::new(), Doing::Viewing)]);
}

#[test]
fn a4_without_a_key_for_ten_minutes_one_is_away_and_any_key_comes_back() {
    const MINUTE: i64 = 60_000;
    let mut desk = Desk::with(&three());
    desk.pass(6 * MINUTE).keys("j").pass(4 * MINUTE);
    desk.tell(Msg::Timer(Timer::StillAwake));
    assert_eq!(
        desk.model.there.away, None,
        "a key was pressed four minutes ago"
    );
    let left = desk.orders.iter().rev().find_map(|e| match e {
        Effect::After(left, Timer::StillAwake) => Some(left.as_secs()),
        _ => None,
    });
    assert_eq!(left, Some(360), "looked at again when the ten are over");
    desk.pass(6 * MINUTE).orders.clear();
    desk.tell(Msg::Timer(Timer::StillAwake));
    assert_eq!(desk.told(), [(String::new(), Doing::Away)]);
    assert_eq!(
        desk.said(),
        "No key for 10 minutes: you count as away · any key comes back"
    );
    desk.keys("j");
    assert_eq!(desk.told(), [(String::new(), Doing::Viewing)]);
}

#[test]
fn r12_suspended_is_away_and_coming_back_ends_it() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Yes").told();
    desk.tell(Msg::Suspending);
    assert_eq!(
        desk.told(),
        [("bea".into(), Doing::Draft), (String::new(), Doing::Away)]
    );
    desk.tell(Msg::Resumed);
    assert_eq!(desk.told(), [("bea".into(), Doing::Replying)]);

    let mut desk = Desk::with(&three());
    desk.keys("w").tell(Msg::Suspending).tell(Msg::Resumed);
    assert_eq!(
        desk.model.there.away,
        Some(Away::Said),
        "w still comes back"
    );
}

#[test]
fn l3_when_the_line_is_back_the_desk_is_told_again() {
    let mut desk = Desk::with(&three());
    desk.keys("l").told();
    desk.tell(lost("reset"));
    desk.keys("r");
    assert!(desk.told().is_empty(), "offline nobody hears it");
    desk.tell(Msg::News(News::Live));
    assert_eq!(desk.told(), [("bea".into(), Doing::Replying)]);
}
