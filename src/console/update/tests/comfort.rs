//! Keys of one's own, anything by its name, what was said, and where to begin.

use super::*;
use crate::console::{
    keymap::{Change, Keymap},
    model::{Choosing, Tone},
};

fn with_keys(desk: &mut Desk, changes: &[(&str, &str, &str)]) {
    let keys: Vec<_> = changes
        .iter()
        .map(|(.., key)| vec![(*key).to_owned()])
        .collect();
    let changes: Vec<Change<'_>> = std::iter::zip(changes, &keys)
        .map(|((place, name, _), keys)| Change { place, name, keys })
        .collect();
    desk.model.keymap = Keymap::default().with(&changes).unwrap();
}

#[test]
fn a_configured_key_does_it_and_the_tables_key_does_nothing() {
    let mut desk = Desk::with(&three());
    with_keys(
        &mut desk,
        &[("list", "unassign", "x"), ("list", "undo", "ctrl-y")],
    );
    desk.keys("u");
    assert!(desk.orders.is_empty(), "{:?}", desk.orders);
    desk.keys("x");
    assert_eq!(desk.act().deed, Deed::Unassign);
    desk.answer(done(changed(&three()[0], None)));
    assert!(
        desk.said().contains("Ctrl-Y gives it back"),
        "{}",
        desk.said()
    );
}

#[test]
fn r22_a_text_that_was_just_left_asks_for_the_configured_key_again() {
    let mut desk = Desk::with(&three());
    with_keys(&mut desk, &[("list", "unassign", "x")]);
    desk.keys("/ esc x");
    assert_eq!(desk.said(), "Press x again to hand back bea");
}

/// Opens the list of what can be done, and writes into it.
fn by_name(desk: &mut Desk, words: &str) {
    desk.keys(":").types(words);
}

#[test]
fn anything_is_done_by_its_name_where_one_came_from() {
    let mut desk = Desk::with(&three());
    by_name(&mut desk, "unassign");
    desk.keys("enter");
    assert_eq!(desk.act().deed, Deed::Unassign, "{}", desk.said());
    assert!(desk.model.layers.is_empty());

    let mut desk = Desk::with(&three());
    by_name(&mut desk, "show mine");
    desk.keys("enter");
    assert_eq!(desk.model.list.view, View::Mine);

    let mut desk = Desk::with(&three());
    desk.keys("?");
    by_name(&mut desk, "close");
    desk.keys("enter");
    assert!(desk.model.layers.is_empty(), "the help was what was closed");
}

#[test]
fn what_only_the_three_dots_have_is_found_by_name_and_keeps_its_question() {
    let mut desk = Desk::with(&three());
    desk.allowed_but(&three()[0], &[(Action::Close, "it is closed already")]);
    by_name(&mut desk, "block");
    desk.keys("enter");
    assert_eq!(desk.model.place(), Place::Question);
    desk.shown().keys("esc");
    by_name(&mut desk, "close conversation");
    desk.keys("enter");
    assert!(
        desk.said().contains("it is closed already"),
        "{}",
        desk.said()
    );
    assert_eq!(
        desk.model.place(),
        Place::Picker,
        "it is still there to choose from"
    );
}

#[test]
fn r22_an_act_by_its_name_obeys_what_its_key_obeys() {
    let mut desk = Desk::with(&three());
    by_name(&mut desk, "unassign");
    // Meanwhile somebody else took it, and that was not on the screen yet.
    desk.row(changed(&three()[0], Some("ben")));
    desk.keys("enter");
    assert!(desk.acts().is_empty());
    assert!(
        desk.said().contains("press the key again"),
        "{}",
        desk.said()
    );
}

#[test]
fn r7_in_a_burst_nothing_is_done_by_its_name() {
    let mut desk = Desk::with(&three());
    by_name(&mut desk, "unassign");
    desk.tell(Msg::Input(Arrived {
        input: Input::Key(Key::Enter),
        burst: true,
    }));
    assert!(desk.acts().is_empty());
}

#[test]
fn every_name_can_be_asked_for_in_every_place() {
    for place in Place::ALL {
        let mut desk = Desk::with(&three());
        desk.model
            .layers
            .push(Layer::Picker(crate::console::model::Picker::new(
                Choosing::ByName(place),
                crate::console::model::Loaded::Yes,
            )));
        desk.types("e").keys("down enter");
    }
}

#[test]
fn warnings_that_nobody_saw_are_counted_until_they_are_looked_at() {
    let mut desk = Desk::with(&three());
    let warn = |desk: &mut Desk, text| desk.model.say(Tone::Warning, Safe::literal(text));
    warn(&mut desk, "one");
    assert_eq!(desk.model.overlooked(), 0, "it stands there");
    warn(&mut desk, "two");
    assert_eq!(desk.model.overlooked(), 1);
    desk.model.say(Tone::Plain, Safe::literal("three"));
    assert_eq!(desk.model.overlooked(), 2, "what is plain is not counted");
    desk.keys("! esc");
    assert_eq!(desk.model.overlooked(), 0);

    warn(&mut desk, "four");
    desk.pass(1_000).keys("j");
    desk.model.say(Tone::Plain, Safe::literal("five"));
    assert_eq!(
        desk.model.overlooked(),
        0,
        "a key was pressed while it stood there"
    );
}

#[test]
fn the_last_notice_stays_until_the_next_act() {
    let mut desk = Desk::with(&three());
    desk.model.say(Tone::Plain, Safe::literal("said"));
    desk.keys("j k");
    assert!(!desk.model.notice_is_over);
    desk.keys("u");
    assert!(desk.model.notice_is_over, "its answer is on its way");
    desk.answer(done(changed(&three()[0], None)));
    assert!(!desk.model.notice_is_over);
}

#[test]
fn what_was_said_is_walked_from_the_newest() {
    let mut desk = Desk::with(&three());
    for _ in 0..300 {
        desk.model.say(Tone::Plain, Safe::literal("again"));
    }
    desk.keys("! j j k G");
    assert!(matches!(
        desk.model.layers.last(),
        Some(Layer::Notices(199))
    ));
    desk.keys("g");
    assert!(matches!(desk.model.layers.last(), Some(Layer::Notices(0))));
    desk.keys("!");
    assert!(desk.model.layers.is_empty());
}

#[test]
fn where_to_begin_is_gone_with_the_first_key_which_does_what_it_is_for() {
    let mut desk = Desk::with(&three());
    desk.model.first_time = true;
    desk.keys("j");
    assert!(!desk.model.first_time);
    assert_eq!(desk.cursor(), "carl");
    assert!(desk.orders.contains(&Effect::BegunOnce));
    desk.orders.clear();
    desk.keys("j");
    assert!(!desk.orders.contains(&Effect::BegunOnce));
}
