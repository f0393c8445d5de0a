//! What a person did at the terminal: a key, a paste, the mouse.
//!
//! Pure: the terminal produces these values, the console's update consumes them.

use super::key::Key;

/// One thing a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted. Line ends are `\n`; every other control character but the tab has been removed, and it holds
    /// at most 1 MiB. It never submits anything and belongs into text fields only (R7). Not yet `Safe`.
    Paste(String),
    /// The mouse was used. Only in terminals that report it in an unambiguous form.
    Mouse(Mouse),
}

/// One use of the mouse, on the cell at `column` and `row`, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What was done.
    pub kind: MouseKind,
    /// The column, from 0 at the left.
    pub column: u16,
    /// The row, from 0 at the top.
    pub row: u16,
}

/// What was done with the mouse. Buttons other than the left one, motion and modifiers are not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// The left button went up.
    Release,
    /// The wheel turned away from the person.
    WheelUp,
    /// The wheel turned towards the person.
    WheelDown,
}

/// An input and the way it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// What was done.
    pub input: Input,
    /// It came together with others, faster than a person types: a line that stalled delivers `jjju` at once.
    /// Movement and text typed into a field count, acts are dropped by name (R7).
    pub burst: bool,
}
