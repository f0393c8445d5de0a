//! The reply, or the note, being written.

use ratatui_textarea::{CursorMove, TextArea};

use crate::{
    console::numbers::Ticket,
    domain::{
        id::{MessageId, OperationId, UserId},
        moment::Moment,
        row::Row,
        text::Safe,
    },
    say,
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
    /// It cannot be sent as things are: why (S4, S5, S6). Only Esc is heard until they are otherwise.
    pub barred: Option<Safe>,
    /// A colleague wrote in between; sending again sends anyway.
    pub crossed: bool,
    /// Which colleague that was, and when they wrote.
    pub crossed_by: Option<(Safe, Moment)>,
    /// The tick by which that gets older.
    pub(super) ages: Option<Ticket>,
    /// It goes out in a moment, unless it is taken back.
    pub waiting: Option<Waiting>,
    area: TextArea<'static>,
    /// The column the caret goes up and down in, since rows are of different lengths.
    column: Option<usize>,
}

/// A reply that goes out in a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// When.
    pub until: Moment,
    /// The tick that counts down.
    pub ticket: Ticket,
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
        let expected = row.holder();
        Self {
            kind,
            row,
            expected,
            seen,
            sending: None,
            frozen: None,
            barred: None,
            crossed: false,
            crossed_by: None,
            ages: None,
            waiting: None,
            area,
            column: None,
        }
    }

    /// Whether it can be typed in and sent now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_still().is_none() && self.sending.is_none() && self.waiting.is_none()
    }

    /// Why only Esc is heard.
    #[must_use]
    pub fn is_still(&self) -> Option<&Safe> {
        self.frozen.as_ref().or(self.barred.as_ref())
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

    /// Puts the caret at a byte offset of [`Composer::text`].
    pub fn put_caret(&mut self, offset: usize) {
        let text = self.text();
        let before = text.get(..offset).unwrap_or(&text);
        let row = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default();
        let short = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let (row, column) = (short(row), short(column.chars().count()));
        self.area.move_cursor(CursorMove::Jump(row, column));
    }

    /// The column the caret goes up and down in: `now`, unless it went up or down just before.
    pub(super) fn kept_column(&mut self, now: usize) -> usize {
        *self.column.get_or_insert(now)
    }

    /// Puts another text in the place of the so many bytes before the caret, unless there is no room for it; says
    /// whether there was. One undo takes it back.
    pub fn replace_before(&mut self, bytes: usize, text: &str) -> bool {
        let caret = self.caret();
        let start = caret.saturating_sub(bytes);
        let whole = self.text();
        let gone = whole
            .get(start..caret)
            .map_or(0, |gone| gone.chars().count());
        if whole.len() - (caret - start) + text.len() > MOST {
            return false;
        }
        for _ in 0..gone {
            self.area.delete_char();
        }
        self.paste(text)
    }

    /// Types a character, unless there is no more room; says whether there was.
    pub fn insert(&mut self, character: char) -> bool {
        self.column = None;
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
        self.column = None;
        let room = self.text().len() + clean.len() <= MOST;
        if room {
            self.area.insert_str(&clean);
        }
        room
    }

    /// Edits, or moves the caret. What would leave no room changes nothing; says whether there was.
    pub fn edit(&mut self, edit: Edit) -> bool {
        self.column = None;
        match edit {
            Edit::Backspace => drop(self.area.delete_char()),
            Edit::Delete => drop(self.area.delete_next_char()),
            Edit::Undo => drop(self.area.undo()),
            Edit::EraseWord => drop(self.area.delete_word()),
            Edit::EraseToEnd => drop(self.area.delete_line_by_end()),
            Edit::EraseToStart => drop(self.area.delete_line_by_head()),
            Edit::PutBack => {
                let room = self.text().len() + self.area.yank_text().len() <= MOST;
                if room {
                    self.area.paste();
                }
                return room;
            }
            Edit::Move(to) => self.area.move_cursor(to),
        }
        true
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
    /// Erase the word before the caret.
    EraseWord,
    /// Erase to the end of the line.
    EraseToEnd,
    /// Erase to its beginning.
    EraseToStart,
    /// Put in what was erased last so.
    PutBack,
    /// Move the caret.
    Move(CursorMove),
}

/// What a conversation is called in sentences and titles: its contact.
#[must_use]
pub fn name_of(row: &Row) -> Safe {
    row.contact.shown().clone()
}

/// Whom something is written to, in words that still say it when the conversation is out of sight.
#[must_use]
pub fn addressee(row: &Row) -> Safe {
    match row.contact.name.is_empty() {
        true => say!("{} · {}", name_of(row), row.channel),
        false => say!("{} · {} {}", name_of(row), row.channel, row.contact.address),
    }
}
