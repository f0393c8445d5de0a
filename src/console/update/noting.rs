//! A note: internal, never sent, never taken back (N1).

use super::{acting, composing, doubt, keeping, reporting};
use crate::{
    console::{
        compose::{Composer, Kind, name_of},
        draft::Order,
        effect::Effect,
        model::{LastAct, Model, Tone},
        pending::Pending,
    },
    desk::{Answer, No},
    domain::{action::Action, id::ConversationId, text::Safe},
    say,
};

/// `n`: opens the composer for a note in the frame of its key, with the draft of a note kept of it (R22).
pub(super) fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    super::moving::enter(model, effects);
    begin(model, effects);
}

/// Opens the composer for a note on the conversation shown.
pub(super) fn begin(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(open) = &model.open else { return };
    let row = open.row.clone();
    if open.gone.is_some() {
        let text = say!(
            "{} is out of your sight: no note can be kept",
            name_of(&row)
        );
        return model.say(Tone::Warning, text);
    }
    if acting::is_to_be_had(model, &row, Action::Note) {
        let draft = keeping::take_up(model, Kind::Note, &row, effects);
        effects.push(Effect::Draft(Order::Look));
        let id = row.id.clone();
        model.composer = Some(Composer::note(row, &draft));
        doubt::read(model, &id, effects);
    }
}

/// Has the desk keep what is written. Nothing is cleared before it does.
pub(super) fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(composer) = model.composer.as_ref().filter(|c| c.is_open()) else {
        return;
    };
    let row = composer.row.clone();
    if composer.text().trim().is_empty() {
        return model.say(Tone::Plain, Safe::literal("There is nothing to keep yet"));
    }
    if acting::is_under_way(model, &row)
        || !acting::is_reachable(model)
        || doubt::is_being_read(model)
    {
        return;
    }
    keeping::goes_out(model, effects);
}

/// The desk answered a note; [`Answer::Unknown`] was asked again before this.
pub(super) fn answered(
    model: &mut Model,
    pending: &Pending,
    id: &ConversationId,
    answer: Answer,
    effects: &mut Vec<Effect>,
) {
    let name = &pending.name;
    composing::heard(model, &pending.operation);
    match answer {
        Answer::Done(row) | Answer::Already(row) => {
            let text = pending.text().unwrap_or_default().to_owned();
            let closed = composing::close(model, Kind::Note, id, &text, effects);
            model.last_act = Some(LastAct {
                operation: pending.operation.clone(),
                at: model.now,
                action: Action::Note,
                what: say!("a note on {name}"),
                on: vec![id.clone()],
                undoable: false,
            });
            reporting::report(model, id, row, effects);
            let stays = composing::stays(closed);
            let text = say!("Note kept on {name}: the team sees it, the customer does not{stays}");
            model.say(Tone::Plain, text);
        }
        Answer::Taken(row) => {
            keeping::not_taken(model, Kind::Note, id, effects);
            let text = reporting::taken(name, row.as_deref());
            composing::freeze(model, id, &text);
            reporting::take_in(model, id, row, effects);
            model.say(Tone::Warning, say!("{text} · your text is kept"));
        }
        Answer::Refused(refused) => {
            keeping::not_taken(model, Kind::Note, id, effects);
            if refused.kind == No::NotFound {
                composing::freeze(model, id, &say!("A colleague has {name} by now"));
                reporting::report(model, id, None, effects);
            }
            let text = say!("Note not kept: {} · your text is", refused.why);
            model.say(Tone::Warning, text);
        }
        Answer::Unknown(_) => {}
    }
}
