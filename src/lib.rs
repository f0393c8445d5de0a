//! handback: a terminal console for support advisors, and the desk behind it.

pub mod cli;
pub mod config;
pub mod console;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod folders;
pub mod server;
pub mod wire;
