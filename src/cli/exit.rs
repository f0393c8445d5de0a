//! How handback ends: every exit status there is.

use std::{fmt, process::ExitCode};

use crate::{
    desk::{Answer, No, Trouble},
    domain::text::Safe,
    say,
};

macro_rules! exits {
    ($($(#[$doc:meta])* $variant:ident $code:literal $words:literal)*) => {
        /// The exit statuses, which scripts may rely on. Of many, the highest counts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Exit { $($(#[$doc])* $variant = $code),* }

        impl Exit {
            /// Every status, the lowest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// What the help says about it.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),* }
            }
        }
    };
}

exits! {
    /// As asked, now or already.
    Done 0 "done, or it was so already"
    /// `admin status`: something is not as it should be.
    WantsALook 1 "admin status: something wants a look"
    /// `admin status`: something is wrong now.
    WrongNow 2 "admin status: something is wrong now"
    /// Somebody else has it; nothing changed.
    Taken 3 "a colleague was faster; nothing changed"
    /// Not there or not visible (V8).
    NotFound 4 "not there, or not yours to see"
    /// A rule says no; nothing changed.
    Refused 5 "refused by a rule; nothing changed"
    /// The line broke, and asking again did not help.
    Unknown 6 "unknown: the line broke, it may be done or not"
    /// The command line or the settings cannot be understood.
    Usage 64 "the command line or the settings are wrong"
    /// No desk answers.
    Unreachable 69 "the desk does not answer"
    /// Something is wrong with a secret, a permission or an account.
    Secrets 77 "a secret, a permission or your account is not in order"
    /// A fault of ours; Rust's own status for a panic.
    Panicked 101 "a fault in handback itself"
    /// The terminal is gone (R10).
    HungUp 129 "the terminal is gone"
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a verb did not do what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status to end with.
    pub exit: Exit,
    /// What to say on standard error, after our name.
    pub why: Safe,
}

impl Failure {
    /// A failure with what some error says; may be of several lines.
    pub fn new(exit: Exit, why: impl fmt::Display) -> Self {
        Self {
            exit,
            why: Safe::text(&why.to_string()),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        let exit = match trouble {
            Trouble::Unreachable(_) | Trouble::Busy(_) => Exit::Unreachable,
            Trouble::NotSignedIn(_) => Exit::Secrets,
            Trouble::NotFound => Exit::NotFound,
            Trouble::Refused(_) => Exit::Refused,
        };
        Self {
            exit,
            why: say!("{trouble}"),
        }
    }
}

impl From<&Answer> for Exit {
    fn from(answer: &Answer) -> Self {
        match answer {
            Answer::Done(_) | Answer::Already(_) => Self::Done,
            Answer::Taken(_) => Self::Taken,
            Answer::Unknown(_) => Self::Unknown,
            Answer::Refused(refused) => match refused.kind {
                No::NotFound => Self::NotFound,
                No::Rule => Self::Refused,
                No::Crossed => Self::Taken,
                No::Busy => Self::Unreachable,
                No::NotSignedIn => Self::Secrets,
            },
        }
    }
}

/// The statuses as the help and the manual list them.
#[must_use]
pub(super) fn table() -> String {
    let line = |exit: &Exit| format!("  {:>3}  {}\n", *exit as u8, exit.words());
    let lines: String = Exit::ALL.iter().map(line).collect();
    format!("Exit status (of many ids, the highest):\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Refused;

    #[test]
    fn the_statuses_are_the_ones_scripts_know() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| *exit as u8).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 64, 69, 77, 101, 129]);
        assert_eq!(
            [Exit::Taken, Exit::Done, Exit::NotFound].into_iter().max(),
            Some(Exit::NotFound)
        );
    }

    #[test]
    fn r21_every_answer_has_its_status() {
        let refused = |kind| {
            let why = Safe::literal("no");
            Answer::Refused(Refused { why, kind })
        };
        for (answer, exit) in [
            (Answer::Done(None), Exit::Done),
            (Answer::Already(None), Exit::Done),
            (Answer::Taken(None), Exit::Taken),
            (refused(No::NotFound), Exit::NotFound),
            (refused(No::Rule), Exit::Refused),
            (refused(No::Busy), Exit::Unreachable),
            (refused(No::NotSignedIn), Exit::Secrets),
            (Answer::Unknown(Safe::literal("broken")), Exit::Unknown),
        ] {
            assert_eq!(Exit::from(&answer), exit, "{answer:?}");
        }
    }
}
