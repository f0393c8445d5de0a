//! Who has which conversation as the advisor's screen says it: what an act means (R22).

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use crate::domain::{
    id::{ConversationId, UserId},
    moment::Moment,
    row::Row,
};

/// For this long after what changed went out to the terminal, an act still means what stood there before: nobody reads
/// and presses so fast, and what went out is not on the advisor's own screen yet.
pub(in crate::console) const BLINK: Duration = Duration::from_millis(150);

/// So many are remembered beyond those on the screen, for lists that lie under something else.
const REMEMBERED: usize = 1_000;

/// Who has a conversation, if anybody.
type Holder = Option<UserId>;

/// How far something new got on its way to the advisor's eyes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// In no frame yet.
    #[default]
    Unseen,
    /// In the frame that is on its way to the terminal.
    UnderWay,
    /// On the screen since then.
    Since(Moment),
}

impl Sight {
    /// A frame with it is on its way to the terminal.
    pub(in crate::console) fn painted(&mut self) {
        if *self == Self::Unseen {
            *self = Self::UnderWay;
        }
    }

    /// That frame has gone out.
    pub(in crate::console) fn went_out(&mut self, now: Moment) {
        if *self == Self::UnderWay {
            *self = Self::Since(now);
        }
    }
}

/// What a frame shows of conversations.
#[derive(Clone, Debug, Default)]
pub(in crate::console) struct Frame {
    /// The list, from the top.
    pub(in crate::console) list: Vec<ConversationId>,
    /// Who has each that is shown, in the list or beside it.
    pub(in crate::console) holders: Vec<(ConversationId, Holder)>,
}

/// What the frames said that went out by now. Kept from what was drawn and not from what happened, so that nothing that
/// happens can be forgotten.
#[derive(Clone, Debug, Default)]
pub(in crate::console) struct Seen {
    list: Vec<ConversationId>,
    holders: HashMap<ConversationId, Shown>,
    under_way: Option<Frame>,
}

#[derive(Clone, Debug)]
struct Shown {
    holder: Holder,
    /// When that took the place of somebody else, unless the advisor was told.
    changed: Option<Moment>,
}

impl Seen {
    /// This frame is on its way to the terminal, and no other any more; `None` if it shows nothing of conversations.
    pub(in crate::console) fn painted(&mut self, frame: Option<Frame>) {
        self.under_way = frame;
    }

    /// It has gone out.
    pub(in crate::console) fn went_out(&mut self, now: Moment) {
        let Some(frame) = self.under_way.take() else {
            return;
        };
        if self.holders.len() > REMEMBERED + frame.holders.len() {
            let on_it: HashSet<_> = frame.holders.iter().map(|(id, _)| id).collect();
            self.holders.retain(|id, _| on_it.contains(id));
        }
        for (id, holder) in frame.holders {
            match self.holders.get_mut(&id) {
                Some(before) if before.holder == holder => {}
                Some(before) => {
                    let changed = Some(now);
                    *before = Shown { holder, changed };
                }
                None => {
                    let changed = None;
                    self.holders.insert(id, Shown { holder, changed });
                }
            }
        }
        self.list = frame.list;
    }

    /// What is to be seen of who has a conversation now: nothing if the advisor can have read it, or never saw anybody
    /// else have it.
    pub(in crate::console) fn is_news(&self, row: &Row, now: Moment) -> Option<Sight> {
        let shown = self.holders.get(&row.id)?;
        if shown.holder != row.holder() {
            return Some(Sight::Unseen);
        }
        let at = shown.changed.filter(|at| now.since(*at) < BLINK)?;
        Some(Sight::Since(at))
    }

    /// The advisor was told who has it, or made it so: a frame that is still on its way and says otherwise takes nothing
    /// of that back.
    pub(in crate::console) fn told(&mut self, row: &Row) {
        let under_way = self.under_way.iter_mut();
        let of_it =
            under_way.flat_map(|frame| frame.holders.iter_mut().filter(|(id, _)| *id == row.id));
        of_it.for_each(|(_, shown)| *shown = row.holder());
        if let Some(shown) = self.holders.get_mut(&row.id) {
            *shown = Shown {
                holder: row.holder(),
                changed: None,
            };
        }
    }

    /// The one that the screen shows so many rows below another, if it shows both.
    pub(in crate::console) fn beside(
        &self,
        id: &ConversationId,
        rows: i64,
    ) -> Option<&ConversationId> {
        let at = self.list.iter().position(|shown| shown == id)?;
        let to = i64::try_from(at).ok()?.checked_add(rows)?;
        self.list.get(usize::try_from(to).ok()?)
    }
}
