//! One message: the day if it is the first of one, its rows, what is to be said about it, who wrote it and when.

use std::ops::Range;

use super::{
    canvas::{Canvas, shown},
    entry,
    strip::Strip,
    time,
};
use crate::{
    console::{
        model::{Model, Open},
        theme::Role,
    },
    domain::{
        message::{Attachment, Delivery, Direction, Message},
        text::{
            Safe,
            excerpt::{MESSAGE_BYTES, MESSAGE_LINES},
            wrap,
        },
    },
    say,
};

/// One message as it is laid out: the day if it is the first of one, its rows, notes about it, who and when,
/// and a line of air.
pub(super) struct Block<'a> {
    pub(super) message: &'a Message,
    /// Nothing was fetched before it, but there is more.
    older: bool,
    day: Option<Safe>,
    pub(super) body: Safe,
    pub(super) rows: Vec<Range<usize>>,
    pub(super) notes: Vec<Safe>,
    air: bool,
}

impl<'a> Block<'a> {
    /// Lays out the message at an index of those held.
    pub(super) fn of(model: &Model, open: &'a Open, index: usize, measure: usize) -> Self {
        let message = &open.messages[index];
        let date = time::date(message.at, &model.zone);
        let before = index
            .checked_sub(1)
            .map(|i| time::date(open.messages[i].at, &model.zone));
        let shortened = message.body.slice(0..MESSAGE_BYTES.min(message.body.len()));
        let body = shown(&shortened, model.ascii);
        let mut rows: Vec<_> = wrap(&body, measure).take(MESSAGE_LINES + 1).collect();
        let cut = rows.len() > MESSAGE_LINES || shortened.len() < message.body.len();
        rows.truncate(MESSAGE_LINES);
        if body.is_empty() && !message.attachments.is_empty() {
            rows.clear();
        }
        Self {
            older: index == 0 && open.older.is_some(),
            day: (before != Some(date)).then(|| time::day(message.at, model.now, &model.zone)),
            notes: notes(message, cut),
            air: index + 1 < open.messages.len(),
            message,
            body,
            rows,
        }
    }

    /// Its lines.
    pub(super) fn height(&self) -> usize {
        usize::from(self.older)
            + usize::from(self.day.is_some())
            + self.rows.len()
            + self.notes.len()
            + 1
            + usize::from(self.air)
    }

    /// Draws one of its lines.
    pub(super) fn line(&self, canvas: &mut Canvas<'_>, strip: Strip, model: &Model, line: usize) {
        let Some(line) = line.checked_sub(usize::from(self.older)) else {
            canvas.write(strip, &Safe::literal("older messages above"), Role::Dim);
            return;
        };
        let line = match (&self.day, line) {
            (Some(day), 0) => return separator(canvas, strip, day),
            (Some(_), line) => line - 1,
            (None, line) => line,
        };
        let ours = self.message.direction == Direction::Out;
        // Whoever hears it does not hear at which side it stands, but who wrote it.
        let at_right = ours && !canvas.is_spoken();
        let notes = self.rows.len()..self.rows.len() + self.notes.len();
        if let Some(row) = self.rows.get(line) {
            let role = if ours { Role::Ours } else { Role::Text };
            let strip = if at_right {
                strip.skip(self.indent(strip.width))
            } else {
                strip
            };
            canvas.write(strip, &self.body.slice(row.clone()), role);
        } else if notes.contains(&line) {
            beside(
                canvas,
                strip,
                at_right,
                &[(self.notes[line - notes.start].clone(), Role::Dim)],
            );
        } else if line == notes.end {
            beside(canvas, strip, at_right, &signature(self.message, model));
        }
    }

    /// Where our text begins so that it ends at the right.
    fn indent(&self, width: u16) -> u16 {
        let widest = match self.rows.as_slice() {
            [only] => self.body.slice(only.clone()).width(),
            rows => rows
                .iter()
                .map(|r| self.body.slice(r.clone()).width())
                .max()
                .unwrap_or(0),
        };
        width.saturating_sub(u16::try_from(widest).unwrap_or(u16::MAX))
    }
}

/// The name of a day on a line.
fn separator(canvas: &mut Canvas<'_>, line: Strip, day: &Safe) {
    canvas.rule(line, Role::Border);
    let columns = canvas.width(day).saturating_add(2).min(line.width);
    let middle = line.skip((line.width - columns) / 2).take(columns);
    canvas.write(middle, &say!(" {day} "), Role::Dim);
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
    let mut parts = vec![(say!("{who} · {at}"), Role::Dim)];
    parts.extend(message.delivery.map(|delivery| match delivery {
        Delivery::Pending => (Safe::literal(" · pending"), Role::Dim),
        Delivery::Delivered => (Safe::literal(" · delivered"), Role::Dim),
        Delivery::Failed(why) => (say!(" · error: {}", why.words()), Role::Error),
    }));
    parts
}

/// What came with it, and how it differs from what was written (R2, R6).
fn notes(message: &Message, cut: bool) -> Vec<Safe> {
    let mut notes: Vec<Safe> = message.attachments.iter().map(attachment).collect();
    match message.body.altered() {
        0 => {}
        1 => notes.push(Safe::literal("1 character shown as a sign")),
        altered => notes.push(say!("{altered} characters shown as signs")),
    }
    if cut || message.truncated {
        notes.push(Safe::literal("only its beginning is shown"));
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
