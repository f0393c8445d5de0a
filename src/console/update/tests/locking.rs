//! The locked screen: when it locks, who opens it, and that nothing is lost behind it.

use std::time::Duration;

use super::*;
use crate::console::model::Lock;

const MINUTE: i64 = 60_000;

/// A desk whose console locks after a quarter of an hour.
fn desk(by_desk: bool) -> Desk {
    let mut desk = Desk::with(&three());
    desk.model.lock = Lock::new(Some(Duration::from_secs(900)), by_desk);
    desk.keys("j");
    desk
}

fn locks(desk: &mut Desk) {
    desk.pass(15 * MINUTE);
    desk.tell(Msg::Timer(Timer::Lock));
    assert!(desk.model.lock.is_locked());
}

#[test]
fn it_locks_a_quarter_of_an_hour_after_the_last_key() {
    let mut desk = desk(false);
    let set = |desk: &Desk| {
        desk.orders.iter().rev().find_map(|order| match order {
            Effect::After(left, Timer::Lock) => Some(left.as_secs()),
            _ => None,
        })
    };
    assert_eq!(set(&desk), Some(900));
    desk.pass(10 * MINUTE).keys("k").orders.clear();
    desk.pass(5 * MINUTE).tell(Msg::Timer(Timer::Lock));
    assert!(
        !desk.model.lock.is_locked(),
        "a key was pressed five minutes ago"
    );
    assert_eq!(set(&desk), Some(600), "looked at again when it is over");
    desk.pass(10 * MINUTE).orders.clear();
    desk.tell(Msg::Timer(Timer::Lock));
    assert!(desk.model.lock.is_locked());
    assert_eq!(set(&desk), None, "locked, nothing runs");
}

#[test]
fn a_key_goes_on_and_does_nothing_else() {
    let mut desk = desk(false);
    locks(&mut desk);
    desk.orders.clear();
    desk.keys("u");
    assert!(!desk.model.lock.is_locked());
    assert!(
        desk.model.pending.is_empty(),
        "what opens the screen hands nothing back"
    );
    desk.keys("r").types("half a wo");
    locks(&mut desk);
    desk.keys("x");
    desk.types("rd");
    let text = desk.model.composer.as_ref().unwrap().text();
    assert_eq!(text.as_str(), "half a word", "the draft is as it was");
}

#[test]
fn with_a_token_the_desk_lets_one_in() {
    let mut desk = desk(true);
    let me = desk.model.me.clone().unwrap();
    locks(&mut desk);
    desk.orders.clear();
    desk.keys("u u");
    let asked = desk.orders.iter().filter(|order| **order == Effect::LoadMe);
    assert_eq!(asked.count(), 1, "asked once");
    assert!(desk.model.lock.is_locked());
    desk.tell(Msg::Me(Err(Trouble::NotSignedIn(Safe::literal("revoked")))));
    assert!(desk.model.lock.is_locked());
    assert!(
        !desk
            .orders
            .iter()
            .any(|order| matches!(order, Effect::TurnAway(_)))
    );
    let why = |desk: &Desk| desk.model.lock.locked.as_ref().unwrap().why.clone();
    assert!(why(&desk).unwrap().as_str().contains("revoked"));
    desk.keys("u");
    desk.tell(Msg::Me(Ok(Box::new(me))));
    assert!(!desk.model.lock.is_locked());
    assert!(desk.model.pending.is_empty());
}

#[test]
fn off_it_never_locks() {
    let mut desk = desk(false);
    desk.model.lock = Lock::new(None, false);
    desk.pass(600 * MINUTE);
    desk.tell(Msg::Timer(Timer::Lock));
    assert!(!desk.model.lock.is_locked());
}

#[test]
fn r32_who_is_let_in_no_more_sees_no_customer_and_is_asked_for_again_or_leaves() {
    for sits_at_a_socket in [true, false] {
        let mut desk = desk(!sits_at_a_socket);
        let me = desk.model.me.clone().unwrap();
        desk.keys("r").types("half a wo");
        desk.orders.clear();
        desk.tell(Msg::News(News::ShutOut {
            why: Safe::literal("This account is suspended."),
            silence: Duration::ZERO,
        }));
        assert!(desk.model.lock.is_locked());
        desk.keys("x");
        assert!(
            desk.orders.contains(&Effect::LoadMe),
            "only the desk opens it"
        );
        assert!(desk.model.lock.is_locked());
        desk.tell(Msg::Me(Err(Trouble::NotSignedIn(Safe::literal("no")))));
        let text = desk.model.composer.as_ref().unwrap().text();
        assert_eq!(text.as_str(), "half a wo", "no word of it went anywhere");
        desk.keys("x");
        desk.tell(Msg::Me(Ok(Box::new(me))));
        assert!(!desk.model.lock.is_locked(), "let in again");
        desk.tell(Msg::News(News::ShutOut {
            why: Safe::literal("This account is suspended."),
            silence: Duration::ZERO,
        }));
        desk.orders.clear();
        desk.keys("q");
        assert!(desk.orders.contains(&Effect::Quit));
    }
}
