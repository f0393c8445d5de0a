//! How many event streams each user has open (R35).

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::error::{Answer, Failure};
use crate::domain::id::UserId;

/// Every open stream. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    most: usize,
    open: Arc<Mutex<HashMap<UserId, Vec<Arc<Open>>>>>,
}

#[derive(Debug, Default)]
struct Open {
    console: Option<String>,
    over: AtomicBool,
    ends: Notify,
}

/// One open stream, counted for as long as this is kept.
#[derive(Debug)]
pub(crate) struct Counted {
    streams: Streams,
    user: UserId,
    open: Arc<Open>,
}

/// When to come back who has too many: those of a line that broke are noticed by then.
const LATER: Duration = Duration::from_secs(20);

impl Streams {
    /// At most so many for each user.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            open: Arc::default(),
        }
    }

    /// Counts one more. A console that comes back takes the place of its own stream, whose broken line may not have been
    /// noticed yet.
    ///
    /// # Errors
    /// 429 if the user has as many as one may have.
    pub(crate) fn open(&self, user: &UserId, console: Option<&str>) -> Answer<Counted> {
        let mut open = self.lock();
        let theirs = open.entry(user.clone()).or_default();
        if theirs.len() >= self.most {
            let own = |one: &Arc<Open>| console.is_some() && one.console.as_deref() == console;
            let Some(at) = theirs.iter().position(own) else {
                let detail = format!(
                    "You have {} event streams open, and nobody has more at this desk. Close a console.",
                    theirs.len()
                );
                return Err(Failure::too_many(detail, LATER));
            };
            let former = theirs.remove(at);
            former.over.store(true, Ordering::Release);
            former.ends.notify_one();
        }
        let opened = Arc::new(Open {
            console: console.map(str::to_owned),
            ..Open::default()
        });
        theirs.push(Arc::clone(&opened));
        Ok(Counted {
            streams: self.clone(),
            user: user.clone(),
            open: opened,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Vec<Arc<Open>>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    /// Whether its console has another one in its place.
    pub(crate) fn is_over(&self) -> bool {
        self.open.over.load(Ordering::Acquire)
    }

    /// Waits until it may be over.
    pub(crate) async fn ends(&self) {
        self.open.ends.notified().await;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(theirs) = open.get_mut(&self.user) {
            theirs.retain(|one| !Arc::ptr_eq(one, &self.open));
            if theirs.is_empty() {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r35_each_user_has_so_many_streams_and_a_console_replaces_its_own() {
        let streams = Streams::new(2);
        let (anna, ben) = (
            UserId::parse("anna").unwrap(),
            UserId::parse("ben").unwrap(),
        );
        let one = streams.open(&anna, Some("one")).unwrap();
        let _two = streams.open(&anna, None).unwrap();
        assert!(streams.open(&anna, Some("three")).is_err());
        assert!(
            streams.open(&anna, None).is_err(),
            "without a console none is its own"
        );
        assert!(streams.open(&ben, Some("one")).is_ok());
        assert!(!one.is_over());
        let again = streams.open(&anna, Some("one")).unwrap();
        assert!(one.is_over() && !again.is_over());
        drop(one);
        assert!(
            streams.open(&anna, Some("three")).is_err(),
            "the old one's end frees nothing"
        );
        drop(again);
        assert!(streams.open(&anna, Some("three")).is_ok());
    }
}
