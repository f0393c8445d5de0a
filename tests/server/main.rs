//! The desk over real HTTP, on both databases: what the contract says is what happens.

mod access;
mod acts;
mod desk;
mod pages;
mod postgres;
mod problems;
mod scenarios;
mod signing_in;
mod stopping;
mod stream;
