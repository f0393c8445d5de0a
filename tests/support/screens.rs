//! Every screen of the console, with a text of a stranger's in every field that can hold one.

#[path = "leader.rs"]
mod leader;

use handback::{
    console::{
        compose::Kind,
        draft::{Kept, Where},
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::{Layer, Model, Preferences, Setting, Tone},
        msg::Msg,
        theme::{Palette, Theme},
        update::{start, update},
        view::view,
    },
    desk::{
        Answer, Attention, AttentionKind, Blocking, Colleague, Counts, Detail, Done, Event, Found,
        History, Hit, HitMessage, Known, Me, Messages, No, Page, Phrase, Presence, Queue, Refused,
        Status, View, What, Whole, link::News,
    },
    domain::{
        action::{Action, Cause},
        conversation::{Handler, State},
        id::UserId,
        message::{Attachment, Delivery, Direction, Failure, HistoryItem, Message},
        moment::Moment,
        named::Named,
        row::{Active, Activity, Contact, LastMessage, Row},
        text::Safe,
    },
    say,
};
use ratatui::buffer::Buffer;

/// A screen there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    List,
    Conversation,
    Menu,
    Help,
    Queues,
    Filter,
    Composer,
    Preview,
    Leaving,
    People,
    Move,
    Statuses,
    Copy,
    Reason,
    Block,
    Intervene,
    Note,
    Results,
    Told,
    Offline,
    Trouble,
    /// Saying what to look for.
    Find,
    /// What was found.
    Found,
    /// Handing back some: what would move.
    Some,
    /// The same at whose they are.
    SomeWhose,
    /// The same at what is typed.
    SomeWords,
    /// The same at what is chosen.
    SomeOfWhat,
    /// Choosing who gets them.
    SomeToWhom,
    /// What became of each.
    SomeDone,
    /// My acts, one of them open.
    Acts,
    /// The side panel.
    Panel,
    /// One message alone.
    Alone,
    /// The same, every character by its code.
    Codes,
    /// Choosing a smart phrase.
    Phrases,
    /// Every draft there is.
    Drafts,
    /// Where a transcript is written.
    FileName,
    /// What was said lately.
    Notices,
    /// Anything by its name.
    ByName,
    /// The list for a screen reader.
    Spoken,
    /// The three dots for a screen reader.
    SpokenMenu,
    /// In which form a transcript is written.
    Forms,
    /// A reply that goes out in a moment.
    Waiting,
    /// A colleague wrote while one was writing.
    Crossed,
    /// Looking up whose conversations to look for.
    Completing,
    /// The very first time.
    First,
}

/// All of them.
pub(crate) const SCREENS: [Screen; 45] = [
    Screen::List,
    Screen::Conversation,
    Screen::Menu,
    Screen::Help,
    Screen::Queues,
    Screen::Filter,
    Screen::Composer,
    Screen::Preview,
    Screen::Leaving,
    Screen::People,
    Screen::Move,
    Screen::Statuses,
    Screen::Copy,
    Screen::Reason,
    Screen::Block,
    Screen::Intervene,
    Screen::Note,
    Screen::Results,
    Screen::Told,
    Screen::Offline,
    Screen::Trouble,
    Screen::Find,
    Screen::Found,
    Screen::Some,
    Screen::SomeWhose,
    Screen::SomeWords,
    Screen::SomeOfWhat,
    Screen::SomeToWhom,
    Screen::SomeDone,
    Screen::Acts,
    Screen::Panel,
    Screen::Alone,
    Screen::Codes,
    Screen::Phrases,
    Screen::Drafts,
    Screen::FileName,
    Screen::Notices,
    Screen::ByName,
    Screen::Spoken,
    Screen::SpokenMenu,
    Screen::Forms,
    Screen::Waiting,
    Screen::Crossed,
    Screen::Completing,
    Screen::First,
];

/// Draws a screen in which strangers wrote `text` wherever they can; gives the cursor's place.
pub(crate) fn hostile(
    screen: Screen,
    text: &str,
    size: (u16, u16),
    ascii: bool,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let model = shown(screen, text, size, ascii);
    buffer.reset();
    view(
        &model,
        &Theme::new(if ascii { Palette::Plain } else { Palette::True }),
        buffer,
    )
}

/// A console that shows that screen.
pub(crate) fn shown(screen: Screen, text: &str, size: (u16, u16), ascii: bool) -> Model {
    let mut model = filled(screen, text, size, ascii);
    let keys: &[Key] = match screen {
        Screen::List => &[],
        Screen::Conversation => &[Key::Enter],
        Screen::Menu => &[Key::Char('.')],
        Screen::Help => &[Key::Char('?')],
        Screen::Queues => &[Key::Char('Q')],
        Screen::Filter => &[Key::Char('/')],
        Screen::Composer => &[Key::Char('r')],
        Screen::Preview => &[Key::Char(' '), Key::Char(' '), Key::Char('u')],
        Screen::Leaving => &[Key::Char('q')],
        Screen::People => &[Key::Char('a')],
        Screen::Move => &[Key::Char('m')],
        Screen::Statuses => &[Key::Char('s')],
        Screen::Copy => &[Key::Char('y')],
        Screen::Reason => &[Key::Char('U')],
        Screen::Block => &[Key::Char('.'), Key::Char('b')],
        Screen::Intervene => &[Key::Char('.'), Key::Char('i')],
        Screen::Note => &[Key::Char('n')],
        Screen::Results => &[Key::Char(' '), Key::Char(' '), Key::Char('u')],
        Screen::Told | Screen::Offline | Screen::Trouble => &[],
        Screen::Some
        | Screen::SomeWhose
        | Screen::SomeWords
        | Screen::SomeOfWhat
        | Screen::SomeToWhom
        | Screen::SomeDone => &[Key::Char('D')],
        Screen::Acts => &[Key::Char('H')],
        Screen::Find | Screen::Found => &[Key::Char('f')],
        Screen::Panel => &[Key::Char('l'), Key::Char('p')],
        Screen::Alone | Screen::Codes => &[Key::Char('v')],
        Screen::Phrases => &[Key::Char('r'), Key::Tab],
        Screen::Drafts => &[Key::Char('4')],
        Screen::FileName => &[Key::Char('.'), Key::Char('e'), Key::Enter],
        Screen::Notices => &[Key::Char('!')],
        Screen::ByName => &[Key::Char(':')],
        Screen::Spoken => &[Key::Down],
        Screen::SpokenMenu => &[Key::Char('.')],
        Screen::Forms => &[Key::Char('.'), Key::Char('e')],
        Screen::Waiting | Screen::Crossed => &[Key::Char('r')],
        Screen::Completing => &[Key::Char('f')],
        Screen::First => &[],
    };
    model.spoken = matches!(screen, Screen::Spoken | Screen::SpokenMenu);
    if screen == Screen::Notices {
        told(&mut model, text);
        model.say(Tone::Warning, say!("{text}"));
    }
    if screen != Screen::Menu {
        allow_all(&mut model);
    }
    for key in keys {
        press(&mut model, *key);
    }
    match screen {
        // What one types and pastes oneself was copied from somewhere, too.
        Screen::Composer
        | Screen::Note
        | Screen::Filter
        | Screen::Find
        | Screen::Queues
        | Screen::Move
        | Screen::FileName
        | Screen::Reason => {
            tell(
                &mut model,
                Msg::Input(Arrived {
                    input: Input::Paste(text.to_owned()),
                    burst: false,
                }),
            );
            for c in text.chars().take(40).filter(|c| !c.is_control()) {
                press(&mut model, Key::Char(c));
            }
        }
        Screen::People => {
            let of = Some("C0".parse().unwrap());
            let people = (0..3).map(|n| colleague(text, n)).collect();
            tell(&mut model, Msg::People(of, Ok(people)));
        }
        Screen::Statuses => {
            let status = Status {
                name: Safe::line(text),
                word: text.to_owned(),
            };
            tell(&mut model, Msg::Statuses(Ok(vec![status.clone(), status])));
        }
        Screen::Found => found(&mut model, text),
        Screen::Phrases => {
            let phrase = Phrase {
                keywords: vec![Safe::line(text); 2],
                body: Safe::text(text),
                words: text.to_owned(),
                organisation: Named {
                    id: "head".parse().unwrap(),
                    name: Safe::line(text),
                },
            };
            tell(&mut model, Msg::Phrases(Ok(vec![phrase.clone(), phrase])));
        }
        Screen::Drafts => {
            let kept = |kind, conversation: &str, place| Kept {
                kind,
                conversation: conversation.parse().unwrap(),
                text: text.to_owned(),
                at: Moment(1),
                of: Safe::line(text),
                asked: None,
                place,
            };
            let there = vec![
                kept(Kind::Reply, "C0", Where::Here),
                kept(Kind::Note, "C9", Where::Aside("one".into())),
                kept(Kind::Reply, "GONE", Where::Elsewhere("two".into())),
            ];
            tell(&mut model, Msg::Drafts(there));
        }
        Screen::Results => results(&mut model, text),
        Screen::Told => told(&mut model, text),
        Screen::Offline => {
            let why = Safe::line(text);
            let silence = std::time::Duration::ZERO;
            tell(&mut model, Msg::News(News::Lost { why, silence }));
        }
        Screen::Trouble => {
            model.list.trouble = Some(Safe::line(text));
            model.list.inbox = handback::domain::inbox::Inbox::default();
            model.say(Tone::Warning, say!("{text}"));
        }
        Screen::Some
        | Screen::SomeWhose
        | Screen::SomeWords
        | Screen::SomeOfWhat
        | Screen::SomeToWhom
        | Screen::SomeDone
        | Screen::Acts => leader::lead(&mut model, screen, text),
        Screen::Panel => {
            let known = Known {
                began: Moment(1),
                first_seen: Moment(0),
                count: 2,
                others: vec![row(text, 1)],
                blocked: Some(Blocking {
                    at: Moment(1),
                    until: None,
                    by: Some(gwen(text)),
                }),
            };
            let known = Ok(Box::new(known));
            let id = "C0".parse().unwrap();
            tell(&mut model, Msg::Known(id, known, Ok(history(text))));
        }
        Screen::Alone | Screen::Codes => {
            let alone = |model: &Model| match model.layers.last() {
                Some(Layer::Alone(alone)) => alone.message.clone(),
                _ => panic!("no message is shown alone"),
            };
            let message = alone(&model);
            let id = message.id.clone();
            let escaped = Safe::escaped(text);
            let whole = Ok(Box::new(Whole { message, escaped }));
            tell(&mut model, Msg::Whole("C0".parse().unwrap(), id, whole));
            if screen == Screen::Codes {
                press(&mut model, Key::Char('e'));
            }
        }
        Screen::Waiting => {
            for c in "Yes".chars() {
                press(&mut model, Key::Char(c));
            }
            press(&mut model, Key::Enter);
        }
        Screen::Crossed => {
            let row = Row {
                version: 2,
                ..row(text, 0)
            };
            let message = Message {
                id: "M99".parse().unwrap(),
                ..message(text, 1)
            };
            let what = What::Message(Box::new(row), Box::new(message));
            tell(
                &mut model,
                Msg::News(News::Event(Event {
                    cursor: Some(9),
                    what,
                })),
            );
        }
        Screen::Completing => {
            for c in "by:".chars() {
                press(&mut model, Key::Char(c));
            }
            let people = (0..3).map(|n| colleague(text, n)).collect();
            tell(&mut model, Msg::People(None, Ok(people)));
        }
        _ => {}
    }
    model
}

fn tell(model: &mut Model, msg: Msg) -> Vec<Effect> {
    update(model, msg)
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    tell(
        model,
        Msg::Input(Arrived {
            input: Input::Key(key),
            burst: false,
        }),
    )
}

/// The desk allows everything, so that every layer opens.
fn allow_all(model: &mut Model) {
    let row = model.open.as_ref().expect("a conversation").row.clone();
    let not_blocked = |a: &Action| match a {
        Action::Unblock => Err(Safe::literal("not on it")),
        _ => Ok(()),
    };
    let actions = Action::ALL.iter().map(|a| (*a, not_blocked(a))).collect();
    tell(
        model,
        Msg::Detail(row.id.clone(), Ok(Box::new(Detail { row, actions }))),
    );
}

/// An act on several was done to one and refused for the other, in a desk's own words.
fn results(model: &mut Model, text: &str) {
    tell(model, Msg::Painted);
    tell(model, Msg::Shown);
    let many = press(model, Key::Enter).into_iter().find_map(|e| match e {
        Effect::Many(many) => Some(many),
        _ => None,
    });
    let many = many.expect("an act on the marked ones");
    let refused = || {
        Answer::Refused(Refused {
            why: Safe::line(text),
            kind: No::Rule,
        })
    };
    let results = many.items.iter().map(|(id, _)| (id.clone(), refused()));
    let results = results.collect();
    tell(model, Msg::ManyAnswered(many.operation, Ok(results)));
}

/// A search found the conversations there are, in messages and by contact, closed ones among them.
fn found(model: &mut Model, text: &str) {
    for c in "by:".chars() {
        press(model, Key::Char(c));
    }
    let people = (0..3).map(|n| colleague(text, n)).collect();
    tell(model, Msg::People(None, Ok(people)));
    press(model, Key::Tab);
    let ticket = press(model, Key::Enter).into_iter().find_map(|e| match e {
        Effect::Find(ticket, _) => Some(ticket),
        _ => None,
    });
    let kept = &model.finding.as_ref().expect("a search").kept;
    let rows: Vec<Row> = kept.inbox.rows().cloned().collect();
    let line = || Safe::line(text);
    let hits = rows.into_iter().enumerate().map(|(n, row)| Hit {
        row: Row {
            state: if n % 2 == 0 {
                State::Closed
            } else {
                State::Open
            },
            ..row
        },
        message: Some(HitMessage {
            id: "M1".parse().unwrap(),
            at: Moment(1),
            excerpt: vec![(line(), false), (line(), true), (line(), false)],
        }),
        closed_at: Some(Moment(1_794_500_000_000_000)),
    });
    let found = Found {
        hits: hits.collect(),
        ..Found::default()
    };
    let ticket = ticket.expect("a search");
    tell(model, Msg::Found(ticket, Ok(Box::new(found))));
}

/// What others did with one's conversations, while one was there and while one was away.
fn told(model: &mut Model, text: &str) {
    let line = Safe::line(text);
    let gwen = Named {
        id: "gwen".parse().unwrap(),
        name: line.clone(),
    };
    let mut me = me(text);
    me.left_at = Some(Moment(1_794_000_000_000_000));
    let asked = tell(model, Msg::Me(Ok(Box::new(me))));
    let ticket = asked.into_iter().find_map(|e| match e {
        Effect::LoadActs(ticket, _) => Some(ticket),
        _ => None,
    });
    let done = Done {
        operation: "op".parse().unwrap(),
        at: Moment(1_794_500_000_000_000),
        action: Action::Unassign,
        by: Some(gwen.clone()),
        cause: None,
        of: vec![],
        reason: Some(line.clone()),
        line_lost: false,
        undone: false,
        count: 2,
        fates: vec![],
    };
    tell(
        model,
        Msg::Acts(ticket.expect("a question"), Ok(vec![done])),
    );
    let attention = Attention {
        conversation: "C0".parse().unwrap(),
        kind: AttentionKind::HandedBack,
        cause: Some(Cause::Unassign),
        by: Some(gwen),
        reason: Some(line),
        at: Moment(1),
    };
    let what = What::Attention(attention);
    let event = Event { cursor: None, what };
    tell(model, Msg::News(News::Event(event)));
}

fn gwen(text: &str) -> Named<UserId> {
    Named {
        id: "gwen".parse().unwrap(),
        name: Safe::line(text),
    }
}

/// What the team did, with a text of a stranger's in all that can hold one.
fn history(text: &str) -> History {
    let line = || Some(Safe::line(text));
    let item = |n: usize, kind: &str, to, body| HistoryItem {
        id: Safe::line(&n.to_string()),
        at: Moment(1_794_999_000_000_000),
        kind: Safe::line(kind),
        by: Some(gwen(text)),
        from: line(),
        to,
        cause: line(),
        reason: line(),
        body,
    };
    let kinds = [
        "assignee", "queue", "status", "state", "handler", "block", text,
    ];
    let mut items: Vec<_> = kinds
        .iter()
        .enumerate()
        .map(|(n, kind)| item(n, kind, if n == 0 { None } else { line() }, None))
        .collect();
    items.push(item(99, "note", None, Some(Safe::text(text))));
    items.reverse();
    History { items, next: None }
}

fn colleague(text: &str, n: u64) -> Colleague {
    let line = Safe::line(text);
    Colleague {
        user: Named {
            id: format!("U{n}").parse().unwrap(),
            name: line.clone(),
        },
        username: line.clone(),
        organisation: Named {
            id: "cardiff".parse().unwrap(),
            name: line,
        },
        presence: Presence::Away,
        since: None,
        open: n,
        unanswered: 0,
        oldest_waiting: None,
        replying: 0,
        drafts: 0,
        last_action: None,
    }
}

fn filled(screen: Screen, text: &str, size: (u16, u16), ascii: bool) -> Model {
    let mut model = Model::new(Setting {
        zone: jiff::tz::TimeZone::UTC,
        ascii,
        size,
        seed: "grammar".into(),
        view: View::All,
        preferences: Preferences {
            first_time: screen == Screen::First,
            send_delay: match screen {
                Screen::Waiting => std::time::Duration::from_secs(5),
                _ => std::time::Duration::ZERO,
            },
            ..Preferences::default()
        },
    });
    let ticket = start(&mut model)
        .into_iter()
        .find_map(|e| {
            if let Effect::LoadList(ticket, _) = e {
                Some(ticket)
            } else {
                None
            }
        })
        .expect("the list is fetched first");
    tell(&mut model, Msg::Clock(Moment(1_795_000_000_000_000)));
    tell(&mut model, Msg::Me(Ok(Box::new(me(text)))));
    let rows: Vec<Row> = (0..12).map(|n| row(text, n)).collect();
    let page = Page {
        rows: rows.clone(),
        next: Some("more".into()),
        prev: None,
        as_of: 1,
        counts: Counts {
            mine: 3,
            unassigned: 4,
            all: 12,
        },
    };
    tell(&mut model, Msg::Listed(ticket, Ok(Box::new(page))));
    tell(&mut model, Msg::News(News::Live));
    let queue = Queue {
        queue: Named {
            id: "q1".parse().unwrap(),
            name: Safe::line(text),
        },
        owner: Named {
            id: "o1".parse().unwrap(),
            name: Safe::line(text),
        },
        rule: handback::domain::queue::Rule::default(),
        max_open: None,
        active: true,
        on_login: handback::domain::queue::Turnover::Nothing,
        on_logout: handback::domain::queue::Turnover::Nothing,
        open: 3,
        unassigned: 1,
    };
    tell(&mut model, Msg::Queues(Ok(vec![queue.clone(), queue])));
    let items = (0..8).map(|n| message(text, n)).collect();
    let conversation = rows[0].id.clone();
    tell(
        &mut model,
        Msg::Opened {
            conversation: conversation.clone(),
            oldest: false,
            messages: Ok(Messages { items, next: None }),
            history: Ok(history(text)),
        },
    );
    let no = Err(Safe::line(text));
    let actions = Action::ALL
        .iter()
        .map(|a| {
            (
                *a,
                if *a == Action::Unassign {
                    Ok(())
                } else {
                    no.clone()
                },
            )
        })
        .collect();
    tell(
        &mut model,
        Msg::Detail(
            conversation,
            Ok(Box::new(Detail {
                row: rows[0].clone(),
                actions,
            })),
        ),
    );
    model.say(
        Tone::Plain,
        say!("Handed back {} to {}", Safe::line(text), Safe::line(text)),
    );
    model
}

fn me(text: &str) -> Me {
    Me {
        user: Named {
            id: "anna".parse().unwrap(),
            name: Safe::line(text),
        },
        username: Safe::line(text),
        organisation: Named {
            id: "cardiff".parse().unwrap(),
            name: Safe::line(text),
        },
        conversations: true,
        actions: Action::ALL.to_vec(),
        left_at: None,
        lost: None,
        desk_version: Safe::line(text),
        desk: Safe::line(text),
        banner: Some(Safe::line(text)),
    }
}

fn row(text: &str, n: i64) -> Row {
    let line = Safe::line(text);
    Row {
        id: format!("C{n}").parse().unwrap(),
        contact: Contact {
            name: if n % 4 == 3 {
                Safe::default()
            } else {
                line.clone()
            },
            address: line.clone(),
        },
        channel: line.clone(),
        queue: Named {
            id: "q1".parse().unwrap(),
            name: line.clone(),
        },
        state: State::Open,
        status: Some(line.clone()),
        handler: if n % 5 == 4 {
            Handler::Bot
        } else {
            Handler::Person
        },
        assignee: match n % 3 {
            0 => Some(Named {
                id: "anna".parse().unwrap(),
                name: line.clone(),
            }),
            1 => Some(Named {
                id: "ben".parse().unwrap(),
                name: line.clone(),
            }),
            _ => None,
        },
        last_message: Some(LastMessage {
            direction: if n % 2 == 0 {
                Direction::In
            } else {
                Direction::Out
            },
            preview: line.clone(),
            at: Moment(1_794_999_000_000_000 + n),
            delivery: (n % 2 == 1).then_some(Delivery::Failed(Failure::Rejected)),
        }),
        unanswered: n % 4 != 1,
        just_entered: n % 4 == 0,
        since: Moment(1_794_999_000_000_000 + n),
        reply_until: (n == 0).then_some(Moment(1_795_100_000_000_000)),
        active: vec![Active {
            who: Named {
                id: "ben".parse().unwrap(),
                name: line,
            },
            what: Activity::Replying,
        }],
        version: 1,
    }
}

fn message(text: &str, n: i64) -> Message {
    Message {
        id: format!("M{n}").parse().unwrap(),
        direction: if n % 2 == 0 {
            Direction::In
        } else {
            Direction::Out
        },
        body: Safe::text(text),
        truncated: n == 3,
        at: Moment(1_794_999_000_000_000 - n * 3_600_000_000),
        sender: (n % 2 == 1).then(|| Named {
            id: "ben".parse().unwrap(),
            name: Safe::line(text),
        }),
        delivery: (n % 2 == 1).then_some(Delivery::Failed(Failure::InvalidNumber)),
        attachments: vec![Attachment {
            name: Safe::line(text),
            kind: Safe::line(text),
            size: 12,
        }],
    }
}
