//! What was written and not sent: drafts of this console, of dead ones, and of other consoles of one's own (R23).

use std::collections::{BTreeMap, HashMap};

use super::{Loaded, Model};
use crate::{
    console::{
        compose::Kind,
        draft::{Kept, Unsure, Where},
    },
    desk::Detail,
    domain::{id::ConversationId, moment::Moment, row::Row, text::Safe},
};

/// What is known of drafts beside their texts.
#[derive(Debug, Default)]
pub struct Shelf {
    /// When the ones gone on with here were written last, and whom they are to.
    pub(in crate::console) about: HashMap<(Kind, ConversationId), (Moment, Safe)>,
    /// The ones beside these, and other consoles'.
    pub(in crate::console) others: Vec<Kept>,
    /// What the desk was asked to take, and nobody knows whether it has it.
    pub(in crate::console) unsure: HashMap<(Kind, ConversationId), Unsure>,
    /// The one that was dropped last, and when.
    pub(in crate::console) dropped: Option<(Moment, Kept)>,
}

/// Which draft: of what, and under which name if it is not the one gone on with.
pub type Key = (Kind, ConversationId, Option<String>);

impl Model {
    /// What is written in the composer, if nobody knows whether the desk has it.
    #[must_use]
    pub fn unsure(&self) -> Option<&Unsure> {
        let composer = self.composer.as_ref()?;
        let which = (composer.kind, composer.row.id.clone());
        let unsure = self.shelf.unsure.get(&which)?;
        (composer.sending.is_none() && unsure.text == composer.text()).then_some(unsure)
    }
}

/// The view of drafts.
#[derive(Debug, Default)]
pub struct DraftsShown {
    /// The draft the cursor is on.
    pub cursor: Option<Key>,
    /// The first line shown.
    pub top: usize,
    /// How many lines the text at the right is scrolled down.
    pub scroll: usize,
    /// What the desk said of conversations that are not in the list.
    pub known: BTreeMap<ConversationId, Known>,
    /// The draft to be opened as soon as its conversation is here.
    pub going: Option<Key>,
}

/// What is known of the conversation of a draft.
#[derive(Clone, Debug)]
pub struct Known {
    /// How far that is.
    pub loaded: Loaded,
    /// As the desk reported it.
    pub detail: Option<Box<Detail>>,
}

/// Which draft this is.
#[must_use]
pub fn key(kept: &Kept) -> Key {
    let name = match &kept.place {
        Where::Here => None,
        Where::Aside(name) | Where::Elsewhere(name) => Some(name.clone()),
    };
    (kept.kind, kept.conversation.clone(), name)
}

impl Model {
    /// Every draft there is, the one written last first.
    #[must_use]
    pub fn all_drafts(&self) -> Vec<Kept> {
        let here = [(Kind::Reply, &self.drafts), (Kind::Note, &self.notes)];
        let here = here.into_iter().flat_map(|(kind, texts)| {
            let kept = move |(id, text): (&ConversationId, &String)| self.here(kind, id, text);
            texts.iter().map(kept)
        });
        let mut all: Vec<Kept> = here.chain(self.shelf.others.iter().cloned()).collect();
        all.retain(|kept| !kept.text.trim().is_empty());
        all.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| key(a).cmp(&key(b))));
        all
    }

    fn here(&self, kind: Kind, id: &ConversationId, text: &str) -> Kept {
        let subject = (kind, id.clone());
        let about = self.shelf.about.get(&subject);
        let (at, of) = about.cloned().unwrap_or((self.now, Safe::default()));
        Kept {
            kind,
            conversation: id.clone(),
            text: text.to_owned(),
            at,
            of,
            asked: self.shelf.unsure.get(&subject).cloned(),
            place: Where::Here,
        }
    }

    /// How many drafts there are.
    #[must_use]
    pub fn count_of_drafts(&self) -> usize {
        let here = self.drafts.values().chain(self.notes.values());
        let others = self.shelf.others.iter().map(|kept| &kept.text);
        here.chain(others)
            .filter(|text| !text.trim().is_empty())
            .count()
    }

    /// Whether there is a draft of a reply to this conversation.
    #[must_use]
    pub fn has_draft(&self, id: &ConversationId) -> bool {
        let here = self
            .drafts
            .get(id)
            .is_some_and(|text| !text.trim().is_empty());
        here || self
            .shelf
            .others
            .iter()
            .any(|kept| kept.kind == Kind::Reply && kept.conversation == *id)
    }

    /// The view of drafts, if it is open, whatever lies over it.
    #[must_use]
    pub fn drafts_shown(&self) -> Option<&DraftsShown> {
        self.layers.iter().rev().find_map(|layer| match layer {
            super::Layer::Drafts(shown) => Some(&**shown),
            _ => None,
        })
    }

    /// What is known of the conversation a draft is of.
    #[must_use]
    pub fn row_of_draft(&self, id: &ConversationId) -> Option<&Row> {
        let open = self
            .open
            .as_ref()
            .filter(|open| open.row.id == *id && open.gone.is_none());
        let known = self.drafts_shown().and_then(|shown| shown.known.get(id));
        self.list
            .inbox
            .row(id)
            .or(open.map(|open| &open.row))
            .or(known
                .and_then(|known| known.detail.as_ref())
                .map(|detail| &detail.row))
    }
}
