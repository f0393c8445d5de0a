//! What others and the rules did, what comes straight back, and what happened while one was away.

use super::*;
use crate::{
    desk::{ActsQuery, Became, Done, Fate, Lost, Whose},
    domain::{message::Direction, row::LastMessage},
};

#[test]
fn u9_who_did_what_with_ones_conversations_is_said_with_its_cause() {
    use AttentionKind::{Assigned, GivenBack, HandedBack, TakenAway};
    let rows = three();
    let mine = |row: &Row| changed(row, Some("anna"));
    let bens = |row: &Row| changed(row, Some("ben"));
    let none = |row: &Row| changed(row, None);
    type Then = fn(&Row) -> Row;
    let cases: [(&str, AttentionKind, Cause, Then, &str); 10] = [
        (
            "carl",
            Assigned,
            Cause::Assign,
            mine,
            "gwen gave carl to you: lunch",
        ),
        (
            "carl",
            Assigned,
            Cause::RoundRobin,
            mine,
            "Payments gave you carl: it was your turn",
        ),
        (
            "carl",
            Assigned,
            Cause::LeastBusy,
            mine,
            "Payments gave you carl: you had the fewest",
        ),
        (
            "carl",
            Assigned,
            Cause::Login,
            mine,
            "Payments gave you carl: you signed in",
        ),
        (
            "bea",
            TakenAway,
            Cause::Assign,
            bens,
            "gwen gave bea, which was yours, to ben: lunch",
        ),
        (
            "bea",
            TakenAway,
            Cause::Close,
            none,
            "gwen closed bea, which was yours: lunch",
        ),
        (
            "bea",
            TakenAway,
            Cause::Move,
            none,
            "gwen moved bea, which was yours, to Payments: lunch",
        ),
        (
            "bea",
            TakenAway,
            Cause::LostAccess,
            none,
            "bea was handed back: you have no access to Payments any more",
        ),
        (
            "bea",
            HandedBack,
            Cause::Unassign,
            none,
            "gwen handed back bea, which was yours: lunch",
        ),
        (
            "carl",
            GivenBack,
            Cause::Undo,
            mine,
            "gwen gave carl back to you: lunch",
        ),
    ];
    for (name, kind, cause, then, said) in cases {
        let row = rows.iter().find(|r| r.id == id(name)).unwrap();
        for attention_first in [true, false] {
            let mut desk = Desk::with(&rows);
            if attention_first {
                desk.attend(name, kind, cause, Some("lunch")).row(then(row));
            } else {
                desk.row(then(row)).attend(name, kind, cause, Some("lunch"));
            }
            assert_eq!(desk.said(), said);
        }
    }
}

#[test]
fn what_one_could_not_see_before_is_called_by_its_name() {
    let mut desk = Desk::with(&three());
    desk.attend("zoe", AttentionKind::Assigned, Cause::RoundRobin, None);
    assert_eq!(desk.said(), "", "the row comes in the same breath");
    desk.row(row("zoe", Some("anna"), 9));
    assert_eq!(desk.said(), "Payments gave you zoe: it was your turn");

    let mut desk = Desk::with(&three());
    desk.attend("zoe", AttentionKind::Assigned, Cause::Assign, None);
    desk.tell(Msg::Timer(Timer::Attend));
    assert_eq!(
        desk.said(),
        "gwen gave a conversation to you",
        "or it does not"
    );
}

#[test]
fn u9_what_comes_at_once_is_told_at_once_in_one_notice() {
    let mut desk = Desk::with(&three());
    let names = ["ida", "jo", "kit", "lea", "mo", "nat"];
    let mut expected = vec![
        "Payments gave you ida: you signed in",
        "ida and jo from Payments are yours now: you signed in",
    ];
    for (nth, name) in names.iter().enumerate() {
        desk.attend(name, AttentionKind::Assigned, Cause::Login, None);
        desk.row(row(name, Some("anna"), 9));
        desk.pass(300);
        if nth < 2 {
            assert_eq!(desk.said(), expected.remove(0));
        }
    }
    assert_eq!(
        desk.said(),
        "6 conversations from Payments are yours now: you signed in"
    );
    assert_eq!(desk.model.notices.len(), 1, "{:?}", desk.model.notices);

    // Something else, or the same much later, is another piece of news.
    desk.attend(
        "bea",
        AttentionKind::HandedBack,
        Cause::Unassign,
        Some("lunch"),
    );
    desk.row(changed(&three()[0], None));
    assert_eq!(desk.said(), "gwen handed back bea, which was yours: lunch");
    desk.attend("zoe", AttentionKind::Assigned, Cause::Login, None);
    desk.row(row("zoe", Some("anna"), 9));
    assert_eq!(desk.said(), "Payments gave you zoe: you signed in");
    assert_eq!(desk.model.notices.len(), 3);
}

#[test]
fn u9_many_taken_from_one_at_once_are_told_in_one_notice() {
    let held: Vec<Row> = ["ida", "jo", "kit"]
        .iter()
        .map(|name| row(name, Some("anna"), 9))
        .collect();
    for (kind, cause, said) in [
        (
            AttentionKind::HandedBack,
            Cause::Unassign,
            "gwen handed back 3 conversations, which were yours: lunch",
        ),
        (
            AttentionKind::TakenAway,
            Cause::LostAccess,
            "3 conversations were handed back: you have no access to Payments any more",
        ),
        (
            AttentionKind::TakenAway,
            Cause::Logout,
            "3 conversations were handed back: you counted as signed out",
        ),
        (
            AttentionKind::TakenAway,
            Cause::Close,
            "gwen closed 3 conversations, which were yours: lunch",
        ),
    ] {
        let mut desk = Desk::with(&held);
        for (name, row) in std::iter::zip(["ida", "jo", "kit"], &held) {
            desk.attend(name, kind, cause, Some("lunch"));
            desk.row(changed(row, None));
        }
        let notices = desk.model.notices.iter();
        let told: Vec<&str> = notices
            .map(|n| n.text.as_str())
            .filter(|t| !t.contains(" left: "))
            .collect();
        assert_eq!(told, [said]);
    }
}

/// Anna hands back Bea Jones, and so long later it is hers again.
fn handed_back_and(after: i64) -> Desk {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u").answer(done(changed(&rows[0], None)));
    desk.pass(after);
    desk.attend("bea", AttentionKind::Assigned, Cause::LeastBusy, None);
    desk.row(Row {
        version: 5,
        ..rows[0].clone()
    });
    desk
}

#[test]
fn what_comes_straight_back_says_by_what() {
    assert_eq!(
        handed_back_and(40_000).said(),
        "Back 40 s after you handed it back: Payments gave you bea: you had the fewest"
    );
    assert_eq!(
        handed_back_and(90_000).said(),
        "Back 1 min after you handed it back: Payments gave you bea: you had the fewest"
    );
    assert_eq!(
        handed_back_and(121_000).said(),
        "Payments gave you bea: you had the fewest",
        "after two minutes it is another matter"
    );
}

#[test]
fn what_one_took_back_oneself_does_not_come_back_by_itself() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u").answer(done(changed(&rows[0], None)));
    desk.pass(5_000).keys("z");
    let (operation, _) = desk.undo();
    let mine = Row {
        version: 5,
        ..rows[0].clone()
    };
    desk.tell(Msg::ManyAnswered(
        operation,
        Ok(vec![(id("bea"), done(mine))]),
    ));
    desk.attend("bea", AttentionKind::Assigned, Cause::Assign, None);
    assert_eq!(desk.said(), "gwen gave bea to you");
}

/// Anna, as a leader, hands back what Ben and Dave have, one after the other.
fn a_leader_hands_back(names: &[&str]) -> Desk {
    let rows: Vec<_> = names.iter().map(|name| row(name, Some("ben"), 1)).collect();
    let mut desk = Desk::with(&rows);
    for row in &rows {
        desk.keys("u").answer(done(changed(row, None)));
        desk.pass(2_000).keys("j");
    }
    desk
}

fn again(name: &str, holder: &str) -> Row {
    Row {
        version: 5,
        ..row(name, Some(holder), 1)
    }
}

fn asked_through_what(desk: &Desk) -> Vec<(Ticket, ActsQuery)> {
    let asked = desk.orders.iter().filter_map(|order| match order {
        Effect::LoadActs(ticket, query) => Some((*ticket, query.clone())),
        _ => None,
    });
    asked.collect()
}

fn gather(desk: &mut Desk) {
    let timer = desk.orders.iter().find_map(|order| match order {
        Effect::After(_, timer @ Timer::Bounced(_)) => Some(timer.clone()),
        _ => None,
    });
    desk.tell(Msg::Timer(timer.expect("it gathers")));
}

#[test]
fn what_goes_straight_back_to_whom_it_was_handed_back_from_says_by_what() {
    let mut desk = a_leader_hands_back(&["ida", "jo", "kit"]);
    desk.pass(20_000);
    desk.row(again("ida", "ben")).row(again("jo", "ben"));
    desk.row(again("kit", "dave"));
    assert!(asked_through_what(&desk).is_empty(), "they gather");
    gather(&mut desk);
    let asked = asked_through_what(&desk);
    assert_eq!(asked.len(), 1, "once for all");
    assert_eq!(asked[0].1.whose, Whose::By(user("anna").id));
    let fate = |name| Fate {
        row: again(name, "ben"),
        became: Became::CameBack,
        to: Some(user("ben")),
        at: None,
        cause: Some(Cause::Login),
    };
    let acts = vec![Done {
        fates: vec![fate("ida"), fate("jo")],
        ..act("anna", Action::Unassign, 2, None)
    }];
    desk.tell(Msg::Acts(asked[0].0, Ok(acts)));
    assert_eq!(
        desk.said(),
        "2 conversations are back with ben 26 s after you handed them back: \
         the queue gives what is unassigned to whoever signs in"
    );
    desk.orders.clear();
    desk.row(Row {
        version: 6,
        ..again("ida", "ben")
    });
    assert!(desk.model.bounces.is_none(), "told once");
}

#[test]
fn what_comes_back_without_a_reason_is_told_without_it() {
    let mut desk = a_leader_hands_back(&["ida"]);
    desk.row(again("ida", "ben"));
    gather(&mut desk);
    let ticket = asked_through_what(&desk)[0].0;
    let broken = Trouble::Unreachable(Safe::literal("no line"));
    desk.tell(Msg::Acts(ticket, Err(broken)));
    assert_eq!(
        desk.said(),
        "ida is back with ben 2 s after you handed it back"
    );
}

#[test]
fn what_goes_to_somebody_else_or_later_or_by_ones_own_hand_did_not_bounce() {
    let mut desk = a_leader_hands_back(&["ida"]);
    desk.row(again("ida", "dave"));
    assert!(desk.model.bounces.is_none(), "to somebody else");

    let mut desk = a_leader_hands_back(&["ida"]);
    desk.pass(121_000).row(again("ida", "ben"));
    assert!(desk.model.bounces.is_none(), "after two minutes");

    let mut desk = a_leader_hands_back(&["ida"]);
    desk.pass(2_000).keys("z");
    let (operation, _) = desk.undo();
    let back = again("ida", "ben");
    desk.tell(Msg::ManyAnswered(
        operation,
        Ok(vec![(id("ida"), done(back.clone()))]),
    ));
    desk.row(Row { version: 6, ..back });
    assert!(desk.model.bounces.is_none(), "taken back oneself");
}

fn me(left_at: Option<Moment>, lost: Option<Lost>) -> Msg {
    let mut desk = Desk::with(&[]);
    let me = desk.model.me.take().unwrap();
    Msg::Me(Ok(Box::new(Me {
        left_at,
        lost,
        ..me
    })))
}

fn act(by: &str, action: Action, count: u64, reason: Option<&'static str>) -> Done {
    Done {
        operation: "op".parse().unwrap(),
        at: Moment(900_000_001),
        action,
        by: Some(user(by)),
        cause: None,
        of: vec![user("anna")],
        reason: reason.map(Safe::literal),
        line_lost: false,
        undone: false,
        count,
        fates: vec![],
    }
}

#[test]
fn u9_what_was_done_while_one_was_away_is_told_in_one_notice() {
    let mut desk = Desk::with(&three());
    desk.tell(me(Some(Moment(900_000_000)), None));
    let (ticket, query) = desk
        .orders
        .iter()
        .find_map(|e| match e {
            Effect::LoadActs(ticket, query) => Some((*ticket, query.clone())),
            _ => None,
        })
        .unwrap();
    let since = Moment(900_000_000);
    let whose = Whose::Of(user("anna").id);
    assert_eq!(query, ActsQuery { whose, since });
    let undone = Done {
        undone: true,
        ..act("gwen", Action::Unassign, 7, None)
    };
    let by_the_desk = Done {
        by: None,
        cause: Some(Cause::LostAccess),
        ..act("gwen", Action::Unassign, 2, None)
    };
    let mut several = act("dave", Action::Close, 9, None);
    several.of.push(user("ben"));
    desk.tell(Msg::Acts(
        ticket,
        Ok(vec![
            act("gwen", Action::Unassign, 2, Some("sharing before lunch")),
            undone,
            act("gwen", Action::Unassign, 1, Some("sharing before lunch")),
            act("cara", Action::Move, 1, None),
            act("anna", Action::Unassign, 3, None),
            by_the_desk,
            several,
        ]),
    ));
    desk.tell(Msg::Mine(ticket, Ok(Box::new(page(vec![])))));
    assert_eq!(
        desk.said(),
        "While you were away: gwen handed back 3 of yours: sharing before lunch; cara moved 1 of yours; 2 of yours were handed back: your access to their queue ended; and 1 more"
    );
    desk.orders.clear();
    desk.tell(me(Some(Moment(900_000_000)), None));
    assert!(
        !desk
            .orders
            .iter()
            .any(|e| matches!(e, Effect::LoadActs(..))),
        "told once"
    );
}

fn page(rows: Vec<Row>) -> Page {
    Page {
        rows,
        next: None,
        prev: None,
        as_of: 20,
        counts: Counts::default(),
    }
}

/// One of ours, where the last word is this.
fn last_word(name: &str, direction: Direction, at: i64) -> Row {
    Row {
        last_message: Some(LastMessage {
            direction,
            preview: Safe::literal("Yes"),
            at: Moment(at),
            delivery: None,
        }),
        ..row(name, Some("anna"), 1)
    }
}

/// The line was lost for four minutes, and half a minute more before it was noticed; what it was asked then.
fn back_on_line() -> (Desk, Ticket, Moment) {
    let mut desk = Desk::with(&three());
    let silence = std::time::Duration::from_secs(30);
    let why = Safe::literal("nothing was heard for too long");
    desk.tell(Msg::News(News::Lost { why, silence }));
    assert_eq!(
        desk.said(),
        "Offline since 00:16 · nothing was heard for too long · what is shown is as of then · drafts are kept"
    );
    let since = Moment(970_000_000);
    assert!(matches!(&desk.model.link, Link::Lost { since: at, .. } if *at == since));
    desk.pass(240_000).tell(Msg::News(News::Live));
    assert_eq!(desk.said(), "Back on line; it was down since 00:16");
    let (ticket, query) = asked_through_what(&desk).pop().unwrap();
    let whose = Whose::Of(user("anna").id);
    assert_eq!(query, ActsQuery { whose, since });
    assert!(desk.orders.contains(&Effect::LoadMine(ticket)));
    (desk, ticket, since)
}

#[test]
fn r17_back_on_line_what_happened_meanwhile_is_told_in_one_notice() {
    let (mut desk, ticket, since) = back_on_line();
    // The stream goes on where it broke off: what it says again is told with the rest.
    desk.attend(
        "bea",
        AttentionKind::HandedBack,
        Cause::Unassign,
        Some("lunch"),
    );
    desk.row(changed(&three()[0], None));
    let notices = desk.model.notices.len();
    let handed_back = Done {
        at: Moment(since.0 + 1),
        ..act("gwen", Action::Unassign, 1, Some("lunch"))
    };
    let before = Done {
        at: Moment(since.0 - 1),
        ..act("gwen", Action::Close, 1, None)
    };
    desk.tell(Msg::Acts(ticket, Ok(vec![handed_back, before])));
    assert_eq!(desk.model.notices.len(), notices, "not by halves");
    let rows = vec![
        last_word("ida", Direction::In, since.0 + 5),
        last_word("jo", Direction::In, since.0 + 6),
        last_word("kit", Direction::In, since.0),
        last_word("lea", Direction::In, since.0 - 1),
        last_word("mo", Direction::Out, since.0 + 7),
    ];
    desk.tell(Msg::Mine(ticket, Ok(Box::new(page(rows)))));
    assert_eq!(
        desk.said(),
        "While you were away: 3 replies; gwen handed back 1 of yours: lunch"
    );
    let all = desk.model.notices.iter();
    let about_bea = all.filter(|n| n.text.as_str().contains("handed back bea"));
    assert_eq!(about_bea.count(), 0, "and not a second time");
}

#[test]
fn r17_where_nothing_happened_nothing_is_told_and_what_cannot_be_asked_is_told_as_it_came() {
    let (mut desk, ticket, _) = back_on_line();
    desk.tell(Msg::Acts(ticket, Ok(vec![])));
    desk.tell(Msg::Mine(ticket, Ok(Box::new(page(vec![])))));
    assert_eq!(desk.said(), "Back on line; it was down since 00:16");

    let (mut desk, ticket, _) = back_on_line();
    desk.attend(
        "bea",
        AttentionKind::HandedBack,
        Cause::Unassign,
        Some("lunch"),
    );
    let broken = || Trouble::Unreachable(Safe::literal("reset"));
    desk.tell(Msg::Mine(ticket, Err(broken())));
    desk.tell(Msg::Acts(ticket, Err(broken())));
    assert_eq!(desk.said(), "gwen handed back bea, which was yours: lunch");
}

#[test]
fn r17_a_line_that_breaks_again_before_it_could_be_asked_loses_nothing() {
    let (mut desk, _, since) = back_on_line();
    desk.tell(lost("reset"))
        .pass(60_000)
        .tell(Msg::News(News::Live));
    let (ticket, query) = asked_through_what(&desk).pop().unwrap();
    assert_eq!(query.since, since, "since it broke first");
    desk.tell(Msg::Acts(ticket, Ok(vec![])));
    let rows = vec![last_word("ida", Direction::In, since.0 + 5)];
    desk.tell(Msg::Mine(ticket, Ok(Box::new(page(rows)))));
    assert_eq!(desk.said(), "While you were away: 1 reply");
}

#[test]
fn r17_a_new_reason_for_the_same_loss_is_no_new_loss() {
    let mut desk = Desk::with(&three());
    desk.tell(lost("reset")).pass(60_000);
    let notices = desk.model.notices.len();
    desk.tell(lost("the account is suspended"));
    assert_eq!(desk.model.notices.len(), notices);
    let expected = Link::Lost {
        since: Moment(1_000_000_000),
        why: Safe::literal("the account is suspended"),
    };
    assert_eq!(desk.model.link, expected);
}

#[test]
fn q9_what_a_lost_line_handed_back_is_what_z_takes_back() {
    let lost = Lost {
        operation: "lost-1".parse().unwrap(),
        count: 5,
        at: Moment(120_000_000),
        until: Moment(9_000_000_000),
    };
    let mut desk = Desk::with(&three());
    desk.tell(me(None, Some(lost.clone())));
    assert_eq!(
        desk.said(),
        "Your line dropped at 00:02 and 5 conversations were handed back; z takes back what is still free"
    );
    desk.keys("z");
    let (operation, act) = desk.undo();
    assert_eq!(act, lost.operation);
    let bens = changed(&three()[2], Some("ben"));
    let taken = Answer::Taken(Some(Box::new(bens)));
    desk.tell(Msg::ManyAnswered(
        operation,
        Ok(vec![
            (id("bea"), done(three()[0].clone())),
            (id("dee"), taken),
        ]),
    ));
    assert_eq!(
        desk.said(),
        "Not taken back: 1 of 2, what your lost line handed back at 00:02 · ben has dee by now: nothing changed"
    );

    let mut desk = Desk::with(&three());
    desk.tell(me(None, Some(lost.clone())));
    desk.keys("u").answer(done(changed(&three()[0], None)));
    desk.tell(me(None, Some(lost.clone())));
    desk.pass(5_000).keys("z");
    assert_ne!(
        desk.undo().1,
        lost.operation,
        "something else was done since"
    );
}

#[test]
fn q9_after_a_lost_line_the_desk_is_asked_what_it_did() {
    let mut desk = Desk::with(&three());
    desk.tell(lost("reset"));
    desk.tell(Msg::News(News::Live));
    assert!(desk.orders.contains(&Effect::LoadMe));
}
