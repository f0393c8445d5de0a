//! Floor 0: the rules. Pure and total: no async, clock, randomness, serde or ratatui.
pub mod text;
