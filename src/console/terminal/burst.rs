//! Whether keys came faster than a person types (R7).
//!
//! A line that stalled delivers what was typed meanwhile in one piece. Who typed it could not see what each key did,
//! so movement counts and acts are dropped.

use std::time::{Duration, Instant};

use crate::console::input::{Arrived, Input, MouseKind};

/// What follows a burst this closely is its rest. Auto-repeat leaves 10 ms or more between two keys, the pieces of a
/// stalled line follow each other within one.
const REST: Duration = Duration::from_millis(5);

/// The time of the last burst, to know the rest of it.
#[derive(Debug, Default)]
pub(super) struct Tempo {
    burst: Option<Instant>,
}

impl Tempo {
    /// Flags what one read brought that came at `now`: all of its keys when there are several, or when they are the
    /// rest of a burst.
    ///
    /// A key alone in its read is no burst however soon it follows another one: ssh, mosh and tmux hand over in one
    /// piece what a stalled line delivers, and a program that drives the console answers a frame within less than any
    /// limit one could set.
    pub(super) fn arrived(
        &mut self,
        now: Instant,
        inputs: impl Iterator<Item = Input>,
    ) -> Vec<Arrived> {
        let mut arrived: Vec<_> = inputs
            .map(|input| Arrived {
                input,
                burst: false,
            })
            .collect();
        let pressed = arrived
            .iter()
            .filter(|arrived| is_press(&arrived.input))
            .count();
        let is_rest = self
            .burst
            .is_some_and(|burst| now.saturating_duration_since(burst) < REST);
        if pressed > 1 || (pressed == 1 && is_rest) {
            self.burst = Some(now);
            for one in &mut arrived {
                one.burst = is_press(&one.input);
            }
        }
        arrived
    }
}

/// What can act: a key, or the mouse's button going down. Its release and the wheel belong to no burst.
fn is_press(input: &Input) -> bool {
    match input {
        Input::Key(_) => true,
        Input::Mouse(mouse) => mouse.kind == MouseKind::Press,
        Input::Paste(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::input::Mouse;
    use crate::console::key::Key;

    fn keys(text: &str) -> impl Iterator<Item = Input> {
        text.chars().map(|c| Input::Key(Key::Char(c)))
    }

    fn flags(arrived: &[Arrived]) -> Vec<bool> {
        arrived.iter().map(|arrived| arrived.burst).collect()
    }

    #[test]
    fn r7_what_a_stalled_line_delivers_at_once_is_a_burst() {
        let mut tempo = Tempo::default();
        assert_eq!(
            flags(&tempo.arrived(Instant::now(), keys("jjju"))),
            [true; 4]
        );
    }

    #[test]
    fn r7_the_second_piece_of_a_burst_is_one_too() {
        let (mut tempo, start) = (Tempo::default(), Instant::now());
        tempo.arrived(start, keys("jj"));
        assert_eq!(
            flags(&tempo.arrived(start + Duration::from_millis(1), keys("u"))),
            [true]
        );
    }

    #[test]
    fn r7_a_person_and_auto_repeat_are_never_a_burst() {
        let (mut tempo, start) = (Tempo::default(), Instant::now());
        for gap in [0, 1, 10, 33] {
            for nth in 0..100 {
                let arrived = tempo.arrived(start + Duration::from_millis(gap) * nth, keys("j"));
                assert_eq!(flags(&arrived), [false]);
            }
        }
        tempo.arrived(start, keys("jj"));
        assert_eq!(
            flags(&tempo.arrived(start + Duration::from_millis(10), keys("u"))),
            [false]
        );
    }

    #[test]
    fn r7_a_click_and_a_paste_are_no_burst() {
        let mut tempo = Tempo::default();
        let click = [MouseKind::Press, MouseKind::Release].map(|kind| {
            Input::Mouse(Mouse {
                kind,
                column: 1,
                row: 1,
            })
        });
        assert_eq!(
            flags(&tempo.arrived(Instant::now(), click.into_iter())),
            [false; 2]
        );
        let paste = [Input::Paste("jjju".into())];
        assert_eq!(
            flags(&tempo.arrived(Instant::now(), paste.into_iter())),
            [false]
        );
    }
}
