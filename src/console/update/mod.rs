//! What each fact changes.
pub mod pending;
