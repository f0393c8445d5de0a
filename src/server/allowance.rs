//! How much each user may ask, whatever they ask from: so many requests a second, and a burst of some (R35).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{error::Failure, limits::Limits};
use crate::domain::id::UserId;

/// What each user has left. One number each: when all they asked so far would be done at the steady pace.
#[derive(Debug)]
pub(crate) struct Allowances {
    /// The steady pace: one request in so long.
    each: Duration,
    /// How far ahead of it one may be.
    ahead: Duration,
    due: Mutex<HashMap<UserId, Instant>>,
}

/// How many users are remembered before those who have asked nothing lately are forgotten.
const REMEMBERED: usize = 1_000;

impl Allowances {
    pub(crate) fn new(limits: &Limits) -> Self {
        let each = Duration::from_secs(1) / limits.requests.max(1);
        Self {
            each,
            ahead: each * limits.burst.saturating_sub(1),
            due: Mutex::default(),
        }
    }

    /// Takes one request from what this user may ask.
    ///
    /// # Errors
    /// 429, saying when to ask again.
    pub(crate) fn take(&self, user: &UserId) -> Result<(), Failure> {
        self.take_at(user, Instant::now()).map_err(|wait| {
            let rate = 1_000 / self.each.as_millis().max(1);
            let detail = format!("This desk answers each person {rate} requests a second. Nothing was done; ask again later.");
            Failure::too_many(detail, wait)
        })
    }

    fn take_at(&self, user: &UserId, now: Instant) -> Result<(), Duration> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let before = due.get(user).copied().unwrap_or(now).max(now);
        let wait = before.duration_since(now).saturating_sub(self.ahead);
        if !wait.is_zero() {
            return Err(wait);
        }
        if due.len() >= REMEMBERED && !due.contains_key(user) {
            due.retain(|_, due| *due > now);
        }
        due.insert(user.clone(), before + self.each);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r35_a_burst_and_then_the_steady_pace_each_user_for_themselves() {
        let allowances = Allowances::new(&Limits {
            requests: 100,
            burst: 400,
            ..Limits::default()
        });
        let user = |name| UserId::parse(name).unwrap();
        let now = Instant::now();
        let takes = |who, at| allowances.take_at(&user(who), at);
        let taken = (0..1_000).filter(|_| takes("anna", now).is_ok()).count();
        assert_eq!(taken, 400);
        assert_eq!(takes("anna", now), Err(Duration::from_millis(10)));
        assert_eq!(takes("ben", now), Ok(()), "is somebody else");
        let later = now + Duration::from_secs(2);
        let taken = (0..1_000).filter(|_| takes("anna", later).is_ok()).count();
        assert_eq!(taken, 200);
        let long_after = now + Duration::from_secs(3_600);
        let taken = (0..1_000)
            .filter(|_| takes("anna", long_after).is_ok())
            .count();
        assert_eq!(taken, 400, "what was not asked is not saved up");
    }

    #[test]
    fn who_asks_nothing_is_forgotten() {
        let allowances = Allowances::new(&Limits::default());
        let now = Instant::now();
        for n in 0..10_000_u32 {
            let user = UserId::parse(&format!("u{n}")).unwrap();
            let at = now + Duration::from_millis(n.into());
            assert_eq!(allowances.take_at(&user, at), Ok(()));
        }
        assert!(allowances.due.lock().unwrap().len() <= REMEMBERED);
    }
}
