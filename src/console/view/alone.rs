//! One message alone: its text and nothing else, in the terminal's own ink, so that what is selected with the mouse is
//! the message. What it is, and how far, stands in the last lines.

use ratatui::layout::Rect;

use super::{canvas::Canvas, message::who_and_when, strip::Strip, target::Target};
use crate::{
    console::{
        model::{Alone, Layer, Loaded, Model},
        theme::Role,
    },
    domain::text::Safe,
    say,
};

/// The lines it has.
#[must_use]
pub fn height(model: &Model) -> usize {
    usize::from(model.size.1.saturating_sub(2))
}

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, alone: &Alone) {
    let screen = canvas.area();
    let area = Rect {
        height: screen.height.saturating_sub(2),
        ..screen
    };
    canvas.offer(screen, Target::Layer);
    let page = alone.page(usize::from(area.width), model.ascii);
    let last = page.rows.len().saturating_sub(usize::from(area.height));
    let rows = page.rows.iter().skip(alone.top.min(last));
    for (y, row) in (0..area.height).zip(rows) {
        let text = page.text.slice(row.clone());
        canvas.write(Strip::of(area, y), &text, Role::Text);
    }
}

/// What is shown, and how much of it, for the line of notices; `None` if no message is shown alone.
#[must_use]
pub fn state(model: &Model) -> Option<(Safe, Role)> {
    let Some(Layer::Alone(alone)) = model.layers.last() else {
        return None;
    };
    if model.said_since(alone.heard.as_ref()) {
        return None; // It was said since.
    }
    let page = alone.page(usize::from(model.size.0), model.ascii);
    let (rows, height) = (page.rows.len(), height(model));
    let top = alone.top.min(rows.saturating_sub(height));
    let bottom = rows.min(top + height);
    let mut said = who_and_when(&alone.message, model);
    if rows > height {
        said = say!("{said} · lines {} to {bottom} of {rows}", top + 1);
    }
    let altered = alone.message.body.altered();
    said = match (alone.raw && alone.escaped.is_some(), altered) {
        (true, _) => say!("{said} · by their codes"),
        (false, 0) => said,
        (false, 1) => say!("{said} · 1 character shown as a sign"),
        (false, altered) => say!("{said} · {altered} characters shown as signs"),
    };
    let part = alone.message.truncated;
    Some(match &alone.loaded {
        Loaded::Failed(why) if part => (say!("{said} · only its beginning: {why}"), Role::Warning),
        Loaded::Asked if part => (say!("{said} · the rest is on its way"), Role::Dim),
        _ => (said, Role::Dim),
    })
}
