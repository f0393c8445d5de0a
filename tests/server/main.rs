//! The desk over real HTTP, on both databases: what the contract says is what happens.

mod access;
mod acts;
mod desk;
mod pages;
mod problems;
mod scenarios;
mod signing_in;
mod stopping;
mod stream;
#[path = "../support/mod.rs"]
mod support;
