//! Floor 2: how a console reaches conversations, whatever desk they are on.
//!
//! [`Desk`] is the port. [`handback`] speaks our own contract; [`link`] keeps any desk's event stream
//! alive; [`scripted`] is the tests' double. `tests/contract` is what a desk must do, run against each.
//!
//! Everything that comes through here is of the domain, its texts `Safe`.

mod acting;
mod event;
mod find;
pub mod handback;
pub mod link;
mod list;
mod people;
mod reading;
#[doc(hidden)]
pub mod scripted;
mod some;
mod transcript;
mod trouble;
pub mod version;

use std::{future::Future, ops::ControlFlow};

pub use acting::{Act, Answer, Many, ManyDeed, No, Refused, Reply};
pub use event::{Attention, AttentionKind, Event, What};
pub use find::{Find, Found, Hit, HitMessage};
pub use list::{Counts, From, Page, Query, View};
pub use people::{Colleague, Doing, Lost, Phrase, Presence, Status, Whereabouts};
pub use reading::{Blocking, Detail, History, Known, Me, Messages, Queue, Whole};
pub use some::{ActsQuery, Became, Choice, Done, Fate, Outlook, Whose};
pub use transcript::{Form, Transcript};
pub use trouble::Trouble;

use crate::domain::{
    id::{ConversationId, MessageId, OperationId},
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

    /// What a search finds among all the caller may see, closed conversations and deleted queues included (F1, V7).
    fn find(&self, find: &Find) -> impl Future<Output = Result<Found, Trouble>> + Send;

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

    /// The oldest of the messages after `after`, or of all; newest first all the same.
    fn messages_after(
        &self,
        id: &ConversationId,
        after: Option<&str>,
        limit: u16,
    ) -> impl Future<Output = Result<Messages, Trouble>> + Send;

    /// One message, all of it (R6).
    fn message(
        &self,
        id: &ConversationId,
        message: &MessageId,
    ) -> impl Future<Output = Result<Whole, Trouble>> + Send;

    /// What the team did, newest first; what it did before `before`, an item's id, if one is given.
    fn history(
        &self,
        id: &ConversationId,
        before: Option<&str>,
        limit: u16,
    ) -> impl Future<Output = Result<History, Trouble>> + Send;

    /// The oldest of what the team did after `after`, an item's id, or of all; newest first all the same.
    fn history_after(
        &self,
        id: &ConversationId,
        after: Option<&str>,
        limit: u16,
    ) -> impl Future<Output = Result<History, Trouble>> + Send;

    /// What one may know of a conversation's contact (P3).
    fn known(&self, id: &ConversationId) -> impl Future<Output = Result<Known, Trouble>> + Send;

    /// The queues the caller has access to, by name.
    fn queues(&self) -> impl Future<Output = Result<Vec<Queue>, Trouble>> + Send;

    /// The people the caller may know of, with what they have to do; or those a conversation can be given to (A6).
    fn people(
        &self,
        able_to_have: Option<&ConversationId>,
    ) -> impl Future<Output = Result<Vec<Colleague>, Trouble>> + Send;

    /// The statuses the caller may set (S3).
    fn statuses(&self) -> impl Future<Output = Result<Vec<Status>, Trouble>> + Send;

    /// The smart phrases the caller can answer with, the nearest organisation's first (SP1).
    fn phrases(&self) -> impl Future<Output = Result<Vec<Phrase>, Trouble>> + Send;

    /// One conversation from its beginning, line by line, as it comes (T1). Whoever takes the lines may break it off; only
    /// `Ok` after all lines were taken means that it is whole.
    fn transcript(
        &self,
        of: &Transcript,
        take: impl FnMut(Safe) -> ControlFlow<()> + Send,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// What a choice would move, and what would stay (U7). Moves nothing.
    fn outlook(&self, choice: &Choice) -> impl Future<Output = Result<Outlook, Trouble>> + Send;

    /// What was done, newest first, and what became of it.
    fn acts(&self, query: &ActsQuery) -> impl Future<Output = Result<Vec<Done>, Trouble>> + Send;

    /// Says where the advisor is, for colleagues to see: nothing waits for the answer.
    fn tell(&self, whereabouts: &Whereabouts) -> impl Future<Output = ()> + Send;

    /// Does something to a conversation. Asking again with the same operation id does nothing twice (R20).
    fn act(&self, act: &Act) -> impl Future<Output = Answer> + Send;

    /// Sends a reply. Asking again with the same operation id sends nothing twice (R20).
    fn send(&self, reply: &Reply) -> impl Future<Output = Answer> + Send;

    /// Does the same to many, each by itself (U7); at most 1,000.
    fn act_on_many(
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
    /// The next event, or why there will be none: every stream ends with a [`Trouble`], and is not asked
    /// again after it. `Busy` is the desk's wish to be left alone for so long. Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Result<Event, Trouble>> + Send;
}
