//! Floor 3a: the console.
pub mod terminal;
