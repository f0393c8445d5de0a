//! One conversation, asked one after the other: the desk's own rules, and what its history and its messages must then say.

use crate::{
    checker::Object,
    rules::{Believed, Held, Outcome, Recorded, Rules, Wish},
};

/// What is asked of it.
#[derive(Clone, Debug)]
pub enum Asked {
    /// How it stands.
    Look { who: u8 },
    /// Something is to be done.
    Wish {
        who: u8,
        wish: Wish,
        believed: Believed,
        operation: u16,
    },
}

/// What it answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Who has it and at which version; `None`: it is not there for who looks.
    Stands(Believed),
    /// What came of it; and how it stands since, if that was said.
    Came(Outcome, Option<Believed>),
}

/// What is told of it elsewhere, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// The history: who had it, who has it since, and who did that.
    Assignee(Option<u8>, Option<u8>, u8),
    /// The history: a note, under which operation.
    Note(u16),
}

/// A conversation of the desk.
pub struct Conversation<'a> {
    pub rules: &'a Rules,
    pub begins: Held,
    /// What its history says.
    pub lines: Vec<Line>,
    /// Under which operations its messages were sent, in their order.
    pub sent: Vec<u16>,
}

/// All there is of it at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub held: Held,
    acts: Vec<Recorded>,
    lines: usize,
    sent: usize,
    /// How often it changed.
    pub changes: usize,
}

impl Object for Conversation<'_> {
    type State = State;
    type Asked = Asked;
    type Answer = Answer;

    fn begin(&self) -> State {
        State {
            held: self.begins,
            acts: Vec::new(),
            lines: 0,
            sent: 0,
            changes: 0,
        }
    }

    fn after(&self, state: &State, asked: &Asked, answer: Option<&Answer>) -> Option<State> {
        let seen = |who, held: Held| {
            self.rules
                .sees(who, held)
                .then_some((held.holder, held.version))
        };
        match asked {
            Asked::Look { who } => match answer {
                Some(Answer::Stands(stands)) if *stands != seen(*who, state.held) => None,
                _ => Some(state.clone()),
            },
            Asked::Wish {
                who,
                wish,
                believed,
                operation,
            } => {
                let (outcome, after) =
                    self.rules
                        .decide(*who, state.held, *wish, *believed, &state.acts);
                let now = after.unwrap_or(state.held);
                if let Some(Answer::Came(came, stands)) = answer {
                    let stands = stands.filter(|_| outcome != Outcome::NotFound);
                    let agrees =
                        *came == outcome && stands.is_none_or(|stands| stands == seen(*who, now));
                    if !agrees {
                        return None;
                    }
                }
                match after {
                    None => Some(state.clone()),
                    Some(after) => self.changed(state, *who, *wish, *operation, after),
                }
            }
        }
    }

    fn is_whole(&self, state: &State) -> bool {
        state.lines == self.lines.len() && state.sent == self.sent.len()
    }
}

impl Conversation<'_> {
    /// After a change, if that is what the history and the messages say next.
    fn changed(
        &self,
        state: &State,
        who: u8,
        wish: Wish,
        operation: u16,
        after: Held,
    ) -> Option<State> {
        let mut next = State {
            held: after,
            changes: state.changes + 1,
            ..state.clone()
        };
        let before = state.held.holder;
        let line = match wish {
            _ if before != after.holder => Some(Line::Assignee(before, after.holder, who)),
            Wish::Note => Some(Line::Note(operation)),
            _ => None,
        };
        if let Some(line) = line {
            if self.lines.get(state.lines) != Some(&line) {
                return None;
            }
            next.lines += 1;
        }
        if wish == Wish::Reply {
            if self.sent.get(state.sent) != Some(&operation) {
                return None;
            }
            next.sent += 1;
        }
        match wish {
            Wish::Undo(undone) => {
                let undone = next
                    .acts
                    .iter_mut()
                    .find(|act| act.operation == undone && act.by == who);
                undone?.undone = true;
            }
            _ => next.acts.push(Recorded {
                by: who,
                operation,
                wish,
                former: before,
                version: after.version,
                undone: false,
            }),
        }
        Some(next)
    }
}
