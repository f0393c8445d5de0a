//! A desk under load, as a process of its own: a thousand streams that hear of an act, sixteen clients that act as fast
//! as they can beside the bare transactions of the same shape, and a floor of real consoles in terminals.
//!
//! `cargo test` has a few of each; `scripts/deep` has all of them, at a desk of the release build.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "figures and skips are what it finds"
)]

#[path = "../support/account.rs"]
mod account;
mod bare;
#[path = "../support/console.rs"]
mod console;
#[path = "../support/figure.rs"]
mod figure;
mod floor;
mod rates;
#[path = "../support/served.rs"]
mod served;
mod streams;
#[path = "../support/mod.rs"]
mod support;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A number that `scripts/deep` may make larger.
fn many(variable: &str, usually: usize) -> usize {
    let said = std::env::var(variable).ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(usually)
}

/// One at a time: two would measure each other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Both ends of every line are files of this program.
fn raise_the_limit_of_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("more files");
}

/// So many of a hundred took no longer.
fn percentile(times: &[Duration], of: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[(times.len() * of / 100).min(times.len() - 1)]
}

fn ms(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}

/// Median, p99 and worst.
fn spread(times: &[Duration]) -> String {
    let [median, most, worst] = [50, 99, 100].map(|of| ms(percentile(times, of)));
    format!("median {median} ms, p99 {most} ms, worst {worst} ms")
}

/// A team of so many advisors who all work in one queue, each with an account of that name, and a leader who sees it all.
fn team(advisors: usize) -> String {
    let advisor = |n| {
        format!(
            "{{ username = \"u{n}\", name = \"Advisor {n}\", organisation = \"Cardiff\", role = \"advisor\", \
             unix_user = \"u{n}\" }},\n"
        )
    };
    let advisors: String = (0..advisors).map(advisor).collect();
    served::TEAM.replace("user = [", &format!("user = [\n{advisors}"))
}
