//! `/healthz` and `/readyz`: for who watches over the desk.

use axum::{extract::State, http::StatusCode};

use super::{
    error::{Answer, Failure},
    world::World,
};

/// The process runs.
pub(crate) async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The desk answers: it is not closing, and its database is there (R36).
pub(crate) async fn ready(State(world): State<World>) -> Answer<StatusCode> {
    if *world.closing.borrow() {
        return Err(Failure::unavailable());
    }
    world.store.ping().await?;
    Ok(StatusCode::NO_CONTENT)
}
