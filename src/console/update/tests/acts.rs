//! Every act of the three dots: by its key or letter, its deed, its words, and what `z` does about it.

use super::*;

fn desk() -> Desk {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.tell(Msg::Queues(Ok(vec![
        queue("Payments", true),
        queue("Meters", true),
    ])));
    desk.tell(Msg::Timer(Timer::Rest(id("bea"))));
    desk.allowed_but(&rows[0], &[]);
    desk
}

/// One act: the keys that ask for it, its deed, the row that comes of it, what is said, and what `z` is for.
struct Told {
    keys: &'static str,
    deed: Deed,
    after: fn(&mut Row),
    said: &'static str,
    what: &'static str,
}

fn all() -> Vec<Told> {
    let told = |keys, deed, after, said, what| Told {
        keys,
        deed,
        after,
        said,
        what,
    };
    vec![
        told(
            "m M e t enter",
            Deed::Move("meters".parse().unwrap()),
            |row| {
                row.assignee = None;
                row.queue = queue("Meters", true).queue;
            },
            "Moved bea to Meters · nobody has it yet · z takes that back",
            "moving bea to Meters",
        ),
        told(
            "s p r o m enter",
            Deed::Status(Some("promise".into())),
            |row| row.status = Some(Safe::literal("promise")),
            "Set the status of bea to promise · z takes that back",
            "setting the status of bea to promise",
        ),
        told(
            "a b e n enter",
            Deed::Assign(user("ben").id),
            |row| row.assignee = Some(user("ben")),
            "Gave bea to ben · z takes that back",
            "giving bea to ben",
        ),
        told(
            ". b",
            Deed::Block { until: None },
            |_| {},
            "Blocked bea for good · z takes that back",
            "blocking bea for good",
        ),
        told(
            ". c",
            Deed::Close,
            |row| {
                row.state = State::Closed;
                row.assignee = None;
            },
            "Closed bea · z takes that back",
            "closing bea",
        ),
        told(
            ". i",
            Deed::Intervene,
            |_| {},
            "Ended the bot's part with bea · r answers · nothing takes that back",
            "ending the bot's part with bea",
        ),
        told(
            "U l u n c h enter",
            Deed::Unassign,
            |row| row.assignee = None,
            "Handed back bea to Payments · nobody has it yet · z gives it back to you",
            "handing back bea",
        ),
        told(
            "t",
            Deed::Take,
            |row| row.assignee = Some(user("anna")),
            "Took bea · z hands it back",
            "taking bea",
        ),
    ]
}

/// Presses the keys, with what the desk answers to pickers meanwhile.
fn press(desk: &mut Desk, keys: &str) {
    for key in keys.split(' ') {
        desk.keys(key);
        match desk.orders.last() {
            Some(Effect::LoadPeople(Some(of))) => {
                let of = of.clone();
                let people = vec![
                    colleague("cara", Presence::SignedIn),
                    colleague("ben", Presence::Away),
                ];
                desk.tell(Msg::People(Some(of), Ok(people)));
            }
            Some(Effect::LoadStatuses) => {
                let statuses = vec![Status {
                    name: Safe::literal("promise"),
                    word: "promise".into(),
                }];
                desk.tell(Msg::Statuses(Ok(statuses)));
            }
            _ => {}
        }
    }
    if desk.model.place() == Place::Question {
        desk.shown().keys("j j j j enter");
    }
}

#[test]
fn m1_every_act_has_its_deed_its_words_and_what_z_does_about_it() {
    for told in all() {
        let mut desk = ready(&told);
        press(&mut desk, told.keys);
        let act = desk.act();
        assert_eq!(act.deed, told.deed, "{}", told.keys);
        assert_eq!(act.conversation, id("bea"));
        assert!(act.expected.version.is_some(), "U5: what the screen showed");
        let mut row = changed(&three()[0], Some("anna"));
        row.version = 9;
        (told.after)(&mut row);
        desk.answer(done(row));
        assert_eq!(desk.said(), told.said);
        let last = desk.model.last_act.clone().unwrap();
        assert_eq!(last.what, told.what);
        desk.pass(5_000).keys("z");
        if told.deed == Deed::Intervene {
            assert_eq!(
                desk.said(),
                "Nothing takes back ending the bot's part with bea"
            );
        } else {
            assert_eq!(desk.undo().1, act.operation, "U6: {}", told.keys);
        }
    }
}

#[test]
fn r21_a_refusal_of_every_act_says_what_was_not_done() {
    let not = [
        "Not moved",
        "Status not set",
        "Not given",
        "Not blocked",
        "Not closed",
        "The bot's part goes on",
        "Not handed back",
    ];
    for (told, not) in all().into_iter().zip(not) {
        let mut desk = desk();
        press(&mut desk, told.keys);
        desk.answer(Answer::Refused(Refused {
            why: Safe::literal("a rule says so"),
            kind: No::Rule,
        }));
        assert_eq!(desk.said(), format!("{not}: bea, a rule says so"));
        assert!(desk.model.last_act.is_none());
    }
}

#[test]
fn r21_what_was_so_already_is_said_so() {
    let already = [
        "bea was in Meters already",
        "bea had the status promise already",
        "ben had bea already",
        "bea was on the blocklist already",
        "bea was closed already",
        "No bot was on bea any more",
        "bea was unassigned already",
    ];
    for (told, already) in all().into_iter().zip(already) {
        let mut desk = desk();
        press(&mut desk, told.keys);
        let mut row = three()[0].clone();
        (told.after)(&mut row);
        desk.answer(Answer::Already(Some(Box::new(row))));
        assert_eq!(desk.said(), already);
    }
}

/// A desk where it can be done.
fn ready(told: &Told) -> Desk {
    let mut desk = desk();
    if told.deed == Deed::Take {
        let free = changed(&three()[0], None);
        desk.row(free.clone()).pass(150).allowed_but(&free, &[]);
    }
    desk
}

#[test]
fn r21_of_every_act_it_is_said_that_somebody_was_faster_and_who() {
    for told in all() {
        for (row, said) in [
            (
                Some(changed(&three()[0], Some("ben"))),
                "ben has bea by now: nothing changed",
            ),
            (
                Some(Row {
                    version: 2,
                    ..three()[0].clone()
                }),
                "anna has bea by now: nothing changed",
            ),
            (None, "A colleague has bea by now: nothing changed"),
        ] {
            let mut desk = ready(&told);
            press(&mut desk, told.keys);
            desk.answer(Answer::Taken(row.map(Box::new)));
            assert_eq!(desk.said(), said, "{}", told.keys);
            assert!(desk.model.last_act.is_none() && desk.model.pending.is_empty());
        }
    }
}

#[test]
fn r21_of_every_act_an_unknown_answer_is_asked_for_again_as_it_was_until_it_is_known() {
    for told in all() {
        let mut desk = ready(&told);
        press(&mut desk, told.keys);
        let first = desk.act();
        let lost = || Answer::Unknown(Safe::literal("reset"));
        desk.answer(lost());
        let said = "bea: not known yet whether it was done, asking again · reset";
        assert_eq!(desk.said(), said, "{}", told.keys);
        let mut waits = Vec::new();
        for _ in 0..8 {
            waits.extend(desk.orders.iter().filter_map(|e| match e {
                Effect::After(wait, Timer::AskAgain(of)) if *of == first.operation => Some(*wait),
                _ => None,
            }));
            desk.orders.clear();
            desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
            assert_eq!(
                desk.acts(),
                std::slice::from_ref(&first),
                "R20: {}",
                told.keys
            );
            desk.tell(Msg::Answered(first.operation.clone(), lost()));
        }
        assert!(waits.is_sorted() && waits.last() == Some(&std::time::Duration::from_secs(15)));
        // The line breaks for good, and the desk is another process when it is back.
        desk.tell(super::lost("reset"));
        desk.orders.clear();
        desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
        assert!(desk.acts().is_empty(), "not while the line is down");
        desk.tell(Msg::News(News::Live));
        assert_eq!(desk.acts(), std::slice::from_ref(&first));
        let mut row = changed(&three()[0], Some("anna"));
        row.version = 9;
        (told.after)(&mut row);
        desk.tell(Msg::Answered(first.operation.clone(), done(row)));
        assert_eq!(desk.said(), told.said);
        assert_eq!(
            desk.model.last_act.as_ref().map(|act| &act.operation),
            Some(&first.operation)
        );
    }
}

#[test]
fn q8_a_move_whose_rule_found_somebody_says_who() {
    let mut desk = desk();
    press(&mut desk, "m M e t enter");
    let mut row = changed(&three()[0], Some("ben"));
    row.queue = queue("Meters", true).queue;
    desk.answer(done(row));
    assert_eq!(
        desk.said(),
        "Moved bea to Meters · ben has it now · z takes that back"
    );
}

#[test]
fn u1_what_is_moved_or_closed_stays_in_its_place_too_and_says_so() {
    for (keys, trace) in [("m M e t enter", "you moved it"), (". c", "you closed it")] {
        let mut desk = desk();
        desk.keys("1")
            .page(&[three()[0].clone(), three()[2].clone()]);
        press(&mut desk, keys);
        let mut row = changed(&three()[0], None);
        if keys == ". c" {
            row.state = State::Closed;
        } else {
            row.queue = queue("Meters", true).queue;
        }
        desk.answer(done(row.clone()));
        assert_eq!(desk.names(), ["bea", "dee"]);
        assert_eq!(desk.model.trace(&row), Some(trace));
        desk.keys("j");
        assert_eq!(desk.names(), ["dee"]);
    }
}

#[test]
fn u6_each_act_taken_back_says_what_is_so_again() {
    let again = [
        "Taken back: bea is in Payments again",
        "Taken back: bea has no status again",
        "Taken back: bea is with you again",
        "Taken back: bea is off the blocklist again",
        "Taken back: bea is open again",
    ];
    for (told, again) in all().into_iter().zip(again) {
        let mut desk = desk();
        press(&mut desk, told.keys);
        let mut row = changed(&three()[0], Some("anna"));
        (told.after)(&mut row);
        desk.answer(done(row)).pass(5_000).keys("z");
        let before = Row {
            version: 20,
            ..three()[0].clone()
        };
        let (operation, _) = desk.undo();
        desk.tell(Msg::ManyAnswered(
            operation,
            Ok(vec![(id("bea"), done(before))]),
        ));
        assert_eq!(desk.said(), again);
    }
}

#[test]
fn m1_what_does_not_apply_is_dim_and_its_key_says_the_reason_too() {
    let mut desk = desk();
    let row = three()[0].clone();
    desk.allowed_but(
        &row,
        &[
            (Action::Move, "only its assignee may"),
            (Action::Assign, "it is closed"),
        ],
    );
    for (keys, said) in [
        ("m", "bea: only its assignee may"),
        ("a", "bea: it is closed"),
        (". m", "Move to another queue: only its assignee may"),
    ] {
        desk.keys(keys);
        assert_eq!(desk.said(), said);
        assert!(desk.acts().is_empty());
    }
}

#[test]
fn s5_who_is_on_the_blocklist_is_taken_off_it() {
    let mut desk = desk();
    desk.allowed_but(
        &three()[0],
        &[(Action::Block, "the contact is on the blocklist")],
    );
    desk.keys(".");
    let labels: Vec<_> = desk.model.menu_items().iter().map(|i| i.label).collect();
    assert_eq!(labels[2], "Remove from blocklist");
    desk.keys("b");
    assert_eq!(desk.act().deed, Deed::Unblock);
    desk.answer(done(three()[0].clone())).pass(5_000).keys("z");
    assert_eq!(desk.said(), "Nothing takes back unblocking bea");
}

#[test]
fn m1_the_rows_stand_in_the_products_order() {
    let mut desk = desk();
    desk.allowed_but(&three()[0], &[(Action::Unblock, "not on it")]);
    let items = desk.model.menu_items();
    let letters: String = items.iter().map(|i| i.key.to_string()).collect();
    assert_eq!(letters, "msbcuUtainey");
}

#[test]
fn u9_a_reason_goes_with_the_act_and_an_empty_one_does_not() {
    let mut desk = desk();
    desk.keys("U enter");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.model.place(), Place::Reason);
    desk.types("at lunch").keys("enter");
    assert_eq!(desk.act().reason.as_deref(), Some("at lunch"));
    assert_eq!(desk.model.place(), Place::List);
}

#[test]
fn r8_what_is_copied_is_copied_on_the_key_alone_and_said() {
    let mut desk = desk();
    desk.keys("y enter");
    let copied = Effect::Copy {
        what: Safe::literal("the id of bea"),
        text: Safe::literal("bea"),
    };
    assert!(desk.orders.contains(&copied), "{:?}", desk.orders);
    desk.tell(Msg::Copied(Safe::literal("the id of bea"), Ok(())));
    assert_eq!(desk.said(), "Copied the id of bea");
    let why = Err(Safe::literal("this terminal cannot do that"));
    desk.tell(Msg::Copied(Safe::literal("the id of bea"), why));
    assert_eq!(
        desk.said(),
        "Not copied: the id of bea, this terminal cannot do that"
    );
}
