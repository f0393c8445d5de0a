//! handback: a terminal console for support advisors, and the desk behind it.
//!
//! An advisor has a conversation; its colleagues do not see it, so that nobody does the work twice. *Handing it
//! back* shows it to them again. That is the act this program is named for, and everything here serves it.
//!
//! In one sentence: a pure core (the rules in [`domain`], and a console that is
//! [`update`](console::update::update) and [`view`](console::view::view)) wrapped in one small
//! [`runtime`](console::runtime) that owns everything impure, and a [`server`] that enforces the very same rules.
//!
//! # The map
//!
//! Floors, in reading order. A module uses what is on the floors below it, never sideways or up.
//!
//! | floor | module | what it is |
//! |---|---|---|
//! | 0 | [`domain`] | the rules: who sees what, who may do what, what acts do; pure and total |
//! | 0 | [`trust`] | which files and addresses are believed before a secret goes there |
//! | 0 | [`mod@log`] | the log of a desk, whose every entry is safe text |
//! | 1 | [`wire`] | the bytes of the contract; the only serde types besides [`config`] |
//! | 2 | [`desk`] | how a console reaches conversations: the port, our own desk's client, the link that keeps it alive |
//! | 3a | [`console`] | what an advisor sits in front of |
//! | 3b | [`server`] | the desk we ship: HTTP over SQLite or PostgreSQL |
//! | 4 | [`demo`] | a desk with a team that lives, to try it all on |
//! | 5 | [`cli`] | the command line, one file a verb |
//!
//! # What always holds
//!
//! Kept by `tests/house.rs`, which reads the sources:
//!
//! - `console` and `server` never meet; no floor reaches up, and within one nothing goes round in circles.
//! - `domain` and `console::{update, view, menu, command}` do no I/O, read no clock, draw no random number, and cannot
//!   fail.
//! - Only `console::runtime`, `console::terminal`, `desk`, `server`, `trust` and what stands above them are async or
//!   touch the world.
//! - No domain type is serialisable; `wire` has its own and converts.
//! - Text from outside becomes [`Safe`](domain::text::Safe) at the wire; the view accepts nothing else.
//! - One thread reads the terminal, one writes it; between them and the loop only bounded channels.
//! - Whoever may do what is decided by the desk. The console shows what the desk said, and never guesses.

pub mod cli;
pub mod config;
pub mod console;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod folders;
pub mod log;
pub mod server;
pub mod trust;
pub mod wire;
