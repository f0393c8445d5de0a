//! What is said of what nobody knows whether the desk has it.

use super::{keys, time};
use crate::{
    console::{
        command::{Command, Place},
        compose::Kind,
        draft::Unsure,
        model::Model,
    },
    domain::text::Safe,
    say,
};

/// What is to be known before it is sent again, or kept again.
#[must_use]
pub fn words(model: &Model, unsure: &Unsure) -> Safe {
    let send = key(model, unsure.kind);
    let at = time::stamp(unsure.at, model.now, &model.zone);
    match (unsure.kind, unsure.can_be_asked(model.now)) {
        (Kind::Reply, true) => {
            say!("Not known whether this was sent: {send} asks again, it is never sent twice")
        }
        (Kind::Note, true) => {
            say!("Not known whether this was kept: {send} asks again, it is never kept twice")
        }
        (Kind::Reply, false) => say!(
            "Not known whether this was sent ({at}), and too long ago to ask: look at the messages, {send} sends it"
        ),
        (Kind::Note, false) => say!(
            "Not known whether this was kept ({at}), and too long ago to ask: look at the notes, {send} keeps it"
        ),
    }
}

/// The key that sends a reply, or has a note kept.
#[must_use]
pub fn key(model: &Model, kind: Kind) -> Safe {
    let place = match kind {
        Kind::Reply => Place::Composer,
        Kind::Note => Place::Note,
    };
    keys::here(model, place, Command::Send)
}
