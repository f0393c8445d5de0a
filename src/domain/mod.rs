//! Floor 0: the rules. Pure and total.
//!
//! Nothing here is async, reads a clock, draws a random number, serialises or draws; nothing here
//! can fail except by saying so in a closed enum. The desk decides with these functions, the tests
//! restate them naively, and the console uses the same words. Tags (`V1`, `U5` …) name the rule
//! of the product that a line implements; they are listed in `docs/rules.md`.
//!
//! In reading order: what things are ([`id`], [`moment`], [`text`], [`named`], [`organisation`], [`person`],
//! [`queue`], [`channel`], [`conversation`], [`message`], [`row`]), who sees what and may do what ([`access`]), what acts do
//! ([`action`]) and how long that is remembered ([`operation`]), which of somebody's move when some are handed back ([`some`]), who is given what without anybody
//! choosing ([`distribution`]), in which order conversations stand ([`order`]), what happened ([`event`])
//! and what became of it ([`fate`]), what an advisor is shown while answers are still on their way ([`inbox`]),
//! and what they look for ([`search`], with [`completion`] and [`word`]).

pub mod access;
pub mod action;
pub mod channel;
pub mod completion;
pub mod conversation;
pub mod distribution;
pub mod event;
pub mod fate;
pub mod fold;
pub mod id;
pub mod inbox;
pub mod message;
pub mod moment;
pub mod named;
pub mod operation;
pub mod order;
pub mod organisation;
pub mod person;
pub mod queue;
pub mod row;
pub mod search;
pub mod some;
pub mod spelling;
pub mod text;
pub mod word;
