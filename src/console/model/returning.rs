//! What is told to who comes back.

use super::Ticket;
use crate::{
    desk::{Attention, AttentionKind, Done, Lost},
    domain::moment::Moment,
};

/// What is told to who comes back, while it is asked for.
#[derive(Debug)]
pub(in crate::console) struct Returning {
    /// Of both questions.
    pub(in crate::console) ticket: Ticket,
    /// Since when one was not there.
    pub(in crate::console) since: Moment,
    /// What others did, once that is answered; `None` within if it cannot be had.
    pub(in crate::console) acts: Option<Option<Vec<Done>>>,
    /// In how many of one's conversations the customer wrote, once that is answered.
    pub(in crate::console) replies: Option<u64>,
    /// What came by itself meanwhile, and would say the same a second time.
    pub(in crate::console) held: Vec<Attention>,
    /// What a lost line handed back is told after it.
    pub(in crate::console) lost: Option<Lost>,
}

impl Returning {
    /// Keeps what need not be told by itself, since what happened meanwhile is about to be told as a whole; gives whether it
    /// did.
    pub(in crate::console) fn keeps(&mut self, attention: &Attention) -> bool {
        let is_loss = matches!(
            attention.kind,
            AttentionKind::HandedBack | AttentionKind::TakenAway
        );
        if is_loss {
            self.held.push(attention.clone());
        }
        is_loss
    }
}
