//! The locked screen: who sits here and how to go on, and nothing of any customer's.

use super::{canvas::Canvas, frame, strip::Strip};
use crate::{
    console::{model::Model, theme::Role},
    domain::text::{Safe, wrap},
    say,
};

/// The columns of the box.
const WIDTH: u16 = 56;

/// Draws it over everything.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let words = words(model);
    let columns = WIDTH.min(canvas.area().width.saturating_sub(4));
    let shown = canvas.shown(&words);
    let lines: Vec<_> = wrap(&shown, usize::from(columns)).collect();
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let rows = rows.min(canvas.area().height.saturating_sub(2));
    let title = model.me.as_ref().map_or_else(
        || Safe::literal("Locked"),
        |me| say!("Locked · {}", me.user.name),
    );
    let inside = frame::centred(canvas, &title, columns, rows);
    for (y, range) in (0..inside.height).zip(lines) {
        canvas.write(Strip::of(inside, y), &shown.slice(range), Role::Text);
    }
}

fn words(model: &Model) -> Safe {
    let Some(locked) = &model.lock.locked else {
        return Safe::default();
    };
    if let Some(why) = &locked.why {
        return why.clone();
    }
    let minutes = model.lock.after.map_or(0, |after| after.as_secs() / 60);
    match (locked.asked, minutes) {
        (true, _) => Safe::literal("Asking the desk…"),
        (false, 0) => Safe::literal("No key for a while. Any key goes on; your drafts are kept."),
        (false, minutes) => {
            say!("No key for {minutes} minutes. Any key goes on; your drafts are kept.")
        }
    }
}
