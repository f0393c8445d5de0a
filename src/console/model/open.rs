//! The conversation in the right pane: a stretch of its messages, and of what the team did among them.

use super::{
    Model,
    laid::Laid,
    stretch::{Dated, Stretch},
};
use crate::{
    console::compose::Composer,
    domain::{
        action::Action,
        id::MessageId,
        message::{Direction, HistoryItem, Message},
        moment::Moment,
        row::Row,
        text::Safe,
    },
};

/// The conversation in the right pane.
#[derive(Clone, Debug)]
pub struct Open {
    /// As the desk last reported it.
    pub row: Row,
    /// What may be done to it; `None` until the desk said so, or since it changed.
    pub actions: Option<Vec<(Action, Result<(), Safe>)>>,
    /// The messages held.
    pub messages: Stretch<Message>,
    /// What the team did, as far as it is held; `None` if that cannot be had.
    pub done: Option<Stretch<HistoryItem>>,
    /// How far the messages are.
    pub loaded: Loaded,
    /// Where one has scrolled to; `None`: the newest is in sight, whatever comes.
    pub place: Option<Scrolled>,
    /// Messages that came while scrolled up.
    pub unseen: usize,
    /// The newest message there is, held or not.
    pub newest: Option<MessageId>,
    /// The newest message that was in sight.
    pub seen: Option<MessageId>,
    /// Where the unread ones begin, until one leaves the conversation.
    pub unread: Option<Unread>,
    /// It is out of sight; why. What is shown of it stays until the cursor leaves (U8).
    pub gone: Option<Safe>,
    /// The first or the last page of it is on its way.
    pub leaping: bool,
    /// What is held may be of a time that the desk no longer knows: what it says next counts, however old it looks.
    pub stale: bool,
    /// How messages lie in rows, kept from frame to frame.
    pub(in crate::console) laid: Laid,
}

/// Where one has scrolled to: the lowest line in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scrolled {
    /// It belongs to this.
    pub of: Key,
    /// So many lines above the last one of it.
    pub up: usize,
}

/// Which of the things in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A message.
    Message(MessageId),
    /// Something the team did.
    Done(Safe),
}

/// Where the unread ones begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// After this message.
    pub after: MessageId,
    /// They came since then.
    pub since: Moment,
}

/// The newest message somebody saw of a conversation, when they left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The message.
    pub newest: MessageId,
    /// When they left.
    pub left: Moment,
}

/// Something in a conversation, in the order of time: a message, or what the team did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A message.
    Message(&'a Message),
    /// Something the team did.
    Done(&'a HistoryItem),
}

impl Entry<'_> {
    /// Which one.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Message(message) => Key::Message(message.id.clone()),
            Self::Done(item) => Key::Done(item.id.clone()),
        }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, key: &Key) -> bool {
        match (self, key) {
            (Self::Message(message), Key::Message(id)) => message.id == *id,
            (Self::Done(item), Key::Done(id)) => item.id == *id,
            _ => false,
        }
    }

    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Moment {
        match self {
            Self::Message(message) => message.at,
            Self::Done(item) => item.at,
        }
    }
}

impl Open {
    /// A conversation of which only the row is known.
    #[must_use]
    pub fn new(row: Row) -> Self {
        Self {
            row,
            actions: None,
            messages: Stretch::default(),
            done: None,
            loaded: Loaded::No,
            place: None,
            unseen: 0,
            newest: None,
            seen: None,
            unread: None,
            gone: None,
            leaping: false,
            stale: false,
            laid: Laid::default(),
        }
    }

    /// What is held of it, oldest first: messages in their own order, what the team did among them by its time. Of a time
    /// in which only one of the two is held nothing is shown: there would be a gap.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry<'_>> {
        let done = self.done.as_ref();
        let held = self.messages.first().zip(self.messages.last());
        let known = |at: Moment| {
            held.is_none_or(|(first, last)| {
                (!self.messages.has_older() || at >= first.at)
                    && (!self.messages.has_newer() || at <= last.at)
            })
        };
        let ends = done.and_then(|done| Some((done, done.first()?.at, done.last()?.at)));
        let surrounded = |at: Moment| {
            ends.is_none_or(|(done, first, last)| {
                (!done.has_older() || at >= first) && (!done.has_newer() || at <= last)
            })
        };
        let done = done.map_or(&[][..], |done| &done[..]);
        let mut messages = self.messages.iter().rev();
        let mut done = done
            .iter()
            .rev()
            .filter(|item| known(item.at) && says_something(item));
        let (mut message, mut item) = (messages.next(), done.next());
        let mut entries = Vec::with_capacity(self.messages.len());
        loop {
            match (message, item) {
                (Some(m), i) if i.is_none_or(|i| m.at > i.at) => {
                    if surrounded(m.at) {
                        entries.push(Entry::Message(m));
                    }
                    message = messages.next();
                }
                (_, Some(i)) => {
                    entries.push(Entry::Done(i));
                    item = done.next();
                }
                (_, None) => break,
            }
        }
        entries.reverse();
        entries
    }

    /// Whether there is something before what is shown.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.messages.has_older() || self.done.as_ref().is_some_and(Stretch::has_older)
    }

    /// Whether there is something after what is shown.
    #[must_use]
    pub fn has_newer(&self) -> bool {
        self.messages.has_newer() || self.done.as_ref().is_some_and(Stretch::has_newer)
    }

    /// Where the lowest line in sight is, as an index into the messages and one into what the team did.
    pub(in crate::console) fn near(&self) -> (usize, usize) {
        let last = |len: usize| len.saturating_sub(1);
        let done = self.done.as_ref().map_or(&[][..], |done| &done[..]);
        let at = match &self.place {
            None => return (last(self.messages.len()), last(done.len())),
            Some(place) => {
                let key = match &place.of {
                    Key::Message(id) => self.messages.iter().find(|m| m.id == *id).map(Dated::at),
                    Key::Done(id) => done.iter().find(|item| item.id == *id).map(Dated::at),
                };
                key.unwrap_or_default()
            }
        };
        let before = |at: Moment, of: &dyn Fn(usize) -> Moment, len: usize| {
            (0..len).rposition(|n| of(n) <= at).unwrap_or(0)
        };
        (
            before(at, &|n| self.messages[n].at, self.messages.len()),
            before(at, &|n| done[n].at, done.len()),
        )
    }
}

/// Whether it is worth a line between the messages: that nobody has it since it was closed or moved, the line about
/// that says.
fn says_something(item: &HistoryItem) -> bool {
    let through = item.cause.as_ref().map(Safe::as_str);
    let is_left = item.kind.as_str() == "assignee" && item.to.is_none();
    !(is_left && matches!(through, Some("close" | "move")))
}

/// How far something that is loaded is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// Not asked for yet: the cursor has not rested.
    No,
    /// Asked for.
    Asked,
    /// Here.
    Yes,
    /// Failed; why.
    Failed(Safe),
}

impl Model {
    /// The newest message of a colleague that whoever writes had not seen when they began.
    #[must_use]
    pub fn unseen_reply(&self, composer: &Composer) -> Option<&Message> {
        let open = self.open.as_ref()?;
        let open = (open.row.id == composer.row.id).then_some(open)?;
        let seen = composer.seen.as_ref()?;
        let at = open
            .messages
            .iter()
            .position(|message| message.id == *seen)?;
        let colleagues = |message: &&Message| {
            let sender = message.sender.as_ref();
            message.direction == Direction::Out
                && sender.is_some_and(|sender| !self.is_mine_id(&sender.id))
        };
        open.messages[at + 1..].iter().rev().find(colleagues)
    }
}
