//! Facts: everything that can reach a console.

use super::{
    bookmark::Left,
    draft::Kept,
    export::{Export, NotExported},
    input::Arrived,
    model::{Part, Ticket},
};
use crate::{
    desk::{
        Answer, Colleague, Detail, Done, Found, History, Known, Me, Messages, Outlook, Page,
        Phrase, Queue, Status, Trouble, Whole, link::News,
    },
    domain::{
        id::{ConversationId, MessageId, OperationId},
        moment::Moment,
        text::Safe,
    },
};

/// Something that happened. The runtime sends [`Msg::Clock`] before any other, so that all of one update
/// happens at one moment.
#[derive(Clone, Debug)]
pub enum Msg {
    /// It is this time now.
    Clock(Moment),
    /// Somebody did something at the terminal.
    Input(Arrived),
    /// The terminal has this many columns and rows now.
    Resized(u16, u16),
    /// A frame with all that was taken in so far is on its way to the terminal.
    Painted,
    /// That frame has gone out: what is in it can be seen.
    Shown,
    /// The program is about to be suspended.
    Suspending,
    /// The program came back from being suspended; the screen is unknown.
    Resumed,
    /// Who we are at this desk.
    Me(Result<Box<Me>, Trouble>),
    /// A page of the list, answering the load of that ticket.
    Listed(Ticket, Result<Box<Page>, Trouble>),
    /// What was found, answering the search of that ticket.
    Found(Ticket, Result<Box<Found>, Trouble>),
    /// The queues one may choose from.
    Queues(Result<Vec<Queue>, Trouble>),
    /// The people one may know of, or those that a conversation can be given to.
    People(Option<ConversationId>, Result<Vec<Colleague>, Trouble>),
    /// The statuses one may set.
    Statuses(Result<Vec<Status>, Trouble>),
    /// What a choice would move and leave, answering the question of that ticket.
    Outlook(Ticket, Result<Box<Outlook>, Trouble>),
    /// What is ours, answering the question of that ticket.
    Mine(Ticket, Result<Box<Page>, Trouble>),
    /// What was done, answering the question of that ticket.
    Acts(Ticket, Result<Vec<Done>, Trouble>),
    /// One conversation and what may be done to it.
    Detail(ConversationId, Result<Box<Detail>, Trouble>),
    /// An end of a conversation: messages, and what the team did among them.
    Opened {
        /// Of which conversation.
        conversation: ConversationId,
        /// Whether it is its beginning, and not its newest end.
        oldest: bool,
        /// The messages.
        messages: Result<Messages, Trouble>,
        /// What the team did.
        history: Result<History, Trouble>,
    },
    /// A page of messages.
    Messages(ConversationId, Part, Result<Messages, Trouble>),
    /// A page of what the team did.
    History(ConversationId, Part, Result<History, Trouble>),
    /// One message, all of it.
    Whole(ConversationId, MessageId, Result<Box<Whole>, Trouble>),
    /// What the side panel tells of a conversation: its contact, and the newest of what the team did.
    Known(
        ConversationId,
        Result<Box<Known>, Trouble>,
        Result<History, Trouble>,
    ),
    /// Earlier things the team did, for the side panel, before that one.
    Earlier(ConversationId, Part, Result<History, Trouble>),
    /// What came of an act, a reply or an undo on one conversation.
    Answered(OperationId, Answer),
    /// What came of many.
    ManyAnswered(OperationId, Result<Vec<(ConversationId, Answer)>, Trouble>),
    /// The line to the desk, and what happened there.
    News(News),
    /// A timer ran out.
    Timer(Timer),
    /// Where one was when a console of this account dropped, before it is known who we are, and when one was last there.
    Bookmark(Option<Left>, Option<Moment>),
    /// The drafts found on disk: at the start, or those of other consoles and what dead ones left since.
    Drafts(Vec<Kept>),
    /// The phrases one can answer with.
    Phrases(Result<Vec<Phrase>, Trouble>),
    /// A transcript is in its file, or why not; of whose conversation, in words.
    Exported(Safe, Export, Result<(), NotExported>),
    /// A text was put into the clipboard, or why not; what it was, in words.
    Copied(Safe, Result<(), Safe>),
    /// A draft could not be written to disk; why.
    DraftNotKept(Safe),
}

/// What a timer was set for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The cursor rested on this conversation: load it.
    Rest(ConversationId),
    /// Ask the desk again what came of an act whose answer was lost (R21).
    AskAgain(OperationId),
    /// Say again that the advisor is still in a conversation, if this ticket is still the newest wish for it.
    StillThere(Ticket),
    /// The time in which a channel takes free text may be over (S6).
    WindowEnds(ConversationId),
    /// A second less until a reply goes out, if this ticket is still the newest wish for it.
    Tick(Ticket),
    /// What a colleague wrote in between is older now, if this ticket is still the newest wish for it.
    Ages(Ticket),
    /// See whether the advisor pressed a key lately.
    StillAwake,
    /// See whether the screen is to lock.
    Lock,
    /// What came straight back has gathered: ask through what.
    Bounced(Ticket),
    /// Say what was to be told with a row that did not come.
    Attend,
    /// Fetch the list again, if this ticket is still the newest wish for it.
    Refetch(Ticket),
    /// The keys rested: ask what would move, if this ticket is still the newest wish for it.
    Look(Ticket),
    /// The keys rested: look for what was typed, if this ticket is still the newest wish for it.
    Find(Ticket),
    /// What happened has gathered: fetch again what an open screen shows of it.
    Renew(Ticket),
}
