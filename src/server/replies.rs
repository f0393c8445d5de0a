//! `POST …/messages`: a reply to the customer (A1, A5).

use axum::{Json, extract::State, http::StatusCode, response::Response};

use super::{
    acts::expectation,
    ask::{JsonBody, Params, Place},
    error::{Answer, Failure},
    operation::Key,
    present,
    session::Caller,
    store::{self, Outcome},
    whereabouts,
    world::World,
};
use crate::{
    domain::id::{ConversationId, MessageId},
    wire::message::{Reply, Sent},
};

/// Sends a reply, and owns the conversation if nobody had it.
pub(crate) async fn send(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    Place(id): Place<ConversationId>,
    body: JsonBody<Reply>,
) -> Response {
    key.answer(reply(&world, &caller, &key, id, body).await)
}

async fn reply(
    world: &World,
    caller: &Caller,
    key: &Key,
    conversation: ConversationId,
    JsonBody { value, bytes }: JsonBody<Reply>,
) -> Answer<(StatusCode, Json<Sent>)> {
    let operation = key.of(&bytes);
    let seen = value.seen.map(|id| MessageId::parse(&id)).transpose();
    let reply = store::Reply {
        conversation: conversation.clone(),
        body: value.body,
        expected: expectation(caller, value.expected_assignee, None)?,
        seen: seen.map_err(|_| Failure::malformed("`seen` is no message id."))?,
    };
    let sent = world
        .store
        .reply(&caller.person, &reply, &operation)
        .await?;
    if sent.outcome == Outcome::Done {
        whereabouts::sent(world, &caller.person.id, &conversation).await;
    }
    let now = sent
        .conversation
        .map(|c| present::row(&caller.directory, &world.there, &c));
    match (sent.outcome, sent.message) {
        (Outcome::Done | Outcome::Already, Some(message)) => {
            let sent = Sent {
                operation: operation.id.as_str().to_owned(),
                message: present::message(&caller.directory, &message, present::BODY_SHOWN),
                conversation: now,
            };
            Ok((StatusCode::CREATED, Json(sent)))
        }
        (Outcome::Conflict, _) => Err(Failure::taken(now)),
        (Outcome::Crossed, _) => Err(Failure::crossed(now)),
        (Outcome::Refused(why), _) => Err(Failure::refused(why)),
        (Outcome::NotFound, _) => Err(Failure::not_found()),
        (Outcome::Done | Outcome::Already, None) => Err(Failure::bug()),
    }
}
