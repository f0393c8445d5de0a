//! What is shown: [`view`] draws the whole model, every time, into a buffer. Pure; it cannot fail, and at no
//! size can it panic (R15).
//!
//! In reading order: [`layout`] where everything is · [`window`] which rows the list shows, [`scroll`] of anything shorter ·
//! [`canvas`] the only way onto the screen (R1), on [`strip`]s · a [`field`] that is being typed · then one file for each
//! thing one sees, from the top: [`header`] · [`tabs`] or, while one searches, [`finding`] · [`list`] with its rows, each an
//! [`entry`] or, for a screen reader, [`spoken`] · [`conversation`] with its [`messages`], in rows that are laid out once, and
//! what the team [`done`]; the side [`panel`] · the [`composer`] with what is [`composed`] in it · [`footer`] with the last
//! notice. Over them a [`layer`], mostly in a [`frame`]: [`menu`] · [`picker`] · [`help`] · [`reason`] · [`question`] ·
//! [`preview`] · [`file_name`] · [`leaving`] · [`notices`]; the first time [`hint`]; and those that take the whole screen,
//! [`some`], [`acts`], [`drafts`] and [`alone`]; and when nobody is there, [`locked`]. [`hit`] is the way back, from a cell to
//! the [`target`] it means.
//!
//! The cursor in the list is a mark in the first column and nothing else, so that moving it costs few bytes.

pub mod acts;
pub mod alone;
pub mod canvas;
mod composed;
pub mod composer;
pub mod conversation;
pub mod done;
pub mod drafts;
pub mod entry;
mod field;
pub mod file_name;
pub mod finding;
pub mod footer;
pub mod frame;
pub mod header;
pub mod help;
pub mod hint;
pub mod hit;
pub mod layer;
pub mod layout;
pub mod leaving;
pub mod list;
mod locked;
pub mod menu;
mod message;
pub mod messages;
pub mod notices;
pub mod panel;
pub mod picker;
pub mod preview;
pub mod question;
pub mod reason;
pub mod scroll;
pub mod some;
mod spoken;
pub mod strip;
pub mod tabs;
pub mod target;
pub mod window;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;

use self::{canvas::Canvas, layout::Layout, strip::Strip};
use super::{
    model::{Layer, Model},
    theme::{Role, Theme},
};
use crate::say;

pub use layout::SMALLEST;

/// Draws the model. Gives where the hardware cursor stands: on the mark of the selected row, or in the text
/// being typed.
pub fn view(model: &Model, theme: &Theme, buffer: &mut Buffer) -> Option<(u16, u16)> {
    draw(model, *theme, buffer).cursor()
}

fn draw<'a>(model: &Model, theme: Theme, buffer: &'a mut Buffer) -> Canvas<'a> {
    let mut canvas = Canvas::new(buffer, theme, model.ascii).spoken(model.spoken);
    let layout = Layout::of(model);
    if layout.too_small {
        enlarge(&mut canvas);
        return canvas;
    }
    if model.lock.is_locked() {
        locked::draw(&mut canvas, model);
        return canvas;
    }
    // What cannot be seen is not drawn. Whoever hears the screen hears one thing at a time.
    let covers =
        |layer: &Layer| layer.covers_all() || (model.spoken && !matches!(layer, Layer::Filter(_)));
    let lowest = model.layers.iter().rposition(covers);
    if lowest.is_none() {
        header::draw(&mut canvas, layout.header, model);
        tabs::draw(&mut canvas, layout.tabs, model);
        list::draw(&mut canvas, &layout, model);
        conversation::draw(&mut canvas, &layout, model);
        if model.first_time && !model.spoken {
            hint::draw(&mut canvas, &layout, model);
        }
    }
    footer::draw_notice(&mut canvas, layout.notice, model);
    footer::draw(&mut canvas, layout.footer, model);
    for layer in &model.layers[lowest.unwrap_or(0)..] {
        layer::draw(&mut canvas, &layout, model, layer);
    }
    canvas
}

/// The one line of a screen too small for anything else.
fn enlarge(canvas: &mut Canvas<'_>) {
    let (columns, rows) = layout::SMALLEST;
    let strip = Strip::of(canvas.area(), 0);
    canvas.write(strip, &say!("enlarge to {columns}x{rows}"), Role::Text);
}
