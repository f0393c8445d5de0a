//! The reply being written. Its title names customer, channel and address, so that nobody writes to the
//! wrong one. A note says that it is one, in words, in colour, and in the shape of its border.

use std::ops::Range;

use ratatui::layout::Rect;

use super::{
    canvas::{Canvas, shown},
    footer,
    hit::Target,
    layer::{label, label_right},
    strip::Strip,
};
use crate::{
    console::{
        compose::{Composer, Kind, MOST, name_of},
        model::Model,
        theme::{Role, Sign},
    },
    domain::text::{Safe, caret, wrap},
    say,
};

/// Lines of text shown at once.
const LINES: u16 = 8;

/// The lines the box wants in a pane of that width.
#[must_use]
pub fn height(composer: &Composer, width: u16, ascii: bool) -> u16 {
    let text = shown(&Safe::text(&composer.text()), ascii);
    let rows = wrap(&text, measure(width)).take(usize::from(LINES)).count();
    let words = state(composer).map_or(0, |(words, _)| {
        wrap(&shown(&words, ascii), measure(width))
            .take(usize::from(LINES))
            .count()
    });
    u16::try_from(rows + words).unwrap_or(LINES) + 2
}

/// The columns of the text, with one left for the caret behind a full row.
fn measure(width: u16) -> usize {
    usize::from(width.saturating_sub(7).max(1))
}

/// Draws the box.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model, composer: &Composer) {
    canvas.offer(area, Target::Composer);
    canvas.hide_cursor();
    if area.height < 3 {
        let mut line = Strip::of(area, 0).inset();
        if composer.kind == Kind::Note {
            line = canvas.write(line, &Safe::literal("NOTE "), Role::Warning);
        }
        text(
            canvas,
            Rect {
                x: line.x,
                width: line.width,
                ..area
            },
            area.width,
            composer,
        );
        return;
    }
    let frame = Rect {
        x: area.x + area.width.min(1),
        width: area.width.saturating_sub(2),
        ..area
    };
    let mut inside = match composer.kind {
        Kind::Reply => canvas.frame(frame, Role::Accent),
        Kind::Note => canvas.double_frame(frame, Role::Warning),
    };
    title(canvas, Strip::of(frame, 0), composer);
    let bottom = Strip::of(frame, frame.height - 1);
    let keys = footer::sentence(canvas, model, bottom.width.saturating_sub(6));
    label(canvas, bottom, &keys, Role::Dim);
    if let Some((words, role)) = state(composer) {
        let words = canvas.shown(&words);
        let rows: Vec<_> = wrap(&words, measure(area.width)).collect();
        let lines = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        inside.height = inside.height.saturating_sub(lines).max(1);
        let below = Rect {
            y: inside.bottom(),
            height: frame.bottom().saturating_sub(inside.bottom() + 1),
            ..inside
        };
        for (y, row) in (0..below.height).zip(rows) {
            canvas.write(Strip::of(below, y).inset(), &words.slice(row), role);
        }
    }
    inside.x += inside.width.min(1);
    inside.width = inside.width.saturating_sub(2);
    text(canvas, inside, area.width, composer);
}

fn title(canvas: &mut Canvas<'_>, line: Strip, composer: &Composer) {
    let used = composer.text().len();
    let count = say!("{used} of {MOST}");
    let role = if used + 64 > MOST {
        Role::Warning
    } else {
        Role::Dim
    };
    let line = if line.width >= 50 {
        label_right(canvas, line, &count, role)
    } else {
        line
    };
    let row = &composer.row;
    if composer.kind == Kind::Note {
        let words = match composer.sending {
            Some(_) => "NOTE, being kept",
            None => "NOTE, the customer never sees this",
        };
        let words = Safe::literal(words);
        // Where the name would be a letter or two, the footer has it.
        let title = match line.width >= canvas.width(&words) + 18 {
            true => say!("{words} · {}", name_of(row)),
            false => words,
        };
        label(canvas, line, &title, Role::Warning);
        return;
    }
    let verb = if composer.sending.is_some() {
        "Sending to"
    } else {
        "Reply to"
    };
    let title = match row.contact.name.is_empty() {
        true => say!("{verb} {} · {}", name_of(row), row.channel),
        false => say!(
            "{verb} {} · {} {}",
            name_of(row),
            row.channel,
            row.contact.address
        ),
    };
    label(canvas, line, &title, Role::Strong);
}

/// Why it is not simply a text to type on.
fn state(composer: &Composer) -> Option<(Safe, Role)> {
    if let Some(why) = &composer.frozen {
        return Some((say!("! {why}"), Role::Warning));
    }
    if composer.sending.is_some() {
        let words = match composer.kind {
            Kind::Reply => "sending…",
            Kind::Note => "keeping…",
        };
        return Some((Safe::literal(words), Role::Accent));
    }
    composer.crossed.then(|| {
        let words = "! A colleague wrote in between: read it, then send again to send anyway";
        (Safe::literal(words), Role::Warning)
    })
}

/// The text around the caret.
fn text(canvas: &mut Canvas<'_>, area: Rect, width: u16, composer: &Composer) {
    let ascii = canvas.is_ascii();
    let source = composer.text();
    let text = shown(&Safe::text(&source), ascii);
    let rows: Vec<Range<usize>> = wrap(&text, measure(width)).collect();
    // What stands before the caret, as it is shown, is as long as the caret is far.
    let before = source.get(..composer.caret()).unwrap_or(&source);
    let offset = shown(&Safe::text(before), ascii).len().min(text.len());
    let caret = caret::place(&text, &rows, offset);
    let top = (caret.row + 1).saturating_sub(usize::from(area.height));
    let still = composer.frozen.is_some() || composer.sending.is_some();
    let role = if still { Role::Dim } else { Role::Text };
    for (y, row) in (0..area.height).zip(rows.iter().skip(top)) {
        canvas.write(Strip::of(area, y), &text.slice(row.clone()), role);
    }
    if top > 0 && area.x > 0 {
        canvas.sign(area.x - 1, area.y, Sign::More, Role::Dim);
    }
    let column = u16::try_from(caret.column).unwrap_or(u16::MAX);
    let row = u16::try_from(caret.row - top.min(caret.row)).unwrap_or(u16::MAX);
    canvas.place_cursor(area.x.saturating_add(column), area.y.saturating_add(row));
}
