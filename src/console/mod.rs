//! Floor 3a: the console.
pub mod input;
pub mod key;
pub mod terminal;
