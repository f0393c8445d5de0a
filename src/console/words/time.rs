//! How times are written. All relative ones turn together, with the minute, so that an idle screen changes
//! once a minute and not once for each row (R13).

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use crate::{
    console::model::Model,
    domain::{moment::Moment, text::Safe},
    say,
};

const MINUTE: i64 = 60_000_000;

/// The time of the day: `14:03`.
#[must_use]
pub fn clock(at: Moment, zone: &TimeZone) -> Safe {
    written(at, zone, |z| say!("{}", z.strftime("%H:%M")))
}

/// The time of the day in the zone a console shows times in.
#[must_use]
pub fn of_day(model: &Model, at: Moment) -> Safe {
    clock(at, &model.zone)
}

/// As short as tells the day too: `13:40`, `Mon 13:40`, `12 Nov`, `12 Nov 2024`.
#[must_use]
pub fn stamp(at: Moment, now: Moment, zone: &TimeZone) -> Safe {
    let today = zoned(now, zone).map(|z| z.date());
    written(at, zone, |z| {
        let form = match today {
            Some(today) if z.date() == today => "%H:%M",
            Some(today) if is_within_a_week(z.date(), today) => "%a %H:%M",
            Some(today) if z.date().year() == today.year() => "%-d %b",
            _ => "%-d %b %Y",
        };
        say!("{}", z.strftime(form))
    })
}

/// The day by its name: `Today`, `Yesterday`, `Sunday 30 November`.
#[must_use]
pub fn day(at: Moment, now: Moment, zone: &TimeZone) -> Safe {
    let today = zoned(now, zone).map(|z| z.date());
    written(at, zone, |z| match today {
        Some(today) if z.date() == today => Safe::literal("Today"),
        Some(today) if today.yesterday().is_ok_and(|d| d == z.date()) => Safe::literal("Yesterday"),
        Some(today) if z.date().year() == today.year() => say!("{}", z.strftime("%A %-d %B")),
        _ => say!("{}", z.strftime("%A %-d %B %Y")),
    })
}

/// Which day a moment is of, to compare with another; `None` for one beyond the calendar.
#[must_use]
pub fn date(at: Moment, zone: &TimeZone) -> Option<Date> {
    zoned(at, zone).map(|z| z.date())
}

/// How long somebody has been waiting: `now`, `22 min`, `1 h 52 min`, `3 days`.
#[must_use]
pub fn wait(since: Moment, now: Moment) -> Safe {
    match minutes(since, now) {
        0 => Safe::literal("<1 min"),
        m @ 1..60 => say!("{m} min"),
        m @ 60..1440 if m % 60 == 0 => say!("{} h", m / 60),
        m @ 60..1440 => say!("{} h {} min", m / 60, m % 60),
        m @ 1440..2880 => say!("1 day {} h", m % 1440 / 60),
        m => say!("{} days", m / 1440),
    }
}

/// The same in at most four columns: `now`, `22m`, `1h52`, `3d`.
#[must_use]
pub fn wait_short(since: Moment, now: Moment) -> Safe {
    match minutes(since, now) {
        0 => Safe::literal("now"),
        m @ 1..60 => say!("{m}m"),
        m @ 60..600 => say!("{}h{:02}", m / 60, m % 60),
        m @ 600..1440 => say!("{}h", m / 60),
        m => say!("{}d", (m / 1440).min(999)),
    }
}

/// That somebody waits, by how long or by since when, as this advisor has it: `waits 22 min`, `since 13:41`.
#[must_use]
pub fn waits(model: &Model, since: Moment) -> Safe {
    match model.absolute_times {
        true => say!("since {}", stamp(since, model.now, &model.zone)),
        false => say!("waits {}", wait(since, model.now)),
    }
}

/// The same where its column says that it is a wait, in so many columns: `1 h 52 min`, `1h52`, `12:11`.
#[must_use]
pub fn waiting(model: &Model, since: Moment, columns: u16) -> Safe {
    if model.absolute_times {
        return stamp(since, model.now, &model.zone);
    }
    let words = wait(since, model.now);
    match words.width() <= usize::from(columns) {
        true => words,
        false => wait_short(since, model.now),
    }
}

/// Turns of the minute between two moments: all that is told in minutes turns together.
#[must_use]
pub fn minutes(since: Moment, now: Moment) -> i64 {
    (now.0.div_euclid(MINUTE) - since.0.div_euclid(MINUTE)).max(0)
}

fn is_within_a_week(day: Date, today: Date) -> bool {
    let days = today.until(day).map(|span| span.get_days());
    days.is_ok_and(|days| (-6..=6).contains(&days))
}

fn zoned(at: Moment, zone: &TimeZone) -> Option<Zoned> {
    let timestamp = Timestamp::from_microsecond(at.0).ok()?;
    Some(timestamp.to_zoned(zone.clone()))
}

/// A moment in some form; one beyond the calendar, which a foreign desk may send, has none.
fn written(at: Moment, zone: &TimeZone, form: impl Fn(Zoned) -> Safe) -> Safe {
    zoned(at, zone).map_or(Safe::literal("--:--"), form)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn a_stamp_is_as_short_as_tells_the_day() {
        let now = at("2026-12-01T14:03:10Z");
        for (then, words) in [
            ("2026-12-01T13:40:00Z", "13:40"),
            ("2026-11-30T13:40:00Z", "Mon 13:40"),
            ("2026-11-25T00:00:00Z", "Wed 00:00"),
            ("2026-11-24T23:59:00Z", "24 Nov"),
            ("2025-12-02T12:00:00Z", "2 Dec 2025"),
            ("2026-12-02T09:00:00Z", "Wed 09:00"),
            ("2026-12-24T09:00:00Z", "24 Dec"),
        ] {
            assert_eq!(stamp(at(then), now, &TimeZone::UTC), words);
        }
    }

    #[test]
    fn days_have_names() {
        let now = at("2026-12-01T14:03:10Z");
        for (then, words) in [
            ("2026-12-01T00:00:00Z", "Today"),
            ("2026-11-30T23:59:00Z", "Yesterday"),
            ("2026-11-29T12:00:00Z", "Sunday 29 November"),
            ("2024-02-29T12:00:00Z", "Thursday 29 February 2024"),
        ] {
            assert_eq!(day(at(then), now, &TimeZone::UTC), words);
        }
    }

    #[test]
    fn waits_are_told_in_what_one_counts_in() {
        let now = at("2026-12-01T14:03:00Z");
        for (then, long, short) in [
            ("2026-12-01T14:03:00Z", "<1 min", "now"),
            ("2026-12-01T14:09:00Z", "<1 min", "now"),
            ("2026-12-01T13:41:00Z", "22 min", "22m"),
            ("2026-12-01T12:11:00Z", "1 h 52 min", "1h52"),
            ("2026-12-01T12:03:00Z", "2 h", "2h00"),
            ("2026-12-01T02:00:00Z", "12 h 3 min", "12h"),
            ("2026-11-30T12:03:00Z", "1 day 2 h", "1d"),
            ("2026-11-20T12:03:00Z", "11 days", "11d"),
        ] {
            assert_eq!(wait(at(then), now), long);
            assert_eq!(wait_short(at(then), now), short);
        }
    }

    #[test]
    fn r13_all_waits_turn_with_the_minute() {
        let since = at("2026-12-01T13:41:59Z");
        assert_eq!(wait(since, at("2026-12-01T14:02:59Z")), "21 min");
        assert_eq!(wait(since, at("2026-12-01T14:03:00Z")), "22 min");
    }

    proptest! {
        #[test]
        fn no_moment_is_beyond_us(a: i64, b: i64) {
            let (a, b, utc) = (Moment(a), Moment(b), TimeZone::UTC);
            prop_assert!(clock(a, &utc).width() == 5);
            prop_assert!(!day(a, b, &utc).is_empty());
            prop_assert!(stamp(a, b, &utc).width() <= 12);
            prop_assert!(wait_short(a, b).width() <= 4);
        }
    }
}
