//! Acts on conversations, from the key to the order: bound to what the screen showed when the key went down (R22).

use std::time::Duration;

use super::{keeping, surprise};
use crate::{
    console::{
        command::{Command, Place},
        effect::Effect,
        model::{Layer, Link, Marked, Model, Pane, Preview, Subject, Tone},
        pending::{Asked, Pending},
        view::window::out_of_sight,
        words,
        words::keys,
    },
    desk::{Act, Many, ManyDeed},
    domain::{
        action::{Action, Deed, Expectation},
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
        && let Some(row) = model.meant()
    {
        let text = say!(
            "Press {} again to hand back {}",
            keys::named(model, command),
            row.contact.shown()
        );
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
            crate::console::words::time::of_day(model, *since)
        );
        model.say(Tone::Warning, text);
        return false;
    }
    true
}

/// What a key means that is for one conversation: while there are marks it says so, and means none (U7).
pub(super) fn only_one(model: &mut Model, what: &'static str) -> Option<Row> {
    if model.pane == Pane::List && !model.marks.is_empty() {
        let text = say!(
            "{what} is for one conversation, and {} are marked: {} clears the marks",
            model.marks.len(),
            keys::here(model, Place::List, Command::Back)
        );
        model.say(Tone::Plain, text);
        return None;
    }
    model.meant()
}

/// Whether the desk said that an action does not apply to a conversation now; then its reason is said.
pub(super) fn is_to_be_had(model: &mut Model, row: &Row, action: Action) -> bool {
    let said = model.open.as_ref().filter(|open| open.row.id == row.id);
    let said = said.and_then(|open| open.actions.as_deref());
    match said.and_then(|said| crate::console::menu::not_now(said, action)) {
        Some(why) => {
            let text = say!("{}: {why}", row.contact.shown());
            model.say(Tone::Plain, text);
            false
        }
        None => true,
    }
}

/// `u`: hands back the conversation shown, or the marked ones.
pub(super) fn unassign(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(subject) = model.subject() {
        perform(model, subject, ManyDeed::Unassign, None, effects);
    }
}

/// `t`: takes the conversation shown, or the marked ones that nobody has (A6).
pub(super) fn take(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.subject() {
        Some(Subject::One(row)) => on(model, &row, Deed::Take, None, effects),
        Some(Subject::Marked(items)) => take_marked(model, items, effects),
        None => {}
    }
}

fn take_marked(
    model: &mut Model,
    mut items: Vec<(ConversationId, Marked)>,
    effects: &mut Vec<Effect>,
) {
    let Some(me) = model.user().cloned() else {
        return;
    };
    let marked = items.len();
    items.retain(|(_, marked)| marked.assignee.is_none());
    let held = marked - items.len();
    if held > 0 {
        let text = say!("{held} of {marked} marked are somebody's: only unassigned ones are taken");
        model.say(Tone::Plain, text);
    }
    if let Some(row) = the_one_in_sight(model, &items) {
        // Of several nothing was asked yet, since they are looked at first; of this one there is nothing to look at.
        if let Some(text) = surprise::objects_to(model, Some(&row)) {
            return model.say(Tone::Warning, text);
        }
        model.marks.remove(&row.id);
        return on(model, &row, Deed::Take, None, effects);
    }
    if !items.is_empty() {
        look(model, ManyDeed::Assign(vec![me]), items, None);
    }
}

/// Does something to what was meant: to one, or one marked in sight, at once; to more after a look at which (U7).
pub(super) fn perform(
    model: &mut Model,
    subject: Subject,
    deed: ManyDeed,
    reason: Option<String>,
    effects: &mut Vec<Effect>,
) {
    match subject {
        Subject::One(row) => on(model, &row, words::each(&deed), reason, effects),
        Subject::Marked(items) => match the_one_in_sight(model, &items) {
            Some(row) => {
                model.marks.remove(&row.id);
                on(model, &row, words::each(&deed), reason, effects);
            }
            None => look(model, deed, items, reason),
        },
    }
}

/// The row of the only marked one, if it can be seen.
fn the_one_in_sight(model: &Model, items: &[(ConversationId, Marked)]) -> Option<Row> {
    match items {
        [(id, _)] if out_of_sight(model) == 0 => model.list.inbox.row(id).cloned(),
        _ => None,
    }
}

/// Shows what an act on several would change.
fn look(
    model: &mut Model,
    deed: ManyDeed,
    mut items: Vec<(ConversationId, Marked)>,
    reason: Option<String>,
) {
    for (id, marked) in &mut items {
        // What was written since it was marked is seen by now; whoever got it since is not who was meant.
        if let Some(row) = model.list.inbox.row(id)
            && row.assignee.as_ref().map(|a| &a.id) == marked.assignee.as_ref().map(|(id, _)| id)
        {
            *marked = Marked::of(row);
        }
    }
    let target = words::target(model, &words::like(model, &deed), None);
    let preview = Preview {
        reason,
        ..Preview::of(deed, target, items)
    };
    surprise::ask(model, Layer::Preview(preview));
}

/// Asks the desk to do something to a conversation, as the screen showed it when the key went down (R22).
pub(super) fn on(
    model: &mut Model,
    row: &Row,
    deed: Deed,
    reason: Option<String>,
    effects: &mut Vec<Effect>,
) {
    let name = row.contact.shown().clone();
    if is_under_way(model, row) {
        return;
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
    let expected = Expectation::seen(row.holder(), row.version);
    let act = Act {
        operation: model.numbers.operation(),
        deed,
        conversation: row.id.clone(),
        expected,
        reason,
    };
    effects.push(Effect::Act(act.clone()));
    let (operation, asked) = (act.operation.clone(), Asked::Act(act));
    let pending = Pending::new(operation, name, asked, model.now);
    model.pending.push(pending);
}

/// Whether something is under way on it already; then it is said what.
pub(super) fn is_under_way(model: &mut Model, row: &Row) -> bool {
    let Some(pending) = model.pending_on(&row.id) else {
        return false;
    };
    let name = row.contact.shown();
    let text = say!("{name}: {} wait for the answer", pending.words());
    model.say(Tone::Plain, text);
    true
}

/// Does what the preview showed, bound to the ids and versions it showed (U7, R24).
pub(super) fn go_on(model: &mut Model, effects: &mut Vec<Effect>) {
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
        deed: preview.deed.clone(),
        items: preview
            .items
            .iter()
            .map(|(id, marked)| (id.clone(), marked.expectation()))
            .collect(),
        reason: preview.reason.clone(),
        if_quiet: preview.if_quiet,
    };
    let name = words::count(many.items.len());
    effects.push(Effect::Many(many.clone()));
    let pending = Pending::new(operation, name, Asked::Many(many), model.now);
    model.pending.push(pending);
}

/// Tries those again that failed, as the screen shows them now and not as they were when they failed (R24).
pub(super) fn try_again(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Layer::Preview(preview)) = model.layers.last_mut() else {
        return;
    };
    let Some(results) = &preview.results else {
        return;
    };
    let failed = |id: &ConversationId| results.iter().any(|(of, _, good)| of == id && !good);
    preview.items.retain(|(id, _)| failed(id));
    preview.top = 0;
    let mut items = std::mem::take(&mut preview.items);
    for (id, marked) in &mut items {
        // What was not seen yet is not meant: it fails again, and says why.
        if let Some(row) = model.list.inbox.row(id)
            && surprise::is_seen(model, row)
        {
            *marked = Marked::of(row);
        }
    }
    if let Some(Layer::Preview(preview)) = model.layers.last_mut() {
        preview.items = items;
    }
    go_on(model, effects);
}

/// `z`: takes back the last act, whatever it was, and never skips to an older one (U6).
pub(super) fn undo(model: &mut Model, effects: &mut Vec<Effect>) {
    // A draft that was dropped since is what was done last (U6).
    let last = model.last_act.as_ref().map(|act| act.at);
    if let Some((at, _)) = &model.shelf.dropped
        && last.is_none_or(|last| *at >= last)
    {
        return keeping::bring_back(model, effects);
    }
    if model
        .pending
        .iter()
        .any(|p| matches!(p.asked, Asked::Undo { .. }))
    {
        return;
    }
    if !model.pending.is_empty() {
        let z = keys::named(model, Command::Undo);
        return model.say(
            Tone::Plain,
            say!("Wait for the answer to what is under way, then press {z}"),
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
    effects.push(Effect::Undo {
        operation: operation.clone(),
        act: last.operation.clone(),
    });
    let name = last.what.clone();
    let asked = Asked::Undo {
        act: last.operation,
        what: last.what,
        action: last.action,
        on: last.on,
    };
    let pending = Pending::new(operation, name, asked, model.now);
    model.pending.push(pending);
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
