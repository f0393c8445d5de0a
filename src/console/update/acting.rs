//! Handing back, taking, taking back: from the key to the order.

use std::time::Duration;

use super::surprise;
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{Layer, Link, Marked, Model, Pane, Preview, Tone},
        pending::{Asked, Pending},
        view::window::out_of_sight,
    },
    desk::{Act, Many, ManyDeed},
    domain::{
        action::{Deed, Expectation},
        id::ConversationId,
        row::Row,
        text::Safe,
    },
    say,
};

/// For this long after a text field was left, the first `u` only asks for a second (R22).
const AFTER_TEXT: Duration = Duration::from_millis(1500);

/// Whether the advisor surely means what is on the screen now. If not, says what to do instead.
pub(super) fn is_meant(model: &mut Model, command: Command) -> bool {
    if let Some(text) = surprise::objects(model) {
        model.say(Tone::Warning, text);
        return false;
    }
    if command == Command::Unassign
        && let Some(at) = model.left_text.take()
        && model.now.since(at) < AFTER_TEXT
        && let Some(row) = meant(model)
    {
        let text = say!("Press u again to hand back {}", row.contact.shown());
        model.say(Tone::Plain, text);
        return false;
    }
    true
}

/// Whether acts can reach the desk. If not, says since when.
pub(super) fn is_reachable(model: &mut Model) -> bool {
    if let Link::Lost { since, .. } = &model.link {
        let text = say!(
            "Offline since {}: nothing was done",
            crate::console::view::time::of_day(model, *since)
        );
        model.say(Tone::Warning, text);
        return false;
    }
    true
}

/// The conversation an act means: the one shown.
pub(super) fn meant(model: &Model) -> Option<Row> {
    match model.pane {
        Pane::Conversation => model.open.as_ref().map(|open| open.row.clone()),
        Pane::List => model.under_cursor().cloned(),
    }
}

/// `u`: hands back the conversation shown, or the marked ones.
pub(super) fn unassign(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.pane == Pane::List && !model.marks.is_empty() {
        return unassign_marked(model, effects);
    }
    if let Some(row) = meant(model) {
        on(model, &row, Deed::Unassign, effects);
    }
}

/// `t`: takes the conversation shown.
pub(super) fn take(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(row) = meant(model) {
        on(model, &row, Deed::Take, effects);
    }
}

/// Asks the desk to do something to a conversation, as the screen showed it when the key went down (R22).
pub(super) fn on(model: &mut Model, row: &Row, deed: Deed, effects: &mut Vec<Effect>) {
    let name = row.contact.shown().clone();
    if let Some(pending) = model.pending_on(&row.id) {
        let text = say!("{name}: {} wait for the answer", pending.words());
        return model.say(Tone::Plain, text);
    }
    // Auto-repeat of the key that did it, or a key too many, only says what is so (U1).
    let so_already = match deed {
        Deed::Unassign if row.assignee.is_none() => Some(say!("{name} is unassigned already")),
        Deed::Take if model.is_mine(row) => Some(say!("{name} is yours already")),
        _ => None,
    };
    if let Some(text) = so_already {
        return model.say(Tone::Plain, text);
    }
    if !is_reachable(model) {
        return;
    }
    let act = Act {
        operation: model.numbers.operation(),
        deed,
        conversation: row.id.clone(),
        expected: Expectation::seen(row.assignee.as_ref().map(|a| a.id.clone()), row.version),
        reason: None,
    };
    effects.push(Effect::Act(act.clone()));
    model.pending.push(Pending {
        operation: act.operation.clone(),
        conversation: row.id.clone(),
        name,
        asked: Asked::Act(act),
        tries: 1,
    });
}

/// Hands back the marked ones: one in sight at once, more after a look at which (U7).
fn unassign_marked(model: &mut Model, effects: &mut Vec<Effect>) {
    let out_of_sight = out_of_sight(model);
    if model.marks.len() == 1
        && out_of_sight == 0
        && let Some(row) = model
            .marks
            .keys()
            .next()
            .and_then(|id| model.list.inbox.row(id))
            .cloned()
    {
        model.marks.clear();
        return on(model, &row, Deed::Unassign, effects);
    }
    let mut items: Vec<(ConversationId, Marked)> = model
        .marks
        .iter()
        .map(|(id, marked)| (id.clone(), marked.clone()))
        .collect();
    items.sort_by_key(|(id, _)| model.list.inbox.find(id).unwrap_or(usize::MAX));
    model.layers.push(Layer::Preview(Preview {
        items,
        results: None,
        operation: None,
        top: 0,
    }));
}

/// Hands back what the preview showed, bound to the ids and versions it showed (U7, R24).
pub(super) fn unassign_previewed(model: &mut Model, effects: &mut Vec<Effect>) {
    if !is_reachable(model) {
        return;
    }
    let operation = model.numbers.operation();
    let Some(Layer::Preview(preview)) = model.layers.last_mut() else {
        return;
    };
    if preview.operation.is_some() || preview.items.is_empty() {
        return;
    }
    preview.operation = Some(operation.clone());
    preview.results = None;
    let many = Many {
        operation: operation.clone(),
        deed: ManyDeed::Unassign,
        items: preview
            .items
            .iter()
            .map(|(id, marked)| (id.clone(), marked.expectation()))
            .collect(),
        reason: None,
        if_quiet: false,
    };
    let name = say!("{} conversations", many.items.len());
    let first = many.items[0].0.clone();
    effects.push(Effect::Many(many.clone()));
    model.pending.push(Pending {
        operation,
        conversation: first,
        name,
        asked: Asked::Many(many),
        tries: 1,
    });
}

/// `z`: takes back the last act, whatever it was, and never skips to an older one (U6).
pub(super) fn undo(model: &mut Model, effects: &mut Vec<Effect>) {
    if model
        .pending
        .iter()
        .any(|p| matches!(p.asked, Asked::Undo { .. }))
    {
        return;
    }
    if !model.pending.is_empty() {
        return model.say(
            Tone::Plain,
            Safe::literal("Wait for the answer to what is under way, then press z"),
        );
    }
    let Some(last) = model.last_act.clone() else {
        return model.say(Tone::Plain, Safe::literal("There is nothing to take back"));
    };
    if !last.undoable {
        let text = say!("Nothing takes back {}", last.what);
        return model.say(Tone::Plain, text);
    }
    if !is_reachable(model) {
        return;
    }
    let operation = model.numbers.operation();
    let Some(first) = last.on.first().cloned() else {
        return;
    };
    effects.push(Effect::Undo {
        operation: operation.clone(),
        act: last.operation.clone(),
    });
    model.pending.push(Pending {
        operation,
        conversation: first,
        name: last.what.clone(),
        asked: Asked::Undo {
            act: last.operation,
            what: last.what,
        },
        tries: 1,
    });
}

/// `space`: marks or unmarks the conversation the cursor is on.
pub(super) fn mark(model: &mut Model) {
    if let Some(row) = model.under_cursor() {
        let (id, marked) = (row.id.clone(), Marked::of(row));
        if model.marks.remove(&id).is_none() {
            model.marks.insert(id, marked);
        }
    }
}
