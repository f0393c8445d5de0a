//! Floor 3b: the desk. It enforces the rules of floor 0 and keeps what happened.

pub mod store;
