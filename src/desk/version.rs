//! Whether a desk is of the version this program is: the one place that compares.

use std::cmp::Ordering;

use semver::Version;

/// The version of this program.
pub const OURS: &str = env!("CARGO_PKG_VERSION");

/// How a desk's version differs from this program's. Either way both work together: each leaves aside, or refuses, what it
/// does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skew {
    /// The desk is newer.
    DeskNewer,
    /// The desk is older.
    DeskOlder,
}

impl Skew {
    /// How what a desk says of itself differs from [`OURS`]; `None` if it does not, but for how it was built, or if it is
    /// no version.
    #[must_use]
    pub fn of(desk: &str) -> Option<Self> {
        Self::between(desk, OURS)
    }

    fn between(desk: &str, ours: &str) -> Option<Self> {
        let read = |text: &str| Version::parse(text).ok();
        match read(desk)?.cmp_precedence(&read(ours)?) {
            Ordering::Greater => Some(Self::DeskNewer),
            Ordering::Less => Some(Self::DeskOlder),
            Ordering::Equal => None,
        }
    }

    /// What to do about it where starting again does not help. Short: it stands at the end of a line of the screen.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::DeskNewer => "ask for a newer console",
            Self::DeskOlder => "ask for a newer desk",
        }
    }

    /// What to reckon with until that is done.
    #[must_use]
    pub fn until_then(self) -> &'static str {
        match self {
            Self::DeskNewer => "this console leaves out what it does not know yet",
            Self::DeskOlder => "the desk refuses what it does not know yet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_that_is_newer_or_older_differs() {
        for (desk, differs) in [
            ("0.5.0", Some(Skew::DeskNewer)),
            ("0.3.3", Some(Skew::DeskNewer)),
            ("0.3.10", Some(Skew::DeskNewer)),
            ("1.0.0", Some(Skew::DeskNewer)),
            ("0.3.1", Some(Skew::DeskOlder)),
            ("0.2.9", Some(Skew::DeskOlder)),
            ("0.3.2-rc.1", Some(Skew::DeskOlder)),
            ("0.3.2", None),
            ("0.3.2+debian1", None),
            ("", None),
            ("1", None),
            ("scripted", None),
            ("0.5.0 \u{1b}[2J", None),
        ] {
            assert_eq!(Skew::between(desk, "0.3.2"), differs, "{desk}");
        }
        assert_eq!(Skew::between("0.3.2+a", "0.3.2+b"), None);
    }

    #[test]
    fn our_own_version_is_one() {
        assert_eq!(Skew::of(OURS), None);
        assert_eq!(Skew::of("9999.0.0"), Some(Skew::DeskNewer));
    }
}
