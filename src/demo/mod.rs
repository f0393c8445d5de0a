//! The floor above console and server: a desk to try, with a team, customers, and life in it.
//!
//! In reading order:
//! - [`content`]: what the people of the demo say, read from `assets/demo`; [`cast`]: who the customers are;
//!   [`fill`]: the words of one of them; [`dice`]: chance that repeats
//! - [`roster`]: who answers what; [`opening`]: the conversations that are there at the start
//! - [`stage`]: what was said since; [`life`]: what a colleague or a customer does next, as pure functions

//! - [`folder`]: where a running demo keeps its things; [`seeding`]: filling its desk; [`troupe`]: the loop in which
//!   its people live; [`background`]: the process that is its desk; [`join`]: finding or starting that process

pub mod background;
pub mod cast;
pub mod content;
pub mod dice;
pub mod fill;
pub mod folder;
pub mod join;
pub mod life;
pub mod opening;
pub mod roster;
pub mod seeding;
pub mod stage;
pub mod troupe;
