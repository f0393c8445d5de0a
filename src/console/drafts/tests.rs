//! A folder of drafts, and what befalls it.

use super::{file::HEAD, *};
use crate::console::draft::Unsure;

fn id(text: &str) -> ConversationId {
    ConversationId::parse(text).unwrap()
}

/// What a console that comes now finds: of what, what it says, and where it is.
fn kept(folder: &Path) -> Vec<(Kind, String, Where)> {
    let (_drafts, kept) = Drafts::open(folder, "reader").unwrap();
    let mut kept: Vec<_> = kept
        .into_iter()
        .map(|k| (k.kind, k.text, k.place))
        .collect();
    kept.sort_by(|a, b| a.1.cmp(&b.1));
    kept
}

/// A reply that is gone on with.
fn reply(text: &str) -> (Kind, String, Where) {
    (Kind::Reply, text.to_owned(), Where::Here)
}

#[test]
fn r23_what_was_kept_last_is_there_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (mut drafts, found) = Drafts::open(folder.path(), "one").unwrap();
    assert!(found.is_empty());
    for text in ["H", "He", "Hello\nthere"] {
        drafts.keep(Kind::Reply, &id("C1"), text).unwrap();
    }
    drop(drafts); // No farewell of any kind: as a killed program leaves it.
    assert_eq!(kept(folder.path()), [reply("Hello\nthere")]);
}

#[test]
fn r23_a_file_torn_at_any_byte_gives_the_last_whole_text() {
    let folder = tempfile::tempdir().unwrap();
    let (mut drafts, _) = Drafts::open(folder.path(), "one").unwrap();
    drafts.keep(Kind::Reply, &id("C1"), "first").unwrap();
    drafts.keep(Kind::Reply, &id("C1"), "second").unwrap();
    drop(drafts);
    let path = folder.path().join("C1.one.draft");
    let whole = fs::read(&path).unwrap();
    let first = HEAD + "first".len();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let expected = if cut < first {
            vec![]
        } else {
            vec!["first".to_owned()]
        };
        let found: Vec<String> = kept(folder.path())
            .into_iter()
            .map(|(_, text, _)| text)
            .collect();
        assert_eq!(found, expected, "cut at {cut}");
    }
}

#[test]
fn r23_two_consoles_do_not_touch_each_others_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, _) = Drafts::open(folder.path(), "one").unwrap();
    one.keep(Kind::Reply, &id("C1"), "of one").unwrap();
    let (mut two, found) = Drafts::open(folder.path(), "two").unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0].text[..], &found[0].place),
        ("of one", &Where::Elsewhere("one".into())),
        "a live console's draft is its own"
    );
    two.keep(Kind::Reply, &id("C1"), "of two").unwrap();
    two.keep(Kind::Reply, &id("C1"), "").unwrap();
    drop((one, two));
    assert_eq!(kept(folder.path()), [reply("of one")]);
}

#[test]
fn n1_a_note_kept_is_never_found_as_a_reply() {
    let folder = tempfile::tempdir().unwrap();
    let (mut drafts, _) = Drafts::open(folder.path(), "one").unwrap();
    drafts.keep(Kind::Reply, &id("C1"), "to her").unwrap();
    drafts.keep(Kind::Note, &id("C1"), "about her").unwrap();
    drafts.keep(Kind::Reply, &id("C1"), "").unwrap();
    drop(drafts);
    assert_eq!(
        kept(folder.path()),
        [(Kind::Note, "about her".to_owned(), Where::Here)]
    );
}

#[test]
fn r23_a_sent_draft_goes_and_so_does_what_it_was_taken_over_from() {
    let folder = tempfile::tempdir().unwrap();
    let (mut dead, _) = Drafts::open(folder.path(), "dead").unwrap();
    dead.keep(Kind::Reply, &id("C1"), "left behind").unwrap();
    drop(dead);
    let (mut next, found) = Drafts::open(folder.path(), "next").unwrap();
    assert_eq!(found[0].text, "left behind");
    next.keep(Kind::Reply, &id("C1"), "left behind, gone on with")
        .unwrap();
    next.keep(Kind::Reply, &id("C1"), "").unwrap();
    drop(next);
    assert!(kept(folder.path()).is_empty());
}

#[test]
fn drafts_are_nobody_elses_to_read_and_do_not_grow_for_ever() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (mut drafts, _) = Drafts::open(&folder.path().join("made"), "one").unwrap();
    let long = "x".repeat(4_000);
    for _ in 0..200 {
        drafts.keep(Kind::Reply, &id("C1"), &long).unwrap();
    }
    let file = fs::metadata(folder.path().join("made/C1.one.draft")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert_eq!(
        fs::metadata(folder.path().join("made"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    assert!(file.len() <= LARGE + 8_000, "{}", file.len());
}

#[test]
fn r23_of_several_each_is_kept_until_it_is_sent_or_dropped_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (console, text) in [("one", "of one"), ("two", "of two"), ("three", "of three")] {
        let (mut drafts, _) = Drafts::open(folder.path(), console).unwrap();
        // What each found is kept beside what it writes itself.
        drafts.set_aside(Kind::Reply, &id("C1")).unwrap();
        drafts.keep(Kind::Reply, &id("C1"), text).unwrap();
    }
    let (mut drafts, found) = Drafts::open(folder.path(), "four").unwrap();
    let texts: Vec<&str> = found.iter().map(|kept| kept.text.as_str()).collect();
    assert_eq!(texts, ["of three", "of two", "of one"]);
    assert_eq!(found[0].place, Where::Here);
    drafts
        .keep(Kind::Reply, &id("C1"), "of three, sent")
        .unwrap();
    drafts.keep(Kind::Reply, &id("C1"), "").unwrap();
    let Where::Aside(two) = &found[1].place else {
        panic!("{found:?}")
    };
    drafts
        .obey(Order::Drop(Kind::Reply, id("C1"), two.clone()))
        .unwrap();
    drop(drafts);
    assert_eq!(kept(folder.path()), [reply("of one")]);
}

#[test]
fn r23_what_is_gone_on_with_changes_places_with_what_is_kept_beside() {
    let folder = tempfile::tempdir().unwrap();
    for (console, text) in [("one", "older"), ("two", "newer")] {
        let (mut drafts, _) = Drafts::open(folder.path(), console).unwrap();
        drafts.set_aside(Kind::Reply, &id("C1")).unwrap();
        drafts.keep(Kind::Reply, &id("C1"), text).unwrap();
    }
    let (mut drafts, found) = Drafts::open(folder.path(), "three").unwrap();
    let Where::Aside(older) = &found[1].place else {
        panic!("{found:?}")
    };
    let order = Order::TakeUp(Kind::Reply, id("C1"), older.clone());
    let told = drafts.obey(order).unwrap().unwrap();
    assert_eq!(
        (told.len(), &told[0].text[..]),
        (1, "newer"),
        "it is told where the other went"
    );
    drafts
        .keep(Kind::Reply, &id("C1"), "older, gone on with")
        .unwrap();
    drafts.keep(Kind::Reply, &id("C1"), "").unwrap();
    drop(drafts);
    assert_eq!(kept(folder.path()), [reply("newer")]);
}

/// Anna's reply, or note, as the desk was asked to take it.
fn unsure(kind: Kind, text: &str) -> Unsure {
    Unsure {
        kind,
        at: Moment(7),
        operation: "one-1".parse().unwrap(),
        conversation: id("C1"),
        text: text.into(),
        expected_assignee: (kind == Kind::Reply).then_some(None),
        seen: (kind == Kind::Reply).then(|| "C1-3".parse().unwrap()),
    }
}

/// What a console that comes now finds to be asked again.
fn asked(folder: &Path) -> Option<Unsure> {
    let (_drafts, found) = Drafts::open(folder, "reader").unwrap();
    found[0].asked.clone()
}

#[test]
fn r20_what_was_being_sent_when_the_program_died_is_asked_for_again_as_it_was() {
    for kind in [Kind::Reply, Kind::Note] {
        let folder = tempfile::tempdir().unwrap();
        let sent = unsure(kind, "Yes, you can");
        let (mut one, _) = Drafts::open(folder.path(), "one").unwrap();
        let name = Order::Name(kind, id("C1"), Safe::literal("Bea Jones"));
        one.obey(name).unwrap();
        one.keep(kind, &id("C1"), "Yes, you can").unwrap();
        one.obey(Order::Asking(sent.clone())).unwrap();
        drop(one);
        assert_eq!(asked(folder.path()), Some(sent.clone()));
        let (mut two, found) = Drafts::open(folder.path(), "two").unwrap();
        assert_eq!(found[0].of, "Bea Jones");
        two.keep(kind, &id("C1"), "Yes, you can!").unwrap();
        drop(two);
        let (_drafts, found) = Drafts::open(folder.path(), "three").unwrap();
        assert_eq!(found[0].text, "Yes, you can!");
        assert_eq!(
            found[0].asked,
            Some(sent),
            "the one that was asked is still the other text"
        );
    }
}

#[test]
fn r20_what_was_asked_is_still_known_after_typing_on_and_erasing_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, _) = Drafts::open(folder.path(), "one").unwrap();
    one.keep(Kind::Reply, &id("C1"), "Yes").unwrap();
    one.obey(Order::Asking(unsure(Kind::Reply, "Yes"))).unwrap();
    // So much that the file is begun anew.
    let long = "Yes".to_owned() + &"!".repeat(4_000);
    for _ in 0..200 {
        one.keep(Kind::Reply, &id("C1"), &long).unwrap();
    }
    one.keep(Kind::Reply, &id("C1"), "Yes").unwrap();
    drop(one);
    let sent = Some(unsure(Kind::Reply, "Yes"));
    assert_eq!(asked(folder.path()), sent);
    // Gone on with by the next, and put aside, and taken up again.
    let (mut two, _) = Drafts::open(folder.path(), "two").unwrap();
    two.keep(Kind::Reply, &id("C1"), "Yes!").unwrap();
    two.keep(Kind::Reply, &id("C1"), "Yes").unwrap();
    let aside = two.set_aside(Kind::Reply, &id("C1")).unwrap().unwrap();
    let order = Order::TakeUp(Kind::Reply, id("C1"), aside);
    two.obey(order).unwrap();
    two.keep(Kind::Reply, &id("C1"), "Yes").unwrap();
    drop(two);
    assert_eq!(asked(folder.path()), sent);
}

#[test]
fn r20_what_the_desk_did_not_take_is_not_asked_for_again_under_its_operation() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, _) = Drafts::open(folder.path(), "one").unwrap();
    one.keep(Kind::Note, &id("C1"), "Rang").unwrap();
    one.obey(Order::Asking(unsure(Kind::Note, "Rang"))).unwrap();
    one.obey(Order::NotTaken(Kind::Note, id("C1"))).unwrap();
    one.keep(Kind::Note, &id("C1"), "Rang").unwrap();
    drop(one);
    assert_eq!(asked(folder.path()), None);
    // What a dead one left counts as well.
    let (mut two, _) = Drafts::open(folder.path(), "two").unwrap();
    two.obey(Order::Asking(unsure(Kind::Note, "Rang"))).unwrap();
    drop(two);
    let (mut three, found) = Drafts::open(folder.path(), "three").unwrap();
    assert!(found[0].asked.is_some());
    three.obey(Order::NotTaken(Kind::Note, id("C1"))).unwrap();
    drop(three);
    assert_eq!(asked(folder.path()), None);
}

#[test]
fn r20_a_file_that_does_not_say_when_it_was_asked_is_too_old_to_ask_again() {
    let folder = tempfile::tempdir().unwrap();
    let records = [record("Yes"), record("\0asked\tone-1\t!\t!")].concat();
    fs::write(folder.path().join("C1.one.draft"), records).unwrap();
    let asked = asked(folder.path()).expect("it was asked");
    assert!(!asked.can_be_asked(Moment(1_800_000_000_000_000)));
}
