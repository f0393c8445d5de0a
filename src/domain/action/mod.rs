//! The acts: who may do what to a conversation now, and what it does (U1–U6, A1, A5–A7).
//!
//! Here are their words. In reading order: [`expectation`] what a request believes · [`change`] what an act comes to ·
//! [`deed`] an act with all it needs, and [`decide`] what comes of it · [`reply`](mod@reply) · [`undo`](mod@undo) ·
//! [`check`](mod@check) what the three dots say.

mod change;
mod check;
mod deed;
mod expectation;
mod reply;
mod undo;

pub use self::{
    change::{Change, Verdict},
    check::{Circumstances, check},
    deed::{Deed, decide},
    expectation::Expectation,
    reply::reply,
    undo::{Act, Former, RECLAIM_WITHIN, UNDO_WITHIN, may_look_back, undo},
};

macro_rules! closed_words {
    ($(#[$doc:meta])* $name:ident, $what:literal: $($(#[$variant_doc:meta])* $variant:ident $word:literal)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            #[doc = concat!("Every ", $what, ", in the order of this list.")]
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            #[doc = concat!("The ", $what, " as the contract spells it.")]
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            #[doc = concat!("The ", $what, " of that word, if there is one.")]
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

pub(in crate::domain) use closed_words;

closed_words! {
    /// What can be done to a conversation. The first seven are the three dots' own, in their order (M1).
    Action, "action":
    /// Put it into another queue (Q8).
    Move "move"
    /// Tag it with a status of the organisation (S3).
    Status "status"
    /// Refuse this contact's messages from now on (S5).
    Block "block"
    /// Take this contact's messages again (S5).
    Unblock "unblock"
    /// Close it (S1).
    Close "close"
    /// Open it again (S1).
    Reopen "reopen"
    /// Hand it back: what the product exists for (U1).
    Unassign "unassign"
    /// Assign it to oneself without replying (A6).
    Take "take"
    /// Assign it to somebody (A6).
    Assign "assign"
    /// End the bot's part (S4).
    Intervene "intervene"
    /// Write something the customer never sees (N1).
    Note "note"
    /// Answer the customer (A5).
    Reply "reply"
    /// Write the conversation into a file (T1).
    Transcript "transcript"
}

closed_words! {
    /// Why an act is not to be had, as the menu shows it dim and a refusal says it.
    Refusal, "reason":
    /// There is nothing to hand back.
    Unassigned "unassigned"
    /// It is one's own already.
    YoursAlready "yours_already"
    /// A colleague has it, and taking is for unassigned ones (A6).
    Held "held"
    /// Only its assignee, those above and their administrators may (U2).
    NotYours "not_yours"
    /// It is closed.
    Closed "closed"
    /// It is open.
    Open "open"
    /// A bot answers it; intervene first (S4).
    BotHandles "bot_handles"
    /// No bot is on it.
    NoBot "no_bot"
    /// The message says nothing.
    Empty "empty"
    /// The contact is on the blocklist (S5).
    Blocked "blocked"
    /// The contact is not on the blocklist.
    NotBlocked "not_blocked"
    /// Until a moment that has passed, nobody is on the blocklist.
    Past "past"
    /// No queue of that name is open to the one who moves (A7).
    NoSuchQueue "no_such_queue"
    /// Nothing can be moved into an inactive queue (Q6).
    QueueInactive "queue_inactive"
    /// The organisation has no such status (S3).
    NoSuchStatus "no_such_status"
    /// They are not there, suspended, without the screen or without access to the queue (Q10).
    CannotHold "cannot_hold"
    /// An unassigned one is given only to oneself, to those below, or by an administrator to their own (A6).
    MayNotAssign "may_not_assign"
    /// Something was written in it since it was looked at (U7).
    NewActivity "new_activity"
    /// Somebody writes an answer to it right now (U7).
    BeingAnswered "being_answered"
    /// Its assignee keeps a draft of an answer (U7).
    DraftKept "draft_kept"
    /// More were not asked for, and these wait longer (U7).
    NotChosen "not_chosen"
    /// It is in another queue than the one asked for (U7).
    OtherQueue "other_queue"
    /// It has another status than the one asked for (U7).
    OtherStatus "other_status"
    /// Its assignee did something to it since it became theirs (U7).
    Touched "touched"
    /// Something happened to it since, so the act cannot be taken back (U6).
    ActedOnSince "acted_on_since"
    /// The act is older than 72 hours (U6), or, where a lost line did it, than 30 minutes (Q9).
    TooLate "too_late"
    /// Something else was done later, and undo never skips (U6).
    NotTheLastAct "not_the_last_act"
    /// What nothing takes back: a sent reply, a note, an ended bot (U6).
    CannotBeUndone "cannot_be_undone"
    /// The former assignee no longer works on this queue (U6).
    FormerAssigneeLeft "former_assignee_left"
    /// This desk cannot do that yet.
    NotYetAvailable "not_yet_available"
}

impl Refusal {
    /// The reason in words, for a menu row or after a colon; no full stop.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Unassigned => "nobody has it",
            Self::YoursAlready => "yours already",
            Self::Held => "a colleague has it",
            Self::NotYours => "only its assignee or a team above may",
            Self::Closed => "it is closed",
            Self::Open => "it is open",
            Self::BotHandles => "a bot handles it",
            Self::NoBot => "no bot is on it",
            Self::Empty => "the message is empty",
            Self::Blocked => "the contact is on the blocklist",
            Self::NotBlocked => "the contact is not on the blocklist",
            Self::Past => "that time has passed",
            Self::NoSuchQueue => "no such queue is open to you",
            Self::QueueInactive => "the queue is inactive, nothing can be moved into it",
            Self::NoSuchStatus => "your organisation has no such status",
            Self::CannotHold => "they have no access to its queue",
            Self::MayNotAssign => "you may not assign it to them",
            Self::NewActivity => "something was written in it since",
            Self::BeingAnswered => "somebody is replying now",
            Self::DraftKept => "a draft of an answer is kept",
            Self::NotChosen => "beyond the number",
            Self::OtherQueue => "in another queue",
            Self::OtherStatus => "with another status",
            Self::Touched => "its assignee has worked on it",
            Self::ActedOnSince => "something was done to it since",
            Self::TooLate => "it was too long ago",
            Self::NotTheLastAct => "you did something else since",
            Self::CannotBeUndone => "a reply, a note or an ended bot cannot be taken back",
            Self::FormerAssigneeLeft => "its former assignee no longer works on this queue",
            Self::NotYetAvailable => "not yet available",
        }
    }
}

closed_words! {
    /// Through what an assignment came about or ended (U9).
    Cause, "cause":
    /// Replying to an unassigned one (A1).
    Reply "reply"
    /// Taking it (A6).
    Take "take"
    /// Somebody assigned it (A6).
    Assign "assign"
    /// The queue's circle (A2).
    RoundRobin "round_robin"
    /// The queue's scales (A2).
    LeastBusy "least_busy"
    /// Signing in (Q3).
    Login "login"
    /// Handing it back (U1).
    Unassign "unassign"
    /// Taking an act back (U6).
    Undo "undo"
    /// Signing out (Q2).
    Logout "logout"
    /// Closing it (S1).
    Close "close"
    /// Moving it (Q8).
    Move "move"
    /// The assignee lost the access to the queue (Q10).
    LostAccess "lost_access"
}
