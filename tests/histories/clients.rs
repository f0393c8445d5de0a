//! Clients as consoles are, each at a bad line of its own: they look, act on what they saw, ask again under the same
//! operation when no answer comes, and write down what they asked and were answered, and when.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use handback::{
    desk::{
        Act, Answer as Said, Desk, EventStream, No, Reply, Trouble, What,
        handback::{Handback, Options},
    },
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, OperationId, UserId},
        row::Row,
    },
};

use crate::{
    checker::Operation,
    rules::{Believed, Outcome, Wish},
    spec::{Answer, Asked},
    support::dice::Dice,
};

/// What was asked and answered.
pub type History = Vec<Operation<Asked, Answer>>;

/// A client of one person, of one conversation.
pub struct Client {
    /// Which of the three, and what they are called in this conversation.
    pub who: u8,
    pub names: [String; 3],
    pub id: ConversationId,
    /// Where its line begins, and its token.
    pub address: String,
    pub token: String,
    /// The first of its operations' numbers.
    pub first: u16,
    pub wishes: u16,
    pub dice: Dice,
    /// The beginning of the clock of all.
    pub began: Instant,
}

/// A desk as somebody of that token reaches it at an address.
pub fn desk(address: &str, token: &str) -> Handback {
    let options = Options {
        place: format!("http://{address}").parse().expect("a place"),
        token: Some(token.to_owned().into()),
        roots: None,
        console: None,
    };
    Handback::new(options).expect("a way there")
}

/// The operation of a number.
pub fn operation(number: u16) -> OperationId {
    OperationId::parse(&format!("op-{number}")).expect("an id")
}

/// The number of that operation, out of the words that were written under it.
pub fn number_of(words: &str) -> u16 {
    words
        .trim_start_matches("words of op-")
        .parse()
        .expect("words of ours")
}

/// What is to be done, as the client is asked.
enum Order {
    Act(Act),
    Reply(Reply),
    Undo(OperationId, OperationId),
}

impl Client {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).expect("a short test")
    }

    /// Acts until it has wished all it wishes.
    pub fn acts(mut self) -> History {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let desk = desk(&self.address, &self.token);
            let mut history = Vec::new();
            let mut mine: Vec<u16> = Vec::new();
            for number in self.first..self.first + self.wishes {
                let believed = loop {
                    if let Some(believed) = self.looks(&desk, &mut history).await {
                        break believed;
                    }
                };
                let wish = match self.dice.below(12) {
                    0..3 => Wish::Reply,
                    3 => Wish::Note,
                    4..6 if !mine.is_empty() => {
                        Wish::Undo(*self.dice.one_of(&mine[mine.len() - 1..]))
                    }
                    _ if believed.is_some_and(|(holder, _)| holder.is_some()) => Wish::Unassign,
                    _ => Wish::Take,
                };
                mine.push(number);
                self.wishes_so(&desk, number, wish, believed, &mut history)
                    .await;
            }
            history
        })
    }

    /// How it stands; `None`: that cannot be had now.
    async fn looks(&self, desk: &Handback, history: &mut History) -> Option<Believed> {
        let began = self.now();
        let stands = match desk.conversation(&self.id).await {
            Ok(detail) => self.stands(Some(&detail.row)),
            Err(Trouble::NotFound) => None,
            Err(_) => {
                // The line is cut, or the desk is down: others have time to do something.
                tokio::time::sleep(Duration::from_millis(5)).await;
                return None;
            }
        };
        self.writes_down_a_look(began, stands, history);
        Some(stands)
    }

    fn writes_down_a_look(&self, began: u64, stands: Believed, history: &mut History) {
        history.push(Operation {
            asked: Asked::Look { who: self.who },
            began,
            ended: Some((self.now(), Answer::Stands(stands))),
        });
    }

    fn stands(&self, row: Option<&Row>) -> Believed {
        let row = row?;
        let number = |id: &UserId| {
            let at = self.names.iter().position(|name| name == id.as_str());
            u8::try_from(at.expect("of the team")).expect("few")
        };
        let holder = row.assignee.as_ref().map(|assignee| number(&assignee.id));
        Some((holder, u32::try_from(row.version).expect("few versions")))
    }

    fn order(&self, number: u16, wish: Wish, believed: Believed) -> Order {
        let user = |who: u8| UserId::parse(&self.names[usize::from(who)]).expect("an id");
        let (operation, conversation) = (operation(number), self.id.clone());
        let words = format!("words of op-{number}");
        let seen = believed.map(|(holder, version)| (holder.map(user), version));
        let expected = match (&seen, wish) {
            (Some((holder, version)), Wish::Take | Wish::Unassign) => {
                Expectation::seen(holder.clone(), u64::from(*version))
            }
            _ => Expectation::default(),
        };
        let deed = match wish {
            Wish::Unassign => Deed::Unassign,
            Wish::Take => Deed::Take,
            Wish::Note => Deed::Note(words),
            Wish::Undo(of) => return Order::Undo(operation, self::operation(of)),
            Wish::Reply => {
                return Order::Reply(Reply {
                    operation,
                    conversation,
                    body: words,
                    expected_assignee: seen.map(|(holder, _)| holder),
                    seen: None,
                });
            }
        };
        Order::Act(Act {
            operation,
            deed,
            conversation,
            expected,
            reason: None,
        })
    }

    async fn asks(&self, desk: &Handback, order: &Order) -> Said {
        match order {
            Order::Act(act) => desk.act(act).await,
            Order::Reply(reply) => desk.send(reply).await,
            Order::Undo(operation, act) => match desk.undo(operation, act).await {
                Ok(mut results) => match results.pop() {
                    Some((_, answer)) => answer,
                    // There was no such act.
                    None => Said::Refused(handback::desk::Refused {
                        why: "none".parse_safe(),
                        kind: No::Rule,
                    }),
                },
                Err(Trouble::Refused(why)) => panic!("{why}"),
                Err(trouble) => Said::Unknown(trouble.to_string().parse_safe()),
            },
        }
    }

    /// Asks for something until it is known what came of it, or until it has had enough.
    async fn wishes_so(
        &mut self,
        desk: &Handback,
        number: u16,
        wish: Wish,
        believed: Believed,
        history: &mut History,
    ) {
        let order = self.order(number, wish, believed);
        let began = self.now();
        let asked = Asked::Wish {
            who: self.who,
            wish,
            believed,
            operation: number,
        };
        let patience = self.dice.below(8);
        let mut tries = 0;
        let ended = loop {
            let asks = self.now();
            let said = self.asks(desk, &order).await;
            tries += 1;
            let (outcome, row) = match &said {
                Said::Done(row) => (Outcome::Done, row.as_deref()),
                Said::Already(row) => (Outcome::Already, row.as_deref()),
                Said::Taken(row) => (Outcome::Conflict, row.as_deref()),
                Said::Refused(no) if no.kind == No::NotFound => (Outcome::NotFound, None),
                Said::Refused(no) if !no.kind.is_unheard() => (Outcome::Refused, None),
                _ if tries > patience => break None,
                _ => {
                    tokio::time::sleep(Duration::from_millis(2 + self.dice.below(20))).await;
                    continue;
                }
            };
            let says_how_it_stands = !matches!(outcome, Outcome::Refused | Outcome::NotFound);
            let stands = self.stands(row);
            if tries > 1 {
                // Asked again, it says how it stands now, and not how it stood then.
                if says_how_it_stands {
                    self.writes_down_a_look(asks, stands, history);
                }
                break Some((self.now(), Answer::Came(outcome, None)));
            }
            let stands = says_how_it_stands.then_some(stands);
            break Some((self.now(), Answer::Came(outcome, stands)));
        };
        // Now and then it is asked once more: the same is answered, and nothing is done.
        if let Some((_, Answer::Came(outcome, _))) = &ended
            && self.dice.one_in(5)
        {
            let again = match self.asks(desk, &order).await {
                Said::Done(_) => Some(Outcome::Done),
                Said::Already(_) => Some(Outcome::Already),
                Said::Taken(_) => Some(Outcome::Conflict),
                Said::Refused(no) if no.kind == No::NotFound => Some(Outcome::NotFound),
                Said::Refused(no) if !no.kind.is_unheard() => Some(Outcome::Refused),
                _ => None,
            };
            assert!(
                again.is_none_or(|again| again == *outcome),
                "{asked:?}: {outcome:?}, then {again:?}"
            );
        }
        history.push(Operation {
            asked,
            began,
            ended,
        });
    }
}

/// Counts what the desk tells of each conversation, whatever happens to the line, until `head` is told.
pub fn listens(
    address: &str,
    token: &str,
    from: u64,
    enough: &AtomicBool,
    head: impl Fn() -> u64,
) -> Vec<(u64, ConversationId)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let desk = desk(address, token);
        let (mut heard, mut cursor) = (Vec::new(), from);
        loop {
            if enough.load(Ordering::SeqCst) && cursor >= head() {
                return heard;
            }
            let Ok(mut events) = desk.events(Some(cursor)).await else {
                thread::sleep(Duration::from_millis(20));
                continue;
            };
            loop {
                let next = tokio::time::timeout(Duration::from_millis(200), events.next()).await;
                let event = match next {
                    Ok(Ok(event)) => event,
                    Ok(Err(_)) => break,
                    Err(_) if enough.load(Ordering::SeqCst) => break,
                    Err(_) => continue,
                };
                cursor = event.cursor.unwrap_or(cursor);
                match event.what {
                    What::Row(row) | What::Message(row, _) => heard.push((cursor, row.id)),
                    What::Gone(id) => panic!("{id} is gone for who stands above all"),
                    What::Reset => panic!("a reset"),
                    What::Counts { .. } | What::Attention(_) | What::Alive => {}
                }
            }
        }
    })
}

/// Our own words, as text that can be shown.
trait ParseSafe {
    fn parse_safe(&self) -> handback::domain::text::Safe;
}

impl ParseSafe for str {
    fn parse_safe(&self) -> handback::domain::text::Safe {
        handback::domain::text::Safe::line(self)
    }
}
