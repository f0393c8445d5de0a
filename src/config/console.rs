//! How the console looks and feels.

use serde::Deserialize;

use super::{LockAfter, Noted};

/// How the console looks and feels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsoleSettings {
    /// Which colours.
    pub theme: Theme,
    /// Which signs: ASCII only, or whatever the locale can show.
    pub ascii: Ascii,
    /// Whether the mouse is taken from the terminal.
    pub mouse: bool,
    /// Which key sends a reply.
    pub send: SendKey,
    /// How it is said that somebody began to wait.
    pub alert: Alert,
    /// How times are written.
    pub times: Times,
    /// The zone times are shown in; the account's if it says none.
    pub zone: Option<Noted>,
    /// For a screen reader: one pane, one sentence a row, nothing drawn.
    pub screen_reader: bool,
    /// After how long without a key the screen locks.
    pub lock_after: LockAfter,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            ascii: Ascii::default(),
            mouse: true,
            send: SendKey::default(),
            alert: Alert::default(),
            times: Times::default(),
            zone: None,
            screen_reader: false,
            lock_after: LockAfter::default(),
        }
    }
}

/// Which colours a console uses. `NO_COLOR` in the environment means `plain` whatever this says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// For the paper that the terminal says it has, dark if it says none; as many as it has.
    #[default]
    Auto,
    /// For dark paper.
    Dark,
    /// For light paper.
    Light,
    /// Bright ones on dark paper, nothing dimmed.
    HighContrast,
    /// The sixteen that the terminal itself defines, even where it has more.
    #[serde(rename = "16")]
    Sixteen,
    /// None: bold, dim and reverse only.
    Plain,
}

/// How a console says that a customer began to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alert {
    /// Only on the screen.
    #[default]
    Off,
    /// The terminal's bell.
    Bell,
    /// A notice of the desktop, by OSC 9.
    #[serde(rename = "osc-9")]
    Osc9,
    /// A notice of the desktop, by OSC 777.
    #[serde(rename = "osc-777")]
    Osc777,
}

/// How a console writes times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// How long somebody waits.
    #[default]
    Relative,
    /// Since when.
    Absolute,
}

/// Which signs a console uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ascii {
    /// ASCII where the locale is not UTF-8.
    #[default]
    Auto,
    /// ASCII only.
    Always,
    /// Never mind the locale.
    Never,
}

/// Which key sends a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum SendKey {
    /// Enter sends, Ctrl-J is a new line.
    #[default]
    #[serde(rename = "enter")]
    Enter,
    /// Ctrl-X sends, Enter is a new line.
    #[serde(rename = "ctrl-x")]
    CtrlX,
}
