//! `handback block` (S5).

use jiff::{Timestamp, Zoned};

use super::{
    Exit, Failure, Global, Outcome,
    acting::{self, Ids, IfMine, Manner},
    connect::connect,
    when, zone,
};
use crate::domain::{action::Deed, moment::Moment};

#[derive(Debug, clap::Args)]
pub(super) struct Block {
    #[command(flatten)]
    which: Ids,
    /// Until then, else for good: 2026-12-01 (when that day begins), 2026-12-01T14:00, or RFC 3339
    #[arg(long, value_name = "WHEN", conflicts_with = "lasting")]
    until: Option<String>,
    /// For so long, else for good: 30m, 12h, 7d, 2w
    #[arg(long = "for", value_name = "HOW LONG")]
    lasting: Option<String>,
    #[command(flatten)]
    manner: Manner,
}

pub(super) async fn run(global: &Global, verb: &Block) -> Outcome {
    let until = verb.end(&Timestamp::now().to_zoned(zone::zone()))?;
    let desk = connect(global, None).await?.desk;
    let (ids, whoever_has_it) = (&verb.which.ids, IfMine::default());
    acting::each(
        &desk,
        &Deed::Block { until },
        ids,
        &verb.manner,
        &whoever_has_it,
    )
    .await
}

impl Block {
    /// Until when; `None`: for good.
    fn end(&self, now: &Zoned) -> Result<Option<Moment>, Failure> {
        let wrong = |why| Err(Failure::new(Exit::Usage, why));
        let end = match (&self.until, &self.lasting) {
            (None, None) => return Ok(None),
            (Some(text), _) => match when::point(text, now) {
                Some(end) => end,
                None => {
                    return wrong(format!(
                        "--until {text:?} is no time; it looks like 2026-12-01"
                    ));
                }
            },
            (_, Some(text)) => match when::later(text, now) {
                Some(end) => end,
                None => return wrong(format!("--for {text:?} is no time; it looks like 7d")),
            },
        };
        if end.0 <= now.timestamp().as_microsecond() {
            return wrong("that time is over already; nobody would be blocked".to_owned());
        }
        Ok(Some(end))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn s5_a_block_ends_in_the_future_or_never() {
        let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let end = |until: Option<&str>, lasting: Option<&str>| {
            let verb = Block {
                which: Ids { ids: Vec::new() },
                until: until.map(str::to_owned),
                lasting: lasting.map(str::to_owned),
                manner: Manner::default(),
            };
            let end = verb.end(&now);
            end.map(|end| end.map(|end| end.0 / 1_000_000))
                .map_err(|failure| failure.exit)
        };
        let day = 24 * 3600;
        assert_eq!(end(None, None), Ok(None));
        assert_eq!(end(Some("1970-01-03"), None), Ok(Some(2 * day)));
        assert_eq!(end(None, Some("7d")), Ok(Some(7 * day)));
        for past in ["1970-01-01", "1969-12-31T23:59:59Z", "soon"] {
            assert_eq!(end(Some(past), None), Err(Exit::Usage), "{past}");
        }
        assert_eq!(end(None, Some("0d")), Err(Exit::Usage));
    }
}
