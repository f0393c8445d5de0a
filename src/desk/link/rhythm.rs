//! When to ask again, and what to tell: a link without its wires.

use std::time::Duration;

use super::News;
use crate::{
    desk::{Event, Trouble, What},
    domain::text::Safe,
    say,
};

/// The most a first attempt waits, and the unit that doubles from one failure to the next. Two seconds, since a desk that
/// was started again is asked for everything by everybody who sat at it.
const FIRST: Duration = Duration::from_secs(2);
/// The most a later attempt waits, unless the desk asks for more (R17).
const CAP: Duration = Duration::from_secs(15);
/// The most a desk may ask for: a wrong `Retry-After` must not silence a console for the day.
const ASKED_AT_MOST: Duration = Duration::from_secs(300);

/// What a link knows: where the stream goes on, and how often it failed since it last heard something.
#[derive(Debug)]
pub(super) struct Rhythm {
    cursor: Option<u64>,
    failures: u32,
    told: Told,
}

/// What the receiver was told last.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    Live,
    Lost(Safe),
}

impl Rhythm {
    pub(super) fn after(cursor: Option<u64>) -> Self {
        Self {
            cursor,
            failures: 0,
            told: Told::Nothing,
        }
    }

    /// Where the stream goes on.
    pub(super) fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// The desk opened a stream.
    pub(super) fn opened(&mut self) -> News {
        self.told = Told::Live;
        News::Live
    }

    /// The desk said something. Only that forgives the failures: a desk that opens streams and closes them
    /// at once is not well.
    pub(super) fn heard(&mut self, event: Event) -> Option<News> {
        self.failures = 0;
        self.cursor = event.cursor.or(self.cursor);
        match event.what {
            What::Alive => None,
            What::Reset => Some(News::Reset),
            _ => Some(News::Event(event)),
        }
    }

    /// The stream ended, or none came about, so long after the desk was last heard: what to tell, if it is new, and how
    /// long to wait. `draw` picks a duration between none and the one it is given.
    pub(super) fn broke(
        &mut self,
        trouble: &Trouble,
        silence: Duration,
        draw: impl FnOnce(Duration) -> Duration,
    ) -> (Option<News>, Duration) {
        let window = FIRST.saturating_mul(1 << self.failures.min(10)).min(CAP);
        self.failures = self.failures.saturating_add(1);
        let wait = match trouble {
            // Everybody was asked to wait as long; the draw keeps them from coming back together.
            Trouble::Busy(asked) => (*asked).min(ASKED_AT_MOST) + draw(FIRST),
            // Not a matter of luck, and asking fast does not make the account known.
            Trouble::NotSignedIn(_) => draw(CAP),
            _ => draw(window),
        };
        let why = why(trouble);
        let lost = Told::Lost(why.clone());
        if self.told == lost {
            return (None, wait);
        }
        self.told = lost;
        let news = match trouble {
            Trouble::NotSignedIn(_) => News::ShutOut { why, silence },
            _ => News::Lost { why, silence },
        };
        (Some(news), wait)
    }
}

fn why(trouble: &Trouble) -> Safe {
    match trouble {
        Trouble::Unreachable(why) | Trouble::NotSignedIn(why) | Trouble::Refused(why) => {
            why.clone()
        }
        // Not with the seconds it asks for: they would make each attempt a new notice.
        Trouble::Busy(_) => Safe::literal("the desk asks to come back later"),
        Trouble::NotFound => say!("{trouble}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SILENCE: Duration = Duration::from_millis(70);

    fn unreachable() -> Trouble {
        Trouble::Unreachable(Safe::literal("no route"))
    }

    fn event(cursor: Option<u64>, what: What) -> Event {
        Event { cursor, what }
    }

    #[test]
    fn r17_the_wait_grows_to_its_cap_and_is_drawn_from_all_of_it() {
        let mut rhythm = Rhythm::after(None);
        let windows: Vec<u64> = (0..7)
            .map(|_| {
                rhythm
                    .broke(&unreachable(), SILENCE, |most| most)
                    .1
                    .as_secs()
            })
            .collect();
        assert_eq!(windows, [2, 4, 8, 15, 15, 15, 15]);
        assert_eq!(
            rhythm.broke(&unreachable(), SILENCE, |_| Duration::ZERO).1,
            Duration::ZERO
        );
    }

    #[test]
    fn only_hearing_something_forgives_the_failures() {
        let mut rhythm = Rhythm::after(None);
        let window = |rhythm: &mut Rhythm| {
            rhythm
                .broke(&unreachable(), SILENCE, |most| most)
                .1
                .as_secs()
        };
        assert_eq!(window(&mut rhythm), 2);
        rhythm.opened();
        assert_eq!(window(&mut rhythm), 4);
        rhythm.heard(event(None, What::Alive));
        assert_eq!(window(&mut rhythm), 2);
    }

    #[test]
    fn r17_what_the_desk_asks_for_is_honoured_within_reason() {
        let mut rhythm = Rhythm::after(None);
        let mut wait = |asked| {
            rhythm
                .broke(&Trouble::Busy(Duration::from_secs(asked)), SILENCE, |_| {
                    FIRST / 2
                })
                .1
        };
        assert_eq!(wait(30), Duration::from_secs(31));
        assert_eq!(wait(1 << 40), ASKED_AT_MOST + FIRST / 2);
    }

    #[test]
    fn a_loss_is_told_once_until_its_reason_changes() {
        let mut rhythm = Rhythm::after(None);
        let mut lost =
            |trouble: Trouble| match rhythm.broke(&trouble, SILENCE, |_| Duration::ZERO).0 {
                Some(News::Lost { why, .. }) => why.to_string(),
                Some(News::ShutOut { why, .. }) => format!("shut out: {why}"),
                other => format!("{other:?}"),
            };
        assert_eq!(lost(unreachable()), "no route");
        assert_eq!(lost(unreachable()), "None");
        assert_eq!(
            lost(Trouble::NotSignedIn(Safe::literal("revoked"))),
            "shut out: revoked"
        );
        let later = "the desk asks to come back later";
        assert_eq!(lost(Trouble::Busy(Duration::from_secs(2))), later);
        assert_eq!(lost(Trouble::Busy(Duration::from_secs(3))), "None");
    }

    #[test]
    fn r31_the_stream_goes_on_after_the_last_event_that_has_a_place() {
        let mut rhythm = Rhythm::after(Some(5));
        assert_eq!(rhythm.heard(event(None, What::Alive)), None);
        assert_eq!(rhythm.cursor(), Some(5));
        assert_eq!(rhythm.heard(event(Some(9), What::Reset)), Some(News::Reset));
        assert_eq!(rhythm.cursor(), Some(9));
        rhythm.broke(&unreachable(), SILENCE, |most| most);
        assert_eq!(rhythm.cursor(), Some(9));
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_what_was_asked_and_a_cap(failures in 0..100u32, asked in any::<u64>()) {
            let mut rhythm = Rhythm::after(None);
            for _ in 0..failures {
                prop_assert!(rhythm.broke(&unreachable(), SILENCE, |most| most).1 <= CAP);
            }
            let busy = Trouble::Busy(Duration::from_secs(asked));
            prop_assert!(rhythm.broke(&busy, SILENCE, |most| most).1 <= ASKED_AT_MOST + FIRST);
        }
    }
}
