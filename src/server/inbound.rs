//! `/v1/inbound`: what a channel's gateway hands in.

use axum::{Json, extract::State, http::StatusCode};

use super::{
    ask::{JsonBody, Params},
    error::{Answer, Failure},
    session::Caller,
    store,
    world::World,
};
use crate::{
    domain::conversation::Handler,
    wire::inbound::{Author, Inbound, Received},
};

/// How long a name, an address or an id of the gateway may be, in bytes.
const SHORT: usize = 1024;

/// Takes in a customer's message; handing it in twice does nothing twice.
pub(crate) async fn receive(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    body: JsonBody<Inbound>,
) -> Answer<(StatusCode, Json<Received>)> {
    if !caller.person.permissions.inbound {
        return Err(Failure::not_allowed("inbound"));
    }
    let Some(inbound) = read(&caller, body.value)? else {
        return Err(no_such("queue"));
    };
    let (status, conversation, message) = match world.store.inbound(&inbound).await? {
        store::Received::New {
            conversation,
            message,
        } => (StatusCode::CREATED, conversation, message),
        store::Received::Repeated {
            conversation,
            message,
        } => (StatusCode::OK, conversation, message),
        store::Received::NoSuchQueue => return Err(no_such("queue")),
        store::Received::NoSuchChannel => return Err(no_such("channel")),
    };
    let received = Received {
        conversation: conversation.as_str().to_owned(),
        message: message.as_str().to_owned(),
    };
    Ok((status, Json(received)))
}

/// 422: what a gateway names is not there.
pub(super) fn no_such(what: &str) -> Failure {
    Failure::rule(
        &format!("no_such_{what}"),
        format!("The desk has no such {what}. Nothing was done."),
    )
}

/// Refuses a text of a gateway's that is empty or too long.
pub(super) fn short(name: &str, text: &str) -> Answer<()> {
    if text.is_empty() || text.len() > SHORT {
        return Err(Failure::malformed(format!(
            "`{name}` has 1 to {SHORT} bytes."
        )));
    }
    Ok(())
}

/// Refuses a customer whose address or name is of no use.
pub(super) fn author(contact: &Author) -> Answer<()> {
    short("contact.address", &contact.address)?;
    if contact.name.as_ref().is_some_and(|name| name.len() > SHORT) {
        return Err(Failure::malformed(format!(
            "`contact.name` has at most {SHORT} bytes."
        )));
    }
    Ok(())
}

/// Who answers a conversation that a gateway begins.
pub(super) fn handler(word: Option<&str>) -> Answer<Handler> {
    match word {
        None | Some("person") => Ok(Handler::Person),
        Some("bot") => Ok(Handler::Bot),
        Some(_) => Err(Failure::malformed("`handler` is `person` or `bot`.")),
    }
}

/// What is handed in; `None` if the desk has no such queue.
fn read(caller: &Caller, inbound: Inbound) -> Answer<Option<store::Inbound>> {
    short("external_id", &inbound.external_id)?;
    author(&inbound.contact)?;
    let handler = handler(inbound.handler.as_deref())?;
    let Some(queue) = caller.directory.queue(&inbound.queue) else {
        return Ok(None);
    };
    Ok(Some(store::Inbound {
        queue: queue.id.clone(),
        channel: inbound.channel,
        address: inbound.contact.address,
        name: inbound.contact.name,
        body: inbound.body,
        external_id: inbound.external_id,
        at: inbound.at.map(|time| time.0),
        handler,
        attachments: inbound.attachments,
    }))
}
