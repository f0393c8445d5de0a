//! Finding conversations by who wrote and what was written, closed ones too, the one heard of last first (F1, V7).
//!
//! A search walks through what its viewer sees: [`walk`]. Where few messages or contacts have the rarest of its words, it
//! asks the indexes of words instead: [`rare`]. Either way what it comes to is read and decided on here, by the same rules
//! as every list (V8) and the same on both databases: [`asked`] by conversation, [`reading`] by message. After a
//! while it answers with what it has, and where to go on.

mod asked;
mod excerpt;
mod rare;
mod reading;
mod walk;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use sqlx::{Any, AssertSqlSafe, Transaction};

pub use self::excerpt::Part;
use self::{
    asked::Asked,
    walk::{Path, Spot},
};
use super::{
    Result, Store,
    conversation::Stored,
    directory::Directory,
    held::places,
    holding::Holding,
    known::{Kept, log_head},
    list::closed_in,
    sight::Sight,
};
use crate::domain::{
    conversation::State,
    id::{MessageId, QueueId, UserId},
    moment::Moment,
    person::Person,
    search::Search,
};

/// What somebody looks for, and how much of it at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindQuery {
    /// What. Days in it count for nothing here: whoever knows whose days they are says them in the next two.
    pub search: Search,
    /// Only messages not older than this.
    pub since: Option<Moment>,
    /// Only messages older than this.
    pub before: Option<Moment>,
    /// Where another answer said that it goes on.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: u16,
    /// How long it looks before it answers with what it has. However short, it goes on a little each time.
    pub within: Duration,
}

/// How long a search takes before it answers with what it has.
pub const FIND_WITHIN: Duration = Duration::from_millis(80);

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Conversations, the one heard of last first.
    pub hits: Vec<Hit>,
    /// Where it goes on; `None` if there is nothing more.
    pub next: Option<String>,
    /// It took too long to look as far as was asked for.
    pub partial: bool,
    /// The cursor of the log at which all of this is true.
    pub as_of: u64,
}

/// A conversation that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The conversation.
    pub conversation: Stored,
    /// The newest of its messages that says what was looked for; `None` if the contact alone is it.
    pub message: Option<HitMessage>,
    /// When it was closed, if it is and the history says so.
    pub closed_at: Option<Moment>,
}

/// A message in which something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitMessage {
    /// Which.
    pub id: MessageId,
    /// When it was written.
    pub at: Moment,
    /// At most 200 bytes of it, around what was found.
    pub excerpt: Vec<Part>,
}

/// From so many branches on, one walks through all there is and leaves out what is not theirs.
const MANY_BRANCHES: usize = 64;
/// How many conversations the first stretch of a walk has; each further one has four times as many.
const FIRST_STRETCH: usize = 128;
/// The longest one.
const LONGEST_STRETCH: usize = 4_096;

impl Store {
    /// What `viewer` finds. Without the permission `conversations`: nothing (V6).
    ///
    /// # Errors
    /// [`StoreError::NotACursor`](super::StoreError::NotACursor), or the database's.
    pub async fn find(&self, viewer: &Person, query: &FindQuery) -> Result<Found> {
        let directory = self.directory();
        let asked = Asked::of(query, &directory, viewer);
        let from = match &query.cursor {
            None => Spot::top(),
            Some(cursor) => Spot::from_cursor(cursor)?,
        };
        let mut at_once = self.snapshot().await?;
        let as_of = log_head(&mut at_once).await?;
        let mut found = match path(&self.kept, &mut at_once, &directory, viewer, &asked).await? {
            Path::Of(branches) if branches.is_empty() => Found::default(),
            path => {
                let mut finding = Finding {
                    kind: self.kind,
                    directory: &directory,
                    viewer,
                    asked: &asked,
                    tx: &mut at_once,
                    limit: query.limit.into(),
                    until: Instant::now().checked_add(query.within),
                    hits: Vec::new(),
                };
                finding.run(path, from).await?
            }
        };
        say_when_closed(&mut at_once, &mut found.hits).await?;
        at_once.rollback().await?;
        found.as_of = as_of;
        Ok(found)
    }

    /// How the database would walk for a search, and how it would ask its index of words, in its own words: for
    /// tests of the indexes.
    ///
    /// # Errors
    /// The database's.
    pub async fn explain_find(&self, viewer: &Person, query: &FindQuery) -> Result<Vec<String>> {
        let directory = self.directory();
        let asked = Asked::of(query, &directory, viewer);
        let mut at_once = self.snapshot().await?;
        let path = path(&self.kept, &mut at_once, &directory, viewer, &asked).await?;
        let mut plan = walk::explain(&mut at_once, self.kind, (&path, &asked, &directory)).await?;
        plan.extend(rare::explain(&mut at_once, self.kind, &asked).await?);
        at_once.rollback().await?;
        Ok(plan)
    }
}

/// What is to be walked through: no more than what the viewer sees and the search is about.
async fn path(
    kept: &Kept,
    tx: &mut Transaction<'static, Any>,
    directory: &Directory,
    viewer: &Person,
    asked: &Asked,
) -> Result<Path> {
    let team = &directory.team;
    let sight = Sight { team, viewer };
    let known = sight.known(&kept.holdings(tx).await?, None);
    let open = known
        .each()
        .filter(|(holding, seen)| seen.sees && asked.is_about(holding));
    let branch = |(h, _): (&Holding, _)| (h.queue.clone(), h.assignee.clone(), true);
    let mut branches: Vec<(QueueId, Option<UserId>, bool)> = open.map(branch).collect();
    let closed = team.queues.keys();
    let closed = closed
        .filter(|queue| asked.is_about_closed(queue) && team.can_see(viewer, &closed_in(queue)));
    branches.extend(closed.map(|queue| (queue.clone(), None, false)));
    Ok(if branches.len() > MANY_BRANCHES {
        Path::All
    } else {
        Path::Of(branches)
    })
}

/// When the closed ones were closed.
async fn say_when_closed(tx: &mut Transaction<'static, Any>, hits: &mut [Hit]) -> Result<()> {
    let is_closed = |hit: &&mut Hit| hit.conversation.facts.state == State::Closed;
    let mut closed: HashMap<String, &mut Hit> = hits
        .iter_mut()
        .filter(is_closed)
        .map(|hit| (hit.conversation.facts.id.to_string(), hit))
        .collect();
    if closed.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT conversation, max(at) FROM history WHERE conversation IN ({}) AND kind = 'state' \
         AND became = 'closed' GROUP BY conversation",
        places(1, closed.len())
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for id in closed.keys() {
        query = query.bind(id.clone());
    }
    let times: Vec<(String, i64)> = query.fetch_all(&mut **tx).await?;
    for (conversation, at) in times {
        if let Some(hit) = closed.get_mut(&conversation) {
            hit.closed_at = Some(Moment(at));
        }
    }
    Ok(())
}

/// A search under way.
struct Finding<'a> {
    kind: super::database::Kind,
    directory: &'a Directory,
    viewer: &'a Person,
    asked: &'a Asked,
    tx: &'a mut Transaction<'static, Any>,
    limit: usize,
    /// `None`: no matter how long it takes.
    until: Option<Instant>,
    hits: Vec<Hit>,
}

/// How far a search came with some conversations.
enum Came {
    /// Through all of them.
    Through,
    /// To this one: no more are wanted, or it took too long.
    To(Spot, Why),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Enough,
    TooLong,
}

impl Finding<'_> {
    async fn run(&mut self, path: Path, mut from: Spot) -> Result<Found> {
        let mut length = FIRST_STRETCH;
        loop {
            let here = (&path, self.asked, self.directory);
            let stretch = walk::stretch(self.tx, here, &from, length).await?;
            if let Came::To(spot, why) = self.look_through(stretch.rows).await? {
                return Ok(self.so_far(Some(&spot), why == Why::TooLong));
            }
            let Some(end) = stretch.end else {
                return Ok(self.so_far(None, false));
            };
            if self.is_late() {
                return Ok(self.so_far(Some(&end), true));
            }
            from = end;
            if length == FIRST_STRETCH && self.asked.has_words() {
                // What is common would have been met by now; what is rare the indexes know.
                let rare = rare::few(self.tx, self.kind, self.asked).await?;
                if let Some(ids) = rare {
                    return self.look_at_few(&ids, &from).await;
                }
            }
            length = (length * 4).min(LONGEST_STRETCH);
        }
    }

    /// Looks through the conversations that can be the only ones.
    async fn look_at_few(&mut self, few: &rare::Few, from: &Spot) -> Result<Found> {
        let mut rows = few.read(self.tx).await?;
        rows.retain(|row| Spot::of(row) < *from);
        rows.sort_by_cached_key(|row| std::cmp::Reverse(Spot::of(row)));
        Ok(match self.look_through(rows).await? {
            Came::Through => self.so_far(None, false),
            Came::To(spot, why) => self.so_far(Some(&spot), why == Why::TooLong),
        })
    }

    /// Looks through conversations in their order, as far as is wanted and there is time.
    async fn look_through(&mut self, mut rows: Vec<Stored>) -> Result<Came> {
        let team = &self.directory.team;
        rows.retain(|row| {
            self.asked.accepts(row) && team.can_see(self.viewer, &row.facts.standing())
        });
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some = reading::some_of(&mut rows);
            let mut last = None;
            for (row, verdict) in reading::read(self.tx, self.asked, some).await? {
                let spot = Spot::of(&row);
                if let Some(message) = verdict {
                    self.hits.push(Hit {
                        conversation: row,
                        message,
                        closed_at: None,
                    });
                }
                if self.hits.len() == self.limit {
                    return Ok(Came::To(spot, Why::Enough));
                }
                last = Some(spot);
            }
            if let Some(spot) = last.filter(|_| self.is_late() && rows.peek().is_some()) {
                return Ok(Came::To(spot, Why::TooLong));
            }
        }
        Ok(Came::Through)
    }

    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    fn so_far(&mut self, next: Option<&Spot>, partial: bool) -> Found {
        Found {
            hits: std::mem::take(&mut self.hits),
            next: next.map(Spot::cursor),
            partial,
            as_of: 0,
        }
    }
}
