//! Who keeps drafts on disk, from before it is known whose they are.

use std::{io, path::PathBuf};

use super::{
    compose::Kind,
    draft::{Kept, Order, Where},
    drafts::Drafts,
    msg::Msg,
};
use crate::{domain::id::ConversationId, say};

/// Keeps drafts, as soon as it is known whose and of which desk.
pub(super) enum Keeper {
    Unknown {
        folder: PathBuf,
        console: String,
        early: Vec<Early>,
    },
    Known(Drafts),
    /// The folder cannot be used; why.
    Nowhere(String),
}

/// What is to be done once it is known where.
pub(super) enum Early {
    Keep(Kind, ConversationId, String),
    Obey(Order),
}

impl Keeper {
    pub(super) fn keep(
        &mut self,
        kind: Kind,
        conversation: &ConversationId,
        text: String,
    ) -> io::Result<()> {
        match self {
            Self::Unknown { early, .. } => {
                early.push(Early::Keep(kind, conversation.clone(), text));
                Ok(())
            }
            Self::Known(drafts) => drafts.keep(kind, conversation, &text),
            Self::Nowhere(why) => Err(io::Error::other(why.clone())),
        }
    }

    /// Gives what was found, if that was asked for.
    pub(super) fn obey(&mut self, order: Order) -> io::Result<Option<Vec<Kept>>> {
        match self {
            Self::Unknown { early, .. } => {
                early.push(Early::Obey(order));
                Ok(None)
            }
            Self::Known(drafts) => drafts.obey(order),
            // Nothing is there to be named, and whoever sends was told that nothing is kept.
            Self::Nowhere(_) => Ok(None),
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
            Ok((mut drafts, mut kept)) => {
                let failed = begun_before(&mut drafts, early, &mut kept).err();
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

/// What was typed before anything was known goes on with nothing that was found: that stays, beside it.
fn begun_before(drafts: &mut Drafts, early: Vec<Early>, kept: &mut [Kept]) -> io::Result<()> {
    for one in early {
        match one {
            Early::Keep(kind, conversation, text) => {
                let found = kept.iter_mut().find(|kept| {
                    (kept.kind, &kept.conversation) == (kind, &conversation)
                        && kept.place == Where::Here
                });
                if let Some(found) = found
                    && let Some(name) = drafts.set_aside(kind, &conversation)?
                {
                    found.place = Where::Aside(name);
                }
                drafts.keep(kind, &conversation, &text)?;
            }
            Early::Obey(order) => drop(drafts.obey(order)?),
        }
    }
    Ok(())
}
