//! What the system tells the process, as a stream of facts.

use std::io;

use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// One thing the system told us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The line is gone: flush the drafts, touch the terminal no more, exit 129 (R10).
    HangUp,
    /// Asked to end.
    Terminate,
    /// Asked to end. Not Ctrl-C, which is a key: the terminal is raw.
    Interrupt,
    /// Asked to end.
    Quit,
    /// Asked to stop for a while (R12).
    Suspend,
    /// Continued after having been stopped.
    Continue,
    /// The terminal's size may have changed.
    Resize,
}

/// The signals we answer to. Once made, the process no longer dies of them by itself, not even of a hang-up that
/// whoever started us had told it to ignore.
#[derive(Debug)]
pub struct Signals {
    hang_up: Stream,
    terminate: Stream,
    interrupt: Stream,
    quit: Stream,
    suspend: Stream,
    proceed: Stream,
    resize: Stream,
}

impl Signals {
    /// Starts to listen. Must be called within the runtime.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn listen() -> io::Result<Self> {
        // Tokio has no names for these two, and their numbers differ between systems.
        let kind = |known: rustix::process::Signal| SignalKind::from_raw(known.as_raw());
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            suspend: signal(kind(rustix::process::Signal::TSTP))?,
            proceed: signal(kind(rustix::process::Signal::CONT))?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    /// The next signal, the gravest first. Safe to cancel.
    pub async fn next(&mut self) -> Signal {
        // Each stream only ends with the runtime, so that `Some` is the only answer there is.
        tokio::select! {
            biased;
            Some(()) = self.hang_up.recv() => Signal::HangUp,
            Some(()) = self.terminate.recv() => Signal::Terminate,
            Some(()) = self.quit.recv() => Signal::Quit,
            Some(()) = self.interrupt.recv() => Signal::Interrupt,
            Some(()) = self.proceed.recv() => Signal::Continue,
            Some(()) = self.suspend.recv() => Signal::Suspend,
            Some(()) = self.resize.recv() => Signal::Resize,
            else => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r11_every_signal_becomes_a_fact() {
        use rustix::process::{Signal as Sent, getpid, kill_process};

        let mut signals = Signals::listen().unwrap();
        for (sent, heard) in [
            (Sent::HUP, Signal::HangUp),
            (Sent::TERM, Signal::Terminate),
            (Sent::INT, Signal::Interrupt),
            (Sent::QUIT, Signal::Quit),
            (Sent::CONT, Signal::Continue),
            (Sent::TSTP, Signal::Suspend),
            (Sent::WINCH, Signal::Resize),
        ] {
            kill_process(getpid(), sent).unwrap();
            assert_eq!(signals.next().await, heard);
        }
    }
}
