//! What is asked before an act: why one hands back, and whether one really blocks a contact or ends a bot's part.

use std::time::Duration;

use super::{acting, surprise};
use crate::{
    console::{
        command::{Command, Place},
        effect::Effect,
        model::{About, Field, Layer, Model, Question, Reason, Subject, Tone},
        words::keys,
    },
    desk::ManyDeed,
    domain::{
        action::{Action, Deed},
        row::Row,
        text::Safe,
    },
    say,
};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl About {
    /// The answers, in their order; the first does nothing, and the cursor begins there.
    #[must_use]
    pub fn answers(self) -> &'static [&'static str] {
        match self {
            Self::Block => &[
                "No, leave it as it is",
                "Block for 1 day",
                "Block for 7 days",
                "Block for 30 days",
                "Block for good",
            ],
            Self::Intervene => &["No, leave it to the bot", "End the bot's part for good"],
        }
    }

    /// What an answer does; `None`: nothing.
    fn deed(self, answer: usize, model: &Model) -> Option<Deed> {
        let until = |days| Deed::Block {
            until: Some(model.now.after(DAY * days)),
        };
        match (self, answer) {
            (_, 0) => None,
            (Self::Block, 1) => Some(until(1)),
            (Self::Block, 2) => Some(until(7)),
            (Self::Block, 3) => Some(until(30)),
            (Self::Block, _) => Some(Deed::Block { until: None }),
            (Self::Intervene, _) => Some(Deed::Intervene),
        }
    }
}

/// `U`: asks why the conversation shown, or the marked ones, are handed back.
pub(super) fn reason(model: &mut Model, subject: Subject) {
    if let Subject::One(row) = &subject
        && !acting::is_to_be_had(model, row, Action::Unassign)
    {
        return;
    }
    model.layers.push(Layer::Reason(Reason {
        subject,
        typed: Field::default(),
    }));
}

/// The reason is written: hands back with it.
pub(super) fn with_reason(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Layer::Reason(reason)) = model.layers.last() else {
        return;
    };
    let words = reason.typed.text.trim().to_owned();
    if words.is_empty() {
        let key = |command| keys::here(model, Place::Reason, command);
        let text = say!(
            "Write why, then {}; without a reason, {} and then {}",
            key(Command::Enter),
            key(Command::Back),
            keys::named(model, Command::Unassign)
        );
        return model.say(Tone::Plain, text);
    }
    if let Some(Layer::Reason(reason)) = model.layers.pop() {
        model.left_text = Some(model.now);
        let deed = ManyDeed::Unassign;
        acting::perform(model, reason.subject, deed, Some(words), effects);
    }
}

/// Asks before a contact is blocked, or a bot's part ended, naming contact and address.
pub(super) fn question(model: &mut Model, about: About, row: Row) {
    let question = Question {
        about,
        row: Box::new(row),
        cursor: 0,
    };
    surprise::ask(model, Layer::Question(question));
}

/// Moves among the answers.
pub(super) fn step(model: &mut Model, down: bool) {
    if let Some(Layer::Question(question)) = model.layers.last_mut() {
        let last = question.about.answers().len() - 1;
        question.cursor = match down {
            true => (question.cursor + 1).min(last),
            false => question.cursor.saturating_sub(1),
        };
    }
}

/// Does what the answer the cursor is on says.
pub(super) fn answer_at_cursor(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(Layer::Question(question)) = model.layers.last() {
        let answer = question.cursor;
        answer_with(model, answer, effects);
    }
}

/// Does what an answer says.
pub(super) fn answer_with(model: &mut Model, answer: usize, effects: &mut Vec<Effect>) {
    let Some(Layer::Question(question)) = model.layers.pop() else {
        return;
    };
    match question.about.deed(answer, model) {
        Some(deed) => acting::on(model, &question.row, deed, None, effects),
        None => model.say(Tone::Plain, Safe::literal("Nothing was done")),
    }
}
