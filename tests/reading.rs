//! Reading in a real console at a real desk: long conversations scrolled up without a jump, and what the team does seen
//! as it happens. What it took is printed; nothing is decided by a timer.

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/figure.rs"]
mod figure;
mod seat;
#[path = "support/served.rs"]
mod served;
mod support;

use std::time::Instant;

use account::Account;
use console::Console;
use figure::figure;
use handback::{
    domain::{message::Direction, moment::Moment},
    server::store::{SeedConversation, SeedMessage},
};
use served::Served;
use support::Database;

const MINUTE: i64 = 60_000_000;

/// A served desk with a conversation of so many messages, which Anna has, and one of ten.
fn long(database: Database, count: i64) -> Served {
    let again = database.again();
    let mut desk = Served::start(database);
    desk.kill(); // What is seeded is said to have happened before.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let store = again.open().await;
        let directory = store.directory();
        let queue = directory.queue("Payments").expect("a queue").id.clone();
        let anna = directory.user("anna").expect("Anna").id.clone();
        let now = store.now().0;
        let conversation = |id: &str, name: &str, count: i64| SeedConversation {
            queue: queue.clone(),
            name: name.into(),
            assignee: Some(anna.clone()),
            messages: (0..count)
                .map(|n| SeedMessage {
                    body: format!("Message {n}, {}", "and so on ".repeat(n as usize % 12)),
                    ..support::desk::message(Direction::In, Moment(now - (count - n) * MINUTE))
                })
                .collect(),
            ..support::desk::conversation(id, "payments", None, 1)
        };
        let seeds = [
            conversation("LONG", "Lois Long", count),
            conversation("TEN", "Tess Ten", 10),
        ];
        store.seed(seeds.into_iter()).await.expect("seeded");
    });
    desk.serve();
    desk
}

/// The lines of the messages, as they are on the screen.
fn read(console: &Console) -> Vec<String> {
    lines(&console.screen())
}

fn lines(screen: &vt100::Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    let rows: Vec<String> = screen.rows(51, columns.get()).collect();
    // Without the head above, and the line about what is below, the notice and the keys.
    rows[4..rows.len() - 3]
        .iter()
        .map(|row| row.trim_end().to_owned())
        .collect()
}

/// Presses a key that scrolls up by one line, and sees that all the others only moved.
fn scrolls_up_by_one(console: &mut Console) {
    let before = read(console);
    console.rests();
    console.types("k");
    console.until("one line more above", |screen| {
        let now = lines(screen);
        (now[1..] == before[..before.len() - 1]).then_some(())
    });
}

/// A screenful up: what was highest is lowest now, and messages that follow each other stand under each other. Gives
/// the first message in sight.
fn pages_up(console: &mut Console) -> i64 {
    let before = read(console);
    console.rests();
    console.types("\x1b[5~");
    console.until("the screenful above", |screen| {
        let now = lines(screen);
        let numbers = numbers(&now);
        let is_whole = numbers.windows(2).all(|two| two[0] + 1 == two[1]);
        let first = *numbers.first()?;
        let joins = first == 0 || now.last() == before.first();
        (is_whole && joins && now != before).then_some(first)
    })
}

fn scrolled_up(database: Database) {
    let desk = long(database, 500);
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.selects("Lois Long");
    anna.shows("Message 499,");
    anna.types("l");
    anna.rests();
    // The first line up gives way to the line that tells what is below: nothing else moves.
    let before = read(&anna);
    anna.types("k");
    anna.shows("newest below");
    assert_eq!(read(&anna), before);
    scrolls_up_by_one(&mut anna);
    loop {
        let first = pages_up(&mut anna);
        if first == 0 {
            break;
        }
        scrolls_up_by_one(&mut anna);
    }
    anna.hides("older messages above");
    anna.rests();
    anna.types("G");
    anna.shows("Message 499,");
    anna.hides("newest below");
}

/// The numbers of the messages whose first lines are in sight.
fn numbers(lines: &[String]) -> Vec<i64> {
    let number = |line: &String| {
        let (_, rest) = line.split_once("Message ")?;
        rest.split_once(',')?.0.parse().ok()
    };
    lines.iter().filter_map(number).collect()
}

#[test]
fn p1_500_messages_are_scrolled_up_without_a_jump_on_sqlite() {
    scrolled_up(support::sqlite());
}

#[test]
fn p1_500_messages_are_scrolled_up_without_a_jump_on_postgres() {
    if let Some(database) = support::postgres() {
        scrolled_up(database);
    }
}

fn told(database: Database) {
    let mut desk = Served::start(database);
    let id = desk.customer("Zoë Jones", "Can I pay later?");
    let (annas, gwens) = (Account::new(), Account::new());
    let (mut anna, mut gwen) = (desk.annas(&annas), desk.console(&gwens, "gwen"));
    anna.selects("Zoë Jones");
    gwen.selects("Zoë Jones");
    anna.types("t");
    anna.shows("team: Anna Webb took it");
    gwen.shows("team: Anna Webb took it");
    gwen.rests();
    gwen.types("p");
    gwen.shows("What the team did");
    gwen.shows("none that you see");
    anna.rests();
    anna.types("n");
    anna.shows("NOTE");
    anna.writes("She rang twice");
    anna.types("\r");
    gwen.shows("NOTE, never sent");
    gwen.shows("Notes, the customer never sees");
    desk.act("gwen", &id, "unassign");
    anna.shows("team: Gwen Rees handed it back from Anna");
    // The panel goes with the cursor, and closes on its key.
    gwen.rests();
    gwen.types("p");
    gwen.hides("What the team did");
}

#[test]
fn p3_what_the_team_does_is_seen_as_it_happens_on_sqlite() {
    told(support::sqlite());
}

#[test]
fn p3_what_the_team_does_is_seen_as_it_happens_on_postgres() {
    if let Some(database) = support::postgres() {
        told(database);
    }
}

#[test]
fn a_message_alone_is_selected_with_the_terminals_own_mouse() {
    let mut desk = Served::start(support::sqlite());
    desk.customer("Zoë Jones", "Read \u{202e}this");
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.selects("Zoë Jones");
    anna.shows("1 character shown as a sign");
    let off = b"\x1b[?1006l\x1b[?1000l";
    let has = |console: &Console, wanted: &[u8]| {
        console.bytes().windows(wanted.len()).any(|w| w == wanted)
    };
    assert!(!has(&anna, off));
    anna.types("v");
    anna.hides("All queues");
    anna.shows("Read <U+202E>this");
    assert!(has(&anna, off), "the mouse is the person's");
    anna.rests();
    anna.types("e");
    anna.shows("Read \\u{202e}this");
    let before = anna.bytes().len();
    anna.rests();
    anna.types("\x1b");
    anna.shows("All queues");
    let on = b"\x1b[?1000h\x1b[?1006h";
    assert!(anna.bytes()[before..].windows(on.len()).any(|w| w == on));
}

#[test]
fn r15_a_window_back_at_the_size_it_had_is_drawn_whole() {
    let mut desk = Served::start(support::sqlite());
    desk.customer("Zoë Jones", "Can I pay later?");
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.selects("Zoë Jones");
    anna.rests();
    let before = anna.screen().contents();
    // As fast as a window is dragged: what it was in between nobody else sees.
    anna.resizes(30, 8);
    anna.resizes(120, 40);
    anna.until("all that stood there", |screen| {
        (screen.contents() == before).then_some(())
    });
}

/// Prints how long it takes from the key until the messages are there, of a long conversation and of a short one.
#[test]
fn r6_opening_a_conversation_does_not_grow_with_its_length() {
    let desk = long(support::sqlite(), 10_000);
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.selects("Lois Long");
    anna.until("the newest", |screen| {
        let shown = lines(screen)
            .iter()
            .any(|line| line.contains("Message 9999,"));
        shown.then_some(())
    });
    let mut took = [Vec::new(), Vec::new()];
    for round in 0..14 {
        let (key, name, last) = match round % 2 {
            0 => ("j", "Tess Ten", "Message 9, "),
            _ => ("k", "Lois Long", "Message 9999,"),
        };
        anna.rests();
        let pressed = Instant::now();
        anna.types(key);
        anna.until(last, |screen| {
            let shown = lines(screen).iter().any(|line| line.contains(last));
            shown.then_some(())
        });
        took[round % 2].push(pressed.elapsed());
        anna.selects(name);
    }
    for (of, times) in ["10", "10,000"].iter().zip(&mut took) {
        times.sort();
        figure(
            &format!("a conversation of {of} messages opened: median, at most"),
            format!(
                "{}, {} ms",
                times[times.len() / 2].as_millis(),
                times[times.len() - 1].as_millis()
            ),
        );
    }
}

/// Prints what a frame costs with messages of 8 MB in the conversation, and one of usual ones.
#[test]
fn r6_a_frame_with_messages_of_8_mb_is_measured() {
    for (what, body) in [
        ("usual", "Can I move my payment to Friday? ".to_owned()),
        ("8 MB of words", "word ".repeat(8 << 18)),
        ("8 MB without a space", "x".repeat(8 << 20)),
        ("8 MB of lines", "\n".repeat(8 << 20)),
        ("8 MB of wide characters", "日本".repeat(4 << 18)),
    ] {
        let mut seat = seat::Seat::at(100, seat::xterm());
        let first = seat.reads(&body);
        let mut frames: Vec<_> = (0..9).map(|_| seat.scrolls_and_draws()).collect();
        frames.sort();
        let ms = |time: std::time::Duration| format!("{:.1}", time.as_secs_f64() * 1e3);
        figure(
            &format!("{what}: first frame, then median, at most"),
            format!("{}, {}, {} ms", ms(first), ms(frames[4]), ms(frames[8])),
        );
    }
}
