//! What the three dots say (M1).

use super::{Action, Refusal};
use crate::domain::{
    access::Team,
    conversation::{Conversation, Handler, State},
    person::Person,
};

/// What a conversation's own facts do not tell, and an act depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Its contact is on the blocklist now (S5).
    pub blocked: bool,
    /// Its channel takes no free text any more, or not yet (S6).
    pub window_closed: bool,
}

/// What the three dots say of an action for this viewer, who sees the conversation: open to them, or why
/// not (M1). The desk answers with it; a console never guesses.
///
/// # Errors
/// The reason to show beside the dimmed row.
pub fn check(
    team: &Team,
    by: &Person,
    c: &Conversation,
    around: Circumstances,
    action: Action,
) -> Result<(), Refusal> {
    let no = |refused: bool, why| if refused { Err(why) } else { Ok(()) };
    let closed = c.state == State::Closed;
    let not_theirs = c.assignee.is_some() && !team.can_unassign(by, &c.standing());
    match action {
        Action::Unassign => {
            no(c.assignee.is_none(), Refusal::Unassigned)?;
            no(not_theirs, Refusal::NotYours)
        }
        Action::Take => {
            no(c.assignee.as_ref() == Some(&by.id), Refusal::YoursAlready)?;
            no(closed, Refusal::Closed)?;
            no(c.assignee.is_some(), Refusal::Held)
        }
        Action::Assign | Action::Move | Action::Close => {
            no(closed, Refusal::Closed)?;
            no(not_theirs, Refusal::NotYours)
        }
        Action::Reopen => no(!closed, Refusal::Open),
        Action::Reply => {
            no(closed, Refusal::Closed)?;
            no(c.handler == Handler::Bot, Refusal::BotHandles)?;
            no(around.blocked, Refusal::Blocked)?;
            no(around.window_closed, Refusal::WindowClosed)
        }
        Action::Intervene => no(c.handler == Handler::Person, Refusal::NoBot),
        Action::Block => no(around.blocked, Refusal::Blocked),
        Action::Unblock => no(!around.blocked, Refusal::NotBlocked),
        Action::Status | Action::Note | Action::Transcript => Ok(()),
    }
}
