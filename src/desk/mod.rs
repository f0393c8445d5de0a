//! Floor 2: how a console reaches conversations, whatever desk they are on.
//!
//! [`Desk`] is the port. [`handback`] speaks our own contract; [`link`] keeps any desk's event stream
//! alive; [`scripted`] is the tests' double. `tests/contract` is what a desk must do, run against each.
//!
//! Everything that comes through here is of the domain, its texts `Safe`.

mod acting;
mod event;
pub mod handback;
pub mod link;
mod list;
mod reading;
#[doc(hidden)]
pub mod scripted;
mod trouble;

use std::future::Future;

pub use acting::{Act, Answer, Many, No, Refused, Reply};
pub use event::{Attention, AttentionKind, Event, What};
pub use list::{Counts, From, Page, Query, View};
pub use reading::{Detail, History, Me, Messages, Queue};
pub use trouble::Trouble;

use crate::domain::id::{ConversationId, OperationId};

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
    /// The next event, or why there will be none: every stream ends with a [`Trouble`], and is not asked
    /// again after it. `Busy` is the desk's wish to be left alone for so long. Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Result<Event, Trouble>> + Send;
}
