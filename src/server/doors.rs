//! The connections there are, and those among them on which nobody has shown who they are.
//!
//! Anybody can connect and then say little, or nothing. So of those there are only so many, from one place and in all;
//! and where there is one too many, the longest silent of the place that has most of them has to leave, not the new one:
//! whoever has a token shows it at once. A connection on which one request was somebody's never has to leave for others
//! (R35): it is theirs, and of those, too, each user has only so many, among which the longest silent makes room.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::sleep};

use super::{error::Failure, limits::Limits, pace::Progress};
use crate::domain::id::UserId;

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
    strangers: HashMap<Origin, Lines>,
    /// How many those are.
    strange: usize,
    /// Those on which somebody is, likewise.
    known: HashMap<UserId, Lines>,
}

/// Connections of one place, or of one user.
type Lines = VecDeque<Arc<Line>>;

/// One connection.
#[derive(Debug)]
struct Line {
    progress: Progress,
    since: Instant,
    leaves: Notify,
}

/// A connection that is here for as long as this is kept.
#[derive(Debug)]
pub(crate) struct Visit {
    doors: Doors,
    origin: Origin,
    one: Arc<Line>,
    /// Whose it is: who asked on it last.
    whose: Mutex<Option<UserId>>,
}

/// A user has that many connections, as many as one may have, and all of them are busy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Crowded(usize);

impl From<Crowded> for Failure {
    fn from(Crowded(count): Crowded) -> Self {
        let detail = format!(
            "You have {count} connections open and busy, and nobody has more at this desk. Nothing was done; ask again later."
        );
        Self::too_many(detail, Duration::from_secs(1))
    }
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
        let one = Arc::new(Line {
            progress: progress.clone(),
            since: now,
            leaves: Notify::new(),
        });
        inside.count += 1;
        inside.strange += 1;
        let theirs = inside.strangers.entry(origin).or_default();
        theirs.push_back(Arc::clone(&one));
        Ok(Some(Visit {
            doors: self.clone(),
            origin,
            one,
            whose: Mutex::default(),
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
        let leaves = silent(theirs).or_else(|| theirs.front().cloned());
        let leaves = leaves.ok_or(None)?;
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
    fn forget(&mut self, origin: Origin, stranger: &Arc<Line>) -> bool {
        let was = is_taken_out(&mut self.strangers, &origin, stranger);
        self.strange -= usize::from(was);
        was
    }

    /// The longest silent connection of that user leaves, where they have as many as one may have.
    ///
    /// # Errors
    /// [`Crowded`] if none of them is silent.
    fn room_for(&mut self, user: &UserId, most: usize) -> Result<(), Crowded> {
        let Some(theirs) = self.known.get(user).filter(|theirs| theirs.len() >= most) else {
            return Ok(());
        };
        let leaves = silent(theirs).ok_or(Crowded(theirs.len()))?;
        leaves.leaves.notify_one();
        self.count -= usize::from(is_taken_out(&mut self.known, user, &leaves));
        Ok(())
    }
}

/// The longest here on which nothing is being answered.
fn silent(lines: &Lines) -> Option<Arc<Line>> {
    lines.iter().find(|one| !one.progress.is_busy()).cloned()
}

/// Takes one out of those of that place or user; whether it was there.
fn is_taken_out<K: Eq + Hash>(all: &mut HashMap<K, Lines>, of: &K, one: &Arc<Line>) -> bool {
    let Some(theirs) = all.get_mut(of) else {
        return false;
    };
    let before = theirs.len();
    theirs.retain(|other| !Arc::ptr_eq(other, one));
    let was = theirs.len() < before;
    if theirs.is_empty() {
        all.remove(of);
    }
    was
}

impl Visit {
    /// Somebody the desk knows asked something on it: it is theirs now, and whose it was before has one less. Behind a
    /// proxy it is now this one's and now that one's.
    ///
    /// # Errors
    /// [`Crowded`]: it is not theirs, and what they ask is not to be answered.
    pub(crate) fn is_of(&self, user: &UserId) -> Result<(), Crowded> {
        let mut whose = self.whose.lock().unwrap_or_else(PoisonError::into_inner);
        if whose.as_ref() == Some(user) {
            return Ok(());
        }
        let mut inside = self.doors.inside();
        inside.room_for(user, self.limits().connections_of_one_user)?;
        let is_here = match &*whose {
            None => inside.forget(self.origin, &self.one),
            Some(before) => is_taken_out(&mut inside.known, before, &self.one),
        };
        // One that was told to leave in the same moment leaves, and is let in again.
        if is_here {
            let theirs = inside.known.entry(user.clone()).or_default();
            theirs.push_back(Arc::clone(&self.one));
            *whose = Some(user.clone());
        }
        Ok(())
    }

    /// What holds for all who come.
    pub(crate) fn limits(&self) -> &Limits {
        &self.doors.0.limits
    }

    /// Waits until it has to leave.
    pub(crate) async fn is_told_to_leave(&self) {
        self.one.leaves.notified().await;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let whose = self.whose.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut inside = self.doors.inside();
        // One that was told to leave is counted no more.
        let was_here = match whose.take() {
            None => inside.forget(self.origin, &self.one),
            Some(user) => is_taken_out(&mut inside.known, &user, &self.one),
        };
        inside.count -= usize::from(was_here);
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
            connections_of_one_user: 8,
            first_words: Duration::ZERO,
            ..Limits::default()
        })
    }

    fn user(name: &str) -> UserId {
        UserId::parse(name).unwrap()
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
            visit.is_of(&user("anna")).unwrap();
            known.push(visit);
        }
        let silent: Vec<_> = (0..50).map(|_| enters(&doors, HOST)).collect();
        assert_eq!(silent.iter().filter(|visit| leaves(visit)).count(), 49);
        assert!(!known.iter().any(leaves));
        silent[49].is_of(&user("anna")).unwrap();
        let one_more = doors.enter_at(HOST, &Progress::default(), Instant::now());
        assert!(one_more.unwrap().is_none(), "full");
        drop((known, silent));
        let inside = doors.inside();
        assert_eq!(
            (inside.count, inside.strange, inside.strangers.len()),
            (0, 0, 0)
        );
        assert!(inside.known.is_empty());
    }

    #[test]
    fn r35_one_user_has_so_many_connections_and_their_longest_silent_one_makes_room() {
        let limits = Limits {
            connections: 100,
            strangers: 50,
            strangers_of_one_origin: 50,
            connections_of_one_user: 3,
            ..doors().0.limits
        };
        let doors = Doors::new(limits);
        let (anna, ben) = (user("anna"), user("ben"));
        let busy = Progress::default();
        busy.begins();
        let stream = doors.enter_at(HOST, &busy, Instant::now());
        let stream = stream.unwrap().unwrap();
        stream.is_of(&anna).unwrap();
        let comes = |who: &UserId| {
            let visit = enters(&doors, HOST);
            visit.is_of(who).unwrap();
            visit
        };
        let (first, second, bens) = (comes(&anna), comes(&anna), comes(&ben));
        let third = comes(&anna);
        assert!(leaves(&first), "the fourth of three");
        assert!(!leaves(&stream) && !leaves(&second) && !leaves(&bens));
        assert_eq!(
            doors.inside().count,
            4,
            "who was told to leave is counted no more"
        );
        drop(first);
        assert_eq!(doors.inside().count, 4);
        // Where all are busy, one more is not let in; it stays whose it was.
        second.one.progress.begins();
        third.one.progress.begins();
        let more = enters(&doors, OTHER);
        assert_eq!(more.is_of(&anna), Err(Crowded(3)));
        assert_eq!(doors.inside().count, 5);
        assert_eq!(doors.inside().strange, 1);
        assert_eq!(bens.is_of(&anna), Err(Crowded(3)));
        assert_eq!(bens.is_of(&ben), Ok(()));
        // Behind a proxy one is somebody else's before long.
        assert_eq!(second.is_of(&ben), Ok(()));
        assert_eq!(more.is_of(&anna), Ok(()));
        drop((stream, second, third, bens, more));
        let inside = doors.inside();
        assert_eq!((inside.count, inside.strange), (0, 0));
        assert!(inside.strangers.is_empty() && inside.known.is_empty());
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
