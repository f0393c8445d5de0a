//! What lies over the panes, bottom to top.

use super::{Alone, Choosing, DraftsShown, HandBackSome, Loaded, MyActs, Subject};
use crate::{
    console::menu::Menu,
    desk::{ManyDeed, Transcript},
    domain::{
        action::Expectation,
        id::{ConversationId, OperationId, UserId},
        row::{Contact, Row},
        text::Safe,
    },
};

/// What lies over the panes.
#[derive(Debug)]
pub enum Layer {
    /// The three dots.
    Menu(Menu),
    /// Every key, and what it does; each row can be run.
    Help {
        /// The row the cursor is on.
        cursor: usize,
    },
    /// Choosing one of several by typing.
    Picker(Picker),
    /// Narrowing the list.
    Filter(Field),
    /// Looking for conversations: what is typed is the [`Finding`](super::Finding)'s.
    Find,
    /// Why it is handed back.
    Reason(Reason),
    /// Asked before a contact is blocked or a bot's part is ended.
    Question(Question),
    /// An act on the marked ones: what it would change, before it does (U7).
    Preview(Preview),
    /// Leaving while holding work.
    Leaving,
    /// Handing back some of what somebody has.
    Some(Box<HandBackSome>),
    /// My acts, and where their conversations are now.
    Acts(Box<MyActs>),
    /// One message alone, to be read and selected.
    Alone(Box<Alone>),
    /// Every draft there is.
    Drafts(Box<DraftsShown>),
    /// Where a transcript is to be written.
    FileName(FileName),
    /// What was said lately; which of them the cursor is on, the newest first.
    Notices(usize),
}

impl Layer {
    /// Whether nothing under it can be seen, but the last two lines.
    #[must_use]
    pub fn covers_all(&self) -> bool {
        matches!(
            self,
            Self::Some(_) | Self::Acts(_) | Self::Alone(_) | Self::Drafts(_)
        )
    }
}

/// A list to choose from by typing.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What is chosen, and what for.
    pub choosing: Choosing,
    /// What was typed.
    pub typed: Field,
    /// The row the cursor is on, among those that match.
    pub cursor: usize,
    /// How far what can be chosen is.
    pub loaded: Loaded,
}

impl Picker {
    /// A picker in which nothing was typed yet.
    #[must_use]
    pub fn new(choosing: Choosing, loaded: Loaded) -> Self {
        Self {
            choosing,
            typed: Field::default(),
            cursor: 0,
            loaded,
        }
    }
}

/// Why something is handed back, being written.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What is handed back.
    pub subject: Subject,
    /// What was typed.
    pub typed: Field,
}

/// Where a transcript is to be written, being typed (T1).
#[derive(Clone, Debug)]
pub struct FileName {
    /// Which transcript.
    pub of: Transcript,
    /// Its customer.
    pub name: Safe,
    /// What was typed.
    pub typed: Field,
    /// The file that is there already: naming it once more writes over it.
    pub there: Option<String>,
    /// It is being written.
    pub writing: bool,
}

/// A question asked before an act that is not to be done by a key too many.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub about: About,
    /// The conversation, as the screen showed it when the question opened.
    pub row: Box<Row>,
    /// The answer the cursor is on; the first does nothing.
    pub cursor: usize,
}

/// What a [`Question`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// Refusing a contact's messages (S5).
    Block,
    /// Ending a bot's part for good (S4).
    Intervene,
}

/// One line of text being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What it says.
    pub text: String,
}

/// An act on several: what it would change and what came of each.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What is done to them.
    pub deed: ManyDeed,
    /// To whom or where, in words; empty where the deed says all.
    pub target: Safe,
    /// Why, if the advisor said.
    pub reason: Option<String>,
    /// Leave alone what anything happened to since the preview, or what somebody answers now (U7). Not on the way
    /// out, where all is to be handed back.
    pub if_quiet: bool,
    /// The conversations, in the order of the list, as they were when the preview was made.
    pub items: Vec<(ConversationId, Marked)>,
    /// What came of each, once the desk answered.
    pub results: Option<Vec<(ConversationId, Safe, bool)>>,
    /// The operation under way.
    pub operation: Option<OperationId>,
    /// The first item shown.
    pub top: usize,
}

impl Preview {
    /// A look at an act before it is done.
    #[must_use]
    pub fn of(deed: ManyDeed, target: Safe, items: Vec<(ConversationId, Marked)>) -> Self {
        Self {
            deed,
            target,
            reason: None,
            if_quiet: true,
            items,
            results: None,
            operation: None,
            top: 0,
        }
    }
}

/// A marked conversation, as it was on the screen when it was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its customer.
    pub contact: Contact,
    /// Who had it.
    pub assignee: Option<(UserId, Safe)>,
    /// Its version.
    pub version: u64,
}

impl Marked {
    /// What the screen showed of a row.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        Self {
            contact: row.contact.clone(),
            assignee: row
                .assignee
                .as_ref()
                .map(|a| (a.id.clone(), a.name.clone())),
            version: row.version,
        }
    }

    /// What an act on it expects (U5).
    #[must_use]
    pub fn expectation(&self) -> Expectation {
        Expectation::seen(
            self.assignee.as_ref().map(|(id, _)| id.clone()),
            self.version,
        )
    }
}
