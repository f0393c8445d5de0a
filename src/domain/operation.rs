//! How long it is known what came of an operation (R20).

use std::time::Duration;

use super::moment::Moment;

/// How long a desk remembers what came of an operation id. Asked later than that, it takes it for a new one.
pub const KEPT: Duration = Duration::from_secs(72 * 3600);

/// What may lie between the clock of who asks and that of the desk, and between asking and being heard.
pub const CLOCKS: Duration = Duration::from_secs(3600);

/// Whether a desk surely still knows what came of what was asked first at that moment. Of one that lies ahead nobody
/// can say how old it is: a clock was set.
#[must_use]
pub fn is_remembered(asked: Moment, now: Moment) -> bool {
    now.since(asked) < KEPT.saturating_sub(CLOCKS) && asked.since(now) < CLOCKS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r20_what_is_too_old_or_of_a_clock_that_was_set_is_not_asked_again() {
        let asked = Moment(1_000_000_000_000_000);
        for (hours, remembered) in [
            (-2, false),
            (0, true),
            (70, true),
            (71, false),
            (720, false),
        ] {
            let now = Moment(asked.0 + hours * 3_600_000_000);
            assert_eq!(is_remembered(asked, now), remembered, "{hours} h");
        }
    }
}
