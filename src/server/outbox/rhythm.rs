//! What a gateway's answer comes to, and when to ask again: an exchange without its wires.

use std::time::Duration;

use crate::domain::message::Failure;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// Nobody answered in time, or nobody could be asked; and why.
    Nobody(String),
    /// The gateway did.
    Gateway {
        /// The status of its answer.
        status: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
        /// Why it does not take the message, as the contract spells it.
        reason: Option<Failure>,
    },
}

/// What is to be done with the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The gateway has it.
    HandedOver,
    /// It is to be tried again after so long.
    Later(Duration),
    /// The gateway will never take it.
    NotTaken(Failure),
}

/// The most one waits after the first failure, and the unit that doubles from one failure to the next.
const FIRST: Duration = Duration::from_secs(1);
/// The most an attempt waits, unless the gateway asks for more.
const CAP: Duration = Duration::from_secs(300);
/// The most a gateway may ask for: a wrong `Retry-After` must not silence a channel for the day.
const ASKED_AT_MOST: Duration = Duration::from_secs(3600);

/// What to do after an attempt that `failures` others went before, and why the gateway is not well if it is not. `draw`
/// picks a duration between none and the one it is given.
///
/// A status of 400 to 499 is about the message, and for good; but 401 is about a secret that the two do not share yet,
/// and 408, 425 and 429 are about the moment. Redirects are not followed: where a message goes is what the team file
/// says, so that they are the gateway's trouble, as is everything from 500.
pub(super) fn next(
    answered: Answered,
    failures: u64,
    draw: impl FnOnce(Duration) -> Duration,
) -> (Next, Option<String>) {
    let window = FIRST.saturating_mul(1 << failures.min(20)).min(CAP);
    match answered {
        Answered::Gateway {
            status: 200..300, ..
        } => (Next::HandedOver, None),
        Answered::Gateway {
            status: status @ 400..500,
            reason,
            ..
        } if ![401, 408, 425, 429].contains(&status) => {
            (Next::NotTaken(reason.unwrap_or(Failure::Rejected)), None)
        }
        Answered::Gateway {
            status,
            retry_after,
            ..
        } => {
            let asked = retry_after.unwrap_or_default().min(ASKED_AT_MOST);
            let why = format!("it answers with status {status}");
            (Next::Later(asked + draw(window)), Some(why))
        }
        Answered::Nobody(why) => (Next::Later(draw(window)), Some(why)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gateway(status: u16) -> Answered {
        Answered::Gateway {
            status,
            retry_after: None,
            reason: None,
        }
    }

    fn wait(answered: Answered, failures: u64) -> Option<u64> {
        match next(answered, failures, |most| most).0 {
            Next::Later(wait) => Some(wait.as_secs()),
            Next::HandedOver | Next::NotTaken(_) => None,
        }
    }

    #[test]
    fn p1_the_wait_doubles_to_its_cap_and_is_drawn_from_all_of_it() {
        let waits: Vec<_> = (0..11).map(|n| wait(gateway(500), n).unwrap()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        let none = next(gateway(500), 9, |_| Duration::ZERO).0;
        assert_eq!(none, Next::Later(Duration::ZERO));
        assert_eq!(wait(Answered::Nobody("refused".into()), 2), Some(4));
    }

    #[test]
    fn p1_what_is_for_good_and_what_is_for_now() {
        for status in [200, 201, 202, 204] {
            assert_eq!(next(gateway(status), 1, |m| m), (Next::HandedOver, None));
        }
        for status in [400, 403, 404, 405, 410, 413, 422, 451] {
            let (next, trouble) = next(gateway(status), 1, |most| most);
            assert_eq!(next, Next::NotTaken(Failure::Rejected), "{status}");
            assert_eq!(trouble, None, "the message's, not the gateway's");
        }
        for status in [301, 307, 401, 408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(wait(gateway(status), 0), Some(1), "{status}");
        }
        let named = Answered::Gateway {
            status: 422,
            retry_after: None,
            reason: Some(Failure::InvalidNumber),
        };
        let named = next(named, 1, |most| most).0;
        assert_eq!(named, Next::NotTaken(Failure::InvalidNumber));
    }

    #[test]
    fn p1_retry_after_is_honoured_within_reason() {
        let busy = |seconds| Answered::Gateway {
            status: 503,
            retry_after: Some(Duration::from_secs(seconds)),
            reason: None,
        };
        assert_eq!(wait(busy(30), 0), Some(31));
        let at_least = next(busy(30), 9, |_| Duration::ZERO).0;
        assert_eq!(at_least, Next::Later(Duration::from_secs(30)));
        assert_eq!(wait(busy(1 << 40), 0), Some(3601));
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_what_was_asked_and_a_cap(status: u16, failures: u64, asked: u64) {
            let answered = Answered::Gateway {
                status,
                retry_after: Some(Duration::from_secs(asked)),
                reason: None,
            };
            if let Next::Later(wait) = next(answered, failures, |most| most).0 {
                prop_assert!(wait <= ASKED_AT_MOST + CAP);
            }
        }
    }
}
