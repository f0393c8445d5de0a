//! Which consoles are live: what *signed in* means (Q9).

use std::collections::HashMap;

use tokio::sync::watch;

use crate::domain::id::UserId;

/// The consoles whose event streams are open. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Consoles(watch::Sender<HashMap<UserId, HashMap<String, u32>>>);

impl Consoles {
    /// Whether at least one console of this person is live.
    #[must_use]
    pub fn signed_in(&self, user: &UserId) -> bool {
        self.0.borrow().contains_key(user)
    }

    /// How many consoles are live, of everybody.
    #[must_use]
    pub fn count(&self) -> usize {
        count(&self.0.borrow())
    }

    /// Waits until at least one console has been here and the last one has left: the demo ends then.
    pub async fn last_one_left(&self) {
        let mut seen = self.0.subscribe();
        // The sender lives in `self`: waiting cannot fail.
        let _ = seen.wait_for(|live| count(live) > 0).await;
        let _ = seen.wait_for(|live| count(live) == 0).await;
    }

    /// A console opened a stream; it counts until the answer is dropped.
    pub(super) fn enter(&self, user: &UserId, console: &str) -> Present {
        self.0.send_modify(|live| {
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

    fn leave(&self, user: &UserId, console: &str) {
        self.0.send_modify(|live| {
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

fn count(live: &HashMap<UserId, HashMap<String, u32>>) -> usize {
    live.values().map(HashMap::len).sum()
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
