//! My acts, told as (before, keys, after).

use crate::{
    console::{
        command::Place,
        effect::Effect,
        model::{Layer, Line, MyActs, Ticket},
        msg::{Msg, Timer},
        update::tests::{Desk, changed, id, row, user},
    },
    desk::{ActsQuery, Answer, Became, Done, Fate, Trouble, What, Whose},
    domain::{
        action::{Action, UNDO_WITHIN},
        moment::Moment,
        row::Row,
        text::Safe,
    },
};

const HOUR: i64 = 3_600_000_000;

fn fate(row: Row, became: Became) -> Fate {
    Fate {
        row,
        became,
        to: None,
        at: None,
        cause: None,
    }
}

fn done(operation: &str, at: i64, fates: Vec<Fate>) -> Done {
    Done {
        operation: operation.parse().unwrap(),
        at: Moment(at),
        action: Action::Unassign,
        by: Some(user("anna")),
        cause: None,
        of: vec![user("ben")],
        reason: None,
        line_lost: false,
        undone: false,
        count: fates.len() as u64 + 1,
        fates,
    }
}

/// Two acts of today, the newer with two of its three conversations in sight.
fn two() -> Vec<Done> {
    vec![
        done(
            "new",
            40 * HOUR,
            vec![
                fate(row("bea", Some("anna"), 1), Became::Taken),
                fate(row("far", None, 2), Became::Waiting),
            ],
        ),
        done(
            "old",
            30 * HOUR,
            vec![fate(row("carl", None, 3), Became::CameBack)],
        ),
    ]
}

impl Desk {
    fn acting() -> Self {
        let mut desk = Self::with(&[row("bea", Some("anna"), 1), row("carl", None, 2)]);
        desk.tell(Msg::Clock(Moment(41 * HOUR))).keys("H");
        let (ticket, _) = desk.asked();
        desk.tell(Msg::Acts(ticket, Ok(two())));
        desk
    }

    fn asked(&self) -> (Ticket, ActsQuery) {
        let asked = |order: &Effect| match order {
            Effect::LoadActs(ticket, query) => Some((*ticket, query.clone())),
            _ => None,
        };
        self.orders
            .iter()
            .rev()
            .find_map(asked)
            .expect("a question")
    }

    fn mine(&self) -> &MyActs {
        match self.model.layers.last() {
            Some(Layer::Acts(acts)) => acts,
            other => panic!("my acts are not open: {other:?}"),
        }
    }

    fn undone(&self) -> Vec<&str> {
        let undo = |order: &'_ Effect| matches!(order, Effect::Undo { .. });
        let acts = self.orders.iter().filter(|order| undo(order));
        acts.map(|order| match order {
            Effect::Undo { act, .. } => act.as_str(),
            _ => unreachable!("only undos"),
        })
        .collect()
    }
}

#[test]
fn h_asks_for_my_acts_of_the_time_they_can_be_taken_back_in() {
    let desk = Desk::acting();
    let (_, query) = desk.asked();
    assert_eq!(query.whose, Whose::By(user("anna").id));
    assert_eq!(Moment(41 * HOUR).since(query.since), UNDO_WITHIN);
    let (tally, older) = (desk.mine().acts()[0].1, desk.mine().acts()[1].1);
    assert_eq!((tally.taken, tally.waiting, tally.unseen), (1, 1, 1));
    assert_eq!((older.came_back, older.unseen), (1, 1));
}

#[test]
fn enter_opens_an_act_to_where_its_conversations_are_and_shuts_it_again() {
    let mut desk = Desk::acting();
    let shut = [Line::Day(Moment(40 * HOUR)), Line::Act(0), Line::Act(1)];
    assert_eq!(desk.mine().lines(), shut);
    desk.keys("enter");
    assert_eq!(
        desk.mine().lines()[1..],
        [
            Line::Act(0),
            Line::Fate(0, 0),
            Line::Fate(0, 1),
            Line::Unseen(1),
            Line::Act(1)
        ]
    );
    desk.keys("j j j");
    assert_eq!(
        desk.mine().lines()[desk.mine().cursor()],
        Line::Act(1),
        "past what stands for nothing"
    );
    desk.keys("k k enter");
    assert_eq!(
        desk.model.place(),
        Place::Conversation,
        "bea is in the list: there"
    );
    assert_eq!(desk.cursor(), "bea");
}

#[test]
fn a_conversation_that_is_not_in_the_list_says_why() {
    let mut desk = Desk::acting();
    let mut acts = two();
    acts[0].fates[1].row = row("far", Some("ben"), 2);
    let (ticket, _) = desk.keys("esc 2").page(&[]).keys("H").asked();
    desk.tell(Msg::Acts(ticket, Ok(acts)))
        .keys("enter j j enter");
    assert_eq!(desk.said(), "far is not in the list shown: ben has it");
    assert_eq!(desk.model.place(), Place::Acts, "it stays open");
    desk.keys("k enter");
    assert_eq!(desk.said(), "bea is not in the list shown: it is yours now");
}

#[test]
fn one_beyond_what_is_held_of_the_list_is_fetched() {
    let mut desk = Desk::acting();
    desk.keys("enter j j enter");
    assert_eq!(desk.model.place(), Place::List);
    let far = row("far", None, 9);
    desk.page(&[row("bea", Some("anna"), 1), far]);
    assert_eq!(desk.cursor(), "far");
}

#[test]
fn u6_only_the_last_act_is_taken_back_and_never_an_older_one() {
    let mut desk = Desk::acting();
    desk.keys("j z");
    assert!(desk.undone().is_empty());
    assert_eq!(
        desk.said(),
        "Only your last act can be taken back: it is the first in the list"
    );
    desk.keys("k z");
    assert_eq!(desk.undone(), ["new"]);
    let undo = desk.model.pending[0].operation.clone();
    let back = Answer::Done(Some(Box::new(row("far", Some("ben"), 2))));
    let before = desk.orders.len();
    desk.tell(Msg::ManyAnswered(undo, Ok(vec![(id("far"), back)])));
    assert!(
        desk.orders[before..]
            .iter()
            .any(|o| matches!(o, Effect::LoadActs(..)))
    );
    let mut acts = two();
    acts[0].undone = true;
    let (ticket, _) = desk.asked();
    desk.tell(Msg::Acts(ticket, Ok(acts))).keys("z");
    assert_eq!(desk.said(), "It was taken back already");
    desk.keys("j z");
    assert_eq!(desk.undone().len(), 1, "an older act is never next");
}

#[test]
fn u6_what_was_done_since_is_the_last_act() {
    let mut desk = Desk::acting();
    desk.keys("esc u")
        .answer(Answer::Done(Some(Box::new(changed(
            &row("bea", Some("anna"), 1),
            None,
        )))));
    let (ticket, _) = desk.keys("H").asked();
    // The desk's list does not tell of it yet.
    desk.tell(Msg::Acts(ticket, Ok(two()))).keys("z");
    assert!(desk.undone().is_empty());
    assert_eq!(
        desk.said(),
        "Only your last act can be taken back, which is handing back bea"
    );
}

#[test]
fn r13_it_is_asked_again_when_one_of_its_conversations_changes_and_not_before() {
    let mut desk = Desk::acting();
    desk.orders.clear();
    desk.event(What::Alive).row(row("else", None, 4));
    assert!(desk.orders.is_empty(), "{:?}", desk.orders);
    desk.keys("enter j j");
    desk.row(changed(&row("far", None, 2), Some("ben")))
        .event(What::Gone(id("carl")));
    let timers: Vec<_> = desk
        .orders
        .iter()
        .filter_map(|order| match order {
            Effect::After(_, Timer::Renew(ticket)) => Some(*ticket),
            _ => None,
        })
        .collect();
    assert_eq!(timers.len(), 1, "what happens gathers");
    desk.tell(Msg::Timer(Timer::Renew(timers[0])));
    let (ticket, _) = desk.asked();
    let mut acts = two();
    acts.insert(0, done("newest", 40 * HOUR + 1, vec![]));
    desk.tell(Msg::Acts(ticket, Ok(acts)));
    assert_eq!(
        desk.mine().fate().unwrap().row.id,
        id("far"),
        "the cursor stays on its conversation"
    );
}

#[test]
fn a_late_answer_and_a_desk_that_does_not_say() {
    let mut desk = Desk::with(&[]);
    let (first, _) = desk.keys("H").asked();
    let (second, _) = desk.keys("ctrl-r").asked();
    assert_ne!(first, second);
    desk.tell(Msg::Acts(first, Ok(two())));
    assert!(desk.mine().acts().is_empty(), "a late answer is ignored");
    let trouble = Trouble::Unreachable(Safe::literal("reset"));
    desk.tell(Msg::Acts(second, Err(trouble)));
    assert!(matches!(
        &desk.mine().loaded,
        crate::console::model::Loaded::Failed(_)
    ));
}
