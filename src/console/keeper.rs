//! Who keeps drafts on disk, from before it is known whose they are.

use std::path::PathBuf;

use super::{compose::Kind, drafts::Drafts, msg::Msg};
use crate::{domain::id::ConversationId, say};

/// Keeps drafts, as soon as it is known whose and of which desk.
pub(super) enum Keeper {
    Unknown {
        folder: PathBuf,
        console: String,
        early: Vec<(Kind, ConversationId, String)>,
    },
    Known(Drafts),
    /// The folder cannot be used; why.
    Nowhere(String),
}

impl Keeper {
    pub(super) fn keep(
        &mut self,
        kind: Kind,
        conversation: &ConversationId,
        text: String,
    ) -> std::io::Result<()> {
        match self {
            Self::Unknown { early, .. } => {
                early.push((kind, conversation.clone(), text));
                Ok(())
            }
            Self::Known(drafts) => drafts.keep(kind, conversation, &text),
            Self::Nowhere(why) => Err(std::io::Error::other(why.clone())),
        }
    }

    /// Whose drafts these are is known now; gives those found on disk, or why there are none.
    pub(super) fn found_out(&mut self, desk: &str, user: &str) -> Option<Msg> {
        let Self::Unknown {
            folder,
            console,
            early,
        } = self
        else {
            return None;
        };
        let early = std::mem::take(early);
        match Drafts::open(&folder.join(desk).join(user), console) {
            Ok((mut drafts, kept)) => {
                let failed = early
                    .into_iter()
                    .find_map(|(kind, id, text)| drafts.keep(kind, &id, &text).err());
                *self = Self::Known(drafts);
                Some(failed.map_or(Msg::Drafts(kept), |error| {
                    Msg::DraftNotKept(say!("{error}"))
                }))
            }
            Err(error) => {
                *self = Self::Nowhere(error.to_string());
                Some(Msg::DraftNotKept(say!("{error}")))
            }
        }
    }
}
