//! What lies under the mouse.
//!
//! Nothing is computed twice: the drawing itself notes what it drew where, so that a click can never mean
//! something else than what is shown.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{draw, some::Spot};
use crate::{
    console::{
        model::Model,
        theme::{Palette, Theme},
    },
    desk::View,
    domain::id::ConversationId,
};

/// What a click can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The list, but no row of it: the wheel turns it.
    List,
    /// A row of the list.
    Row(ConversationId),
    /// The tab of a view.
    Tab(View),
    /// The tab of the drafts.
    Drafts,
    /// A draft in their view, as an index into [`all_drafts`](Model::all_drafts).
    Draft(usize),
    /// The queue in the header.
    Queue,
    /// The open conversation: the wheel turns it.
    Conversation,
    /// The three dots.
    Dots,
    /// The reply being written.
    Composer,
    /// A row of the three dots, as an index into [`menu::items`](crate::console::menu::items).
    MenuItem(usize),
    /// A row of a picker, as an index into [`choices`](crate::console::choices::choices).
    PickerItem(usize),
    /// An answer to a question, as an index into [`answers`](crate::console::model::About::answers).
    Answer(usize),
    /// A row of the help, as an index into [`command::TABLE`](crate::console::command::TABLE).
    HelpItem(usize),
    /// A row of the preview, as an index into its items.
    PreviewItem(usize),
    /// A place of the screen of handing back some.
    Some(Spot),
    /// What was said, counted from the newest.
    NoticeLine(usize),
    /// A line of my acts.
    ActLine(usize),
    /// The open layer, but nothing in it.
    Layer,
    /// Beside the open layer.
    Outside,
}

/// What lies at a cell; `None` where a click means nothing.
#[must_use]
pub fn hit(model: &Model, column: u16, row: u16) -> Option<Target> {
    let (width, height) = model.size;
    let mut scratch = Buffer::empty(Rect::new(0, 0, width, height));
    let canvas = draw(model, Theme::new(Palette::Plain), &mut scratch);
    canvas.target(Position::new(column, row)).cloned()
}
