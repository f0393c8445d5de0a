//! Points in time as people write them: a day, a day with a time, or how long from now.

use jiff::{Span, Timestamp, Zoned, civil};

use crate::domain::moment::Moment;

/// A day (its beginning, where the one who writes is), a day and a time there, or RFC 3339.
pub(super) fn point(text: &str, now: &Zoned) -> Option<Moment> {
    let zone = now.time_zone();
    // The zone of the text, if it has one; a civil time would be read without it.
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(moment(stamp));
    }
    let there: civil::DateTime = text.parse().ok()?;
    let there = there.to_zoned(zone.clone()).ok()?;
    Some(moment(there.timestamp()))
}

/// So long after now: `30m`, `12h`, `7d`, `2w`. A day is a day of the calendar.
pub(super) fn later(text: &str, now: &Zoned) -> Option<Moment> {
    let span = forward(text)?;
    now.checked_add(span)
        .ok()
        .map(|then| moment(then.timestamp()))
}

/// A point, or so long before now.
pub(super) fn point_or_ago(text: &str, now: &Zoned) -> Option<Moment> {
    let ago = || now.checked_sub(forward(text)?).ok();
    point(text, now).or_else(|| ago().map(|then| moment(then.timestamp())))
}

/// The beginning of the day.
pub(super) fn today(now: &Zoned) -> Moment {
    let began = now.start_of_day().unwrap_or_else(|_| now.clone());
    moment(began.timestamp())
}

fn forward(text: &str) -> Option<Span> {
    text.parse::<Span>().ok().filter(|span| span.is_positive())
}

fn moment(stamp: Timestamp) -> Moment {
    Moment(stamp.as_microsecond())
}

#[cfg(test)]
mod tests {
    use jiff::tz::{self, TimeZone};

    use super::*;

    /// 22 November 2026, 15:03 in a zone one hour ahead of UTC.
    fn now() -> Zoned {
        let zone = TimeZone::fixed(tz::offset(1));
        civil::date(2026, 11, 22)
            .at(15, 3, 0, 0)
            .to_zoned(zone)
            .unwrap()
    }

    fn said(found: Option<Moment>) -> Option<String> {
        found.map(|at| Timestamp::from_microsecond(at.0).unwrap().to_string())
    }

    #[test]
    fn a_day_begins_where_the_one_who_writes_is() {
        let point = |text| said(point(text, &now()));
        let day = "2026-11-30T23:00:00Z";
        for text in ["2026-12-01", "2026-12-01T00:00", "2026-11-30T23:00:00Z"] {
            assert_eq!(point(text).as_deref(), Some(day), "{text}");
        }
        for no in ["tomorrow", "01.12.2026", "2026-13-01", "", "7d"] {
            assert_eq!(point(no), None, "{no}");
        }
        assert_eq!(
            said(Some(today(&now()))).as_deref(),
            Some("2026-11-21T23:00:00Z")
        );
    }

    #[test]
    fn how_long_is_counted_from_now_and_never_backwards() {
        let later = |text| said(later(text, &now()));
        assert_eq!(later("7d").as_deref(), Some("2026-11-29T14:03:00Z"));
        assert_eq!(later("2w").as_deref(), Some("2026-12-06T14:03:00Z"));
        assert_eq!(later("90m").as_deref(), Some("2026-11-22T15:33:00Z"));
        for no in ["-7d", "7", "0d", "soon", "9999999999w"] {
            assert_eq!(later(no), None, "{no}");
        }
        let ago = said(point_or_ago("2h", &now()));
        assert_eq!(ago.as_deref(), Some("2026-11-22T12:03:00Z"));
    }
}
