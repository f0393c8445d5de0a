//! What an event did to the conversation an act would mean, before anybody could see it (R22).
//!
//! An act is bound to what the screen showed when the key went down. Between an event and the frame that shows it
//! lies a blink, or, on a line that stalls, many seconds: a key pressed meanwhile means what is still on the screen.

use std::time::Duration;

use super::acting;
use crate::{
    console::model::{Layer, Model, Pane, Subject},
    domain::{id::ConversationId, moment::Moment, row::Row, text::Safe},
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
    /// To which conversation, if nothing else did.
    of: Option<ConversationId>,
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
            of: None,
            moved: true,
            sight: Sight::Unseen,
        }
    }

    /// It was on the screen long enough to be read.
    fn is_over(&self, now: Moment) -> bool {
        let wait = if self.moved { AFTER_A_MOVE } else { BLINK };
        matches!(self.sight, Sight::Since(at) if now.since(at) >= wait)
    }
}

/// What changed the conversation an act would mean while the cursor was elsewhere.
fn of_the_subject(model: &mut Model) -> Option<Surprise> {
    let meant = match acting::subject(model)? {
        Subject::One(row) => row.id,
        // More than one is looked at before.
        Subject::Marked(items) => <[_; 1]>::try_from(items).ok().map(|[(id, _)]| id)?,
    };
    let at = model.unseen.iter().position(|(id, _)| *id == meant)?;
    let surprise = model.unseen.get(at)?.1.clone();
    if matches!(surprise.sight, Sight::Since(_)) {
        model.unseen.remove(at); // Said once it can be seen, it is said.
    }
    (!surprise.is_over(model.now)).then_some(surprise)
}

/// Whether who has a conversation is as the screen shows it.
pub(super) fn is_seen(model: &Model, id: &ConversationId) -> bool {
    let is_it =
        |(of, surprise): &(ConversationId, Surprise)| of == id && !surprise.is_over(model.now);
    let meant = acting::meant(model).filter(|meant| meant.id == *id);
    let at_cursor = model.surprise.as_ref().filter(|_| meant.is_some());
    !model.unseen.iter().any(is_it) && at_cursor.is_none_or(|surprise| surprise.is_over(model.now))
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

/// An event brings this row, or an answer that says that somebody was faster: if somebody else has it than the screen
/// shows, that is a surprise, to be seen before an act means it. What one did oneself is none, once the desk says so.
pub(super) fn notice(model: &mut Model, row: &Row) {
    let meant = acting::meant(model).filter(|meant| meant.id == row.id);
    let is_meant = meant.is_some();
    let Some(shown) = meant.or_else(|| known(model, row)) else {
        return; // What comes anew lies where nobody looked.
    };
    let holder = |row: &Row| row.assignee.as_ref().map(|holder| holder.id.clone());
    if holder(&shown) == holder(row) {
        return;
    }
    let name = row.contact.shown();
    let what = match &row.assignee {
        Some(holder) if model.is_mine_id(&holder.id) => say!("{name} is yours now"),
        Some(holder) => say!("{} has {name} now", holder.name),
        None => say!("{name} is unassigned now"),
    };
    let moved = is_meant && model.surprise.as_ref().is_some_and(|before| before.moved);
    let surprise = Surprise {
        moved,
        of: (!moved).then(|| row.id.clone()),
        ..Surprise::moved(what)
    };
    // The cursor may get there, or come back, before a frame does.
    let before = match is_meant {
        true => model.surprise.replace(surprise).and_then(|before| {
            let of = before.of.clone().filter(|of| *of != row.id)?;
            Some((of, before))
        }),
        false => Some((row.id.clone(), surprise)),
    };
    if let Some((of, surprise)) = before {
        model.unseen.retain(|(id, _)| *id != of);
        model.unseen.push((of, surprise));
    }
}

/// A conversation as this console knows it, on the screen or under what is on it: in the list, in the one that a search
/// lies over, or in the right pane alone.
fn known(model: &Model, row: &Row) -> Option<Row> {
    let under = model.finding.as_ref().map(|finding| &*finding.kept);
    let lists = [Some(&model.list), under].into_iter().flatten();
    let listed = lists.filter_map(|list| list.inbox.row(&row.id)).next();
    let open = model.open.as_ref().map(|open| &open.row);
    listed.or(open.filter(|open| open.id == row.id)).cloned()
}

/// It leaves the list. Should it come back before a frame does, somebody else may have it than the screen shows.
pub(super) fn left(model: &mut Model, row: &Row) {
    let what = say!("{} was gone for a moment", row.contact.shown());
    let surprise = Surprise {
        moved: false,
        of: Some(row.id.clone()),
        ..Surprise::moved(what)
    };
    model.unseen.retain(|(id, _)| *id != row.id);
    model.unseen.push((row.id.clone(), surprise));
}

/// The desk answered that what is so now was done here: that is no surprise, though an event told it first.
pub(super) fn done_here(model: &mut Model, row: &Row) {
    let known = model.list.inbox.row(&row.id);
    if known.is_none_or(|known| known.version <= row.version) {
        model.unseen.retain(|(id, _)| *id != row.id);
        model
            .surprise
            .take_if(|surprise| surprise.of.as_ref() == Some(&row.id));
    }
}

/// A frame with all that happened so far is on its way to the terminal.
pub(super) fn painted(model: &mut Model) {
    let unseen = model.unseen.iter_mut().map(|(_, surprise)| surprise);
    for surprise in model.surprise.iter_mut().chain(unseen) {
        if surprise.sight == Sight::Unseen {
            surprise.sight = Sight::UnderWay;
        }
    }
    if model.asked == Some(Sight::Unseen) {
        model.asked = Some(Sight::UnderWay);
    }
}

/// That frame has gone out.
pub(super) fn shown(model: &mut Model) {
    let now = model.now;
    let unseen = model.unseen.iter_mut().map(|(_, surprise)| surprise);
    for surprise in model.surprise.iter_mut().chain(unseen) {
        if surprise.sight == Sight::UnderWay {
            surprise.sight = Sight::Since(now);
        }
    }
    model.unseen.retain(|(_, surprise)| !surprise.is_over(now));
    if model.asked == Some(Sight::UnderWay) {
        model.asked = None;
    }
}

/// Why an act is not done now, if its key can have meant something else. Said once it can be seen, the next key counts.
pub(super) fn objects(model: &mut Model) -> Option<Safe> {
    let now = model.now;
    let surprise = model
        .surprise
        .take()
        .filter(|surprise| !surprise.is_over(now));
    let mut surprise = surprise.or_else(|| of_the_subject(model))?;
    if !matches!(surprise.sight, Sight::Since(_)) {
        surprise.moved = false;
        model.surprise = Some(surprise.clone());
    }
    let what = surprise.what;
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
