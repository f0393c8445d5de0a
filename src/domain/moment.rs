//! A point in time, without a clock to read it from.

use std::time::Duration;

/// Microseconds since 1970-01-01T00:00:00Z. The floor that has a clock makes these; the domain
/// only compares and subtracts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    /// How long after `earlier` this is; zero if it is before it (clocks of two hosts differ).
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0).max(0).unsigned_abs())
    }

    /// This moment, `later` later; saturates.
    #[must_use]
    pub fn after(self, later: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(later.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// This moment, `earlier` earlier; saturates.
    #[must_use]
    pub fn before(self, earlier: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(earlier.as_micros()).unwrap_or(i64::MAX)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_clock_elsewhere_gives_zero_not_a_panic() {
        assert_eq!(Moment(1).since(Moment(5)), Duration::ZERO);
        assert_eq!(Moment(i64::MIN).since(Moment(i64::MAX)), Duration::ZERO);
        assert_eq!(
            Moment(1_500_000).since(Moment(500_000)),
            Duration::from_secs(1)
        );
    }
}
