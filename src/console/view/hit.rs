//! What lies under the mouse.
//!
//! Nothing is computed twice: the drawing itself notes what it drew where, so that a click can never mean
//! something else than what is shown.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{draw, target::Target};
use crate::console::{
    model::Model,
    theme::{Palette, Theme},
};

/// What lies at a cell; `None` where a click means nothing.
#[must_use]
pub fn hit(model: &Model, column: u16, row: u16) -> Option<Target> {
    let (width, height) = model.size;
    let mut scratch = Buffer::empty(Rect::new(0, 0, width, height));
    let canvas = draw(model, Theme::new(Palette::Plain), &mut scratch);
    canvas.target(Position::new(column, row)).cloned()
}
