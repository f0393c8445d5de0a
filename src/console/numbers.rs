//! Operation ids and tickets: what tells one wish from another.

use crate::domain::id::OperationId;

/// Tells the answer to the newest load from those to older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Makes operation ids and tickets without drawing random numbers: the runtime draws one at the start.
#[derive(Debug)]
pub struct Numbers {
    seed: String,
    next: u64,
}

impl Numbers {
    /// Numbers of one run of the program; `seed` differs between any two runs.
    #[must_use]
    pub fn new(seed: String) -> Self {
        Self { seed, next: 0 }
    }

    /// An operation id no other act has.
    pub fn operation(&mut self) -> OperationId {
        let Ticket(number) = self.ticket();
        OperationId::parse(&format!("{}-{number}", self.seed))
            .unwrap_or_else(|_| unreachable!("a seed is a short id"))
    }

    /// A ticket newer than all before.
    pub fn ticket(&mut self) -> Ticket {
        self.next += 1;
        Ticket(self.next)
    }
}
