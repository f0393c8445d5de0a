//! Which files of a shared host are believed, and which addresses are spoken to (R40, R42): what a console and a desk
//! both have to know before a secret leaves a file, or a customer's words this host.

pub mod files;
pub mod web;
