//! A desk as a process of its own, and what may befall it: thousands of slow lines, an order to stop with streams open,
//! a log cut at any byte, a full disk, a power cut, a database whose line breaks in the middle of a commit (R30, R35, R36).

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures and skips are what it finds"
)]

#[path = "../support/account.rs"]
mod account;
mod asking;
#[path = "../support/console.rs"]
mod console;
mod disk;
mod durable;
#[path = "../support/figure.rs"]
mod figure;
mod power;
#[path = "../support/served.rs"]
mod served;
mod severed;
mod slow;
mod stopping;
#[path = "../support/mod.rs"]
mod support;

/// A number that `scripts/deep` may make larger.
fn many(variable: &str, usually: usize) -> usize {
    let said = std::env::var(variable).ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(usually)
}

/// Both ends of every line are files of this program.
fn raise_the_limit_of_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("more files");
}

/// Waits until this is so.
fn until(what: &str, so: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !so() {
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(40),
            "never so: {what}"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
