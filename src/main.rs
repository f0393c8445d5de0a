//! The thin binary: give up what is not needed, take what must not stay where it is, hand over to the command line.

use std::process::ExitCode;

use handback::cli;

fn main() -> ExitCode {
    // Nothing may run before this, and no secret may be read without it.
    if cli::harden().is_err() {
        return cli::Exit::Secrets.into();
    }
    let token = match cli::token_of_environment() {
        Ok(token) => token,
        Err(why) => return cli::no_token(&why).into(),
    };
    cli::report_panics();
    cli::run(std::env::args_os(), token).into()
}
