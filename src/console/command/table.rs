//! The one table of keys. Its rows are in the order in which help and README show them.

use super::{Command, Place};
use crate::{console::key::Key, desk::View};

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
    }
    Note {
        "keep"      [Enter]               => C::Send, "keep the note, for the team alone", "keep";
        "leave"     [Esc, Ctrl('c')]      => C::Back, "leave; the draft is kept", "leave, draft kept";
        "new-line"  [Ctrl('j')]           => C::NewLine, "new line", "new line";
    }
    Writing {
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
