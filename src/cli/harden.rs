//! What every process of handback gives up before it does anything (R41).

use std::io;

use rustix::{
    fs::Mode,
    process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit, umask},
    thread::set_no_new_privs,
};

/// Files made from now on are for this account only; no core is written, no other process of the account reads our
/// memory, and nothing we start gains privileges (so a `token_command` cannot use sudo).
///
/// # Errors
/// What the system said, if it does not let us: then no secret should be read either.
pub fn harden() -> io::Result<()> {
    umask(Mode::from_raw_mode(0o077));
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_no_new_privs(true)?;
    Ok(())
}
