//! The leader's two screens: handing back some, and my acts. The states one meets, and their pictures.

use super::{picture, states::screens};
use crate::{
    console::{
        model::{
            Choosing, Field, LastAct, Layer, Loaded, Model, MyActs, Picker, Ticket, Tone,
            some::{Column, Focus, HandBackSome, Then},
        },
        theme::Palette,
        view::fixture::{ago, row},
    },
    desk::{Became, Colleague, Done, Fate, Outlook, Presence, Status},
    domain::{
        action::{Action, Cause},
        id::UserId,
        moment::Moment,
        named::Named,
        row::Row,
        text::Safe,
    },
};

fn named(id: &str, name: &str) -> Named<UserId> {
    Named {
        id: id.parse().expect("an id"),
        name: Safe::line(name),
    }
}

fn colleague(id: &str, name: &str, organisation: &str, open: u64, unanswered: u64) -> Colleague {
    Colleague {
        user: named(id, name),
        username: Safe::line(id),
        organisation: Named {
            id: organisation
                .to_lowercase()
                .replace(" ", "-")
                .parse()
                .expect("an id"),
            name: Safe::line(organisation),
        },
        presence: Presence::SignedIn,
        since: Some(ago(270)),
        open,
        unanswered,
        oldest_waiting: (unanswered > 0).then(|| ago(9)),
        replying: 0,
        drafts: 0,
        last_action: Some(ago(1)),
    }
}

fn people() -> Vec<Colleague> {
    let anna = Colleague {
        oldest_waiting: Some(ago(112)),
        replying: 1,
        drafts: 3,
        ..colleague("anna", "Anna Webb", "Cardiff", 31, 19)
    };
    let ben = Colleague {
        oldest_waiting: Some(ago(4)),
        replying: 1,
        ..colleague("ben", "Ben Cole", "Cardiff", 6, 1)
    };
    let dot = Colleague {
        presence: Presence::Away,
        since: Some(ago(20)),
        drafts: 1,
        last_action: Some(ago(31)),
        ..colleague("dot", "Dot Eames", "Swansea", 12, 2)
    };
    let fay = colleague("fay", "Fay Lee", "Swansea", 4, 0);
    let hal = Colleague {
        presence: Presence::SignedOut,
        since: Some(ago(300)),
        oldest_waiting: Some(ago(61)),
        last_action: None,
        ..colleague(
            "hal",
            "Hal Morgan-Fotheringham",
            "North Wales Collections",
            3,
            1,
        )
    };
    vec![anna, ben, dot, fay, hal]
}

const NAMES: [&str; 10] = [
    "Ida Moss",
    "Jo Park",
    "Lee Tan",
    "Mo Ellis",
    "Nan Ford",
    "Oz Hart",
    "Pip Shaw",
    "Ray Cox",
    "Sue Ash",
    "+44 7700 900456",
];

fn moving() -> Vec<Row> {
    NAMES
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let minutes = 112 - 11 * i64::try_from(n).expect("few");
            let channel = ["SMS", "WhatsApp", "Webchat"][n % 3];
            Row {
                assignee: Some(named("anna", "Anna Webb")),
                status: (n % 3 == 1).then(|| Safe::literal("promise to pay")),
                ..row(&format!("M{n}"), name, channel, minutes, "Hello?")
            }
        })
        .collect()
}

fn outlook() -> Outlook {
    let why = |name: &str, why: &'static str| {
        (
            row(&format!("S{}", &name[..3]), name, "SMS", 30, "Hello?"),
            Safe::literal(why),
        )
    };
    Outlook {
        moves: moving(),
        stays: vec![
            why("Bea Jones", "Anna is replying now"),
            why("Kit Vale", "a draft is kept"),
            why("Una Fox", "not among the 10 oldest"),
            why("Vic Day", "not among the 10 oldest"),
        ],
        staying: 21,
        warnings: vec![Safe::literal(
            "Payments gives all its unassigned to whoever signs in next (no maximum)",
        )],
    }
}

fn open(model: &mut Model) -> &mut HandBackSome {
    if let Some(me) = &mut model.me {
        me.user = named("gwen", "Gwen Rees");
        me.organisation.name = Safe::literal("Head office");
    }
    let some = HandBackSome::new(model.notices.back().cloned());
    model.layers.push(Layer::Some(Box::new(some)));
    match model.layers.last_mut() {
        Some(Layer::Some(some)) => some,
        _ => unreachable!("just opened"),
    }
}

fn look(some: &mut HandBackSome, outlook: Outlook) {
    some.plan.look_soon(Ticket(1));
    assert!(some.plan.ask(Ticket(1)));
    assert!(some.plan.take_in(Ticket(1), outlook));
}

pub(super) fn asking(model: &mut Model) {
    open(model);
}

pub(super) fn nobody(model: &mut Model) {
    let some = open(model);
    some.load.take_in(people());
}

fn with_anna(model: &mut Model) -> &mut HandBackSome {
    let some = open(model);
    some.load.take_in(people());
    some.load.toggle();
    some.number = Field { text: "10".into() };
    some.reason = Field {
        text: "sharing before lunch".into(),
    };
    look(some, outlook());
    some
}

pub(super) fn picked(model: &mut Model) {
    with_anna(model);
}

pub(super) fn giving(model: &mut Model) {
    let some = with_anna(model);
    some.then = Then::Give;
    some.takers.to = Some("ben".parse().expect("an id"));
    some.takers.settle(&some.load, some.then, None);
    some.focus = Focus::Then;
    some.queue = Some(Named {
        id: "payments".parse().expect("an id"),
        name: Safe::literal("Payments"),
    });
    some.status = Some(Status {
        name: Safe::literal("promise to pay"),
        word: "promise to pay".into(),
    });
}

pub(super) fn spreading(model: &mut Model) {
    let some = with_anna(model);
    some.then = Then::Spread;
    some.takers.without.insert("fay".parse().expect("an id"));
    some.takers.settle(&some.load, some.then, None);
    some.focus = Focus::Then;
    let picker = Picker::new(Choosing::Some(Focus::Then), Loaded::Yes);
    model.layers.push(Layer::Picker(picker));
}

pub(super) fn kept(model: &mut Model) {
    let some = with_anna(model);
    some.load.sort_by(Column::Advisor, true);
    some.load.go_to(3);
    some.load.toggle();
    some.focus = Focus::Moves;
    some.untouched = true;
    some.plan.go_to(1);
    some.plan.toggle();
    some.plan.go_to(2);
}

pub(super) fn stays(model: &mut Model) {
    let some = with_anna(model);
    some.focus = Focus::Stays;
    some.plan.at_stay = 1;
}

pub(super) fn under_way(model: &mut Model) {
    let some = with_anna(model);
    some.plan.send("op".parse().expect("an id"));
}

pub(super) fn done(model: &mut Model) {
    let some = with_anna(model);
    some.focus = Focus::Moves;
    some.plan.send("op".parse().expect("an id"));
    let results = some
        .plan
        .items()
        .into_iter()
        .enumerate()
        .map(|(n, (id, _))| {
            let came = match n {
                3 => (false, Safe::literal("something was written in it since")),
                _ => (true, Safe::literal("handed back")),
            };
            (id, came)
        });
    let results = results.collect();
    some.plan.came(results);
    model.last_act = Some(LastAct {
        operation: "op".parse().expect("an id"),
        at: model.now,
        action: Action::Unassign,
        what: Safe::literal("handing back 9 conversations"),
        on: moving().into_iter().map(|row| row.id).collect(),
        undoable: true,
    });
    model.say(
        Tone::Warning,
        Safe::literal("Handed back 9 of 10, 1 stayed · r looks again, z takes 9 back"),
    );
}

pub(super) fn failed(model: &mut Model) {
    let some = open(model);
    some.load.take_in(people());
    some.load.toggle();
    some.plan.look_soon(Ticket(1));
    some.plan.ask(Ticket(1));
    some.plan
        .fail(Ticket(1), Safe::literal("the desk cannot be reached"));
}

fn fate(at: usize, became: Became, to: Option<&str>, cause: Option<Cause>) -> Fate {
    let row = moving().swap_remove(at);
    Fate {
        row: Row {
            assignee: None,
            unanswered: at != 8,
            ..row
        },
        became,
        to: to.map(|name| named("x", name)),
        at: to.map(|_| ago(40)),
        cause,
    }
}

fn history() -> Vec<Done> {
    let done = |operation: &str, minutes, action, count, fates| Done {
        operation: operation.parse().expect("an id"),
        at: ago(minutes),
        action,
        by: Some(named("gwen", "Gwen Rees")),
        cause: None,
        of: vec![named("anna", "Anna Webb")],
        reason: None,
        line_lost: false,
        undone: false,
        count,
        fates,
    };
    let fates = vec![
        fate(0, Became::Taken, Some("Ben Cole"), Some(Cause::Reply)),
        fate(1, Became::Taken, Some("Dot Eames"), Some(Cause::Take)),
        fate(2, Became::CameBack, Some("Anna Webb"), Some(Cause::Login)),
        fate(3, Became::Waiting, None, None),
        fate(8, Became::Waiting, None, None),
        fate(5, Became::Closed, None, None),
    ];
    vec![
        Done {
            reason: Some(Safe::literal("sharing before lunch")),
            ..done("op1", 45, Action::Unassign, 8, fates)
        },
        Done {
            of: vec![named("anna", "Anna Webb"), named("dot", "Dot Eames")],
            ..done(
                "op2",
                180,
                Action::Assign,
                12,
                vec![fate(4, Became::Taken, Some("Fay Lee"), None)],
            )
        },
        Done {
            undone: true,
            ..done(
                "op3",
                190,
                Action::Unassign,
                1,
                vec![fate(6, Became::Undone, None, None)],
            )
        },
        Done {
            of: vec![named("gwen", "Gwen Rees")],
            ..done(
                "op4",
                1500,
                Action::Take,
                1,
                vec![fate(7, Became::Taken, Some("Gwen Rees"), None)],
            )
        },
    ]
}

fn open_acts(model: &mut Model) -> &mut MyActs {
    let acts = MyActs::new(Ticket(1));
    model.layers.push(Layer::Acts(Box::new(acts)));
    match model.layers.last_mut() {
        Some(Layer::Acts(acts)) => acts,
        _ => unreachable!("just opened"),
    }
}

fn day(at: Moment) -> i64 {
    at.0 / 86_400_000_000
}

pub(super) fn acts_asking(model: &mut Model) {
    open_acts(model);
}

pub(super) fn acts(model: &mut Model) {
    open_acts(model).take_in(history(), day);
}

pub(super) fn acts_open(model: &mut Model) {
    let acts = open_acts(model);
    acts.take_in(history(), day);
    acts.toggle(day);
    acts.by(2);
}

/// The worst that strangers can write, wherever it can stand (R3).
pub(super) fn overrun(some: &mut HandBackSome, text: &str, number: usize) {
    let line = || Safe::line(text);
    let wild = Moment(i64::from_ne_bytes(number.to_ne_bytes()));
    let mut people = some.load.people().to_vec();
    for person in &mut people {
        person.user.name = line();
        person.organisation.name = line();
        person.open = u64::MAX;
        person.oldest_waiting = Some(wild);
        person.since = Some(wild);
        person.last_action = Some(wild);
    }
    if some.is_loaded() {
        some.load.take_in(people);
    } else {
        some.load.loaded = Loaded::Failed(line());
    }
    some.load.sort_by(
        Column::ALL[number % Column::ALL.len()],
        number.is_multiple_of(2),
    );
    some.load.go_to(number % 7);
    some.load.top = number % 9;
    let mut outlook = outlook();
    for row in &mut outlook.moves {
        row.contact.name = line();
        row.channel = line();
        row.queue.name = line();
        row.status = Some(line());
        row.since = wild;
    }
    for (row, why) in &mut outlook.stays {
        row.contact.name = line();
        *why = line();
    }
    outlook.warnings = vec![line(); number % 4];
    outlook.staying = u64::MAX;
    if some.plan.done().is_none() && some.plan.operation.is_none() {
        look(some, outlook);
    }
    some.plan.go_to(number % 11);
    some.plan.top = number % 13;
    some.focus = Focus::ALL[number % Focus::ALL.len()];
    some.reason.text = text.to_owned();
    some.status = Some(Status {
        name: line(),
        word: text.to_owned(),
    });
}

/// The same in what became of acts.
pub(super) fn overrun_acts(acts: &mut MyActs, text: &str, number: usize) {
    let line = || Safe::line(text);
    let wild = Moment(i64::from_ne_bytes(number.to_ne_bytes()));
    if acts.loaded != Loaded::Yes {
        acts.loaded = Loaded::Failed(line());
        return;
    }
    let mut done = history();
    for act in &mut done {
        act.reason = Some(line());
        act.at = wild;
        act.count = u64::MAX;
        act.of[0].name = line();
        for fate in &mut act.fates {
            fate.row.contact.name = line();
            fate.row.channel = line();
            fate.at = Some(wild);
            fate.to = Some(named("x", text));
        }
    }
    acts.take_in(done, day);
    acts.go_to(number % 9, number.is_multiple_of(2));
    acts.top = number % 20;
}

/// Each part at every size, in colour; the telling ones without colour and in ASCII too.
#[test]
fn u7_the_leaders_screens_look_as_they_did() {
    for (name, mut model) in screens() {
        let mine = name.starts_with("some-") || name.starts_with("acts");
        if !mine || name.ends_with("-20x5") {
            continue;
        }
        if !name.ends_with("-80x24") {
            insta::assert_snapshot!(name.clone(), picture(&model, Palette::True));
        }
        if ["some-done", "some-kept", "some-giving", "acts-open"]
            .iter()
            .any(|n| name.starts_with(n))
        {
            insta::assert_snapshot!(format!("{name}-plain"), picture(&model, Palette::Plain));
            model.ascii = true;
            insta::assert_snapshot!(format!("{name}-ascii"), picture(&model, Palette::Sixteen));
        }
    }
}

/// L2: which column sorts, who is picked, which field has the keys and what came of each can be told without colour.
#[test]
fn l2_no_meaning_by_colour_alone() {
    for ascii in [false, true] {
        let pictured = |happening: fn(&mut Model)| {
            let mut model = crate::console::view::fixture::busy();
            (model.size, model.ascii) = ((80, 24), ascii);
            happening(&mut model);
            let picture = picture(&model, Palette::Plain);
            picture.split("---\n").next().unwrap_or_default().to_owned()
        };
        let (down, up) = if ascii { ("v", "^") } else { ("▾", "▴") };
        assert!(pictured(picked).contains(&format!("Unansw.{down}")));
        assert!(pictured(kept).contains(&format!("Advisor{down}")), "Z to A");
        assert!(
            pictured(|model| {
                let some = with_anna(model);
                some.load.sort_by(Column::Open, true);
            })
            .contains(&format!("Open{up}"))
        );
        let cursor = if ascii { ">" } else { "▌" };
        assert!(pictured(picked).contains(&format!("{cursor}x Anna Webb")));
        assert!(pictured(giving).contains(&format!("{cursor}(x) give to Ben Cole")));
        assert!(pictured(kept).contains("kept back"));
        let (yes, no) = if ascii { ("+", "-") } else { ("✓", "✗") };
        assert!(pictured(done).contains(&format!("{yes} Ida Moss")));
        assert!(pictured(done).contains(&format!("{no} Mo Ellis")));
    }
}

/// Nothing of what is under it is drawn, at any size: what stands where is this screen's.
#[test]
fn the_panes_under_a_whole_screen_are_not_seen() {
    for (name, model) in screens() {
        if name.starts_with("some-") || name.starts_with("acts") {
            let picture = picture(&model, Palette::Plain);
            assert!(
                !picture.contains("Carl Smith") && !picture.contains("[All 10]"),
                "{name}"
            );
        }
    }
}

/// The two lines at the bottom say what the keys do now.
#[test]
fn u7_the_footer_says_what_enter_would_do() {
    let footer = |happening: fn(&mut Model)| {
        let mut model = crate::console::view::fixture::busy();
        model.size = (120, 40);
        happening(&mut model);
        let picture = picture(&model, Palette::Plain);
        picture.lines().nth(39).unwrap_or_default().to_owned()
    };
    for (happening, words) in [
        (picked as fn(&mut Model), "↵ hand back these 10 "),
        (giving, "↵ give these 10 to Ben "),
        (kept, "↵ hand back these 9 "),
        (done, "r look again at 1 "),
        (done, "z take all back"),
    ] {
        assert!(footer(happening).contains(words), "{}", footer(happening));
    }
    for happening in [nobody as fn(&mut Model), under_way, done, failed] {
        assert!(!footer(happening).contains('↵'), "{}", footer(happening));
    }
}
