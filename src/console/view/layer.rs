//! What lies over the panes, whichever it is.

use super::{
    acts, alone, canvas::Canvas, drafts, file_name, help, layout::Layout, leaving, menu, notices,
    picker, preview, question, reason, some, target::Target,
};
use crate::console::model::{Layer, Model};

/// Draws one layer over what is there.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, layer: &Layer) {
    if matches!(layer, Layer::Filter(_) | Layer::Find) {
        return; // It is typed where the tabs are.
    }
    canvas.offer(canvas.area(), Target::Outside);
    canvas.hide_cursor();
    match layer {
        Layer::Menu(menu) => menu::draw(canvas, layout, model, menu),
        Layer::Help { cursor } => help::draw(canvas, model, *cursor),
        Layer::Picker(picker) => picker::draw(canvas, layout, model, picker),
        Layer::Reason(reason) => reason::draw(canvas, reason),
        Layer::Question(question) => question::draw(canvas, question),
        Layer::Preview(preview) => preview::draw(canvas, model, preview),
        Layer::Leaving => leaving::draw(canvas, model),
        Layer::Some(some) => some::draw(canvas, model, some),
        Layer::Acts(acts) => acts::draw(canvas, model, acts),
        Layer::Alone(message) => alone::draw(canvas, model, message),
        Layer::Drafts(shown) => drafts::draw(canvas, layout, model, shown),
        Layer::FileName(name) => file_name::draw(canvas, model, name),
        Layer::Notices(cursor) => notices::draw(canvas, model, *cursor),
        Layer::Filter(_) | Layer::Find => {}
    }
}
