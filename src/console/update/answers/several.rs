//! An act on several was answered: a result per row; the failed ones stay marked, so that they can be tried again
//! alone (R24).

use super::{report, take_in};
use crate::{
    console::{
        command::Command,
        effect::Effect,
        model::{LastAct, Layer, Model, Preview, Tone},
        pending::Pending,
        update::{
            bouncing::{self, Handed},
            leaving,
        },
        words,
        words::keys,
    },
    desk::{Answer, Many, ManyDeed, No},
    domain::{
        id::{ConversationId, OperationId},
        text::Safe,
    },
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
        let (good, text) = line(model, &many.deed, &answer);
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
            Answer::Done(row) | Answer::Already(row) => report(model, &id, row, effects),
            Answer::Taken(row) => take_in(model, &id, row, effects),
            Answer::Refused(refused) if refused.kind == No::NotFound => {
                report(model, &id, None, effects)
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

/// What came of one of them, in words, and whether that is as wished.
pub(in crate::console::update) fn line(
    model: &Model,
    deed: &ManyDeed,
    answer: &Answer,
) -> (bool, Safe) {
    match answer {
        Answer::Done(row) => {
            let holder = row.as_ref().and_then(|row| row.assignee.as_ref());
            let text = match (deed, holder) {
                (ManyDeed::Unassign, _) => Safe::literal("handed back"),
                (ManyDeed::Assign(_), Some(holder)) if model.is_mine_id(&holder.id) => {
                    Safe::literal("yours now")
                }
                (ManyDeed::Assign(_), Some(holder)) => say!("{} has it now", holder.name),
                (ManyDeed::Assign(_), None) => Safe::literal("given"),
                (ManyDeed::Move(_), Some(holder)) => say!("moved, {} has it now", holder.name),
                (ManyDeed::Move(_), None) => Safe::literal("moved"),
                (ManyDeed::Status(_), _) => Safe::literal("done"),
            };
            (true, text)
        }
        Answer::Already(_) => {
            let text = match deed {
                ManyDeed::Unassign => "was unassigned already",
                ManyDeed::Assign(_) => "had it already",
                ManyDeed::Move(_) => "was there already",
                ManyDeed::Status(_) => "was so already",
            };
            (true, Safe::literal(text))
        }
        Answer::Taken(row) => match row.as_ref().and_then(|row| row.assignee.as_ref()) {
            Some(holder) => (false, say!("{} has it by now", holder.name)),
            None => (false, Safe::literal("changed in the meantime")),
        },
        Answer::Refused(refused) => (false, refused.why.clone()),
        Answer::Unknown(why) => (false, why.clone()),
    }
}
