//! Where an advisor is, in a line of text: [`bookmarks`](super::bookmarks) has it on disk. Ids and our own words, nothing
//! that a customer or the advisor wrote.

use std::fmt::{self, Display, Formatter};

use super::compose::Kind;
use crate::{
    desk::View,
    domain::{
        id::{ConversationId, QueueId},
        moment::Moment,
    },
};

/// Where an advisor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookmark {
    /// Whose conversations the list shows.
    pub view: View,
    /// Only of this queue.
    pub queue: Option<QueueId>,
    /// The conversation the cursor is on.
    pub cursor: Option<ConversationId>,
    /// They are in the conversation, and not in the list.
    pub reading: bool,
    /// What they are writing, and where.
    pub writing: Option<(Kind, ConversationId)>,
}

/// What a console left that is there no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Where its advisor was.
    pub bookmark: Bookmark,
    /// When it was last there.
    pub at: Moment,
}

impl Bookmark {
    /// What stays of it when its advisor leaves by their own will: what they look at, and not where they were in it.
    #[must_use]
    pub fn on_leaving(&self) -> Self {
        Self {
            view: self.view,
            queue: self.queue.clone(),
            ..Self::default()
        }
    }

    /// Reads what [`Display`] wrote, of this program or of another version: what is not known is left out.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut bookmark = Self::default();
        for word in text.split(' ') {
            match word.split_once('=').unwrap_or((word, "")) {
                ("view", "mine") => bookmark.view = View::Mine,
                ("view", "unassigned") => bookmark.view = View::Unassigned,
                ("queue", id) => bookmark.queue = id.parse().ok(),
                ("cursor", id) => bookmark.cursor = id.parse().ok(),
                ("reading", _) => bookmark.reading = true,
                ("reply", id) => bookmark.writing = id.parse().ok().map(|id| (Kind::Reply, id)),
                ("note", id) => bookmark.writing = id.parse().ok().map(|id| (Kind::Note, id)),
                _ => {}
            }
        }
        bookmark
    }
}

impl Display for Bookmark {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let view = match self.view {
            View::Mine => "mine",
            View::Unassigned => "unassigned",
            View::All => "all",
        };
        write!(to, "view={view}")?;
        if let Some(queue) = &self.queue {
            write!(to, " queue={queue}")?;
        }
        if let Some(cursor) = &self.cursor {
            write!(to, " cursor={cursor}")?;
        }
        if self.reading {
            to.write_str(" reading")?;
        }
        match &self.writing {
            Some((Kind::Reply, id)) => write!(to, " reply={id}"),
            Some((Kind::Note, id)) => write!(to, " note={id}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bookmarks() -> impl Strategy<Value = Bookmark> {
        let id = "[A-Za-z0-9_-]{1,64}";
        let views = prop_oneof![Just(View::Mine), Just(View::Unassigned), Just(View::All)];
        let kinds = prop_oneof![Just(Kind::Reply), Just(Kind::Note)];
        let written = prop::option::of((kinds, id));
        let optional = || prop::option::of(id);
        (views, optional(), optional(), any::<bool>(), written).prop_map(
            |(view, queue, cursor, reading, writing)| Bookmark {
                view,
                queue: queue.map(|id| id.parse().unwrap()),
                cursor: cursor.map(|id| id.parse().unwrap()),
                reading,
                writing: writing.map(|(kind, id)| (kind, id.parse().unwrap())),
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_is_read(bookmark in bookmarks()) {
            prop_assert_eq!(Bookmark::read(&bookmark.to_string()), bookmark);
        }

        #[test]
        fn nothing_on_disk_is_too_broken_to_be_read(text in any::<String>()) {
            let _ = Bookmark::read(&text);
        }
    }

    #[test]
    fn who_leaves_by_q_is_taken_to_their_view_and_not_into_a_draft() {
        let text = "view=mine queue=payments cursor=C1 reading reply=C1";
        let left = Bookmark::read(text).on_leaving();
        assert_eq!(left.to_string(), "view=mine queue=payments");
    }
}
