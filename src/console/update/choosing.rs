//! Pickers: what opens them, and what fills them.

use super::acting;
use crate::{
    console::{
        choices::{self, Choice},
        effect::Effect,
        model::{Choosing, Layer, Loaded, Model, Picker, Subject},
    },
    desk::{Colleague, Status, Trouble},
    domain::{action::Action, id::ConversationId, row::Row},
    say,
};

/// `Q`: of which queue the list shows conversations.
pub(super) fn shown_queue(model: &mut Model) {
    open(model, Choosing::Shown, Loaded::Yes);
}

/// `a`, `m`, `s`: to whom, into which queue, which status; for the conversation shown, or the marked ones.
pub(super) fn for_act(
    model: &mut Model,
    action: Action,
    subject: Subject,
    effects: &mut Vec<Effect>,
) {
    if let Subject::One(row) = &subject
        && !acting::is_to_be_had(model, row, action)
    {
        return;
    }
    match action {
        Action::Move => open(model, Choosing::Move(subject), Loaded::Yes),
        Action::Status => {
            effects.push(Effect::LoadStatuses);
            let loaded = match model.statuses.is_empty() {
                true => Loaded::Asked,
                false => Loaded::Yes, // As they were last time, until the desk says anew.
            };
            open(model, Choosing::Status(subject), loaded);
        }
        _ => {
            // Of several, whoever can have the first is offered: the desk says of each whether it went.
            model.people.clear();
            effects.push(Effect::LoadPeople(subject.first().cloned()));
            open(model, Choosing::Assign(subject), Loaded::Asked);
        }
    }
}

/// `y`: what of a conversation is to be copied.
pub(super) fn text_to_copy(model: &mut Model, row: Row) {
    open(model, Choosing::Copy(Box::new(row)), Loaded::Yes);
}

/// `. e`: in which form a transcript is written.
pub(super) fn form(model: &mut Model, choosing: Choosing) {
    open(model, choosing, Loaded::Yes);
}

/// `:`: anything that can be done where one is, by its name.
pub(super) fn by_name(model: &mut Model) {
    let place = model.place();
    open(model, Choosing::ByName(place), Loaded::Yes);
}

fn open(model: &mut Model, choosing: Choosing, loaded: Loaded) {
    let mut picker = Picker::new(choosing, loaded);
    picker.cursor = choices::start(&choices::choices(model, &picker));
    model.layers.push(Layer::Picker(picker));
}

/// The picker on top.
pub(super) fn on_top(model: &Model) -> Option<&Picker> {
    match model.layers.last() {
        Some(Layer::Picker(picker)) => Some(picker),
        _ => None,
    }
}

/// What the picker on top offers now.
pub(super) fn offered(model: &Model) -> Vec<Choice> {
    on_top(model).map_or_else(Vec::new, |picker| choices::choices(model, picker))
}

/// The cursor goes up or down by so many.
pub(super) fn step(model: &mut Model, down: bool) {
    let last = offered(model).len().saturating_sub(1);
    if let Some(Layer::Picker(picker)) = model.layers.last_mut() {
        picker.cursor = match down {
            true => (picker.cursor + 1).min(last),
            false => picker.cursor.saturating_sub(1),
        };
    }
}

/// Something was typed: the cursor stands on the first that is found and can be chosen.
pub(super) fn typed(model: &mut Model) {
    let first = choices::start(&offered(model));
    if let Some(Layer::Picker(picker)) = model.layers.last_mut() {
        picker.cursor = first;
    }
}

/// What is offered changed, though nothing was typed: the cursor stays, as far as it can.
pub(super) fn keep_cursor(model: &mut Model) {
    let last = offered(model).len().saturating_sub(1);
    if let Some(Layer::Picker(picker)) = model.layers.last_mut() {
        picker.cursor = picker.cursor.min(last);
    }
}

/// The people that a conversation can be given to are here.
pub(super) fn people(
    model: &mut Model,
    id: &ConversationId,
    result: Result<Vec<Colleague>, Trouble>,
) {
    let is_asked = |choosing: &Choosing| matches!(choosing, Choosing::Assign(subject) if subject.first() == Some(id));
    let loaded = loaded(&result);
    if arrived(model, is_asked, loaded) {
        model.people = result.unwrap_or_default();
        typed(model);
    }
}

/// The statuses one may set are here.
pub(super) fn statuses(model: &mut Model, result: Result<Vec<Status>, Trouble>) {
    let loaded = loaded(&result);
    if let Ok(statuses) = result {
        model.statuses = statuses;
    }
    let is_asked = |choosing: &Choosing| matches!(choosing, Choosing::Status(_));
    if arrived(model, is_asked, loaded) {
        typed(model);
    }
}

fn loaded<T>(result: &Result<T, Trouble>) -> Loaded {
    match result {
        Ok(_) => Loaded::Yes,
        Err(trouble) => Loaded::Failed(say!("{trouble}")),
    }
}

/// Tells the picker that waits for it; whether one does, whose cursor was not moved yet.
fn arrived(model: &mut Model, is_asked: impl Fn(&Choosing) -> bool, loaded: Loaded) -> bool {
    match model.layers.last_mut() {
        Some(Layer::Picker(picker)) if is_asked(&picker.choosing) => {
            let waited = std::mem::replace(&mut picker.loaded, loaded) == Loaded::Asked;
            waited || matches!(picker.loaded, Loaded::Failed(_))
        }
        _ => false,
    }
}
