//! The counts as the stream of events told them.

use std::collections::HashMap;

use crate::{desk::Counts, domain::id::QueueId};

/// The counts that the stream told, as long as it goes on. It tells them again only where they are others than those: a page
/// that is a moment older, or newer, must not stand in their place.
#[derive(Debug, Default)]
pub struct Told {
    all_queues: Option<Counts>,
    queues: HashMap<QueueId, Counts>,
}

impl Told {
    /// Hears what changed.
    pub fn hear(&mut self, all_queues: Counts, queues: &[(QueueId, Counts)]) {
        self.all_queues = Some(all_queues);
        self.queues.extend(queues.iter().cloned());
    }

    /// What is known of a queue, or of all.
    #[must_use]
    pub fn of(&self, queue: Option<&QueueId>) -> Option<Counts> {
        match queue {
            None => self.all_queues,
            Some(queue) => self.queues.get(queue).copied(),
        }
    }
}
