//! The reply, or the note, being written.

use ratatui_textarea::{CursorMove, TextArea};

use crate::domain::{
    id::{MessageId, OperationId, UserId},
    row::Row,
    text::Safe,
};

/// At most so many bytes in one reply or note.
pub const MOST: usize = 4096;

/// What is being written. A composer is of one kind from its first frame to its last, and its drafts are kept by kind:
/// a note can never become a reply, nor a reply a note (N1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An answer, which the customer gets.
    Reply,
    /// A note, which the customer never sees.
    Note,
}

/// A reply to one customer, or a note about them. Its title names customer, channel and address from the row it was opened on,
/// so that nobody writes to the wrong one.
#[derive(Debug)]
pub struct Composer {
    /// What it is.
    pub kind: Kind,
    /// The conversation as it was when the composer opened, kept up to date as events come.
    pub row: Row,
    /// Who the screen said had it when the writing began (U5).
    pub expected: Option<UserId>,
    /// The newest message its writer has seen.
    pub seen: Option<MessageId>,
    /// Under which operation it is being sent; nothing can be typed meanwhile.
    pub sending: Option<OperationId>,
    /// It cannot be sent any more; why, and that the text is kept (U8). Only Esc is heard then.
    pub frozen: Option<Safe>,
    /// A colleague wrote in between; sending again sends anyway.
    pub crossed: bool,
    /// The operation under which it was sent when the line broke: sending again asks under the same one,
    /// so that nothing is sent twice (R20).
    pub again: Option<OperationId>,
    area: TextArea<'static>,
}

impl Composer {
    /// A reply, with the draft kept of it.
    #[must_use]
    pub fn new(row: Row, seen: Option<MessageId>, draft: &str) -> Self {
        Self::of(Kind::Reply, row, seen, draft)
    }

    /// A note, with the draft kept of it.
    #[must_use]
    pub fn note(row: Row, draft: &str) -> Self {
        Self::of(Kind::Note, row, None, draft)
    }

    fn of(kind: Kind, row: Row, seen: Option<MessageId>, draft: &str) -> Self {
        let mut area = TextArea::from(draft.split('\n').map(str::to_owned));
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        let expected = row.assignee.as_ref().map(|a| a.id.clone());
        Self {
            kind,
            row,
            expected,
            seen,
            sending: None,
            frozen: None,
            crossed: false,
            again: None,
            area,
        }
    }

    /// Whether it can be typed in and sent now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.frozen.is_none() && self.sending.is_none()
    }

    /// What is written, as typed.
    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The byte offset of the caret within [`Composer::text`].
    #[must_use]
    pub fn caret(&self) -> usize {
        let cursor = self.area.cursor();
        let (line, column) = (cursor.0, cursor.1);
        let before: usize = self
            .area
            .lines()
            .iter()
            .take(line)
            .map(|l| l.len() + 1)
            .sum();
        let within = self
            .area
            .lines()
            .get(line)
            .map_or(0, |l| l.chars().take(column).map(char::len_utf8).sum());
        before + within
    }

    /// Types a character, unless there is no more room; says whether there was.
    pub fn insert(&mut self, character: char) -> bool {
        let room = self.text().len() + character.len_utf8() <= MOST;
        if room {
            self.area.insert_char(character);
        }
        room
    }

    /// Pastes a text, unless there is no room for it; says whether there was. Control characters but line
    /// breaks do not get in (R7).
    pub fn paste(&mut self, text: &str) -> bool {
        let clean: String = text
            .replace("\r\n", "\n")
            .chars()
            .map(|c| match c {
                '\r' => '\n',
                '\t' => ' ',
                c => c,
            })
            .filter(|c| *c == '\n' || !c.is_control())
            .collect();
        let room = self.text().len() + clean.len() <= MOST;
        if room {
            self.area.insert_str(&clean);
        }
        room
    }

    /// A key of editing that is not in the table: arrows, erasing, home and end.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Backspace => drop(self.area.delete_char()),
            Edit::Delete => drop(self.area.delete_next_char()),
            Edit::Undo => drop(self.area.undo()),
            Edit::Move(to) => self.area.move_cursor(to),
        }
    }
}

/// What else can be done while typing.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// Erase the character before the caret.
    Backspace,
    /// Erase the one after it.
    Delete,
    /// Take back what was typed last.
    Undo,
    /// Move the caret.
    Move(CursorMove),
}

/// What a conversation is called in sentences and titles: its contact.
#[must_use]
pub fn name_of(row: &Row) -> Safe {
    row.contact.shown().clone()
}
