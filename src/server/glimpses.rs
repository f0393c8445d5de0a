//! The newest of what passes: who is there now, conversation by conversation. No entry of the log, and nothing to
//! resume by; a reader asks for what it has not seen by the number of the last it has.
//!
//! Of each conversation only its newest glimpse is kept, since it says all: a reader who was slow hears each once.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::body::Bytes;

use crate::domain::{conversation::Standing, id::ConversationId};

/// Of how many conversations a glimpse is kept.
const KEPT: usize = 1_024;

/// A conversation whose row tells something new that is no entry of the log.
#[derive(Debug)]
pub(crate) struct Glimpse {
    /// Which one.
    pub(crate) conversation: ConversationId,
    /// How it stood when this was made: who may see it.
    pub(crate) now: Standing,
    /// The row, as an event.
    pub(crate) row: Bytes,
}

/// The glimpses that are kept.
#[derive(Debug, Default)]
pub(super) struct Glimpses {
    in_order: BTreeMap<u64, Arc<Glimpse>>,
    of: HashMap<ConversationId, u64>,
    newest: u64,
    /// The newest that is kept no more.
    forgotten: u64,
}

impl Glimpses {
    /// The number of the newest there ever was.
    pub(super) fn newest(&self) -> u64 {
        self.newest
    }

    pub(super) fn push(&mut self, glimpse: Glimpse) {
        self.supersede(&glimpse.conversation);
        self.newest += 1;
        self.of.insert(glimpse.conversation.clone(), self.newest);
        self.in_order.insert(self.newest, Arc::new(glimpse));
        while self.in_order.len() > KEPT
            && let Some((number, oldest)) = self.in_order.pop_first()
        {
            self.of.remove(&oldest.conversation);
            self.forgotten = number;
        }
    }

    /// An entry of the log tells the same and more.
    pub(super) fn supersede(&mut self, conversation: &ConversationId) {
        if let Some(number) = self.of.remove(conversation) {
            self.in_order.remove(&number);
        }
    }

    /// What is newer than `seen`, oldest first; `None` if some of it is kept no more.
    pub(super) fn after(&self, seen: u64) -> Option<Vec<Arc<Glimpse>>> {
        let newer = self.in_order.range(seen.saturating_add(1)..);
        (seen >= self.forgotten).then(|| newer.map(|(_, glimpse)| glimpse.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::QueueId;

    fn glimpse(of: &str) -> Glimpse {
        Glimpse {
            conversation: ConversationId::parse(of).unwrap(),
            now: Standing {
                queue: QueueId::parse("q").unwrap(),
                assignee: None,
                open: true,
            },
            row: Bytes::new(),
        }
    }

    fn after(glimpses: &Glimpses, seen: u64) -> Option<Vec<String>> {
        let newer = glimpses.after(seen)?.into_iter();
        Some(newer.map(|g| g.conversation.to_string()).collect())
    }

    #[test]
    fn each_conversation_is_told_once_however_often_it_changed() {
        let mut glimpses = Glimpses::default();
        for of in ["a", "b", "a", "a"] {
            glimpses.push(glimpse(of));
        }
        assert_eq!(after(&glimpses, 0).unwrap(), ["b", "a"]);
        assert_eq!(after(&glimpses, 2).unwrap(), ["a"]);
        assert!(after(&glimpses, 4).unwrap().is_empty());
        glimpses.supersede(&ConversationId::parse("a").unwrap());
        assert_eq!(after(&glimpses, 0).unwrap(), ["b"], "the log tells of a");
    }

    #[test]
    fn who_missed_what_is_kept_no_more_is_told_so() {
        let mut glimpses = Glimpses::default();
        for n in 0..KEPT + 5 {
            glimpses.push(glimpse(&format!("c{n}")));
        }
        assert_eq!(after(&glimpses, 4), None);
        assert_eq!(after(&glimpses, 5).unwrap().len(), KEPT);
        assert_eq!(glimpses.newest(), KEPT as u64 + 5);
    }
}
