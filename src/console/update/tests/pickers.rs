//! Pickers: filtering as one types, what cannot be chosen, and what comes late.

use super::*;
use crate::console::{
    choices::{Chosen, choices},
    model::Loaded,
};

fn offered(desk: &Desk) -> Vec<String> {
    match desk.model.layers.last() {
        Some(Layer::Picker(picker)) => choices(&desk.model, picker)
            .into_iter()
            .map(|choice| choice.name.to_string())
            .collect(),
        other => panic!("no picker: {other:?}"),
    }
}

fn at_cursor(desk: &Desk) -> Option<Chosen> {
    match desk.model.layers.last() {
        Some(Layer::Picker(picker)) => choices(&desk.model, picker)
            .into_iter()
            .nth(picker.cursor)
            .map(|choice| choice.chosen),
        _ => None,
    }
}

fn people() -> Vec<Colleague> {
    vec![
        colleague("ben", Presence::SignedOut),
        colleague("anna", Presence::SignedIn),
        colleague("cara", Presence::Away),
        colleague("dave", Presence::SignedIn),
    ]
}

#[test]
fn a6_people_are_asked_for_by_conversation_and_whoever_is_there_stands_first() {
    let mut desk = Desk::with(&three());
    desk.keys("a");
    assert!(desk.orders.contains(&Effect::LoadPeople(Some(id("bea")))));
    assert_eq!(desk.model.place(), Place::Picker);
    desk.tell(Msg::People(Some(id("carl")), Ok(people())));
    assert!(offered(&desk).is_empty(), "an answer to another question");
    desk.tell(Msg::People(Some(id("bea")), Ok(people())));
    assert_eq!(offered(&desk), ["anna", "dave", "cara", "ben"]);
    assert_eq!(
        at_cursor(&desk),
        Some(Chosen::Person(user("dave").id)),
        "not on oneself, who has it"
    );
    desk.types("cara");
    assert_eq!(offered(&desk), ["cara"]);
    desk.keys("enter");
    assert_eq!(desk.act().deed, Deed::Assign(user("cara").id));
}

#[test]
fn people_are_found_by_their_organisation_too_and_nobody_is_called_nonsense() {
    let mut desk = Desk::with(&three());
    desk.keys("a")
        .tell(Msg::People(Some(id("bea")), Ok(people())));
    desk.types("cardiff");
    assert_eq!(offered(&desk).len(), 4);
    desk.types("zzz").keys("enter");
    assert!(offered(&desk).is_empty() && desk.acts().is_empty());
}

#[test]
fn people_that_cannot_be_had_say_why() {
    let mut desk = Desk::with(&three());
    let trouble = Trouble::Refused(Safe::literal("not today"));
    desk.keys("a")
        .tell(Msg::People(Some(id("bea")), Err(trouble)));
    let Some(Layer::Picker(picker)) = desk.model.layers.last() else {
        panic!("it closed");
    };
    assert_eq!(picker.loaded, Loaded::Failed(Safe::literal("not today")));
}

#[test]
fn q6_into_an_inactive_queue_nothing_is_moved_and_its_row_says_why() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Queues(Ok(vec![
        queue("Payments", true),
        queue("Old", false),
        queue("Meters", true),
    ])));
    desk.keys("m");
    assert_eq!(
        at_cursor(&desk),
        Some(Chosen::Queue(Some("meters".parse().unwrap())))
    );
    desk.types("old").keys("enter");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.said(), "Old: inactive, nothing can be moved into it");
    assert_eq!(desk.model.place(), Place::Picker, "it stays open");
}

#[test]
fn s3_no_status_stands_first_and_the_present_one_is_dim() {
    let mut rows = three();
    rows[0].status = Some(Safe::literal("promise"));
    let mut desk = Desk::with(&rows);
    desk.keys("s");
    assert!(desk.orders.contains(&Effect::LoadStatuses));
    let status = |word: &str| Status {
        name: Safe::line(word),
        word: word.into(),
    };
    desk.tell(Msg::Statuses(Ok(vec![
        status("promise"),
        status("hardship"),
    ])));
    assert_eq!(offered(&desk), ["no status", "promise", "hardship"]);
    desk.keys("down enter");
    assert_eq!(desk.said(), "promise: it is so already");
    desk.keys("up enter");
    assert_eq!(desk.act().deed, Deed::Status(None));
}

#[test]
fn r22_what_is_chosen_is_for_the_conversation_shown_when_the_key_went_down() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.tell(Msg::Queues(Ok(vec![queue("Meters", true)])));
    desk.keys("m").row(changed(&rows[0], Some("ben")));
    desk.shown().keys("enter");
    assert_eq!(
        desk.act().expected,
        Expectation::seen(Some(user("anna").id), 1),
        "the desk decides about the change meanwhile"
    );
}

/// Choosing what the list shows is a movement: a stalled line may deliver it in one piece.
#[test]
fn l4_r7_a_burst_may_choose_which_queue_is_shown() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Queues(Ok(vec![
        queue("Payments", true),
        queue("Letters", true),
    ])));
    desk.keys("Q");
    for key in "lett".chars().map(Key::Char).chain([Key::Enter]) {
        desk.tell(Msg::Input(Arrived {
            input: Input::Key(key),
            burst: true,
        }));
    }
    assert!(desk.model.layers.is_empty());
    assert_eq!(desk.model.list.queue, Some("letters".parse().unwrap()));
}

#[test]
fn r7_a_burst_opens_no_picker_and_chooses_nothing() {
    let mut desk = Desk::with(&three());
    let burst = |desk: &mut Desk, key| {
        desk.tell(Msg::Input(Arrived {
            input: Input::Key(key),
            burst: true,
        }));
    };
    burst(&mut desk, Key::Char('m'));
    assert_eq!(desk.model.place(), Place::List);
    desk.tell(Msg::Queues(Ok(vec![queue("Meters", true)])))
        .keys("m");
    burst(&mut desk, Key::Enter);
    assert!(desk.acts().is_empty());
    assert_eq!(desk.model.place(), Place::Picker);
}

#[test]
fn r22_after_a_picker_the_first_u_only_asks_for_a_second() {
    let mut desk = Desk::with(&three());
    desk.keys("m esc u");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.said(), "Press u again to hand back bea");
}
