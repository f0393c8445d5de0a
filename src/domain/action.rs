//! The acts: who may do what to a conversation now, and what it does (U1–U6, A1, A5–A7).

use std::time::Duration;

use super::{
    access::Team,
    conversation::{Conversation, Handler, State},
    id::{ConversationId, OperationId, UserId},
    moment::Moment,
    person::Person,
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

closed_words! {
    /// What can be done to a conversation. The first six are the three dots' own, in their order (M1).
    Action, "action":
    /// Put it into another queue (Q8).
    Move "move"
    /// Tag it with a status of the organisation (S3).
    Status "status"
    /// Refuse this contact's messages from now on (S5).
    Block "block"
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
    /// Something happened to it since, so the act cannot be taken back (U6).
    ActedOnSince "acted_on_since"
    /// The act is older than 72 hours (U6).
    TooLate "too_late"
    /// Something else was done later, and undo never skips (U6).
    NotTheLastAct "not_the_last_act"
    /// What nothing takes back: a sent reply (U6).
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
            Self::ActedOnSince => "something was done to it since",
            Self::TooLate => "it was more than 72 hours ago",
            Self::NotTheLastAct => "you did something else since",
            Self::CannotBeUndone => "a sent reply cannot be taken back",
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

/// What a request believes about the conversation it acts on (U5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// Who it believes has it. `None`: says nothing; `Some(None)`: nobody.
    pub assignee: Option<Option<UserId>>,
    /// The version it saw. `None`: says nothing.
    pub version: Option<u64>,
}

impl Expectation {
    /// What a row on a screen lets one believe: its assignee and version.
    #[must_use]
    pub fn seen(assignee: Option<UserId>, version: u64) -> Self {
        Self {
            assignee: Some(assignee),
            version: Some(version),
        }
    }

    fn names_another_than(&self, assignee: Option<&UserId>) -> bool {
        self.assignee
            .as_ref()
            .is_some_and(|expected| expected.as_ref() != assignee)
    }

    /// Acted on after the version named; messages and notes since do not count (U5).
    fn is_stale(&self, conversation: &Conversation) -> bool {
        self.version.is_some_and(|seen| conversation.acted > seen)
    }
}

/// What an act comes to. Nothing here is done yet; the floor above writes what `Do` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Do it: the conversation has this assignee from now on, and *just entered* ends.
    Do(Change),
    /// It is so already; nothing changes.
    Already,
    /// Somebody else was faster, or it was acted on since; nothing changes.
    Conflict,
    /// The rules say no; nothing changes.
    Refused(Refusal),
}

/// A change of assignee. Nothing else of the conversation changes but that *just entered* ends (U3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who has it from now on.
    pub assignee: Option<UserId>,
    /// Through what.
    pub cause: Cause,
}

impl Conversation {
    /// This conversation after `change`: assignee, *just entered*, version and acted, nothing else (U3).
    #[must_use]
    pub fn changed(&self, change: &Change) -> Self {
        let version = self.version + 1;
        Self {
            assignee: change.assignee.clone(),
            just_entered: false,
            version,
            acted: version,
            ..self.clone()
        }
    }
}

/// Unassigning a conversation the viewer sees (U1–U3, U5).
///
/// Whether somebody else has it by now is asked before whether the viewer may: "Ben has it" serves them
/// better than "not allowed", and changes nothing either way.
#[must_use]
pub fn unassign(team: &Team, by: &Person, c: &Conversation, expected: &Expectation) -> Verdict {
    if c.assignee.is_none() {
        return Verdict::Already;
    }
    if expected.names_another_than(c.assignee.as_ref()) {
        return Verdict::Conflict;
    }
    if !team.can_unassign(by, &c.standing()) {
        return Verdict::Refused(Refusal::NotYours);
    }
    if expected.is_stale(c) {
        return Verdict::Conflict;
    }
    Verdict::Do(Change {
        assignee: None,
        cause: Cause::Unassign,
    })
}

/// Taking a conversation the viewer sees without replying (A6).
#[must_use]
pub fn take(by: &Person, c: &Conversation, expected: &Expectation) -> Verdict {
    if c.assignee.as_ref() == Some(&by.id) {
        return Verdict::Already;
    }
    if c.state == State::Closed {
        return Verdict::Refused(Refusal::Closed);
    }
    if c.assignee.is_some() || expected.is_stale(c) {
        return Verdict::Conflict;
    }
    Verdict::Do(Change {
        assignee: Some(by.id.clone()),
        cause: Cause::Take,
    })
}

/// Whether a reply may be sent, and whether it makes its writer the owner (A1, A5).
///
/// `Do` means: send it and own the conversation. `Already`: send it, the assignee stays who it is:
/// oneself, or somebody whose conversation one may answer without taking it over.
#[must_use]
pub fn reply(by: &Person, c: &Conversation, body: &str, expected: &Expectation) -> Verdict {
    if body.trim().is_empty() {
        return Verdict::Refused(Refusal::Empty);
    }
    if c.state == State::Closed {
        return Verdict::Refused(Refusal::Closed);
    }
    if c.handler == Handler::Bot {
        return Verdict::Refused(Refusal::BotHandles);
    }
    // Handed back under a writer's hands, it is still theirs to answer (U8); somebody else's is not.
    if c.assignee.is_some()
        && c.assignee.as_ref() != Some(&by.id)
        && expected.names_another_than(c.assignee.as_ref())
    {
        return Verdict::Conflict;
    }
    if c.assignee.is_some() {
        return Verdict::Already;
    }
    Verdict::Do(Change {
        assignee: Some(by.id.clone()),
        cause: Cause::Reply,
    })
}

/// How long an act can be taken back (U6).
pub const UNDO_WITHIN: Duration = Duration::from_secs(72 * 3600);

/// One act on one conversation, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Under which operation id.
    pub operation: OperationId,
    /// What was done.
    pub action: Action,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// To which conversation.
    pub conversation: ConversationId,
    /// Who had it before.
    pub former: Option<UserId>,
    /// The version the act gave it: `acted` still says so unless it was acted on since.
    pub version: u64,
}

/// Taking back an act on a conversation the viewer sees (U6).
///
/// That it is the viewer's *last* act is the caller's to check, who alone sees all of them.
#[must_use]
pub fn undo(team: &Team, by: &Person, act: &Act, c: &Conversation, now: Moment) -> Verdict {
    if act.by != by.id {
        return Verdict::Refused(Refusal::NotTheLastAct);
    }
    if now.since(act.at) > UNDO_WITHIN {
        return Verdict::Refused(Refusal::TooLate);
    }
    if !matches!(act.action, Action::Unassign | Action::Take) {
        return Verdict::Refused(Refusal::CannotBeUndone);
    }
    if c.acted != act.version {
        return if c.assignee.is_some() && c.assignee.as_ref() != Some(&by.id) {
            Verdict::Conflict
        } else {
            Verdict::Refused(Refusal::ActedOnSince)
        };
    }
    if let Some(former) = &act.former {
        let again = Conversation {
            assignee: Some(former.clone()),
            ..c.clone()
        };
        if !team
            .people
            .get(former)
            .is_some_and(|f| team.can_hold(f, &c.queue))
        {
            return Verdict::Refused(Refusal::FormerAssigneeLeft);
        }
        if !team.can_unassign(by, &again.standing()) {
            return Verdict::Refused(Refusal::NotYours);
        }
    }
    Verdict::Do(Change {
        assignee: act.former.clone(),
        cause: Cause::Undo,
    })
}

/// What the three dots say of an action for this viewer, who sees the conversation: open to them, or why
/// not (M1). The desk answers with it; a console never guesses.
///
/// # Errors
/// The reason to show beside the dimmed row.
pub fn check(team: &Team, by: &Person, c: &Conversation, action: Action) -> Result<(), Refusal> {
    let no = |refused: bool, why| if refused { Err(why) } else { Ok(()) };
    match action {
        Action::Unassign => {
            no(c.assignee.is_none(), Refusal::Unassigned)?;
            no(!team.can_unassign(by, &c.standing()), Refusal::NotYours)
        }
        Action::Take => {
            no(c.assignee.as_ref() == Some(&by.id), Refusal::YoursAlready)?;
            no(c.state == State::Closed, Refusal::Closed)?;
            no(c.assignee.is_some(), Refusal::Held)
        }
        Action::Reply => {
            no(c.state == State::Closed, Refusal::Closed)?;
            no(c.handler == Handler::Bot, Refusal::BotHandles)
        }
        Action::Intervene if c.handler == Handler::Person => Err(Refusal::NoBot),
        Action::Close if c.state == State::Closed => Err(Refusal::Closed),
        Action::Reopen if c.state == State::Open => Err(Refusal::Open),
        _ => Err(Refusal::NotYetAvailable),
    }
}
