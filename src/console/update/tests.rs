//! The console told as (before, keys, after), without a screen, a clock or a desk.

mod acts;
mod answers;
mod comfort;
mod coming_back;
mod doubt;
mod drafts;
mod finding;
mod handing_back;
mod list;
mod locking;
mod marks;
mod notes;
mod pickers;
mod questions;
mod reading;
mod resuming;
mod surprises;
mod there;
mod typing;
mod versions;
mod whatever;
mod writing;

use super::{start, update};
use crate::{
    console::{
        command::Place,
        compose::Kind,
        draft::{Kept, Where},
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::{Layer, Link, Model, Pane, Preferences, Setting, Ticket},
        msg::{Msg, Timer},
    },
    desk::{
        Act, Answer, Attention, AttentionKind, Colleague, Counts, Detail, Doing, Event, Many,
        ManyDeed, Me, No, Page, Presence, Queue, Refused, Status, Trouble, View, What, link::News,
    },
    domain::{
        action::{Action, Cause, Deed, Expectation},
        conversation::{Handler, State},
        id::{ConversationId, OperationId, OrganisationId, UserId},
        moment::Moment,
        named::Named,
        queue::{Rule, Turnover},
        row::{Contact, Row},
        text::Safe,
    },
};

pub(super) fn id(name: &str) -> ConversationId {
    ConversationId::parse(name).unwrap()
}

/// A draft as it is found on disk.
pub(super) fn kept(kind: Kind, conversation: &str, text: &str, place: Where) -> Kept {
    Kept {
        kind,
        conversation: id(conversation),
        text: text.into(),
        at: Moment(1),
        of: Safe::line(conversation),
        asked: None,
        place,
    }
}

pub(super) fn user(name: &str) -> Named<UserId> {
    Named {
        id: UserId::parse(name).unwrap(),
        name: Safe::line(name),
    }
}

/// The line is gone, and it is noticed at once.
pub(super) fn lost(why: &'static str) -> Msg {
    Msg::News(News::Lost {
        why: Safe::literal(why),
        silence: std::time::Duration::ZERO,
    })
}

pub(super) fn row(name: &str, assignee: Option<&str>, since: i64) -> Row {
    Row {
        id: id(name),
        contact: Contact {
            name: Safe::line(name),
            address: Safe::literal("+44 7700 900123"),
        },
        channel: Safe::literal("SMS"),
        queue: Named {
            id: "payments".parse().unwrap(),
            name: Safe::literal("Payments"),
        },
        state: State::Open,
        status: None,
        handler: Handler::Person,
        assignee: assignee.map(user),
        last_message: None,
        unanswered: true,
        just_entered: false,
        since: Moment(since),
        reply_until: None,
        active: vec![],
        version: 1,
    }
}

pub(super) fn changed(row: &Row, assignee: Option<&str>) -> Row {
    Row {
        assignee: assignee.map(user),
        version: row.version + 1,
        ..row.clone()
    }
}

/// A console under test: it remembers every order since the last look.
pub(super) struct Desk {
    pub(super) model: Model,
    pub(super) orders: Vec<Effect>,
}

impl Desk {
    pub(super) fn empty() -> Self {
        let model = Model::new(Setting {
            zone: jiff::tz::TimeZone::UTC,
            ascii: false,
            size: (120, 40),
            seed: "test".into(),
            view: View::All,
            preferences: Preferences::default(),
        });
        Self {
            model,
            orders: vec![],
        }
    }

    /// Anna's console, live, with these rows.
    pub(super) fn with(rows: &[Row]) -> Self {
        let mut desk = Self::empty();
        desk.orders = start(&mut desk.model);
        desk.tell(Msg::Clock(Moment(1_000_000_000)));
        desk.tell(Msg::Me(Ok(Box::new(Me {
            user: user("anna"),
            username: Safe::literal("anna"),
            organisation: Named {
                id: OrganisationId::parse("cardiff").unwrap(),
                name: Safe::literal("Cardiff"),
            },
            conversations: true,
            actions: vec![Action::Unassign, Action::Take, Action::Reply],
            left_at: None,
            lost: None,
            desk_version: Safe::literal(crate::desk::version::OURS),
            desk: Safe::literal("d1"),
            banner: None,
        }))));
        desk.page(rows);
        desk.tell(Msg::News(News::Live)).shown();
        desk.orders.clear();
        desk
    }

    pub(super) fn tell(&mut self, msg: Msg) -> &mut Self {
        self.orders.extend(update(&mut self.model, msg));
        self
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ').filter(|k| !k.is_empty()) {
            self.key(key.parse().unwrap());
        }
        self
    }

    pub(super) fn key(&mut self, key: Key) -> &mut Self {
        self.tell(Msg::Input(Arrived {
            input: Input::Key(key),
            burst: false,
        }))
    }

    pub(super) fn types(&mut self, text: &str) -> &mut Self {
        for character in text.chars() {
            self.key(Key::Char(character));
        }
        self
    }

    /// The terminal shows all that happened so far.
    pub(super) fn shown(&mut self) -> &mut Self {
        self.tell(Msg::Painted).tell(Msg::Shown)
    }

    /// Time passes before a screen that shows all that happened.
    pub(super) fn pass(&mut self, millis: i64) -> &mut Self {
        self.shown();
        let now = Moment(self.model.now.0 + millis * 1_000);
        self.tell(Msg::Clock(now))
    }

    pub(super) fn event(&mut self, what: What) -> &mut Self {
        self.tell(Msg::News(News::Event(Event {
            cursor: Some(100),
            what,
        })))
    }

    pub(super) fn row(&mut self, row: Row) -> &mut Self {
        self.event(What::Row(Box::new(row)))
    }

    /// Answers the newest fetch of the list.
    pub(super) fn page(&mut self, rows: &[Row]) -> &mut Self {
        let ticket = self.list_ticket();
        let page = Page {
            rows: rows.to_vec(),
            next: None,
            prev: None,
            as_of: 10,
            counts: Counts {
                mine: 1,
                unassigned: 1,
                all: rows.len() as u64,
            },
        };
        self.tell(Msg::Listed(ticket, Ok(Box::new(page))))
    }

    pub(super) fn list_ticket(&self) -> Ticket {
        self.orders
            .iter()
            .rev()
            .find_map(|e| {
                if let Effect::LoadList(ticket, _) = e {
                    Some(*ticket)
                } else {
                    None
                }
            })
            .expect("a fetch of the list")
    }

    /// The newest order to act.
    pub(super) fn act(&self) -> Act {
        self.acts().pop().expect("an act")
    }

    pub(super) fn acts(&self) -> Vec<Act> {
        self.orders
            .iter()
            .filter_map(|e| {
                if let Effect::Act(act) = e {
                    Some(act.clone())
                } else {
                    None
                }
            })
            .collect()
    }

    pub(super) fn many(&self) -> Many {
        self.orders
            .iter()
            .rev()
            .find_map(|e| {
                if let Effect::Many(m) = e {
                    Some(m.clone())
                } else {
                    None
                }
            })
            .unwrap()
    }

    pub(super) fn sent(&self) -> Vec<crate::desk::Reply> {
        self.orders
            .iter()
            .filter_map(|e| {
                if let Effect::Send(reply) = e {
                    Some(reply.clone())
                } else {
                    None
                }
            })
            .collect()
    }

    /// What the desk was told of where the advisor is, in order, since the last look.
    pub(super) fn told(&mut self) -> Vec<(String, Doing)> {
        let told = self.orders.iter().filter_map(|e| match e {
            Effect::Tell(to) => Some((
                to.open.as_ref().map_or(String::new(), ToString::to_string),
                to.what,
            )),
            _ => None,
        });
        let told = told.collect();
        self.orders.clear();
        told
    }

    /// The desk says what may be done to a conversation: everything, but for these.
    pub(super) fn allowed_but(&mut self, row: &Row, no: &[(Action, &'static str)]) -> &mut Self {
        let verdict = |action| match no.iter().find(|(of, _)| *of == action) {
            Some((_, why)) => Err(Safe::literal(why)),
            None => Ok(()),
        };
        let actions = Action::ALL.iter().map(|a| (*a, verdict(*a))).collect();
        let row = row.clone();
        self.tell(Msg::Detail(
            row.id.clone(),
            Ok(Box::new(Detail { row, actions })),
        ))
    }

    pub(super) fn attend(
        &mut self,
        name: &str,
        kind: AttentionKind,
        cause: Cause,
        reason: Option<&'static str>,
    ) -> &mut Self {
        self.event(What::Attention(Attention {
            conversation: id(name),
            kind,
            cause: Some(cause),
            by: Some(user("gwen")),
            reason: reason.map(Safe::literal),
            at: Moment(1),
        }))
    }

    /// The newest order to take something back: its own operation, and that of the act.
    pub(super) fn undo(&self) -> (OperationId, OperationId) {
        let mut orders = self.orders.iter().rev();
        let found = orders.find_map(|e| match e {
            Effect::Undo { operation, act } => Some((operation.clone(), act.clone())),
            _ => None,
        });
        found.expect("an undo")
    }

    pub(super) fn answer(&mut self, answer: Answer) -> &mut Self {
        let operation = self.act().operation;
        self.tell(Msg::Answered(operation, answer))
    }

    pub(super) fn cursor(&self) -> &str {
        self.model.list.cursor.as_ref().map_or("", |id| id.as_str())
    }

    pub(super) fn said(&self) -> &str {
        self.model.notices.back().map_or("", |n| n.text.as_str())
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.model
            .list
            .inbox
            .rows()
            .map(|r| r.id.as_str())
            .collect()
    }
}

fn three() -> Vec<Row> {
    vec![
        row("bea", Some("anna"), 1),
        row("carl", None, 2),
        row("dee", Some("anna"), 3),
    ]
}

/// Somebody who is there, with nothing to do.
fn colleague(name: &str, presence: Presence) -> Colleague {
    Colleague {
        user: user(name),
        username: Safe::line(name),
        organisation: Named {
            id: OrganisationId::parse("cardiff").unwrap(),
            name: Safe::literal("Cardiff"),
        },
        presence,
        since: None,
        open: 0,
        unanswered: 0,
        oldest_waiting: None,
        replying: 0,
        drafts: 0,
        last_action: None,
    }
}

fn queue(name: &'static str, active: bool) -> Queue {
    Queue {
        queue: Named {
            id: name.to_lowercase().parse().unwrap(),
            name: Safe::literal(name),
        },
        owner: Named {
            id: "head".parse().unwrap(),
            name: Safe::literal("Head office"),
        },
        rule: Rule::SelfSelection,
        max_open: None,
        active,
        on_login: Turnover::Nothing,
        on_logout: Turnover::Nothing,
        open: 3,
        unassigned: 1,
    }
}

fn done(row: Row) -> Answer {
    Answer::Done(Some(Box::new(row)))
}
