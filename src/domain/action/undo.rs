//! Taking back one's last act (U6), and what a lost line handed back (Q9).

use std::time::Duration;

use super::{Action, Cause, Change, Refusal, Verdict};
use crate::domain::{
    access::Team,
    conversation::{Conversation, State},
    id::{ConversationId, OperationId, QueueId, UserId},
    moment::Moment,
    person::Person,
};

/// How long an act can be taken back (U6).
pub const UNDO_WITHIN: Duration = Duration::from_secs(72 * 3600);

/// How long what a lost line handed back can be taken back by its owner (Q9).
pub const RECLAIM_WITHIN: Duration = Duration::from_secs(30 * 60);

/// One act on one conversation, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Under which operation id.
    pub operation: OperationId,
    /// What was done.
    pub action: Action,
    /// By whom; what a lost line handed back counts as its owner's.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// To which conversation.
    pub conversation: ConversationId,
    /// How it stood before.
    pub former: Former,
    /// The version the act gave it: `acted` still says so unless it was acted on since.
    pub version: u64,
    /// A lost line did it, not its owner's hand (Q9).
    pub line_lost: bool,
}

/// What an act may have changed of a conversation, as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// Who had it.
    pub assignee: Option<UserId>,
    /// Its queue.
    pub queue: QueueId,
    /// Its status.
    pub status: Option<String>,
    /// Open or closed.
    pub state: State,
}

impl Act {
    /// The conversation is as the act left it, and whoever has it through the act did nothing to it yet.
    #[must_use]
    pub fn stands(&self, c: &Conversation) -> bool {
        c.acted == self.version && !c.touched
    }
}

impl Former {
    /// How a conversation stands, before it is changed.
    #[must_use]
    pub fn of(c: &Conversation) -> Self {
        Self {
            assignee: c.assignee.clone(),
            queue: c.queue.clone(),
            status: c.status.clone(),
            state: c.state,
        }
    }
}

/// Taking back an act (U6). *Just entered* is not restored (L1), and no rule runs.
///
/// That it is the viewer's *last* act is the caller's to check, who alone sees all of them; and that the viewer may
/// know what became of the conversation: [`may_look_back`].
#[must_use]
pub fn undo(team: &Team, by: &Person, act: &Act, c: &Conversation, now: Moment) -> Verdict {
    let within = if act.line_lost {
        RECLAIM_WITHIN
    } else {
        UNDO_WITHIN
    };
    if act.by != by.id {
        return Verdict::Refused(Refusal::NotTheLastAct);
    }
    if now.since(act.at) > within {
        return Verdict::Refused(Refusal::TooLate);
    }
    if !can_be_undone(act.action) {
        return Verdict::Refused(Refusal::CannotBeUndone);
    }
    // A contact on the blocklist is no change of the conversation: whatever was done to it since stays.
    if act.action == Action::Block {
        return Verdict::Do(Change::none(c));
    }
    if act.line_lost {
        return reclaim(team, by, act, c);
    }
    if c.acted != act.version {
        return if c.assignee.is_some() && c.assignee.as_ref() != Some(&by.id) {
            Verdict::Conflict
        } else {
            Verdict::Refused(Refusal::ActedOnSince)
        };
    }
    match may_be_as_before(team, by, act, c) {
        Ok(()) => Verdict::Do(restored(act, c)),
        Err(why) => Verdict::Refused(why),
    }
}

/// Whether who did an act may be told what became of it: they see the conversation, or it stands as their act left
/// it, be it with a colleague whose conversations they do not see, and is of a queue they work for.
#[must_use]
pub fn may_look_back(team: &Team, by: &Person, act: &Act, c: &Conversation) -> bool {
    team.can_see(by, &c.standing()) || (act.stands(c) && team.can_hold(by, &c.queue))
}

/// What a lost line handed back is its owner's again as far as it is still free, whatever else was done to it (Q9).
fn reclaim(team: &Team, by: &Person, act: &Act, c: &Conversation) -> Verdict {
    let gone = c.state == State::Closed || c.queue != act.former.queue;
    match &c.assignee {
        Some(who) if *who == by.id => Verdict::Already,
        Some(_) => Verdict::Conflict,
        None if gone => Verdict::Refused(Refusal::ActedOnSince),
        None if !team.can_hold(by, &c.queue) => Verdict::Refused(Refusal::FormerAssigneeLeft),
        None => Verdict::Do(Change::of_assignee(c, Some(by.id.clone()), Cause::Undo)),
    }
}

fn can_be_undone(action: Action) -> bool {
    match action {
        Action::Unassign
        | Action::Take
        | Action::Assign
        | Action::Move
        | Action::Status
        | Action::Close
        | Action::Reopen
        | Action::Block => true,
        Action::Unblock | Action::Intervene | Action::Note | Action::Reply | Action::Transcript => {
            false
        }
    }
}

fn may_be_as_before(team: &Team, by: &Person, act: &Act, c: &Conversation) -> Result<(), Refusal> {
    let former = &act.former;
    // Who has it through the act and is at it already gives it up only to somebody who could hand it back.
    let moves = former.assignee != c.assignee;
    let at_it = c.assignee.is_some() && !act.stands(c);
    if moves && at_it && !team.can_unassign(by, &c.standing()) {
        return Err(Refusal::NotYours);
    }
    if former.queue != c.queue {
        let queue = team.queues.get(&former.queue).filter(|q| !q.deleted);
        match queue.filter(|q| team.has_access(by, q)) {
            None => return Err(Refusal::NoSuchQueue),
            Some(queue) if !queue.active => return Err(Refusal::QueueInactive),
            Some(_) => {}
        }
    }
    let Some(assignee) = former.assignee.as_ref().filter(|_| moves) else {
        return Ok(());
    };
    let holds = team.people.get(assignee);
    if !holds.is_some_and(|f| team.can_hold(f, &former.queue)) {
        return Err(Refusal::FormerAssigneeLeft);
    }
    let again = Conversation {
        assignee: former.assignee.clone(),
        queue: former.queue.clone(),
        ..c.clone()
    };
    if team.can_unassign(by, &again.standing()) {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

fn restored(act: &Act, c: &Conversation) -> Change {
    let Former {
        assignee,
        queue,
        status,
        state,
    } = act.former.clone();
    Change {
        cause: (assignee != c.assignee).then_some(Cause::Undo),
        assignee,
        queue,
        status,
        state,
        just_entered: false,
        ..Change::none(c)
    }
}
