//! An act on one conversation was answered.

use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{LastAct, Model, Tone},
        pending::Pending,
        update::{
            bouncing::{self, Handed},
            reporting,
        },
        words,
        words::keys,
    },
    desk::{Act, Answer, No},
    domain::{
        action::{Action, Deed},
        row::Row,
        text::Safe,
    },
    say,
};

pub(super) fn answered(
    model: &mut Model,
    pending: &Pending,
    act: &Act,
    answer: Answer,
    effects: &mut Vec<Effect>,
) {
    let (name, id) = (&pending.name, &act.conversation);
    match answer {
        Answer::Done(row) => {
            let text = in_words(model, act, name, row.as_deref());
            let verb = words::verb(&act.deed);
            let target = words::target(model, &act.deed, row.as_deref());
            model.last_act = Some(LastAct {
                operation: pending.operation.clone(),
                at: model.now,
                action: act.deed.action(),
                what: say!("{} {name}{target}", verb.acting),
                on: vec![id.clone()],
                undoable: can_be_taken_back(act.deed.action()),
            });
            if act.deed == Deed::Unassign {
                let from = act.expected.assignee.clone().flatten();
                let (conversation, name) = (id.clone(), name.clone());
                let handed = Handed {
                    conversation,
                    name,
                    from,
                };
                bouncing::handed_back(model, vec![handed]);
            } else {
                bouncing::wanted_back(model, id);
            }
            reporting::own(model, id, row, effects);
            model.say(Tone::Plain, text);
        }
        Answer::Already(row) => {
            let text = words::already(model, &act.deed, name, row.as_deref());
            reporting::own(model, id, row, effects);
            model.say(Tone::Plain, text);
        }
        Answer::Taken(row) => {
            let text = reporting::taken(name, row.as_deref());
            reporting::take_in(model, id, row, effects);
            model.say(Tone::Warning, text);
        }
        Answer::Refused(refused) => {
            if refused.kind == No::NotFound {
                reporting::report(model, id, None, effects);
            }
            let not = words::verb(&act.deed).not;
            model.say(Tone::Warning, say!("{not}: {name}, {}", refused.why));
        }
        Answer::Unknown(_) => {} // Asked again before this.
    }
}

/// Whether `z` takes back what was done (U6).
fn can_be_taken_back(action: Action) -> bool {
    !matches!(
        action,
        Action::Unblock | Action::Intervene | Action::Note | Action::Reply | Action::Transcript
    )
}

/// The sentence that says what was done, and what `z` does about it.
fn in_words(model: &Model, act: &Act, name: &Safe, row: Option<&Row>) -> Safe {
    let acted = words::verb(&act.deed).acted;
    let target = words::target(model, &act.deed, row);
    let z = keys::named(model, Command::Undo);
    match &act.deed {
        Deed::Unassign => {
            let queue = row.map_or_else(Safe::default, |row| say!(" to {}", row.queue.name));
            let whom = former(model, act).unwrap_or(Safe::literal("you"));
            say!("{acted} {name}{queue} · nobody has it yet · {z} gives it back to {whom}")
        }
        Deed::Take => say!("{acted} {name} · {z} hands it back"),
        // The queue's rule may have found somebody at once (Q8, S1).
        Deed::Move(_) | Deed::Reopen => match row.and_then(|row| row.assignee.as_ref()) {
            Some(holder) if model.is_mine_id(&holder.id) => {
                say!("{acted} {name}{target} · its rule gave it to you · {z} takes that back")
            }
            Some(holder) => {
                let holder = &holder.name;
                say!("{acted} {name}{target} · {holder} has it now · {z} takes that back")
            }
            None => say!("{acted} {name}{target} · nobody has it yet · {z} takes that back"),
        },
        Deed::Intervene => {
            let r = keys::named(model, Command::Reply);
            say!("{acted} {name} · {r} answers · nothing takes that back")
        }
        Deed::Unblock => say!("{acted} {name}: messages come in again"),
        _ => say!("{acted} {name}{target} · {z} takes that back"),
    }
}

/// Who had it before, if that was somebody else.
fn former(model: &Model, act: &Act) -> Option<Safe> {
    let former = act.expected.assignee.as_ref().and_then(Option::as_ref);
    let holder = model.list.inbox.row(&act.conversation)?.assignee.clone()?;
    (former == Some(&holder.id) && !model.is_mine_id(&holder.id)).then_some(holder.name)
}
