//! Orders to the world. The runtime carries them out; each that has an answer comes back as a
//! [`Msg`](super::msg::Msg).

use std::time::Duration;

use super::{
    bookmark::Bookmark,
    compose::Kind,
    draft::Order,
    export::Export,
    model::{Alert, Part, Ticket},
    msg::Timer,
};
use crate::{
    desk::{Act, ActsQuery, Choice, Find, Many, Query, Reply, Whereabouts},
    domain::{
        id::{ConversationId, MessageId, OperationId},
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
    /// Look for conversations.
    Find(Ticket, Find),
    /// Fetch the queues.
    LoadQueues,
    /// Fetch one conversation and what may be done to it.
    LoadDetail(ConversationId),
    /// Fetch an end of a conversation, messages and what the team did among them: the newest, or, if so, the oldest.
    Open(ConversationId, bool),
    /// Fetch messages.
    LoadMessages(ConversationId, Part),
    /// Fetch what the team did.
    LoadHistory(ConversationId, Part),
    /// Fetch one message, all of it.
    LoadWhole(ConversationId, MessageId),
    /// Fetch what the side panel tells of a conversation.
    LoadKnown(ConversationId),
    /// Fetch what the team did before that, for the side panel.
    LoadEarlier(ConversationId, Part),
    /// Fetch the people one may know of, or those that a conversation can be given to.
    LoadPeople(Option<ConversationId>),
    /// Fetch the statuses one may set.
    LoadStatuses,
    /// Fetch what a choice would move and leave.
    LoadOutlook(Ticket, Choice),
    /// Fetch what was done, and what became of it.
    LoadActs(Ticket, ActsQuery),
    /// Fetch what is ours, to say where customers replied.
    LoadMine(Ticket),
    /// Tell the desk where the advisor is.
    Tell(Whereabouts),
    /// Do something to a conversation.
    Act(Act),
    /// Send a reply.
    Send(Reply),
    /// Do the same to many.
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
    /// Send a [`Timer`] after the first of these and within the second more, at a random moment: not all consoles ask at
    /// once.
    Within(Duration, Duration, Timer),
    /// Have this on disk: where one is, to be there again after the terminal, or the program, dropped (R17).
    Bookmark(Bookmark),
    /// Have this draft on disk within 100 ms (R23); an empty one is no draft any more.
    KeepDraft(Kind, ConversationId, String),
    /// Do this with drafts on disk.
    Draft(Order),
    /// Fetch the phrases one can answer with.
    LoadPhrases,
    /// Write a transcript into a file; of whose conversation, in words.
    Export(Safe, Export),
    /// Put a text into the clipboard of the advisor's own machine (R8); what it is, in words.
    Copy {
        /// `the id of Bea Jones`.
        what: Safe,
        /// The text.
        text: Safe,
    },
    /// Let the terminal report the mouse, or leave it to the person to select with.
    Mouse(bool),
    /// Say beside the screen that somebody began to wait: ring, or show this on the desktop.
    Alert(Alert, Safe),
    /// Remember that this account has seen where to begin.
    BegunOnce,
    /// Draw everything anew, whatever the terminal shows.
    Redraw,
    /// Suspend the program, as Ctrl-Z does.
    Suspend,
    /// Leave: sign out, restore the terminal, end.
    Quit,
    /// The desk does not know this account: leave, and say why on the normal screen.
    TurnAway(Safe),
}
