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
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::sleep};

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
    since: Instant,
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
    pub(crate) async fn enter(&self, origin: Origin, progress: Progress) -> Option<Visit> {
        loop {
            match self.enter_at(origin, &progress, Instant::now()) {
                Ok(entered) => return entered,
                Err(wait) => sleep(wait).await,
            }
        }
    }

    /// # Errors
    /// How long to wait until somebody may be asked to leave.
    fn enter_at(
        &self,
        origin: Origin,
        progress: &Progress,
        now: Instant,
    ) -> Result<Option<Visit>, Duration> {
        let limits = &self.0.limits;
        let mut inside = self.inside();
        // Beyond what one place may have only those who came just now, whose first words may be on their way.
        while inside.of(origin) >= limits.strangers_of_one_origin
            && inside.one_leaves(origin, limits.first_words, now).is_ok()
        {}
        if inside.count >= limits.connections || inside.strange >= limits.strangers {
            match inside.make_room(limits.first_words, now) {
                Ok(()) => {}
                Err(None) if inside.count >= limits.connections => return Ok(None),
                Err(None) => {}
                Err(Some(wait)) => return Err(wait),
            }
        }
        let stranger = Arc::new(Stranger {
            progress: progress.clone(),
            since: now,
            leaves: Notify::new(),
        });
        inside.count += 1;
        inside.strange += 1;
        let theirs = inside.strangers.entry(origin).or_default();
        theirs.push_back(Arc::clone(&stranger));
        Ok(Some(Visit {
            doors: self.clone(),
            origin,
            stranger,
            known: AtomicBool::new(false),
        }))
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

    /// One of the place that has most strangers leaves.
    fn make_room(&mut self, first_words: Duration, now: Instant) -> Result<(), Option<Duration>> {
        let most = self.strangers.iter().max_by_key(|(_, theirs)| theirs.len());
        let most = most.map(|(origin, _)| *origin).ok_or(None)?;
        self.one_leaves(most, first_words, now)
    }

    /// The longest silent one leaves; one whose request is being answered only if all are such.
    ///
    /// # Errors
    /// How long to wait until it has had the time for its first words; `None`: there is nobody.
    fn one_leaves(
        &mut self,
        origin: Origin,
        first_words: Duration,
        now: Instant,
    ) -> Result<(), Option<Duration>> {
        let theirs = self.strangers.get(&origin).ok_or(None)?;
        let silent = theirs.iter().find(|s| !s.progress.is_busy());
        let leaves = silent.or_else(|| theirs.front()).cloned().ok_or(None)?;
        let wait = first_words.saturating_sub(now.duration_since(leaves.since));
        if !wait.is_zero() {
            return Err(Some(wait));
        }
        leaves.leaves.notify_one();
        // It is on its way out and no longer counted, so that the next one in is not let in in its place too.
        self.count -= 1;
        self.forget(origin, &leaves);
        Ok(())
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
            first_words: Duration::ZERO,
            ..Limits::default()
        })
    }

    fn enters(doors: &Doors, origin: Origin) -> Visit {
        let entered = doors.enter_at(origin, &Progress::default(), Instant::now());
        entered.expect("at once").expect("a place")
    }

    fn leaves(visit: &Visit) -> bool {
        visit.is_told_to_leave().now_or_never().is_some()
    }

    #[test]
    fn r35_the_longest_silent_of_ones_own_place_leaves_first() {
        let doors = doors();
        let busy = Progress::default();
        busy.begins();
        let asks = doors.enter_at(HOST, &busy, Instant::now());
        let asks = asks.unwrap().unwrap();
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
        let one_more = doors.enter_at(HOST, &Progress::default(), Instant::now());
        assert!(one_more.unwrap().is_none(), "full");
        drop((known, silent));
        let inside = doors.inside();
        assert_eq!(
            (inside.count, inside.strange, inside.strangers.len()),
            (0, 0, 0)
        );
    }

    #[test]
    fn r35_who_came_just_now_is_given_the_time_for_their_first_words() {
        let first_words = Duration::from_millis(100);
        let doors = Doors::new(Limits {
            first_words,
            ..doors().0.limits
        });
        let now = Instant::now();
        let enters = |after| {
            let at = now + Duration::from_millis(after);
            doors
                .enter_at(HOST, &Progress::default(), at)
                .map(Option::unwrap)
        };
        let all: Vec<_> = (0..4).map(|_| enters(0).unwrap()).collect();
        assert!(
            !all.iter().any(leaves),
            "more than one place may have, all new"
        );
        assert_eq!(
            enters(30).map(drop),
            Err(Duration::from_millis(70)),
            "more than there may be"
        );
        let _next = enters(100).unwrap();
        let left: Vec<_> = all.iter().map(leaves).collect();
        assert_eq!(
            left,
            [true, true, false, false],
            "until the place has what it may"
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
