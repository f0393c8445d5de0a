//! What nobody knows whether the desk took it: asked again under its operation while the desk remembers that, never after,
//! and never forgotten because of an answer that says nothing of it.

use super::*;
use crate::{
    console::draft::{Order, Unsure},
    desk::{History, Messages},
    domain::{
        message::{Direction, HistoryItem, Message},
        operation::KEPT,
    },
};

/// The clock of these tests: late enough for something to be long ago.
const NOW: Moment = Moment(1_000_000_000_000);
const HOUR: i64 = 3_600_000_000;

/// A draft on bea as a console left it that asked the desk to take it so many hours ago, and did not hear the answer.
pub(super) fn asked_before(kind: Kind, hours: i64) -> Kept {
    let unsure = Unsure {
        kind,
        at: Moment(NOW.0 - hours * HOUR),
        operation: "old-1".parse().unwrap(),
        conversation: id("bea"),
        text: "Yes".into(),
        expected_assignee: (kind == Kind::Reply).then_some(None),
        seen: None,
    };
    Kept {
        asked: Some(unsure),
        ..kept(kind, "bea", "Yes", Where::Here)
    }
}

/// A console that finds it.
fn finds(kind: Kind, hours: i64) -> Desk {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Clock(NOW));
    desk.tell(Msg::Drafts(vec![asked_before(kind, hours)]));
    desk
}

fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "r",
        Kind::Note => "n",
    }
}

/// The operation ids under which the desk was asked to take the text of that kind.
fn asked(desk: &Desk, kind: Kind) -> Vec<String> {
    let asked = desk.orders.iter().filter_map(|effect| match effect {
        Effect::Send(reply) if kind == Kind::Reply => Some(reply.operation.to_string()),
        Effect::Act(act) if kind == Kind::Note && act.deed == Deed::Note("Yes".into()) => {
            Some(act.operation.to_string())
        }
        _ => None,
    });
    asked.collect()
}

/// What is held of bea: a message and a note, each of so many hours ago, with more before them or not.
fn loads(desk: &mut Desk, who: &str, words: &'static str, hours: i64, more: bool) {
    let at = Moment(NOW.0 - hours * HOUR);
    let message = Message {
        id: "bea-7".parse().unwrap(),
        direction: Direction::Out,
        body: Safe::literal(words),
        truncated: false,
        at,
        sender: Some(user(who)),
        delivery: None,
        attachments: vec![],
    };
    let item = HistoryItem {
        id: Safe::literal("7"),
        at,
        kind: Safe::literal("note"),
        by: Some(user(who)),
        from: None,
        to: None,
        cause: None,
        reason: None,
        body: Some(Safe::literal(words)),
    };
    let next = more.then(|| "7".to_owned());
    desk.tell(Msg::Opened {
        conversation: id("bea"),
        oldest: false,
        messages: Ok(Messages {
            items: vec![message],
            next: next.clone(),
        }),
        history: Ok(History {
            items: vec![item],
            next,
        }),
    });
}

fn unheard(kind: No) -> Answer {
    Answer::Refused(Refused {
        why: Safe::literal("later"),
        kind,
    })
}

#[test]
fn r20_while_the_desk_remembers_it_it_is_asked_again_as_it_was() {
    for kind in [Kind::Reply, Kind::Note] {
        let mut desk = finds(kind, 70);
        desk.keys(key(kind)).keys("enter");
        assert_eq!(asked(&desk, kind), ["old-1"]);
        let order = |e: &Effect| matches!(e, Effect::Draft(Order::Asking(_)));
        let order = desk.orders.iter().position(order).expect("to disk");
        let goes = |e: &Effect| matches!(e, Effect::Send(_) | Effect::Act(_));
        let goes = desk.orders.iter().position(goes).expect("to the desk");
        assert!(order < goes, "on disk before it is on its way");
    }
}

#[test]
fn r23_nothing_is_cleared_before_the_desk_has_it() {
    for kind in [Kind::Reply, Kind::Note] {
        let mut desk = Desk::with(&three());
        desk.keys(key(kind)).types("Yes").keys("enter");
        let gone = Effect::KeepDraft(kind, id("bea"), String::new());
        assert!(!desk.orders.contains(&gone), "it is only on its way");
        assert_eq!(desk.model.count_of_drafts(), 1);
    }
}

#[test]
fn r20_asked_too_long_ago_it_is_never_asked_again_under_its_operation() {
    for kind in [Kind::Reply, Kind::Note] {
        let mut desk = finds(kind, 73);
        desk.keys(key(kind));
        let unsure = desk.model.unsure().unwrap();
        let words = crate::console::words::unsure::words(&desk.model, unsure);
        assert!(
            words.as_str().contains("too long ago to ask: look at the"),
            "{words}"
        );
        loads(&mut desk, "ben", "No", 99, true); // Which does not reach back far enough to tell.
        desk.keys("enter");
        let asked = asked(&desk, kind);
        assert_eq!(asked.len(), 1, "the advisor said so");
        assert_ne!(asked[0], "old-1", "as what it is: another one");
    }
}

#[test]
fn r20_asked_too_long_ago_its_messages_tell_what_became_of_it() {
    for kind in [Kind::Reply, Kind::Note] {
        // It is there: the draft goes, and what was open on it.
        let mut desk = finds(kind, 100);
        desk.keys(key(kind));
        loads(&mut desk, "anna", "Yes", 99, true);
        assert!(
            desk.said().contains("the draft of it is gone"),
            "{}",
            desk.said()
        );
        assert!(desk.model.composer.is_none() && desk.model.count_of_drafts() == 0);
        let gone = Effect::KeepDraft(kind, id("bea"), String::new());
        assert!(desk.orders.contains(&gone));

        // It is not there, and all of that time was read; be it a colleague's word, or another one of one's own.
        for (who, words) in [("ben", "Yes"), ("anna", "No")] {
            let mut desk = finds(kind, 100);
            desk.keys(key(kind));
            loads(&mut desk, who, words, 99, false);
            assert!(desk.said().contains(", its "), "{}", desk.said());
            assert!(desk.model.unsure().is_none());
            let not_taken = Effect::Draft(Order::NotTaken(kind, id("bea")));
            assert!(desk.orders.contains(&not_taken));
            desk.keys("enter");
            assert_ne!(asked(&desk, kind), ["old-1"]);
        }

        // More is read until that is known.
        let mut desk = finds(kind, 100);
        desk.keys(key(kind));
        desk.orders.clear();
        loads(&mut desk, "anna", "No", 99, true);
        assert!(desk.model.unsure().is_some());
        let reads = desk.orders.iter().any(|e| match kind {
            Kind::Reply => matches!(e, Effect::LoadMessages(..)),
            Kind::Note => matches!(e, Effect::LoadHistory(..)),
        });
        assert!(reads, "{:?}", desk.orders);
    }
}

#[test]
fn r20_what_is_being_looked_up_is_not_sent_meanwhile() {
    let mut desk = finds(Kind::Reply, 100);
    desk.keys("enter r enter");
    assert!(asked(&desk, Kind::Reply).is_empty(), "{}", desk.said());
    assert!(
        desk.said().contains("is being looked up"),
        "{}",
        desk.said()
    );
}

#[test]
fn r20_the_messages_say_nothing_of_what_can_still_be_asked() {
    let mut desk = finds(Kind::Reply, 1);
    desk.keys("r");
    loads(&mut desk, "anna", "Yes", 0, false);
    assert_eq!(
        desk.model.count_of_drafts(),
        1,
        "it may be another one of the same words"
    );
    desk.keys("enter");
    assert_eq!(asked(&desk, Kind::Reply), ["old-1"]);
}

/// An asking that was not heard says nothing of the one before.
#[test]
fn r21_too_busy_or_not_signed_in_does_not_make_an_unknown_reply_a_new_one() {
    for no in [No::Busy, No::NotSignedIn] {
        let mut desk = Desk::with(&three());
        desk.keys("r").types("Yes").keys("enter");
        let first = desk.sent()[0].clone();
        for answer in [
            Answer::Unknown(Safe::literal("reset")),
            unheard(no),
            unheard(no),
        ] {
            desk.tell(Msg::Answered(first.operation.clone(), answer));
            assert!(
                desk.said().starts_with("Not known whether it was sent"),
                "{}",
                desk.said()
            );
            desk.keys("enter");
            assert_eq!(desk.sent().last(), Some(&first), "R20: the same operation");
        }
        // What a dead console asked is not new either.
        let mut desk = finds(Kind::Reply, 1);
        desk.keys("r enter");
        desk.tell(Msg::Answered("old-1".parse().unwrap(), unheard(no)));
        desk.keys("enter");
        assert_eq!(asked(&desk, Kind::Reply), ["old-1", "old-1"]);
    }
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Yes").keys("enter");
    let first = desk.sent()[0].operation.clone();
    desk.tell(Msg::Answered(first, unheard(No::Busy)));
    assert_eq!(
        desk.said(),
        "Not sent: later · your text is kept",
        "asked once, nothing was done"
    );
}

#[test]
fn r21_too_busy_or_not_signed_in_does_not_make_an_unknown_act_undone() {
    let mut acts: Vec<(&str, Vec<Row>)> = vec![("u", three()), ("j t", three())];
    acts.push(("n y enter", three()));
    for (keys, rows) in acts {
        for no in [No::Busy, No::NotSignedIn] {
            let mut desk = Desk::with(&rows);
            desk.keys(keys);
            let first = desk.act();
            desk.answer(Answer::Unknown(Safe::literal("reset")));
            let said = desk.said().to_owned();
            for tries in 2..5 {
                desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
                assert_eq!(desk.acts(), vec![first.clone(); tries], "{keys}");
                desk.tell(Msg::Answered(first.operation.clone(), unheard(no)));
                assert_eq!(desk.said(), said, "{keys}: still not known");
            }
            desk.tell(Msg::Answered(first.operation.clone(), Answer::Done(None)));
            assert!(desk.model.pending.is_empty());
        }
    }
    for trouble in [
        Trouble::Busy(std::time::Duration::from_secs(1)),
        Trouble::NotSignedIn(Safe::literal("revoked")),
    ] {
        let mut desk = Desk::with(&three());
        desk.keys("space space space u").shown().keys("enter");
        let operation = desk.many().operation;
        let broken = Trouble::Unreachable(Safe::literal("reset"));
        for trouble in [broken, trouble.clone(), trouble] {
            desk.tell(Msg::ManyAnswered(operation.clone(), Err(trouble)));
            assert_eq!(desk.model.pending.len(), 1, "{}", desk.said());
        }
    }
}

/// A console that was suspended for days, say, and comes back.
#[test]
fn r20_an_act_asked_too_long_ago_is_not_asked_again_and_how_things_stand_is_fetched() {
    for keys in ["u", "j t", "n y enter"] {
        let mut desk = Desk::with(&three());
        desk.keys(keys);
        let first = desk.act();
        desk.answer(Answer::Unknown(Safe::literal("reset")));
        let later = desk.model.now.after(KEPT);
        desk.orders.clear();
        desk.tell(Msg::Clock(later));
        desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
        assert!(desk.acts().is_empty(), "{keys}");
        assert!(desk.model.pending.is_empty(), "and nothing waits for it");
        assert!(
            desk.said().contains("too long ago to ask"),
            "{}",
            desk.said()
        );
        assert!(
            desk.orders
                .iter()
                .any(|e| matches!(e, Effect::LoadList(..)))
        );
    }
    // A note is on the screen, as what nobody knows whether it was kept.
    let mut desk = Desk::with(&three());
    desk.keys("n y enter");
    let first = desk.act();
    desk.answer(Answer::Unknown(Safe::literal("reset")));
    let later = desk.model.now.after(KEPT);
    desk.tell(Msg::Clock(later));
    desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
    assert!(desk.model.unsure().is_some());
    // Several, too.
    let mut desk = Desk::with(&three());
    desk.keys("space space space u").shown().keys("enter");
    let operation = desk.many().operation;
    let broken = Trouble::Unreachable(Safe::literal("reset"));
    desk.tell(Msg::ManyAnswered(operation.clone(), Err(broken)));
    let later = desk.model.now.after(KEPT);
    desk.orders.clear();
    desk.tell(Msg::Clock(later));
    desk.tell(Msg::Timer(Timer::AskAgain(operation)));
    assert!(!desk.orders.iter().any(|e| matches!(e, Effect::Many(_))));
    let Some(Layer::Preview(preview)) = desk.model.layers.last() else {
        panic!("the preview stays");
    };
    assert!(
        preview.operation.is_none(),
        "it can be left, and sent again"
    );
}

#[test]
fn r20_a_dropped_draft_that_was_being_sent_is_brought_back_as_what_it_was() {
    let mut desk = finds(Kind::Reply, 1);
    desk.keys("4 x");
    assert_eq!(desk.model.count_of_drafts(), 0);
    desk.keys("z esc r enter");
    assert_eq!(asked(&desk, Kind::Reply), ["old-1"]);
    let orders: Vec<_> = desk.orders.iter().collect();
    let asking = orders
        .iter()
        .position(|e| matches!(e, Effect::Draft(Order::Asking(_))))
        .expect("to disk");
    let kept = Effect::KeepDraft(Kind::Reply, id("bea"), "Yes".into());
    let kept = orders.iter().rposition(|e| **e == kept).expect("kept");
    assert!(asking < kept, "on disk, too: the text is what it says last");
}

#[test]
fn r20_a_note_the_desk_refused_is_another_one_when_it_is_kept_again() {
    let mut desk = Desk::with(&three());
    desk.keys("n").types("Yes").keys("enter");
    desk.answer(unheard(No::Rule));
    let not_taken = Effect::Draft(Order::NotTaken(Kind::Note, id("bea")));
    assert!(desk.orders.contains(&not_taken));
    desk.keys("enter");
    let asked = asked(&desk, Kind::Note);
    assert_ne!(asked[0], asked[1]);
}

#[test]
fn r20_typed_on_and_erased_again_it_is_asked_as_it_was() {
    for kind in [Kind::Reply, Kind::Note] {
        let mut desk = finds(kind, 1);
        desk.keys(key(kind)).keys("! backspace enter");
        assert_eq!(asked(&desk, kind), ["old-1"]);
        let mut desk = finds(kind, 1);
        desk.keys(key(kind)).keys("! enter");
        let other = asked(&desk, kind);
        assert!(
            other.iter().all(|operation| operation != "old-1"),
            "another text is another one"
        );
    }
}

/// Left while it was on its way, and typed on: the desk has the one, and not the other.
#[test]
fn r23_what_was_typed_while_the_answer_was_on_its_way_stays() {
    for kind in [Kind::Reply, Kind::Note] {
        let mut desk = Desk::with(&three());
        desk.keys(key(kind)).types("Yes").keys("enter esc");
        desk.keys(key(kind)).types(", but").keys("enter");
        let first = asked(&desk, kind);
        assert_eq!(first.len(), 1, "one after the other: {}", desk.said());
        let operation: OperationId = first[0].parse().unwrap();
        desk.tell(Msg::Answered(operation, Answer::Done(None)));
        assert!(
            desk.said().ends_with("what you typed since is kept"),
            "{}",
            desk.said()
        );
        assert_eq!(desk.model.composer.as_ref().unwrap().text(), "Yes, but");
        assert_eq!(desk.model.drafts_of(kind)[&id("bea")], "Yes, but");
        let gone = Effect::KeepDraft(kind, id("bea"), String::new());
        assert!(!desk.orders.contains(&gone));
        // It is another one, and can be sent.
        desk.keys("enter");
        let sent = desk.model.pending.last().unwrap();
        assert_eq!((sent.text(), sent.tries), (Some("Yes, but"), 1));
        assert_ne!(sent.operation.as_str(), first[0]);
    }
}
