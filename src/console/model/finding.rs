//! Looking for conversations: what was typed, what was found, and the list one comes back to.

use std::collections::{BTreeMap, HashMap};

use super::{Field, List, Marked, Model, Ticket};
use crate::{
    desk::{Colleague, Hit, HitMessage},
    domain::{
        completion::{Completion, Known, completions},
        id::ConversationId,
        moment::Moment,
        search::{Search, Term, Value},
        spelling::nearest,
        text::Safe,
        word,
    },
    say,
};

/// A search, from the key that opens it until one is back in the list. What it finds stands in
/// [`Model::list`], in the order it was found.
#[derive(Debug, Default)]
pub struct Finding {
    /// What was typed.
    pub typed: Field,
    /// What is wrong with it.
    pub misread: Option<Safe>,
    /// What the list shows the findings of; `None` while there is nothing to look for.
    pub of: Option<Search>,
    /// Where in each conversation something was found, and when a closed one was closed.
    pub hits: HashMap<ConversationId, Trace>,
    /// The desk has not looked as far as it could yet.
    pub partial: bool,
    /// There is more than is kept.
    pub too_many: bool,
    /// The people one may know of, to look for what they have.
    pub people: Vec<Colleague>,
    /// The list as it was, to come back to.
    pub kept: Box<List>,
    /// The marks as they were.
    pub marks: BTreeMap<ConversationId, Marked>,
    /// The newest wish to look once the keys rest.
    pub(in crate::console) wish: Option<Ticket>,
}

/// What a search knows of a conversation beyond its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The message in which it was found.
    pub message: Option<HitMessage>,
    /// When it was closed, if it is.
    pub closed_at: Option<Moment>,
}

impl Trace {
    /// What there is to know of a finding.
    #[must_use]
    pub fn of(hit: &Hit) -> Self {
        Self {
            message: hit.message.clone(),
            closed_at: hit.closed_at,
        }
    }
}

/// Findings kept at most; who needs more narrows the search.
pub const MOST_FOUND: usize = 2_000;

impl Finding {
    /// How what is typed could go on.
    #[must_use]
    pub fn offers(&self, model: &Model) -> Vec<Completion> {
        completions(&self.typed.text, &self.known(model))
    }

    /// What was looked for by a name that nothing has which one knows of, if anything was.
    #[must_use]
    pub fn doubt(&self, model: &Model) -> Option<Safe> {
        let known = self.known(model);
        let usernames: Vec<Safe> = known.people.iter().map(|(name, _)| name.clone()).collect();
        let full: Vec<Safe> = known.people.iter().map(|(_, name)| name.clone()).collect();
        let doubt = |what: &str, value: &Value, names: &[Safe], others: &[Safe]| {
            let mut all = names.iter().chain(others);
            if names.is_empty() || all.any(|name| word::begins(name.as_str(), &value.text)) {
                return None;
            }
            let nearest = nearest(&value.text, names.iter().map(Safe::as_str));
            Some(match nearest {
                Some(meant) => say!("You know no {what} {}: did you mean {meant}?", value.text),
                None => say!(
                    "You know no {what} {}: Tab offers those you know",
                    value.text
                ),
            })
        };
        let terms = &self.of.as_ref()?.terms;
        terms.iter().find_map(|term| match term {
            Term::Queue(value) => doubt("queue", value, &known.queues, &[]),
            Term::Status(value) => doubt("status", value, &known.statuses, &[]),
            Term::Channel(value) => doubt("channel", value, &known.channels, &[]),
            Term::By(value) if !["me", "nobody"].contains(&value.text.as_str()) => {
                doubt("advisor", value, &usernames, &full)
            }
            _ => None,
        })
    }

    /// What one can look for by name.
    fn known(&self, model: &Model) -> Known {
        let rows = self.kept.inbox.rows().chain(model.list.inbox.rows());
        let mut channels: Vec<Safe> = rows.map(|row| row.channel.clone()).collect();
        channels.sort();
        channels.dedup();
        let colleague = |one: &Colleague| (one.username.clone(), one.user.name.clone());
        Known {
            queues: model
                .queues
                .iter()
                .map(|queue| queue.queue.name.clone())
                .collect(),
            statuses: model
                .statuses
                .iter()
                .map(|status| status.name.clone())
                .collect(),
            channels,
            people: self.people.iter().map(colleague).collect(),
        }
    }
}
