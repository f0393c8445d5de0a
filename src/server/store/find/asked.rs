//! What a search asks of a conversation, with the names it uses looked up.

use std::collections::{BTreeSet, HashSet};

use super::FindQuery;
use crate::{
    domain::{
        conversation::State,
        id::{QueueId, UserId},
        moment::Moment,
        person::Person,
        search::{Is, Term, Value},
        word::{self, Spoken},
    },
    server::store::{
        conversation::Stored,
        directory::Directory,
        holding::Holding,
        text::Needed,
        word::{Wanted, wanted},
    },
};

/// What a search asks of a conversation.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Words that are in the contact or in the message.
    pub(super) words: Vec<Either>,
    /// Words that stand side by side in the message.
    pub(super) said: Vec<Said>,
    /// Words of the contact.
    pub(super) contact: Vec<Wanted>,
    /// The message is not older.
    pub(super) since: Option<Moment>,
    /// The message is older.
    pub(super) before: Option<Moment>,
    open: Option<bool>,
    unanswered: Option<bool>,
    /// Nothing can be both, as an open and a closed one at once.
    queues: Option<HashSet<QueueId>>,
    holders: Option<HashSet<Option<UserId>>>,
    channels: Vec<Value>,
    statuses: Vec<Value>,
}

/// A word that is in the contact, or in the message.
#[derive(Debug)]
pub(super) struct Either {
    pub(super) contact: Vec<Wanted>,
    pub(super) said: Said,
}

/// Words side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    words: Vec<String>,
    /// The last one may go on.
    begun: bool,
}

impl Said {
    fn of(text: &str, begun: bool) -> Self {
        Self {
            words: word::spoken(text).map(|spoken| spoken.word).collect(),
            begun,
        }
    }

    /// Where a message says so, each time.
    pub(super) fn in_message<'a>(
        &'a self,
        message: &'a [Spoken],
    ) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        let last = self.words.len() - 1;
        let fits = move |there: &[Spoken]| {
            there
                .iter()
                .zip(&self.words)
                .enumerate()
                .all(|(n, (there, wanted))| {
                    if n == last && self.begun {
                        there.word.starts_with(wanted.as_str())
                    } else {
                        there.word == *wanted
                    }
                })
        };
        message
            .windows(self.words.len())
            .filter(move |there| fits(there))
            .map(|there| there[0].at.start..there[there.len() - 1].at.end)
    }

    /// The words that a message which says so has.
    pub(super) fn needs(&self, needed: &mut Needed) {
        for (n, word) in self.words.iter().enumerate() {
            if self.begun && n == self.words.len() - 1 {
                needed.begun.insert(word.clone());
            } else {
                needed.whole.insert(word.clone());
            }
        }
    }
}

impl Asked {
    pub(super) fn of(query: &FindQuery, directory: &Directory, viewer: &Person) -> Self {
        let mut asked = Self {
            since: query.since,
            before: query.before,
            ..Self::default()
        };
        let (mut states, mut waits) = (BTreeSet::new(), BTreeSet::new());
        let terms = &query.search.terms;
        let last = terms.iter().rposition(|term| matches!(term, Term::Word(_)));
        for (n, term) in terms.iter().enumerate() {
            match term {
                Term::Word(word) => asked.words.push(Either {
                    contact: wanted(word),
                    said: Said::of(word, last == Some(n)),
                }),
                Term::Text(value) => asked.said.push(Said::of(&value.text, !value.whole)),
                Term::Contact(value) => asked.contact.extend(wanted(&value.text)),
                Term::Queue(value) => asked.in_queue(value, directory),
                Term::Channel(value) => asked.channels.push(value.clone()),
                Term::Status(value) => asked.statuses.push(value.clone()),
                Term::By(value) => asked.held_by(value, directory, viewer),
                Term::Is(Is::Open) => _ = states.insert(true),
                Term::Is(Is::Closed) => _ = states.insert(false),
                Term::Is(Is::Unanswered) => _ = waits.insert(true),
                Term::Is(Is::Answered) => _ = waits.insert(false),
                Term::Is(Is::Unassigned) => asked.holder(None),
                Term::Is(Is::Mine) => asked.holder(Some(viewer.id.clone())),
                Term::From(_) | Term::Until(_) => {} // Days are whose clock they are asked by: see `since`.
            }
        }
        let only = |set: &BTreeSet<bool>| set.first().copied().filter(|_| set.len() == 1);
        asked.open = only(&states);
        asked.unanswered = only(&waits);
        // Words without a letter are asked of nothing.
        asked.words.retain(|either| !either.said.words.is_empty());
        asked.said.retain(|said| !said.words.is_empty());
        asked
    }

    fn in_queue(&mut self, value: &Value, directory: &Directory) {
        let queues = self.queues.get_or_insert_default();
        let meant = directory
            .queues
            .iter()
            .filter(|(id, queue)| id.as_str() == value.text || is_called(value, &queue.name));
        queues.extend(meant.map(|(id, _)| id.clone()));
    }

    fn held_by(&mut self, value: &Value, directory: &Directory, viewer: &Person) {
        match value.text.as_str() {
            "me" if !value.whole => return self.holder(Some(viewer.id.clone())),
            "nobody" if !value.whole => return self.holder(None),
            _ => {}
        }
        let holders = self.holders.get_or_insert_default();
        let meant = directory.users.iter().filter(|(id, user)| {
            id.as_str() == value.text
                || is_called(value, &user.username)
                || is_called(value, &user.name)
                || (!value.whole && has_words(&user.name, &value.text))
        });
        holders.extend(meant.map(|(id, _)| Some(id.clone())));
    }

    fn holder(&mut self, holder: Option<UserId>) {
        self.holders.get_or_insert_default().insert(holder);
    }

    /// Whether any of what somebody has in a queue can be meant.
    pub(super) fn is_about(&self, holding: &Holding) -> bool {
        self.open != Some(false) && self.is_there(&holding.queue, holding.assignee.as_ref())
    }

    /// Whether any of the closed ones of a queue can be meant.
    pub(super) fn is_about_closed(&self, queue: &QueueId) -> bool {
        self.open != Some(true) && self.is_there(queue, None)
    }

    fn is_there(&self, queue: &QueueId, assignee: Option<&UserId>) -> bool {
        self.queues
            .as_ref()
            .is_none_or(|queues| queues.contains(queue))
            && self
                .holders
                .as_ref()
                .is_none_or(|holders| holders.contains(&assignee.cloned()))
    }

    /// Whether a conversation is one that the fields mean, but for those about its messages and contact.
    pub(super) fn accepts(&self, conversation: &Stored) -> bool {
        let facts = &conversation.facts;
        let status = facts.status.as_deref().unwrap_or_default();
        self.open
            .is_none_or(|open| open == (facts.state == State::Open))
            && self
                .unanswered
                .is_none_or(|waits| waits == facts.unanswered)
            && self.is_there(&facts.queue, facts.assignee.as_ref())
            && is_one_of(&self.channels, &conversation.channel)
            && is_one_of(&self.statuses, status)
            && self.since.is_none_or(|since| {
                conversation
                    .last_message
                    .as_ref()
                    .is_some_and(|last| last.at >= since)
            })
    }

    /// Conditions that leave out only what [`Asked::accepts`] would: `c` is the conversation. What they are asked with
    /// stands in the order of its placeholders, which begin at `$next`.
    pub(super) fn conditions(&self, directory: &Directory, next: usize) -> (String, Vec<String>) {
        let mut sql = String::new();
        let mut values = Vec::new();
        if let Some(open) = self.open {
            sql += &format!(" AND c.open = {}", i64::from(open));
        }
        if let Some(waits) = self.unanswered {
            sql += if waits {
                " AND c.grp < 2"
            } else {
                " AND c.grp >= 2"
            };
        }
        let mut none_of = |column: &str, asked: &[Value], known: BTreeSet<&str>| {
            if asked.is_empty() {
                return;
            }
            let others = known.into_iter().filter(|name| !is_one_of(asked, name));
            let mut places = vec!["''".to_owned()];
            for other in others {
                values.push(other.to_owned());
                places.push(format!("${}", next + values.len() - 1));
            }
            sql += &format!(" AND c.{column} NOT IN ({})", places.join(", "));
        };
        let channels = directory.channels.keys().map(String::as_str).collect();
        none_of("channel", &self.channels, channels);
        let statuses = directory.team.statuses.iter();
        let statuses = statuses.map(|(_, name)| name.as_str()).collect();
        none_of("status", &self.statuses, statuses);
        for Wanted(ranges) in &self.contact {
            let mut ways = Vec::new();
            for (from, to) in ranges {
                values.extend([from.clone(), to.clone()]);
                let (to, from) = (next + values.len() - 1, next + values.len() - 2);
                ways.push(format!(
                    "EXISTS (SELECT 1 FROM contact_word w WHERE w.contact = c.contact \
                     AND w.word >= ${from} AND w.word < ${to})"
                ));
            }
            sql += &format!(" AND ({})", ways.join(" OR "));
        }
        (sql, values)
    }

    /// Whether messages have to be read to know.
    pub(super) fn reads_messages(&self) -> bool {
        !self.said.is_empty() || !self.words.is_empty() || self.before.is_some()
    }

    /// Whether words are looked for at all, so that an index of words can help.
    pub(super) fn has_words(&self) -> bool {
        !self.said.is_empty() || !self.words.is_empty() || !self.contact.is_empty()
    }
}

/// Whether a name is what a field says: that, or beginning so.
fn is_called(value: &Value, name: &str) -> bool {
    match value.whole {
        true => word::same(name, &value.text),
        false => word::begins(name, &value.text),
    }
}

/// Whether each word is the beginning of one of a name's words.
fn has_words(name: &str, text: &str) -> bool {
    word::folded(text).all(|wanted| word::folded(name).any(|word| word.starts_with(&wanted)))
}

/// Whether a name is what one of these fields says; if there are none, every name is.
fn is_one_of(fields: &[Value], name: &str) -> bool {
    fields.is_empty() || fields.iter().any(|value| is_called(value, name))
}
