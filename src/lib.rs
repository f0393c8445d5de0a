//! handback: a terminal console for support advisors, and the desk behind it.

pub mod console;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod server;
pub mod wire;
