//! The console told as (before, keys, after), without a screen, a clock or a desk.

use super::{start, update};
use crate::{
    console::{
        command::Place,
        effect::Effect,
        input::{Arrived, Input},
        key::Key,
        model::{Layer, Link, Model, Pane, Setting, Ticket},
        msg::{Msg, Timer},
    },
    desk::{
        Act, Answer, Attention, AttentionKind, Counts, Detail, Event, Many, Me, No, Page, Refused,
        Trouble, View, What, link::News,
    },
    domain::{
        action::{Action, Expectation},
        conversation::{Handler, State},
        id::{ConversationId, OrganisationId, UserId},
        moment::Moment,
        row::{Contact, Named, Row},
        text::Safe,
    },
};

pub(super) fn id(name: &str) -> ConversationId {
    ConversationId::parse(name).unwrap()
}

pub(super) fn user(name: &str) -> Named<UserId> {
    Named {
        id: UserId::parse(name).unwrap(),
        name: Safe::line(name),
    }
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
            enter_sends: true,
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
            desk_version: Safe::literal("0.1.0"),
            desk: Safe::literal("d1"),
            banner: None,
        }))));
        desk.page(rows);
        desk.tell(Msg::News(News::Live));
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

#[test]
fn u1_one_key_hands_back_at_once_and_says_how_to_undo() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u");
    let act = desk.act();
    assert_eq!(
        (act.deed.action(), act.conversation.as_str()),
        (Action::Unassign, "bea")
    );
    assert_eq!(
        act.expected,
        Expectation::seen(Some(user("anna").id), 1),
        "U5: what the screen showed"
    );
    assert_eq!(
        desk.model.pending_on(&id("bea")).unwrap().words(),
        "handing back…"
    );
    desk.answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    assert!(desk.model.pending.is_empty());
    assert_eq!(
        desk.said(),
        "Handed back bea to Payments · nobody has it yet · z gives it back to you"
    );
}

#[test]
fn u1_the_row_handed_back_stays_in_its_place_until_the_cursor_leaves() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("1").page(&[rows[0].clone(), rows[2].clone()]);
    desk.keys("u")
        .answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    assert_eq!((desk.names(), desk.cursor()), (vec!["bea", "dee"], "bea"));
    let before = desk.acts().len();
    desk.keys("u u u");
    assert_eq!(
        desk.acts().len(),
        before,
        "the key again, auto-repeat included, only says so"
    );
    assert_eq!(desk.said(), "bea is unassigned already");
    desk.keys("j");
    assert_eq!((desk.names(), desk.cursor()), (vec!["dee"], "dee"));
}

#[test]
fn r21_each_of_the_five_answers_is_said_as_what_it_is() {
    let rows = three();
    let refused = |kind| {
        Answer::Refused(Refused {
            why: Safe::literal("only its assignee may"),
            kind,
        })
    };
    let by_ben = Answer::Taken(Some(Box::new(changed(&rows[0], Some("ben")))));
    for (answer, said) in [
        (
            Answer::Already(Some(Box::new(changed(&rows[0], None)))),
            "bea was unassigned already",
        ),
        (by_ben, "ben has bea by now: nothing changed"),
        (
            Answer::Taken(None),
            "A colleague has bea by now: nothing changed",
        ),
        (
            refused(No::Rule),
            "Not handed back: bea, only its assignee may",
        ),
        (
            Answer::Unknown(Safe::literal("reset")),
            "bea: not known yet whether it was done, asking again · reset",
        ),
    ] {
        let mut desk = Desk::with(&rows);
        desk.keys("u").answer(answer);
        assert_eq!(desk.said(), said);
    }
}

#[test]
fn r21_unknown_asks_again_under_the_same_operation_id_and_waits_for_the_line() {
    let mut desk = Desk::with(&three());
    desk.keys("u");
    let first = desk.act();
    desk.answer(Answer::Unknown(Safe::literal("reset")));
    desk.tell(Msg::News(News::Lost {
        why: Safe::literal("reset"),
    }));
    desk.tell(Msg::Timer(Timer::AskAgain(first.operation.clone())));
    assert_eq!(desk.acts().len(), 1, "not while the line is down");
    desk.tell(Msg::News(News::Live));
    assert_eq!(desk.acts(), [first.clone(), first]);
}

#[test]
fn a_late_answer_to_something_else_is_ignored() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::Answered(
        "other-1".parse().unwrap(),
        Answer::Done(None),
    ));
    assert_eq!(desk.said(), "");
    assert_eq!(desk.names(), ["bea", "carl", "dee"]);
}

#[test]
fn r22_the_cursor_stays_on_its_conversation_when_the_list_reorders() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j");
    desk.row(Row {
        since: Moment(9),
        version: 2,
        ..rows[1].clone()
    });
    assert_eq!(
        (desk.names(), desk.cursor()),
        (vec!["bea", "dee", "carl"], "carl")
    );
    desk.row(row("abe", None, 0));
    assert_eq!((desk.names()[0], desk.cursor()), ("abe", "carl"));
}

#[test]
fn r22_when_an_event_moves_the_cursor_acts_are_refused_for_a_second_and_say_why() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j").event(What::Gone(id("carl")));
    assert_eq!(desk.cursor(), "dee");
    assert_eq!(desk.said(), "carl left: a colleague has it");
    desk.pass(900).keys("u");
    assert!(desk.acts().is_empty());
    assert_eq!(
        desk.said(),
        "carl left: a colleague has it; you are on dee, press the key again"
    );
    desk.keys("u");
    assert_eq!(desk.act().conversation, id("dee"));

    let mut desk = Desk::with(&rows);
    desk.keys("j").event(What::Gone(id("carl")));
    desk.pass(1_001).keys("u");
    assert_eq!(
        desk.act().conversation,
        id("dee"),
        "after a second the screen is what was meant"
    );
}

#[test]
fn r22_the_second_after_a_moved_cursor_begins_when_it_can_be_seen() {
    let mut desk = Desk::with(&three());
    desk.keys("j").event(What::Gone(id("carl")));
    let later = Moment(desk.model.now.0 + 20_000_000);
    desk.tell(Msg::Clock(later)).keys("u");
    assert!(
        desk.acts().is_empty(),
        "the line stalled: nothing was seen yet"
    );
    desk.keys("u");
    assert!(
        desk.acts().is_empty(),
        "and nothing was asked where one could read it"
    );
    desk.shown().keys("u");
    assert_eq!(desk.act().conversation, id("dee"), "now it was");
}

#[test]
fn r22_an_act_means_whoever_the_screen_showed_when_the_key_went_down() {
    let rows = [row("bea", Some("cara"), 1)];
    let mut desk = Desk::with(&rows);
    desk.shown().row(changed(&rows[0], Some("ben")));
    for keys in ["u", ". u"] {
        desk.tell(Msg::Painted).keys(keys);
        assert!(
            desk.acts().is_empty(),
            "{keys}: the screen still shows cara"
        );
        assert_eq!(
            desk.said(),
            "ben has bea now; you are on bea, press the key again"
        );
    }
    desk.keys("esc").tell(Msg::Shown).keys("u");
    assert_eq!(
        desk.act().expected,
        Expectation::seen(Some(user("ben").id), 2)
    );
}

#[test]
fn r22_what_one_did_oneself_is_no_surprise() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u").row(changed(&rows[0], None));
    desk.answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    desk.keys("z");
    assert!(
        desk.orders
            .iter()
            .any(|order| matches!(order, Effect::Undo { .. })),
        "{}",
        desk.said()
    );
}

#[test]
fn r22_the_first_u_after_a_text_field_only_asks_for_a_second() {
    let mut desk = Desk::with(&three());
    desk.keys("r esc").pass(1_400).keys("u");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.said(), "Press u again to hand back bea");
    desk.keys("u");
    assert_eq!(desk.act().conversation, id("bea"));
    let mut desk = Desk::with(&three());
    desk.keys("r esc").pass(1_600).keys("u");
    assert_eq!(desk.acts().len(), 1);
}

#[test]
fn r22_the_composer_opens_in_the_frame_of_its_key_so_that_words_are_words() {
    let mut desk = Desk::with(&three());
    desk.keys("r");
    assert_eq!(desk.model.place(), Place::Composer);
    desk.types("uzq.t");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "uzq.t");
    assert!(
        desk.orders
            .contains(&Effect::KeepDraft(id("bea"), "uzq.t".into())),
        "R23: each keystroke is kept"
    );
}

#[test]
fn r7_a_burst_moves_and_does_not_act() {
    let mut desk = Desk::with(&three());
    for key in ['j', 'u'] {
        desk.tell(Msg::Input(Arrived {
            input: Input::Key(Key::Char(key)),
            burst: true,
        }));
    }
    assert_eq!(desk.cursor(), "carl");
    assert!(desk.acts().is_empty());
    assert_eq!(
        desk.said(),
        "Several keys came at once: did not do u, press it again"
    );
}

#[test]
fn r7_a_paste_goes_only_into_text_and_never_submits() {
    let mut desk = Desk::with(&three());
    let paste = || {
        Msg::Input(Arrived {
            input: Input::Paste("u\nz\r\nq".into()),
            burst: false,
        })
    };
    desk.tell(paste());
    assert!(desk.orders.is_empty(), "{:?}", desk.orders);
    assert!(desk.said().starts_with("A paste was dropped"));
    desk.keys("r").tell(paste());
    assert!(desk.sent().is_empty());
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "u\nz\nq");
}

#[test]
fn the_list_does_not_move_under_an_open_menu_and_moves_after() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys(".").row(Row {
        since: Moment(9),
        version: 2,
        ..rows[0].clone()
    });
    desk.event(What::Gone(id("carl")));
    assert_eq!(desk.names(), ["bea", "carl", "dee"]);
    assert_eq!(desk.model.list.waiting.len(), 2);
    desk.keys("esc");
    assert_eq!((desk.names(), desk.cursor()), (vec!["dee", "bea"], "bea"));
}

#[test]
fn m1_the_menu_does_the_main_job_with_two_keys() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    let no = |why| Err(Safe::literal(why));
    let actions = vec![
        (Action::Move, no("not yet available")),
        (Action::Unassign, Ok(())),
        (Action::Take, no("yours already")),
    ];
    desk.keys("j k").tell(Msg::Detail(
        id("bea"),
        Ok(Box::new(Detail {
            row: rows[0].clone(),
            actions,
        })),
    ));
    desk.keys(".");
    assert_eq!(desk.model.place(), Place::Menu);
    desk.keys("enter");
    assert_eq!(desk.act().deed.action(), Action::Unassign);
    assert_eq!(desk.model.place(), Place::List, "the menu is gone");
}

#[test]
fn m1_what_does_not_apply_says_its_reason_and_does_nothing() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    let actions = vec![
        (Action::Unassign, Err(Safe::literal("nobody has it"))),
        (Action::Take, Ok(())),
    ];
    desk.keys("j").tell(Msg::Detail(
        id("carl"),
        Ok(Box::new(Detail {
            row: rows[1].clone(),
            actions,
        })),
    ));
    desk.keys(". u");
    assert!(desk.acts().is_empty());
    assert_eq!(desk.said(), "Unassign conversation: nobody has it");
    assert_eq!(desk.model.place(), Place::Menu, "it stays open");
    desk.keys("t");
    assert_eq!(desk.act().deed.action(), Action::Take);
}

#[test]
fn u6_undo_takes_back_the_last_act_once_and_never_an_older_one() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("u")
        .answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
    let act = desk.act().operation;
    desk.keys("z");
    let undo = desk.orders.iter().find_map(|e| match e {
        Effect::Undo { operation, act } => Some((operation.clone(), act.clone())),
        _ => None,
    });
    let (operation, undone) = undo.unwrap();
    assert_eq!(undone, act);
    let again = Row {
        version: 3,
        ..rows[0].clone()
    };
    desk.tell(Msg::ManyAnswered(
        operation,
        Ok(vec![(id("bea"), Answer::Done(Some(Box::new(again))))]),
    ));
    assert_eq!(desk.said(), "Taken back: bea is with you again");
    desk.keys("z");
    assert_eq!(desk.said(), "There is nothing to take back");
}

#[test]
fn u6_an_undo_that_changed_nothing_never_says_it_did() {
    let rows = three();
    let gone = Answer::Refused(Refused {
        why: Safe::literal("not there, or not yours to see"),
        kind: No::NotFound,
    });
    let by_ben = Answer::Taken(Some(Box::new(Row {
        version: 9,
        ..changed(&rows[0], Some("ben"))
    })));
    for (results, said) in [
        (
            vec![(id("bea"), gone)],
            "Not taken back: handing back bea · a colleague has it by now",
        ),
        (
            vec![(id("bea"), by_ben)],
            "Not taken back: handing back bea · ben has bea by now: nothing changed",
        ),
        (
            vec![],
            "Not taken back: handing back bea · the desk knows of no such act of yours",
        ),
    ] {
        let mut desk = Desk::with(&rows);
        desk.keys("u")
            .answer(Answer::Done(Some(Box::new(changed(&rows[0], None)))));
        desk.keys("z");
        let undo = desk.orders.iter().find_map(|order| match order {
            Effect::Undo { operation, .. } => Some(operation.clone()),
            _ => None,
        });
        desk.tell(Msg::ManyAnswered(undo.unwrap(), Ok(results)));
        assert_eq!(desk.said(), said);
        desk.tell(Msg::Painted)
            .tell(Msg::Shown)
            .pass(1_001)
            .keys("z");
        assert_eq!(desk.said(), "There is nothing to take back");
    }
}

#[test]
fn u6_a_sent_reply_is_what_nothing_takes_back() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("r").types("Yes").keys("enter");
    let operation = desk.sent()[0].operation.clone();
    desk.tell(Msg::Answered(
        operation,
        Answer::Done(Some(Box::new(changed(&rows[0], Some("anna"))))),
    ));
    assert!(desk.model.composer.is_none());
    assert!(
        desk.orders
            .contains(&Effect::KeepDraft(id("bea"), String::new())),
        "R23: gone once the desk has it"
    );
    desk.pass(5_000).keys("z");
    assert_eq!(desk.said(), "Nothing takes back a sent reply (bea)");
}

#[test]
fn a1_a_refused_reply_keeps_its_draft_and_freezes() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("j r").types("Mine?").keys("enter");
    let reply = desk.sent()[0].clone();
    assert_eq!(
        reply.expected_assignee,
        Some(None),
        "A1: believed to be nobody's"
    );
    desk.tell(Msg::Answered(reply.operation, Answer::Taken(None)));
    let composer = desk.model.composer.as_ref().unwrap();
    assert_eq!(composer.text(), "Mine?");
    assert!(composer.frozen.is_some());
    assert_eq!(desk.model.drafts[&id("carl")], "Mine?");
    desk.types("more").keys("enter");
    assert_eq!(desk.sent().len(), 1, "U8: every key but Esc is swallowed");
    assert_eq!(desk.model.composer.as_ref().unwrap().text(), "Mine?");
    desk.keys("esc");
    assert!(desk.model.composer.is_none());
}

#[test]
fn a_reply_whose_answer_was_lost_is_asked_for_again_by_the_advisor_and_never_sent_twice() {
    let mut desk = Desk::with(&three());
    desk.keys("r").types("Yes").keys("enter");
    let first = desk.sent()[0].clone();
    desk.tell(Msg::Answered(
        first.operation.clone(),
        Answer::Unknown(Safe::literal("reset")),
    ));
    assert_eq!(desk.sent().len(), 1, "never by itself");
    desk.keys("enter");
    assert_eq!(desk.sent()[1], first, "R20: the same operation id");
    desk.tell(Msg::Answered(
        first.operation.clone(),
        Answer::Unknown(Safe::literal("reset")),
    ));
    desk.types("!").keys("enter");
    assert_ne!(
        desk.sent()[2].operation,
        first.operation,
        "another text is another reply"
    );
}

#[test]
fn u8_handed_back_by_a_leader_it_stays_and_its_draft_too() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("r").types("I am");
    desk.row(changed(&rows[0], None));
    desk.event(What::Attention(Attention {
        conversation: id("bea"),
        kind: AttentionKind::HandedBack,
        cause: None,
        by: Some(user("gwen")),
        reason: Some(Safe::literal("lunch")),
        at: Moment(1),
    }));
    assert_eq!(desk.said(), "gwen handed back bea, which was yours: lunch");
    assert!(
        desk.model.composer.as_ref().unwrap().frozen.is_none(),
        "still hers to answer"
    );
    desk.event(What::Gone(id("bea")));
    let composer = desk.model.composer.as_ref().unwrap();
    assert!(
        composer
            .frozen
            .as_ref()
            .unwrap()
            .as_str()
            .starts_with("A colleague took it")
    );
    assert_eq!(desk.model.drafts[&id("bea")], "I am");
    desk.keys("esc");
    assert_eq!(desk.names(), ["carl", "dee"]);
}

#[test]
fn several_marked_are_previewed_first_and_failed_ones_stay_marked() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("space j space");
    assert_eq!(desk.model.marks.len(), 2);
    desk.keys("u");
    assert_eq!(desk.model.place(), Place::Preview);
    assert!(
        desk.orders.iter().all(|e| !matches!(e, Effect::Many(_))),
        "nothing moved yet"
    );
    desk.keys("enter");
    let many = desk.many();
    assert_eq!(
        many.items[0],
        (id("bea"), Expectation::seen(Some(user("anna").id), 1))
    );
    let taken = Answer::Taken(Some(Box::new(changed(&rows[2], Some("gwen")))));
    let done = Answer::Done(Some(Box::new(changed(&rows[0], None))));
    desk.tell(Msg::ManyAnswered(
        many.operation,
        Ok(vec![(id("bea"), done), (id("dee"), taken)]),
    ));
    assert_eq!(desk.said(), "Handed back 1 of 2, 1 stay marked");
    assert_eq!(desk.model.marks.keys().collect::<Vec<_>>(), [&id("dee")]);
    assert!(matches!(desk.model.layers.last(), Some(Layer::Preview(p)) if p.results.is_some()));
    desk.keys("r");
    assert_eq!(desk.many().items.len(), 1, "R24: the failed ones alone");
}

#[test]
fn one_marked_in_sight_goes_at_once() {
    let mut desk = Desk::with(&three());
    desk.keys("space u");
    assert_eq!(
        desk.act().conversation,
        id("bea"),
        "the marked one, not the one under the cursor"
    );
    assert!(desk.model.marks.is_empty());
}

#[test]
fn r17_offline_acts_are_refused_at_once_and_drafts_go_on() {
    let mut desk = Desk::with(&three());
    desk.tell(Msg::News(News::Lost {
        why: Safe::literal("the line broke"),
    }));
    assert!(matches!(desk.model.link, Link::Lost { .. }));
    desk.keys("u");
    assert!(desk.acts().is_empty());
    assert!(desk.said().starts_with("Offline since"), "{}", desk.said());
    desk.keys("r").types("Hello").keys("enter");
    assert!(desk.sent().is_empty());
    assert_eq!(desk.model.drafts[&id("bea")], "Hello");
}

#[test]
fn what_happened_while_a_page_was_under_way_is_not_lost() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("ctrl-r");
    desk.tell(Msg::News(News::Event(Event {
        cursor: Some(11),
        what: What::Gone(id("carl")),
    })));
    desk.page(&rows); // True at 10, so older than the event.
    assert_eq!(desk.names(), ["bea", "dee"]);
}

#[test]
fn r7_movement_beyond_what_is_held_counts_when_the_next_page_is_here() {
    let rows: Vec<_> = (10..90).map(|n| row(&format!("c{n}"), None, n)).collect();
    let page = |rows: &[Row], next: Option<&str>| Page {
        rows: rows.to_vec(),
        next: next.map(str::to_owned),
        as_of: 10,
        ..Page::default()
    };
    let moved = |keys: &str| {
        let mut desk = Desk::empty();
        desk.orders = start(&mut desk.model);
        let first = page(&rows[..40], Some("more"));
        desk.tell(Msg::Listed(desk.list_ticket(), Ok(Box::new(first))));
        desk.keys(keys);
        let rest = page(&rows[40..], None);
        desk.tell(Msg::Listed(desk.list_ticket(), Ok(Box::new(rest))));
        desk.model.cursor_index()
    };
    assert_eq!(moved(&"j ".repeat(60)), Some(60), "every key");
    assert_eq!(
        moved(&"j ".repeat(99)),
        Some(79),
        "as far as there is something"
    );
    let turned = "j ".repeat(60) + "k";
    assert_eq!(
        moved(&turned),
        Some(38),
        "who turns round moves from what they see"
    );
}

#[test]
fn an_answer_to_an_older_fetch_is_void() {
    let mut desk = Desk::with(&three());
    desk.keys("1");
    let old = desk.list_ticket();
    desk.keys("2");
    desk.tell(Msg::Listed(old, Err(Trouble::NotFound)));
    assert_eq!(desk.model.list.trouble, None);
    desk.page(&[row("carl", None, 2)]);
    assert_eq!(desk.names(), ["carl"]);
}

#[test]
fn holding_j_fetches_messages_only_where_it_rests() {
    let mut desk = Desk::with(&three());
    desk.keys("j j");
    assert!(
        !desk
            .orders
            .iter()
            .any(|e| matches!(e, Effect::LoadMessages(..)))
    );
    desk.tell(Msg::Timer(Timer::Rest(id("carl"))));
    assert!(
        !desk
            .orders
            .iter()
            .any(|e| matches!(e, Effect::LoadMessages(..))),
        "it went on"
    );
    desk.tell(Msg::Timer(Timer::Rest(id("dee"))));
    assert!(desk.orders.contains(&Effect::LoadMessages(id("dee"), None)));
}

#[test]
fn leaving_while_holding_work_asks_and_can_hand_it_all_back() {
    let rows = three();
    let mut desk = Desk::with(&rows);
    desk.keys("q");
    assert_eq!(desk.model.place(), Place::Leaving);
    assert!(!desk.orders.contains(&Effect::Quit));
    desk.keys("esc q b")
        .page(&[rows[0].clone(), rows[2].clone()]);
    let many = desk.many();
    assert_eq!(many.items.len(), 2);
    let done = |row: &Row| {
        (
            row.id.clone(),
            Answer::Done(Some(Box::new(changed(row, None)))),
        )
    };
    desk.tell(Msg::ManyAnswered(
        many.operation,
        Ok(vec![done(&rows[0]), done(&rows[2])]),
    ));
    assert_eq!(desk.orders.last(), Some(&Effect::Quit));
}

#[test]
fn an_account_the_desk_does_not_know_is_turned_away_with_the_desks_words() {
    let mut desk = Desk::empty();
    desk.tell(Msg::Me(Err(Trouble::NotSignedIn(Safe::literal(
        "no user has the unix_user awebb",
    )))));
    assert_eq!(
        desk.orders,
        [Effect::TurnAway(Safe::literal(
            "no user has the unix_user awebb"
        ))]
    );
}

#[test]
fn a_conversation_that_is_taken_closes_over_its_reader_with_a_notice() {
    let mut desk = Desk::with(&three());
    desk.keys("j l");
    assert_eq!(desk.model.pane, Pane::Conversation);
    desk.event(What::Gone(id("carl")));
    assert_eq!(desk.model.pane, Pane::List);
    assert_eq!(desk.said(), "carl left: a colleague has it");
}

#[test]
fn only_the_desk_knows_what_a_filter_finds() {
    let mut desk = Desk::with(&three());
    desk.keys("/").types("be");
    let query = desk.orders.iter().rev().find_map(|e| match e {
        Effect::LoadList(_, query) => Some(query.filter.clone()),
        _ => None,
    });
    assert_eq!(query.as_deref(), Some("be"));
    desk.page(&three()[..1]).keys("enter");
    desk.row(row("zoe", None, 0));
    assert_eq!(desk.names(), ["bea"]);
    assert!(
        desk.orders
            .iter()
            .any(|e| matches!(e, Effect::After(_, Timer::Refetch(_))))
    );
    desk.keys("esc").page(&three());
    assert_eq!(desk.names().len(), 3);
}
