//! When a frame may be drawn: the first when there is something to see, the others not too fast (R13).

use std::time::Duration;

use tokio::time::Instant;

use super::model::{Loaded, Model};

/// Frames a second in a burst.
const FRAMES: u32 = 30;
/// Frames that may follow each other at once after a pause, so that a fast typist never waits.
const AT_ONCE: u32 = 8;
/// How long the first frame waits for what belongs on it. A desk on this host has answered by then; less than a
/// person notices.
const WHOLE_WITHIN: Duration = Duration::from_millis(30);

/// How fast frames may follow each other: some at once after a pause, then [`FRAMES`] a second.
pub(super) struct Pace {
    /// When the frames drawn so far are paid for.
    paid: Instant,
}

impl Pace {
    const EACH: Duration = Duration::from_nanos(1_000_000_000 / FRAMES as u64);

    pub(super) fn new(now: Instant) -> Self {
        Self { paid: now }
    }

    /// When the next frame may be drawn.
    pub(super) fn next_frame(&self) -> Instant {
        self.paid
            .checked_sub(Self::EACH * (AT_ONCE - 1))
            .unwrap_or(self.paid)
    }

    pub(super) fn may_draw(&mut self, now: Instant) -> bool {
        let may = now >= self.next_frame();
        if may {
            self.paid = self.paid.max(now) + Self::EACH;
        }
        may
    }
}

/// Holds back the first frame until the first screen is whole: one sees it open instead of being put together, and
/// one frame is drawn instead of four.
pub(super) struct Opening {
    /// No longer than that; `None` when it is over.
    until: Option<Instant>,
}

impl Opening {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            until: Some(now + WHOLE_WITHIN),
        }
    }

    /// Until when the first frame waits at most, if it still does.
    pub(super) fn holds_until(&self, model: &Model) -> Option<Instant> {
        self.until.filter(|_| !is_whole(model))
    }

    /// Whether frames may be drawn now. Once they may, they always may.
    pub(super) fn is_over(&mut self, model: &Model, now: Instant) -> bool {
        if self.holds_until(model).is_none_or(|until| now >= until) {
            self.end();
        }
        self.until.is_none()
    }

    /// Somebody is typing already.
    pub(super) fn end(&mut self) {
        self.until = None;
    }
}

/// Whether everything that belongs on the first screen is here, or known not to come.
fn is_whole(model: &Model) -> bool {
    let read = match &model.open {
        Some(open) => !matches!(open.loaded, Loaded::No | Loaded::Asked),
        None => model.list.inbox.is_empty(),
    };
    let is_there = model.me.is_some() && model.resume.is_none();
    model.list.trouble.is_some() || (is_there && model.list.loaded && read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::view::fixture;

    #[test]
    fn r13_frames_come_at_once_after_a_pause_and_30_a_second_in_a_burst() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let drawn = (0..2_000)
            .filter(|ms| pace.may_draw(start + Duration::from_millis(*ms)))
            .count();
        assert!(
            (60..=60 + AT_ONCE as usize).contains(&drawn),
            "{drawn} in two seconds of a burst"
        );
        let later = start + Duration::from_secs(10);
        assert!(
            (0..AT_ONCE).all(|_| pace.may_draw(later)),
            "after a pause, at once"
        );
        assert!(!pace.may_draw(later));
        assert!(pace.may_draw(pace.next_frame()), "and then when it says");
    }

    #[test]
    fn the_first_frame_waits_for_the_first_screen_but_not_for_long() {
        let start = Instant::now();
        let mut model = fixture::busy();
        let mut opening = Opening::new(start);
        assert!(opening.is_over(&model, start), "all is here");

        if let Some(open) = &mut model.open {
            open.loaded = Loaded::Asked;
        }
        opening = Opening::new(start);
        let until = opening.holds_until(&model).expect("it waits");
        assert!(!opening.is_over(&model, start));
        assert!(opening.is_over(&model, until));
        assert_eq!(opening.holds_until(&model), None, "never again");

        model.list.trouble = Some(crate::domain::text::Safe::literal("no answer"));
        opening = Opening::new(start);
        assert!(opening.is_over(&model, start), "there is something to say");
    }

    #[test]
    fn the_first_frame_does_not_wait_while_somebody_types() {
        let mut model = fixture::busy();
        model.me = None;
        let start = Instant::now();
        let mut opening = Opening::new(start);
        assert!(!opening.is_over(&model, start));
        opening.end();
        assert!(opening.is_over(&model, start));
    }
}
