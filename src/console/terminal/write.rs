//! The one thread that writes the terminal: a frame at a time, one `write` each (R13).
//!
//! A terminal that takes nothing blocks this thread and nobody else (R14). The frame's buffer comes back with the
//! answer and is used again, so that a steady state allocates nothing.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use tokio::sync::mpsc;

use super::enter::Modes;
use super::thread::Thread;

/// A frame that has been dealt with.
#[derive(Debug)]
pub(super) struct Written {
    /// Its buffer, empty.
    pub buffer: Vec<u8>,
    /// Whether the terminal is gone.
    pub hung_up: bool,
}

/// The way to the writing thread and back. At most one frame is under way. Dropping it ends the thread, as soon as
/// the terminal lets it.
#[derive(Debug)]
pub(super) struct Writer {
    frames: SyncSender<Vec<u8>>,
    written: mpsc::Receiver<Written>,
    thread: Thread,
}

impl Writer {
    pub(super) fn start(modes: Arc<Modes>) -> io::Result<Self> {
        let (frames, next) = sync_channel::<Vec<u8>>(1);
        let (tell, written) = mpsc::channel(1);
        let thread = Thread::start("tty-write", move || {
            while let Ok(mut buffer) = next.recv() {
                let hung_up = modes.write_frame(&mut buffer).is_err();
                buffer.clear();
                if tell.blocking_send(Written { buffer, hung_up }).is_err() || hung_up {
                    return;
                }
            }
        })?;
        Ok(Self {
            frames,
            written,
            thread,
        })
    }

    /// Hands over one frame. Never waits: the caller has waited for the one before.
    pub(super) fn write(&self, frame: Vec<u8>) {
        // A thread that has ended has said so, or says so to the next who asks.
        let _ = self.frames.try_send(frame);
    }

    /// The frame under way, when it is through; `None` when the thread has ended. Safe to cancel. A panic of the thread
    /// goes on in whoever asks (R11).
    pub(super) async fn written(&mut self) -> Option<Written> {
        let written = self.written.recv().await;
        if written.is_none() {
            self.thread.ended();
        }
        written
    }
}
