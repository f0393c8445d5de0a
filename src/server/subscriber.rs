//! One reader of the stream: what it has seen, and what it hears next.
//!
//! It is asked for its next words only when the last ones are written, so that a slow reader is never waited
//! for; what it hears is decided then, by the team of that moment (R32).

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures_util::{Stream, stream};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{
    consoles::Present,
    error::Answer,
    hub::{Change, Frame, Newest, News, Says, frame},
    reach,
    session::Caller,
    store::StoreError,
    streams::Counted,
    tally::Tally,
    world::World,
};
use crate::{
    domain::{conversation::Standing, event::Heard, id::ConversationId},
    wire::event,
};

/// How many events one reader may be behind; beyond, fetching anew is cheaper.
const PENDING: usize = 200;
/// How often something is said even if nothing happens, so that a dead line is noticed (R31).
const ALIVE: Duration = Duration::from_secs(15);
/// Counts are told at most this often.
const COUNTS: Duration = Duration::from_millis(500);
/// When consoles are told to come back after the desk closed: at random in so many milliseconds (R36).
const COME_BACK: u16 = 5_000;

/// One reader of the stream.
pub(crate) struct Subscriber {
    world: World,
    caller: Caller,
    /// The last entry that was dealt with.
    position: u64,
    /// The last cursor that was told: a resume begins there.
    told: u64,
    /// The last glimpse that was dealt with.
    glimpsed: u64,
    begin: Begin,
    /// `None` until the store has given it, and again after a reset.
    tally: Option<Tally>,
    counts_due: Instant,
    alive_due: Instant,
    news: watch::Receiver<Newest>,
    closing: watch::Receiver<bool>,
    ended: bool,
    /// One of so many (R35).
    counted: Counted,
    /// Signed in for as long as this is read (Q9).
    _present: Option<Present>,
}

impl Subscriber {
    /// A reader who is about to listen, and has seen everything up to `position`: an entry of the log that the
    /// hub may not have come to yet, since a page of the list is as new as the database.
    pub(crate) fn new(
        world: World,
        caller: Caller,
        begin: Begin,
        position: u64,
        (counted, present): (Counted, Option<Present>),
    ) -> Self {
        Self {
            position,
            told: position,
            glimpsed: match begin {
                Begin::Returning => world.hub.glimpsed_at(position),
                Begin::Now | Begin::Lost => world.hub.glimpsed(),
            },
            begin,
            tally: None,
            counts_due: Instant::now(),
            alive_due: Instant::now(),
            news: world.hub.news(),
            closing: world.closing.clone(),
            ended: false,
            counted,
            _present: present,
            world,
            caller,
        }
    }

    /// Its words, in chunks that each end with a whole event.
    pub(crate) fn stream(self) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
        stream::unfold(self, async |mut reader| {
            let words = reader.next().await?;
            Some((Ok(words), reader))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        while !self.ended {
            if *self.closing.borrow() {
                self.ended = true;
                return Some(farewell());
            }
            if self.counted.is_over() {
                return None;
            }
            // Seen before looking, so that what comes while looking wakes us again.
            self.news.mark_unchanged();
            let mut words = Vec::new();
            match self.still_there().await {
                Ok(Reach::Same) => self.hear(&mut words),
                Ok(Reach::Another) => self.begin_anew(&mut words),
                Err(failure) => {
                    tracing::debug!(?failure, "a stream ends: its reader is no longer signed in");
                    self.ended = true;
                    return None;
                }
            }
            self.count(&mut words).await;
            self.stay_alive(&mut words);
            if !words.is_empty() {
                return Some(words.into());
            }
            self.wait().await;
        }
        None
    }

    /// Whether the reader is still who they were (R32). The database not answering changes nothing.
    async fn still_there(&mut self) -> Answer<Reach> {
        let directory = self.world.store.directory();
        if directory.version == self.caller.directory.version && Instant::now() < self.alive_due {
            return Ok(Reach::Same);
        }
        let shown = self.caller.credential.clone();
        let now = match self.world.sessions.who(&self.world.store, shown).await {
            Err(failure) if failure.is_unavailable() => return Ok(Reach::Same),
            now => now?,
        };
        let changed = now.person.id != self.caller.person.id
            || reach::changed(&self.caller.directory, &now.directory, &self.caller.person);
        self.caller = now;
        Ok(if changed { Reach::Another } else { Reach::Same })
    }

    /// What happened since, as far as this reader may hear of it.
    fn hear(&mut self, words: &mut Vec<u8>) {
        let news = match self.begin {
            Begin::Lost => None,
            Begin::Now | Begin::Returning => self.world.hub.after(self.position, self.glimpsed),
        };
        let Some(News {
            frames,
            glimpses,
            glimpsed,
        }) = news
        else {
            return self.begin_anew(words);
        };
        let latest = latest(&frames);
        // What changed of the team while they were away, one who comes back has not seen.
        let was_away = matches!(self.begin, Begin::Returning);
        self.begin = Begin::Now;
        let mut heard = 0;
        for frame in &frames {
            self.position = frame.cursor;
            match &frame.says {
                Says::Changed(change) => {
                    let now = latest.get(&change.entry.conversation).copied();
                    if self.hear_of(change, now.unwrap_or(&change.now), words) {
                        self.told = frame.cursor;
                        heard += 1;
                    }
                }
                // What it means for one who was here was seen when the directory changed.
                Says::Team if !was_away => {}
                Says::Team | Says::Anew => heard = usize::MAX,
            }
            if heard > PENDING {
                words.clear();
                self.attend(&frames, words);
                return self.begin_anew(words);
            }
        }
        self.glimpsed = glimpsed;
        let (person, team) = (&self.caller.person, &self.caller.directory.team);
        let glimpses = glimpses.iter().filter(|g| team.can_see(person, &g.now));
        for glimpse in glimpses {
            words.extend_from_slice(&glimpse.row);
            heard += 1;
        }
        if heard > PENDING {
            words.clear();
            self.begin_anew(words);
        }
    }

    /// One change, for a conversation that stands as `now` says; whether there was anything to hear.
    fn hear_of(&mut self, change: &Change, now: &Standing, words: &mut Vec<u8>) -> bool {
        let (person, team) = (&self.caller.person, &self.caller.directory.team);
        if let Some(tally) = &mut self.tally {
            tally.add(&change.entry, person, team);
        }
        let heard = change.entry.heard_by(person, team, now);
        if heard != Heard::Nothing {
            let theirs = change
                .attention
                .iter()
                .filter(|(whom, _)| *whom == person.id);
            theirs.for_each(|(_, attention)| words.extend_from_slice(attention));
        }
        match heard {
            Heard::Row => words.extend_from_slice(&change.heard),
            Heard::Gone => words.extend_from_slice(&change.gone),
            Heard::Nothing => return false,
        }
        true
    }

    /// What the reader is to be told though no row says it (U9): fetching anew makes up for all but this.
    fn attend(&self, frames: &[Arc<Frame>], words: &mut Vec<u8>) {
        let (person, team) = (&self.caller.person, &self.caller.directory.team);
        for frame in frames {
            if let Says::Changed(change) = &frame.says
                && change.entry.heard_by(person, team, &change.now) != Heard::Nothing
            {
                words.extend(change.attention_of(&person.id));
            }
        }
    }

    /// What the reader knows is void; the stream goes on from the newest entry.
    fn begin_anew(&mut self, words: &mut Vec<u8>) {
        self.begin = Begin::Now;
        self.position = self.world.hub.head();
        self.told = self.position;
        self.glimpsed = self.world.hub.glimpsed();
        self.tally = None;
        words.extend_from_slice(&frame(event::RESET, Some(self.position), &Empty {}));
    }

    /// The counts, if they changed and were not told a moment ago.
    async fn count(&mut self, words: &mut Vec<u8>) {
        if Instant::now() < self.counts_due {
            return;
        }
        if self.tally.is_none() {
            match self.fresh_tally().await {
                Ok(tally) => self.tally = Some(tally),
                Err(error) => tracing::warn!(%error, "cannot count for a stream"),
            }
            self.counts_due = Instant::now() + COUNTS;
        }
        if let Some(news) = self.tally.as_mut().and_then(Tally::news) {
            words.extend_from_slice(&frame(event::COUNTS, None, &news));
            self.counts_due = Instant::now() + COUNTS;
        }
    }

    async fn fresh_tally(&self) -> Result<Tally, StoreError> {
        let (_, queues, as_of) = self.world.store.counts(&self.caller.person).await?;
        Ok(Tally::new(queues, as_of))
    }

    /// A sign of life, with the cursor up to which there was nothing for this reader: coming back after a
    /// quiet hour is then no reset, however much others heard.
    fn stay_alive(&mut self, words: &mut Vec<u8>) {
        let now = Instant::now();
        if !words.is_empty() {
            self.alive_due = now + ALIVE;
            return;
        }
        if now < self.alive_due {
            return;
        }
        if self.told < self.position {
            self.told = self.position;
            words.extend_from_slice(format!("id: {}\n", self.told).as_bytes());
        }
        words.extend_from_slice(b": alive\n\n");
        self.alive_due = now + ALIVE;
    }

    async fn wait(&mut self) {
        let counts_wait = self.tally.as_ref().is_none_or(Tally::has_news);
        let due = if counts_wait {
            self.alive_due.min(self.counts_due)
        } else {
            self.alive_due
        };
        tokio::select! {
            _ = self.news.changed() => {}
            _ = self.closing.changed() => {}
            () = self.counted.ends() => {}
            () = sleep_until(due) => {}
        }
    }
}

/// How a reader begins to listen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begin {
    /// With what comes.
    Now,
    /// Where they left off.
    Returning,
    /// With a reset: where they left off is not in this log.
    Lost,
}

/// Whether a reader still sees what they saw.
enum Reach {
    Same,
    Another,
}

/// `{}`: a reset says nothing more.
#[derive(serde::Serialize)]
struct Empty {}

/// How each conversation stands by the newest of these frames: one that has left the reader's sight since is
/// not shown to them again on its way there.
fn latest(frames: &[Arc<Frame>]) -> HashMap<&ConversationId, &Standing> {
    if frames.len() < 2 {
        return HashMap::new();
    }
    frames
        .iter()
        .filter_map(|frame| match &frame.says {
            Says::Changed(change) => Some((&change.entry.conversation, &change.now)),
            Says::Team | Says::Anew => None,
        })
        .collect()
}

/// The last words of a desk that closes: when to come back, at random, so that not all come at once (R36).
fn farewell() -> Bytes {
    let mut random = [0; 2];
    // Without randomness all come at once: worse, but no reason to fail.
    let _ = getrandom::fill(&mut random);
    let wait = u16::from_ne_bytes(random) % COME_BACK;
    Bytes::from(format!("retry: {wait}\n: closing\n\n"))
}
