//! Floor 2: how a console reaches conversations, whatever desk they are on.
//!
//! [`Desk`] is the port. [`handback`] speaks our own contract; [`link`] keeps any desk's event stream
//! alive; [`scripted`] is the tests' double. `tests/contract.rs` is what a desk must do, run against each.
//!
//! Everything that comes through here is of the domain, its texts `Safe`.

use std::{future::Future, time::Duration};

use crate::domain::{
    action::{Action, Expectation},
    id::{ConversationId, MessageId, OperationId, OrganisationId, QueueId, UserId},
    message::{HistoryItem, Message},
    moment::Moment,
    row::{Named, Row},
    text::Safe,
};

/// A place where conversations are kept. Reads fail with [`Trouble`]; acts answer with [`Answer`], whose
/// `Unknown` is the broken line. No call retries by itself: who asks knows whether asking again is safe.
pub trait Desk: Send + Sync + 'static {
    /// The stream of events; ends when the line breaks or the desk closes it.
    type Events: EventStream;

    /// Who am I, and what can this desk do?
    fn me(&self) -> impl Future<Output = Result<Me, Trouble>> + Send;

    /// A page of the list, with counts, true at one event cursor.
    fn list(&self, query: &Query) -> impl Future<Output = Result<Page, Trouble>> + Send;

    /// One conversation, and what may be done to it.
    fn conversation(
        &self,
        id: &ConversationId,
    ) -> impl Future<Output = Result<Detail, Trouble>> + Send;

    /// Messages, newest first; those before `before`, or the newest.
    fn messages(
        &self,
        id: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> impl Future<Output = Result<Messages, Trouble>> + Send;

    /// What the team did, newest first.
    fn history(
        &self,
        id: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> impl Future<Output = Result<History, Trouble>> + Send;

    /// The queues the caller has access to, by name.
    fn queues(&self) -> impl Future<Output = Result<Vec<Queue>, Trouble>> + Send;

    /// Does something to a conversation. Asking again with the same operation id does nothing twice (R20).
    fn act(&self, act: &Act) -> impl Future<Output = Answer> + Send;

    /// Sends a reply. Asking again with the same operation id sends nothing twice (R20).
    fn send(&self, reply: &Reply) -> impl Future<Output = Answer> + Send;

    /// Unassigns many, each by itself (U7); at most 1,000.
    fn unassign_many(
        &self,
        many: &Many,
    ) -> impl Future<Output = Result<Vec<(ConversationId, Answer)>, Trouble>> + Send;

    /// Takes back an act (U6): a result per conversation it changed.
    fn undo(
        &self,
        operation: &OperationId,
        act: &OperationId,
    ) -> impl Future<Output = Result<Vec<(ConversationId, Answer)>, Trouble>> + Send;

    /// Events after a cursor, as they happen.
    fn events(
        &self,
        after: Option<u64>,
    ) -> impl Future<Output = Result<Self::Events, Trouble>> + Send;

    /// Says that this console is being left for good (Q9): nothing waits for the answer.
    fn sign_out(&self) -> impl Future<Output = ()> + Send;
}

/// What [`Desk::events`] gives: one event after the other.
pub trait EventStream: Send + 'static {
    /// The next event; `None` when the stream ended, for whatever reason.
    fn next(&mut self) -> impl Future<Output = Option<Event>> + Send;
}

/// Who the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The person.
    pub user: Named<UserId>,
    /// The name they sign in with.
    pub username: Safe,
    /// Their organisation.
    pub organisation: Named<OrganisationId>,
    /// Whether they have the Conversation screen at all (V6).
    pub conversations: bool,
    /// The actions this desk has at all, whoever asks.
    pub actions: Vec<Action>,
    /// The desk's version.
    pub desk_version: Safe,
    /// This desk's own id: drafts are kept under it.
    pub desk: Safe,
    /// Words to show over everything.
    pub banner: Option<Safe>,
}

/// Which part of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// Whose.
    pub view: View,
    /// Only this queue.
    pub queue: Option<QueueId>,
    /// Only contacts that match: words of the name, or digits of the address.
    pub filter: String,
    /// Where in it.
    pub from: From,
    /// How many rows at most, 1 to 500.
    pub limit: u16,
}

/// Whose conversations a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// One's own.
    Mine,
    /// Nobody's.
    Unassigned,
    /// All one may see.
    #[default]
    All,
}

/// Where a page begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum From {
    /// At the top.
    #[default]
    Start,
    /// At the bottom: the last page.
    End,
    /// Where another page said the list goes on, either way.
    Cursor(String),
    /// Wherever this conversation stands.
    Around(ConversationId),
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Rows in the order of L1.
    pub rows: Vec<Row>,
    /// Where the list goes on after them.
    pub next: Option<String>,
    /// Where it goes on before them.
    pub prev: Option<String>,
    /// The event cursor at which all of this is true.
    pub as_of: u64,
    /// How many each view holds, for the same queue.
    pub counts: Counts,
}

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// One's own.
    pub mine: u64,
    /// Nobody's.
    pub unassigned: u64,
    /// All one sees.
    pub all: u64,
}

impl Counts {
    /// The count of one view.
    #[must_use]
    pub fn of(self, view: View) -> u64 {
        match view {
            View::Mine => self.mine,
            View::Unassigned => self.unassigned,
            View::All => self.all,
        }
    }
}

/// One conversation and what may be done to it, as the desk says (a console never guesses).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The conversation.
    pub row: Row,
    /// Every action, with the reason where it does not apply now.
    pub actions: Vec<(Action, Result<(), Safe>)>,
}

/// A page of messages, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// The messages, newest first.
    pub items: Vec<Message>,
    /// The `before` of the older ones.
    pub next: Option<String>,
}

/// A page of history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What was done, newest first.
    pub items: Vec<HistoryItem>,
    /// The `before` of the older ones.
    pub next: Option<String>,
}

/// A queue the caller has access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Which queue.
    pub queue: Named<QueueId>,
    /// Open conversations in it that the caller sees.
    pub open: u64,
    /// Unassigned ones among them.
    pub unassigned: u64,
}

/// Something to do to one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Made when the key went down (R20).
    pub operation: OperationId,
    /// What to do: `Unassign` or `Take` for now.
    pub action: Action,
    /// To which conversation.
    pub conversation: ConversationId,
    /// What the screen showed when the key went down (R22).
    pub expected: Expectation,
    /// Why, if the advisor said.
    pub reason: Option<String>,
}

/// A reply to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Made when it was sent the first time (R20).
    pub operation: OperationId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What it says, as typed.
    pub body: String,
    /// Who the screen said has it.
    pub expected_assignee: Option<Option<UserId>>,
    /// The newest message its writer had seen.
    pub seen: Option<MessageId>,
}

/// Many conversations to hand back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many {
    /// One operation for all, so that one undo takes all back.
    pub operation: OperationId,
    /// Which ones, each with what the preview showed.
    pub items: Vec<(ConversationId, Expectation)>,
    /// Why, if the advisor said.
    pub reason: Option<String>,
}

/// What came of an act: one of five, never a bare "done" (R21).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done, with the conversation as the desk now reports it; `None` if the caller no longer sees it.
    Done(Option<Box<Row>>),
    /// It was so already.
    Already(Option<Box<Row>>),
    /// Somebody else was faster; nothing changed. With the present state, if that may be seen.
    Taken(Option<Box<Row>>),
    /// Nothing changed, and why.
    Refused(Refused),
    /// The line broke: done or not, nobody can say yet. Ask again with the same operation id.
    Unknown(Safe),
}

/// Why nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In words for the advisor.
    pub why: Safe,
    /// What kind of no it is.
    pub kind: No,
}

/// The kinds of no that a console treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// A rule says so.
    Rule,
    /// It is not there, or not to be seen (V8).
    NotFound,
    /// A colleague wrote in between: read it, then send anyway.
    Crossed,
    /// Too much at once, or the desk is not well: nothing was done, try later.
    Busy,
}

/// Why a read failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers, or the line broke.
    #[error("the desk does not answer: {0}")]
    Unreachable(Safe),
    /// The desk does not know this account, or no longer.
    #[error("{0}")]
    NotSignedIn(Safe),
    /// Not there, or not to be seen (V8).
    #[error("not there, or not yours to see")]
    NotFound,
    /// The desk asks to wait.
    #[error("the desk asks to wait {0:?}")]
    Busy(Duration),
    /// The desk refused, or said something that is not of the contract.
    #[error("{0}")]
    Refused(Safe),
}

/// What happened at the desk, as far as the caller may hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where the stream can be resumed after it; `None` for events that are not in the log.
    pub cursor: Option<u64>,
    /// What happened.
    pub what: What,
}

/// The kinds of event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A conversation, as it is now.
    Row(Box<Row>),
    /// A conversation is out of sight.
    Gone(ConversationId),
    /// A message was written, or its delivery changed; long bodies are cut.
    Message(ConversationId, Box<Message>),
    /// The counts are these now; per queue only where they changed.
    Counts {
        /// Over all queues.
        all_queues: Counts,
        /// Those queues that changed.
        queues: Vec<(QueueId, Counts)>,
    },
    /// Something to tell the advisor.
    Attention(Attention),
    /// What was known is void: fetch again.
    Reset,
    /// Nothing, only that the line is alive.
    Alive,
}

/// Something to tell the advisor though no row says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What was done with it.
    pub kind: AttentionKind,
    /// Who did it.
    pub by: Option<Named<UserId>>,
    /// Why, if they said.
    pub reason: Option<Safe>,
    /// When it was heard of.
    pub at: Moment,
}

/// What an [`Attention`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttentionKind {
    /// Somebody else handed back what was the caller's (U8, U9).
    HandedBack,
    /// An undo gave it back to the caller (U6).
    GivenBack,
}
