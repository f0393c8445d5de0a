//! One entry of a conversation as it is laid out: a message with the day, what is to be said about it, who wrote it and
//! when (P1); a line about what the team did; or a note, which the customer never sees.

use std::sync::Arc;

use super::{canvas::Canvas, done, entry, strip::Strip};
use crate::{
    console::{
        command::Command,
        guard::attempt,
        model::{Entry, Model, Open, laid::Rows},
        theme::{Role, Sign},
        words::{BLANK, keys, time},
    },
    domain::{
        message::{Attachment, Delivery, Direction, HistoryItem, Message},
        moment::Moment,
        text::Safe,
    },
    say,
};

/// The columns beside a note.
const NOTE_MARGIN: usize = 2;

/// What stands above an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Above {
    /// There is more before it, which is not here yet.
    Older,
    /// Air.
    Air,
    /// The day, where it is the first of one.
    Day(Safe),
    /// From here on it is unread, since then.
    New(Moment),
}

/// One entry, laid out.
pub(super) struct Block<'a> {
    pub(super) entry: Entry<'a>,
    above: Vec<Above>,
    /// A message's body, or a note's.
    pub(super) rows: Option<Arc<Rows>>,
    pub(super) notes: Vec<Safe>,
}

/// One line of a [`Block`].
enum Line<'b> {
    Above(&'b Above),
    Heading,
    Body(usize),
    Note(usize),
    Signature,
    Nothing,
}

impl<'a> Block<'a> {
    /// Lays out the entry at an index of those shown; `is_unread`: the unread ones begin with it. A message takes so many
    /// columns, a note all.
    pub(super) fn of(
        model: &Model,
        open: &Open,
        entries: &[Entry<'a>],
        index: usize,
        is_unread: bool,
        (measure, full): (usize, usize),
    ) -> Self {
        let entry = entries[index];
        let before = index.checked_sub(1).map(|before| entries[before]);
        let body = match entry {
            Entry::Message(message) => Some((&message.body, measure)),
            Entry::Done(item) => {
                let body = item.body.as_ref().filter(|_| done::is_note(item));
                body.map(|body| (body, full.saturating_sub(NOTE_MARGIN).max(1)))
            }
        };
        let rows =
            body.map(|(body, measure)| open.laid.rows(&entry.key(), body, measure, model.ascii));
        let cut = rows.as_ref().is_some_and(|rows| rows.cut);
        Self {
            above: above(model, open, before, entry, is_unread),
            notes: match entry {
                Entry::Message(message) => notes(model, message, cut),
                Entry::Done(_) if cut => vec![Safe::literal("only its beginning is shown")],
                Entry::Done(_) => Vec::new(),
            },
            rows,
            entry,
        }
    }

    fn heading(&self) -> usize {
        usize::from(matches!(self.entry, Entry::Done(_)))
    }

    fn body(&self) -> usize {
        match (&self.rows, self.entry) {
            (None, _) => 0,
            // A file without a word.
            (Some(rows), Entry::Message(message))
                if rows.body.is_empty() && !message.attachments.is_empty() =>
            {
                0
            }
            (Some(rows), _) => rows.rows.len(),
        }
    }

    /// Its lines.
    pub(super) fn height(&self) -> usize {
        let signature = usize::from(matches!(self.entry, Entry::Message(_)));
        self.above.len() + self.heading() + self.body() + self.notes.len() + signature
    }

    fn line(&self, line: usize) -> Line<'_> {
        let mut left = line;
        if let Some(above) = self.above.get(left) {
            return Line::Above(above);
        }
        left -= self.above.len();
        for (lines, what) in [(self.heading(), 0), (self.body(), 1), (self.notes.len(), 2)] {
            if left < lines {
                return match what {
                    0 => Line::Heading,
                    1 => Line::Body(left),
                    _ => Line::Note(left),
                };
            }
            left -= lines;
        }
        match (left, self.entry) {
            (0, Entry::Message(_)) => Line::Signature,
            _ => Line::Nothing,
        }
    }

    /// Draws one of its lines. What breaks in it breaks nothing else (R9).
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, strip: Strip, model: &Model, line: usize) {
        if attempt(|| self.draw_line(canvas, strip, model, line)).is_none() {
            let words = Safe::literal(crate::console::model::laid::BROKEN);
            canvas.write(strip, &words, Role::Warning);
        }
    }

    fn draw_line(&self, canvas: &mut Canvas<'_>, strip: Strip, model: &Model, line: usize) {
        match (self.line(line), self.entry) {
            (Line::Above(above), _) => draw_above(canvas, strip, model, above),
            (Line::Heading, Entry::Done(item)) if done::is_note(item) => {
                canvas.sign(strip.x, strip.y, Sign::DoubleAlong, Role::Warning);
                let words = done::of_note(model, item);
                canvas.write(strip.skip(2), &words, Role::Warning);
            }
            (Line::Heading, Entry::Done(item)) => team(canvas, strip, model, item),
            (Line::Body(row), Entry::Done(_)) => {
                canvas.sign(strip.x, strip.y, Sign::DoubleAlong, Role::Warning);
                canvas.write(strip.skip(2), &self.row(row), Role::Text);
            }
            (Line::Body(row), Entry::Message(message)) => self.text(canvas, strip, message, row),
            (Line::Note(note), Entry::Message(message)) => {
                let parts = [(self.notes[note].clone(), Role::Dim)];
                let at_right = is_at_right(canvas, message);
                beside(canvas, strip, at_right, &parts);
            }
            (Line::Note(note), Entry::Done(_)) => {
                canvas.sign(strip.x, strip.y, Sign::DoubleAlong, Role::Warning);
                canvas.write(strip.skip(2), &self.notes[note], Role::Dim);
            }
            (Line::Signature, Entry::Message(message)) => {
                let at_right = is_at_right(canvas, message);
                beside(canvas, strip, at_right, &signature(message, model));
            }
            _ => {}
        }
    }

    fn row(&self, row: usize) -> Safe {
        let rows = self.rows.as_ref();
        rows.map_or_else(Safe::default, |rows| rows.row(row))
    }

    /// A row of a message; ours begins so that it ends at the right.
    fn text(&self, canvas: &mut Canvas<'_>, strip: Strip, message: &Message, row: usize) {
        let broken = self.rows.as_ref().is_some_and(|rows| rows.broken);
        let widest = self.rows.as_ref().map_or(0, |rows| rows.widest);
        let strip = match is_at_right(canvas, message) {
            true => strip.skip(strip.width.saturating_sub(widest)),
            false => strip,
        };
        let role = match message.direction {
            _ if broken => Role::Warning,
            Direction::Out => Role::Ours,
            Direction::In => Role::Text,
        };
        canvas.write(strip, &self.row(row), role);
    }
}

/// Whether it stands at the right, as ours do. Whoever hears it does not hear at which side it stands, but who wrote it.
fn is_at_right(canvas: &Canvas<'_>, message: &Message) -> bool {
    message.direction == Direction::Out && !canvas.is_spoken()
}

fn above(
    model: &Model,
    open: &Open,
    before: Option<Entry<'_>>,
    entry: Entry<'_>,
    is_unread: bool,
) -> Vec<Above> {
    let is_line = |entry: Entry<'_>| matches!(entry, Entry::Done(item) if !done::is_note(item));
    let mut above = Vec::new();
    match before {
        None if open.has_older() => above.push(Above::Older),
        // What the team did stands together.
        Some(before) if !(is_line(before) && is_line(entry)) || is_unread => {
            above.push(Above::Air);
        }
        _ => {}
    }
    let date = |entry: Entry<'_>| time::date(entry.at(), &model.zone);
    if before.is_none_or(|before| date(before) != date(entry)) {
        let day = time::day(entry.at(), model.now, &model.zone);
        above.push(Above::Day(day));
    }
    if is_unread && let Some(unread) = &open.unread {
        above.push(Above::New(unread.since));
    }
    above
}

fn draw_above(canvas: &mut Canvas<'_>, strip: Strip, model: &Model, above: &Above) {
    match above {
        Above::Older => {
            canvas.write(strip, &Safe::literal("older messages above"), Role::Dim);
        }
        Above::Air => {}
        Above::Day(day) => separator(canvas, strip, day, Role::Dim, Role::Border),
        Above::New(since) => {
            let since = time::stamp(*since, model.now, &model.zone);
            let words = say!("new since {since}");
            separator(canvas, strip, &words, Role::Warning, Role::Warning);
        }
    }
}

/// Words in the middle of a line.
fn separator(canvas: &mut Canvas<'_>, line: Strip, words: &Safe, role: Role, rule: Role) {
    canvas.rule(line, rule);
    let columns = canvas.width(words).saturating_add(2).min(line.width);
    let middle = line.skip((line.width - columns) / 2).take(columns);
    canvas.write(middle, &say!(" {words} "), role);
}

/// `── team: Anna Webb took it · 13:40 ──`
fn team(canvas: &mut Canvas<'_>, line: Strip, model: &Model, item: &HistoryItem) {
    let at = time::clock(item.at, &model.zone);
    canvas.rule(line.take(2), Role::Border);
    let tail = say!(" · {at} ");
    let room = line.skip(3).less(2);
    let words = say!("team: {}", done::sentence(item));
    let width = room.width.saturating_sub(canvas.width(&tail));
    let left = canvas.write(room.take(width), &words, Role::Dim);
    let end = canvas.write(
        Strip {
            width: room.width - (left.x - room.x),
            ..left
        },
        &tail,
        Role::Dim,
    );
    canvas.rule(Strip { width: 2, ..end }, Role::Border);
}

/// Parts one after the other at the side of whoever wrote.
fn beside(canvas: &mut Canvas<'_>, line: Strip, ours: bool, parts: &[(Safe, Role)]) {
    let columns: u16 = parts.iter().map(|(words, _)| canvas.width(words)).sum();
    let mut left = if ours {
        line.skip(line.width.saturating_sub(columns))
    } else {
        line
    };
    for (words, role) in parts {
        left = canvas.write(left, words, *role);
    }
}

/// Who wrote it, when, and how far ours got (P1).
fn signature(message: &Message, model: &Model) -> Vec<(Safe, Role)> {
    let mut parts = vec![(who_and_when(message, model), Role::Dim)];
    parts.extend(message.delivery.map(|delivery| match delivery {
        Delivery::Pending => (Safe::literal(" · pending"), Role::Dim),
        Delivery::Delivered => (Safe::literal(" · delivered"), Role::Dim),
        Delivery::Failed(why) => (say!(" · error: {}", why.words()), Role::Error),
    }));
    parts
}

/// `Bea · 13:38`
pub(super) fn who_and_when(message: &Message, model: &Model) -> Safe {
    let at = time::clock(message.at, &model.zone);
    let contact = model.open.as_ref().map(|open| &open.row.contact);
    let who = match (&message.sender, message.direction) {
        (Some(sender), _) => sender.name.clone(),
        (None, Direction::Out) => Safe::literal("bot"),
        (None, Direction::In) => contact.map_or_else(Safe::default, |c| match c.name.is_empty() {
            true => c.address.clone(),
            false => entry::first_word(&c.name),
        }),
    };
    say!("{who} · {at}")
}

/// What came with it, and how it differs from what was written (R2, R6).
fn notes(model: &Model, message: &Message, cut: bool) -> Vec<Safe> {
    let mut notes: Vec<Safe> = message.attachments.iter().map(attachment).collect();
    match message.body.altered() {
        // No longer than what is laid out of it (R6).
        0 if !cut && notes.is_empty() && message.body.is_blank() => {
            notes.push(Safe::literal(BLANK))
        }
        0 => {}
        1 => notes.push(Safe::literal("1 character shown as a sign")),
        altered => notes.push(say!("{altered} characters shown as signs")),
    }
    if cut || message.truncated {
        let key = keys::named(model, Command::Alone);
        notes.push(say!("only its beginning is shown, {key} shows all of it"));
    }
    notes
}

fn attachment(file: &Attachment) -> Safe {
    let size = match file.size {
        0..1_000 => say!("{} bytes", file.size),
        1_000..1_000_000 => say!("{} kB", file.size / 1_000),
        _ => say!("{} MB", file.size / 1_000_000),
    };
    say!("[{} · {} · {size}]", file.name, file.kind)
}
