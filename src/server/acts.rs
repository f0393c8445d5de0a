//! What is done to conversations: `unassign`, `take`, many at once, `undo`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};

use super::{
    ask::{JsonBody, Params, Place},
    error::{Answer, Failure},
    operation::Key,
    present,
    session::Caller,
    store::{self, Item, MANY, Operation, Outcome},
    world::World,
};
use crate::{
    domain::{
        action::{Action, Expectation},
        id::{ConversationId, UserId},
    },
    wire::act::{Act, Acted, ItemResult, Many, Results, Undo},
};

/// Hands a conversation back (U1).
pub(crate) async fn unassign(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    place: Place<ConversationId>,
    body: JsonBody<Act>,
) -> Response {
    key.answer(act(&world, &caller, Action::Unassign, &key, place, body).await)
}

/// Assigns an unassigned one to the caller (A6).
pub(crate) async fn take(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    place: Place<ConversationId>,
    body: JsonBody<Act>,
) -> Response {
    key.answer(act(&world, &caller, Action::Take, &key, place, body).await)
}

async fn act(
    world: &World,
    caller: &Caller,
    action: Action,
    key: &Key,
    Place(id): Place<ConversationId>,
    body: JsonBody<Act>,
) -> Answer<Json<Acted>> {
    let operation = key.of(&body.bytes);
    let Act {
        expected_assignee,
        expected_version,
        reason,
    } = body.value;
    let item = Item {
        id,
        expected: expectation(caller, expected_assignee, expected_version)?,
    };
    let acted = world
        .store
        .act(&caller.person, action, &item, reason.as_deref(), &operation)
        .await?;
    let now = acted
        .conversation
        .map(|c| present::row(&caller.directory, &c));
    match acted.outcome {
        outcome @ (Outcome::Done | Outcome::Already) => Ok(Json(Acted {
            outcome: outcome.word().to_owned(),
            operation: operation.id.as_str().to_owned(),
            conversation: now,
        })),
        Outcome::Conflict => Err(Failure::taken(now)),
        Outcome::Crossed => Err(Failure::crossed(now)),
        Outcome::Refused(why) => Err(Failure::refused(why)),
        Outcome::NotFound => Err(Failure::not_found()),
    }
}

/// What a request believes of a conversation; a person may be named by id or username.
pub(crate) fn expectation(
    caller: &Caller,
    assignee: Option<Option<String>>,
    version: Option<u64>,
) -> Answer<Expectation> {
    let named = |text: String| match caller.directory.user(&text) {
        Some(person) => Ok(person.id.clone()),
        None => UserId::parse(&text)
            .map_err(|_| Failure::malformed("`expected_assignee` is no user id or name.")),
    };
    let assignee = assignee.map(|one| one.map(named).transpose()).transpose()?;
    Ok(Expectation { assignee, version })
}

/// Hands many back, each by itself (U7).
pub(crate) async fn unassign_many(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    JsonBody { value, bytes }: JsonBody<Many>,
) -> Response {
    let operation = key.of(&bytes);
    key.answer(many(&world, &caller, value, &operation).await)
}

async fn many(
    world: &World,
    caller: &Caller,
    many: Many,
    operation: &Operation,
) -> Answer<Json<Results>> {
    if many.items.len() > MANY {
        return Err(Failure::malformed(format!(
            "At most {MANY} conversations at once."
        )));
    }
    let mut items = Vec::with_capacity(many.items.len());
    for item in many.items {
        items.push(Item {
            id: ConversationId::parse(&item.id)
                .map_err(|_| Failure::malformed("An item's `id` is no conversation id."))?,
            expected: expectation(caller, item.expected_assignee, item.expected_version)?,
        });
    }
    let results = world
        .store
        .unassign_many(&caller.person, &items, many.reason.as_deref(), operation)
        .await?;
    Ok(Json(shown(caller, results)))
}

/// Takes back the caller's last act (U6).
pub(crate) async fn undo(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    JsonBody { value, bytes }: JsonBody<Undo>,
) -> Response {
    // An act under a key that is no id is known by its hash; its caller may still name the key.
    let undone = Operation::id_of(&value.operation);
    let operation = key.of(&bytes);
    let results = world.store.undo(&caller.person, &undone, &operation).await;
    key.answer(
        results
            .map(|results| Json(shown(&caller, results)).into_response())
            .map_err(Failure::from),
    )
}

fn shown(caller: &Caller, results: store::Results) -> Results {
    let one = |acted: store::Acted| ItemResult {
        id: acted.id.as_str().to_owned(),
        outcome: acted.outcome.word().to_owned(),
        reason: match acted.outcome {
            Outcome::Refused(why) => Some(why.word().to_owned()),
            _ => None,
        },
        conversation: acted
            .conversation
            .map(|c| present::row(&caller.directory, &c)),
    };
    Results {
        operation: results.operation.as_str().to_owned(),
        results: results.results.into_iter().map(one).collect(),
    }
}
