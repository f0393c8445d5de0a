//! Which view the list shows.

use super::{finding, listing, moving};
use crate::{
    console::{effect::Effect, model::Model},
    desk::View,
};

/// Shows another view, from its top; the same stays as it is. A search is left.
pub(super) fn show_view(model: &mut Model, view: View, effects: &mut Vec<Effect>) {
    finding::leave(model, effects);
    if model.list.view != view {
        model.list.view = view;
        moving::back(model);
        listing::show(model, effects);
    }
}
