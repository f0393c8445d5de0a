//! Reading: scrolling without a jump, the window of messages, what the team did among them, and what is unread.

use super::*;
use crate::{
    console::{
        model::{Entry, Key as Which, Loaded, Pane, Part, Tone},
        view::messages::{Reader, lowest},
    },
    desk::{History, Known, Messages, Whole},
    domain::message::{Delivery, Direction, Failure, HistoryItem, Message},
};

const MINUTE: i64 = 60_000_000;

/// Message number `n`, written in the `n`th minute.
fn message(n: i64) -> Message {
    let ours = n % 3 == 0;
    Message {
        id: format!("m{n}").parse().unwrap(),
        direction: if ours { Direction::Out } else { Direction::In },
        body: Safe::line(&format!(
            "message {n} {}",
            "and more ".repeat(n as usize % 30)
        )),
        truncated: false,
        at: Moment(n * MINUTE),
        sender: ours.then(|| user("ben")),
        delivery: ours.then_some(Delivery::Delivered),
        attachments: vec![],
    }
}

/// What the team did half a minute after message `n`.
fn done(n: i64, kind: &str) -> HistoryItem {
    HistoryItem {
        id: Safe::line(&n.to_string()),
        at: Moment(n * MINUTE + MINUTE / 2),
        kind: Safe::line(kind),
        by: Some(user("gwen")),
        from: None,
        to: (kind == "status").then(|| Safe::line(&format!("status {n}"))),
        cause: None,
        reason: None,
        body: (kind == "note").then(|| Safe::line(&format!("note {n}"))),
    }
}

/// A page of things numbered 0 to `all`, as a desk gives it.
fn page(all: i64, part: &Part, number: impl Fn(&str) -> i64) -> (Vec<i64>, Option<i64>) {
    let (from, to) = match part {
        Part::Newest => ((all - 50).max(0), all),
        Part::Before(key) => ((number(key) - 50).max(0), number(key)),
        Part::After(key) => (number(key) + 1, (number(key) + 51).min(all)),
    };
    let next = match part {
        Part::After(_) => (to < all).then_some(to - 1),
        _ => (from > 0).then_some(from),
    };
    ((from..to).rev().collect(), next)
}

fn messages(all: i64, part: &Part) -> Messages {
    let (items, next) = page(all, part, |key| key[1..].parse().unwrap());
    Messages {
        items: items.into_iter().map(message).collect(),
        next: next.map(|n| format!("m{n}")),
    }
}

/// The team did something after every tenth message.
fn history(all: i64, part: &Part) -> History {
    let (items, next) = page(all / 10, part, |key| key.parse::<i64>().unwrap() / 10);
    History {
        items: items.into_iter().map(|n| done(n * 10, "status")).collect(),
        next: next.map(|n| (n * 10).to_string()),
    }
}

/// Carries out what was ordered of a conversation of so many messages.
fn fetch(desk: &mut Desk, all: i64) -> usize {
    let mut count = 0;
    loop {
        let orders = std::mem::take(&mut desk.orders);
        let mut facts = Vec::new();
        for order in orders {
            match order {
                Effect::Open(id, oldest) => {
                    let part = match oldest {
                        true => Part::After("m-1".into()),
                        false => Part::Newest,
                    };
                    let done = match oldest {
                        true => Part::After("-10".into()),
                        false => Part::Newest,
                    };
                    facts.push(Msg::Opened {
                        conversation: id,
                        oldest,
                        messages: Ok(messages(all, &part)),
                        history: Ok(history(all, &done)),
                    });
                }
                Effect::LoadMessages(id, part) => {
                    let page = messages(all, &part);
                    facts.push(Msg::Messages(id, part, Ok(page)));
                }
                Effect::LoadHistory(id, part) => {
                    let page = history(all, &part);
                    facts.push(Msg::History(id, part, Ok(page)));
                }
                _ => {}
            }
        }
        if facts.is_empty() {
            return count;
        }
        count += facts.len();
        for fact in facts {
            desk.tell(fact);
        }
    }
}

/// Anna reads a conversation of so many messages.
fn reading(all: i64) -> Desk {
    let mut desk = Desk::with(&[row("bea", Some("anna"), 1), row("carl", None, 2)]);
    desk.tell(Msg::Clock(Moment(all * MINUTE)));
    desk.orders.push(Effect::Open(id("bea"), false));
    fetch(&mut desk, all);
    desk.keys("Enter");
    assert_eq!(desk.model.pane, Pane::Conversation);
    desk
}

/// The screen, line by line.
fn screen(desk: &Desk) -> Vec<String> {
    use ratatui::{buffer::Buffer, layout::Rect};
    let (width, height) = desk.model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let theme = crate::console::theme::Theme::default();
    crate::console::view::view(&desk.model, &theme, &mut buffer);
    let rows = buffer.content().chunks(usize::from(width));
    rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>())
        .collect()
}

/// The lines of messages alone.
fn read(desk: &Desk) -> Vec<String> {
    let area = crate::console::view::layout::Layout::of(&desk.model).messages;
    let lines = screen(desk);
    let lines = lines[usize::from(area.y)..usize::from(area.bottom() - 1)].iter();
    let from = |line: &String| line.chars().skip(area.x.into()).collect::<String>();
    lines.map(|line| from(line).trim_end().to_owned()).collect()
}

fn shows(desk: &Desk, words: &str) -> bool {
    screen(desk).iter().any(|line| line.contains(words))
}

fn held(desk: &Desk) -> (usize, usize) {
    let open = desk.model.open.as_ref().unwrap();
    (
        open.messages.len(),
        open.done.as_ref().map_or(0, |d| d.len()),
    )
}

/// Every entry is in order, without a gap, and no more are held than may be.
fn is_whole(desk: &Desk) {
    let open = desk.model.open.as_ref().unwrap();
    let entries = open.entries();
    assert!(entries.windows(2).all(|two| two[0].at() <= two[1].at()));
    let numbers: Vec<i64> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message(m) => m.id.as_str()[1..].parse().ok(),
            Entry::Done(_) => None,
        })
        .collect();
    assert!(
        numbers.windows(2).all(|two| two[0] + 1 == two[1]),
        "{numbers:?}"
    );
    let of_team = entries
        .iter()
        .filter(|e| matches!(e, Entry::Done(_)))
        .count();
    let between = numbers.windows(2).filter(|two| two[0] % 10 == 0).count();
    assert!(of_team.abs_diff(between) <= 2, "{of_team} {between}");
    let (messages, done) = held(desk);
    assert!(messages <= 1_000 && done <= 1_000, "{messages} {done}");
}

#[test]
fn p1_older_messages_come_while_scrolling_up_and_nothing_jumps() {
    let mut desk = reading(3_000);
    let keys = ["k", "k", "k", "PageUp", "k", "ctrl-u"];
    let mut moved = 0;
    for step in 0..600 {
        let before = read(&desk);
        desk.keys(keys[step % keys.len()]);
        let scrolled = read(&desk);
        moved += usize::from(before != scrolled);
        fetch(&mut desk, 3_000);
        assert_eq!(read(&desk), scrolled, "a page came and the screen moved");
        is_whole(&desk);
    }
    assert!(moved > 590, "{moved}");
    // One line up is one line up: all the others were there before.
    let before = read(&desk);
    desk.keys("k");
    assert_eq!(read(&desk)[1..], before[..before.len() - 1]);
}

#[test]
fn r6_many_loads_stay_within_the_bound_and_the_newer_ones_come_back() {
    let mut desk = reading(3_000);
    for _ in 0..600 {
        desk.keys("PageUp");
        fetch(&mut desk, 3_000);
        is_whole(&desk);
    }
    assert!(shows(&desk, "message 0"), "{:#?}", read(&desk));
    assert_eq!(held(&desk).0, 1_000);
    let mut downs = 0;
    while desk.model.open.as_ref().unwrap().place.is_some() {
        let before = read(&desk);
        desk.keys("PageDown");
        let scrolled = read(&desk);
        assert_ne!(before, scrolled, "stuck after {downs} screens");
        fetch(&mut desk, 3_000);
        if desk.model.open.as_ref().unwrap().place.is_some() {
            assert_eq!(read(&desk), scrolled, "a page came and the screen moved");
        }
        is_whole(&desk);
        downs += 1;
    }
    assert!(shows(&desk, "message 2999"));
}

#[test]
fn the_beginning_and_the_end_are_one_key_away() {
    let mut desk = reading(5_000);
    desk.keys("g");
    let loads = fetch(&mut desk, 5_000);
    assert!(loads <= 4, "{loads} fetches");
    assert!(shows(&desk, "message 0"), "{:#?}", read(&desk));
    is_whole(&desk);
    desk.keys("G");
    fetch(&mut desk, 5_000);
    assert!(shows(&desk, "message 4999"));
    assert_eq!(desk.model.open.as_ref().unwrap().place, None);
    is_whole(&desk);
}

#[test]
fn p3_what_the_team_did_stands_between_the_messages_in_its_time() {
    let mut desk = reading(31);
    let open = desk.model.open.as_ref().unwrap();
    let keys: Vec<Which> = open.entries().iter().map(Entry::key).collect();
    let at = |key: Which| keys.iter().position(|k| *k == key).unwrap();
    for n in [0, 10, 20] {
        let message = at(Which::Message(message(n).id));
        assert_eq!(at(Which::Done(done(n, "status").id)), message + 1);
    }
    let line = "── team: gwen set the status status 20 · 00:20 ──";
    for _ in 0..60 {
        if !shows(&desk, line) {
            desk.keys("k");
        }
    }
    assert!(shows(&desk, line), "{:#?}", read(&desk));
}

#[test]
fn n1_a_note_stands_among_the_messages_and_says_that_the_customer_never_sees_it() {
    let mut desk = reading(5);
    let newer = History {
        items: vec![done(4, "note"), done(0, "status")],
        next: None,
    };
    desk.tell(Msg::History(id("bea"), Part::Newest, Ok(newer)));
    assert!(shows(&desk, "NOTE, never sent · gwen · 00:04"));
    assert!(shows(&desk, "║ note 4"));
}

#[test]
fn p3_what_the_team_does_is_fetched_as_it_happens() {
    let mut desk = reading(5);
    desk.orders.clear();
    let bea = row("bea", Some("anna"), 1);
    desk.row(Row {
        version: 1,
        ..bea.clone()
    });
    let asks = Effect::LoadHistory(id("bea"), Part::Newest);
    assert!(!desk.orders.contains(&asks), "nothing is new");
    desk.row(changed(&bea, None));
    assert!(desk.orders.contains(&asks));
}

#[test]
fn without_the_history_the_messages_are_there_all_the_same() {
    let mut desk = Desk::with(&[row("bea", None, 1)]);
    desk.tell(Msg::Opened {
        conversation: id("bea"),
        oldest: false,
        messages: Ok(messages(5, &Part::Newest)),
        history: Err(Trouble::NotFound),
    });
    assert_eq!(desk.model.open.as_ref().unwrap().loaded, Loaded::Yes);
    assert!(shows(&desk, "message 4"));
}

/// Tells of message `n`, as the stream does.
fn arrives(desk: &mut Desk, n: i64) {
    let mut bea = row("bea", Some("anna"), 1);
    bea.version = 100 + n as u64;
    let mut message = message(n);
    (message.direction, message.sender) = (Direction::In, None);
    desk.event(What::Message(Box::new(bea), Box::new(message)));
}

#[test]
fn what_comes_while_scrolled_up_moves_nothing_and_is_counted() {
    let mut desk = reading(200);
    desk.keys("PageUp");
    fetch(&mut desk, 200);
    let before = read(&desk);
    for n in 200..203 {
        arrives(&mut desk, n);
        assert_eq!(read(&desk), before);
    }
    assert!(shows(&desk, "▾ 3 new"));
    desk.orders.clear(); // The desk is not asked: it would give what was at first.
    desk.keys("PageDown PageDown");
    assert!(shows(&desk, "message 202"));
    assert!(!shows(&desk, "▾ 3 new"));
    let line = read(&desk)
        .iter()
        .position(|l| l.contains("new since 03:20"));
    let first = read(&desk).iter().position(|l| l.contains("message 200"));
    assert!(
        line.is_some() && first.is_some() && line < first,
        "{:#?}",
        read(&desk)
    );
}

#[test]
fn where_the_unread_begin_is_shown_on_coming_back_until_one_leaves() {
    let mut desk = reading(100);
    desk.tell(Msg::Clock(Moment(150 * MINUTE)));
    desk.keys("Esc j");
    assert_eq!(desk.cursor(), "carl");
    desk.keys("k Enter");
    fetch(&mut desk, 100);
    assert!(!shows(&desk, "new since"), "nothing came");
    desk.keys("Esc j k Enter");
    fetch(&mut desk, 102);
    let shown = read(&desk);
    let line = shown.iter().position(|l| l.contains("new since 02:30"));
    let first = shown.iter().position(|l| l.contains("message 100"));
    assert!(line.is_some() && line < first, "{shown:#?}");
    // It stays while one reads, and is gone when one comes back and nothing came.
    desk.keys("k k j");
    assert!(shows(&desk, "new since 02:30"));
    desk.keys("Esc j k Enter");
    fetch(&mut desk, 102);
    assert!(!shows(&desk, "new since"));
}

#[test]
fn p1_why_a_message_did_not_arrive_is_said_on_demand_with_what_to_do() {
    let mut desk = reading(5);
    desk.keys("e");
    assert!(
        desk.said().starts_with("No message to bea"),
        "{}",
        desk.said()
    );
    for failure in Failure::ALL {
        let failed = Message {
            delivery: Some(Delivery::Failed(*failure)),
            ..message(3)
        };
        let bea = Row {
            version: 50,
            ..row("bea", Some("anna"), 1)
        };
        desk.event(What::Message(Box::new(bea), Box::new(failed)));
        assert!(shows(&desk, &format!("error: {}", failure.words())));
        desk.keys("e");
        let said = format!("Not delivered, 00:03: {}", failure.advice());
        assert_eq!(desk.said(), said);
    }
}

#[test]
fn p3_the_panel_tells_of_the_contact_and_follows_the_cursor() {
    let mut desk = reading(5);
    desk.keys("Esc p");
    assert_eq!(desk.model.pane, Pane::List, "beside it, the keys stay");
    assert!(desk.orders.contains(&Effect::LoadKnown(id("bea"))));
    let known = |began| Known {
        began: Moment(began),
        first_seen: Moment(0),
        count: 0,
        others: vec![],
        blocked: None,
    };
    let team = History {
        items: vec![done(3, "note"), done(2, "status")],
        next: None,
    };
    desk.tell(Msg::Known(id("bea"), Ok(Box::new(known(0))), Ok(team)));
    for words in ["none that you see", "note 3", "gwen set the status"] {
        assert!(shows(&desk, words), "{words}");
    }
    desk.keys("j");
    assert!(!shows(&desk, "gwen set the status"));
    desk.orders.clear();
    desk.tell(Msg::Timer(Timer::Rest(id("carl"))));
    assert!(desk.orders.contains(&Effect::LoadKnown(id("carl"))));
    // An answer about the one before is late.
    desk.tell(Msg::Known(
        id("bea"),
        Ok(Box::new(known(0))),
        Ok(History::default()),
    ));
    assert!(desk.model.panel.as_ref().unwrap().known.is_none());
    desk.keys("Esc");
    assert!(desk.model.panel.is_none());
}

#[test]
fn p3_the_panel_has_the_keys_where_it_lies_over_the_messages() {
    for size in [(80, 24), (60, 20)] {
        let mut desk = reading(5);
        desk.model.size = size;
        desk.keys("p");
        assert_eq!(desk.model.place(), Place::Panel);
        assert!(shows(&desk, "Address"));
        desk.keys("p");
        assert_eq!(desk.model.place(), Place::Conversation);
        assert!(!shows(&desk, "Address"));
        desk.keys("p Esc");
        assert_eq!(desk.model.place(), Place::Conversation);
    }
    let mut desk = reading(5);
    desk.model.size = (60, 20);
    desk.keys("Esc p");
    assert_eq!(desk.model.place(), Place::Panel, "in place of the list");
    desk.keys("Esc");
    assert_eq!(desk.model.place(), Place::List);
}

#[test]
fn tab_goes_on_into_the_panel_beside_and_round() {
    let mut desk = reading(5);
    desk.keys("Esc p Tab Tab");
    assert_eq!(desk.model.place(), Place::Panel);
    desk.keys("Tab");
    assert_eq!(desk.model.place(), Place::List);
    assert!(desk.model.panel.is_some());
}

#[test]
fn r13_what_was_said_over_a_message_alone_does_not_come_back_once_it_is_read() {
    let mut desk = reading(5);
    desk.keys("v");
    desk.model
        .say(Tone::Plain, Safe::literal("That is for: List"));
    assert!(shows(&desk, "That is for: List"));
    desk.keys("j");
    assert!(
        !shows(&desk, "That is for: List"),
        "a movement is the next thing"
    );
    desk.model.now = Moment(desk.model.now.0 + 2_000_000);
    desk.keys("k");
    assert!(!shows(&desk, "That is for: List"));
}

#[test]
fn r2_r6_a_message_alone_is_all_of_it_and_shows_its_codes_on_a_key() {
    let mut desk = reading(5);
    let cut = Message {
        truncated: true,
        body: Safe::text("The beginning"),
        ..message(5)
    };
    let page = Messages {
        items: vec![cut.clone(), message(4)],
        next: None,
    };
    desk.tell(Msg::Messages(id("bea"), Part::Newest, Ok(page)));
    desk.orders.clear();
    desk.keys("v");
    assert!(
        desk.orders
            .contains(&Effect::LoadWhole(id("bea"), cut.id.clone()))
    );
    assert!(
        desk.orders.contains(&Effect::Mouse(false)),
        "to select with"
    );
    assert!(shows(&desk, "the rest is on its way"));
    let source = "The beginning\u{202e} and the end".to_owned() + &"\nline".repeat(100);
    let whole = Whole {
        message: Message {
            truncated: false,
            body: Safe::text(&source),
            ..cut.clone()
        },
        escaped: Safe::escaped(&source),
    };
    desk.tell(Msg::Whole(id("bea"), cut.id, Ok(Box::new(whole))));
    assert!(screen(&desk)[0].starts_with("The beginning<U+202E> and the end"));
    assert!(shows(
        &desk,
        "lines 1 to 38 of 101 · 1 character shown as a sign"
    ));
    desk.keys("e");
    assert!(screen(&desk)[0].starts_with("The beginning\\u{202e} and the end\\n"));
    assert!(shows(&desk, "by their codes"));
    desk.keys("e G");
    assert!(shows(&desk, "lines 64 to 101 of 101"));
    desk.keys("h");
    assert!(screen(&desk)[0].starts_with("message 4"));
    desk.orders.clear();
    desk.keys("Esc");
    assert_eq!(desk.model.place(), Place::Conversation);
    assert!(desk.orders.contains(&Effect::Mouse(true)));
}

#[test]
fn the_lowest_message_in_sight_is_the_one_meant() {
    let mut desk = reading(100);
    assert_eq!(lowest(&desk.model).unwrap().id, message(99).id);
    desk.keys("PageUp");
    let reader = Reader::of(&desk.model).unwrap();
    assert!(!reader.sight().is_empty());
    let id = lowest(&desk.model).unwrap().id.clone();
    let n = id.as_str()[1..].to_owned();
    assert!(id != message(99).id && shows(&desk, &format!("message {n}")));
}

#[test]
fn to_the_next_unanswered_from_either_pane_in_the_order_of_the_list() {
    let mut rows = vec![
        row("anna-b", None, 1),
        row("bea", None, 2),
        row("carl", None, 3),
        row("dee", None, 4),
    ];
    rows[2].unanswered = false;
    rows[3].unanswered = false;
    let mut desk = Desk::with(&rows);
    desk.keys("]");
    assert_eq!(desk.cursor(), "bea");
    desk.keys("G ]");
    assert_eq!(desk.cursor(), "anna-b");
    assert_eq!(
        desk.said(),
        "That was the last unanswered one: back at the first"
    );
    desk.keys("Enter ]");
    assert_eq!(
        (desk.cursor(), desk.model.pane),
        ("bea", Pane::Conversation)
    );
    assert!(desk.orders.contains(&Effect::Open(id("bea"), false)));
    desk.keys("[");
    assert_eq!(desk.cursor(), "anna-b");
    desk.keys("[");
    assert_eq!(desk.said(), "No unanswered one stands before this");
}

#[test]
fn r9_a_message_that_breaks_us_is_said_to_and_the_conversation_can_be_handed_back() {
    use crate::console::model::laid::{BREAKS, BROKEN};
    let mut desk = reading(5);
    BREAKS.set(Some("message 3"));
    desk.model.open.as_mut().unwrap().laid = Default::default();
    assert!(shows(&desk, BROKEN));
    assert!(shows(&desk, "message 2") && shows(&desk, "message 4"));
    desk.keys("u");
    BREAKS.set(None);
    assert_eq!(desk.act().deed, Deed::Unassign);
    assert_eq!(desk.act().conversation, id("bea"));
}

#[test]
fn r31_when_the_desk_begins_anew_what_it_says_counts_however_old_it_looks() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    let then = |version, assignee| {
        let mut row = changed(&rows[0], assignee);
        row.version = version;
        row
    };
    desk.keys("l").allowed_but(&then(9, Some("anna")), &[]);
    let holder = |desk: &Desk| {
        let open = desk.model.open.as_ref().unwrap();
        open.row.assignee.as_ref().map(|who| who.name.to_string())
    };
    let before = holder(&desk);
    assert!(before.is_some());
    desk.allowed_but(&then(2, None), &[]);
    assert_eq!(holder(&desk), before, "an older answer is void");
    desk.orders.clear();
    desk.tell(Msg::News(News::Reset));
    assert!(desk.orders.contains(&Effect::LoadDetail(id("bea"))));
    desk.allowed_but(&then(2, None), &[]);
    assert_eq!(holder(&desk), None, "its database was put back");
    desk.allowed_but(&then(1, Some("anna")), &[]);
    assert_eq!(holder(&desk), None, "and then by versions again");
}
