//! Everything that is shown, asked for again: after the line was down, or by the key for it.

use super::{acts, loading, reading, some};
use crate::console::{effect::Effect, model::Model};

/// Fetches all that is shown again.
pub(super) fn everything(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.me.is_none() {
        effects.push(Effect::LoadMe);
    }
    loading::reload(model, effects);
    reading::reload(model, effects);
    effects.push(Effect::LoadQueues);
    some::refresh(model, effects);
    acts::refresh(model, effects);
}
