//! Keeps the event stream of any desk alive: resumes where it stood, and says when it cannot (R17).
//!
//! `rhythm` decides; [`keep`] does what it says. Between events nothing runs but one timer.

mod rhythm;

use std::{convert::Infallible, time::Duration};

use tokio::{
    sync::mpsc,
    time::{self, Instant},
};

use self::rhythm::Rhythm;
use super::{Desk, Event, EventStream, Trouble};
use crate::domain::text::Safe;

/// A desk says something every 15 seconds, if only a comment; after this long without, the line is dead: two of these
/// may be late, and who waits for the screen to tell knows within 41 seconds (R17).
pub const DEAD_AFTER: Duration = Duration::from_secs(40);
/// In how long those who were all told at once that what they know is void fetch again.
const SPREAD: Duration = Duration::from_secs(1);

/// What a link tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The stream is open, from where it stood on.
    Live,
    /// Something happened at the desk. Never [`What::Alive`](super::What::Alive), never
    /// [`What::Reset`](super::What::Reset).
    Event(Event),
    /// The line is gone; told once for each reason, until [`News::Live`].
    Lost {
        /// In words.
        why: Safe,
        /// How long nothing was heard before it was noticed: what is known is of then.
        silence: Duration,
    },
    /// As [`News::Lost`], and the desk says why: it does not know any more who asks, or lets them in no more. It is
    /// still asked now and then.
    ShutOut {
        /// In its words.
        why: Safe,
        /// How long nothing was heard before.
        silence: Duration,
    },
    /// What was known is void: fetch again. Told a moment later than the desk said so, at random, since it said so to
    /// others as well. The stream goes on by itself.
    Reset,
}

/// What a link needs of the world beside its desk.
pub struct Timing {
    /// How long nothing may be heard; production waits [`DEAD_AFTER`].
    pub dead_after: Duration,
    /// A duration between none and the one given, drawn at random.
    pub draw: fn(Duration) -> Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            dead_after: DEAD_AFTER,
            draw: at_random,
        }
    }
}

/// Tells what happens after the cursor `after`, until nobody listens any more.
///
/// The channel should be bounded: while it is full the stream is not read, and a desk that gets tired of
/// waiting sends `reset` or closes, which is resumed.
pub async fn keep<D: Desk>(desk: &D, after: Option<u64>, news: mpsc::Sender<News>, timing: Timing) {
    let link = Link {
        desk,
        news: &news,
        timing,
        rhythm: Rhythm::after(after),
        heard: Instant::now(),
    };
    tokio::select! {
        () = news.closed() => {}
        Err(Unheard) = link.run() => {}
    }
}

struct Link<'a, D> {
    desk: &'a D,
    news: &'a mpsc::Sender<News>,
    timing: Timing,
    rhythm: Rhythm,
    /// When the desk last said anything.
    heard: Instant,
}

/// Nobody listens any more.
struct Unheard;

impl<D: Desk> Link<'_, D> {
    async fn run(mut self) -> Result<Infallible, Unheard> {
        loop {
            let trouble = self.listen().await?;
            let silence = self.heard.elapsed();
            let (news, wait) = self.rhythm.broke(&trouble, silence, self.timing.draw);
            self.tell(news).await?;
            time::sleep(wait).await;
        }
    }

    /// Listens to one stream until it ends, and says why it did.
    async fn listen(&mut self) -> Result<Trouble, Unheard> {
        let mut stream = match self.desk.events(self.rhythm.cursor()).await {
            Ok(stream) => stream,
            Err(trouble) => return Ok(trouble),
        };
        let live = self.rhythm.opened();
        self.heard = Instant::now();
        self.tell(Some(live)).await?;
        loop {
            match time::timeout(self.timing.dead_after, stream.next()).await {
                Ok(Ok(event)) => {
                    self.heard = Instant::now();
                    let news = self.rhythm.heard(event);
                    if news == Some(News::Reset) {
                        time::sleep((self.timing.draw)(SPREAD)).await;
                    }
                    self.tell(news).await?;
                }
                Ok(Err(trouble)) => return Ok(trouble),
                Err(_) => {
                    let silence = Safe::literal("nothing was heard for too long");
                    return Ok(Trouble::Unreachable(silence));
                }
            }
        }
    }

    async fn tell(&self, news: Option<News>) -> Result<(), Unheard> {
        match news {
            Some(news) => self.news.send(news).await.map_err(|_| Unheard),
            None => Ok(()),
        }
    }
}

/// Uniform, to the microsecond. Without randomness from the system, which does not happen, half.
pub(crate) fn at_random(most: Duration) -> Duration {
    let share = getrandom::u32().unwrap_or(u32::MAX / 2);
    most.mul_f64(f64::from(share) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        desk::{What, scripted::Scripted},
        domain::id::ConversationId,
    };

    fn gone(cursor: u64) -> Event {
        Event {
            cursor: Some(cursor),
            what: What::Gone(ConversationId::parse("C1").unwrap()),
        }
    }

    /// A link to a scripted desk, with no waiting in it.
    fn link(desk: Scripted, after: Option<u64>, dead_after: Duration) -> mpsc::Receiver<News> {
        let (tell, news) = mpsc::channel(16);
        let draw = |_| Duration::ZERO;
        tokio::spawn(async move { keep(&desk, after, tell, Timing { dead_after, draw }).await });
        news
    }

    #[tokio::test]
    async fn r31_a_broken_stream_is_resumed_after_the_last_event() {
        let desk = Scripted::default();
        let mut news = link(desk.clone(), Some(3), DEAD_AFTER);
        assert_eq!(news.recv().await, Some(News::Live));
        desk.say(gone(4));
        assert_eq!(news.recv().await, Some(News::Event(gone(4))));
        desk.hang_up(Trouble::Unreachable(Safe::literal("reset by peer")));
        assert!(matches!(news.recv().await, Some(News::Lost { .. })));
        assert_eq!(news.recv().await, Some(News::Live));
        assert_eq!(desk.subscriptions(), [Some(3), Some(4)]);
    }

    #[tokio::test]
    async fn r17_a_line_on_which_nothing_comes_is_dead() {
        let desk = Scripted::default();
        let mut news = link(desk.clone(), None, Duration::from_millis(5));
        assert_eq!(news.recv().await, Some(News::Live));
        assert!(matches!(news.recv().await, Some(News::Lost { .. })));
        assert_eq!(news.recv().await, Some(News::Live));
    }

    #[tokio::test]
    async fn a_reset_is_told_and_a_comment_is_not() {
        let desk = Scripted::default();
        let mut news = link(desk.clone(), None, DEAD_AFTER);
        assert_eq!(news.recv().await, Some(News::Live));
        let (cursor, what) = (None, What::Alive);
        desk.say(Event { cursor, what });
        let (cursor, what) = (Some(70), What::Reset);
        desk.say(Event { cursor, what });
        assert_eq!(news.recv().await, Some(News::Reset));
    }

    #[tokio::test]
    async fn a_link_ends_when_nobody_listens() {
        let desk = Scripted::default();
        let (tell, mut news) = mpsc::channel(1);
        let kept = tokio::spawn({
            let desk = desk.clone();
            async move { keep(&desk, None, tell, Timing::default()).await }
        });
        assert_eq!(news.recv().await, Some(News::Live));
        drop(news);
        kept.await.unwrap();
    }

    #[test]
    fn r17_a_dead_line_is_shown_within_41_seconds_and_a_slow_one_is_not_taken_for_dead() {
        let dead_after = Timing::default().dead_after;
        assert!(
            dead_after <= Duration::from_secs(40),
            "and a second to show it"
        );
        // The desk speaks every 15 seconds: one of its words may be lost, and the next be late.
        assert!(dead_after > Duration::from_secs(2 * 15));
    }

    #[tokio::test]
    async fn r17_a_silent_line_says_since_when_it_is_silent() {
        let dead_after = Duration::from_millis(80);
        let desk = Scripted::default();
        let mut news = link(desk.clone(), Some(3), dead_after);
        assert_eq!(news.recv().await, Some(News::Live));
        let live = Instant::now();
        time::sleep(dead_after / 2).await;
        desk.say(gone(4));
        assert_eq!(news.recv().await, Some(News::Event(gone(4))));
        let Some(News::Lost { silence, .. }) = news.recv().await else {
            panic!("it is dead");
        };
        assert!(silence >= dead_after);
        assert!(
            silence + dead_after / 2 <= live.elapsed(),
            "since it was last heard"
        );
    }

    #[tokio::test]
    async fn those_who_are_all_told_to_fetch_anew_do_so_at_random_moments() {
        let desk = Scripted::default();
        let (tell, mut news) = mpsc::channel(16);
        let timing = Timing {
            draw: |most| most / 20,
            ..Timing::default()
        };
        let kept = desk.clone();
        tokio::spawn(async move { keep(&kept, None, tell, timing).await });
        assert_eq!(news.recv().await, Some(News::Live));
        let said = Instant::now();
        let (cursor, what) = (Some(70), What::Reset);
        desk.say(Event { cursor, what });
        assert_eq!(news.recv().await, Some(News::Reset));
        assert!(said.elapsed() >= SPREAD / 20);
    }

    #[test]
    fn a_draw_stays_within_what_it_is_given() {
        for _ in 0..1000 {
            assert!(at_random(Duration::from_secs(1)) <= Duration::from_secs(1));
        }
        assert_eq!(at_random(Duration::ZERO), Duration::ZERO);
    }
}
