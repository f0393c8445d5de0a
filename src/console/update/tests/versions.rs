//! A desk of another version is told of once, and nothing is held up by it.

use super::*;
use crate::desk::version::OURS;

/// The desk says who we are, and that it is of this version.
fn is_of(desk: &mut Desk, version: &'static str) {
    let me = desk.model.me.clone().unwrap();
    let desk_version = Safe::literal(version);
    desk.tell(Msg::Me(Ok(Box::new(Me { desk_version, ..me }))));
}

/// The line is lost and back, and the desk says who we are, if it is asked.
fn comes_back_as(desk: &mut Desk, version: &'static str) {
    desk.tell(lost("gone")).tell(Msg::News(News::Live));
    assert!(desk.orders.contains(&Effect::LoadMe), "{:?}", desk.orders);
    desk.orders.clear();
    is_of(desk, version);
}

/// How often something was said that holds this.
fn times_said(desk: &Desk, words: &str) -> usize {
    let said = |notice: &&crate::console::model::Notice| notice.text.as_str().contains(words);
    desk.model.notices.iter().filter(said).count()
}

#[test]
fn r17_a_desk_that_was_upgraded_meanwhile_is_told_of_once_it_is_back() {
    let mut desk = Desk::with(&three());
    comes_back_as(&mut desk, OURS);
    assert_eq!(times_said(&desk, ", console "), 0);
    comes_back_as(&mut desk, "9.0.0");
    let again = format!("Desk 9.0.0, console {OURS}: q and start again, drafts are kept");
    assert_eq!(desk.said(), again);
    // Once for each version, however often the line is lost.
    comes_back_as(&mut desk, "9.0.0");
    is_of(&mut desk, OURS);
    is_of(&mut desk, "9.0.0");
    assert_eq!(times_said(&desk, ", console "), 1);
    is_of(&mut desk, "9.1.0");
    assert_eq!(times_said(&desk, ", console "), 2);
    // Nothing is held up.
    desk.keys("r").types("Hello");
    assert_eq!(desk.model.place(), Place::Composer);
}

#[test]
fn a_console_that_was_just_started_is_not_sent_to_start_again() {
    let mut desk = Desk::with(&three());
    desk.model.me.as_mut().unwrap().desk_version = Safe::literal("9.0.0");
    let me = desk.model.me.take().unwrap();
    desk.tell(Msg::Me(Ok(Box::new(me))));
    assert_eq!(
        desk.said(),
        format!("Desk 9.0.0, console {OURS}: ask for a newer console")
    );
}

#[test]
fn an_older_desk_is_to_be_brought_up_to_date_whenever_it_is_noticed() {
    for sits_here in [false, true] {
        let mut desk = Desk::with(&three());
        let mut me = desk.model.me.clone().unwrap();
        if !sits_here {
            desk.model.me = None;
        }
        me.desk_version = Safe::literal("0.0.1");
        desk.tell(Msg::Me(Ok(Box::new(me))));
        assert_eq!(
            desk.said(),
            format!("Desk 0.0.1, console {OURS}: ask for a newer desk")
        );
    }
}

#[test]
fn what_is_no_other_version_is_not_told_of() {
    for version in [
        "",
        "1",
        "scripted",
        concat!(env!("CARGO_PKG_VERSION"), "+debian1"),
    ] {
        let mut desk = Desk::with(&three());
        comes_back_as(&mut desk, version);
        assert_eq!(times_said(&desk, ", console "), 0, "{version}");
    }
}
