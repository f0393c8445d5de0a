//! An act with all it needs, and what comes of it.

use super::{Action, Cause, Change, Expectation, Refusal, Verdict};
use crate::domain::{
    access::Team,
    conversation::{Conversation, Handler, State},
    id::{QueueId, UserId},
    moment::Moment,
    person::Person,
};

/// Something to do to a conversation, with all that it needs. Replies and undoing have ways of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Hand it back (U1).
    Unassign,
    /// Assign it to oneself (A6).
    Take,
    /// Assign it to this person (A6).
    Assign(UserId),
    /// Put it into this queue (Q8).
    Move(QueueId),
    /// Give it this status; `None`: none (S3).
    Status(Option<String>),
    /// Send its contact nothing (S5).
    Block {
        /// Until then; `None`: for good.
        until: Option<Moment>,
    },
    /// Let the contact be written to again (S5).
    Unblock,
    /// Close it (S1).
    Close,
    /// Open it again (S1).
    Reopen,
    /// End the bot's part (S4).
    Intervene,
    /// Write something the customer never sees (N1).
    Note(String),
}

impl Deed {
    /// Which action it is.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Unassign => Action::Unassign,
            Self::Take => Action::Take,
            Self::Assign(_) => Action::Assign,
            Self::Move(_) => Action::Move,
            Self::Status(_) => Action::Status,
            Self::Block { .. } => Action::Block,
            Self::Unblock => Action::Unblock,
            Self::Close => Action::Close,
            Self::Reopen => Action::Reopen,
            Self::Intervene => Action::Intervene,
            Self::Note(_) => Action::Note,
        }
    }
}

/// What comes of a deed to a conversation that `by` sees (U1–U5, A6, A7, Q6, Q8, S1–S5, N1).
///
/// Whether somebody else has it by now is asked before whether `by` may: "Ben has it" serves them better than "not
/// allowed", and changes nothing either way. Whether a contact is on the blocklist already is for the floor that
/// keeps the list.
#[must_use]
pub fn decide(
    team: &Team,
    by: &Person,
    c: &Conversation,
    deed: &Deed,
    expected: &Expectation,
) -> Verdict {
    if is_so(by, c, deed) {
        return Verdict::Already;
    }
    if let Deed::Take | Deed::Assign(_) | Deed::Move(_) = deed
        && c.state == State::Closed
    {
        return Verdict::Refused(Refusal::Closed);
    }
    let taken = *deed == Deed::Take && c.assignee.is_some();
    if taken || expected.names_another_than(c.assignee.as_ref()) {
        return Verdict::Conflict;
    }
    if let Err(why) = may(team, by, c, deed) {
        return Verdict::Refused(why);
    }
    // Neither a note nor the blocklist is about who has it or where it lies.
    let conflicts = !matches!(deed, Deed::Note(_) | Deed::Block { .. } | Deed::Unblock);
    if conflicts && expected.is_stale(c) {
        return Verdict::Conflict;
    }
    Verdict::Do(change(by, c, deed))
}

/// Whether there is nothing left to do.
fn is_so(by: &Person, c: &Conversation, deed: &Deed) -> bool {
    match deed {
        Deed::Unassign => c.assignee.is_none(),
        Deed::Take => c.assignee.as_ref() == Some(&by.id),
        Deed::Assign(to) => c.assignee.as_ref() == Some(to),
        Deed::Move(to) => c.queue == *to && c.state == State::Open,
        Deed::Status(status) => c.status == *status,
        Deed::Close => c.state == State::Closed,
        Deed::Reopen => c.state == State::Open,
        Deed::Intervene => c.handler == Handler::Person,
        Deed::Block { .. } | Deed::Unblock | Deed::Note(_) => false,
    }
}

fn may(team: &Team, by: &Person, c: &Conversation, deed: &Deed) -> Result<(), Refusal> {
    let if_ = |yes: bool, no| if yes { Ok(()) } else { Err(no) };
    let may_let_go = c.assignee.is_none() || team.can_unassign(by, &c.standing()); // A7
    match deed {
        Deed::Unassign | Deed::Close => if_(may_let_go, Refusal::NotYours),
        Deed::Assign(to) => {
            let to = team.people.get(to);
            let to = to.filter(|to| team.can_hold(to, &c.queue));
            let to = to.ok_or(Refusal::CannotHold)?;
            if_(may_let_go, Refusal::NotYours)?;
            if_(
                team.can_assign(by, &c.standing(), to),
                Refusal::MayNotAssign,
            )
        }
        Deed::Move(to) => {
            if_(may_let_go, Refusal::NotYours)?;
            let to = team.queues.get(to).filter(|to| !to.deleted);
            let to = to.filter(|to| team.has_access(by, to));
            if_(
                to.ok_or(Refusal::NoSuchQueue)?.active,
                Refusal::QueueInactive,
            )
        }
        Deed::Status(Some(status)) => if_(team.has_status(by, status), Refusal::NoSuchStatus),
        Deed::Note(words) => if_(!words.trim().is_empty(), Refusal::Empty),
        Deed::Take
        | Deed::Status(None)
        | Deed::Block { .. }
        | Deed::Unblock
        | Deed::Reopen
        | Deed::Intervene => Ok(()),
    }
}

fn change(by: &Person, c: &Conversation, deed: &Deed) -> Change {
    let same = Change::none(c);
    let ended_by = |cause| c.assignee.is_some().then_some(cause);
    match deed {
        Deed::Unassign => Change::of_assignee(c, None, Cause::Unassign),
        Deed::Take => Change::of_assignee(c, Some(by.id.clone()), Cause::Take),
        Deed::Assign(to) => Change::of_assignee(c, Some(to.clone()), Cause::Assign),
        Deed::Move(to) => Change {
            queue: to.clone(),
            assignee: None,
            just_entered: true,
            enters: true,
            cause: ended_by(Cause::Move),
            ..same
        },
        Deed::Status(status) => Change {
            status: status.clone(),
            ..same
        },
        Deed::Close => Change {
            state: State::Closed,
            assignee: None,
            just_entered: false,
            cause: ended_by(Cause::Close),
            ..same
        },
        Deed::Reopen => Change {
            state: State::Open,
            just_entered: true,
            enters: true,
            ..same
        },
        Deed::Intervene => Change {
            handler: Handler::Person,
            just_entered: false,
            ..same
        },
        Deed::Block { .. } | Deed::Unblock | Deed::Note(_) => same,
    }
}
