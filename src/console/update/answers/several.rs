//! An act on several was answered: a result per row; the failed ones stay marked, so that they can be tried again
//! alone (R24).

use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{LastAct, Layer, Model, Preview, Tone},
        pending::Pending,
        update::{
            bouncing::{self, Handed},
            leaving, reporting,
        },
        words,
        words::keys,
    },
    desk::{Answer, Many, ManyDeed, No},
    domain::id::{ConversationId, OperationId},
    say,
};

pub(super) fn answered(
    model: &mut Model,
    pending: &Pending,
    many: &Many,
    results: Vec<(ConversationId, Answer)>,
    effects: &mut Vec<Effect>,
) {
    let total = results.len();
    let mut changed = Vec::new();
    let mut lines = Vec::new();
    let (mut handed, mut holders) = (Vec::new(), bouncing::holders(many));
    for (id, answer) in results {
        let (good, text) = reporting::line(model, &many.deed, &answer);
        if matches!(answer, Answer::Done(_)) {
            changed.push(id.clone());
        }
        if good {
            model.marks.remove(&id);
        }
        lines.push((id.clone(), text, good));
        if many.deed == ManyDeed::Unassign && matches!(answer, Answer::Done(_)) {
            handed.push(Handed {
                name: model.name_of(&id),
                from: holders.remove(&id),
                conversation: id.clone(),
            });
        }
        match answer {
            Answer::Done(row) | Answer::Already(row) => reporting::report(model, &id, row, effects),
            Answer::Taken(row) => reporting::take_in(model, &id, row, effects),
            Answer::Refused(refused) if refused.kind == No::NotFound => {
                reporting::report(model, &id, None, effects)
            }
            Answer::Refused(_) | Answer::Unknown(_) => {}
        }
    }
    bouncing::handed_back(model, handed);
    let failed = lines.iter().filter(|(_, _, good)| !good).count();
    let each = words::like(model, &many.deed);
    let target = preview_of(model, &pending.operation).map(|preview| {
        preview.operation = None;
        preview.results = Some(lines);
        preview.target.clone()
    });
    let target = target.unwrap_or_else(|| words::target(model, &each, None));
    if failed == 0 {
        let is_it = |layer: &Layer| matches!(layer, Layer::Preview(p) if p.results.is_some());
        model.layers.pop_if(|layer| is_it(layer));
    }
    let verb = words::verb(&each);
    if !changed.is_empty() {
        model.last_act = Some(LastAct {
            operation: pending.operation.clone(),
            at: model.now,
            action: each.action(),
            what: say!("{} {}{target}", verb.acting, words::count(changed.len())),
            on: changed,
            undoable: true,
        });
    }
    let acted = verb.acted;
    let (tone, text) = match failed {
        0 => {
            let count = words::count(total);
            let z = keys::named(model, Command::Undo);
            let text = say!("{acted} {count}{target} · {z} takes all of it back");
            (Tone::Plain, text)
        }
        _ => {
            let done = total - failed;
            let text = say!("{acted} {done} of {total}{target}, {failed} stay marked");
            (Tone::Warning, text)
        }
    };
    model.say(tone, text);
    leaving::after_handing_back(model, failed, effects);
}

/// The preview that asked for it, whatever lies over it.
fn preview_of<'a>(model: &'a mut Model, operation: &OperationId) -> Option<&'a mut Preview> {
    let mut layers = model.layers.iter_mut();
    layers.find_map(|layer| match layer {
        Layer::Preview(p) if p.operation.as_ref() == Some(operation) => Some(p),
        _ => None,
    })
}
