//! What nobody knows whether the desk took it, and what was asked too long ago for the desk to remember: asking again
//! could do it twice, so its messages and what the team did are read, and tell. Where they do not, the advisor looks.

use crate::{
    console::{
        compose::{Kind, name_of},
        draft::Unsure,
        effect::Effect,
        model::{Loaded, Model, Open, Stretch, Tone, stretch::Dated},
        update::{composing, keeping},
        words::{time, unsure},
    },
    domain::{
        id::{ConversationId, UserId},
        message::Direction,
        moment::Moment,
        operation::CLOCKS,
        text::Safe,
    },
    say,
};

/// What reading tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// The desk has it, since then.
    Has(Moment),
    /// It never got there.
    HasNot,
    /// Not all of that time was read.
    Nothing,
}

/// Whether what would tell is on its way; then it is said.
pub(super) fn is_being_read(model: &mut Model) -> bool {
    let too_old = model
        .unsure()
        .filter(|unsure| !unsure.can_be_asked(model.now));
    let Some((kind, id)) = too_old.map(|unsure| (unsure.kind, unsure.conversation.clone())) else {
        return false;
    };
    let is_it = |open: &&Open| open.row.id == id && open.loaded == Loaded::Asked;
    let is_on_its_way = model.open.as_ref().filter(is_it).is_some();
    if is_on_its_way {
        let send = unsure::key(model, kind);
        let text = say!("Whether the desk has it is being looked up: then press {send} again");
        model.say(Tone::Plain, text);
    }
    is_on_its_way
}

/// Messages are here, or what the team did: whether what was asked long ago was done is known now.
pub(super) fn read(model: &mut Model, id: &ConversationId, effects: &mut Vec<Effect>) {
    for kind in [Kind::Reply, Kind::Note] {
        let unsure = model.shelf.unsure.get(&(kind, id.clone()));
        let too_old = unsure.filter(|unsure| !unsure.can_be_asked(model.now));
        let Some(unsure) = too_old.cloned() else {
            continue;
        };
        let (Some(me), Some(open)) = (model.user().cloned(), model.open.as_mut()) else {
            return;
        };
        if open.row.id != *id || open.loaded != Loaded::Yes {
            return;
        }
        let name = name_of(&open.row);
        match tells(open, &unsure, &me) {
            Told::Has(at) => has(model, &unsure, &name, at, effects),
            Told::HasNot => {
                keeping::not_taken(model, kind, id, effects);
                let send = unsure::key(model, kind);
                let text = match kind {
                    Kind::Reply => say!(
                        "It was not sent to {name}, its messages say: {send} in the reply sends it"
                    ),
                    Kind::Note => say!(
                        "It was not kept on {name}, its notes say: {send} in the note keeps it"
                    ),
                };
                model.say(Tone::Plain, text);
            }
            Told::Nothing => {
                let older = match kind {
                    Kind::Reply => open
                        .messages
                        .ask_older()
                        .map(|part| Effect::LoadMessages(id.clone(), part)),
                    Kind::Note => open
                        .done
                        .as_mut()
                        .and_then(Stretch::ask_older)
                        .map(|part| Effect::LoadHistory(id.clone(), part)),
                };
                effects.extend(older);
            }
        }
    }
}

fn tells(open: &Open, unsure: &Unsure, me: &UserId) -> Told {
    let is_mine = |by: Option<&UserId>| by == Some(me);
    let words = Safe::text(&unsure.text);
    match (unsure.kind, &open.done) {
        (Kind::Reply, _) => among(&open.messages, unsure.at, |message| {
            message.direction == Direction::Out
                && is_mine(message.sender.as_ref().map(|sender| &sender.id))
                && message.body == words
        }),
        (Kind::Note, Some(done)) => among(done, unsure.at, |item| {
            is_mine(item.by.as_ref().map(|by| &by.id)) && item.body.as_ref() == Some(&words)
        }),
        (Kind::Note, None) => Told::Nothing,
    }
}

fn among<T: Dated>(held: &Stretch<T>, asked: Moment, is_it: impl Fn(&T) -> bool) -> Told {
    let begin = Moment(asked.0.saturating_sub(CLOCKS.as_micros() as i64));
    let mut since = held.iter().rev().take_while(|one| one.at() >= begin);
    if let Some(it) = since.find(|one| is_it(one)) {
        return Told::Has(it.at());
    }
    let reaches_back = !held.has_older() || held.first().is_some_and(|first| first.at() < begin);
    match reaches_back && !held.has_newer() {
        true => Told::HasNot,
        false => Told::Nothing,
    }
}

fn has(model: &mut Model, unsure: &Unsure, name: &Safe, at: Moment, effects: &mut Vec<Effect>) {
    let at = time::stamp(at, model.now, &model.zone);
    let text = match unsure.kind {
        Kind::Reply => say!("It was sent to {name} ({at}): the draft of it is gone"),
        Kind::Note => say!("It was kept on {name} ({at}): the draft of it is gone"),
    };
    let (kind, id) = (unsure.kind, &unsure.conversation);
    if composing::close(model, kind, id, &unsure.text, effects) {
        model.say(Tone::Plain, text);
    }
}
