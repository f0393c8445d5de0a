//! What is done to conversations: one at a time, many at once, `undo`.

use std::collections::HashSet;

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
    store::{self, Item, MANY, Many, ManyDeed, Operation, Outcome},
    whereabouts,
    world::World,
};
use crate::{
    domain::{
        action::{Deed, Expectation},
        id::{ConversationId, QueueId, UserId},
    },
    wire::act as wire,
};

/// The id of nobody and nothing: no team file can make it, since an id of its own is shorter.
const NOBODY: &str = "________________________________________________________________";

/// Acts on one conversation: for each, how its body becomes the deed.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident($body:ty) $deed:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) async fn $name(
            State(world): State<World>,
            caller: Caller,
            _: Params,
            key: Key,
            Place(id): Place<ConversationId>,
            body: JsonBody<$body>,
        ) -> Response {
            let operation = key.of(&body.bytes);
            let said = Said {
                expected_assignee: body.value.expected_assignee.clone(),
                expected_version: body.value.expected_version,
                reason: body.value.reason.clone(),
            };
            let deed: fn(&Caller, $body) -> Deed = $deed;
            let deed = deed(&caller, body.value);
            key.answer(act(&world, &caller, id, &deed, said, &operation).await)
        }
    )*};
}

acts! {
    /// Hands a conversation back (U1).
    unassign(wire::Act) |_, _| Deed::Unassign;
    /// Assigns an unassigned one to the caller (A6).
    take(wire::Act) |_, _| Deed::Take;
    /// Assigns it to somebody (A6).
    assign(wire::AssignTo) |caller, body| Deed::Assign(person(caller, &body.user));
    /// Puts it into another queue (Q8).
    move_to(wire::MoveTo) |caller, body| Deed::Move(queue(caller, &body.queue));
    /// Gives it a status, or none (S3).
    status(wire::SetStatus) |_, body| Deed::Status(body.status.filter(|status| !status.is_empty()));
    /// Puts its contact on the blocklist (S5).
    block(wire::Block) |_, body| Deed::Block { until: body.until.map(|until| until.0) };
    /// Takes its contact from the blocklist (S5).
    unblock(wire::Act) |_, _| Deed::Unblock;
    /// Closes it (S1).
    close(wire::Act) |_, _| Deed::Close;
    /// Opens it again (S1).
    reopen(wire::Act) |_, _| Deed::Reopen;
    /// Ends the bot's part (S4).
    intervene(wire::Act) |_, _| Deed::Intervene;
    /// Writes what the customer never sees (N1).
    note(wire::Note) |_, body| Deed::Note(body.body);
}

/// What every act on one conversation may say beside its own.
struct Said {
    expected_assignee: Option<Option<String>>,
    expected_version: Option<u64>,
    reason: Option<String>,
}

async fn act(
    world: &World,
    caller: &Caller,
    id: ConversationId,
    deed: &Deed,
    said: Said,
    operation: &Operation,
) -> Answer<Json<wire::Acted>> {
    let item = Item {
        id,
        expected: expectation(caller, said.expected_assignee, said.expected_version)?,
    };
    let acted = world
        .store
        .act(
            &caller.person,
            deed,
            &item,
            said.reason.as_deref(),
            operation,
        )
        .await?;
    let now = acted
        .conversation
        .map(|c| present::row(&caller.directory, &world.there, &c));
    match acted.outcome {
        outcome @ (Outcome::Done | Outcome::Already) => Ok(Json(wire::Acted {
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

/// The person of an id or username. One the desk does not have is refused like one who may not have it (V8).
pub(crate) fn person(caller: &Caller, named: &str) -> UserId {
    let known = caller.directory.user(named).map(|person| person.id.clone());
    known.unwrap_or_else(|| UserId::parse(NOBODY).unwrap_or_else(|_| caller.person.id.clone()))
}

/// The queue of an id or name, likewise.
pub(crate) fn queue(caller: &Caller, named: &str) -> QueueId {
    let known = caller.directory.queue(named).map(|queue| queue.id.clone());
    known.unwrap_or_else(|| QueueId::parse(NOBODY).unwrap_or_else(|_| unreachable!("an id")))
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

/// Acts on many: for each, how its body becomes the deed.
macro_rules! on_many {
    ($($(#[$doc:meta])* $name:ident($body:ty) $deed:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) async fn $name(
            State(world): State<World>,
            caller: Caller,
            _: Params,
            key: Key,
            body: JsonBody<$body>,
        ) -> Response {
            let operation = key.of(&body.bytes);
            let body = body.value;
            let deed: fn(&Caller, &$body) -> ManyDeed = $deed;
            let deed = deed(&caller, &body);
            let (items, reason, if_quiet) = (body.items, body.reason, body.if_quiet);
            let asked = AskedOfMany { deed, items, reason, if_quiet };
            key.answer(many(&world, &caller, asked, &operation).await)
        }
    )*};
}

on_many! {
    /// Hands many back, each by itself (U7).
    unassign_many(wire::Many) |_, _| ManyDeed::Unassign;
    /// Spreads many over people, in turn (U7).
    assign_many(wire::AssignMany) |caller, body| {
        ManyDeed::Assign(body.to.iter().map(|to| person(caller, to)).collect())
    };
    /// Moves many.
    move_many(wire::MoveMany) |caller, body| ManyDeed::Move(queue(caller, &body.queue));
    /// Gives many a status.
    status_many(wire::StatusMany) |_, body| {
        ManyDeed::Status(body.status.clone().filter(|status| !status.is_empty()))
    };
}

/// What is asked of many.
struct AskedOfMany {
    deed: ManyDeed,
    items: Vec<wire::Item>,
    reason: Option<String>,
    if_quiet: bool,
}

async fn many(
    world: &World,
    caller: &Caller,
    asked: AskedOfMany,
    operation: &Operation,
) -> Answer<Json<wire::Results>> {
    if asked.items.len() > MANY {
        return Err(Failure::malformed(format!(
            "At most {MANY} conversations at once."
        )));
    }
    if asked.deed == ManyDeed::Assign(Vec::new()) {
        return Err(Failure::malformed("`to` names nobody."));
    }
    let mut items = Vec::with_capacity(asked.items.len());
    for item in asked.items {
        items.push(Item {
            id: ConversationId::parse(&item.id)
                .map_err(|_| Failure::malformed("An item's `id` is no conversation id."))?,
            expected: expectation(caller, item.expected_assignee, item.expected_version)?,
        });
    }
    let ids = items.iter().map(|item| &item.id);
    let answered = if asked.if_quiet {
        whereabouts::answered(world, &caller.directory, ids).await?
    } else {
        HashSet::new()
    };
    let many = Many {
        deed: asked.deed,
        items,
        reason: asked.reason,
        if_quiet: asked.if_quiet,
        answered,
    };
    let results = world
        .store
        .act_on_many(&caller.person, &many, operation)
        .await?;
    Ok(Json(shown(world, caller, results)))
}

/// Takes back the caller's last act (U6).
pub(crate) async fn undo(
    State(world): State<World>,
    caller: Caller,
    _: Params,
    key: Key,
    JsonBody { value, bytes }: JsonBody<wire::Undo>,
) -> Response {
    // An act under a key that is no id is known by its hash; its caller may still name the key.
    let undone = Operation::id_of(&value.operation);
    let operation = key.of(&bytes);
    let results = world.store.undo(&caller.person, &undone, &operation).await;
    key.answer(
        results
            .map(|results| Json(shown(&world, &caller, results)).into_response())
            .map_err(Failure::from),
    )
}

fn shown(world: &World, caller: &Caller, results: store::Results) -> wire::Results {
    let one = |acted: store::Acted| wire::ItemResult {
        id: acted.id.as_str().to_owned(),
        outcome: acted.outcome.word().to_owned(),
        reason: match acted.outcome {
            Outcome::Refused(why) => Some(why.word().to_owned()),
            _ => None,
        },
        conversation: acted
            .conversation
            .map(|c| present::row(&caller.directory, &world.there, &c)),
    };
    wire::Results {
        operation: results.operation.as_str().to_owned(),
        results: results.results.into_iter().map(one).collect(),
    }
}
