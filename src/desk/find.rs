//! Looking for conversations, closed ones too: what is looked for, and what was found.

use jiff::tz::TimeZone;

use crate::{
    domain::{
        id::MessageId,
        moment::Moment,
        row::Row,
        search::{Search, Term},
        text::Safe,
    },
    wire::day,
};

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Find {
    /// What, without days.
    pub search: Search,
    /// Only messages not older than this.
    pub since: Option<Moment>,
    /// Only messages older than this.
    pub before: Option<Moment>,
    /// Where another answer said that it goes on.
    pub cursor: Option<String>,
    /// How many at most, 1 to 500.
    pub limit: u16,
}

impl Find {
    /// What somebody looks for whose clock says `now`, and whose days are those of `zone`.
    #[must_use]
    pub fn of(search: Search, now: Moment, zone: &TimeZone, limit: u16) -> Self {
        let mut find = Self {
            limit,
            ..Self::default()
        };
        for term in search.terms {
            match term {
                Term::From(from) => find.since = find.since.max(day::begins(from, now, zone)),
                Term::Until(until) => {
                    let end = day::ends(until, now, zone);
                    find.before = find.before.into_iter().chain(end).min();
                }
                other => find.search.terms.push(other),
            }
        }
        find
    }
}

/// What was found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The conversation heard of last first.
    pub hits: Vec<Hit>,
    /// Where it goes on; `None` if there is nothing more.
    pub next: Option<String>,
    /// The desk took too long to look as far as was asked for.
    pub partial: bool,
    /// The event cursor at which all of this is true.
    pub as_of: u64,
}

/// A conversation that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The conversation.
    pub row: Row,
    /// The newest of its messages that says what was looked for; `None` if the contact alone is it.
    pub message: Option<HitMessage>,
    /// When it was closed, if it is and that is known.
    pub closed_at: Option<Moment>,
}

/// A message in which something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitMessage {
    /// Which.
    pub id: MessageId,
    /// When it was written.
    pub at: Moment,
    /// A part of it on one line, in pieces, and whether each is what was looked for.
    pub excerpt: Vec<(Safe, bool)>,
}
