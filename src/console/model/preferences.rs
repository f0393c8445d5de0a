//! How an advisor wants the console to be.

use std::time::Duration;

use crate::{console::keymap::Keymap, domain::text::Safe};

/// How an advisor wants the console to be, as far as it is more than looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The keys there are.
    pub keymap: Keymap,
    /// How it is said that somebody began to wait.
    pub alert: Alert,
    /// Waits are told by since when and not by how long.
    pub absolute_times: bool,
    /// For a screen reader: one pane, a sentence a row, nothing drawn.
    pub spoken: bool,
    /// It is the first time of this account: say where to begin.
    pub first_time: bool,
    /// How long a reply waits before it goes out, so that it can be taken back; nothing: not at all.
    pub send_delay: Duration,
    /// After how long without a key the screen locks; `None`: never.
    pub lock_after: Option<Duration>,
    /// The desk, not this host, says who sits here: it is asked before a locked screen opens.
    pub known_by_token: bool,
    /// What is to be said first: that a token stood where every program could have had it, say (R40).
    pub warning: Option<Safe>,
    /// The folder transcripts are offered to be written into.
    pub exports: String,
}

/// How it is said that somebody began to wait, beside the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alert {
    /// Not at all.
    #[default]
    Off,
    /// The terminal rings.
    Bell,
    /// The desktop shows a notice, by OSC 9.
    Notice,
    /// The same, by OSC 777.
    NoticeByName,
}
