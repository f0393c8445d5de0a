//! Real consoles at a real desk: what an advisor does in one, and what a colleague sees of it in another.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures and skips are what it finds"
)]

#[path = "support/account.rs"]
mod account;
#[path = "support/console.rs"]
mod console;
#[path = "support/line.rs"]
mod line;
#[path = "support/served.rs"]
mod served;
mod support;

use std::{
    process::Command,
    sync::mpsc::{Sender, channel},
    thread,
    time::{Duration, Instant},
};

use account::{Account, HANDBACK};
use console::Console;
use line::Line;
use rustix::process::Signal;
use serde_json::json;
use served::Served;
use support::Database;

/// Presses a key until it did what it is for: twice if the console asks for it, because an event moved the cursor or a
/// text field was left just now (R22).
fn does(console: &mut Console, key: &str, done: &str) {
    console.types(key);
    let asked = console.until(done, |screen| {
        let contents = screen.contents();
        let asked = contents.contains("press the key again") || contents.contains("Press u again");
        (asked || contents.contains(done)).then_some(asked)
    });
    if asked {
        // It asks for a second: only then is the next key an answer to what stands there.
        std::thread::sleep(Duration::from_secs(1));
        console.types(key);
        console.shows(done);
    }
}

/// Writes a reply to the conversation the cursor is on, and sends it.
fn replies(console: &mut Console, text: &str) {
    does(console, "r", "Reply to");
    console.writes(text);
    console.types("\r");
    console.hides("Reply to");
}

#[test]
fn l4_a_queue_is_found_by_a_part_of_its_name_and_the_list_is_then_its() {
    let letters = r#"{ name = "Late letters", owner = "Head office", teams = ["Cardiff"] }"#;
    let team = served::TEAM.replace("queue = [", &format!("queue = [{letters}, "));
    let mut desk = Served::of(support::sqlite(), &team);
    desk.customer("Zoë Jones", "Can I pay later?");
    desk.customer_of("Late letters", "Carl Moss", "It never came");
    let annas = Account::new();
    let mut anna = desk.annas(&annas);
    anna.lists("Zoë Jones", true);
    anna.lists("Carl Moss", true);
    anna.types("Q");
    anna.shows("Late letters");
    anna.writes("lett");
    anna.types("\r");
    anna.lists("Zoë Jones", false);
    anna.lists("Carl Moss", true);
}

/// F1, S1, V8: a closed conversation is found by what was written, opened again from there, and one is back in the list.
fn scenario_7(database: Database) {
    let mut desk = Served::start(database);
    let found = desk.customer("Zoë Jones", "Where does my chargeback stand?");
    desk.customer("Carl Smith", "Hello?");
    let bens = desk.customer("Eve Price", "My chargeback came");
    desk.act("ben", &bens, "take");
    desk.act("anna", &found, "close");
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.selects("Carl Smith");
    anna.lists("Zoë Jones", false);

    anna.types("f");
    anna.shows("closed conversations too");
    anna.writes("charge");
    anna.lists("Zoë Jones", true);
    anna.lists("closed", true);
    anna.shows("1 found, newest first");
    anna.lists("Eve Price", false);
    anna.writes(" quee:x");
    anna.shows("did you mean queue:?");
    anna.types(&"\x7f".repeat(7));
    anna.writes(" is:cl\t");
    anna.shows("is:closed");
    anna.types("\r");
    anna.selects("Zoë Jones");
    anna.shows("1 found, newest first");
    anna.shows("Where does my chargeback stand?");

    anna.types(".");
    anna.shows("Reopen conversation");
    anna.types("c");
    anna.hides("Reopen conversation");
    anna.lists("unassigned", true);
    let (status, said) = desk.ask("anna", "GET", &format!("/v1/conversations/{found}"), None);
    assert_eq!(
        (status, &said["conversation"]["state"]),
        (200, &json!("open"))
    );

    anna.types("\x1b");
    anna.hides("newest first");
    anna.selects("Carl Smith");
    anna.lists("Zoë Jones", true);
}

#[test]
fn scenario_7_a_closed_one_is_found_and_opened_again_on_sqlite() {
    scenario_7(support::sqlite());
}

#[test]
fn scenario_7_a_closed_one_is_found_and_opened_again_on_postgres() {
    if let Some(database) = support::postgres() {
        scenario_7(database);
    }
}

fn scenario_1(database: Database) {
    let mut desk = Served::start(database);
    let id = desk.customer("Zoë Jones", "Can I pay later?");
    let (annas, bens) = (Account::new(), Account::new());
    let (mut anna, mut ben) = (desk.annas(&annas), desk.console(&bens, "ben"));
    anna.selects("Zoë Jones");
    ben.selects("Zoë Jones");

    replies(&mut anna, "Yes, you can.");
    anna.lists("yours", true);
    ben.lists("Zoë Jones", false);
    ben.shows("Zoë Jones left");

    does(&mut anna, "u", "Handed back Zoë Jones");
    let handed_back = Instant::now();
    ben.lists("Zoë Jones", true);
    println!(
        "{}: Ben saw it {:?} after Anna read that it is done",
        desk.name(),
        handed_back.elapsed()
    );
    assert_eq!(desk.holder(&id).0, None);
    anna.lists("you handed it back", true);

    ben.selects("Zoë Jones");
    replies(&mut ben, "I take over.");
    anna.lists("Zoë Jones", false);
    assert_eq!(desk.holder(&id).0.as_deref(), Some("ben"));
}

#[test]
fn scenario_1_what_one_hands_back_the_other_sees_without_a_key_on_sqlite() {
    scenario_1(support::sqlite());
}

#[test]
fn scenario_1_what_one_hands_back_the_other_sees_without_a_key_on_postgres() {
    if let Some(database) = support::postgres() {
        scenario_1(database);
    }
}

/// Gwen's console has not heard yet that Anna handed it back and Ben took it.
fn scenario_6(database: Database) {
    let mut desk = Served::start(database);
    let id = desk.customer("Zoë Jones", "Can I pay later?");
    desk.act("anna", &id, "take");
    let line = Line::to(desk.address());
    let (account, arguments) = (Account::new(), desk.as_person_at(line.address(), "gwen"));
    let mut gwen = account.console(&arguments.each_ref().map(String::as_str));
    gwen.selects("Zoë Jones");
    gwen.shows("live ");
    gwen.lists("Anna Webb", true);

    line.holds_stream();
    desk.act("anna", &id, "unassign");
    desk.act("ben", &id, "take");
    let before = desk.holder(&id);
    gwen.types("u");
    gwen.shows("Ben Cole has Zoë Jones by now: nothing changed");
    assert_eq!(desk.holder(&id), before, "nothing changed");
    gwen.lists("Ben Cole", true);
    line.mend();
    desk.act("ben", &id, "unassign");
    gwen.lists("unassigned", true);
}

#[test]
fn scenario_6_a_stale_unassign_says_who_has_it_on_sqlite() {
    scenario_6(support::sqlite());
}

#[test]
fn scenario_6_a_stale_unassign_says_who_has_it_on_postgres() {
    if let Some(database) = support::postgres() {
        scenario_6(database);
    }
}

#[test]
fn scenario_6_a_console_that_was_frozen_acts_on_nothing_it_did_not_show() {
    let mut desk = Served::start(support::sqlite());
    let (zoe, carl) = (
        desk.customer("Zoë Jones", "Can I pay later?"),
        desk.customer("Carl Smith", "Hello?"),
    );
    desk.act("anna", &zoe, "take");
    desk.act("anna", &carl, "take");
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.selects("Zoë Jones");

    anna.signal(Signal::STOP);
    desk.act("gwen", &zoe, "unassign");
    desk.act("ben", &zoe, "take");
    let before = (desk.holder(&zoe), desk.holder(&carl));
    anna.types("u");
    anna.signal(Signal::CONT);
    anna.selects("Carl Smith");
    // What is typed is done in order: when the help is there, the key before it was dealt with.
    anna.types("?");
    anna.shows("into the conversation");
    anna.types("\x1b");
    anna.hides("into the conversation");
    assert_eq!(
        (desk.holder(&zoe), desk.holder(&carl)),
        before,
        "nothing changed"
    );
}

#[test]
fn r22_on_a_line_that_stalls_an_act_means_what_the_screen_shows() {
    let mut desk = Served::start(support::sqlite());
    let id = desk.customer("Zoë Jones", "Can I pay later?");
    desk.act("anna", &id, "take");
    let account = Account::new();
    let mut gwen = desk.console(&account, "gwen");
    gwen.selects("Zoë Jones");
    gwen.lists("Anna Webb", true);

    gwen.stalls();
    desk.act("anna", &id, "unassign");
    desk.act("ben", &id, "take");
    let before = desk.holder(&id);
    gwen.types("u");
    gwen.flows(); // What happened may go out before the key is read, but nobody has seen it then.
    // Whether the console knew it by then or the desk had to say so, it did not hand back what was Ben's.
    // It may also have known only the first half of what happened: then it asks for the key again, or, where that half
    // was on the screen, says that nobody has it.
    let why = [
        "Ben Cole has Zoë Jones",
        "press the key again",
        "Zoë Jones is unassigned already",
    ];
    gwen.until("why nothing was done", |screen| {
        let text = screen.contents();
        why.iter().any(|words| text.contains(words)).then_some(())
    });
    gwen.lists("Ben Cole", true);
    assert_eq!(desk.holder(&id), before, "nothing changed");
}

#[test]
fn u1_every_way_hands_back_the_same() {
    let mut desk = Served::start(support::sqlite());
    let names = ["Ida Moss", "Jo Park", "Kit Vale", "Lea Marsh", "Mo Reed"];
    let ids = names.map(|name| desk.customer(name, "Hello?"));
    for id in &ids {
        desk.act("anna", id, "take");
    }
    let (annas, bens) = (Account::new(), Account::new());
    let (mut anna, ben) = (desk.annas(&annas), desk.console(&bens, "ben"));
    let expect = |nth: usize, anna: &Console| {
        ben.lists(names[nth], true);
        assert_eq!(desk.holder(&ids[nth]).0, None);
        anna.shows(names[nth]);
    };
    anna.selects(names[0]);
    ben.hides(names[0]);
    anna.types("u");
    expect(0, &anna);

    anna.types("j");
    anna.selects(names[1]);
    anna.types(".");
    anna.shows("▌ Unassign conversation");
    anna.types("\r");
    expect(1, &anna);

    anna.clicks(anna.place_of(names[2]));
    anna.selects(names[2]);
    anna.clicks(anna.place_of("⋮"));
    anna.shows("▌ Unassign conversation");
    anna.clicks(anna.place_of("Unassign conversation"));
    expect(2, &anna);

    let socket = desk.socket.display();
    let verb = annas
        .command(HANDBACK)
        .args(["unassign", &ids[3], "--desk", &format!("unix:{socket}")])
        .output()
        .unwrap();
    assert!(verb.status.success(), "{verb:?}");
    expect(3, &anna);

    let Some(curl) = curl() else { return };
    let url = format!("http://desk/v1/conversations/{}/unassign", ids[4]);
    let said = annas
        .command(curl)
        .args(["-sS", "--fail", "--unix-socket"])
        .arg(&desk.socket)
        .args([
            "-X",
            "POST",
            &url,
            "-d",
            "{}",
            "-H",
            "content-type: application/json",
        ])
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    expect(4, &anna);
}

/// `None`, with a word on standard error, where curl is not installed.
fn curl() -> Option<&'static str> {
    let is_there = Command::new("curl").arg("--version").output().is_ok();
    assert!(
        is_there || std::env::var_os("HANDBACK_REQUIRE_REAL").is_none(),
        "curl is missing"
    );
    if !is_there {
        eprintln!("skipped by curl: it is not installed");
    }
    is_there.then_some("curl")
}

/// How many times the desk is killed: the deep run sets it higher.
fn kills() -> u32 {
    let set = std::env::var("HANDBACK_KILLS").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// What was acknowledged last of a conversation.
struct Acknowledged {
    version: u64,
    holder: Option<&'static str>,
    acts: u32,
}

/// Takes and hands back one conversation, over and over, until the desk is gone.
fn acts_until_it_is_gone(
    desk: &Served,
    id: &str,
    who: &'static str,
    under_way: &Sender<()>,
) -> Acknowledged {
    let (holder, version) = desk.holder(id);
    let mut last = Acknowledged {
        version,
        holder: holder.is_some().then_some(who),
        acts: 0,
    };
    loop {
        let next = match last.holder {
            None => Some(who),
            Some(_) => None,
        };
        let verb = if next.is_some() { "take" } else { "unassign" };
        let path = format!("/v1/conversations/{id}/{verb}");
        let Ok((status, said)) = desk.try_ask(who, "POST", &path, Some(&json!({}))) else {
            return last;
        };
        assert_eq!((status, &said["outcome"]), (200, &json!("done")), "{said}");
        last.version = said["conversation"]["version"].as_u64().expect("a version");
        last.holder = next;
        last.acts += 1;
        if last.acts == 5 {
            let _ = under_way.send(());
        }
    }
}

/// R17, R30: killed in the middle of acts and started again on the same database.
fn killed_and_started_again(database: Database) {
    let mut desk = Served::start(database);
    let whose = [
        ("Ida Moss", "anna"),
        ("Jo Park", "anna"),
        ("Kit Vale", "ben"),
        ("Lea Marsh", "ben"),
    ];
    let held = desk.customer("Mo Reed", "Hello?");
    desk.act("anna", &held, "take");
    let ids = whose.map(|(name, _)| desk.customer(name, "Hello?"));
    let (annas, bens) = (Account::new(), Account::new());
    let (mut anna, ben) = (desk.annas(&annas), desk.console(&bens, "ben"));
    anna.types("G");
    anna.selects("Mo Reed");
    let (mut acts, mut unheard) = (0, 0);
    let mut longest = Duration::ZERO;
    for round in 0..kills() {
        let (tell, under_way) = channel();
        let acknowledged = thread::scope(|scope| {
            let acting: Vec<_> = std::iter::zip(&ids, whose)
                .map(|(id, (_, who))| {
                    let (desk, tell) = (&desk, tell.clone());
                    scope.spawn(move || acts_until_it_is_gone(desk, id, who, &tell))
                })
                .collect();
            assert_eq!(under_way.iter().take(ids.len()).count(), ids.len());
            desk.kill();
            acting
                .into_iter()
                .map(|one| one.join().expect("acts"))
                .collect::<Vec<_>>()
        });
        for console in [&anna, &ben] {
            console.shows("OFFLINE");
        }
        anna.types("u");
        anna.shows("Offline since");
        desk.serve();
        let back = Instant::now();
        for (last, (id, (name, who))) in std::iter::zip(&acknowledged, std::iter::zip(&ids, whose))
        {
            let (holder, version) = desk.holder(id);
            acts += last.acts;
            if version == last.version {
                assert_eq!(
                    holder.as_deref(),
                    last.holder,
                    "{name}: what was acknowledged is there"
                );
            } else {
                // The one act more that was done, and whose answer the kill cut off.
                unheard += 1;
                let other = if last.holder.is_some() {
                    None
                } else {
                    Some(who)
                };
                assert_eq!(
                    (holder.as_deref(), version > last.version),
                    (other, true),
                    "{name}: nothing half done"
                );
            }
        }
        let latest = format!("Are you there? {round}.");
        desk.customer("Dee Okafor", &latest);
        for (console, (me, other)) in [(&anna, ("anna", "ben")), (&ben, ("ben", "anna"))] {
            console.shows("live ");
            console.lists(&latest, true);
            for (id, (name, _)) in std::iter::zip(&ids, whose) {
                let holder = desk.holder(id).0;
                console.lists(name, holder.as_deref() != Some(other));
                assert!(holder.is_none_or(|holder| [me, other].contains(&&*holder)));
            }
        }
        longest = longest.max(back.elapsed());
    }
    println!(
        "{}: {} kills, {acts} acts acknowledged and all there, {unheard} done whose answer was cut off; both consoles \
         right again after at most {longest:?}",
        desk.name(),
        kills(),
    );
}

#[test]
fn r17_r30_a_killed_desk_keeps_what_it_acknowledged_and_consoles_come_back_on_sqlite() {
    killed_and_started_again(support::sqlite());
}

#[test]
fn r17_r30_a_killed_desk_keeps_what_it_acknowledged_and_consoles_come_back_on_postgres() {
    if let Some(database) = support::postgres() {
        killed_and_started_again(database);
    }
}

/// Q3, U9: what a login brings is one piece of news, however many conversations that is.
fn a_login_that_brings_many(database: Database) {
    let letters = r#"{ name = "Late letters", owner = "Head office", teams = ["Cardiff"], on_login = "redistribute" }"#;
    let team = served::TEAM.replace("queue = [", &format!("queue = [{letters}, "));
    let mut desk = Served::of(database, &team);
    let names = [
        "Ida Moss",
        "Jo Park",
        "Kit Vale",
        "Lea Marsh",
        "Mo Reed",
        "Nat Hay",
    ];
    let ids = names.map(|name| desk.customer_of("Late letters", name, "It never came"));
    let account = Account::new();
    let mut anna = desk.annas(&account);
    anna.shows("6 conversations from Late letters are yours now: you signed in");
    anna.types("!");
    anna.shows("are yours now: you signed in");
    assert!(
        !anna.screen().contents().contains("gave you"),
        "one notice, not six"
    );

    // And the other way: what a leader takes at once.
    anna.types("\x1b");
    anna.shows("Mine 6");
    let items: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({ "items": items, "reason": "lunch" });
    let (status, said) = desk.ask("gwen", "POST", "/v1/unassign", Some(&body));
    assert_eq!(status, 200, "{said}");
    anna.shows("Gwen Rees handed back 6 conversations, which were yours: lunch");
}

#[test]
fn u9_a_login_that_brings_many_is_told_once_on_sqlite() {
    a_login_that_brings_many(support::sqlite());
}

#[test]
fn u9_a_login_that_brings_many_is_told_once_on_postgres() {
    if let Some(database) = support::postgres() {
        a_login_that_brings_many(database);
    }
}
