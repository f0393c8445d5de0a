//! The connections there are, and those among them on which nobody has shown who they are.
//!
//! Anybody can connect and then say little, or nothing. So of those there are only so many, from one place and in all;
//! and where there is one too many, the longest silent of the place that has most of them has to leave, not the new one:
//! whoever has a token shows it at once. A connection on which one request was somebody's is never asked to leave (R35).

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use super::{limits::Limits, pace::Progress};

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// An address, of IPv6 the network one subscriber has.
    Address(IpAddr),
    /// An account of this host, on a socket.
    Account(Option<u32>),
}

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// Who came in, and how many may. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Doors(Arc<Within>);

#[derive(Debug)]
struct Within {
    limits: Limits,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    /// All connections.
    count: usize,
    /// Those nobody is known on, the longest here first.
    strangers: HashMap<Origin, VecDeque<Arc<Stranger>>>,
    /// How many those are.
    strange: usize,
}

#[derive(Debug)]
struct Stranger {
    progress: Progress,
    leaves: Notify,
}

/// A connection that is here for as long as this is kept.
#[derive(Debug)]
pub(crate) struct Visit {
    doors: Doors,
    origin: Origin,
    stranger: Arc<Stranger>,
    known: AtomicBool,
}

impl Doors {
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Arc::new(Within {
            limits,
            inside: Mutex::default(),
        }))
    }

    /// Lets somebody in, for whom a stranger may have to leave. `None`: all places are taken by those who are known.
    pub(crate) fn enter(&self, origin: Origin, progress: Progress) -> Option<Visit> {
        let limits = &self.0.limits;
        let mut inside = self.inside();
        if inside.count >= limits.connections && !inside.make_room() {
            return None;
        }
        if inside.of(origin) >= limits.strangers_of_one_origin {
            inside.one_leaves(origin);
        } else if inside.strange >= limits.strangers {
            inside.make_room();
        }
        let stranger = Arc::new(Stranger {
            progress,
            leaves: Notify::new(),
        });
        inside.count += 1;
        inside.strange += 1;
        let theirs = inside.strangers.entry(origin).or_default();
        theirs.push_back(Arc::clone(&stranger));
        Some(Visit {
            doors: self.clone(),
            origin,
            stranger,
            known: AtomicBool::new(false),
        })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        let inside = self.0.inside.lock();
        inside.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn of(&self, origin: Origin) -> usize {
        self.strangers.get(&origin).map_or(0, VecDeque::len)
    }

    /// One of the place that has most strangers leaves; whether there was one.
    fn make_room(&mut self) -> bool {
        let most = self.strangers.iter().max_by_key(|(_, theirs)| theirs.len());
        let most = most.map(|(origin, _)| *origin);
        most.is_some_and(|origin| self.one_leaves(origin))
    }

    /// The longest silent one leaves; one whose request is being answered only if all are such.
    fn one_leaves(&mut self, origin: Origin) -> bool {
        let Some(theirs) = self.strangers.get(&origin) else {
            return false;
        };
        let silent = theirs.iter().find(|s| !s.progress.is_busy());
        let Some(leaves) = silent.or_else(|| theirs.front()).cloned() else {
            return false;
        };
        leaves.leaves.notify_one();
        // It is on its way out and no longer counted, so that the next one in is not let in in its place too.
        self.count -= 1;
        self.forget(origin, &leaves)
    }

    /// It is no stranger any more; whether it was one.
    fn forget(&mut self, origin: Origin, stranger: &Arc<Stranger>) -> bool {
        let Some(theirs) = self.strangers.get_mut(&origin) else {
            return false;
        };
        let before = theirs.len();
        theirs.retain(|one| !Arc::ptr_eq(one, stranger));
        let were = before - theirs.len();
        if theirs.is_empty() {
            self.strangers.remove(&origin);
        }
        self.strange -= were;
        were > 0
    }
}

impl Visit {
    /// Somebody the desk knows asked something on it.
    pub(crate) fn is_known(&self) {
        if self.known.load(Ordering::Relaxed) {
            return;
        }
        // One that was told to leave in the same moment leaves, and is let in again.
        let mut inside = self.doors.inside();
        if inside.forget(self.origin, &self.stranger) {
            self.known.store(true, Ordering::Relaxed);
        }
    }

    /// What holds for all who come.
    pub(crate) fn limits(&self) -> &Limits {
        &self.doors.0.limits
    }

    /// Waits until it has to leave.
    pub(crate) async fn is_told_to_leave(&self) {
        self.stranger.leaves.notified().await;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut inside = self.doors.inside();
        if self.known.load(Ordering::Relaxed) || inside.forget(self.origin, &self.stranger) {
            inside.count -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const HOST: Origin = Origin::Account(Some(1));
    const OTHER: Origin = Origin::Account(Some(2));

    fn doors() -> Doors {
        Doors::new(Limits {
            connections: 8,
            strangers: 4,
            strangers_of_one_origin: 3,
            ..Limits::default()
        })
    }

    fn enters(doors: &Doors, origin: Origin) -> Visit {
        doors.enter(origin, Progress::default()).expect("a place")
    }

    fn leaves(visit: &Visit) -> bool {
        visit.is_told_to_leave().now_or_never().is_some()
    }

    #[test]
    fn r35_the_longest_silent_of_ones_own_place_leaves_first() {
        let doors = doors();
        let busy = Progress::default();
        busy.begins();
        let asks = doors.enter(HOST, busy).unwrap();
        let elsewhere = enters(&doors, OTHER);
        let (first, second) = (enters(&doors, HOST), enters(&doors, HOST));
        let _third = enters(&doors, HOST);
        assert!(leaves(&first), "the fourth of three");
        assert!(!leaves(&second) && !leaves(&asks) && !leaves(&elsewhere));
        let _from_elsewhere = enters(&doors, OTHER);
        assert!(leaves(&second), "the fifth of four, whose place has most");
    }

    #[test]
    fn r35_who_is_known_never_leaves_and_keeps_their_place() {
        let doors = doors();
        let mut known = Vec::new();
        for _ in 0..7 {
            let visit = enters(&doors, HOST);
            visit.is_known();
            known.push(visit);
        }
        let silent: Vec<_> = (0..50).map(|_| enters(&doors, HOST)).collect();
        assert_eq!(silent.iter().filter(|visit| leaves(visit)).count(), 49);
        assert!(!known.iter().any(leaves));
        silent[49].is_known();
        assert!(doors.enter(HOST, Progress::default()).is_none(), "full");
        drop((known, silent));
        let inside = doors.inside();
        assert_eq!(
            (inside.count, inside.strange, inside.strangers.len()),
            (0, 0, 0)
        );
    }

    #[test]
    fn r35_a_network_of_ipv6_is_one_place() {
        let of = |text: &str| Origin::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
    }
}
