//! Every call the desk answers, in one table: its address, what it takes, what it answers, who does it.
//!
//! The router, the check for unknown parameters and the contract in `assets/openapi.json` are all made
//! from these rows.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, Uri, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};

use super::{
    acts, blocklist,
    call::{Call, get, post},
    contact, conversations, deliveries,
    doors::Visit,
    error::Failure,
    events, fates, finding, health, history, inbound, me, messages, metrics, openapi, outbound,
    phrases, queues, replies,
    session::Caller,
    some, statuses, transcript, users, whereabouts,
    world::World,
};
use crate::wire::{
    act, contact as customer, conversation, fate, find as found, inbound as gateway, message,
    outbound as sending, people, presence, some as some_of, transcript as written_out,
};

/// Every call, in the order the contract lists them.
pub(crate) fn table() -> Vec<Call> {
    vec![
        get("/v1/me", me::show)
            .says("Who asks, and what this desk can do")
            .answers::<people::Me>(200),
        get("/v1/conversations", conversations::list)
            .says("A page of the list, with counts, all of one moment")
            .takes(conversations::PARAMETERS)
            .answers::<conversation::Page>(200),
        get("/v1/find", finding::find)
            .says("What a search finds among all the caller may see, closed conversations and deleted queues included, newest first")
            .takes(finding::PARAMETERS)
            .answers::<found::Found>(200),
        get("/v1/conversations/{id}", conversations::show)
            .says("One conversation, and what the caller may do to it or why not")
            .answers::<conversation::Detail>(200),
        get("/v1/conversations/{id}/messages", messages::list)
            .says("Messages, newest first, long ones cut")
            .takes(messages::PARAMETERS)
            .answers::<message::Messages>(200),
        post("/v1/conversations/{id}/messages", replies::send)
            .says("Sends a reply; replying to an unassigned conversation makes one its owner")
            .body::<message::Reply>()
            .answers::<message::Sent>(201),
        get("/v1/conversations/{id}/messages/{mid}", messages::show)
            .says("One message, whole")
            .answers::<message::Message>(200),
        get("/v1/conversations/{id}/history", history::list)
            .says("What the team did, newest first")
            .takes(history::PARAMETERS)
            .answers::<message::History>(200),
        get("/v1/conversations/{id}/contact", contact::show)
            .says("What is known of a conversation's contact, and the other conversations of it that the caller sees")
            .answers::<customer::Known>(200),
        get("/v1/conversations/{id}/transcript", transcript::write)
            .says("One conversation from its beginning, as its customer saw it; in text and Markdown nothing of it can do anything to a terminal")
            .takes(transcript::PARAMETERS)
            .answers::<written_out::Transcript>(200)
            .answers_text("text/markdown")
            .answers_text("text/plain"),
        post("/v1/conversations/{id}/unassign", acts::unassign)
            .says("Hands a conversation back")
            .body::<act::Act>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/take", acts::take)
            .says("Assigns an unassigned conversation to the caller")
            .body::<act::Act>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/assign", acts::assign)
            .says("Assigns a conversation to somebody")
            .body::<act::AssignTo>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/move", acts::move_to)
            .says("Puts a conversation into another queue, whose rule it then follows")
            .body::<act::MoveTo>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/status", acts::status)
            .says("Gives a conversation a status, or none")
            .body::<act::SetStatus>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/block", acts::block)
            .says("Puts a conversation's contact on the blocklist")
            .body::<act::Block>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/unblock", acts::unblock)
            .says("Takes a conversation's contact from the blocklist")
            .body::<act::Act>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/close", acts::close)
            .says("Closes a conversation: off the list, and nobody's")
            .body::<act::Act>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/reopen", acts::reopen)
            .says("Opens a closed conversation again, in its queue and by its queue's rule")
            .body::<act::Act>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/intervene", acts::intervene)
            .says("Ends a bot's part, for good; assigns nothing")
            .body::<act::Act>()
            .answers::<act::Acted>(200),
        post("/v1/conversations/{id}/note", acts::note)
            .says("Writes what only colleagues see")
            .body::<act::Note>()
            .answers::<act::Acted>(200),
        post("/v1/unassign", acts::unassign_many)
            .says("Hands many back, at most 1,000, each by itself, in one transaction")
            .body::<act::Many>()
            .answers::<act::Results>(200),
        post("/v1/unassign/preview", some::preview)
            .says("What would move if some of somebody's were handed back, what would stay and why; moves nothing")
            .body::<some_of::SomeOf>()
            .answers::<some_of::Preview>(200),
        post("/v1/assign", acts::assign_many)
            .says("Spreads many over people in turn, at most 1,000, each by itself, in one transaction")
            .body::<act::AssignMany>()
            .answers::<act::Results>(200),
        post("/v1/move", acts::move_many)
            .says("Moves many, likewise")
            .body::<act::MoveMany>()
            .answers::<act::Results>(200),
        post("/v1/status", acts::status_many)
            .says("Gives many a status, likewise")
            .body::<act::StatusMany>()
            .answers::<act::Results>(200),
        post("/v1/undo", acts::undo)
            .says("Takes back the caller's last act")
            .body::<act::Undo>()
            .answers::<act::Results>(200),
        get("/v1/acts", fates::list)
            .says("What was done, newest first, and where its conversations are now")
            .takes(fates::PARAMETERS)
            .answers::<fate::Acts>(200),
        post("/v1/presence", whereabouts::say)
            .says("Where the caller is, for those who see that conversation; forgotten after 30 seconds unless said again")
            .body::<presence::Presence>()
            .answers_nothing(),
        post("/v1/sign-out", whereabouts::sign_out)
            .says("One console of the caller's is left for good, or all of them; with the last one they are signed out at once")
            .body::<presence::SignOut>()
            .answers_nothing(),
        get("/v1/queues", queues::list)
            .says("The queues the caller has access to, by name")
            .answers::<people::Queues>(200),
        get("/v1/users", users::list)
            .says("The people the caller may know of, by name, with their load")
            .takes(users::PARAMETERS)
            .answers::<people::Users>(200),
        get("/v1/statuses", statuses::list)
            .says("The statuses of the caller's organisation and of those above it, by name")
            .answers::<people::Statuses>(200),
        get("/v1/phrases", phrases::list)
            .says("The smart phrases of the caller's organisation and of those above it, the nearest first")
            .answers::<people::Phrases>(200),
        get("/v1/blocklist", blocklist::list)
            .says("The contacts nothing is sent to, of the organisations whose queues the caller works in")
            .answers::<people::Blocklist>(200),
        get("/v1/events", events::open)
            .says("Server-sent events after `after` or `Last-Event-ID`, as they happen")
            .takes(events::PARAMETERS)
            .streams(),
        post("/v1/inbound", inbound::receive)
            .says("A customer's message, from a channel's gateway")
            .body::<gateway::Inbound>()
            .answers::<gateway::Received>(201)
            .answers::<gateway::Received>(200),
        post("/v1/outbound", outbound::begin)
            .says("We write to a customer first: in their open conversation, or one that this begins")
            .body::<sending::Outbound>()
            .answers::<gateway::Received>(201)
            .answers::<gateway::Received>(200),
        post("/v1/deliveries", deliveries::report)
            .says("What became of a message of ours, from a channel's gateway")
            .body::<sending::Report>()
            .answers::<sending::Reported>(200),
        get("/metrics", metrics::show)
            .says("How the desk is doing, as Prometheus reads it, for whoever has the permission `metrics`")
            .answers_only("text/plain"),
        get("/healthz", health::alive)
            .says("The desk runs")
            .answers_nothing()
            .for_anybody(),
        get("/readyz", health::ready)
            .says("The desk answers: not while it is closing or without its database")
            .answers_nothing()
            .for_anybody(),
        get("/openapi.json", contract)
            .says("This contract")
            .answers_only(openapi::MEDIA_TYPE)
            .for_anybody(),
    ]
}

/// The contract, as `assets/openapi.json` holds it.
pub(super) static CONTRACT: LazyLock<String> = LazyLock::new(|| openapi::written_of(table()));

/// `GET /openapi.json`.
async fn contract() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, openapi::MEDIA_TYPE)];
    (kind, CONTRACT.as_str())
}

/// The router of the whole desk.
pub(crate) fn router(world: World) -> Router {
    let mut router = Router::new();
    for call in table() {
        let names = call.parameters.iter().map(|p| p.name).collect();
        let entry = Entry {
            world: world.clone(),
            parameters: names,
            for_anybody: call.for_anybody,
        };
        router = router.route(
            call.path,
            call.handler.layer(from_fn_with_state(entry, enter)),
        );
    }
    router
        .fallback(async || Failure::not_found())
        .method_not_allowed_fallback(wrong_method)
        .with_state(world)
}

/// What is checked before any handler runs.
#[derive(Clone)]
struct Entry {
    world: World,
    parameters: Arc<[&'static str]>,
    for_anybody: bool,
}

/// The first checks of every call: who asks, then what is asked. Handlers find both in the extensions.
async fn enter(State(entry): State<Entry>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if !entry.for_anybody {
        match Caller::from_request_parts(&mut parts, &entry.world).await {
            Ok(caller) => {
                if let Some(visit) = parts.extensions.get::<Arc<Visit>>()
                    && let Err(crowded) = visit.is_of(&caller.person.id)
                {
                    return Failure::from(crowded).into_response();
                }
                if let Err(failure) = entry.world.allowances.take(&caller.person.id) {
                    return failure.into_response();
                }
                parts.extensions.insert(caller);
            }
            Err(failure) => return failure.into_response(),
        }
    }
    match super::ask::Params::read(&parts, &entry.parameters) {
        Ok(params) => parts.extensions.insert(params),
        Err(failure) => return failure.into_response(),
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    // Customers' words are nobody's to keep on the way.
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn wrong_method(uri: Uri) -> Failure {
    let asked: Vec<_> = uri.path().split('/').collect();
    let calls = table();
    let methods = calls.iter().filter(|call| {
        let path: Vec<_> = call.path.split('/').collect();
        path.len() == asked.len()
            && path
                .iter()
                .zip(&asked)
                .all(|(is, was)| is == was || is.starts_with('{'))
    });
    let names: Vec<_> = methods.map(|call| call.method.as_str()).collect();
    Failure::method(&names.join(" and "))
}
