//! What an act comes to.

use super::{Cause, Refusal};
use crate::domain::{
    conversation::{Conversation, Handler, State},
    id::{QueueId, UserId},
};

/// What an act comes to. Nothing here is done yet; the floor above writes what `Do` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Do it: the conversation is so from now on.
    Do(Change),
    /// It is so already; nothing changes.
    Already,
    /// Somebody else was faster, or it was acted on since; nothing changes.
    Conflict,
    /// The rules say no; nothing changes.
    Refused(Refusal),
}

/// What of a conversation an act decides, as it is from now on. Messages and their order are no act's to change (U3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who has it from now on.
    pub assignee: Option<UserId>,
    /// Its queue.
    pub queue: QueueId,
    /// Open or closed.
    pub state: State,
    /// Person or bot.
    pub handler: Handler,
    /// The business tag.
    pub status: Option<String>,
    /// Whether it still counts as just entered (L1).
    pub just_entered: bool,
    /// It enters its queue with this, whose rule then finds it an advisor (A2).
    pub enters: bool,
    /// Through what its assignee changes; `None` if it does not.
    pub cause: Option<Cause>,
}

impl Change {
    /// Everything as it is.
    #[must_use]
    pub fn none(c: &Conversation) -> Self {
        Self {
            assignee: c.assignee.clone(),
            queue: c.queue.clone(),
            state: c.state,
            handler: c.handler,
            status: c.status.clone(),
            just_entered: c.just_entered,
            enters: false,
            cause: None,
        }
    }

    /// Another assignee, or nobody, through `cause`; nothing else but that *just entered* ends (U3).
    #[must_use]
    pub fn of_assignee(c: &Conversation, assignee: Option<UserId>, cause: Cause) -> Self {
        Self {
            assignee,
            just_entered: false,
            cause: Some(cause),
            ..Self::none(c)
        }
    }
}

impl Conversation {
    /// This conversation after `change`. The version rises; `acted` with it if the conversation was acted on (U5).
    #[must_use]
    pub fn changed(&self, change: &Change) -> Self {
        let version = self.version + 1;
        let mut after = Self {
            assignee: change.assignee.clone(),
            queue: change.queue.clone(),
            state: change.state,
            handler: change.handler,
            status: change.status.clone(),
            just_entered: change.just_entered,
            version,
            ..self.clone()
        };
        if after.assignee != self.assignee {
            after.touched = false;
        }
        if after.was_acted_on(self) {
            after.acted = version;
        }
        after
    }

    /// Whether what U5 calls *acted on* lies between `before` and this.
    fn was_acted_on(&self, before: &Self) -> bool {
        (
            &self.assignee,
            &self.queue,
            &self.status,
            self.state,
            self.handler,
        ) != (
            &before.assignee,
            &before.queue,
            &before.status,
            before.state,
            before.handler,
        )
    }
}
