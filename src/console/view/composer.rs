//! The reply being written. Its title names customer, channel and address, so that nobody writes to the
//! wrong one. A note says that it is one, in words, in colour, and in the shape of its border.

use ratatui::layout::Rect;

use super::{
    canvas::Canvas,
    composed::{Shown, length, measure, state},
    footer,
    frame::{label, label_right},
    layout::Layout,
    strip::Strip,
    target::Target,
};
use crate::{
    console::{
        compose::{Composer, Kind, MOST, addressee, name_of},
        model::Model,
        theme::{Role, Sign},
    },
    domain::text::{Safe, caret, wrap},
    say,
};

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
    // What lies over it has keys of its own.
    if model.layers.is_empty() {
        let keys = footer::sentence(canvas, model, bottom.width.saturating_sub(6));
        label(canvas, bottom, &keys, Role::Dim);
    }
    if let Some((words, role)) = state(model, composer) {
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
    let title = say!("{verb} {}", addressee(row));
    label(canvas, line, &title, Role::Strong);
}

/// Where the caret is among the rows as they are shown, and how many there are.
#[must_use]
pub fn caret(model: &Model) -> Option<(caret::Place, usize)> {
    let composer = model.composer.as_ref()?;
    let shown = Shown::of(composer, Layout::of(model).composer.width, model.ascii);
    Some((shown.caret, shown.rows.len()))
}

/// The offset of what was typed that is shown at a place.
#[must_use]
pub fn offset_at(model: &Model, place: caret::Place) -> Option<usize> {
    let composer = model.composer.as_ref()?;
    let shown = Shown::of(composer, Layout::of(model).composer.width, model.ascii);
    let wanted = caret::offset(&shown.text, &shown.rows, place);
    // What is shown is longer than what was typed where that had to be made safe, and never the other way round.
    let ends: Vec<usize> = shown
        .source
        .char_indices()
        .map(|(at, _)| at)
        .chain([shown.source.len()])
        .collect();
    let at = ends.partition_point(|at| length(&shown.source, *at, model.ascii) < wanted);
    ends.get(at).copied()
}

/// The text around the caret.
fn text(canvas: &mut Canvas<'_>, area: Rect, width: u16, composer: &Composer) {
    let Shown {
        text, rows, caret, ..
    } = Shown::of(composer, width, canvas.is_ascii());
    let top = (caret.row + 1).saturating_sub(usize::from(area.height));
    let role = if composer.is_open() {
        Role::Text
    } else {
        Role::Dim
    };
    for (y, row) in (0..area.height).zip(rows.iter().skip(top)) {
        canvas.write(Strip::of(area, y), &text.slice(row.clone()), role);
    }
    if top > 0 && area.x > 0 {
        canvas.sign(area.x - 1, area.y, Sign::More, Role::Dim);
    }
    if rows.len() > top + usize::from(area.height) && area.x > 0 && area.height > 1 {
        canvas.sign(area.x - 1, area.bottom() - 1, Sign::More, Role::Dim);
    }
    let column = u16::try_from(caret.column).unwrap_or(u16::MAX);
    let row = u16::try_from(caret.row - top.min(caret.row)).unwrap_or(u16::MAX);
    canvas.place_cursor(area.x.saturating_add(column), area.y.saturating_add(row));
}
