//! What was said: what was overlooked of it, and looking at it again.

use std::time::Duration;

use crate::console::{
    command::Command,
    model::{Layer, Model, Notice, Tone},
};

/// A notice that stood there for so long when a key was pressed was seen.
const SEEN: Duration = Duration::from_secs(1);

/// `!`: what was said lately.
pub(super) fn open(model: &mut Model) {
    for notice in &mut model.notices {
        notice.read = true;
    }
    model.layers.push(Layer::Notices(0));
}

/// Somebody is at the keyboard: what stands there has been seen.
pub(super) fn pressed(model: &mut Model) {
    let now = model.now;
    if let Some(last) = model.notices.back_mut()
        && now.since(last.at) >= SEEN
    {
        last.read = true;
    }
}

/// A key within the list of them.
pub(super) fn command(model: &mut Model, command: Command) {
    let last = model.notices.len().saturating_sub(1);
    let page = usize::from(model.size.1.saturating_sub(6)).max(1);
    let Some(Layer::Notices(cursor)) = model.layers.last_mut() else {
        return;
    };
    *cursor = match command {
        Command::Down => *cursor + 1,
        Command::Up => cursor.saturating_sub(1),
        Command::PageDown => *cursor + page,
        Command::PageUp => cursor.saturating_sub(page),
        Command::Top => 0,
        Command::Bottom => last,
        _ => *cursor,
    }
    .min(last);
}

impl Model {
    /// Whether something was said after this was heard last; that it has been read by now makes it nothing new.
    #[must_use]
    pub fn said_since(&self, heard: Option<&Notice>) -> bool {
        let which = |notice: &Notice| (notice.at, notice.text.clone());
        self.notices.back().map(which) != heard.map(which)
    }

    /// How many warnings were overlooked: said, and gone from the last line before a key was pressed.
    #[must_use]
    pub fn overlooked(&self) -> usize {
        let in_sight = usize::from(!self.notice_is_over);
        let others = self.notices.iter().rev().skip(in_sight);
        let unread = others.filter(|notice| notice.tone == Tone::Warning && !notice.read);
        unread.count()
    }
}
