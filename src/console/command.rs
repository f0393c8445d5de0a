//! What an advisor can wish for, and the one table of keys.
//!
//! Key handling, footer, help, the key beside a menu row, and the README's table are all made from [`TABLE`]; a key that
//! is not in it does nothing. [`place`] is where keys have their meanings, [`table`] which they are.

mod place;
mod table;

use crate::{desk::View, domain::action::Action};

pub use place::Place;
pub use table::{Binding, TABLE};

/// A wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// One down.
    Down,
    /// One up.
    Up,
    /// To the first.
    Top,
    /// To the last.
    Bottom,
    /// A screenful down.
    PageDown,
    /// A screenful up.
    PageUp,
    /// Half a screenful down.
    HalfDown,
    /// Half a screenful up.
    HalfUp,
    /// Into the conversation; in a layer: do it.
    Enter,
    /// Back to the list; in a layer: close it.
    Back,
    /// The other pane.
    OtherPane,
    /// Show these conversations.
    Show(View),
    /// Choose a queue.
    PickQueue,
    /// Narrow the list.
    Filter,
    /// Look for conversations among all one may see.
    Find,
    /// Take what is offered.
    Complete,
    /// The three dots.
    Menu,
    /// Hand it back: the act the product is named for.
    Unassign,
    /// Take back the last act.
    Undo,
    /// Hand it back, and say why.
    Reason,
    /// Take it.
    Take,
    /// Give it to somebody.
    Assign,
    /// Put it into another queue.
    Move,
    /// Give it a status, or none.
    Status,
    /// Write a note, which the customer never sees.
    Note,
    /// Copy something of it.
    Copy,
    /// Away from the keyboard, or back.
    Away,
    /// Write a reply.
    Reply,
    /// Mark it, and on to the next.
    Mark,
    /// Fetch everything again.
    Refresh,
    /// Every key, and what it does.
    Help,
    /// Suspend.
    Suspend,
    /// Draw the screen anew.
    Redraw,
    /// Leave.
    Quit,
    /// Send what was written.
    Send,
    /// A new line.
    NewLine,
    /// Take back what was typed last.
    UndoTyping,
    /// A smart phrase, found by a few words.
    Phrase,
    /// To the beginning of the line.
    LineStart,
    /// To its end.
    LineEnd,
    /// A word to the left.
    WordLeft,
    /// A word to the right.
    WordRight,
    /// Erase the word before.
    EraseWord,
    /// Erase to the end of the line.
    EraseToEnd,
    /// Erase to its beginning.
    EraseToStart,
    /// Put in what was erased last.
    PutBack,
    /// Take back a reply that goes out in a moment.
    TakeBack,
    /// Every draft there is.
    ShowDrafts,
    /// It is no draft any more.
    Drop,
    /// Hand back all, then leave.
    HandBackAllAndQuit,
    /// Leave, and keep what one has.
    KeepAndQuit,
    /// Try the failed ones again.
    Retry,
    /// Load by advisor, and what to hand back of it.
    HandBackSome,
    /// My acts, and what became of them.
    MyActs,
    /// The side panel: facts of the contact, and what the team did.
    Panel,
    /// The message alone.
    Alone,
    /// Why the message was not delivered, and what to do.
    Explain,
    /// To the next unanswered conversation.
    NextUnanswered,
    /// To the unanswered one before.
    PreviousUnanswered,
    /// The characters as they were written, by their codes.
    Escaped,
    /// The message after.
    Later,
    /// The message before.
    Earlier,
    /// What was said lately.
    Notices,
    /// Any wish, by its name.
    ByName,
    /// Hand back what would move, as it is shown.
    HandBackThese,
    /// The next field.
    NextField,
    /// The field before.
    PreviousField,
    /// The next thing a field can be.
    NextValue,
    /// The one before.
    PreviousValue,
    /// Sort by the next column.
    SortNext,
    /// Sort by the column before.
    SortBack,
    /// Sort the other way round.
    SortTurn,
}

/// What does an action at once, from the list or the conversation, without the three dots.
#[must_use]
pub fn of_action(action: Action) -> Option<Command> {
    Some(match action {
        Action::Unassign => Command::Unassign,
        Action::Take => Command::Take,
        Action::Reply => Command::Reply,
        Action::Assign => Command::Assign,
        Action::Move => Command::Move,
        Action::Status => Command::Status,
        Action::Note => Command::Note,
        _ => return None,
    })
}

impl Command {
    /// Whether it does something to a conversation, or opens a field in which the next keys would be text.
    #[must_use]
    pub fn means_a_conversation(self) -> bool {
        matches!(
            self,
            Self::Unassign
                | Self::Reason
                | Self::Undo
                | Self::Take
                | Self::Assign
                | Self::Move
                | Self::Status
                | Self::Note
                | Self::Copy
                | Self::Reply
        )
    }

    /// Whether it changes something at the desk, opens a field, or leaves, so that it is dropped in a burst of keys (R7)
    /// and while the cursor was just moved by an event (R22). Everything else only moves or opens.
    #[must_use]
    pub fn acts(self) -> bool {
        matches!(
            self,
            Self::Unassign
                | Self::Reason
                | Self::Undo
                | Self::Take
                | Self::Assign
                | Self::Move
                | Self::Status
                | Self::Note
                | Self::Copy
                | Self::Away
                | Self::Reply
                | Self::Mark
                | Self::Send
                | Self::Phrase
                | Self::Drop
                | Self::Quit
                | Self::HandBackAllAndQuit
                | Self::KeepAndQuit
                | Self::Retry
                | Self::HandBackThese
                | Self::Suspend
        )
    }
}
