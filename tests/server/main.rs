//! The desk over real HTTP, on both databases: what the contract says is what happens.

#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "figures are what it finds"
)]
#![allow(
    unreachable_pub,
    clippy::cloned_ref_to_slice_refs,
    reason = "a test program has no callers but itself; `[id.clone()]` reads as what it means"
)]

mod access;
mod acts;
mod channels;
mod contact;
mod deeds;
mod desk;
mod events;
mod fates;
#[path = "../support/figure.rs"]
mod figure;
mod finding;
#[path = "../support/gateway.rs"]
mod gateway;
mod guest;
mod limits;
mod matrix;
mod pages;
mod people;
mod problems;
mod scenarios;
mod seats;
mod signing_in;
mod some;
mod stopping;
mod stream;
#[path = "../support/mod.rs"]
mod support;
mod there;
mod told;
mod whatever;
mod writing;
