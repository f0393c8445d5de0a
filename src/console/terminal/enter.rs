//! The terminal's modes: entered, and left exactly once, whoever leaves first (R11).

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, TryLockError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, retry_on_intr};
use rustix::stdio::stderr;
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};

use super::abilities::Abilities;
use crate::console::guard::is_guarded;

/// How long leaving waits for a terminal that takes no bytes before it does without them.
const PATIENCE: Duration = Duration::from_millis(250);

/// The terminal reports presses and the wheel, in a form that has room for wide screens.
pub(super) const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
/// The mouse is the person's again, to select with.
pub(super) const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// The modes that a panic leaves, wherever it happens: those entered last.
static ENTERED: Mutex<Weak<Modes>> = Mutex::new(Weak::new());

/// What we set and what we found. Shared by all who may have to leave, and by the writing thread.
pub(super) struct Modes {
    input: Arc<OwnedFd>,
    output: Arc<OwnedFd>,
    entering: String,
    leaving: String,
    /// The terminal as it was found; taken out by whoever leaves.
    found: Mutex<Option<Termios>>,
    /// Whether frames may still be written. Falls before anything of leaving is done.
    inside: AtomicBool,
    /// Whether the sequences that enter are still to be written: the first frame brings them, so that a terminal that
    /// takes no bytes holds up nobody but the thread that writes (R14).
    due: AtomicBool,
    /// Whether they have been written, so that there is something to undo.
    on_screen: AtomicBool,
    /// Held while a frame is being written, so that leaving does not cut one in two.
    writing: Mutex<()>,
}

impl Modes {
    /// Enters. Whatever fails, the terminal is then as it was found.
    pub(super) fn enter(
        input: Arc<OwnedFd>,
        output: Arc<OwnedFd>,
        abilities: &Abilities,
    ) -> io::Result<Arc<Self>> {
        let (entering, leaving) = sequences(abilities);
        let modes = Arc::new(Self {
            input,
            output,
            entering,
            leaving,
            found: Mutex::new(None),
            inside: AtomicBool::new(false),
            due: AtomicBool::new(false),
            on_screen: AtomicBool::new(false),
            writing: Mutex::new(()),
        });
        leave_on_panic();
        *lock(&ENTERED) = Arc::downgrade(&modes);
        modes.enter_again().inspect_err(|_| modes.leave())?;
        Ok(modes)
    }

    /// Whether we are in: not before we entered, and not since we left.
    pub(super) fn are_in(&self) -> bool {
        self.inside.load(Ordering::SeqCst)
    }

    /// Enters, from wherever: after [`leave`](Self::leave), or when somebody changed the modes behind our back.
    pub(super) fn enter_again(&self) -> io::Result<()> {
        let mut termios = tcgetattr(&*self.input)?;
        lock(&self.found).get_or_insert_with(|| termios.clone());
        termios.make_raw();
        retry_on_intr(|| tcsetattr(&*self.input, OptionalActions::Now, &termios))?;
        self.due.store(true, Ordering::SeqCst);
        self.inside.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Leaves, unless that has been done: undoes every mode in reverse and ignores errors. Unread input is thrown
    /// away, so that the rest of a paste or of a mouse report is not typed into the shell.
    pub(super) fn leave(&self) {
        self.inside.store(false, Ordering::SeqCst);
        let Some(found) = lock(&self.found).take() else {
            return;
        };
        let _whole = self.after_the_frame();
        if self.on_screen.swap(false, Ordering::SeqCst) && self.takes_bytes() {
            let _ = write_all(self.output.as_fd(), self.leaving.as_bytes());
        }
        let _ = tcflush(&*self.input, QueueSelector::IFlush);
        let _ = retry_on_intr(|| tcsetattr(&*self.input, OptionalActions::Now, &found));
    }

    /// Forgets the terminal: nothing is restored and nothing written any more (R10).
    pub(super) fn abandon(&self) {
        self.inside.store(false, Ordering::SeqCst);
        lock(&self.found).take();
    }

    /// Prints one line of our own on the normal screen.
    pub(super) fn say(&self, line: &str) {
        if !self.are_in() && self.takes_bytes() {
            let _ = write_all(self.output.as_fd(), format!("{line}\n").as_bytes());
        }
    }

    /// Writes one frame, or nothing at all if we have left; the first together with what enters. Blocks as long as the
    /// terminal takes nothing.
    pub(super) fn write_frame(&self, frame: &mut Vec<u8>) -> rustix::io::Result<()> {
        let _whole = lock(&self.writing);
        #[cfg(test)]
        crate::console::trip::over("the thread that writes");
        if !self.are_in() {
            return Ok(());
        }
        if self.due.swap(false, Ordering::SeqCst) {
            self.on_screen.store(true, Ordering::SeqCst);
            frame.splice(..0, self.entering.bytes());
        }
        write_all(self.output.as_fd(), frame)
    }

    /// The descriptor that is written to.
    pub(super) fn output(&self) -> &OwnedFd {
        &self.output
    }

    /// Waits for a frame that is just being written, but not for ever: its thread may be blocked, or be the very one
    /// that panicked in the middle of it.
    fn after_the_frame(&self) -> Option<MutexGuard<'_, ()>> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.writing.try_lock() {
                Ok(guard) => return Some(guard),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if Instant::now() >= until => return None,
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn takes_bytes(&self) -> bool {
        takes_bytes(self.output.as_fd())
    }
}

/// Whether something can be written there, soon.
fn takes_bytes(fd: BorrowedFd<'_>) -> bool {
    let patience = Timespec::try_from(PATIENCE).ok();
    let mut fds = [PollFd::new(&fd, PollFlags::OUT)];
    matches!(retry_on_intr(|| poll(&mut fds, patience.as_ref())), Ok(1))
        && fds[0].revents() == PollFlags::OUT
}

impl fmt::Debug for Modes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modes")
            .field("inside", &self.inside)
            .finish_non_exhaustive()
    }
}

/// The bytes that enter and those that leave, in reverse. The line does not wrap by itself, so that a character the
/// terminal takes for wider than we do cannot leave its row (R5).
fn sequences(abilities: &Abilities) -> (String, String) {
    const CLEAR: &str = "\x1b[m\x1b[H\x1b[2J";
    let steps: [(bool, &str, &str); 6] = [
        (abilities.alternate_screen, "\x1b[?1049h", "\x1b[?1049l"),
        (!abilities.alternate_screen, CLEAR, CLEAR),
        (abilities.unwrapped, "\x1b[?7l", "\x1b[?7h"),
        (abilities.cursor_hiding, "\x1b[?25l", "\x1b[?25h"),
        (abilities.bracketed_paste, "\x1b[?2004h", "\x1b[?2004l"),
        (abilities.mouse, MOUSE_ON, MOUSE_OFF),
    ];
    let taken = || steps.iter().filter(|(taken, ..)| *taken);
    // A synchronized update and the scroll region may be open if we leave in the middle of a frame, and a colour in hand.
    let unfinished = match (abilities.synchronized, abilities.scrolling) {
        (true, true) => "\x1b[?2026l\x1b[r\x1b[m",
        (false, true) => "\x1b[r\x1b[m",
        _ => "\x1b[m",
    };
    (
        taken().map(|(_, enter, _)| *enter).collect(),
        std::iter::once(unfinished)
            .chain(taken().rev().map(|(_, _, leave)| *leave))
            .collect(),
    )
}

/// Makes every panic leave first, so that its report is printed on the normal screen by whoever was there before us.
fn leave_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if is_guarded() {
                return; // It is dealt with where it happens, and ends nothing (R9).
            }
            let entered = lock(&ENTERED).upgrade();
            if let Some(modes) = entered {
                modes.leave();
            }
            #[cfg(test)]
            crate::console::trip::dawdle();
            // A terminal that takes nothing would hold up the end for as long.
            if takes_bytes(stderr()) {
                report(info);
            }
        }));
    });
}

/// Writes all of it; waits where the descriptor was made not to block by somebody else.
fn write_all(fd: impl AsFd, mut bytes: &[u8]) -> rustix::io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(&fd, bytes) {
            Ok(0) => return Err(Errno::IO),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut fds = [PollFd::new(&fd, PollFlags::OUT)];
                retry_on_intr(|| poll(&mut fds, None))?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A poisoned lock guards nothing that a panic could have left half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
