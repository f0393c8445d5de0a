//! What `z` asked for was answered (U6).

use crate::{
    console::{
        effect::Effect,
        model::{Model, Tone},
        update::{bouncing, reporting},
    },
    desk::{Answer, No},
    domain::{action::Action, id::ConversationId, row::Row, text::Safe},
    say,
};

pub(super) fn undone(
    model: &mut Model,
    what: &Safe,
    action: Action,
    results: Vec<(ConversationId, Answer)>,
    effects: &mut Vec<Effect>,
) {
    model.last_act = None; // Taken back or not, an older act is never next (U6).
    let (total, mut done, mut why) = (results.len(), 0, None);
    let mut again = None;
    for (id, answer) in results {
        match answer {
            Answer::Done(row) | Answer::Already(row) => {
                done += 1;
                again = row.as_deref().map(|row| as_it_is(model, action, row));
                bouncing::wanted_back(model, &id);
                reporting::own(model, &id, row, effects);
            }
            Answer::Taken(row) => {
                let name = row
                    .as_ref()
                    .map_or(Safe::literal("it"), |row| row.contact.shown().clone());
                why = Some(reporting::taken(&name, row.as_deref()));
                reporting::take_in(model, &id, row, effects);
            }
            // What we handed back and see no more, somebody took (V1, V8).
            Answer::Refused(refused) if refused.kind == No::NotFound => {
                why = Some(Safe::literal("a colleague has it by now"));
                reporting::report(model, &id, None, effects);
            }
            Answer::Refused(refused) => why = Some(refused.why),
            Answer::Unknown(text) => why = Some(text),
        }
    }
    let (tone, text) = match (done == total, again) {
        _ if total == 0 => (
            Tone::Warning,
            say!("Not taken back: {what} · the desk knows of no such act of yours"),
        ),
        (true, Some(again)) if total == 1 => (Tone::Plain, say!("Taken back: {again}")),
        (true, _) => (Tone::Plain, say!("Taken back: {what}")),
        (false, _) => {
            let why = why.unwrap_or_default();
            let which = match total {
                1 => what.clone(),
                _ => say!("{} of {total}, {what}", total - done),
            };
            (Tone::Warning, say!("Not taken back: {which} · {why}"))
        }
    };
    model.say(tone, text);
}

/// What a conversation is again, once the act on it was taken back.
fn as_it_is(model: &Model, action: Action, row: &Row) -> Safe {
    let name = row.contact.shown();
    match (action, &row.assignee) {
        (Action::Move, _) => say!("{name} is in {} again", row.queue.name),
        (Action::Status, _) => match &row.status {
            Some(status) => say!("the status of {name} is {status} again"),
            None => say!("{name} has no status again"),
        },
        (Action::Close, _) => say!("{name} is open again"),
        (Action::Reopen, _) => say!("{name} is closed again"),
        (Action::Block, _) => say!("{name} is off the blocklist again"),
        (_, Some(holder)) if model.is_mine_id(&holder.id) => say!("{name} is with you again"),
        (_, Some(holder)) => say!("{name} is with {} again", holder.name),
        (_, None) => say!("{name} is unassigned again"),
    }
}
