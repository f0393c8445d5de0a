//! Orders to the world. The runtime carries them out; each that has an answer comes back as a
//! [`Msg`](super::msg::Msg).

use std::time::Duration;

use super::{model::Ticket, msg::Timer};
use crate::{
    desk::{Act, Many, Query, Reply},
    domain::{
        id::{ConversationId, OperationId},
        text::Safe,
    },
};

/// Something the runtime is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask who we are.
    LoadMe,
    /// Fetch a page of the list.
    LoadList(Ticket, Query),
    /// Fetch the queues.
    LoadQueues,
    /// Fetch one conversation and what may be done to it.
    LoadDetail(ConversationId),
    /// Fetch messages: the newest, or those before this cursor.
    LoadMessages(ConversationId, Option<String>),
    /// Do something to a conversation.
    Act(Act),
    /// Send a reply.
    Send(Reply),
    /// Hand back many.
    Many(Many),
    /// Take an act back.
    Undo {
        /// The operation id of the undo.
        operation: OperationId,
        /// The act to take back.
        act: OperationId,
    },
    /// Send a [`Timer`] after a while.
    After(Duration, Timer),
    /// Have this draft on disk within 100 ms (R23); an empty one is no draft any more.
    KeepDraft(ConversationId, String),
    /// Draw everything anew, whatever the terminal shows.
    Redraw,
    /// Suspend the program, as Ctrl-Z does.
    Suspend,
    /// Leave: sign out, restore the terminal, end.
    Quit,
    /// The desk does not know this account: leave, and say why on the normal screen.
    TurnAway(Safe),
}
