//! Why one cannot reply, a colleague's word in between, a reply that waits, phrases, transcripts.

use super::{doubt::asked_before, *};
use crate::{
    console::{
        draft::Order,
        export::NotExported,
        model::{Loaded, Part},
    },
    desk::{Form, History, Messages, Phrase},
    domain::message::{Direction, Message},
};

/// The text that is written, and where the caret is in it.
fn written(desk: &Desk) -> (String, usize) {
    let composer = desk.model.composer.as_ref().expect("a composer");
    (composer.text(), composer.caret())
}

fn message(n: u32, sender: Option<&str>, at: Moment) -> Message {
    Message {
        id: format!("bea-{n}").parse().unwrap(),
        direction: if sender.is_some() {
            Direction::Out
        } else {
            Direction::In
        },
        body: Safe::literal("words"),
        truncated: false,
        at,
        sender: sender.map(user),
        delivery: None,
        attachments: vec![],
    }
}

/// The desk answers the newest messages of Bea's, given oldest first.
fn messages(desk: &mut Desk, mut items: Vec<Message>) {
    items.reverse();
    let messages = Ok(Messages { items, next: None });
    let is_open = desk.model.open.as_ref();
    desk.tell(match is_open.is_some_and(|o| o.loaded == Loaded::Yes) {
        true => Msg::Messages(id("bea"), Part::Newest, messages),
        false => Msg::Opened {
            conversation: id("bea"),
            oldest: false,
            messages,
            history: Ok(History::default()),
        },
    });
}

fn phrase(keywords: &[&'static str], body: &'static str) -> Phrase {
    Phrase {
        keywords: keywords.iter().map(|word| Safe::literal(word)).collect(),
        body: Safe::literal(body),
        words: body.into(),
        organisation: Named {
            id: "head".parse().unwrap(),
            name: Safe::literal("Head office"),
        },
    }
}

fn phrases() -> Msg {
    Msg::Phrases(Ok(vec![
        phrase(&["thanks", "sorted"], "Thank you, that is sorted."),
        phrase(&["plan", "split"], "We can split it over several months."),
        phrase(&["éclair"], "Cake for everybody."),
    ]))
}

#[test]
fn s5_what_the_desk_said_is_said_before_one_types() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.allowed_but(
        &rows[0],
        &[(Action::Reply, "the contact is on the blocklist")],
    );
    desk.keys("r");
    assert!(desk.model.composer.is_none());
    assert_eq!(
        desk.said(),
        "bea cannot be answered: the contact is on the blocklist"
    );
}

#[test]
fn r22_s5_a_no_that_comes_later_freezes_what_was_typed_and_a_yes_lets_it_go_on() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("r");
    desk.types("Yes, y");
    desk.allowed_but(
        &rows[0],
        &[(Action::Reply, "the contact is on the blocklist")],
    );
    desk.types("ou").keys("enter");
    assert_eq!(written(&desk).0, "Yes, y", "only Esc is heard");
    assert!(desk.sent().is_empty());
    assert_eq!(
        desk.said(),
        "bea cannot be answered: the contact is on the blocklist · your text is kept"
    );
    assert_eq!(desk.model.drafts[&id("bea")], "Yes, y");
    // Somebody took her off the list: that is no change of the row, and is asked for.
    let now = Row {
        version: 2,
        ..rows[0].clone()
    };
    desk.orders.clear();
    desk.row(now.clone());
    assert!(desk.orders.contains(&Effect::LoadDetail(id("bea"))));
    desk.allowed_but(&now, &[]);
    assert_eq!(desk.said(), "bea can be answered again");
    desk.types("ou can").keys("enter");
    assert_eq!(desk.sent()[0].body, "Yes, you can");
}

#[test]
fn s4_a_bot_that_takes_over_and_a_close_freeze_what_was_typed_at_once() {
    for (handler, state, says) in [
        (
            Handler::Bot,
            State::Open,
            "A bot handles bea: intervene to answer",
        ),
        (
            Handler::Person,
            State::Closed,
            "bea is closed: reopen it to answer",
        ),
    ] {
        let rows = three();
        let mut desk = Desk::with(&rows);
        desk.keys("r").types("Yes");
        let now = Row {
            handler,
            state,
            version: 2,
            ..rows[0].clone()
        };
        desk.event(What::Row(Box::new(now)));
        let composer = desk.model.composer.as_ref().unwrap();
        assert_eq!(composer.is_still().map(Safe::as_str), Some(says));
        desk.keys("enter");
        assert!(desk.sent().is_empty());
        assert_eq!(written(&desk).0, "Yes");
    }
}

#[test]
fn s6_after_24_hours_one_hears_so_before_typing_and_while_typing() {
    let mut rows = three();
    let now = Desk::with(&rows).model.now;
    let until = now.after(std::time::Duration::from_secs(90 * 60));
    rows[0].reply_until = Some(until);
    let mut desk = Desk::with(&rows);
    desk.keys("r").types("Yes");
    let timer = |wait| {
        Effect::After(
            std::time::Duration::from_secs(wait),
            Timer::WindowEnds(id("bea")),
        )
    };
    assert!(desk.orders.contains(&timer(3600)), "{:?}", desk.orders);
    desk.orders.clear();
    desk.pass(3_600_000)
        .tell(Msg::Timer(Timer::WindowEnds(id("bea"))));
    assert!(
        desk.orders.contains(&timer(1800)),
        "not yet: {:?}",
        desk.orders
    );
    desk.pass(1_800_000)
        .tell(Msg::Timer(Timer::WindowEnds(id("bea"))));
    desk.types("!").keys("enter");
    assert_eq!((written(&desk).0.as_str(), desk.sent().len()), ("Yes", 0));
    let no = "More than 24 hours since bea wrote: SMS takes no free text until they write again";
    assert_eq!(desk.said(), format!("{no} · your text is kept"));
    desk.keys("esc r");
    assert!(desk.model.composer.is_none());
    assert_eq!(desk.said(), no);
    // She writes again: it can be gone on with.
    let later = Row {
        reply_until: Some(desk.model.now.after(std::time::Duration::from_secs(86_400))),
        version: 2,
        ..rows[0].clone()
    };
    desk.row(later).keys("r enter");
    assert_eq!(desk.sent()[0].body, "Yes");
}

#[test]
fn a_colleagues_word_in_between_says_who_and_when_and_enter_sends_anyway() {
    let mut desk = Desk::with(&three());
    let now = desk.model.now;
    let before = Moment(now.0 - 600_000_000);
    desk.keys("enter");
    messages(&mut desk, vec![message(1, None, before)]);
    desk.keys("r").types("Yes").keys("enter");
    let first = desk.sent()[0].clone();
    let refused = Refused {
        why: Safe::literal("crossed"),
        kind: No::Crossed,
    };
    desk.tell(Msg::Answered(
        first.operation.clone(),
        Answer::Refused(refused.clone()),
    ));
    let bens = Moment(now.0 - 20_000_000);
    messages(
        &mut desk,
        vec![message(1, None, before), message(2, Some("ben"), bens)],
    );
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(composer.crossed_by, Some((Safe::literal("ben"), bens)));
    assert!(
        desk.orders
            .iter()
            .any(|e| matches!(e, Effect::After(_, Timer::Ages(_)))),
        "it gets older"
    );
    // What comes after it was not read: the desk is to say so again.
    desk.keys("enter");
    let second = desk.sent()[1].clone();
    assert_eq!(second.seen, Some("bea-2".parse().unwrap()));
    assert_ne!(second.operation, first.operation, "another question");
    assert_eq!(second.body, "Yes");
}

#[test]
fn a_crossed_answer_to_a_reply_that_was_left_touches_no_other() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Yes").keys("enter");
    let first = desk.sent()[0].clone();
    desk.keys("esc esc j r");
    let refused = Refused {
        why: Safe::literal("crossed"),
        kind: No::Crossed,
    };
    desk.tell(Msg::Answered(first.operation, Answer::Refused(refused)));
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(
        (composer.row.id.as_str(), composer.crossed),
        ("carl", false)
    );
    assert_eq!(desk.model.drafts[&id("bea")], "Yes");
}

#[test]
fn r20_a_reply_left_while_its_answer_was_lost_is_asked_for_as_it_was() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Yes").keys("enter");
    let first = desk.sent()[0].clone();
    let order = desk
        .orders
        .iter()
        .position(|e| matches!(e, Effect::Draft(Order::Asking(_))))
        .expect("to disk");
    let send = desk
        .orders
        .iter()
        .position(|e| matches!(e, Effect::Send(_)))
        .expect("to the desk");
    assert!(order < send, "on disk before it is on its way");
    desk.keys("esc");
    desk.tell(Msg::Answered(
        first.operation.clone(),
        Answer::Unknown(Safe::literal("reset")),
    ));
    assert_eq!(desk.sent().len(), 1, "never by itself");
    desk.keys("r enter");
    assert_eq!(desk.sent()[1], first, "the same question");
    desk.tell(Msg::Answered(first.operation.clone(), Answer::Done(None)));
    assert!(desk.model.drafts.is_empty() && desk.model.composer.is_none());
}

#[test]
fn r20_r23_what_was_being_sent_when_the_program_died_is_asked_for_as_it_was() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Clock(Moment(1_000_000_000_000)));
    desk.tell(Msg::Drafts(vec![asked_before(Kind::Reply, 1)]));
    assert!(desk.sent().is_empty(), "never by itself");
    desk.keys("r enter");
    let sent = desk.sent().pop().unwrap();
    assert_eq!((sent.operation.as_str(), &sent.body[..]), ("old-1", "Yes"));
    assert_eq!(sent.expected_assignee, Some(None));
}

#[test]
fn a_reply_waits_and_is_taken_back_by_z_esc_and_by_typing_on() {
    for (key, text) in [
        ("z", "Yes"),
        ("esc", "Yes"),
        ("ctrl-c", "Yes"),
        ("!", "Yes!"),
        ("backspace", "Ye"),
    ] {
        let mut desk = Desk::with(&three());
        desk.model.send_delay = std::time::Duration::from_secs(5);
        desk.keys("r").types("Yes").keys("enter");
        assert_eq!(desk.model.place(), Place::Waiting);
        desk.keys("enter").pass(4_000).keys(key);
        assert_eq!(written(&desk).0, text, "{key}");
        assert!(desk.sent().is_empty());
        tick(&mut desk, 5_000);
        assert!(desk.sent().is_empty(), "{key}: taken back is taken back");
        desk.keys("enter");
        assert_eq!(desk.model.place(), Place::Waiting, "and can be sent again");
    }
}

/// Time passes, and every tick of it.
fn tick(desk: &mut Desk, millis: i64) {
    let ticks: Vec<_> = desk
        .orders
        .iter()
        .filter_map(|e| match e {
            Effect::After(_, Timer::Tick(ticket)) => Some(*ticket),
            _ => None,
        })
        .collect();
    desk.pass(millis);
    for ticket in ticks {
        desk.tell(Msg::Timer(Timer::Tick(ticket)));
    }
}

#[test]
fn a_reply_that_waited_goes_out_once() {
    let mut desk = Desk::with(&three());
    desk.model.send_delay = std::time::Duration::from_secs(5);
    desk.keys("r").types("Yes").keys("enter");
    for _ in 0..4 {
        tick(&mut desk, 1_000);
        assert!(desk.sent().is_empty());
    }
    tick(&mut desk, 1_000);
    assert_eq!(desk.sent()[0].body, "Yes");
    tick(&mut desk, 1_000);
    assert_eq!(desk.sent().len(), 1);
}

#[test]
fn a_reply_that_waits_is_not_sent_when_the_line_is_lost_or_the_program_left() {
    let lose: [(&str, Msg); 3] = [
        ("line", lost("reset")),
        ("shell", Msg::Suspending),
        (
            "gone",
            Msg::News(News::Event(Event {
                cursor: Some(9),
                what: What::Gone(id("bea")),
            })),
        ),
    ];
    for (what, lost) in lose {
        let mut desk = Desk::with(&three());
        desk.model.send_delay = std::time::Duration::from_secs(5);
        desk.keys("r").types("Yes").keys("enter").tell(lost);
        tick(&mut desk, 10_000);
        desk.tell(Msg::News(News::Live)).tell(Msg::Resumed);
        tick(&mut desk, 10_000);
        assert!(desk.sent().is_empty(), "{what}");
        assert_eq!(written(&desk).0, "Yes", "{what}");
        assert_eq!(desk.model.drafts[&id("bea")], "Yes", "{what}");
    }
}

#[test]
fn sp1_a_phrase_is_found_by_a_few_words_and_stands_where_the_caret_is() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Hello. ").keys("tab");
    assert!(desk.orders.contains(&Effect::LoadPhrases));
    desk.tell(phrases()).types("SPL mon");
    desk.keys("enter");
    let text = "Hello. We can split it over several months.";
    assert_eq!(written(&desk), (text.into(), text.len()));
    assert!(desk.sent().is_empty(), "never sent by itself");
    assert_eq!(
        desk.model.drafts[&id("bea")],
        text,
        "kept as what is typed is"
    );
    desk.types(" Yes?").keys("enter");
    assert_eq!(desk.sent()[0].body, format!("{text} Yes?"));
}

#[test]
fn sp1_esc_leaves_the_text_as_it_was_and_enter_on_nothing_does_nothing() {
    let mut desk = Desk::with(&three());
    desk.tell(phrases())
        .keys("r")
        .types("Hello plan")
        .keys("tab esc");
    assert_eq!(written(&desk).0, "Hello plan");
    desk.keys("tab").types(" zzz").keys("enter");
    assert_eq!(desk.model.place(), Place::Picker);
    desk.keys("esc");
    assert_eq!(written(&desk).0, "Hello plan");
}

#[test]
fn sp1_the_words_just_typed_find_it_and_give_it_their_place() {
    for (typed, then, after) in [
        (
            "Hello plan",
            "",
            "Hello We can split it over several months.",
        ),
        (
            "Hello pl sp",
            "",
            "Hello We can split it over several months.",
        ),
        ("ECLAIR", "", "Cake for everybody."),
        (
            "Hello months",
            "split",
            "Hello monthsWe can split it over several months.",
        ),
        ("line\nthanks", "", "line\nThank you, that is sorted."),
    ] {
        let mut desk = Desk::with(&three());
        desk.tell(phrases()).keys("r");
        for character in typed.chars() {
            desk.key(if character == '\n' {
                Key::Ctrl('j')
            } else {
                Key::Char(character)
            });
        }
        desk.keys("tab").types(then).keys("enter");
        assert_eq!(written(&desk).0, after, "{typed}");
        desk.keys("ctrl-z ctrl-z ctrl-z ctrl-z ctrl-z ctrl-z ctrl-z ctrl-z ctrl-z");
    }
}

#[test]
fn sp1_what_freezes_meanwhile_takes_no_phrase() {
    let mut desk = Desk::with(&three());
    desk.tell(phrases()).keys("r").types("Hi ").keys("tab");
    desk.event(What::Gone(id("bea")));
    desk.keys("enter");
    assert_eq!(written(&desk).0, "Hi ");
    assert!(desk.said().starts_with("The phrase was not put in"));
}

#[test]
fn the_usual_keys_of_a_shell_edit() {
    for (keys, text, caret) in [
        ("ctrl-w", "Hello dear ", 11),
        ("ctrl-w ctrl-w", "Hello ", 6),
        ("ctrl-a ctrl-k", "", 0),
        ("ctrl-left ctrl-u", "Bea", 0),
        ("ctrl-a ctrl-right del", "Hello ear Bea", 6),
        ("ctrl-w ctrl-y ctrl-y", "Hello dear BeaBea", 17),
        ("ctrl-w ctrl-z", "Hello dear Bea", 14),
        ("home ! end ?", "!Hello dear Bea?", 16),
    ] {
        let mut desk = Desk::with(&three());
        desk.keys("r").types("Hello dear Bea").keys(keys);
        assert_eq!(written(&desk), (text.to_owned(), caret), "{keys}");
        assert_eq!(
            desk.model.drafts.get(&id("bea")).map_or("", String::as_str),
            text,
            "{keys}"
        );
    }
}

#[test]
fn up_and_down_go_by_the_rows_that_are_shown() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types(&"word ".repeat(40));
    let end = written(&desk).1;
    desk.keys("up");
    let up = written(&desk).1;
    assert!(
        up < end && up > end - 80,
        "one row of the long line, not the line: {up} of {end}"
    );
    desk.keys("up up up up up up");
    assert!(written(&desk).1 < 80);
    desk.keys("down down down down down down");
    assert!(written(&desk).1 > up);
}

#[test]
fn t1_a_transcript_is_written_where_one_says_and_over_nothing_unasked() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.model.exports = "/home/anna".into();
    desk.allowed_but(&rows[0], &[]).keys(". e");
    assert_eq!(desk.model.place(), Place::Picker);
    desk.types("json").keys("enter");
    assert_eq!(desk.model.place(), Place::FileName);
    desk.keys("enter enter");
    let exports = |desk: &Desk| -> Vec<_> {
        let exports = desk.orders.iter().filter_map(|e| match e {
            Effect::Export(_, export) => Some(export.clone()),
            _ => None,
        });
        exports.collect()
    };
    let first = exports(&desk).remove(0);
    assert_eq!(exports(&desk).len(), 1, "once");
    assert_eq!(
        first.file.to_str(),
        Some("/home/anna/conversation-bea.json")
    );
    assert_eq!(
        (first.of.form, first.of.notes, first.overwrite),
        (Form::Json, false, false)
    );
    let name = Safe::literal("bea");
    desk.tell(Msg::Exported(name.clone(), first, Err(NotExported::Exists)));
    assert!(desk.said().contains("is there already"));
    desk.keys("x enter");
    let other = exports(&desk).remove(1);
    assert_eq!(
        (other.file.to_str(), other.overwrite),
        (Some("/home/anna/conversation-bea.jsonx"), false)
    );
    desk.tell(Msg::Exported(name.clone(), other, Err(NotExported::Exists)));
    desk.keys("enter");
    let over = exports(&desk).remove(2);
    assert!(over.overwrite, "that file, said twice");
    desk.tell(Msg::Exported(name, over, Ok(())));
    assert!(desk.model.layers.is_empty());
    assert_eq!(
        desk.said(),
        "The transcript of bea is in /home/anna/conversation-bea.jsonx, for you alone"
    );
}
