//! Which consoles are live: what *signed in* means (Q9).
//!
//! Here is who has a stream open to this process. What follows from it is in the database, where other processes
//! see it too: a console is entered there when its stream opens ([`Consoles::arrive`]), and [`Consoles::keep`] sees
//! to it that those whose stream ended are lost there, and that who does not come back is signed out.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::store::{RENEWED, Result, Store};
use crate::domain::{id::UserId, moment::Moment, person::Person};

/// The consoles whose event streams are open. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Consoles {
    live: watch::Sender<Live>,
    but_for: Option<Arc<str>>,
}

/// How many streams each console of each person has open.
type Live = HashMap<UserId, HashMap<String, u32>>;

impl Consoles {
    /// The same consoles, of which those of this id are not counted: for a demo, whose people sit at consoles of
    /// their own.
    #[must_use]
    pub fn but_for(&self, console: &str) -> Self {
        Self {
            live: self.live.clone(),
            but_for: Some(console.into()),
        }
    }

    /// Whether at least one console of this person is live.
    #[must_use]
    pub fn signed_in(&self, user: &UserId) -> bool {
        let live = self.live.borrow();
        live.get(user)
            .is_some_and(|theirs| self.count_of(theirs) > 0)
    }

    /// How many consoles are live, of everybody.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count_in(&self.live.borrow())
    }

    fn count_in(&self, live: &Live) -> usize {
        live.values().map(|theirs| self.count_of(theirs)).sum()
    }

    fn count_of(&self, theirs: &HashMap<String, u32>) -> usize {
        let hidden = self.but_for.as_deref();
        let counted = theirs.keys().filter(|id| hidden != Some(id.as_str()));
        counted.count()
    }

    /// Waits until at least one console has been here and the last one has left: the demo ends then.
    pub async fn last_one_left(&self) {
        let mut seen = self.live.subscribe();
        // The sender lives in `self`: waiting cannot fail.
        let _ = seen.wait_for(|live| self.count_in(live) > 0).await;
        let _ = seen.wait_for(|live| self.count_in(live) == 0).await;
    }

    /// A console opened a stream, and counts as signed in until the answer is dropped, and for the grace after that.
    /// The first one of a person is a login, and is over when this returns.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn arrive(
        &self,
        store: &Store,
        person: &Person,
        console: &str,
        grace: Duration,
    ) -> Result<Present> {
        // Here first: whoever looks for consoles without a stream meanwhile does not find this one.
        let present = self.enter(&person.id, console);
        store.sign_in(person, console, grace).await?;
        Ok(present)
    }

    /// A console opened a stream; it counts until the answer is dropped.
    fn enter(&self, user: &UserId, console: &str) -> Present {
        self.live.send_modify(|live| {
            *live
                .entry(user.clone())
                .or_default()
                .entry(console.to_owned())
                .or_default() += 1;
        });
        Present {
            consoles: self.clone(),
            user: user.clone(),
            console: console.to_owned(),
        }
    }

    fn is_live(&self, user: &UserId, console: &str) -> bool {
        let live = self.live.borrow();
        live.get(user)
            .is_some_and(|theirs| theirs.contains_key(console))
    }

    /// Keeps what the database says of this process's consoles true for as long as it is polled.
    /// `looks`: how often it is looked for those who did not come back.
    pub(super) async fn keep(self, store: Store, grace: Duration, looks: Duration) {
        let mut live = self.live.subscribe();
        let mut looks = interval(looks);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut kept = Kept::default();
        loop {
            let changed = tokio::select! {
                _ = looks.tick() => false,
                // The sender lives in `self`: it cannot be gone.
                _ = live.changed() => true,
            };
            if let Err(error) = self.look(&store, grace, changed, &mut kept).await {
                tracing::warn!(%error, "cannot keep who is signed in");
            }
        }
    }

    async fn look(
        &self,
        store: &Store,
        grace: Duration,
        changed: bool,
        kept: &mut Kept,
    ) -> Result<()> {
        let now = store.now();
        let renews = kept.renewed.is_none_or(|at| now.since(at) >= RENEWED);
        if renews {
            store.renew_consoles().await?;
        }
        if renews || changed || kept.behind {
            kept.behind = true;
            self.agree(store, grace).await?;
            kept.behind = false;
        }
        // After a pause of this whole host the others, too, first need to say that they are there.
        let steady =
            kept.renewed.is_some() && kept.looked.is_some_and(|at| now.since(at) < RENEWED);
        if renews {
            kept.renewed = Some(now);
        }
        kept.looked = Some(now);
        for person in store.sign_out_the_lost(grace, steady).await? {
            tracing::info!(%person, "signed out: their line was lost");
        }
        Ok(())
    }

    /// Makes the database agree with which consoles have a stream here.
    async fn agree(&self, store: &Store, grace: Duration) -> Result<()> {
        let known = store.live_here().await?;
        let lost: Vec<_> = known
            .iter()
            .filter(|(user, console)| !self.is_live(user, console))
            .cloned()
            .collect();
        if !lost.is_empty() {
            store.lose(&lost).await?;
        }
        // One that came back while it was written off, or that others took for dead while we could not say otherwise.
        let known: HashSet<_> = known.into_iter().collect();
        let streams = self.streams();
        let mut again: Vec<_> = streams
            .difference(&known)
            .chain(
                lost.iter()
                    .filter(|(user, console)| self.is_live(user, console)),
            )
            .collect();
        again.sort();
        for (user, console) in again {
            let directory = store.directory();
            if let Some(person) = directory.team.people.get(user)
                && store.is_written_off(user, console).await?
            {
                store.sign_in(person, console, grace).await?;
            }
        }
        Ok(())
    }

    fn streams(&self) -> HashSet<(UserId, String)> {
        let live = self.live.borrow();
        let each = live.iter().flat_map(|(user, consoles)| {
            let consoles = consoles.keys();
            consoles.map(|console| (user.clone(), console.clone()))
        });
        each.collect()
    }

    fn leave(&self, user: &UserId, console: &str) {
        self.live.send_modify(|live| {
            let Some(theirs) = live.get_mut(user) else {
                return;
            };
            if let Some(streams) = theirs.get_mut(console) {
                *streams -= 1;
            }
            theirs.retain(|_, streams| *streams > 0);
            if theirs.is_empty() {
                live.remove(user);
            }
        });
    }
}

/// What [`Consoles::keep`] remembers from one look to the next, by the store's clock.
#[derive(Debug, Default)]
struct Kept {
    renewed: Option<Moment>,
    looked: Option<Moment>,
    /// The database did not answer when it was to be told something.
    behind: bool,
}

/// One open stream of a console.
#[derive(Debug)]
pub(super) struct Present {
    consoles: Consoles,
    user: UserId,
    console: String,
}

impl Drop for Present {
    fn drop(&mut self) {
        self.consoles.leave(&self.user, &self.console);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q9_a_console_that_comes_back_before_its_old_line_is_gone_stays_signed_in() {
        let consoles = Consoles::default();
        let anna = UserId::parse("anna").unwrap();
        let old = consoles.enter(&anna, "one");
        let new = consoles.enter(&anna, "one");
        drop(old);
        assert!(consoles.signed_in(&anna));
        let second = consoles.enter(&anna, "two");
        assert_eq!(consoles.count(), 2);
        drop((new, second));
        assert!(!consoles.signed_in(&anna));
        assert_eq!(consoles.count(), 0);
    }

    #[test]
    fn consoles_of_an_id_can_be_left_out_of_account() {
        let consoles = Consoles::default();
        let (anna, ben) = (
            UserId::parse("anna").unwrap(),
            UserId::parse("ben").unwrap(),
        );
        let players = consoles.but_for("theirs");
        let _sits = (
            consoles.enter(&anna, "theirs"),
            consoles.enter(&ben, "theirs"),
        );
        let played = consoles.enter(&ben, "one");
        assert_eq!((consoles.count(), players.count()), (3, 1));
        assert!(players.signed_in(&ben) && !players.signed_in(&anna) && consoles.signed_in(&anna));
        drop(played);
        assert!(!players.signed_in(&ben));
    }

    #[tokio::test]
    async fn the_last_one_left_is_not_nobody_came() {
        let consoles = Consoles::default();
        let anna = UserId::parse("anna").unwrap();
        let left = consoles.last_one_left();
        tokio::pin!(left);
        assert!(futures_util::poll!(&mut left).is_pending());
        let present = consoles.enter(&anna, "one");
        assert!(futures_util::poll!(&mut left).is_pending());
        drop(present);
        left.await;
    }
}
