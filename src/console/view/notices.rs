//! What was said lately, the newest first, each with its time.

use ratatui::layout::Rect;

use super::{canvas::Canvas, frame, scroll, strip::Strip, target::Target};
use crate::{
    console::{
        model::{Model, Notice, Tone},
        theme::Role,
        words::time,
    },
    domain::text::{Safe, wrap},
    say,
};

/// The columns of the box.
const WIDTH: u16 = 100;
/// The columns of the time: `Mon 13:40`.
const TIME: u16 = 10;

/// Draws the box, the cursor on the nth newest.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, cursor: usize) {
    let count = model.notices.len();
    let title = match count {
        0 => Safe::literal("Nothing was said yet"),
        1 => Safe::literal("The only notice"),
        _ => say!("The last {count} notices, the newest first"),
    };
    let columns = WIDTH.min(canvas.area().width.saturating_sub(4));
    let room = usize::from(columns.saturating_sub(2 + TIME)).max(1);
    let lines: Vec<(usize, &Notice, Safe, bool)> = model
        .notices
        .iter()
        .rev()
        .enumerate()
        .flat_map(|(index, notice)| {
            let words = canvas.shown(&words(notice));
            let parts: Vec<_> = wrap(&words, room).map(|range| words.slice(range)).collect();
            let line = move |(part, text)| (index, notice, text, part == 0);
            parts.into_iter().enumerate().map(line)
        })
        .collect();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let most = canvas.area().height.saturating_sub(4).max(1);
    let inside = frame::centred(canvas, &title, columns, rows.clamp(1, most));
    let place = lines.iter().position(|(index, ..)| *index == cursor);
    let height = usize::from(inside.height);
    let top = scroll::scrolled(place.unwrap_or(0), lines.len(), height);
    for (y, (index, notice, text, first)) in (0..inside.height).zip(lines.iter().skip(top)) {
        let strip = Strip::of(inside, y);
        line(canvas, model, strip, notice, text, *first);
        if *index == cursor && *first {
            frame::mark(canvas, inside.x, strip.y);
        }
        canvas.offer(strip.area(), Target::NoticeLine(*index));
    }
    if count == 0 {
        nothing(canvas, inside);
    }
}

fn line(
    canvas: &mut Canvas<'_>,
    model: &Model,
    strip: Strip,
    notice: &Notice,
    text: &Safe,
    first: bool,
) {
    let left = strip.skip(2);
    if first {
        let at = time::stamp(notice.at, model.now, &model.zone);
        canvas.write(left.take(TIME - 1), &at, Role::Dim);
    }
    let role = match notice.tone {
        Tone::Plain => Role::Text,
        Tone::Warning => Role::Warning,
    };
    canvas.write(left.skip(TIME), text, role);
}

fn words(notice: &Notice) -> Safe {
    match notice.tone {
        Tone::Plain => notice.text.clone(),
        Tone::Warning => say!("! {}", notice.text),
    }
}

fn nothing(canvas: &mut Canvas<'_>, inside: Rect) {
    let words = Safe::literal("What you do, and what others do with yours, is told here");
    canvas.write(Strip::of(inside, 0), &words, Role::Dim);
    canvas.place_cursor(inside.x, inside.y);
}
