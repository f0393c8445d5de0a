//! What is typed is text, is kept, and is never sent twice.

use super::*;

#[test]
fn r22_the_composer_opens_in_the_frame_of_its_key_so_that_words_are_words() {
    let mut desk = Desk::with(&three());
    desk.keys("r");
    assert_eq!(desk.model.place(), Place::Composer);
    desk.types("uzq.t");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "uzq.t");
    assert!(
        desk.orders
            .contains(&Effect::KeepDraft(Kind::Reply, id("bea"), "uzq.t".into())),
        "R23: each keystroke is kept"
    );
}

#[test]
fn r7_a_burst_moves_and_does_not_act() {
    let mut desk = Desk::with(&three());
    for key in ['j', 'u'] {
        desk.tell(Msg::Input(Arrived {
            input: Input::Key(Key::Char(key)),
            burst: true,
        }));
    }
    assert_eq!(desk.cursor(), "carl");
    assert!(desk.acts().is_empty());
    assert_eq!(
        desk.said(),
        "Several keys came at once: did not do u, press it again"
    );
}

#[test]
fn r7_a_paste_goes_only_into_text_and_never_submits() {
    let mut desk = Desk::with(&three());
    let paste = || {
        Msg::Input(Arrived {
            input: Input::Paste("u\nz\r\nq".into()),
            burst: false,
        })
    };
    desk.tell(paste());
    assert!(desk.orders.is_empty(), "{:?}", desk.orders);
    assert!(desk.said().starts_with("A paste was dropped"));
    desk.keys("r").tell(paste());
    assert!(desk.sent().is_empty());
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "u\nz\nq");
}

#[test]
fn a1_a_refused_reply_keeps_its_draft_and_freezes() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j r").types("Mine?").keys("enter");
    let reply = desk.sent()[0].clone();
    assert_eq!(
        reply.expected_assignee,
        Some(None),
        "A1: believed to be nobody's"
    );
    desk.tell(Msg::Answered(reply.operation, Answer::Taken(None)));
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(composer.text(), "Mine?");
    assert!(composer.frozen.is_some());
    assert_eq!(desk.model.drafts[&id("carl")], "Mine?");
    desk.types("more").keys("enter");
    assert_eq!(desk.sent().len(), 1, "U8: every key but Esc is swallowed");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "Mine?");
    desk.keys("esc");
    assert!(desk.model.composer.is_none());
}

#[test]
fn a_reply_whose_answer_was_lost_is_asked_for_again_by_the_advisor_and_never_sent_twice() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Yes").keys("enter");
    let first = desk.sent()[0].clone();
    desk.tell(Msg::Answered(
        first.operation.clone(),
        Answer::Unknown(Safe::literal("reset")),
    ));
    assert_eq!(desk.sent().len(), 1, "never by itself");
    desk.keys("enter");
    assert_eq!(desk.sent()[1], first, "R20: the same operation id");
    desk.tell(Msg::Answered(
        first.operation.clone(),
        Answer::Unknown(Safe::literal("reset")),
    ));
    desk.types("!").keys("enter");
    assert_ne!(
        desk.sent()[2].operation,
        first.operation,
        "another text is another reply"
    );
}

#[test]
fn u8_handed_back_by_a_leader_it_stays_and_its_draft_too() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("r").types("I am");
    desk.row(changed(&rows[0], None));
    desk.event(What::Attention(Attention {
        conversation: id("bea"),
        kind: AttentionKind::HandedBack,
        cause: None,
        by: Some(user("gwen")),
        reason: Some(Safe::literal("lunch")),
        at: Moment(1),
    }));
    assert_eq!(desk.said(), "gwen handed back bea, which was yours: lunch");
    assert!(
        desk.model.composer.as_ref().unwrap().frozen.is_none(),
        "still hers to answer"
    );
    desk.event(What::Gone(id("bea")));
    let composer = desk.model.composer.as_ref().unwrap();
    assert!(
        composer
            .frozen
            .as_ref()
            .unwrap()
            .as_str()
            .starts_with("A colleague took it")
    );
    assert_eq!(desk.model.drafts[&id("bea")], "I am");
    desk.keys("esc");
    assert_eq!(desk.names(), ["carl", "dee"]);
}
