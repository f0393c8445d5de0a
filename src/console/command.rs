//! What an advisor can wish for, and the one table of keys.
//!
//! Key handling, footer, help, the key beside a menu row, and the README's table are all made from
//! [`TABLE`]; a key that is not in it does nothing.

use super::key::Key;
use crate::{desk::View, domain::action::Action};

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

/// Where a key has its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Anywhere but where text is typed.
    Everywhere,
    /// In the list and in the conversation.
    Panes,
    /// In the list.
    List,
    /// In the conversation.
    Conversation,
    /// In the three dots.
    Menu,
    /// In the help.
    Help,
    /// Where one of several is chosen by typing.
    Picker,
    /// Where the list is narrowed.
    Filter,
    /// Where one says what to look for.
    Find,
    /// In the composer.
    Composer,
    /// In the composer, writing a note.
    Note,
    /// Where a reason is written.
    Reason,
    /// In the question before a contact is blocked or a bot is ended.
    Question,
    /// In the preview of an act on several.
    Preview,
    /// When asked about leaving.
    Leaving,
    /// Handing back some: whose.
    Load,
    /// Handing back some: what is chosen.
    Choice,
    /// Handing back some: what is typed.
    Words,
    /// Handing back some: what would move and stay.
    Moving,
    /// My acts.
    Acts,
    /// In the side panel.
    Panel,
    /// One message alone.
    Alone,
    /// A reply that goes out in a moment.
    Waiting,
    /// Every draft there is.
    Drafts,
    /// Where the file of a transcript is named.
    FileName,
    /// What was said lately.
    Notices,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 26] = [
        Self::Everywhere,
        Self::Panes,
        Self::List,
        Self::Conversation,
        Self::Menu,
        Self::Help,
        Self::Picker,
        Self::Filter,
        Self::Find,
        Self::Composer,
        Self::Note,
        Self::Reason,
        Self::Question,
        Self::Preview,
        Self::Leaving,
        Self::Load,
        Self::Choice,
        Self::Words,
        Self::Moving,
        Self::Acts,
        Self::Panel,
        Self::Alone,
        Self::Waiting,
        Self::Drafts,
        Self::FileName,
        Self::Notices,
    ];

    /// What the help calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Panes => "List and conversation",
            Self::List => "List",
            Self::Conversation => "Conversation",
            Self::Menu => "Three dots",
            Self::Help => "Help",
            Self::Picker => "Choosing",
            Self::Filter => "Narrowing the list",
            Self::Find => "Looking for conversations",
            Self::Composer => "Writing a reply",
            Self::Note => "Writing a note",
            Self::Reason => "Giving a reason",
            Self::Question => "Before blocking or intervening",
            Self::Preview => "Acting on several",
            Self::Leaving => "Leaving",
            Self::Load => "Hand back some: whose",
            Self::Choice => "Hand back some: which, and where to",
            Self::Words => "Hand back some: number and reason",
            Self::Moving => "Hand back some: what moves",
            Self::Acts => "My acts",
            Self::Panel => "Side panel",
            Self::Alone => "One message alone",
            Self::Waiting => "A reply that goes out in a moment",
            Self::Drafts => "Drafts",
            Self::FileName => "Exporting a transcript",
            Self::Notices => "What was said",
        }
    }

    /// What the configuration calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Everywhere => "everywhere",
            Self::Panes => "panes",
            Self::List => "list",
            Self::Conversation => "conversation",
            Self::Menu => "menu",
            Self::Help => "help",
            Self::Picker => "picker",
            Self::Filter => "filter",
            Self::Find => "find",
            Self::Composer => "composer",
            Self::Note => "note",
            Self::Reason => "reason",
            Self::Question => "question",
            Self::Preview => "preview",
            Self::Leaving => "leaving",
            Self::Load => "load",
            Self::Choice => "choice",
            Self::Words => "words",
            Self::Moving => "moving",
            Self::Acts => "acts",
            Self::Panel => "panel",
            Self::Alone => "alone",
            Self::Notices => "notices",
            Self::Waiting => "waiting",
            Self::Drafts => "drafts",
            Self::FileName => "file-name",
        }
    }

    /// Whether characters are typed here, so that they are text and not keys.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Picker
                | Self::Filter
                | Self::Find
                | Self::Composer
                | Self::Note
                | Self::Reason
                | Self::Words
                | Self::FileName
        )
    }

    /// Whether Enter does something to a conversation here, so that it counts as an act in a burst of keys (R7). What
    /// it does in a picker depends on what is picked.
    #[must_use]
    pub fn enter_acts(self) -> bool {
        matches!(
            self,
            Self::Menu
                | Self::Reason
                | Self::Question
                | Self::Preview
                | Self::Drafts
                | Self::FileName
        )
    }

    /// Whether something is asked here that one must have read: keys typed ahead of it are dropped (R22).
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Question | Self::Preview | Self::Leaving)
    }

    /// The places whose keys count here, nearest first.
    #[must_use]
    pub fn reach(self) -> &'static [Self] {
        match self {
            Self::Everywhere => &[Self::Everywhere],
            Self::Panes => &[Self::Panes, Self::Everywhere],
            Self::List => &[Self::List, Self::Panes, Self::Everywhere],
            Self::Conversation => &[Self::Conversation, Self::Panes, Self::Everywhere],
            Self::Menu => &[Self::Menu, Self::Everywhere],
            Self::Help => &[Self::Help, Self::Everywhere],
            Self::Picker => &[Self::Picker],
            Self::Filter => &[Self::Filter],
            Self::Find => &[Self::Find],
            Self::Composer => &[Self::Composer],
            Self::Note => &[Self::Note],
            Self::Reason => &[Self::Reason],
            Self::Question => &[Self::Question, Self::Everywhere],
            Self::Preview => &[Self::Preview, Self::Everywhere],
            Self::Leaving => &[Self::Leaving, Self::Everywhere],
            Self::Load => &[Self::Load, Self::Everywhere],
            Self::Choice => &[Self::Choice, Self::Everywhere],
            Self::Words => &[Self::Words],
            Self::Moving => &[Self::Moving, Self::Everywhere],
            Self::Acts => &[Self::Acts, Self::Everywhere],
            Self::Panel => &[Self::Panel, Self::Panes, Self::Everywhere],
            Self::Alone => &[Self::Alone, Self::Everywhere],
            Self::Waiting => &[Self::Waiting],
            Self::Drafts => &[Self::Drafts, Self::Everywhere],
            Self::FileName => &[Self::FileName],
            Self::Notices => &[Self::Notices, Self::Everywhere],
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where.
    pub place: Place,
    /// Which keys; the first is the one shown.
    pub keys: &'static [Key],
    /// The wish.
    pub command: Command,
    /// Its name, as the configuration and `:` know it: unique within a place.
    pub name: &'static str,
    /// What it does, for the help and the README.
    pub what: &'static str,
    /// The short form for the footer; `None`: not shown there.
    pub footer: Option<&'static str>,
}

macro_rules! table {
    ($($place:ident { $($name:literal $keys:expr => $command:expr, $what:literal $(, $footer:literal)? ;)* })*) => {
        &[$($(Binding {
            place: Place::$place,
            keys: &$keys,
            command: $command,
            name: $name,
            what: $what,
            footer: table!(@footer $($footer)?),
        }),*),*]
    };
    (@footer $footer:literal) => { Some($footer) };
    (@footer) => { None };
}

use Command as C;
use Key::{
    BackTab, Backspace, Char, Ctrl, Delete, Down, End, Enter, Esc, Home, Left, PageDown, PageUp,
    Right, Tab, Up, WordLeft, WordRight,
};

/// The one table: every key there is.
#[rustfmt::skip]
pub const TABLE: &[Binding] = table! {
    List {
        "unassign"  [Char('u')]           => C::Unassign, "hand the conversation back at once, or the marked ones", "hand back";
        "undo"      [Char('z')]           => C::Undo, "take back your last act", "take back";
        "take"      [Char('t')]           => C::Take, "take the conversation without replying, or the marked ones", "take";
        "reply"     [Char('r'), Char('i')] => C::Reply, "write a reply", "reply";
        "menu"      [Char('.')]           => C::Menu, "the three dots: everything that can be done to it", "actions";
        "mark"      [Char(' ')]           => C::Mark, "mark or unmark, and on to the next", "mark";
        "open"      [Enter, Char('l'), Right] => C::Enter, "into the conversation", "open";
        "back"      [Esc]                 => C::Back, "clear the marks, leave the search, clear the filter";
    }
    Conversation {
        "unassign"  [Char('u')]           => C::Unassign, "hand the conversation back at once", "hand back";
        "undo"      [Char('z')]           => C::Undo, "take back your last act", "take back";
        "take"      [Char('t')]           => C::Take, "take the conversation without replying", "take";
        "reply"     [Char('r'), Char('i'), Enter] => C::Reply, "write a reply", "reply";
        "menu"      [Char('.')]           => C::Menu, "the three dots: everything that can be done to it", "actions";
        "back"      [Esc, Char('h'), Left] => C::Back, "back to the list", "list";
    }
    Panel {
        "close"     [Esc, Char('p')]      => C::Panel, "close it", "close";
        "list"      [Char('h'), Left]     => C::Back, "back to the list; the panel stays where there is room for both", "list";
    }
    Panes {
        "reason"    [Char('U')]           => C::Reason, "hand back, the conversation or the marked ones, and say why";
        "assign"    [Char('a')]           => C::Assign, "give the conversation, or the marked ones, to somebody";
        "move"      [Char('m')]           => C::Move, "move the conversation, or the marked ones, to another queue";
        "status"    [Char('s')]           => C::Status, "set the status of the conversation, or of the marked ones";
        "note"      [Char('n')]           => C::Note, "write a note: the customer never sees it";
        "copy"      [Char('y')]           => C::Copy, "copy its id, address, last message or links";
        "away"      [Char('w')]           => C::Away, "away: no queue gives you anything; again comes back";
        "panel"     [Char('p')]           => C::Panel, "the side panel: facts of the contact, and what the team did";
        "alone"     [Char('v')]           => C::Alone, "the lowest message in sight alone, to read and select it whole";
        "explain"   [Char('e')]           => C::Explain, "why the last message was not delivered, and what to do";
        "next-unanswered" [Char(']')]     => C::NextUnanswered, "to the next unanswered conversation";
        "previous-unanswered" [Char('[')] => C::PreviousUnanswered, "to the unanswered conversation before";
        "down"      [Char('j'), Down]     => C::Down, "down";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "top"       [Char('g'), Home]     => C::Top, "to the top";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the bottom";
        "page-down" [PageDown, Ctrl('f')] => C::PageDown, "a screenful down";
        "page-up"   [PageUp, Ctrl('b')]   => C::PageUp, "a screenful up";
        "half-down" [Ctrl('d')]           => C::HalfDown, "half a screenful down";
        "half-up"   [Ctrl('u')]           => C::HalfUp, "half a screenful up";
        "other"     [Tab]                 => C::OtherPane, "the other pane";
        "mine"      [Char('1')]           => C::Show(View::Mine), "show Mine";
        "unassigned" [Char('2')]          => C::Show(View::Unassigned), "show Unassigned";
        "all"       [Char('3')]           => C::Show(View::All), "show All";
        "drafts"    [Char('4')]           => C::ShowDrafts, "show Drafts: all that you wrote and did not send";
        "queue"     [Char('Q')]           => C::PickQueue, "choose a queue";
        "some"      [Char('D')]           => C::HandBackSome, "load by advisor, and hand back some of it";
        "acts"      [Char('H')]           => C::MyActs, "my acts, and what became of them";
        "notices"   [Char('!')]           => C::Notices, "what was said lately, and when";
        "filter"    [Char('/')]           => C::Filter, "narrow the list by contact: words of the name, digits of the number", "narrow";
        "find"      [Char('f')]           => C::Find, "find by contact or text, in all that one may see", "find";
        "quit"      [Char('q')]           => C::Quit, "leave";
    }
    Everywhere {
        "help"      [Char('?')]           => C::Help, "every key, and what it does", "help";
        "by-name"   [Char(':')]           => C::ByName, "anything that can be done here, by its name";
        "refresh"   [Ctrl('r')]           => C::Refresh, "fetch everything again";
        "suspend"   [Ctrl('z')]           => C::Suspend, "suspend; `fg` comes back";
        "redraw"    [Ctrl('l')]           => C::Redraw, "draw the screen anew";
        "leave"     [Ctrl('c')]           => C::Quit, "leave";
    }
    Menu {
        "down"      [Char('j'), Down]     => C::Down, "down", "move";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "do"        [Enter]               => C::Enter, "do it; its letter does it at once", "do";
        "close"     [Esc, Char('.'), Char('q'), Left, Char('h')] => C::Back, "close", "close";
    }
    Help {
        "down"      [Char('j'), Down]     => C::Down, "down", "move";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown, Char(' ')] => C::PageDown, "a screenful down";
        "page-up"   [PageUp]              => C::PageUp, "a screenful up";
        "do"        [Enter]               => C::Enter, "do what the row says", "do";
        "close"     [Esc, Char('q')]      => C::Back, "close", "close";
    }
    Picker {
        "down"      [Down, Ctrl('n'), Tab] => C::Down, "down", "move";
        "up"        [Up, Ctrl('p')]       => C::Up, "up";
        "choose"    [Enter]               => C::Enter, "choose", "choose";
        "close"     [Esc, Ctrl('c')]      => C::Back, "close", "close";
    }
    Filter {
        "keep"      [Enter, Down]         => C::Enter, "keep what it finds", "keep";
        "clear"     [Esc, Ctrl('c')]      => C::Back, "show everything again", "show everything";
    }
    Find {
        "keep"      [Enter, Down]         => C::Enter, "to what it finds", "to what it finds";
        "complete"  [Tab]                 => C::Complete, "take what is offered first", "take what is offered";
        "close"     [Esc, Ctrl('c')]      => C::Back, "back to the list as it was", "back to the list";
    }
    Composer {
        "send"      [Enter]               => C::Send, "send", "send";
        "leave"     [Esc, Ctrl('c')]      => C::Back, "leave; the draft is kept", "leave, draft kept";
        "new-line"  [Ctrl('j')]           => C::NewLine, "new line", "new line";
        "phrase"    [Tab]                 => C::Phrase, "a smart phrase, found by a few words; those just typed, if they find one", "phrase";
        "undo-typing" [Ctrl('z'), Ctrl('_')] => C::UndoTyping, "take back what was typed last";
        "line-start" [Ctrl('a'), Home]    => C::LineStart, "to the beginning of the line";
        "line-end"  [Ctrl('e'), End]      => C::LineEnd, "to its end";
        "word-left" [WordLeft]            => C::WordLeft, "a word to the left";
        "word-right" [WordRight]          => C::WordRight, "a word to the right";
        "erase-word" [Ctrl('w')]          => C::EraseWord, "erase the word before";
        "erase-to-end" [Ctrl('k')]        => C::EraseToEnd, "erase to the end of the line";
        "erase-to-start" [Ctrl('u')]      => C::EraseToStart, "erase to its beginning";
        "put-back"  [Ctrl('y')]           => C::PutBack, "put in what was erased last";
    }
    Note {
        "keep"      [Enter]               => C::Send, "keep the note, for the team alone", "keep";
        "leave"     [Esc, Ctrl('c')]      => C::Back, "leave; the draft is kept", "leave, draft kept";
        "new-line"  [Ctrl('j')]           => C::NewLine, "new line", "new line";
        "undo-typing" [Ctrl('z'), Ctrl('_')] => C::UndoTyping, "take back what was typed last";
        "line-start" [Ctrl('a'), Home]    => C::LineStart, "to the beginning of the line";
        "line-end"  [Ctrl('e'), End]      => C::LineEnd, "to its end";
        "word-left" [WordLeft]            => C::WordLeft, "a word to the left";
        "word-right" [WordRight]          => C::WordRight, "a word to the right";
        "erase-word" [Ctrl('w')]          => C::EraseWord, "erase the word before";
        "erase-to-end" [Ctrl('k')]        => C::EraseToEnd, "erase to the end of the line";
        "erase-to-start" [Ctrl('u')]      => C::EraseToStart, "erase to its beginning";
        "put-back"  [Ctrl('y')]           => C::PutBack, "put in what was erased last";
    }
    Reason {
        "hand-back" [Enter]               => C::Enter, "hand back, with this reason", "hand back";
        "close"     [Esc, Ctrl('c')]      => C::Back, "leave, nothing done", "leave, nothing done";
    }
    Question {
        "down"      [Char('j'), Down]     => C::Down, "down", "move";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "do"        [Enter]               => C::Enter, "do what the row says", "do";
        "close"     [Esc, Char('q')]      => C::Back, "leave, nothing done", "leave, nothing done";
    }
    Preview {
        "go"        [Enter]               => C::Enter, "do it to these", "do it";
        "down"      [Char('j'), Down]     => C::Down, "down", "move";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "retry"     [Char('r')]           => C::Retry, "try the failed ones again";
        "close"     [Esc, Char('q')]      => C::Back, "leave, nothing moved", "close";
    }
    Leaving {
        "hand-back-all" [Char('b')]       => C::HandBackAllAndQuit, "hand back all, then leave", "hand back all and leave";
        "keep"      [Char('q'), Enter]    => C::KeepAndQuit, "leave and keep them", "keep them and leave";
        "stay"      [Esc, Backspace]      => C::Back, "stay", "stay";
    }
    Load {
        "hand-back" [Enter]               => C::HandBackThese, "hand back what would move", "hand back these";
        "pick"      [Char(' ')]           => C::Mark, "pick whose conversations, one or several", "pick";
        "next"      [Tab]                 => C::NextField, "the next field", "next field";
        "previous"  [BackTab]             => C::PreviousField, "the field before";
        "sort"      [Char('s')]           => C::SortNext, "sort by the next column", "sort";
        "sort-back" [Char('S')]           => C::SortBack, "sort by the column before";
        "turn"      [Char('o')]           => C::SortTurn, "sort the other way round";
        "down"      [Char('j'), Down]     => C::Down, "down";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown]            => C::PageDown, "a screenful down";
        "page-up"   [PageUp]              => C::PageUp, "a screenful up";
        "top"       [Char('g'), Home]     => C::Top, "to the top";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the bottom";
        "retry"     [Char('r')]           => C::Retry, "look again at those that stayed, to try them alone";
        "undo"      [Char('z')]           => C::Undo, "take back your last act, all of it";
        "leave"     [Esc, Char('q')]      => C::Back, "leave", "leave";
    }
    Choice {
        "hand-back" [Enter]               => C::HandBackThese, "choose from a list; on the last field hand back what would move", "choose";
        "value"     [Right, Char('l')]    => C::NextValue, "the next thing it can be", "change";
        "value-back" [Left, Char('h')]    => C::PreviousValue, "the one before";
        "next"      [Tab, Down, Char('j')] => C::NextField, "the next field", "next field";
        "previous"  [BackTab, Up, Char('k')] => C::PreviousField, "the field before";
        "leave"     [Esc, Char('q')]      => C::Back, "leave", "leave";
        "choose"    [Char(' ')]           => C::Mark, "choose from a list: the queue, the status, who gets them", "choose";
    }
    Words {
        "next"      [Tab, Enter, Down]    => C::NextField, "the next field", "next field";
        "previous"  [BackTab, Up]         => C::PreviousField, "the field before";
        "leave"     [Esc, Ctrl('c')]      => C::Back, "leave", "leave";
    }
    Moving {
        "hand-back" [Enter]               => C::HandBackThese, "hand back what would move", "hand back these";
        "keep"      [Char(' ')]           => C::Mark, "keep this one back, or let it go again", "keep back";
        "retry"     [Char('r')]           => C::Retry, "look again at those that stayed, to try them alone", "look again at those that stayed";
        "undo"      [Char('z')]           => C::Undo, "take back your last act, all of it", "take all back";
        "next"      [Tab]                 => C::NextField, "the next field", "next field";
        "previous"  [BackTab]             => C::PreviousField, "the field before";
        "down"      [Char('j'), Down]     => C::Down, "down";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown]            => C::PageDown, "a screenful down";
        "page-up"   [PageUp]              => C::PageUp, "a screenful up";
        "top"       [Char('g'), Home]     => C::Top, "to the top";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the bottom";
        "leave"     [Esc, Char('q')]      => C::Back, "leave", "leave";
    }
    Acts {
        "open"      [Enter, Char('l'), Right] => C::Enter, "open the act: where its conversations are now; a conversation: go to it", "open";
        "undo"      [Char('z')]           => C::Undo, "take it back, if it is your last act", "take back";
        "down"      [Char('j'), Down]     => C::Down, "down", "move";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown]            => C::PageDown, "a screenful down";
        "page-up"   [PageUp]              => C::PageUp, "a screenful up";
        "top"       [Char('g'), Home]     => C::Top, "to the top";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the bottom";
        "close"     [Esc, Char('q'), Char('h'), Left] => C::Back, "close", "close";
    }
    Alone {
        "escaped"   [Char('e')]           => C::Escaped, "every character that is not plain ASCII by its code, or as it is shown", "codes";
        "earlier"   [Char('h'), Left]     => C::Earlier, "the message before", "message before";
        "later"     [Char('l'), Right]    => C::Later, "the message after", "message after";
        "down"      [Char('j'), Down]     => C::Down, "down";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown, Char(' '), Ctrl('f')] => C::PageDown, "a screenful down";
        "page-up"   [PageUp, Ctrl('b')]   => C::PageUp, "a screenful up";
        "top"       [Char('g'), Home]     => C::Top, "to the top";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the bottom";
        "close"     [Esc, Char('v'), Char('q')] => C::Back, "close", "close";
    }
    Waiting {
        "take-back" [Char('z'), Esc, Ctrl('c')] => C::TakeBack, "take it back, it is not sent; so does typing on", "take it back";
    }
    Drafts {
        "open"      [Enter, Char('l'), Right] => C::Enter, "go to its conversation, and on with it", "go on with it";
        "copy"      [Char('y')]           => C::Copy, "copy its text", "copy";
        "drop"      [Char('x'), Delete]   => C::Drop, "drop it", "drop";
        "undo"      [Char('z')]           => C::Undo, "bring back the one dropped last", "bring back";
        "down"      [Char('j'), Down]     => C::Down, "down";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown]            => C::PageDown, "a screenful down";
        "page-up"   [PageUp]              => C::PageUp, "a screenful up";
        "top"       [Char('g'), Home]     => C::Top, "to the top";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the bottom";
        "half-down" [Ctrl('d')]           => C::HalfDown, "down in its text";
        "half-up"   [Ctrl('u')]           => C::HalfUp, "up in its text";
        "mine"      [Char('1')]           => C::Show(View::Mine), "show Mine";
        "unassigned" [Char('2')]          => C::Show(View::Unassigned), "show Unassigned";
        "all"       [Char('3')]           => C::Show(View::All), "show All";
        "close"     [Esc, Char('q'), Char('h'), Left] => C::Back, "back to the list", "list";
    }
    FileName {
        "write"     [Enter]               => C::Enter, "write it into that file", "write";
        "close"     [Esc, Ctrl('c')]      => C::Back, "leave, nothing written", "leave, nothing written";
    }
    Notices {
        "down"      [Char('j'), Down]     => C::Down, "down", "move";
        "up"        [Char('k'), Up]       => C::Up, "up";
        "page-down" [PageDown, Char(' ')] => C::PageDown, "a screenful down";
        "page-up"   [PageUp]              => C::PageUp, "a screenful up";
        "top"       [Char('g'), Home]     => C::Top, "to the newest";
        "bottom"    [Char('G'), End]      => C::Bottom, "to the oldest";
        "close"     [Esc, Char('!'), Char('q')] => C::Back, "close", "close";
    }
};

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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut seen = HashSet::new();
        for binding in TABLE {
            for key in binding.keys {
                assert!(
                    seen.insert((binding.place, key)),
                    "{key} twice in {:?}",
                    binding.place
                );
            }
        }
    }

    #[test]
    fn names_are_unique_in_their_place_and_every_place_has_keys() {
        let names: HashSet<_> = TABLE.iter().map(|b| (b.place, b.name)).collect();
        assert_eq!(names.len(), TABLE.len());
        for place in Place::ALL {
            assert!(TABLE.iter().any(|b| b.place == place), "{place:?}");
        }
    }

    #[test]
    fn where_text_is_typed_no_character_is_a_key() {
        for binding in TABLE.iter().filter(|b| b.place.takes_text()) {
            assert!(
                !binding.keys.iter().any(|k| matches!(k, Key::Char(_))),
                "{}",
                binding.name
            );
        }
    }

    #[test]
    fn no_default_needs_alt() {
        assert!(
            !TABLE
                .iter()
                .flat_map(|b| b.keys)
                .any(|k| matches!(k, Key::Alt(_)))
        );
    }
}
