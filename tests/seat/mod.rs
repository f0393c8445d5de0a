//! An advisor at a console, without a terminal and without a desk: keys go in, the bytes of frames come out, and
//! what the console fetches it gets at once.

use handback::{
    console::{
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::{Model, Preferences, Setting},
        msg::Msg,
        terminal::{Abilities, Painter},
        theme::{Palette, Theme},
        update::{start, update},
        view::view,
    },
    desk::{Counts, Detail, From, History, Me, Messages, Page, Query, View, link::News},
    domain::{
        action::{Action, Refusal},
        conversation::{Handler, State},
        id::ConversationId,
        message::{Delivery, Direction, Message},
        moment::Moment,
        named::Named,
        row::{Contact, LastMessage, Row},
        text::Safe,
    },
};
use ratatui::{buffer::Buffer, layout::Rect};

/// Monday, 1 December 2025, 14:03 UTC.
const NOW: i64 = 1_764_597_800_000_000;
const MINUTE: i64 = 60_000_000;

/// The place.
pub(crate) struct Seat {
    model: Model,
    theme: Theme,
    buffer: Buffer,
    painter: Painter,
    frame: Vec<u8>,
    size: usize,
}

/// What most advisors sit at.
pub(crate) fn xterm() -> Abilities {
    Abilities::of(|name| (name == "TERM").then(|| "xterm-256color".to_owned()))
        .expect("it is no dumb terminal")
}

impl Seat {
    /// At a console of 120×40 whose list has so many conversations, everything loaded and painted.
    pub(crate) fn at(size: usize, abilities: Abilities) -> Self {
        let area = Rect::new(0, 0, 120, 40);
        let mut seat = Self {
            model: Model::new(Setting {
                zone: jiff::tz::TimeZone::UTC,
                ascii: false,
                size: (area.width, area.height),
                seed: "seat".into(),
                view: View::All,
                preferences: Preferences::default(),
            }),
            theme: Theme::new(Palette::Indexed),
            buffer: Buffer::empty(area),
            painter: Painter::new(abilities),
            frame: Vec::with_capacity(16 * 1024),
            size,
        };
        seat.tell(Msg::Clock(Moment(NOW)));
        let effects = start(&mut seat.model);
        seat.carry_out(effects);
        seat.tell(Msg::News(News::Live));
        seat.paint();
        seat
    }

    /// Presses a key; gives the bytes of the frame that follows.
    pub(crate) fn press(&mut self, key: Key) -> usize {
        self.type_ahead(key, false);
        self.paint()
    }

    /// Presses a key so many times within one read, as a line that stalled delivers them; gives the bytes of all
    /// frames that follow.
    #[allow(dead_code, reason = "each user of this module uses a part of it")]
    pub(crate) fn burst(&mut self, key: Key, times: usize) -> usize {
        let mut waiting = Vec::new();
        for _ in 0..times {
            let arrived = Arrived {
                input: Input::Key(key),
                burst: true,
            };
            waiting.extend(update(&mut self.model, Msg::Input(arrived)));
        }
        let mut bytes = self.paint();
        while !waiting.is_empty() {
            waiting = waiting
                .into_iter()
                .filter_map(|effect| self.answer(effect))
                .collect::<Vec<_>>()
                .into_iter()
                .flat_map(|msg| update(&mut self.model, msg))
                .collect();
            bytes += self.paint();
        }
        bytes
    }

    /// Three messages of this body come; how long the frame takes that shows them first.
    #[allow(dead_code, reason = "each user of this module uses a part of it")]
    pub(crate) fn reads(&mut self, body: &str) -> std::time::Duration {
        self.press(Key::Enter);
        let (mut page, body) = (messages(0), Safe::text(body));
        for message in &mut page.items {
            message.body = body.clone();
        }
        let conversation = self.model.open.as_ref().expect("open").row.id.clone();
        self.tell(Msg::Opened {
            conversation,
            oldest: false,
            messages: Ok(page),
            history: Ok(History::default()),
        });
        self.draws()
    }

    /// Scrolls up by a line; how long the frame takes.
    #[allow(dead_code, reason = "each user of this module uses a part of it")]
    pub(crate) fn scrolls_and_draws(&mut self) -> std::time::Duration {
        let began = std::time::Instant::now();
        self.type_ahead(Key::Char('k'), false);
        self.paint();
        began.elapsed()
    }

    fn draws(&mut self) -> std::time::Duration {
        let began = std::time::Instant::now();
        self.paint();
        began.elapsed()
    }

    /// Where the cursor is, counted in the whole list.
    #[allow(dead_code, reason = "each user of this module uses a part of it")]
    pub(crate) fn cursor(&self) -> usize {
        let id = self
            .model
            .list
            .cursor
            .as_ref()
            .expect("the list is not empty");
        number(id)
    }

    fn type_ahead(&mut self, key: Key, burst: bool) {
        let input = Input::Key(key);
        self.tell(Msg::Input(Arrived { input, burst }));
    }

    fn tell(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Some(answer) = self.answer(effect) {
                self.tell(answer);
            }
        }
    }

    fn paint(&mut self) -> usize {
        let cursor = view(&self.model, &self.theme, &mut self.buffer);
        self.frame.clear();
        self.painter
            .paint(&self.buffer, cursor.map(Into::into), &mut self.frame);
        self.frame.len()
    }

    /// What the desk says; timers never run out.
    fn answer(&self, effect: Effect) -> Option<Msg> {
        Some(match effect {
            Effect::LoadMe => Msg::Me(Ok(Box::new(me()))),
            Effect::LoadList(ticket, query) => Msg::Listed(ticket, Ok(Box::new(self.page(&query)))),
            Effect::LoadDetail(id) => Msg::Detail(id.clone(), Ok(Box::new(detail(number(&id))))),
            Effect::Open(conversation, oldest) => Msg::Opened {
                messages: Ok(messages(number(&conversation))),
                history: Ok(History::default()),
                conversation,
                oldest,
            },
            _ => return None,
        })
    }

    fn page(&self, query: &Query) -> Page {
        let limit = usize::from(query.limit);
        let last = self.size.saturating_sub(limit);
        let from = match &query.from {
            From::Start => 0,
            From::End => last,
            From::Cursor(cursor) => cursor.parse().expect("a cursor of ours"),
            From::Around(id) => number(id).saturating_sub(limit / 2).min(last),
        };
        let to = (from + limit).min(self.size);
        let here = |at: usize| at.to_string();
        Page {
            rows: (from..to).map(row).collect(),
            next: (to < self.size).then(|| here(to)),
            prev: (from > 0).then(|| here(from.saturating_sub(limit))),
            as_of: 1,
            counts: Counts {
                mine: 1,
                unassigned: self.size as u64 / 2,
                all: self.size as u64,
            },
        }
    }
}

fn number(id: &ConversationId) -> usize {
    id.as_str()[1..].parse().expect("an id of ours")
}

fn named<T: std::str::FromStr<Err: std::fmt::Debug>>(id: &str, name: &'static str) -> Named<T> {
    Named {
        id: id.parse().expect("an id"),
        name: Safe::literal(name),
    }
}

fn me() -> Me {
    Me {
        user: named("anna", "Anna Webb"),
        username: Safe::literal("anna"),
        organisation: named("cardiff", "Cardiff"),
        conversations: true,
        actions: Action::ALL.to_vec(),
        left_at: None,
        lost: None,
        desk_version: Safe::literal("1"),
        desk: Safe::literal("desk"),
        banner: None,
    }
}

/// The nth conversation, unlike its neighbours.
fn row(n: usize) -> Row {
    const NAMES: [&str; 7] = ["Bea", "Carl", "Dee", "Eve", "Fay", "Gus", "Ida"];
    const FAMILIES: [&str; 11] = [
        "Jones", "Smith", "Okafor", "Price", "Nolan", "Moss", "Park", "Vale", "Webb", "Cole",
        "Eames",
    ];
    const PREVIEWS: [&str; 5] = [
        "Can I move my payment to Friday, please? It was due on Monday",
        "And can I split the rest?",
        "Please stop the letters, I have written to you twice now about this",
        "Is anybody there?",
        "The meter says 48213 and your letter says something else altogether",
    ];
    let since = Moment(NOW - MINUTE * (200_000 - n as i64));
    Row {
        id: format!("C{n:06}").parse().expect("an id"),
        contact: Contact {
            name: Safe::line(&format!("{} {}", NAMES[n % 7], FAMILIES[n % 11])),
            address: Safe::line(&format!("+44 7700 9{n:05}")),
        },
        channel: Safe::literal(["WhatsApp", "SMS", "Webchat"][n % 3]),
        queue: named("payments", ["Payments", "Meters"][n % 2]),
        state: State::Open,
        status: n.is_multiple_of(4).then(|| Safe::literal("promise to pay")),
        handler: Handler::Person,
        assignee: match n % 4 {
            1 => Some(named("anna", "Anna Webb")),
            2 => Some(named("ben", "Ben Cole")),
            _ => None,
        },
        last_message: Some(LastMessage {
            direction: Direction::In,
            preview: Safe::literal(PREVIEWS[n % 5]),
            at: since,
            delivery: None,
        }),
        unanswered: true,
        just_entered: n < 2,
        since,
        reply_until: None,
        active: Vec::new(),
        version: 1,
    }
}

fn detail(n: usize) -> Detail {
    let no = |why: Refusal| Err(Safe::literal(why.text()));
    let allowed = |action| match action {
        Action::Take => no(Refusal::YoursAlready),
        Action::Unblock => no(Refusal::NotBlocked),
        Action::Reopen => no(Refusal::Open),
        Action::Intervene => no(Refusal::NoBot),
        _ => Ok(()),
    };
    Detail {
        row: row(n),
        actions: Action::ALL.iter().map(|&a| (a, allowed(a))).collect(),
    }
}

/// Newest first.
fn messages(n: usize) -> Messages {
    const SAID: [&str; 4] = [
        "Hello, can I move my payment to Friday, please? It was due on Monday, and I am only paid on Thursday",
        "50 on Friday is fine. You will hear from us as soon as the plan is set up for you",
        "Thank you",
        "And can I split what is left over three months? My hours were cut and I do not see how else to do it",
    ];
    let message = |nth: usize| Message {
        id: format!("M{n}-{nth}").parse().expect("an id"),
        direction: if nth.is_multiple_of(2) {
            Direction::In
        } else {
            Direction::Out
        },
        body: Safe::literal(SAID[(n + nth) % 4]),
        truncated: false,
        at: Moment(NOW - MINUTE * (60 * nth as i64 + 7)),
        sender: (nth % 2 == 1).then(|| named("anna", "Anna Webb")),
        delivery: (nth % 2 == 1).then_some(Delivery::Delivered),
        attachments: Vec::new(),
    };
    Messages {
        items: (0..50).map(message).collect(),
        next: Some("older".into()),
    }
}
