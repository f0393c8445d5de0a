//! `/v1/events`: the stream, as one reader hears it.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    ask::Params,
    error::{Answer, Failure},
    parameter::Parameter,
    session::Caller,
    subscriber::{Begin, Subscriber},
    world::World,
};
use crate::domain::id::is_id;

/// Where a reader who comes back left off, as a browser's own client sends it.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What the stream takes.
pub(crate) const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "console",
        says: "An id of the console that reads: it counts as signed in",
    },
    Parameter {
        name: "after",
        says: "The cursor after which to begin; `Last-Event-ID` is stronger; absent: now",
    },
];

/// Opens a stream.
pub(crate) async fn open(
    State(world): State<World>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> Answer<Response> {
    let after = match last_event_id(&headers)? {
        Some(cursor) => Some(cursor),
        None => params.number("after")?,
    };
    let console = match params.get("console") {
        Some(console) if !is_id(console) => return Err(Failure::malformed("`console` is no id.")),
        console => console,
    };
    let counted = world
        .streams
        .open(&caller.person.id, params.get("console"))?;
    // Before signing in: what a login is given is news to who signs in.
    let head = world.store.head().await?;
    let present = match console {
        None => None,
        Some(console) => {
            let (consoles, store) = (&world.consoles, &world.store);
            Some(
                consoles
                    .arrive(store, &caller.person, console, world.grace)
                    .await?,
            )
        }
    };
    let (begin, position) = match after {
        None => (Begin::Now, head),
        Some(cursor) if cursor <= head => (Begin::Returning, cursor),
        Some(_) => (Begin::Lost, head),
    };
    let reader = Subscriber::new(world, caller, begin, position, (counted, present));
    let kind = HeaderValue::from_static("text/event-stream");
    Ok((
        [(header::CONTENT_TYPE, kind)],
        Body::from_stream(reader.stream()),
    )
        .into_response())
}

fn last_event_id(headers: &HeaderMap) -> Answer<Option<u64>> {
    headers
        .get(LAST_EVENT_ID)
        .map(|value| value.to_str().ok().and_then(|text| text.parse().ok()))
        .map(|cursor| cursor.ok_or_else(|| Failure::malformed("Last-Event-ID is no cursor.")))
        .transpose()
}
