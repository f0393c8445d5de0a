//! Looking for conversations: the field, what it finds, and the way back.

use super::*;
use crate::{
    console::{command::TABLE, model::MOST_FOUND},
    desk::{Find, Found, Hit},
};

fn hit(row: Row) -> Hit {
    Hit {
        row,
        message: None,
        closed_at: None,
    }
}

fn closed(name: &str) -> Row {
    Row {
        state: State::Closed,
        ..row(name, None, 1)
    }
}

/// The newest question, and what was looked for.
fn asked(desk: &Desk) -> (Ticket, Find) {
    let newest = desk.orders.iter().rev().find_map(|order| match order {
        Effect::Find(ticket, find) => Some((*ticket, find.clone())),
        _ => None,
    });
    newest.expect("a search")
}

fn searches(desk: &Desk) -> usize {
    let is_search = |order: &&Effect| matches!(order, Effect::Find(..));
    desk.orders.iter().filter(is_search).count()
}

/// The keys rested.
fn rest(desk: &mut Desk) {
    let timer = desk.orders.iter().rev().find_map(|order| match order {
        Effect::After(_, Timer::Find(ticket)) => Some(*ticket),
        _ => None,
    });
    desk.tell(Msg::Timer(Timer::Find(timer.expect("a timer"))));
}

fn answer(desk: &mut Desk, rows: Vec<Row>, next: Option<&str>) {
    let found = Found {
        hits: rows.into_iter().map(hit).collect(),
        next: next.map(str::to_owned),
        partial: next.is_some(),
        as_of: 10,
    };
    let (ticket, _) = asked(desk);
    desk.tell(Msg::Found(ticket, Ok(Box::new(found))));
}

/// A search that found these, with the field closed.
fn found(rows: Vec<Row>) -> Desk {
    let mut desk = Desk::with(&three());
    desk.keys("j f").types("ida").keys("enter");
    answer(&mut desk, rows, None);
    desk
}

#[test]
fn f1_the_desk_looks_when_the_keys_rest_and_the_order_stays_as_found() {
    let mut desk = Desk::with(&three());
    desk.keys("j f");
    assert_eq!(desk.model.place(), Place::Find);
    desk.types("id").types("a");
    assert_eq!(searches(&desk), 0, "not for every key");
    rest(&mut desk);
    assert_eq!(asked(&desk).1.search.to_string(), "ida");
    answer(
        &mut desk,
        vec![row("zoe", None, 9), closed("ida"), row("abe", None, 1)],
        None,
    );
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["zoe", "ida", "abe"], "zoe")
    );
    desk.keys("enter");
    assert_eq!(desk.model.place(), Place::List);
    assert_eq!(searches(&desk), 1, "it was looked for already");
    desk.row(Row {
        since: Moment(2),
        version: 2,
        ..row("zoe", Some("ben"), 2)
    });
    assert_eq!(
        desk.names(),
        ["zoe", "ida", "abe"],
        "as found, whatever becomes of it"
    );
    desk.row(row("new", None, 0));
    assert_eq!(desk.names().len(), 3, "nothing comes by itself");
    desk.event(What::Gone(id("zoe")));
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["ida", "abe"], "ida"),
        "V8: what one may not see goes"
    );
}

#[test]
fn f1_a_closed_one_is_opened_again_from_the_search() {
    let mut desk = found(vec![closed("ida")]);
    desk.pass(2_000).allowed_but(&closed("ida"), &[]).keys(".");
    let reopen = desk
        .model
        .menu_items()
        .iter()
        .position(|item| item.label.contains("Reopen"));
    assert!(reopen.is_some(), "{:?}", desk.model.menu_items());
    let key = desk.model.menu_items()[reopen.unwrap()].key;
    desk.key(key);
    assert_eq!(
        (desk.act().deed, desk.act().conversation),
        (Deed::Reopen, id("ida"))
    );
    desk.answer(done(Row {
        version: 2,
        ..row("ida", None, 1)
    }));
    assert_eq!(desk.names(), ["ida"]);
    assert_eq!(
        desk.model.under_cursor().map(|row| row.state),
        Some(State::Open)
    );
}

#[test]
fn esc_goes_back_to_the_list_cursor_and_marks_included() {
    let mut desk = Desk::with(&three());
    desk.keys("space");
    assert_eq!((desk.cursor(), desk.model.marks.len()), ("carl", 1));
    desk.keys("f").types("ida").keys("enter");
    answer(&mut desk, vec![closed("ida")], None);
    assert_eq!((desk.cursor(), desk.model.marks.len()), ("ida", 0));
    assert_eq!(
        desk.model.open.as_ref().map(|open| open.row.id.clone()),
        Some(id("ida"))
    );
    desk.keys("esc");
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["bea", "carl", "dee"], "carl")
    );
    assert_eq!(desk.model.marks.len(), 1);
    assert_eq!(
        desk.model.open.as_ref().map(|open| open.row.id.clone()),
        Some(id("carl"))
    );
    let rows = [
        row("bea", Some("anna"), 1),
        row("eve", None, 1),
        row("carl", None, 2),
    ];
    desk.page(&rows);
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["bea", "eve", "carl"], "carl"),
        "what changed meanwhile"
    );
}

#[test]
fn the_way_back_is_the_same_from_the_field_and_by_another_view() {
    for keys in [
        "esc",
        "enter esc",
        "enter 3",
        "enter /",
        "enter Q",
        "enter q",
    ] {
        let mut desk = Desk::with(&three());
        desk.keys("f").types("ida");
        rest(&mut desk);
        answer(&mut desk, vec![closed("ida")], None);
        desk.keys(keys);
        assert!(desk.model.finding.is_none(), "{keys}");
        assert_eq!(desk.names(), ["bea", "carl", "dee"], "{keys}");
    }
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_typed_is_lost() {
    let mut desk = Desk::with(&three());
    desk.keys("f").types("ida");
    rest(&mut desk);
    answer(&mut desk, vec![closed("ida")], None);
    desk.types(" quue:x");
    let finding = |desk: &Desk| {
        desk.model
            .finding
            .as_ref()
            .map(|f| (f.typed.text.clone(), f.misread.clone()))
    };
    let (typed, misread) = finding(&desk).unwrap();
    assert_eq!(typed, "ida quue:x");
    assert!(misread.unwrap().as_str().contains("did you mean queue:?"));
    assert_eq!(desk.names(), ["ida"], "what was found stays");
    desk.keys("enter");
    assert_eq!(desk.model.place(), Place::Find, "one stays in the field");
    desk.keys("backspace backspace");
    desk.types(" ");
    desk.key(Key::Ctrl('u')).types("id");
    assert_eq!(finding(&desk).unwrap().1, None);
}

#[test]
fn f1_tab_takes_what_is_offered() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Queues(Ok(vec![
        queue("Payments", true),
        queue("Letters", true),
    ])));
    desk.keys("f");
    assert!(
        desk.orders.contains(&Effect::LoadPeople(None))
            && desk.orders.contains(&Effect::LoadStatuses)
    );
    desk.tell(Msg::People(
        None,
        Ok(vec![colleague("ben", Presence::SignedIn)]),
    ));
    desk.types("q").keys("tab").types("l").keys("tab");
    desk.types("by:b").keys("tab").types("chan").keys("tab tab");
    rest(&mut desk);
    assert_eq!(
        asked(&desk).1.search.to_string(),
        "queue:Letters by:ben channel:SMS"
    );
}

#[test]
fn days_are_those_of_whoever_looks() {
    let mut desk = Desk::with(&three());
    desk.keys("f")
        .types("from:1970-01-02 until:1970-01-02 x")
        .keys("enter");
    let (_, find) = asked(&desk);
    let day = 86_400_000_000;
    assert_eq!(
        (find.since, find.before),
        (Some(Moment(day)), Some(Moment(2 * day)))
    );
    assert_eq!(find.search.to_string(), "x");
}

#[test]
fn f1_more_is_fetched_as_the_cursor_nears_the_end_and_at_once_while_there_is_little() {
    let mut desk = Desk::with(&three());
    desk.keys("f").types("x").keys("enter");
    answer(&mut desk, vec![], Some("one"));
    assert_eq!(
        asked(&desk).1.cursor.as_deref(),
        Some("one"),
        "partial: it looks on by itself"
    );
    let rows = |from: i64, to: i64| {
        (from..to)
            .map(|n| row(&format!("c{n}"), None, n))
            .collect::<Vec<_>>()
    };
    answer(&mut desk, rows(0, 60), Some("two"));
    assert_eq!(
        (desk.cursor(), searches(&desk)),
        ("c0", 2),
        "there is enough ahead"
    );
    desk.keys(&"j ".repeat(12));
    assert_eq!(asked(&desk).1.cursor.as_deref(), Some("two"));
    let (ticket, _) = asked(&desk);
    desk.tell(Msg::Found(ticket, Err(Trouble::NotFound)));
    assert!(desk.model.list.trouble.is_some());
    desk.keys("j");
    answer(&mut desk, rows(60, 70), None);
    assert_eq!((desk.names().len(), desk.cursor()), (70, "c13"));
    desk.keys("G");
    assert_eq!(desk.cursor(), "c69");
}

#[test]
fn what_is_kept_of_a_search_is_bounded() {
    let mut desk = Desk::with(&three());
    desk.keys("f").types("x").keys("enter");
    let mut at = 0;
    while desk.model.finding.as_ref().is_some_and(|f| !f.too_many) {
        let rows = (at..at + 60)
            .map(|n| row(&format!("c{n}"), None, n))
            .collect();
        answer(&mut desk, rows, Some("more"));
        at += 60;
        desk.keys("G");
        assert!(at <= 2 * i64::try_from(MOST_FOUND).unwrap());
    }
    assert!(desk.names().len() <= MOST_FOUND);
    let before = searches(&desk);
    desk.keys("G j");
    assert_eq!(searches(&desk), before);
}

#[test]
fn an_answer_to_what_is_no_longer_looked_for_changes_nothing() {
    let mut desk = Desk::with(&three());
    desk.keys("f").types("x").keys("enter");
    let (old, _) = asked(&desk);
    desk.keys("f").types("y").keys("enter");
    let late = |rows: Vec<Row>| {
        Msg::Found(
            old,
            Ok(Box::new(Found {
                hits: rows.into_iter().map(hit).collect(),
                ..Found::default()
            })),
        )
    };
    desk.tell(late(vec![closed("ida")]));
    assert_eq!(desk.names(), [""; 0]);
    answer(&mut desk, vec![closed("joe")], None);
    desk.keys("esc");
    desk.tell(late(vec![closed("ida")]));
    assert_eq!(desk.names(), ["bea", "carl", "dee"]);
}

#[test]
fn what_happened_while_it_was_looked_for_is_not_lost() {
    let mut desk = Desk::with(&three());
    desk.keys("f").types("x").keys("enter");
    desk.event(What::Gone(id("zoe"))); // At 100: the answer is true at 10.
    answer(
        &mut desk,
        vec![row("zoe", None, 1), row("ida", None, 1)],
        None,
    );
    assert_eq!(desk.names(), ["ida"]);
}

#[test]
fn back_on_line_the_search_is_done_again_where_one_is() {
    let mut desk = found(vec![row("zoe", None, 1), closed("ida")]);
    desk.keys("j");
    desk.tell(Msg::News(News::Reset));
    assert_eq!(asked(&desk).1.search.to_string(), "ida");
    answer(
        &mut desk,
        vec![closed("new"), row("zoe", None, 1), closed("ida")],
        None,
    );
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["new", "zoe", "ida"], "ida")
    );
}

#[test]
fn counts_heard_meanwhile_are_those_of_the_list() {
    let mut desk = found(vec![closed("ida")]);
    let counts = Counts {
        mine: 7,
        unassigned: 8,
        all: 15,
    };
    desk.event(What::Counts {
        all_queues: counts,
        queues: vec![],
    });
    desk.keys("esc");
    assert_eq!(desk.model.list.counts, counts);
}

#[test]
fn f_is_a_key_of_the_one_table() {
    let keys: Vec<_> = TABLE
        .iter()
        .filter(|binding| binding.name == "find")
        .collect();
    assert_eq!((keys.len(), keys[0].place), (1, Place::Panes));
}
