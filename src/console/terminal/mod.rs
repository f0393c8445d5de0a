//! The terminal: entered, left, read and written. It knows nothing of conversations.
//!
//! What the runtime uses, in the order it needs it:
//!
//! 1. [`Abilities::of_environment`]: what this terminal can do, or why there can be no console here (R16).
//! 2. [`open`]: gives three parts that can be waited for side by side: [`Terminal`] (the modes), [`Keyboard`] (what
//!    the person does) and [`Screen`] (what they see).
//! 3. [`Signals::listen`]: what the system tells the process.
//! 4. In the loop: [`Signals::next`], [`Keyboard::next`] and [`Screen::idle`] in one `select!`, all three safe to
//!    cancel; when something changed and [`Screen::is_idle`], draw into a `Buffer` of [`Terminal::size`] and
//!    [`Screen::paint`] it.
//! 5. On Ctrl-Z or [`Signal::Suspend`]: [`Terminal::suspend`], then [`Screen::redraw`]. On [`Signal::Continue`]:
//!    [`Terminal::resume`]. On [`Signal::Resize`]: just paint at the new size. On Ctrl-L: [`Screen::redraw`].
//! 6. At the end: [`Terminal::leave`]; after a hang-up, however it showed ([`Signal::HangUp`], [`Heard::HangUp`],
//!    [`HangUp`] from the screen): [`Terminal::abandon`], which touches the terminal no more (R10).
//!
//! One thread reads the tty and one writes it; neither wakes up without cause, and a terminal that takes nothing
//! blocks only the writing one (R13, R14). Dropping [`Terminal`] leaves; a panic in any thread leaves first and is
//! then reported on the normal screen (R11).
//!
//! Deliberately not here: any question asked of the terminal (a round trip before the first frame), terminfo, legacy
//! mouse encodings, and anything that would let text reach the terminal other than through a painted buffer or an
//! [`Aside`].

mod abilities;
mod burst;
mod decode;
mod enter;
mod job;
mod paint;
mod read;
mod screen;
mod signals;
mod write;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use ratatui::layout::Size;

pub use abilities::{Abilities, Colours, NoConsole};
pub use paint::Painter;
pub use read::{Heard, Keyboard};
pub use screen::{HangUp, Screen};
pub use signals::{Signal, Signals};

use enter::Modes;

/// The modes of the terminal we are in. Dropping it leaves.
#[derive(Debug)]
pub struct Terminal {
    modes: Arc<Modes>,
    /// We stopped ourselves, so the next [`Signal::Continue`] is already dealt with.
    continued: bool,
}

/// Enters the terminal behind standard input and output: raw, on the alternate screen where there is one, with paste
/// and (if `abilities` say so) mouse reports on. Writes nothing else and asks nothing.
///
/// # Errors
/// When the terminal cannot be set up; it is then left as it was found.
pub fn open(abilities: Abilities) -> io::Result<(Terminal, Keyboard, Screen)> {
    let input = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 0)?;
    let output = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 0)?;
    open_on(input, output, abilities)
}

/// As [`open`], on a tty given by two descriptors of it.
///
/// # Errors
/// As [`open`].
pub fn open_on(
    input: OwnedFd,
    output: OwnedFd,
    abilities: Abilities,
) -> io::Result<(Terminal, Keyboard, Screen)> {
    let (input, output) = (Arc::new(input), Arc::new(output));
    let modes = Modes::enter(Arc::clone(&input), Arc::clone(&output), &abilities)?;
    let terminal = Terminal {
        modes: Arc::clone(&modes),
        continued: false,
    };
    let keyboard = Keyboard::start(input)?;
    let screen = Screen::start(modes, abilities)?;
    Ok((terminal, keyboard, screen))
}

impl Terminal {
    /// The size to draw at. A line that does not know its size (0×0: a serial console) counts as 80×24.
    pub fn size(&self) -> Size {
        match rustix::termios::tcgetwinsize(self.modes.output().as_fd()) {
            Ok(size) if (size.ws_col, size.ws_row) != (0, 0) => Size::new(size.ws_col, size.ws_row),
            _ => Size::new(80, 24),
        }
    }

    /// Leaves the terminal, stops the whole process group until somebody continues it, and enters again (R12).
    /// Afterwards the size may be another and the screen holds nothing of ours: [`Screen::redraw`].
    ///
    /// `notice` is printed on the normal screen in between: how to come back, and that this counts as away.
    ///
    /// # Errors
    /// [`NotSuspended::Orphaned`] where nobody could continue us: nothing has happened then. [`NotSuspended::Lost`]
    /// when the terminal could not be entered again.
    pub fn suspend(&mut self, notice: &str) -> Result<(), NotSuspended> {
        if job::is_orphaned() {
            return Err(NotSuspended::Orphaned);
        }
        self.modes.leave();
        self.modes.say(notice);
        job::stop();
        self.continued = true;
        self.modes.enter_again().map_err(NotSuspended::Lost)
    }

    /// Sets the modes again after somebody else stopped and continued us ([`Signal::Continue`]); says whether it had
    /// to, in which case the screen wants a [`Screen::redraw`].
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resume(&mut self) -> io::Result<bool> {
        if std::mem::take(&mut self.continued) {
            return Ok(false);
        }
        self.modes.enter_again().map(|()| true)
    }

    /// Leaves: every mode undone in reverse, ignoring errors, exactly once (R11). Waits at most a quarter of a
    /// second for a terminal that takes no bytes.
    pub fn leave(self) {
        self.modes.leave();
    }

    /// After a hang-up: forgets the terminal without touching it again (R10).
    pub fn abandon(self) {
        self.modes.abandon();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.modes.leave();
    }
}

/// Why [`Terminal::suspend`] did not suspend, or not come back.
#[derive(Debug, thiserror::Error)]
pub enum NotSuspended {
    /// No shell of this session waits for us; stopping would be for ever.
    #[error("there is no shell to go back to")]
    Orphaned,
    /// We were continued, but the terminal did not take us back.
    #[error("the terminal is gone: {0}")]
    Lost(#[source] io::Error),
}
