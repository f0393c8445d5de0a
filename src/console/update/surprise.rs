//! What an event did to the conversation an act would mean, before anybody could see it (R22).
//!
//! An act is bound to what the screen showed when the key went down. Between an event and the frame that shows it
//! lies a blink, or, on a line that stalls, many seconds: a key pressed meanwhile means what is still on the screen.

use std::time::Duration;

use super::acting;
use crate::{
    console::model::{Layer, Model},
    domain::{moment::Moment, row::Row, text::Safe},
    say,
};

/// For this long after the cursor was seen to move by itself, acts are refused.
const AFTER_A_MOVE: Duration = Duration::from_secs(1);

/// For this long after what changed went out to the terminal, an act still means what stood there before: nobody reads
/// and presses so fast, and what went out is not on the advisor's own screen yet.
const BLINK: Duration = Duration::from_millis(150);

/// A change under the advisor's hands.
#[derive(Clone, Debug)]
pub struct Surprise {
    /// What happened.
    what: Safe,
    /// The cursor is on another conversation than before: seeing that takes a moment.
    moved: bool,
    sight: Sight,
}

/// How far something new on the screen got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// In no frame yet.
    Unseen,
    /// In the frame that is on its way to the terminal.
    UnderWay,
    /// On the screen since then.
    Since(Moment),
}

impl Surprise {
    /// An event moved the cursor.
    pub(super) fn moved(what: Safe) -> Self {
        Self {
            what,
            moved: true,
            sight: Sight::Unseen,
        }
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

/// An event brings this row: if an act would mean it, and somebody else has it than before, that is a surprise. What
/// one did oneself is none.
pub(super) fn notice(model: &mut Model, row: &Row) {
    let Some(shown) = acting::meant(model).filter(|shown| shown.id == row.id) else {
        return;
    };
    let holder = |row: &Row| row.assignee.as_ref().map(|holder| holder.id.clone());
    if holder(&shown) == holder(row) || !model.pending.is_empty() {
        return;
    }
    let name = row.contact.shown();
    let what = match &row.assignee {
        Some(holder) if model.is_mine_id(&holder.id) => say!("{name} is yours now"),
        Some(holder) => say!("{} has {name} now", holder.name),
        None => say!("{name} is unassigned now"),
    };
    let moved = model.surprise.as_ref().is_some_and(|before| before.moved);
    model.surprise = Some(Surprise {
        moved,
        ..Surprise::moved(what)
    });
}

/// A frame with all that happened so far is on its way to the terminal.
pub(super) fn painted(model: &mut Model) {
    if let Some(surprise) = &mut model.surprise
        && surprise.sight == Sight::Unseen
    {
        surprise.sight = Sight::UnderWay;
    }
    if model.asked == Some(Sight::Unseen) {
        model.asked = Some(Sight::UnderWay);
    }
}

/// That frame has gone out.
pub(super) fn shown(model: &mut Model) {
    let now = model.now;
    if let Some(surprise) = &mut model.surprise
        && surprise.sight == Sight::UnderWay
    {
        surprise.sight = Sight::Since(now);
    }
    if model.asked == Some(Sight::UnderWay) {
        model.asked = None;
    }
}

/// Why an act is not done now, if its key can have meant something else. Said once it can be seen, the next key counts.
pub(super) fn objects(model: &mut Model) -> Option<Safe> {
    let mut surprise = model.surprise.take()?;
    if let Sight::Since(at) = surprise.sight {
        let wait = if surprise.moved { AFTER_A_MOVE } else { BLINK };
        if model.now.since(at) >= wait {
            return None;
        }
    } else {
        surprise.moved = false;
        model.surprise = Some(surprise.clone());
    }
    let what = surprise.what;
    Some(match model.under_cursor() {
        Some(row) => say!(
            "{what}; you are on {}, press the key again",
            row.contact.shown()
        ),
        None => say!("{what}; nothing was done"),
    })
}
