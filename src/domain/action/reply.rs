//! Replying, which makes an unassigned conversation one's own (A1, A5).

use super::{Cause, Change, Circumstances, Expectation, Refusal, Verdict};
use crate::domain::{
    conversation::{Conversation, Handler, State},
    person::Person,
};

/// Whether a reply may be sent, and whether it makes its writer the owner (A1, A5).
///
/// `Do` means: send it and own the conversation. `Already`: send it, the assignee stays who it is:
/// oneself, or somebody whose conversation one may answer without taking it over.
#[must_use]
pub fn reply(
    by: &Person,
    c: &Conversation,
    around: Circumstances,
    body: &str,
    expected: &Expectation,
) -> Verdict {
    if body.trim().is_empty() {
        return Verdict::Refused(Refusal::Empty);
    }
    if c.state == State::Closed {
        return Verdict::Refused(Refusal::Closed);
    }
    if c.handler == Handler::Bot {
        return Verdict::Refused(Refusal::BotHandles);
    }
    if around.blocked {
        return Verdict::Refused(Refusal::Blocked);
    }
    if around.window_closed {
        return Verdict::Refused(Refusal::WindowClosed);
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
    Verdict::Do(Change::of_assignee(c, Some(by.id.clone()), Cause::Reply))
}
