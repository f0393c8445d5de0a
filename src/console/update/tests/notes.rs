//! Notes: never sent, and kept apart from replies (N1).

use super::*;

#[test]
fn n1_a_note_is_kept_by_the_desk_and_never_sent() {
    let mut desk = Desk::with(&three());
    desk.keys("n");
    assert_eq!(desk.model.place(), Place::Note);
    desk.types("uzq.t").keys("enter");
    let act = desk.act();
    assert_eq!(act.deed, Deed::Note("uzq.t".into()));
    assert!(desk.sent().is_empty());
    assert_eq!(act.expected, Expectation::default(), "whoever has it");
    desk.types("more").keys("enter");
    assert_eq!(
        desk.acts().len(),
        1,
        "nothing is typed while it is on its way"
    );
    desk.answer(done(three()[0].clone()));
    assert!(desk.model.composer.is_none() && desk.model.notes.is_empty());
    assert_eq!(
        desk.said(),
        "Note kept on bea: the team sees it, the customer does not"
    );
    desk.pass(5_000).keys("z");
    assert_eq!(desk.said(), "Nothing takes back a note on bea");
}

#[test]
fn n1_drafts_of_notes_and_of_replies_never_meet() {
    let mut desk = Desk::with(&three());
    desk.keys("n").types("about her").keys("esc r");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "");
    desk.types("to her").keys("esc n");
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(
        (composer.kind, composer.text()),
        (Kind::Note, "about her".into())
    );
    let kept = |kind, text: &str| Effect::KeepDraft(kind, id("bea"), text.into());
    assert!(desk.orders.contains(&kept(Kind::Note, "about her")));
    assert!(desk.orders.contains(&kept(Kind::Reply, "to her")));

    let mut desk = Desk::with(&three());
    desk.tell(Msg::Drafts(vec![super::kept(
        Kind::Note,
        "bea",
        "about her",
        Where::Here,
    )]));
    desk.keys("r enter");
    assert!(desk.sent().is_empty(), "a note on disk is no reply");
}

#[test]
fn u8_a_note_goes_on_while_one_sees_it_and_freezes_when_not() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("n")
        .types("call")
        .row(changed(&rows[0], Some("ben")));
    assert!(desk.model.composer.as_ref().unwrap().frozen.is_none());
    desk.event(What::Gone(id("bea")));
    assert!(desk.model.composer.as_ref().unwrap().frozen.is_some());
    assert_eq!(desk.model.notes[&id("bea")], "call");
}

#[test]
fn n1_a_refused_note_keeps_its_text() {
    let mut desk = Desk::with(&three());
    desk.keys("n").types("call").keys("enter");
    desk.answer(Answer::Refused(Refused {
        why: Safe::literal("too long"),
        kind: No::Rule,
    }));
    assert_eq!(desk.said(), "Note not kept: too long · your text is");
    desk.types("!");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "call!");
}

#[test]
fn r21_a_note_whose_answer_was_lost_is_asked_for_again_under_the_same_id() {
    let mut desk = Desk::with(&three());
    desk.keys("n").types("call").keys("enter");
    let first = desk.act();
    desk.answer(Answer::Unknown(Safe::literal("reset")));
    desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
    assert_eq!(desk.acts(), [first.clone(), first]);
}

#[test]
fn n1_where_no_note_can_be_had_the_key_says_why_and_opens_nothing() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("enter")
        .allowed_but(&rows[0], &[(Action::Note, "this desk keeps none")]);
    desk.keys("n");
    assert!(desk.model.composer.is_none());
    assert_eq!(desk.said(), "bea: this desk keeps none");
}
