//! Days of a search as moments, by somebody's clock.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::domain::{moment::Moment, search::Day};

/// When a day begins there; `None` if the calendar does not go so far.
#[must_use]
pub fn begins(day: Day, now: Moment, zone: &TimeZone) -> Option<Moment> {
    begin(date(day, now, zone)?, zone)
}

/// When a day ends there, which is when the next one begins; `None` if the calendar does not go so far.
#[must_use]
pub fn ends(day: Day, now: Moment, zone: &TimeZone) -> Option<Moment> {
    begin(date(day, now, zone)?.tomorrow().ok()?, zone)
}

fn date(day: Day, now: Moment, zone: &TimeZone) -> Option<Date> {
    match day {
        Day::Date { year, month, day } => Date::new(year, month, day).ok(),
        Day::Ago(days) => {
            let now = Timestamp::from_microsecond(now.0).ok()?;
            let today = zone.to_datetime(now).date();
            today.checked_sub(i32::from(days).days()).ok()
        }
    }
}

fn begin(date: Date, zone: &TimeZone) -> Option<Moment> {
    let midnight = date.to_zoned(zone.clone()).ok()?;
    Some(Moment(midnight.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_long_as_it_is_there() {
        let london = TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap();
        let hour = 3_600_000_000;
        let length = |day| {
            let day = Day::parse(day).unwrap();
            let (from, to) = (
                begins(day, Moment(0), &london),
                ends(day, Moment(0), &london),
            );
            (to.unwrap().0 - from.unwrap().0) / hour
        };
        assert_eq!(
            (
                length("2026-10-24"),
                length("2026-10-25"),
                length("2026-03-29")
            ),
            (24, 25, 23)
        );
    }

    #[test]
    fn days_are_counted_back_from_today_there() {
        let east = TimeZone::fixed(jiff::tz::offset(9));
        let late: Timestamp = "2026-11-25T20:00:00Z".parse().unwrap();
        let now = Moment(late.as_microsecond());
        let the = |day| begins(Day::parse(day).unwrap(), now, &east);
        assert_eq!(the("today"), the("2026-11-26"));
        assert_eq!(the("yesterday"), the("2026-11-25"));
        assert_eq!(the("7d"), the("2026-11-19"));
        assert_eq!(begins(Day::Ago(9_999), Moment(i64::MIN), &east), None);
    }
}
