//! Models for the tests of the view: a usual afternoon, and worse.

use jiff::tz::TimeZone;

use crate::{
    console::{
        compose::Composer,
        model::{
            Field, Finding, Layer, Link, Loaded, Model, Notice, Open, Pane, Panel, Preferences,
            Setting, Stretch, Tone, Trace, Unread,
        },
    },
    desk::{Colleague, Counts, Hit, HitMessage, Known, Me, Presence, Queue, Status, View},
    domain::{
        action::{Action, Refusal},
        conversation::{Handler, State},
        id::{ConversationId, MessageId, UserId},
        inbox::{Beyond, Inbox},
        message::{Attachment, Delivery, Direction, Failure, HistoryItem, Message},
        moment::Moment,
        named::Named,
        queue::{Rule, Turnover},
        row::{Active, Activity, Contact, LastMessage, Row},
        search::Search,
        text::Safe,
    },
    say,
};

/// Monday, 1 December 2025, 14:03:20 UTC.
pub(crate) const NOW: Moment = Moment(1_764_597_800_000_000);

/// So many minutes before [`NOW`].
pub(crate) fn ago(minutes: i64) -> Moment {
    Moment(NOW.0 - minutes * 60_000_000)
}

pub(crate) fn id(text: &str) -> ConversationId {
    ConversationId::parse(text).expect("an id")
}

fn user(name: &str) -> Named<UserId> {
    let id = name.split(' ').next().unwrap_or(name).to_lowercase();
    Named {
        id: UserId::parse(&id).expect("an id"),
        name: Safe::line(name),
    }
}

/// A row that waits since so many minutes.
pub(crate) fn row(at: &str, name: &str, channel: &str, waits: i64, preview: &str) -> Row {
    Row {
        id: id(at),
        contact: Contact {
            name: Safe::line(name),
            address: Safe::line("+44 7700 900123"),
        },
        channel: Safe::line(channel),
        queue: Named {
            id: "payments".parse().expect("an id"),
            name: Safe::literal("Payments"),
        },
        state: State::Open,
        status: None,
        handler: Handler::Person,
        assignee: None,
        last_message: Some(LastMessage {
            direction: Direction::In,
            preview: Safe::preview(preview),
            at: ago(waits),
            delivery: None,
        }),
        unanswered: true,
        just_entered: false,
        since: ago(waits),
        reply_until: None,
        active: Vec::new(),
        version: 1,
    }
}

fn answered(mut row: Row, delivery: Delivery) -> Row {
    row.unanswered = matches!(delivery, Delivery::Failed(_));
    if let Some(last) = &mut row.last_message {
        last.direction = Direction::Out;
        last.delivery = Some(delivery);
    }
    row
}

fn rows() -> Vec<Row> {
    let anna = user("Anna Webb");
    let ben = user("Ben Cole");
    let dee = Row {
        just_entered: true,
        ..row("DEE", "Dee Okafor", "Webchat", 1, "Is anybody there?")
    };
    let bea = Row {
        assignee: Some(anna.clone()),
        status: Some(Safe::literal("promise to pay")),
        reply_until: Some(ago(-23 * 60)),
        ..row(
            "BEA",
            "Bea Jones",
            "WhatsApp",
            22,
            "And can I split the rest?",
        )
    };
    let carl = Row {
        assignee: Some(ben.clone()),
        active: vec![Active {
            who: ben.clone(),
            what: Activity::Replying,
        }],
        ..row(
            "CARL",
            "Carl Smith",
            "SMS",
            11,
            "Please stop the letters, I have written to you twice now",
        )
    };
    let eve = answered(
        row(
            "EVE",
            "Eve Price",
            "SMS",
            9,
            "Your plan starts on 1 December and runs",
        ),
        Delivery::Failed(Failure::InvalidNumber),
    );
    let mut stranger = row("STR", "", "SMS", 4, "\u{202e}click here\u{202c}");
    stranger.contact.address = Safe::literal("+44 7700 900456");
    let dev = row("DEV", "Dev Patel", "WhatsApp", 2, "Thank you");
    let bot = Row {
        handler: Handler::Bot,
        ..row("BOT", "Gil Brown", "Webchat", 1, "What is my balance?")
    };
    let fay = Row {
        just_entered: true,
        ..answered(
            row(
                "FAY",
                "Fay Nolan",
                "Webchat",
                23,
                "You will hear from us by Friday at the latest",
            ),
            Delivery::Delivered,
        )
    };
    let ida = Row {
        assignee: Some(ben),
        status: Some(Safe::literal("vulnerable")),
        ..answered(
            row(
                "IDA",
                "Ida Moss-Fotheringham the Younger",
                "Messenger",
                95,
                "Good to hear",
            ),
            Delivery::Delivered,
        )
    };
    let old = Row {
        assignee: Some(anna),
        ..answered(
            row("OLD", "王小明", "WhatsApp", 3 * 24 * 60, "谢谢，再见"),
            Delivery::Pending,
        )
    };
    vec![dee, bea, carl, eve, stranger, dev, bot, fay, ida, old]
}

fn message(number: u32, direction: Direction, minutes: i64, body: &str) -> Message {
    Message {
        id: MessageId::parse(&format!("m{number}")).expect("an id"),
        direction,
        body: Safe::text(body),
        truncated: false,
        at: ago(minutes),
        sender: (direction == Direction::Out).then(|| user("Anna Webb")),
        delivery: (direction == Direction::Out).then_some(Delivery::Delivered),
        attachments: Vec::new(),
    }
}

fn messages() -> Vec<Message> {
    use Direction::{In, Out};
    let mut failed = message(
        3,
        Out,
        1400,
        "We have put the request to the payments team.",
    );
    failed.delivery = Some(Delivery::Failed(Failure::Network));
    vec![
        message(
            1,
            In,
            1465,
            "Can I move my payment to Friday? The wages come a day later this month.",
        ),
        message(
            2,
            Out,
            1450,
            "Yes, that is fine. How much could you pay on Friday, and would the rest fit into the new year? There is no charge for moving it.",
        ),
        failed,
        message(4, In, 24, "50 on Friday is fine.\u{1b}[2J"),
        message(5, In, 22, "And can I split the rest?"),
    ]
}

fn people() -> Vec<Colleague> {
    let colleague = |name, organisation, presence, open| Colleague {
        user: user(name),
        username: Safe::line(&name.split(' ').next().unwrap_or(name).to_lowercase()),
        organisation: Named {
            id: "org".parse().expect("an id"),
            name: Safe::literal(organisation),
        },
        presence,
        since: Some(ago(20)),
        open,
        unanswered: open / 2,
        oldest_waiting: None,
        replying: 0,
        drafts: 0,
        last_action: None,
    };
    vec![
        colleague("Anna Webb", "Cardiff", Presence::SignedIn, 31),
        colleague("Ben Cole", "Cardiff", Presence::SignedIn, 6),
        colleague("Dot Eames", "Swansea", Presence::Away, 12),
        colleague(
            "Ida Bartholomew-Fotheringham",
            "Swansea and the Valleys",
            Presence::SignedOut,
            1_204,
        ),
    ]
}

/// A console that knows nothing yet.
pub(crate) fn blank() -> Model {
    let mut model = Model::new(Setting {
        zone: TimeZone::UTC,
        ascii: false,
        size: (120, 40),
        seed: "test".into(),
        view: View::All,
        preferences: Preferences::default(),
    });
    model.now = NOW;
    model
}

/// A usual afternoon: Bea Jones under the cursor, her messages in the right pane.
pub(crate) fn busy() -> Model {
    let mut model = blank();
    model.link = Link::Live;
    model.me = Some(Me {
        user: user("Anna Webb"),
        username: Safe::literal("awebb"),
        organisation: Named {
            id: "cardiff".parse().expect("an id"),
            name: Safe::literal("Cardiff"),
        },
        conversations: true,
        actions: vec![Action::Unassign, Action::Take, Action::Reply],
        left_at: None,
        lost: None,
        desk_version: Safe::literal(crate::desk::version::OURS),
        desk: Safe::literal("desk"),
        banner: None,
    });
    let rows = rows();
    let bea = rows[1].clone();
    model.list.counts = Counts {
        mine: 2,
        unassigned: 6,
        all: 10,
    };
    model.list.inbox = Inbox::of(rows, Beyond::End, Beyond::End);
    model.list.cursor = Some(bea.id.clone());
    model.list.loaded = true;
    model.queues = ["Payments", "Complaints", "New accounts"]
        .iter()
        .zip([10, 0, 3])
        .map(|(name, open)| Queue {
            queue: Named {
                id: name
                    .to_lowercase()
                    .replace(' ', "-")
                    .parse()
                    .expect("an id"),
                name: Safe::literal(name),
            },
            owner: Named {
                id: "head-office".parse().expect("an id"),
                name: Safe::literal("Head office"),
            },
            rule: Rule::SelfSelection,
            max_open: None,
            active: true,
            on_login: Turnover::Nothing,
            on_logout: Turnover::Nothing,
            open,
            unassigned: open / 2,
        })
        .collect();
    model.open = Some(open(bea, messages()));
    model.people = people();
    model.statuses = ["promise to pay", "hardship", "vulnerable"]
        .map(|name| Status {
            name: Safe::literal(name),
            word: name.into(),
        })
        .into();
    model.notices.push_back(Notice {
        at: ago(1),
        text: Safe::literal(
            "Handed back Dev Patel to Payments · nobody has it yet · z gives it back to you",
        ),
        tone: Tone::Plain,
        read: true,
    });
    model.drafts.insert(id("BEA"), "Yes, we".into());
    model
}

/// What the team did with Bea Jones, oldest first.
fn done() -> Vec<HistoryItem> {
    let ben = Some(user("Ben Cole"));
    let item = |id: &'static str, minutes, kind: &'static str| HistoryItem {
        id: Safe::literal(id),
        at: ago(minutes),
        kind: Safe::literal(kind),
        by: Some(user("Anna Webb")),
        from: None,
        to: None,
        cause: None,
        reason: None,
        body: None,
    };
    let line = Safe::literal;
    vec![
        HistoryItem {
            to: Some(line("Ben Cole")),
            cause: Some(line("take")),
            by: ben.clone(),
            ..item("1", 1460, "assignee")
        },
        HistoryItem {
            from: Some(line("Ben Cole")),
            cause: Some(line("unassign")),
            reason: Some(line("sharing before lunch, back at half past one")),
            by: Some(user("Gwen Rees")),
            ..item("2", 1390, "assignee")
        },
        HistoryItem {
            body: Some(line(
                "Rang twice, no answer. Her sister says she is back on Friday; do not call before six.",
            )),
            by: ben,
            ..item("3", 30, "note")
        },
        HistoryItem {
            to: Some(line("Anna Webb")),
            cause: Some(line("take")),
            ..item("4", 23, "assignee")
        },
        HistoryItem {
            to: Some(line("promise to pay")),
            ..item("5", 23, "status")
        },
    ]
}

/// What the team did stands among the messages, some of which are unread; one has a file, one is only a beginning, and one
/// is still on its way.
pub(crate) fn with_team(model: &mut Model) {
    let open = model.open.as_mut().expect("a conversation");
    let mut messages = open.messages.to_vec();
    messages[0].truncated = true;
    messages[1].delivery = Some(Delivery::Pending);
    messages[3].attachments = vec![Attachment {
        name: Safe::literal("letter.pdf"),
        kind: Safe::literal("application/pdf"),
        size: 482_113,
    }];
    open.unread = Some(Unread {
        after: messages[3].id.clone(),
        since: ago(23),
    });
    open.messages = Stretch::of(messages, None);
    open.done = Some(Stretch::of(done(), None));
}

/// The side panel is open beside Bea Jones.
pub(crate) fn with_panel(model: &mut Model) {
    let mut panel = Panel::new(Pane::List);
    panel.turn_to(&id("BEA"));
    panel.loaded = Loaded::Yes;
    panel.done = Stretch::of(done(), Some("1".into()));
    let mut other = row(
        "OLD2",
        "Bea Jones",
        "WhatsApp",
        40 * 24 * 60,
        "Thank you, that is all.",
    );
    other.state = State::Closed;
    let mut second = row("OLD3", "Bea Jones", "WhatsApp", 300, "Where is my card?");
    second.queue.name = Safe::literal("New accounts");
    panel.known = Some(Known {
        began: ago(1465),
        first_seen: ago(400 * 24 * 60),
        count: 2,
        others: vec![second, other],
        blocked: None,
    });
    model.panel = Some(panel);
}

/// A conversation in the right pane with what may be done to it.
pub(crate) fn open(row: Row, messages: Vec<Message>) -> Open {
    let say_no = |why: Refusal| Err(Safe::literal(why.text()));
    let verdict = |action| match action {
        Action::Take => say_no(Refusal::YoursAlready),
        Action::Unblock => say_no(Refusal::NotBlocked),
        Action::Intervene => say_no(Refusal::NoBot),
        Action::Reopen => say_no(Refusal::Open),
        _ => Ok(()),
    };
    Open {
        actions: Some(Action::ALL.iter().map(|a| (*a, verdict(*a))).collect()),
        newest: messages.last().map(|m| m.id.clone()),
        messages: Stretch::of(messages, None),
        done: Some(Stretch::default()),
        loaded: Loaded::Yes,
        ..Open::new(row)
    }
}

/// A search for what was typed, and what it found: the field still has the keys.
pub(crate) fn find(model: &mut Model, typed: &str, hits: Vec<Hit>, next: Option<&str>) {
    let search = Search::parse(typed)
        .ok()
        .filter(|search| !search.is_empty());
    let kept = std::mem::take(&mut model.list);
    let rows: Vec<Row> = hits.iter().map(|hit| hit.row.clone()).collect();
    model.list.cursor = rows.first().map(|row| row.id.clone());
    model.list.loaded = search.is_some();
    model.open = rows.first().map(|row| open(row.clone(), messages()));
    model.list.inbox = Inbox::found(rows, Beyond::of(next.map(str::to_owned)));
    model.finding = Some(Finding {
        typed: Field {
            text: typed.to_owned(),
        },
        misread: Search::parse(typed).err().map(|misread| say!("{misread}")),
        of: search,
        hits: hits
            .iter()
            .map(|hit| (hit.row.id.clone(), Trace::of(hit)))
            .collect(),
        partial: next.is_some(),
        people: people(),
        kept: Box::new(kept),
        ..Finding::default()
    });
    model.layers.push(Layer::Find);
}

/// What a search for `refund` finds: an open one, a closed one, and one by its contact.
pub(crate) fn refunds() -> Vec<Hit> {
    let piece = |text: &'static str, found| (Safe::literal(text), found);
    let message = |n: usize, minutes, excerpt| HitMessage {
        id: MessageId::parse(&format!("X-{n}")).expect("an id"),
        at: ago(minutes),
        excerpt,
    };
    let mut held = row("REF1", "Ida Moss", "WhatsApp", 8, "Thank you");
    held.assignee = Some(user("Ben Cole"));
    let mut closed = answered(
        row("REF2", "Kit Vale", "SMS", 2_900, "It is on its way"),
        Delivery::Delivered,
    );
    closed.state = State::Closed;
    closed.status = Some(Safe::literal("promise to pay"));
    let mut before = row("REF3", "+44 7700 900456", "Webchat", 90_000, "Bye");
    before.state = State::Closed;
    vec![
        Hit {
            row: held,
            message: Some(message(
                4,
                12,
                vec![
                    piece("…for three weeks now, and nobody says when the ", false),
                    piece("refund", true),
                    piece(" comes, or whether the second ", false),
                    piece("refund", true),
                    piece(" is…", false),
                ],
            )),
            closed_at: None,
        },
        Hit {
            row: closed,
            message: Some(message(
                9,
                2_900,
                vec![
                    piece("Refund", true),
                    piece(" of 20 to your card, as agreed", false),
                ],
            )),
            closed_at: Some(ago(2_880)),
        },
        Hit {
            row: before,
            message: None,
            closed_at: None,
        },
        Hit {
            row: row("REF4", "Refund Desk Ltd", "Email", 3, "Hello?"),
            message: None,
            closed_at: None,
        },
    ]
}

/// Puts the cursor on a conversation, as the console does when one moves: its messages are not there yet.
pub(crate) fn put_cursor(model: &mut Model, index: usize) {
    let row = model.list.inbox.get(index).expect("a row").clone();
    model.list.cursor = Some(row.id.clone());
    model.open = Some(Open::new(row));
}

/// Opens the composer on Bea Jones with some text in it.
pub(crate) fn compose(model: &mut Model, text: &str) {
    let row = model.list.inbox.row(&id("BEA")).expect("Bea Jones").clone();
    model.composer = Some(Composer::new(row, None, text));
}

/// So many conversations, in all groups.
pub(crate) fn many(count: usize) -> Model {
    let mut model = busy();
    let rows = (0..count)
        .map(|n| {
            let minutes = i64::try_from(n).expect("few");
            let name = say!("Customer {n}");
            let mut row = row(
                &format!("C{n}"),
                name.as_str(),
                "SMS",
                500 - minutes,
                "Hello",
            );
            row.unanswered = n % 3 != 0;
            row.just_entered = n % 5 == 0;
            row
        })
        .collect();
    model.list.inbox = Inbox::of(rows, Beyond::End, Beyond::End);
    model.list.cursor = model.list.inbox.get(0).map(|r| r.id.clone());
    let all = u64::try_from(count).expect("few");
    model.list.counts = Counts {
        mine: 0,
        unassigned: all,
        all,
    };
    model
}
