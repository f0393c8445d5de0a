//! What became of the conversation an act would mean, before anybody could see it (R22).
//!
//! An act is bound to what the screen showed when the key went down. Between an event and the frame that shows it
//! lies a blink, or, on a line that stalls, many seconds: a key pressed meanwhile means what is still on the screen, which
//! the model's `Seen` remembers.

use crate::{
    console::{
        model::{AFTER_A_MOVE, BLINK, Layer, Model, Pane, Sight, Subject, Surprise},
        view::window,
    },
    domain::{id::ConversationId, row::Row, text::Safe},
    say,
};

/// The one conversation an act would mean.
fn the_one_meant(model: &Model) -> Option<Row> {
    match model.subject()? {
        Subject::One(row) => Some(*row),
        // More than one is looked at before.
        Subject::Marked(items) => {
            let [(id, _)] = <[_; 1]>::try_from(items).ok()?;
            model.list.inbox.row(&id).cloned()
        }
    }
}

/// What is not seen yet of who has it.
fn news_of(model: &mut Model, row: &Row) -> Option<Safe> {
    let sight = model.seen.is_news(row, model.now)?;
    if matches!(sight, Sight::Since(_)) {
        model.seen.told(row); // Said once it can be seen, it is said.
    }
    let name = row.contact.shown();
    Some(match &row.assignee {
        Some(holder) if model.is_mine_id(&holder.id) => say!("{name} is yours now"),
        Some(holder) => say!("{} has {name} now", holder.name),
        None => say!("{name} is unassigned now"),
    })
}

/// Whether who has a conversation is as the screen shows it.
pub(super) fn is_seen(model: &Model, row: &Row) -> bool {
    model.seen.is_news(row, model.now).is_none()
}

/// A key moved the cursor by so many rows from here: what the screen shows there is what was meant.
pub(super) fn moved_by(model: &mut Model, from: &ConversationId, rows: i64) {
    let meant = model.seen.beside(from, rows);
    if meant.is_some() && meant != model.list.cursor.as_ref() {
        model.surprise = Some(Surprise::reordered());
    }
}

/// Opens a layer that asks something: what is typed before it could be read does not answer it (R22).
pub(super) fn ask(model: &mut Model, layer: Layer) {
    model.layers.push(layer);
    model.asked = Some(Sight::Unseen);
}

/// A text field opened by itself: what is typed before it can be seen was not meant for it (R22).
pub(super) fn opened(model: &mut Model) {
    model.asked = Some(Sight::Unseen);
    model.reopened = Some(model.now);
}

/// Whether a text field opened by itself so lately that who presses the key which sends may not have seen it.
pub(super) fn just_opened(model: &mut Model) -> bool {
    let opened = model.reopened.take();
    opened.is_some_and(|at| model.now.since(at) < AFTER_A_MOVE)
}

/// The desk answered that what is so now was done here: that is no surprise, though an event told it first.
pub(super) fn done_here(model: &mut Model, row: &Row) {
    let known = model.list.inbox.row(&row.id);
    if known.is_none_or(|known| known.version <= row.version) {
        model.seen.told(row);
    }
}

/// A frame with all that happened so far is on its way to the terminal.
pub(super) fn painted(model: &mut Model) {
    model.seen.painted(window::frame(model));
    let surprise = model.surprise.iter_mut().map(|it| &mut it.sight);
    surprise.chain(&mut model.asked).for_each(Sight::painted);
}

/// That frame has gone out.
pub(super) fn shown(model: &mut Model) {
    model.seen.went_out(model.now);
    if let Some(surprise) = &mut model.surprise {
        surprise.sight.went_out(model.now);
    }
    if model.asked == Some(Sight::UnderWay) {
        model.asked = None;
    }
}

/// Why an act is not done now, if its key can have meant something else. Said once it can be seen, the next key counts.
pub(super) fn objects(model: &mut Model) -> Option<Safe> {
    let meant = the_one_meant(model);
    objects_to(model, meant.as_ref())
}

/// The same of an act on this one, as it will be asked for: while a layer lies over the list it is newer than its row.
pub(super) fn objects_to(model: &mut Model, meant: Option<&Row>) -> Option<Safe> {
    let now = model.now;
    let moved = model.surprise.take().filter(|it| !it.is_over(now));
    let what = match moved {
        Some(surprise) => {
            let what = surprise.what.clone();
            // What was said needs no longer to be seen than anything else.
            model.surprise = Some(Surprise {
                wait: BLINK,
                ..surprise
            })
            .filter(|surprise| !matches!(surprise.sight, Sight::Since(_)));
            what
        }
        None => news_of(model, meant?)?,
    };
    Some(match model.under_cursor() {
        _ if model.pane == Pane::List && !model.marks.is_empty() => {
            say!("{what}; press the key again")
        }
        Some(row) => say!(
            "{what}; you are on {}, press the key again",
            row.contact.shown()
        ),
        None => say!("{what}; nothing was done"),
    })
}
