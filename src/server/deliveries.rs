//! `/v1/deliveries`: a gateway tells what became of a message of ours (P1).

use axum::{Json, extract::State};

use super::{
    ask::{JsonBody, Params},
    error::{Answer, Failure},
    inbound::no_such,
    session::Caller,
    store,
    world::World,
};
use crate::{
    domain::message::Delivery,
    wire::outbound::{Report, Reported},
};

/// Writes down what became of a message; telling it twice does nothing twice.
pub(crate) async fn report(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    body: JsonBody<Report>,
) -> Answer<Json<Reported>> {
    if !caller.person.permissions.inbound {
        return Err(Failure::not_allowed("inbound"));
    }
    let report = body.value;
    let became = Delivery::try_from(&report).map_err(|_| {
        Failure::malformed(
            "`state` is `delivered`, or `error` with a `reason` of those the contract names.",
        )
    })?;
    let (outcome, conversation) = match world.store.report(&report.message, became).await? {
        store::Reported::Done(conversation) => ("done", conversation),
        store::Reported::Already(conversation) => ("already", conversation),
        store::Reported::NoSuchMessage => return Err(no_such("message")),
    };
    Ok(Json(Reported {
        outcome: outcome.to_owned(),
        conversation: conversation.as_str().to_owned(),
        message: report.message,
    }))
}
