//! Acts whose answers are on their way.

use crate::{
    desk::{Act, Answer, Many, ManyDeed, Reply},
    domain::{
        action::{Action, Deed},
        id::{ConversationId, OperationId},
        moment::Moment,
        operation,
        text::Safe,
    },
};

/// One act under way. It is folded over what the desk confirmed, and dropped when its answer comes; nothing
/// is rolled back by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Under which operation id: a late answer to another is ignored.
    pub operation: OperationId,
    /// What it is called in sentences: the contact, or a number of conversations.
    pub name: Safe,
    /// What was asked, so that it can be asked again after a broken line (R21).
    pub asked: Asked,
    /// How often it was asked.
    pub tries: u32,
    /// When it was asked first.
    pub at: Moment,
}

/// What was asked of the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// An act on one conversation.
    Act(Act),
    /// A reply.
    Reply(Reply),
    /// The same act on several marked ones.
    Many(Many),
    /// Handing back some of what people have (U7).
    HandBackSome(Many),
    /// Taking an act back.
    Undo {
        /// The act to take back.
        act: OperationId,
        /// In words.
        what: Safe,
        /// What was done.
        action: Action,
        /// On which conversations, as far as this console knows.
        on: Vec<ConversationId>,
    },
}

impl Pending {
    /// It is asked now, and was not before.
    #[must_use]
    pub fn new(operation: OperationId, name: Safe, asked: Asked, at: Moment) -> Self {
        Self {
            operation,
            name,
            asked,
            tries: 1,
            at,
        }
    }

    /// It was asked before, then, and is asked again.
    #[must_use]
    pub fn again(self, at: Moment) -> Self {
        Self {
            tries: 2,
            at,
            ..self
        }
    }

    /// Whether asking again finds out what came of it, and does nothing twice (R20).
    #[must_use]
    pub fn can_be_asked(&self, now: Moment) -> bool {
        operation::is_remembered(self.at, now)
    }

    /// What is still open after an answer, and why: the line broke; or the desk has no time for the question, or does
    /// not know any more who asks, and whether it heard it before, it does not say.
    #[must_use]
    pub fn still_open(&self, answer: &Answer) -> Option<Safe> {
        match answer {
            Answer::Unknown(why) => Some(why.clone()),
            Answer::Refused(no) if self.tries > 1 && no.kind.is_unheard() => Some(no.why.clone()),
            _ => None,
        }
    }

    /// Whether leaving now would leave the advisor not knowing what came of it.
    #[must_use]
    pub fn would_be_lost(&self) -> bool {
        self.tries == 1
    }

    /// What was written, if it is a reply or a note.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.asked {
            Asked::Reply(reply) => Some(&reply.body),
            Asked::Act(Act {
                deed: Deed::Note(text),
                ..
            }) => Some(text),
            _ => None,
        }
    }

    /// What is being done, if it is an act on one.
    #[must_use]
    pub fn deed(&self) -> Option<&Deed> {
        match &self.asked {
            Asked::Act(act) => Some(&act.deed),
            _ => None,
        }
    }

    /// Whether it is about this conversation.
    #[must_use]
    pub fn concerns(&self, id: &ConversationId) -> bool {
        match &self.asked {
            Asked::Act(act) => act.conversation == *id,
            Asked::Reply(reply) => reply.conversation == *id,
            Asked::Many(many) | Asked::HandBackSome(many) => {
                many.items.iter().any(|(of, _)| of == id)
            }
            Asked::Undo { on, .. } => on.contains(id),
        }
    }

    /// What a row under this act says meanwhile.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match &self.asked {
            Asked::Act(act) => doing(act.deed.action()),
            Asked::Many(many) | Asked::HandBackSome(many) => match many.deed {
                ManyDeed::Unassign => "handing back…",
                ManyDeed::Assign(_) => "assigning…",
                ManyDeed::Move(_) => "moving…",
                ManyDeed::Status(_) => "setting the status…",
            },
            Asked::Reply(_) => "sending…",
            Asked::Undo { .. } => "taking back…",
        }
    }
}

fn doing(action: Action) -> &'static str {
    match action {
        Action::Unassign => "handing back…",
        Action::Take => "taking…",
        Action::Assign => "assigning…",
        Action::Move => "moving…",
        Action::Status => "setting the status…",
        Action::Block => "blocking…",
        Action::Unblock => "unblocking…",
        Action::Close => "closing…",
        Action::Reopen => "reopening…",
        Action::Intervene => "ending the bot's part…",
        Action::Note => "noting…",
        Action::Reply => "sending…",
        Action::Transcript => "writing the transcript…",
    }
}
