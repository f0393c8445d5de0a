//! Models for the tests of the view: a usual afternoon, and worse.

use jiff::tz::TimeZone;

use crate::{
    console::{
        compose::Composer,
        model::{Link, Loaded, Model, Notice, Open, Preferences, Setting, Tone},
    },
    desk::{Colleague, Counts, Me, Presence, Queue, Status, View},
    domain::{
        action::{Action, Refusal},
        conversation::{Handler, State},
        id::{ConversationId, MessageId, UserId},
        inbox::{Beyond, Inbox},
        message::{Delivery, Direction, Failure, Message},
        moment::Moment,
        queue::{Rule, Turnover},
        row::{Active, Activity, Contact, LastMessage, Named, Row},
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
        desk_version: Safe::literal("0.1.0"),
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
        messages,
        loaded: Loaded::Yes,
        ..Open::new(row)
    }
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
