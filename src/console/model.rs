//! What a console knows. Everything shown is drawn from here, and everything here is a fact or a wish:
//! what the desk confirmed, what is on its way, where the advisor is.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::{
    command::Place,
    compose::Composer,
    menu::{self, Item, Menu},
    pending::Pending,
    update::surprise::Surprise,
};
use crate::{
    desk::{Counts, Me, Queue, View},
    domain::{
        action::{Action, Expectation},
        id::{ConversationId, OperationId, QueueId, UserId},
        inbox::{Inbox, Side},
        message::Message,
        moment::Moment,
        row::{Contact, Row},
        text::Safe,
    },
};

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
    /// Enter sends a reply; else it breaks the line, and Ctrl-X sends.
    pub enter_sends: bool,
    /// Who we are; `None` until the desk said so.
    pub me: Option<Me>,
    /// The line to the desk.
    pub link: Link,
    /// The list.
    pub list: List,
    /// The queues one may choose from.
    pub queues: Vec<Queue>,
    /// The conversation in the right pane.
    pub open: Option<Open>,
    /// Which pane has the keys.
    pub pane: Pane,
    /// The reply being written.
    pub composer: Option<Composer>,
    /// What lies over the panes, bottom to top; Esc takes the top one away.
    pub layers: Vec<Layer>,
    /// Marked conversations, each as it was seen when marked.
    pub marks: BTreeMap<ConversationId, Marked>,
    /// Acts whose answers are on their way.
    pub pending: Vec<Pending>,
    /// The last act that the desk confirmed: what `z` takes back (U6).
    pub last_act: Option<LastAct>,
    /// Drafts kept, by conversation.
    pub drafts: HashMap<ConversationId, String>,
    /// What was said to the advisor, newest last; at most [`NOTICES`].
    pub notices: VecDeque<Notice>,
    /// Makes operation ids and tickets.
    pub(super) numbers: Numbers,
    /// What an event last did to the conversation an act would mean, until it was seen (R22).
    pub(super) surprise: Option<Surprise>,
    /// The fetch of all that is mine, to hand it back and leave.
    pub(super) leaving: Option<Ticket>,
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

/// The list and where the advisor is in it.
#[derive(Debug, Default)]
pub struct List {
    /// Whose conversations.
    pub view: View,
    /// Only of this queue.
    pub queue: Option<QueueId>,
    /// Only contacts that match.
    pub filter: String,
    /// The stretch of it that is held.
    pub inbox: Inbox,
    /// How many each view holds, for the present queue.
    pub counts: Counts,
    /// The conversation the cursor is on: an id, never a row number (R22).
    pub cursor: Option<ConversationId>,
    /// The first row of the window, counted within the inbox.
    pub top: usize,
    /// The load that is under way; answers to older ones are void.
    pub loading: Option<Ticket>,
    /// Whether anything was ever loaded for the present view.
    pub loaded: bool,
    /// Why the last load failed.
    pub trouble: Option<Safe>,
    /// Changes that wait while the list must not move under a layer.
    pub waiting: Vec<Change>,
    /// The event cursor at which the last page was true.
    pub as_of: u64,
    /// The page under way that adds to an end of the inbox.
    pub(super) extending: Option<(Ticket, Side)>,
    /// Rows the cursor is still to move by when the next page is here.
    pub(super) owed: i64,
    /// Where the cursor lands when the page under way is here; `None`: it stays.
    pub(super) land_at: Option<Side>,
    /// Changes heard of since the page under way was asked for, each with its place in the stream.
    pub(super) since_asked: Vec<(u64, Change)>,
    /// The newest wish to fetch the list again soon.
    pub(super) refetch: Option<Ticket>,
}

/// A change of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A conversation, as it is now.
    Row(Box<Row>),
    /// A conversation is out of sight.
    Gone(ConversationId),
}

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The list.
    #[default]
    List,
    /// The conversation.
    Conversation,
}

/// The conversation in the right pane.
#[derive(Clone, Debug)]
pub struct Open {
    /// As the desk last reported it.
    pub row: Row,
    /// What may be done to it; `None` until the desk said so, or since it changed.
    pub actions: Option<Vec<(Action, Result<(), Safe>)>>,
    /// The messages held, oldest first.
    pub messages: Vec<Message>,
    /// The cursor of older ones.
    pub older: Option<String>,
    /// How far the messages are.
    pub loaded: Loaded,
    /// How many lines the view is scrolled up from the newest message.
    pub scroll: usize,
    /// Messages that came while scrolled up.
    pub unseen: usize,
    /// It is out of sight; why. What is shown of it stays until the cursor leaves (U8).
    pub gone: Option<Safe>,
    /// Older messages are on their way.
    pub asked_older: bool,
}

impl Open {
    /// A conversation of which only the row is known.
    #[must_use]
    pub fn new(row: Row) -> Self {
        Self {
            row,
            actions: None,
            messages: Vec::new(),
            older: None,
            loaded: Loaded::No,
            scroll: 0,
            unseen: 0,
            gone: None,
            asked_older: false,
        }
    }
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

/// What lies over the panes.
#[derive(Debug)]
pub enum Layer {
    /// The three dots.
    Menu(Menu),
    /// Every key, and what it does; each row can be run.
    Help {
        /// The row the cursor is on.
        cursor: usize,
    },
    /// Choosing a queue.
    Queues(Picker),
    /// Narrowing the list.
    Filter(Field),
    /// Handing back the marked ones: what would move, before it moves (U7).
    Preview(Preview),
    /// Leaving while holding work.
    Leaving,
}

/// A list to choose from by typing.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    /// What was typed.
    pub typed: Field,
    /// The row the cursor is on, among those that match.
    pub cursor: usize,
}

/// One line of text being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What it says.
    pub text: String,
}

/// Handing back several: what would move and what came of each.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The conversations, in the order of the list, as they were when the preview was made.
    pub items: Vec<(ConversationId, Marked)>,
    /// What came of each, once the desk answered.
    pub results: Option<Vec<(ConversationId, Safe, bool)>>,
    /// The operation under way.
    pub operation: Option<OperationId>,
    /// The first item shown.
    pub top: usize,
}

/// A marked conversation, as it was on the screen when it was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its customer.
    pub contact: Contact,
    /// Who had it.
    pub assignee: Option<(UserId, Safe)>,
    /// Its version.
    pub version: u64,
}

impl Marked {
    /// What the screen showed of a row.
    #[must_use]
    pub fn of(row: &Row) -> Self {
        Self {
            contact: row.contact.clone(),
            assignee: row
                .assignee
                .as_ref()
                .map(|a| (a.id.clone(), a.name.clone())),
            version: row.version,
        }
    }

    /// What an act on it expects (U5).
    #[must_use]
    pub fn expectation(&self) -> Expectation {
        Expectation::seen(
            self.assignee.as_ref().map(|(id, _)| id.clone()),
            self.version,
        )
    }
}

/// The last act the desk confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastAct {
    /// Under which operation id.
    pub operation: OperationId,
    /// When it was confirmed: a row held in its place says so (U1).
    pub at: Moment,
    /// In words: `handing back Bea Jones`.
    pub what: Safe,
    /// On which conversations.
    pub on: Vec<ConversationId>,
    /// Whether anything can take it back.
    pub undoable: bool,
}

/// Something said to the advisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When.
    pub at: Moment,
    /// What.
    pub text: Safe,
    /// How much it matters.
    pub tone: Tone,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// It went as wished, or it is merely so.
    Plain,
    /// It did not go as wished, or the advisor should look.
    Warning,
}

/// Tells the answer to the newest load from those to older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Makes operation ids and tickets without drawing random numbers: the runtime draws one at the start.
#[derive(Debug)]
pub struct Numbers {
    seed: String,
    next: u64,
}

impl Numbers {
    /// Numbers of one run of the program; `seed` differs between any two runs.
    #[must_use]
    pub fn new(seed: String) -> Self {
        Self { seed, next: 0 }
    }

    /// An operation id no other act has.
    pub fn operation(&mut self) -> OperationId {
        let Ticket(number) = self.ticket();
        OperationId::parse(&format!("{}-{number}", self.seed))
            .unwrap_or_else(|_| unreachable!("a seed is a short id"))
    }

    /// A ticket newer than all before.
    pub fn ticket(&mut self) -> Ticket {
        self.next += 1;
        Ticket(self.next)
    }
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
    /// Enter sends a reply; else it breaks the line, and Ctrl-X sends.
    pub enter_sends: bool,
}

impl Model {
    /// A console that knows nothing yet.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        Self {
            now: Moment::default(),
            zone: setting.zone,
            size: setting.size,
            ascii: setting.ascii,
            enter_sends: setting.enter_sends,
            me: None,
            link: Link::Connecting,
            list: List {
                view: setting.view,
                ..List::default()
            },
            queues: Vec::new(),
            open: None,
            pane: Pane::List,
            composer: None,
            layers: Vec::new(),
            marks: BTreeMap::new(),
            pending: Vec::new(),
            last_act: None,
            drafts: HashMap::new(),
            notices: VecDeque::new(),
            numbers: Numbers::new(setting.seed),
            surprise: None,
            left_text: None,
            leaving: None,
        }
    }

    /// Says something to the advisor; it stays until the next thing said.
    pub fn say(&mut self, tone: Tone, text: Safe) {
        if self.notices.len() == NOTICES {
            self.notices.pop_front();
        }
        self.notices.push_back(Notice {
            at: self.now,
            text,
            tone,
        });
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

    /// Where the keys go.
    #[must_use]
    pub fn place(&self) -> Place {
        match (self.layers.last(), &self.composer, self.pane) {
            (Some(Layer::Menu(_)), ..) => Place::Menu,
            (Some(Layer::Help { .. }), ..) => Place::Help,
            (Some(Layer::Queues(_)), ..) => Place::Picker,
            (Some(Layer::Filter(_)), ..) => Place::Filter,
            (Some(Layer::Preview(_)), ..) => Place::Preview,
            (Some(Layer::Leaving), ..) => Place::Leaving,
            (None, Some(_), _) => Place::Composer,
            (None, None, Pane::List) => Place::List,
            (None, None, Pane::Conversation) => Place::Conversation,
        }
    }

    /// The rows of the three dots for the open conversation.
    #[must_use]
    pub fn menu_items(&self) -> Vec<Item> {
        self.open
            .as_ref()
            .map(|open| menu::items(&open.row, open.actions.as_deref()))
            .unwrap_or_default()
    }

    /// The queues that a picker's text finds; `None` stands for all queues.
    #[must_use]
    pub fn found_queues(&self, picker: &Picker) -> Vec<Option<&Queue>> {
        let typed = picker.typed.text.to_lowercase();
        let fits = |name: &str| name.to_lowercase().contains(&typed);
        let all = fits("all queues").then_some(None);
        let named = self.queues.iter().filter(|q| fits(q.queue.name.as_str()));
        all.into_iter().chain(named.map(Some)).collect()
    }

    /// Whether a row is one that we just handed back and that still stands in its place (U1).
    #[must_use]
    pub fn was_handed_back(&self, row: &Row) -> bool {
        row.assignee.is_none()
            && self.list.inbox.is_held(&row.id)
            && self
                .last_act
                .as_ref()
                .is_some_and(|act| act.undoable && act.on.contains(&row.id))
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
        self.pending.iter().find(|p| p.conversation == *id)
    }
}
