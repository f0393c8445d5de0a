//! What a console knows. Everything shown is drawn from here, and everything here is a fact or a wish:
//! what the desk confirmed, what is on its way, where the advisor is.

mod acts;
pub mod alone;
mod choosing;
mod finding;
mod gathered;
pub mod laid;
mod layer;
mod list;
mod lock;
mod open;
pub mod panel;
mod preferences;
mod resume;
mod returning;
mod said;
mod seen;
mod shelf;
pub mod some;
pub mod stretch;
mod subject;
mod surprise;
mod there;
mod told;

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use super::{
    bookmark::Bookmark,
    command::Place,
    compose::{Composer, Kind},
    keymap::Keymap,
    menu::{self, Item},
    pending::Pending,
};
use crate::{
    desk::{Attention, Colleague, Me, Phrase, Queue, Status, View},
    domain::{
        action::Action,
        conversation::State,
        id::{ConversationId, UserId},
        moment::Moment,
        row::Row,
        text::Safe,
    },
};

pub use super::numbers::{Numbers, Ticket};
pub use acts::{Line, MyActs, Tally};
pub use alone::Alone;
pub use choosing::Choosing;
pub use finding::{Finding, MOST_FOUND, Trace};
pub(super) use gathered::{Gathered, News};
pub use layer::{About, Field, FileName, Layer, Marked, Picker, Preview, Question, Reason};
pub use list::{Change, List};
pub use lock::Lock;
pub(in crate::console) use lock::Locked;
pub use open::{Entry, Key, Loaded, Open, Read, Scrolled, Unread};
pub use panel::Panel;
pub use preferences::{Alert, Preferences};
pub(super) use resume::Resume;
pub(super) use returning::Returning;
pub use said::{LastAct, Notice, Tone};
pub use seen::Sight;
pub(super) use seen::{BLINK, Frame, Seen};
pub use shelf::{DraftsShown, Key as DraftKey, Known, Shelf, key as draft_key};
pub use some::HandBackSome;
pub use stretch::{Part, Stretch};
pub use subject::Subject;
pub(super) use surprise::{AFTER_A_MOVE, Surprise};
pub(super) use there::NOWHERE;
pub use there::{Away, HandedBack, There};
pub(super) use there::{Back, Bounces};
pub use told::Told;

/// The state of a console.
#[derive(Debug)]
pub struct Model {
    /// The time of the fact being handled.
    pub now: Moment,
    /// The zone times are shown in.
    pub zone: jiff::tz::TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Only ASCII can be shown.
    pub ascii: bool,
    /// The keys there are.
    pub keymap: Keymap,
    /// How it is said that somebody began to wait.
    pub alert: Alert,
    /// Waits are told by since when and not by how long.
    pub absolute_times: bool,
    /// For a screen reader: one pane, a sentence a row, nothing drawn.
    pub spoken: bool,
    /// It is said where to begin, until the first key.
    pub first_time: bool,
    /// Who we are; `None` until the desk said so.
    pub me: Option<Me>,
    /// The line to the desk.
    pub link: Link,
    /// The list; while one looks for conversations, what was found.
    pub list: List,
    /// The counts that the stream told.
    pub told: Told,
    /// The search, while one looks for conversations or at what was found.
    pub finding: Option<Finding>,
    /// The queues one may choose from.
    pub queues: Vec<Queue>,
    /// The people that the conversation in question can be given to, as a picker offers them.
    pub people: Vec<Colleague>,
    /// The statuses one may set.
    pub statuses: Vec<Status>,
    /// The conversation in the right pane.
    pub open: Option<Open>,
    /// What was read of conversations one has left, to say where the unread ones begin.
    pub read: HashMap<ConversationId, Read>,
    /// The side panel, while it is open.
    pub panel: Option<Panel>,
    /// Which pane has the keys.
    pub pane: Pane,
    /// The reply, or the note, being written.
    pub composer: Option<Composer>,
    /// What lies over the panes, bottom to top; Esc takes the top one away.
    pub layers: Vec<Layer>,
    /// Marked conversations, each as it was seen when marked.
    pub marks: BTreeMap<ConversationId, Marked>,
    /// Acts whose answers are on their way.
    pub pending: Vec<Pending>,
    /// The last act that the desk confirmed: what `z` takes back (U6).
    pub last_act: Option<LastAct>,
    /// Drafts of replies kept, by conversation.
    pub drafts: HashMap<ConversationId, String>,
    /// Drafts of notes kept, by conversation: apart, so that none is ever sent (N1).
    pub notes: HashMap<ConversationId, String>,
    /// What else is known of drafts.
    pub shelf: Shelf,
    /// How long a reply waits before it goes out, so that it can be taken back; nothing: not at all.
    pub send_delay: Duration,
    /// The phrases one can answer with (SP1).
    pub phrases: Vec<Phrase>,
    /// The folder transcripts are offered to be written into.
    pub exports: String,
    /// Where the advisor is, as colleagues see it.
    pub there: There,
    /// That the screen hides itself when nobody is there.
    pub lock: Lock,
    /// What was said to the advisor, newest last; at most [`NOTICES`].
    pub notices: VecDeque<Notice>,
    /// An act was begun since the last notice: it is said no longer.
    pub notice_is_over: bool,
    /// What is still to be said before anything else.
    pub(super) warning: Option<Safe>,
    /// The other version of the desk that was told last.
    pub(super) told_version: Safe,
    /// When it was last said beside the screen that somebody began to wait.
    pub(super) alerted: Option<Moment>,
    /// Makes operation ids and tickets.
    pub(super) numbers: Numbers,
    /// What moved the cursor last without a key, until it was seen (R22).
    pub(super) surprise: Option<Surprise>,
    /// Who has which conversation as the screen says it (R22).
    pub(super) seen: Seen,
    /// How far what was asked last got: keys typed before it could be read are dropped (R22).
    pub(super) asked: Option<Sight>,
    /// When a text field opened by itself.
    pub(super) reopened: Option<Moment>,
    /// Something to be told once the row that it is about is here.
    pub(super) untold: Option<Attention>,
    /// What was told last of what others did, which more of the like joins.
    pub(super) gathered: Option<Gathered>,
    /// Own hand-backs of the last minutes, to notice what comes straight back.
    pub(super) handed_back: VecDeque<HandedBack>,
    /// What came straight back to those it was handed back from.
    pub(super) bounces: Option<Bounces>,
    /// What is told to who comes back, while it is asked for.
    pub(super) returning: Option<Returning>,
    /// Where one was when one's last console dropped, until one is there again.
    pub(super) resume: Option<Resume>,
    /// The bookmark that was kept last.
    pub(super) bookmarked: Option<Bookmark>,
    /// The fetch of all that is mine, to hand it back and leave.
    pub(super) leaving: Option<Ticket>,
    /// Whether the mouse is left to the person, to select with.
    pub(super) selecting: bool,
    /// When a text field was last left: the first `u` only asks for a second (R22).
    pub(super) left_text: Option<Moment>,
}

/// How many notices are kept.
pub const NOTICES: usize = 200;

/// The line to the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not heard of it yet.
    Connecting,
    /// What is shown is true.
    Live,
    /// Broken since then; what is shown is of that time.
    Lost {
        /// Since when.
        since: Moment,
        /// Why, in words.
        why: Safe,
    },
}

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The list.
    #[default]
    List,
    /// The conversation.
    Conversation,
    /// The side panel.
    Panel,
}

/// What a console is told before it begins.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The zone times are shown in.
    pub zone: jiff::tz::TimeZone,
    /// Only ASCII can be shown.
    pub ascii: bool,
    /// Columns and rows.
    pub size: (u16, u16),
    /// What makes this run's operation ids differ from every other's: 1 to 40 characters of an id.
    pub seed: String,
    /// The view to begin in.
    pub view: View,
    /// How the advisor wants it to be.
    pub preferences: Preferences,
}

impl Model {
    /// A console that knows nothing yet.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        let preferences = setting.preferences;
        Self {
            now: Moment::default(),
            zone: setting.zone,
            size: setting.size,
            ascii: setting.ascii,
            keymap: preferences.keymap,
            alert: preferences.alert,
            absolute_times: preferences.absolute_times,
            spoken: preferences.spoken,
            first_time: preferences.first_time,
            me: None,
            link: Link::Connecting,
            list: List {
                view: setting.view,
                ..List::default()
            },
            told: Told::default(),
            finding: None,
            queues: Vec::new(),
            people: Vec::new(),
            statuses: Vec::new(),
            open: None,
            read: HashMap::new(),
            panel: None,
            pane: Pane::List,
            composer: None,
            layers: Vec::new(),
            marks: BTreeMap::new(),
            pending: Vec::new(),
            last_act: None,
            drafts: HashMap::new(),
            notes: HashMap::new(),
            shelf: Shelf::default(),
            send_delay: preferences.send_delay,
            phrases: Vec::new(),
            exports: preferences.exports,
            there: There::default(),
            lock: Lock::new(preferences.lock_after, preferences.known_by_token),
            notices: VecDeque::new(),
            notice_is_over: false,
            told_version: Safe::default(),
            warning: preferences.warning,
            alerted: None,
            numbers: Numbers::new(setting.seed),
            surprise: None,
            seen: Seen::default(),
            asked: None,
            reopened: None,
            untold: None,
            gathered: None,
            handed_back: VecDeque::new(),
            bounces: None,
            returning: None,
            resume: None,
            bookmarked: None,
            left_text: None,
            leaving: None,
            selecting: false,
        }
    }

    /// Says something to the advisor; it stays until the next thing said, or the next act.
    pub fn say(&mut self, tone: Tone, text: Safe) {
        if self.notices.len() == NOTICES {
            self.notices.pop_front();
        }
        self.notices.push_back(Notice {
            at: self.now,
            text,
            tone,
            read: false,
        });
        self.notice_is_over = false;
    }

    /// The row the cursor is on.
    #[must_use]
    pub fn under_cursor(&self) -> Option<&Row> {
        self.list
            .cursor
            .as_ref()
            .and_then(|id| self.list.inbox.row(id))
    }

    /// Where the cursor is within the inbox.
    #[must_use]
    pub fn cursor_index(&self) -> Option<usize> {
        self.list
            .cursor
            .as_ref()
            .and_then(|id| self.list.inbox.find(id))
    }

    /// What a conversation is called, as far as it is known here.
    #[must_use]
    pub fn name_of(&self, id: &ConversationId) -> Safe {
        let opened = self.open.as_ref().map(|open| &open.row);
        let opened = opened.filter(|row| row.id == *id);
        if let Some(row) = self.list.inbox.row(id).or(opened) {
            return row.contact.shown().clone();
        }
        let mut lately = self.handed_back.iter();
        lately
            .find(|act| act.conversation == *id)
            .map_or(Safe::literal("a conversation"), |act| act.name.clone())
    }

    /// Who we are.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        self.me.as_ref().map(|me| &me.user.id)
    }

    /// Whether a row is ours.
    #[must_use]
    pub fn is_mine(&self, row: &Row) -> bool {
        self.user().is_some_and(|me| row.is_held_by(me))
    }

    /// The screen of handing back some, if it is open, whatever lies over it.
    #[must_use]
    pub fn hand_back_some(&self) -> Option<&HandBackSome> {
        self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Some(some) => Some(&**some),
            _ => None,
        })
    }

    /// Where the keys go.
    #[must_use]
    pub fn place(&self) -> Place {
        match (self.layers.last(), &self.composer, self.pane) {
            (Some(Layer::Menu(_)), ..) => Place::Menu,
            (Some(Layer::Help { .. }), ..) => Place::Help,
            (Some(Layer::Picker(_)), ..) => Place::Picker,
            (Some(Layer::Filter(_)), ..) => Place::Filter,
            (Some(Layer::Find), ..) => Place::Find,
            (Some(Layer::Reason(_)), ..) => Place::Reason,
            (Some(Layer::Question(_)), ..) => Place::Question,
            (Some(Layer::Preview(_)), ..) => Place::Preview,
            (Some(Layer::Leaving), ..) => Place::Leaving,
            (Some(Layer::Some(some)), ..) => some.focus.place(),
            (Some(Layer::Acts(_)), ..) => Place::Acts,
            (Some(Layer::Alone(_)), ..) => Place::Alone,
            (Some(Layer::Drafts(_)), ..) => Place::Drafts,
            (Some(Layer::FileName(_)), ..) => Place::FileName,
            (Some(Layer::Notices(_)), ..) => Place::Notices,
            (None, Some(composer), _) => match composer.kind {
                Kind::Reply if composer.waiting.is_some() => Place::Waiting,
                Kind::Reply => Place::Composer,
                Kind::Note => Place::Note,
            },
            (None, None, Pane::List) => Place::List,
            (None, None, Pane::Conversation) => Place::Conversation,
            (None, None, Pane::Panel) => Place::Panel,
        }
    }

    /// The rows of the three dots for the open conversation.
    #[must_use]
    pub fn menu_items(&self) -> Vec<Item> {
        self.open
            .as_ref()
            .map(|open| menu::items(&open.row, open.actions.as_deref(), &self.keymap))
            .unwrap_or_default()
    }

    /// What a row says on which we just acted so that it belongs elsewhere, while it still stands in its place: `you
    /// handed it back` (U1).
    #[must_use]
    pub fn trace(&self, row: &Row) -> Option<&'static str> {
        let act = self.last_act.as_ref().filter(|act| act.undoable)?;
        let is_it = act.on.contains(&row.id) && self.list.inbox.is_held(&row.id);
        let trace = match act.action {
            Action::Unassign => "you handed it back",
            Action::Move => "you moved it",
            Action::Close => "you closed it",
            _ => return None,
        };
        (is_it && row.assignee.is_none()).then_some(trace)
    }

    /// Whether a conversation is of the present view and queue. Whether the filter finds it only the desk knows.
    #[must_use]
    pub fn belongs(&self, row: &Row) -> bool {
        if self.finding.is_some() {
            return true; // What was found is shown whatever becomes of it.
        }
        let queue = self.list.queue.as_ref();
        row.state == State::Open
            && queue.is_none_or(|queue| *queue == row.queue.id)
            && match self.list.view {
                View::All => true,
                View::Mine => self.is_mine(row),
                View::Unassigned => row.assignee.is_none(),
            }
    }

    /// Whether an id is ours.
    #[must_use]
    pub fn is_mine_id(&self, id: &UserId) -> bool {
        self.user() == Some(id)
    }

    /// Whether the list must not move: a layer or the composer is open.
    #[must_use]
    pub fn list_is_held(&self) -> bool {
        self.composer.is_some() || !self.layers.is_empty()
    }

    /// The act under way on a conversation, if there is one.
    #[must_use]
    pub fn pending_on(&self, id: &ConversationId) -> Option<&Pending> {
        self.pending.iter().find(|p| p.concerns(id))
    }

    /// The drafts of that kind.
    pub(super) fn drafts_of(&mut self, kind: Kind) -> &mut HashMap<ConversationId, String> {
        match kind {
            Kind::Reply => &mut self.drafts,
            Kind::Note => &mut self.notes,
        }
    }
}
