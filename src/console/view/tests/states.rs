//! What happens to a usual afternoon: the states one meets, each at the usual sizes.

use super::{leader, writing};
use crate::{
    console::{
        compose::Composer,
        keymap::{Change as KeyChange, Keymap},
        menu::Menu,
        model::{
            About, Alone, Away, Change, Choosing, Field, Key, LastAct, Layer, Link, Loaded, Marked,
            Model, Pane, Panel, Picker, Preview, Question, Reason, Scrolled, Stretch, Subject,
            Tone,
        },
        view::fixture,
    },
    desk::{Blocking, ManyDeed, View},
    domain::{
        action::Action,
        inbox::{Beyond, Inbox},
        named::Named,
        row::{Active, Activity, Row},
        text::Safe,
    },
    say,
};

/// The screens one meets, by name.
pub(super) fn screens() -> Vec<(String, Model)> {
    let mut screens = Vec::new();
    for size in [(120, 40), (80, 24), (60, 20), (20, 5)] {
        for (name, change) in STATES {
            let mut model = fixture::busy();
            model.size = size;
            change(&mut model);
            screens.push((format!("{name}-{}x{}", size.0, size.1), model));
        }
    }
    screens
}

/// The desk is of that version.
fn is_of(model: &mut Model, version: &'static str) {
    if let Some(me) = &mut model.me {
        me.desk_version = Safe::literal(version);
    }
}

/// One thing that happens to a usual afternoon.
pub(super) type Happening = fn(&mut Model);

/// What one meets.
pub(super) const STATES: &[(&str, Happening)] = &[
    ("list", |_| {}),
    ("ascii", |model| model.ascii = true),
    ("find-begun", |model| fixture::find(model, "", vec![], None)),
    ("find-offers", |model| {
        fixture::find(model, "refund queue:com", vec![], None);
        if let Some(finding) = &mut model.finding {
            finding.of = None;
        }
    }),
    ("find-misread", |model| {
        fixture::find(model, "refund quue:Payments ida", fixture::refunds(), None);
    }),
    ("find-typing", |model| {
        fixture::find(model, "refund ", fixture::refunds(), Some("more"));
        if let Some(finding) = &mut model.finding {
            finding.typed.text = "\"refund".to_owned();
        }
    }),
    ("find-found", |model| {
        fixture::find(model, "refund", fixture::refunds(), None);
        model.layers.pop();
    }),
    ("find-nothing", |model| {
        fixture::find(model, "refund queue:Paymnts", vec![], None);
        model.layers.pop();
    }),
    ("connecting", |model| {
        let size = model.size;
        *model = fixture::blank();
        model.size = size;
    }),
    ("empty", |model| {
        model.list.inbox = Inbox::default();
        model.list.cursor = None;
        model.list.view = View::Mine;
        model.list.counts.mine = 0;
        model.open = None;
    }),
    ("offline", |model| {
        model.link = Link::Lost {
            since: fixture::ago(2),
            why: Safe::literal("connection refused"),
        };
        model.say(
            Tone::Warning,
            Safe::literal("Offline since 14:01: nothing was done"),
        );
    }),
    ("held", |model| {
        fixture::put_cursor(model, 5);
        let id = fixture::id("DEV");
        model.list.inbox.hold(&id);
        model.last_act = Some(LastAct {
            operation: "op".parse().expect("an id"),
            at: fixture::ago(1),
            action: Action::Unassign,
            what: Safe::literal("handing back Dev Patel"),
            on: vec![id],
            undoable: true,
        });
    }),
    ("marked", |model| {
        for index in [0, 2, 9] {
            let row = model.list.inbox.get(index).expect("a row");
            model.marks.insert(row.id.clone(), Marked::of(row));
        }
        let row = model.list.inbox.get(3).expect("a row").clone();
        let change = Change::Row(Box::new(row));
        model.list.waiting = vec![change; 4];
    }),
    ("menu", |model| model.layers.push(menu())),
    ("composer", |model| {
        fixture::compose(model, "Yes, we can split what is left over three mon");
    }),
    ("frozen", |model| {
        fixture::compose(
            model,
            "Yes, we can split what is left over three months.\n\nShall I?",
        );
        let composer = model.composer.as_mut().expect("a composer");
        composer.frozen = Some(Safe::literal(
            "Ben Cole took it at 14:02; your text is kept as a draft",
        ));
    }),
    ("reading", |model| model.pane = Pane::Conversation),
    ("scrolled", |model| {
        model.pane = Pane::Conversation;
        let open = model.open.as_mut().expect("a conversation");
        open.messages = Stretch::of(open.messages.to_vec(), Some("c".into()));
        let of = Key::Message(open.messages[3].id.clone());
        (open.place, open.unseen) = (Some(Scrolled { of, up: 1 }), 2);
        open.gone = Some(Safe::literal("Ben Cole took it"));
    }),
    ("team", |model| {
        model.pane = Pane::Conversation;
        fixture::with_team(model);
    }),
    ("panel", |model| fixture::with_panel(model)),
    ("panel-keys", |model| {
        model.pane = Pane::Panel;
        fixture::with_panel(model);
        if let Some(panel) = &mut model.panel {
            panel.top = 6;
        }
    }),
    ("panel-asked", |model| {
        let mut panel = Panel::new(Pane::List);
        panel.turn_to(&fixture::id("BEA"));
        panel.loaded = Loaded::Asked;
        model.panel = Some(panel);
    }),
    ("panel-blocked", |model| {
        fixture::with_panel(model);
        let known = model.panel.as_mut().and_then(|panel| panel.known.as_mut());
        let known = known.expect("what is known");
        known.blocked = Some(Blocking {
            at: fixture::ago(90),
            until: None,
            by: None,
        });
        (known.count, known.others) = (0, Vec::new());
    }),
    ("alone", |model| model.layers.push(alone(model, false))),
    ("alone-codes", |model| {
        model.layers.push(alone(model, true));
    }),
    ("filter", |model| {
        model.list.filter = "jon".into();
        model
            .layers
            .push(Layer::Filter(Field { text: "jon".into() }));
    }),
    ("narrowed", |model| model.list.filter = "jon".into()),
    ("queues", |model| {
        model.layers.push(picker(Choosing::Shown, "n", 1));
    }),
    ("help", |model| model.layers.push(Layer::Help { cursor: 0 })),
    ("preview", |model| {
        model.layers.push(Layer::Preview(preview(model, false)))
    }),
    ("result", |model| {
        model.layers.push(Layer::Preview(preview(model, true)))
    }),
    ("leaving", |model| model.layers.push(Layer::Leaving)),
    ("people", |model| {
        model
            .layers
            .push(picker(Choosing::Assign(bea(model)), "", 1));
    }),
    ("people-asked", |model| {
        model.people.clear();
        let mut asked = Picker::new(Choosing::Assign(bea(model)), Loaded::Asked);
        asked.typed.text = "ben".into();
        model.layers.push(Layer::Picker(asked));
    }),
    ("people-failed", |model| {
        model.people.clear();
        let why = "the desk does not answer: connection refused by the host, tried for 10 s";
        let failed = Loaded::Failed(Safe::literal(why));
        let failed = Picker::new(Choosing::Assign(bea(model)), failed);
        model.layers.push(Layer::Picker(failed));
    }),
    ("move", |model| {
        model.queues[1].active = false;
        let layer = picker(Choosing::Move(bea(model)), "", 2);
        model.layers.push(layer);
    }),
    ("statuses", |model| {
        let layer = picker(Choosing::Status(bea(model)), "", 0);
        model.layers.push(layer);
    }),
    ("copy", |model| {
        let row = Box::new(fixture_row(model));
        model.layers.push(picker(Choosing::Copy(row), "", 0));
    }),
    ("reason", |model| {
        let subject = bea(model);
        model.layers.push(Layer::Reason(Reason {
            subject,
            typed: Field {
                text: "sharing before lun".into(),
            },
        }));
    }),
    ("block", |model| {
        model.layers.push(question(model, About::Block))
    }),
    ("intervene", |model| {
        fixture::put_cursor(model, 6);
        model.layers.push(question(model, About::Intervene));
    }),
    ("note", |model| {
        let row = fixture_row(model);
        model.composer = Some(Composer::note(row, "Rang twice, no answer. Try after six."));
    }),
    ("note-frozen", |model| {
        let row = fixture_row(model);
        let mut note = Composer::note(row, "Rang twice");
        note.frozen = Some(Safe::literal(
            "Ben Cole took it at 14:02; your text is kept as a draft",
        ));
        model.composer = Some(note);
    }),
    ("giving", |model| {
        let rows: Vec<_> = model.list.inbox.rows().take(3).collect();
        let items = rows
            .iter()
            .map(|row| (row.id.clone(), Marked::of(row)))
            .collect();
        let deed = ManyDeed::Assign(vec!["ben".parse().expect("an id")]);
        let preview = Preview {
            reason: Some("Anna is at lunch".into()),
            ..Preview::of(deed, Safe::literal(" to Ben Cole"), items)
        };
        model.layers.push(Layer::Preview(preview));
    }),
    ("away", |model| model.there.away = Some(Away::Said)),
    ("others", |model| {
        let active = |name, what| Active {
            who: Named {
                id: "x".parse().expect("an id"),
                name: Safe::literal(name),
            },
            what,
        };
        if let Some(open) = &mut model.open {
            open.row.active = vec![
                active("Ben Cole", Activity::Replying),
                active("Cara Lee", Activity::Replying),
            ];
        }
        let rows = model
            .list
            .inbox
            .rows()
            .cloned()
            .enumerate()
            .map(|(n, mut row)| {
                let what = [Activity::Viewing, Activity::Draft][n % 2];
                row.active = vec![active("Cara Lee", what)];
                row
            });
        model.list.inbox = Inbox::of(rows.collect(), Beyond::End, Beyond::End);
    }),
    ("some-asking", leader::asking),
    ("some-nobody", leader::nobody),
    ("some-picked", leader::picked),
    ("some-giving", leader::giving),
    ("some-spreading", leader::spreading),
    ("some-kept", leader::kept),
    ("some-stays", leader::stays),
    ("some-under-way", leader::under_way),
    ("some-done", leader::done),
    ("some-failed", leader::failed),
    ("acts-asking", leader::acts_asking),
    ("acts", leader::acts),
    ("acts-open", leader::acts_open),
    ("barred", writing::barred),
    ("crossed", writing::crossed),
    ("waiting", writing::waiting),
    ("unsure", writing::unsure),
    ("long", writing::long),
    ("phrases", writing::phrases),
    ("phrases-none", writing::phrases_none),
    ("forms", writing::forms),
    ("file-name", writing::file_name),
    ("file-there", writing::file_there),
    ("drafts", writing::drafts),
    ("drafts-gone", writing::drafts_gone),
    ("drafts-none", writing::drafts_none),
    ("desk-newer", |model| is_of(model, "9.0.0")),
    ("desk-older", |model| is_of(model, "0.0.1")),
    ("overlooked", |model| {
        for name in ["Carl Smith", "Eve Price"] {
            model.say(Tone::Warning, say!("Ben Cole took {name} back from you"));
        }
        model.say(Tone::Plain, Safe::literal("Copied the id of Bea Jones"));
    }),
    ("notices", |model| {
        let told = "While you were away: Gwen Rees handed back 3 of yours: sharing before lunch; \
                    Ben Cole moved 1 of yours";
        model.say(Tone::Warning, Safe::literal(told));
        model.say(Tone::Plain, Safe::literal("Copied the id of Bea Jones"));
        model.layers.push(Layer::Notices(1));
    }),
    ("by-name", |model| {
        let place = model.place();
        model.layers.push(picker(Choosing::ByName(place), "", 0));
    }),
    ("by-name-typed", |model| {
        let place = model.place();
        model.layers.push(picker(Choosing::ByName(place), "ha", 1));
    }),
    ("first-time", |model| model.first_time = true),
    ("absolute", |model| model.absolute_times = true),
    ("own-keys", own_keys),
    ("spoken", spoken),
    ("spoken-menu", |model| {
        spoken(model);
        model.layers.push(menu());
    }),
    ("spoken-reading", |model| {
        spoken(model);
        model.pane = Pane::Conversation;
    }),
    ("spoken-composer", |model| {
        spoken(model);
        fixture::compose(model, "Yes, we can split what is left");
    }),
    ("spoken-people", |model| {
        spoken(model);
        model
            .layers
            .push(picker(Choosing::Assign(bea(model)), "", 1));
    }),
    ("spoken-some", |model| {
        leader::picked(model);
        spoken(model);
    }),
];

/// As it is for whoever hears the screen.
fn spoken(model: &mut Model) {
    model.spoken = true;
    model.absolute_times = true;
}

/// Other keys, and the menu that shows them.
fn own_keys(model: &mut Model) {
    let keys = [
        ("list", "unassign", "x"),
        ("list", "menu", ","),
        ("panes", "queue", "ctrl-q"),
    ]
    .map(|(place, name, key)| (place, name, vec![key.to_owned()]));
    let changes = keys
        .each_ref()
        .map(|(place, name, keys)| KeyChange { place, name, keys });
    model.keymap = Keymap::default()
        .with(&changes)
        .expect("keys that can be had");
    model.layers.push(menu());
}

fn fixture_row(model: &Model) -> Row {
    model.open.as_ref().expect("Bea Jones").row.clone()
}

fn bea(model: &Model) -> Subject {
    Subject::One(Box::new(fixture_row(model)))
}

fn alone(model: &Model, raw: bool) -> Layer {
    let open = model.open.as_ref().expect("Bea Jones");
    let mut message = open.messages[3].clone();
    let source = "50 on Friday is fine.\u{1b}[2J\nZo\u{eb}\u{202e}\n".repeat(12);
    message.body = Safe::text(&source);
    let mut alone = Alone::new(open.row.id.clone(), message);
    (alone.escaped, alone.raw) = (Some(Safe::escaped(&source)), raw);
    (alone.loaded, alone.top) = (Loaded::Yes, 1);
    alone.heard = model.notices.back().cloned();
    Layer::Alone(Box::new(alone))
}

fn picker(choosing: Choosing, typed: &str, cursor: usize) -> Layer {
    let mut picker = Picker::new(choosing, Loaded::Yes);
    picker.typed.text = typed.into();
    picker.cursor = cursor;
    Layer::Picker(picker)
}

fn question(model: &Model, about: About) -> Layer {
    Layer::Question(Question {
        about,
        row: Box::new(fixture_row(model)),
        cursor: 1,
    })
}

pub(super) fn menu() -> Layer {
    Layer::Menu(Menu {
        conversation: fixture::id("BEA"),
        cursor: 4,
    })
}

fn preview(model: &Model, done: bool) -> Preview {
    let rows: Vec<_> = model.list.inbox.rows().skip(1).take(3).collect();
    let results = rows.iter().enumerate().map(|(n, row)| {
        let words = if n == 1 {
            "Ben Cole is replying"
        } else {
            "handed back"
        };
        (row.id.clone(), Safe::literal(words), n != 1)
    });
    Preview {
        deed: ManyDeed::Unassign,
        target: Safe::default(),
        reason: None,
        if_quiet: true,
        results: done.then(|| results.collect()),
        items: rows
            .iter()
            .map(|row| (row.id.clone(), Marked::of(row)))
            .collect(),
        operation: None,
        top: 0,
    }
}
