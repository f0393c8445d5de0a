//! How much of a desk one side may use, so that there is some for everybody else (R35).

use std::time::Duration;

use rustix::process::{Resource, getrlimit};

/// How much of a desk one side may use. By user and never by address where somebody is known: advisors share a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a request's head may take from its first byte to its last.
    pub head: Duration,
    /// How long a whole body may take to arrive.
    pub body: Duration,
    /// How long a connection may be idle between two requests.
    pub idle: Duration,
    /// How long the other end may read nothing of what is being sent.
    pub write: Duration,
    /// How many connections there may be.
    pub connections: usize,
    /// How many of them nobody may have shown a token on yet.
    pub strangers: usize,
    /// How many of those may come from one address, or on a socket from one account.
    pub strangers_of_one_origin: usize,
    /// How many connections one user may have, event streams among them.
    pub connections_of_one_user: usize,
    /// How long each of those nobody is known on is left alone, whoever else comes.
    pub first_words: Duration,
    /// How many requests one user may make a second, all the time.
    pub requests: u32,
    /// How many at once.
    pub burst: u32,
    /// How many event streams one user may have open.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // What this process may have open, but for what the database, the gateways and the logs need.
        let files = getrlimit(Resource::Nofile).current;
        let files = files.and_then(|files| usize::try_from(files).ok());
        let connections = files.map_or(MOST, |files| files.saturating_sub(KEPT).min(MOST));
        let connections = connections.max(FEWEST);
        Self {
            head: Duration::from_secs(5),
            body: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            write: Duration::from_secs(20),
            connections,
            strangers: (connections / 4).min(1024),
            strangers_of_one_origin: (connections / 8).min(256),
            connections_of_one_user: (connections / 8).clamp(16, 64),
            first_words: Duration::from_millis(100),
            requests: 100,
            burst: 400,
            streams: 8,
        }
    }
}

/// How many files are kept for everything else.
const KEPT: usize = 128;
/// How many connections there are at most, whatever the system would give.
const MOST: usize = 65_536;
/// And at least, whatever it says: with fewer nobody is served.
const FEWEST: usize = 64;

/// How large the head of a request may be.
pub(super) const HEAD: usize = 16 * 1024;
/// How large a body may be.
pub(super) const BODY: usize = 1 << 20;
