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
//! 5. On Ctrl-Z or [`Signal::Suspend`]: [`Terminal::suspend`]. On [`Signal::Continue`]: [`Terminal::resume`] and
//!    [`Screen::redraw`]. On [`Signal::Resize`] and Ctrl-L: [`Screen::redraw`]. Each time, paint.
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
mod aside;
mod burst;
mod decode;
mod enter;
mod job;
mod paint;
mod read;
mod screen;
mod signals;
mod thread;
mod write;

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use ratatui::layout::Size;

use crate::domain::text::Safe;

pub use abilities::{Abilities, Colours, NoConsole};
pub use aside::{Aside, NotSaid};
pub use decode::Decoder;
pub use paint::Painter;
pub use read::{Heard, Keyboard};
pub use screen::{HangUp, Screen};
pub use signals::{Signal, Signals};

use enter::Modes;

/// The modes of the terminal we are in. Dropping it leaves.
#[derive(Debug)]
pub struct Terminal {
    modes: Arc<Modes>,
}

/// Enters the terminal behind standard input and output. It is raw at once (Ctrl-C and Ctrl-Z are keys); the alternate
/// screen, paste marks and (if `abilities` say so) mouse reports come with the first frame. Asks nothing.
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
    };
    let keyboard = Keyboard::start(input, Arc::clone(&modes))?;
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

    /// Leaves the terminal and stops the whole process group (R12). The stop may take effect only after this has
    /// returned: do nothing more until [`Signal::Continue`], and then [`resume`](Self::resume).
    ///
    /// `notice`, one line, is printed on the normal screen: how to come back, and that this counts as away.
    ///
    /// # Errors
    /// Where nobody could continue us. Nothing has happened then.
    pub fn suspend(&self, notice: &Safe) -> Result<(), Orphaned> {
        if job::is_orphaned() {
            return Err(Orphaned);
        }
        self.modes.leave();
        self.modes.say(notice.as_str());
        job::stop();
        Ok(())
    }

    /// Enters again after the process has been continued, whoever stopped it. The size may now be another, and what
    /// the screen shows is not known any more: [`Screen::redraw`]. Continued in the background, the system stops us
    /// here until we are in the foreground.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resume(&self) -> io::Result<()> {
        self.modes.enter_again()
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

/// No shell of this session waits for us: stopped, we would be so for ever (R12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no shell to go back to")]
pub struct Orphaned;

#[cfg(test)]
mod tests;
