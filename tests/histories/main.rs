//! R20, R21, R30: whatever befalls lines and desk, what clients were answered is what can have happened one after the
//! other by the rules, and the history, the messages and the events say the same.
//!
//! Four clients act on each of a few conversations through lines that lose answers and break, while the desk is killed and
//! served again; what they asked and were answered, and when, is then [checked](checker) against the
//! [rules of one conversation](spec). `scripts/deep histories` runs it for long. A failure prints its seed:
//! `HANDBACK_SEED=N cargo test --test histories` throws the same dice.

#![allow(clippy::print_stdout, reason = "the seed that plays it again")]
#![allow(unreachable_pub, reason = "a test program has no callers but itself")]

#[path = "../support/account.rs"]
mod account;
mod checker;
mod clients;
#[path = "../support/console.rs"]
mod console;
#[path = "../support/figure.rs"]
mod figure;
#[path = "../support/line.rs"]
mod line;
#[path = "../protocol/rules.rs"]
mod rules;
#[path = "../support/served.rs"]
mod served;
mod spec;
#[path = "../support/mod.rs"]
mod support;

use std::{
    fmt::Write as _,
    fs,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use checker::order;
use clients::{Client, History, listens, number_of};
use figure::figure;
use handback::domain::id::ConversationId;
use line::Line;
use rules::{Held, Outcome, Rules};
use serde_json::Value;
use served::Served;
use spec::{Answer, Asked, Conversation, Line as Told};
use support::{Database, dice::Dice};

const NAMES: [&str; 3] = ["anna", "ben", "gwen"];

fn set(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Three people for each conversation, since what one can take back is the last that one did anywhere; and one who looks.
fn team(conversations: u64) -> String {
    let mut users = String::new();
    for number in 0..conversations {
        for (name, of) in NAMES.into_iter().zip(["Cardiff", "Cardiff", "Head office"]) {
            let _ = writeln!(
                users,
                "  {{ username = \"{name}{number}\", name = \"{name}{number}\", organisation = \"{of}\", role = \"advisor\" }},"
            );
        }
    }
    // Somebody above all of them sees everything: of colleagues one sees nothing (V1).
    users += "  { username = \"boss\", name = \"Boss\", organisation = \"Board\", role = \"advisor\" },\n";
    let board =
        "organisation = [{ name = \"Board\" }, { name = \"Head office\", parent = \"Board\" }";
    served::TEAM
        .replace("user = [\n", &format!("user = [\n{users}"))
        .replace("organisation = [{ name = \"Head office\" }", board)
}

/// What the desk says was done to a conversation, oldest first.
fn told(desk: &Served, id: &str, names: &[String; 3]) -> (Vec<Told>, Vec<u16>) {
    let all = |what: &str| {
        let (mut items, mut before) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/conversations/{id}/{what}?limit=500{before}");
            let (status, said) = desk.ask("boss", "GET", &path, None);
            assert_eq!(status, 200, "{said}");
            items.extend(said["items"].as_array().expect("items").clone());
            match said["next"].as_str() {
                Some(next) => before = format!("&before={next}"),
                None => break,
            }
        }
        items.reverse();
        items
    };
    let who = |of: &Value| {
        let id = of["id"].as_str()?;
        let at = names.iter().position(|name| name == id);
        Some(u8::try_from(at.expect("of the team")).expect("few"))
    };
    let lines = all("history")
        .into_iter()
        .filter_map(|item| match item["kind"].as_str()? {
            "assignee" => {
                let by = who(&item["by"]).expect("somebody did it");
                let holder = |key: &str| {
                    let name = item[key].as_str()?;
                    let at = names.iter().position(|known| known == name);
                    Some(u8::try_from(at.expect("of the team")).expect("few"))
                };
                Some(Told::Assignee(holder("from"), holder("to"), by))
            }
            "note" => Some(Told::Note(number_of(item["body"].as_str()?))),
            other => panic!("nobody did this: {other}"),
        });
    let lines = lines.collect();
    let sent = all("messages")
        .into_iter()
        .filter(|message| message["direction"] == "out");
    let sent = sent
        .map(|message| number_of(message["body"].as_str().expect("a body")))
        .collect();
    (lines, sent)
}

/// At which version a conversation is.
fn version(desk: &Served, id: &str) -> u32 {
    let (status, said) = desk.ask("boss", "GET", &format!("/v1/conversations/{id}"), None);
    assert_eq!(status, 200, "{said}");
    let version = said["conversation"]["version"].as_u64();
    u32::try_from(version.expect("a version")).expect("few")
}

/// How the lines and the desk fare, until all clients are done.
fn trouble(desk: &mut Served, lines: &[Line], dice: &mut Dice, left: &AtomicU64) -> u64 {
    let mut kills = 0;
    let mut calm = 0;
    while left.load(Ordering::SeqCst) > 0 {
        let line = dice.one_of(lines);
        match dice.below(6) {
            0 => line.loses_answers(),
            1 => line.cut(),
            _ => line.mend(),
        }
        calm += 1;
        if calm % 40 == 0 && kills < set("HANDBACK_HISTORY_KILLS", 2) {
            desk.kill();
            kills += 1;
            desk.serve();
        }
        thread::sleep(Duration::from_millis(dice.below(12)));
    }
    lines.iter().for_each(Line::mend);
    kills
}

/// Answered one way or another, and never.
fn counts(history: &History) -> (usize, usize, usize) {
    let wishes = || {
        history
            .iter()
            .filter(|o| matches!(o.asked, Asked::Wish { .. }))
    };
    let done = |answer: &Answer| matches!(answer, Answer::Came(Outcome::Done, _));
    let is_done = wishes().filter(|o| o.ended.as_ref().is_some_and(|(_, answer)| done(answer)));
    (
        history.len(),
        is_done.count(),
        wishes().filter(|o| o.ended.is_none()).count(),
    )
}

fn is_linearizable(database: Database) {
    let conversations = set("HANDBACK_HISTORY_CONVERSATIONS", 3);
    let wishes = u16::try_from(set("HANDBACK_HISTORY_WISHES", 14)).expect("some");
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_millis();
    let seed = set(
        "HANDBACK_SEED",
        u64::try_from(clock).expect("a clock") % 1_000_000 + 1,
    );
    println!(
        "HANDBACK_SEED={seed} cargo test --test histories, {}",
        database.name
    );
    let mut dice = Dice::new(seed);
    let mut desk = Served::of(database, &team(conversations));
    let rules = Rules::new();
    let ids: Vec<String> = (0..conversations)
        .map(|n| desk.customer(&format!("Customer {n}"), "Hello?"))
        .collect();
    let begun: Vec<u32> = ids.iter().map(|id| version(&desk, id)).collect();
    let token = |name: &str| {
        let file = desk.as_person(name)[3].clone();
        fs::read_to_string(file).expect("a token").trim().to_owned()
    };
    let watcher = token("boss");
    let (_, page) = desk.ask("boss", "GET", "/v1/conversations", None);
    let from = page["as_of"].as_u64().expect("a cursor");
    let (began, address) = (Instant::now(), desk.address().to_owned());
    // Three people, and one of them at two consoles.
    let seats: Vec<(usize, u8)> = (0..ids.len())
        .flat_map(|of| [0, 1, 2, 0].map(|who| (of, who)))
        .collect();
    let lines: Vec<Line> = seats.iter().map(|_| Line::to(&address)).collect();
    let names = |of: usize| NAMES.map(|name| format!("{name}{of}"));
    let clients: Vec<(usize, Client)> = seats
        .iter()
        .zip(&lines)
        .zip(0_u16..)
        .map(|((&(of, who), line), at)| {
            let names = names(of);
            let client = Client {
                who,
                id: ConversationId::parse(&ids[of]).expect("an id"),
                address: line.address().to_owned(),
                token: token(&names[usize::from(who)]),
                first: at * wishes,
                wishes,
                dice: Dice::new(seed + 1 + u64::from(at)),
                began,
                names,
            };
            (of, client)
        })
        .collect();
    let (left, enough) = (AtomicU64::new(clients.len() as u64), AtomicBool::new(false));
    let head = AtomicU64::new(u64::MAX);
    let mut histories: Vec<History> = ids.iter().map(|_| Vec::new()).collect();
    let (kills, heard) = thread::scope(|scope| {
        let listener = scope.spawn(|| {
            listens(&address, &watcher, from, &enough, || {
                head.load(Ordering::SeqCst)
            })
        });
        let acting: Vec<_> = clients
            .into_iter()
            .map(|(of, client)| {
                let left = &left;
                let acts = move || {
                    let history = client.acts();
                    left.fetch_sub(1, Ordering::SeqCst);
                    history
                };
                (of, scope.spawn(acts))
            })
            .collect();
        let kills = trouble(&mut desk, &lines, &mut dice, &left);
        for (of, client) in acting {
            histories[of].extend(client.join().expect("a client"));
        }
        // What was cut off may still be under way at the desk: told to stop, it first does what it was asked (R36). The
        // last word is asked for after that.
        desk.stop();
        desk.serve();
        let (_, page) = desk.ask("boss", "GET", "/v1/conversations", None);
        head.store(page["as_of"].as_u64().expect("a cursor"), Ordering::SeqCst);
        enough.store(true, Ordering::SeqCst);
        (kills, listener.join().expect("who listens"))
    });
    let took = began.elapsed();
    assert!(
        heard.windows(2).all(|two| two[0].0 < two[1].0),
        "each event once, in order"
    );
    let (mut asked, mut done, mut never) = (0, 0, 0);
    let began = Instant::now();
    for (of, history) in histories.iter().enumerate() {
        let (lines, sent) = told(&desk, &ids[of], &names(of));
        let begins = Held {
            version: begun[of],
            acted: begun[of],
            ..Held::default()
        };
        let conversation = Conversation {
            rules: &rules,
            begins,
            lines,
            sent,
        };
        let Some(order) = order(&conversation, history) else {
            let mut history: Vec<_> = history.iter().collect();
            history.sort_by_key(|operation| operation.began);
            let history: String = history
                .iter()
                .map(|operation| format!("  {operation:?}\n"))
                .collect();
            panic!(
                "HANDBACK_SEED={seed}: this cannot have happened one after the other\n{history}{:#?}\n{:?}",
                conversation.lines, conversation.sent
            );
        };
        let mut state = checker::Object::begin(&conversation);
        for at in &order {
            let operation = &history[*at];
            let answer = operation.ended.as_ref().map(|(_, answer)| answer);
            let after = checker::Object::after(&conversation, &state, &operation.asked, answer);
            state = after.expect("it was found so");
        }
        let events = heard
            .iter()
            .filter(|(_, id)| id.as_str() == ids[of])
            .count();
        assert_eq!(
            events, state.changes,
            "HANDBACK_SEED={seed}: an event for each change"
        );
        let stands = version(&desk, &ids[of]);
        assert_eq!(stands, state.held.version, "HANDBACK_SEED={seed}");
        let count = counts(history);
        asked += count.0;
        done += count.1;
        never += count.2;
    }
    let name = desk.name();
    figure(
        &format!("{name}: looked and asked, done, never answered, kills of the desk"),
        format!(
            "{asked}, {done}, {never}, {kills} in {:.1} s",
            took.as_secs_f32()
        ),
    );
    figure(
        &format!("{name}: order found"),
        format!("{} ms", began.elapsed().as_millis()),
    );
}

#[test]
fn r20_r30_what_was_answered_can_have_happened_one_after_the_other_on_sqlite() {
    is_linearizable(support::sqlite());
}

#[test]
fn r20_r30_what_was_answered_can_have_happened_one_after_the_other_on_postgres() {
    if let Some(database) = support::postgres() {
        is_linearizable(database);
    }
}
