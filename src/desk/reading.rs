//! What a desk says of the caller, of one conversation, and of the queues.

use super::Lost;
use crate::domain::{
    action::Action,
    id::{OrganisationId, QueueId, UserId},
    message::{HistoryItem, Message},
    moment::Moment,
    named::Named,
    queue::{Rule, Turnover},
    row::Row,
    text::Safe,
};

/// Who the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// The person.
    pub user: Named<UserId>,
    /// The name they sign in with.
    pub username: Safe,
    /// Their organisation.
    pub organisation: Named<OrganisationId>,
    /// Whether they have the Conversation screen at all (V6).
    pub conversations: bool,
    /// The actions this desk has at all, whoever asks.
    pub actions: Vec<Action>,
    /// When they last signed out; `None` if never.
    pub left_at: Option<Moment>,
    /// What a lost line handed back of theirs, while it can be taken back (Q9).
    pub lost: Option<Lost>,
    /// The desk's version.
    pub desk_version: Safe,
    /// This desk's own id: drafts are kept under it.
    pub desk: Safe,
    /// Words to show over everything.
    pub banner: Option<Safe>,
}

/// One conversation and what may be done to it, as the desk says (a console never guesses).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The conversation.
    pub row: Row,
    /// Every action, with the reason where it does not apply now.
    pub actions: Vec<(Action, Result<(), Safe>)>,
}

/// A page of messages, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// The messages, newest first.
    pub items: Vec<Message>,
    /// Where it goes on the way the page was asked for: the `before` of the older ones, or the `after` of the newer.
    pub next: Option<String>,
}

/// One message, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The message.
    pub message: Message,
    /// What it says with every character but printable ASCII as its escape (R2).
    pub escaped: Safe,
}

/// A page of history, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What was done, newest first.
    pub items: Vec<HistoryItem>,
    /// Where it goes on the way the page was asked for: the `before` of what was done earlier, or the `after` of what
    /// was done later.
    pub next: Option<String>,
}

/// What one may know of a conversation's contact (P3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// When this conversation began.
    pub began: Moment,
    /// When the first of the contact's conversations that the caller sees began.
    pub first_seen: Moment,
    /// How many others of the contact the caller sees, closed ones too.
    pub count: u64,
    /// These, or some of them, those that began last first.
    pub others: Vec<Row>,
    /// Why nothing is sent to the contact, if nothing is.
    pub blocked: Option<Blocking>,
}

/// That a contact is on the blocklist (S5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// Since when.
    pub at: Moment,
    /// Until when; `None`: for good.
    pub until: Option<Moment>,
    /// Who put it there; `None`: the customer's own STOP.
    pub by: Option<Named<UserId>>,
}

/// A queue the caller has access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Which queue.
    pub queue: Named<QueueId>,
    /// The organisation that owns it (V5).
    pub owner: Named<OrganisationId>,
    /// How a conversation that enters finds its advisor (A2).
    pub rule: Rule,
    /// Open conversations its rule gives one person at most (Q4); `None`: no limit.
    pub max_open: Option<u32>,
    /// Whether anything can be moved into it (Q6).
    pub active: bool,
    /// What signing in does there (Q3).
    pub on_login: Turnover,
    /// What signing out does there (Q2).
    pub on_logout: Turnover,
    /// Open conversations in it that the caller sees.
    pub open: u64,
    /// Unassigned ones among them.
    pub unassigned: u64,
}
