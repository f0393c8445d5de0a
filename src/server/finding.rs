//! `GET /v1/find`: conversations by who wrote and what was written, closed ones too (F1, V7).

use axum::{Json, extract::State};

use super::{
    ask::Params,
    error::{Answer, Failure},
    parameter::Parameter,
    present,
    session::Caller,
    store::{self, FIND_WITHIN, FindQuery},
    world::World,
};
use crate::{
    domain::{
        moment::Moment,
        search::{Search, Term},
    },
    wire::{
        Time, day,
        find::{Found, Hit, HitMessage, Piece},
    },
};

/// How many a page has if nobody says.
const ROWS: u16 = 50;

/// What the call takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "q",
        says: "What is looked for: words of the contact or of a message, the last one as far as it is typed; \
               \"exact words\" of a message; contact:, text:, queue:, channel:, status:, by: (who has it; me, nobody), \
               is: (open, closed, answered, unanswered, unassigned, mine), from: and until: (a day in UTC, today, yesterday \
               or 7d). A value in quotes is the whole name, else its beginning. Needed, unless a time is given",
    },
    Parameter {
        name: "since",
        says: "Only messages not older than this time",
    },
    Parameter {
        name: "before",
        says: "Only messages older than this time",
    },
    Parameter {
        name: "cursor",
        says: "The `next` of another answer to the same search",
    },
    Parameter {
        name: "limit",
        says: "How many at most, 1 to 500; 50 if absent",
    },
];

/// What the caller finds.
pub(crate) async fn find(
    State(world): State<World>,
    caller: Caller,
    params: Params,
) -> Answer<Json<Found>> {
    let query = query(&world, &params)?;
    let found = world.store.find(&caller.person, &query).await?;
    Ok(Json(Found {
        items: found
            .hits
            .into_iter()
            .map(|hit| Hit {
                conversation: present::row(&caller.directory, &world.there, &hit.conversation),
                message: hit.message.map(message),
                closed_at: hit.closed_at.map(Time),
            })
            .collect(),
        next: found.next,
        partial: found.partial,
        as_of: found.as_of,
    }))
}

fn message(message: store::HitMessage) -> HitMessage {
    let piece = |(text, found)| Piece { text, found };
    HitMessage {
        id: message.id.to_string(),
        at: Time(message.at),
        excerpt: message.excerpt.into_iter().map(piece).collect(),
    }
}

fn query(world: &World, params: &Params) -> Answer<FindQuery> {
    let search = Search::parse(params.get("q").unwrap_or_default())
        .map_err(|misread| Failure::malformed(format!("In `q`, {misread}.")))?;
    let (mut since, mut before) = (moment(params, "since")?, moment(params, "before")?);
    if search.is_empty() && since.is_none() && before.is_none() {
        return Err(Failure::malformed("`q` says what to look for: name it."));
    }
    let now = world.store.now();
    for term in &search.terms {
        let utc = jiff::tz::TimeZone::UTC;
        match term {
            Term::From(of) => since = since.max(day::begins(*of, now, &utc)),
            Term::Until(of) => before = earlier(before, day::ends(*of, now, &utc)),
            _ => {}
        }
    }
    Ok(FindQuery {
        search,
        since,
        before,
        cursor: params.get("cursor").map(str::to_owned),
        limit: params.limit(ROWS)?,
        within: FIND_WITHIN,
    })
}

fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn moment(params: &Params, name: &str) -> Answer<Option<Moment>> {
    let read = |text: &str| {
        let time = serde_json::from_value::<Time>(text.into());
        time.map(|time| time.0)
            .map_err(|_| Failure::malformed(format!("`{name}` is no RFC 3339 time.")))
    };
    params.get(name).map(read).transpose()
}
