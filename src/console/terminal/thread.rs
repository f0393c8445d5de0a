//! The threads of a terminal, and how they end.

use std::{io, panic, thread};

/// Small, as the memory of every console counts on a shared host; far more than either thread ever uses.
const STACK: usize = 128 * 1024;

/// A thread that ends by itself, and says so by closing its channel.
#[derive(Debug)]
pub(super) struct Thread(Option<thread::JoinHandle<()>>);

impl Thread {
    /// Starts it, under this name.
    pub(super) fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let thread = thread::Builder::new().name(name.into()).stack_size(STACK);
        Ok(Self(Some(thread.spawn(work)?)))
    }

    /// Its channel is closed. If that was by a panic, which has been reported, the panic goes on here: a thread that is
    /// gone is no hang-up, and nobody goes on without it (R11).
    pub(super) fn ended(&mut self) {
        if let Some(Err(fault)) = self.0.take().map(thread::JoinHandle::join) {
            panic::resume_unwind(fault);
        }
    }
}
