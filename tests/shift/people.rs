//! What the people of the shift do: advisors at consoles, key by key; leaders with whole handfuls.

use std::{sync::Arc, time::Duration};

use handback::{
    console::key::Key,
    desk::{Act, Answer, Choice, Desk as _, Many, ManyDeed, handback::Handback},
    domain::{
        action::{Deed, Expectation},
        id::{OperationId, QueueId, UserId},
        row::Row,
    },
};
use tokio::time::Instant;

use crate::{
    sitting::Sitting,
    support::dice::Dice,
    team::{Desk, QUEUE_NAMES, advisors, in_the_shift},
};

/// Somebody who answers customers.
pub struct Advisor {
    /// The name they sign in with.
    pub username: String,
    /// Their console, while they are there.
    pub console: Option<Sitting>,
    reach: Reach,
    dice: Dice,
    consoles: u32,
}

/// How to get to the desk again after one has left.
struct Reach(Box<dyn Fn(String) -> Handback + Send>);

impl Advisor {
    /// Comes in, and sits down.
    pub async fn comes(desk: &Desk, username: &str, nth: u64) -> Self {
        let reach = desk.reaching(username).await;
        let mut advisor = Self {
            username: username.to_owned(),
            console: None,
            reach: Reach(Box::new(reach)),
            dice: Dice::new(1_000 + nth),
            consoles: 0,
        };
        advisor.sits_down();
        advisor
    }

    fn sits_down(&mut self) {
        self.consoles += 1;
        let name = format!("{}-{}", self.username, self.consoles);
        let desk = (self.reach.0)(name.clone());
        self.console = Some(Sitting::down(desk, &name));
    }

    /// Works until then, and is at a console in the end.
    pub async fn works_until(&mut self, ends: Instant) {
        while Instant::now() < ends {
            let pause = in_the_shift(3 + self.dice.below(12));
            let Some(console) = &mut self.console else {
                tokio::time::sleep(pause).await;
                if self.dice.one_in(3) {
                    self.sits_down();
                }
                continue;
            };
            console.looks(pause).await;
            self.does_something().await;
        }
        if self.console.is_none() {
            self.sits_down();
        }
    }

    async fn does_something(&mut self) {
        let Some(console) = &mut self.console else {
            return;
        };
        match self.dice.below(100) {
            0..45 => {
                let key = if self.dice.one_in(3) { 'k' } else { 'j' };
                console.presses(Key::Char(key));
            }
            45..55 => console.presses(Key::Char('t')),
            55..72 => {
                console.presses(Key::Char('r'));
                console.types("Thank you.");
                if self.dice.one_in(6) {
                    console.presses(Key::Esc);
                } else {
                    console.presses(Key::Enter);
                    console.looks(in_the_shift(2)).await;
                    console.presses(Key::Esc);
                }
            }
            72..80 => console.presses(Key::Char('u')),
            80..83 => console.presses(Key::Char('z')),
            83..87 => {
                let view = *self.dice.one_of(&['1', '2', '3']);
                console.presses(Key::Char(view));
            }
            87..95 => {
                if let Some(row) = console.model.under_cursor().cloned() {
                    let deed = any_deed(&mut self.dice);
                    act(&console.desk, &row, deed).await;
                }
            }
            95..97 => {
                if let Some(console) = self.console.take() {
                    console.leaves().await;
                }
            }
            97..98 => {
                if let Some(console) = self.console.take() {
                    console.loses_the_line();
                }
            }
            // A second console for a moment, or the line that drops and is back at once.
            _ => self.sits_down(),
        }
    }
}

/// What an advisor does now and then beside answering.
fn any_deed(dice: &mut Dice) -> Deed {
    let queue = |name: &str| QueueId::parse(name).expect("an id");
    match dice.below(6) {
        0 => Deed::Move(queue(dice.one_of::<&str>(&QUEUE_NAMES))),
        1 => Deed::Status(Some("promise to pay".to_owned())),
        2 => Deed::Status(None),
        3 => Deed::Close,
        4 => Deed::Note("seen".to_owned()),
        _ => Deed::Assign(UserId::parse(dice.one_of::<String>(&advisors())).expect("an id")),
    }
}

async fn act(desk: &Arc<Handback>, row: &Row, deed: Deed) {
    let act = Act {
        operation: operation(),
        deed,
        conversation: row.id.clone(),
        expected: seen(row),
        reason: None,
    };
    let answer = desk.act(&act).await;
    assert!(!matches!(answer, Answer::Unknown(_)), "{answer:?}");
}

fn seen(row: &Row) -> Expectation {
    Expectation::seen(row.assignee.as_ref().map(|a| a.id.clone()), row.version)
}

fn operation() -> OperationId {
    OperationId::parse(&uuid::Uuid::now_v7().to_string()).expect("an id")
}

/// Somebody above, who hands back some.
pub struct Leader {
    /// The name they sign in with.
    pub username: String,
    /// Their console.
    pub console: Sitting,
    dice: Dice,
}

impl Leader {
    /// Comes in, and sits down.
    pub async fn comes(desk: &Desk, username: &str, nth: u64) -> Self {
        let name = format!("{username}-1");
        let reach = desk.reaching(username).await;
        Self {
            username: username.to_owned(),
            console: Sitting::down(reach(name.clone()), &name),
            dice: Dice::new(2_000 + nth),
        }
    }

    /// Leads until then.
    pub async fn leads_until(mut self, ends: Instant) -> Self {
        while Instant::now() < ends {
            self.console.looks(in_the_shift(60)).await;
            self.hands_back_some().await;
        }
        self
    }

    async fn hands_back_some(&mut self) {
        let people = advisors();
        let of = UserId::parse(self.dice.one_of::<String>(&people)).expect("an id");
        let choice = Choice {
            of: vec![of],
            untouched: self.dice.one_in(2),
            count: Some(3),
            ..Choice::default()
        };
        let desk = Arc::clone(&self.console.desk);
        let outlook = desk.outlook(&choice).await.expect("an outlook");
        assert!(outlook.moves.len() <= 3);
        let to = UserId::parse(self.dice.one_of::<String>(&people)).expect("an id");
        let many = Many {
            operation: operation(),
            deed: if self.dice.one_in(2) {
                ManyDeed::Unassign
            } else {
                ManyDeed::Assign(vec![to])
            },
            items: outlook
                .moves
                .iter()
                .map(|row| (row.id.clone(), seen(row)))
                .collect(),
            reason: Some("sharing".to_owned()),
            if_quiet: true,
        };
        let results = desk.act_on_many(&many).await.expect("results");
        assert_eq!(results.len(), many.items.len(), "a result for every row");
        if self.dice.one_in(3) {
            tokio::time::sleep(Duration::from_millis(20)).await;
            desk.undo(&operation(), &many.operation)
                .await
                .expect("an undo");
        }
    }
}
