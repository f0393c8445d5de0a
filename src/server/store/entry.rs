//! A conversation enters its queue, whose rule may find it an advisor (A2–A4).

use super::{Result, writing::Writing};
use crate::domain::{access::Team, action::Cause, conversation::Conversation, id::UserId};

impl Writing<'_> {
    /// Who gets a conversation that enters its queue, and through what; `None`: it waits there for who is first.
    #[allow(clippy::unused_async, reason = "it will ask who is there")]
    pub(super) async fn find_advisor(
        &mut self,
        _team: &Team,
        _entering: &Conversation,
    ) -> Result<Option<(UserId, Cause)>> {
        Ok(None)
    }
}
