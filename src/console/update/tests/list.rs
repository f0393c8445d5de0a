//! The list: pages, changes, and where the cursor goes.

use super::*;

#[test]
fn the_list_does_not_move_under_an_open_menu_and_moves_after() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys(".").row(Row {
        since: Moment(9),
        version: 2,
        ..rows[0].clone()
    });
    desk.event(What::Gone(id("carl")));
    assert_eq!(desk.names(), ["bea", "carl", "dee"]);
    assert_eq!(desk.model.list.waiting.len(), 2);
    desk.keys("esc");
    assert_eq!((desk.names(), desk.cursor()), (vec!["dee", "bea"], "bea"));
}

#[test]
fn what_happened_while_a_page_was_under_way_is_not_lost() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("ctrl-r");
    desk.tell(Msg::News(News::Event(Event {
        cursor: Some(11),
        what: What::Gone(id("carl")),
    })));
    desk.page(&rows); // True at 10, so older than the event.
    assert_eq!(desk.names(), ["bea", "dee"]);
}

#[test]
fn r31_a_page_of_a_moment_before_or_after_does_not_stand_in_for_the_counts_that_were_told() {
    let counts = |all| Counts {
        all,
        ..Counts::default()
    };
    let page = |all| Page {
        counts: counts(all),
        as_of: 10,
        ..Page::default()
    };
    let told = |all| What::Counts {
        all_queues: counts(all),
        queues: vec![("letters".parse().unwrap(), counts(all - 1))],
    };
    let mut desk = Desk::with(&[]);
    let arrives = |desk: &mut Desk, all| {
        desk.tell(Msg::Listed(desk.list_ticket(), Ok(Box::new(page(all)))));
        desk.model.list.counts.all
    };
    desk.keys("ctrl-r");
    assert_eq!(arrives(&mut desk, 11), 11, "nothing else is known");
    desk.keys("ctrl-r").event(told(12));
    assert_eq!(arrives(&mut desk, 11), 12);
    // It is told of no more than what is other than that.
    desk.keys("ctrl-r");
    assert_eq!(arrives(&mut desk, 13), 12);
    desk.model.list.queue = Some("letters".parse().unwrap());
    desk.keys("ctrl-r");
    assert_eq!(arrives(&mut desk, 5), 11);
    desk.model.list.queue = Some("payments".parse().unwrap());
    desk.keys("ctrl-r");
    assert_eq!(arrives(&mut desk, 5), 5, "nothing was told of that one");
    // A stream that begins anew tells it anew.
    desk.model.list.queue = None;
    desk.tell(Msg::News(News::Reset));
    assert_eq!(arrives(&mut desk, 9), 9);
}

#[test]
fn r7_movement_counts_in_the_list_that_was_asked_for() {
    let rows: Vec<_> = (1..=9).map(|n| row(&format!("c{n}"), None, n)).collect();
    let moved = |keys: &str| {
        let mut desk = Desk::with(&three());
        desk.keys(keys);
        // Something happens before the list is here: the cursor has no row then.
        desk.tell(Msg::News(News::Event(Event {
            cursor: Some(11),
            what: What::Gone(id("c9")),
        })));
        desk.page(&rows);
        desk.cursor().to_owned()
    };
    assert_eq!(moved("2"), "c1");
    assert_eq!(moved("2 j j"), "c3");
    assert_eq!(moved("2 j j k"), "c2");
    assert_eq!(moved("2 k j"), "c2", "nothing is above the first");
    assert_eq!(
        moved("j 2 j"),
        "c2",
        "what was walked before is of another list"
    );
    assert_eq!(moved(&("2 ".to_owned() + &"j ".repeat(20))), "c8");
}

#[test]
fn r7_movement_beyond_what_is_held_counts_when_the_next_page_is_here() {
    let rows: Vec<_> = (10..90).map(|n| row(&format!("c{n}"), None, n)).collect();
    let page = |rows: &[Row], next: Option<&str>| Page {
        rows: rows.to_vec(),
        next: next.map(str::to_owned),
        as_of: 10,
        ..Page::default()
    };
    let moved = |keys: &str| {
        let mut desk = Desk::empty();
        desk.orders = start(&mut desk.model);
        let first = page(&rows[..40], Some("more"));
        desk.tell(Msg::Listed(desk.list_ticket(), Ok(Box::new(first))));
        desk.keys(keys);
        let rest = page(&rows[40..], None);
        desk.tell(Msg::Listed(desk.list_ticket(), Ok(Box::new(rest))));
        desk.model.cursor_index()
    };
    assert_eq!(moved(&"j ".repeat(60)), Some(60), "every key");
    assert_eq!(
        moved(&"j ".repeat(99)),
        Some(79),
        "as far as there is something"
    );
    let turned = "j ".repeat(60) + "k";
    assert_eq!(
        moved(&turned),
        Some(38),
        "who turns round moves from what they see"
    );
}

#[test]
fn an_answer_to_an_older_fetch_is_void() {
    let mut desk = Desk::with(&three());
    desk.keys("1");
    let old = desk.list_ticket();
    desk.keys("2");
    desk.tell(Msg::Listed(old, Err(Trouble::NotFound)));
    assert_eq!(desk.model.list.trouble, None);
    desk.page(&[row("carl", None, 2)]);
    assert_eq!(desk.names(), ["carl"]);
}

#[test]
fn holding_j_fetches_messages_only_where_it_rests() {
    let mut desk = Desk::with(&three());
    desk.keys("j j");
    assert!(!desk.orders.iter().any(|e| matches!(e, Effect::Open(..))));
    desk.tell(Msg::Timer(Timer::Rest(id("carl"))));
    assert!(
        !desk.orders.iter().any(|e| matches!(e, Effect::Open(..))),
        "it went on"
    );
    desk.tell(Msg::Timer(Timer::Rest(id("dee"))));
    assert!(desk.orders.contains(&Effect::Open(id("dee"), false)));
}

#[test]
fn an_account_the_desk_does_not_know_is_turned_away_with_the_desks_words() {
    let mut desk = Desk::empty();
    desk.tell(Msg::Me(Err(Trouble::NotSignedIn(Safe::literal(
        "no user has the unix_user awebb",
    )))));
    assert_eq!(
        desk.orders,
        [Effect::TurnAway(Safe::literal(
            "no user has the unix_user awebb"
        ))]
    );
}

#[test]
fn a_conversation_that_is_taken_closes_over_its_reader_with_a_notice() {
    let mut desk = Desk::with(&three());
    desk.keys("j l");
    assert_eq!(desk.model.pane, Pane::Conversation);
    desk.event(What::Gone(id("carl")));
    assert_eq!(desk.model.pane, Pane::List);
    assert_eq!(desk.said(), "carl left: a colleague has it");
}

#[test]
fn only_the_desk_knows_what_a_filter_finds() {
    let mut desk = Desk::with(&three());
    desk.keys("/").types("be");
    let query = desk.orders.iter().rev().find_map(|e| match e {
        Effect::LoadList(_, query) => Some(query.filter.clone()),
        _ => None,
    });
    assert_eq!(query.as_deref(), Some("be"));
    desk.page(&three()[..1]).keys("enter");
    desk.row(row("zoe", None, 0));
    assert_eq!(desk.names(), ["bea"]);
    assert!(
        desk.orders
            .iter()
            .any(|e| matches!(e, Effect::After(_, Timer::Refetch(_))))
    );
    desk.keys("esc").page(&three());
    assert_eq!(desk.names().len(), 3);
}
