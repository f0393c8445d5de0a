//! `/v1/outbound`: we write to a customer first.

use axum::{Json, extract::State, http::StatusCode, response::Response};

use super::{
    ask::{JsonBody, Params},
    error::{Answer, Failure},
    inbound::{author, handler, no_such, short},
    operation::Key,
    session::Caller,
    store::{self, Begun},
    world::World,
};
use crate::wire::{inbound::Received, outbound::Outbound};

/// Sends a message nobody asked for; sending it twice does nothing twice.
pub(crate) async fn begin(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    body: JsonBody<Outbound>,
) -> Response {
    key.answer(send(&world, &caller, &key, body).await)
}

async fn send(
    world: &World,
    caller: &Caller,
    key: &Key,
    JsonBody { value, bytes }: JsonBody<Outbound>,
) -> Answer<(StatusCode, Json<Received>)> {
    if !caller.person.permissions.outbound {
        return Err(Failure::not_allowed("outbound"));
    }
    let Some(outbound) = read(caller, value)? else {
        return Err(no_such("queue"));
    };
    let operation = key.of(&bytes);
    let begun = world
        .store
        .outbound(&caller.person, &outbound, &operation)
        .await?;
    let (status, conversation, message) = match begun {
        Begun::New {
            conversation,
            message,
        } => (StatusCode::CREATED, conversation, message),
        Begun::Repeated {
            conversation,
            message,
        } => (StatusCode::OK, conversation, message),
        Begun::Refused(why) => return Err(Failure::refused(why)),
        Begun::NoSuchChannel => return Err(no_such("channel")),
    };
    let received = Received {
        conversation: conversation.as_str().to_owned(),
        message: message.as_str().to_owned(),
    };
    Ok((status, Json(received)))
}

/// What is to be sent; `None` if the desk has no such queue.
fn read(caller: &Caller, outbound: Outbound) -> Answer<Option<store::Outbound>> {
    author(&outbound.contact)?;
    for (name, text) in [
        ("external_id", &outbound.external_id),
        ("template", &outbound.template),
    ] {
        if let Some(text) = text {
            short(name, text)?;
        }
    }
    let handler = handler(outbound.handler.as_deref())?;
    let Some(queue) = caller.directory.queue(&outbound.queue) else {
        return Ok(None);
    };
    Ok(Some(store::Outbound {
        queue: queue.id.clone(),
        channel: outbound.channel,
        address: outbound.contact.address,
        name: outbound.contact.name,
        body: outbound.body,
        external_id: outbound.external_id,
        handler,
        template: outbound.template,
    }))
}
