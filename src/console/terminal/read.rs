//! The one thread that reads the terminal, and the end of it that is waited for.
//!
//! Blocked in `poll` without a time limit as long as nothing is half received: no wake-ups when idle (R13). When the
//! terminal is gone it says so once and ends, it never spins (R10).

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, retry_on_intr};
use rustix::pipe::{PipeFlags, pipe_with};
use tokio::sync::mpsc;

use super::burst::Tempo;
use super::decode::Decoder;
use super::enter::Modes;
use super::thread::Thread;
use crate::console::input::Arrived;

/// Reads that may wait to be handled. A person fills none; a paste of a file fills it, and then waits in the kernel.
const WAITING: usize = 64;

/// More than a person or a burst makes; a paste takes several.
const AT_ONCE: usize = 4096;

/// How long it is waited after a read that brought nothing, so that many of them cost nothing.
const A_MOMENT: Duration = Duration::from_millis(1);

/// What came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// What one read brought, in order; at least one.
    Inputs(Vec<Arrived>),
    /// The terminal is gone. Heard once, and the last that is heard.
    HangUp,
}

/// What the person does. Dropping it ends the reading thread.
#[derive(Debug)]
pub struct Keyboard {
    heard: mpsc::Receiver<Heard>,
    thread: Thread,
    /// Closing it wakes the thread, and tells it to end.
    _until_dropped: OwnedFd,
}

impl Keyboard {
    pub(super) fn start(tty: Arc<OwnedFd>, modes: Arc<Modes>) -> io::Result<Self> {
        let (end, until_dropped) = pipe_with(PipeFlags::CLOEXEC)?;
        let (tell, heard) = mpsc::channel(WAITING);
        let thread = Thread::start("tty-read", move || {
            if listen(&tty, &modes, &end, &tell) == Ended::HangUp {
                let _ = tell.blocking_send(Heard::HangUp);
            }
        })?;
        Ok(Self {
            heard,
            thread,
            _until_dropped: until_dropped,
        })
    }

    /// The next thing heard. After a hang-up there is only the hang-up. Safe to cancel. A panic of the thread goes on in
    /// whoever asks (R11).
    pub async fn next(&mut self) -> Heard {
        let heard = self.heard.recv().await;
        heard.unwrap_or_else(|| {
            self.thread.ended();
            Heard::HangUp
        })
    }
}

#[derive(PartialEq, Eq)]
enum Ended {
    HangUp,
    NobodyListens,
}

fn listen(tty: &OwnedFd, modes: &Modes, end: &OwnedFd, tell: &mpsc::Sender<Heard>) -> Ended {
    let mut decoder = Decoder::default();
    let mut tempo = Tempo::default();
    let mut inputs = Vec::new();
    let mut bytes = vec![0; AT_ONCE];
    // When the last bytes came: a lone ESC was pressed then, not when its silence was over.
    let mut came = Instant::now();
    loop {
        #[cfg(test)]
        crate::console::trip::over("the thread that reads");
        match wait(tty, end, decoder.patience()) {
            Waited::Bytes => match read(tty, &mut *bytes) {
                Ok(0) if modes.are_in() || is_hung_up(tty) => return Ended::HangUp,
                // Left to the shell, or for the report of a panic, the terminal reads lines: that was the end of one.
                Ok(0) => thread::sleep(A_MOMENT),
                Ok(count) => {
                    came = Instant::now();
                    decoder.feed(&bytes[..count], &mut inputs);
                }
                Err(Errno::INTR | Errno::AGAIN) => continue,
                Err(_) => return Ended::HangUp,
            },
            Waited::Silence => decoder.silence(&mut inputs),
            Waited::HangUp => return Ended::HangUp,
            Waited::End => return Ended::NobodyListens,
        }
        if inputs.is_empty() {
            continue;
        }
        let arrived = tempo.arrived(came, inputs.drain(..));
        if tell.blocking_send(Heard::Inputs(arrived)).is_err() {
            return Ended::NobodyListens;
        }
    }
}

/// Whether there is nobody at the other end.
fn is_hung_up(tty: &OwnedFd) -> bool {
    let mut fds = [PollFd::new(tty, PollFlags::empty())];
    let now = Timespec::default();
    !matches!(retry_on_intr(|| poll(&mut fds, Some(&now))), Ok(0))
}

enum Waited {
    Bytes,
    Silence,
    HangUp,
    End,
}

fn wait(tty: &OwnedFd, end: &OwnedFd, patience: Option<Duration>) -> Waited {
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    let mut fds = [
        PollFd::new(tty, PollFlags::IN),
        PollFd::new(end, PollFlags::IN),
    ];
    loop {
        match poll(&mut fds, patience.as_ref()) {
            Ok(0) => return Waited::Silence,
            Ok(_) => break,
            Err(Errno::INTR) => {}
            Err(_) => return Waited::HangUp,
        }
    }
    if !fds[1].revents().is_empty() {
        return Waited::End;
    }
    // What was typed before the line broke is still read first.
    if fds[0].revents().contains(PollFlags::IN) {
        Waited::Bytes
    } else {
        Waited::HangUp
    }
}
