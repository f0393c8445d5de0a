//! `↵`: does what was shown, bound to the ids and versions shown and never to the rule (U7, R22), and tells what became of
//! each (R24).

use std::collections::HashMap;

use super::{fields, literal, looking, screen};
use crate::{
    console::{
        command::{Command, Place},
        effect::Effect,
        model::{
            LastAct, Model, Tone,
            some::{Focus, HandBackSome, Looking, Then},
        },
        pending::{Asked, Pending},
        update::{
            acting,
            bouncing::{self, Handed},
            reporting,
        },
        words,
        words::keys,
    },
    desk::{Answer, Many, ManyDeed, No},
    domain::{
        id::{ConversationId, OperationId},
        row::Row,
        text::Safe,
    },
    say,
};

/// Does what would move, if that is what the advisor saw.
pub(super) fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    let now = model.now;
    let Some(some) = screen(model) else { return };
    if some.then == Then::Give
        && some.takers.now.is_empty()
        && some.plan.operation.is_none()
        && some.plan.done().is_none()
        && some.choice().is_some()
    {
        return fields::ask_for_a_taker(model);
    }
    let not_now = some.plan.objects(now);
    let Some(some) = model.hand_back_some() else {
        return;
    };
    if let Some(why) = not_yet(model, some).or(not_now) {
        return model.say(Tone::Plain, why);
    }
    if !acting::is_reachable(model) {
        return;
    }
    let operation = model.numbers.operation();
    let Some(some) = screen(model) else { return };
    let people = some.takers.now.iter().map(|taker| taker.id.clone());
    let many = Many {
        operation: operation.clone(),
        deed: match some.then {
            Then::Queue => ManyDeed::Unassign,
            Then::Give | Then::Spread => ManyDeed::Assign(people.collect()),
        },
        items: some.plan.items(),
        reason: some.why(),
        if_quiet: true,
    };
    if many.items.is_empty() {
        return;
    }
    some.plan.send(operation.clone());
    let name = words::count(many.items.len());
    effects.push(Effect::Many(many.clone()));
    let pending = Pending::new(operation, name, Asked::HandBackSome(many), model.now);
    model.pending.push(pending);
}

/// Why there is nothing to do yet.
fn not_yet(model: &Model, some: &HandBackSome) -> Option<Safe> {
    let key = |command| keys::here(model, Place::Moving, command);
    let plan = &some.plan;
    let words = match &plan.looking {
        _ if plan.operation.is_some() => "Wait for the answer to what is under way",
        _ if plan.done().is_some_and(|came| came.failed > 0) => {
            return Some(say!(
                "It is done: {} looks again at those that stayed, {} takes the others back",
                key(Command::Retry),
                key(Command::Undo)
            ));
        }
        _ if plan.done().is_some() => {
            return Some(say!(
                "It is done: {} takes it back, {} leaves",
                key(Command::Undo),
                key(Command::Back)
            ));
        }
        _ if some.load.count_picked() == 0 => {
            let space = keys::here(model, Place::Load, Command::Mark);
            return Some(say!("Pick somebody first: {space} on their row"));
        }
        Looking::Nowhere => "The number says none",
        Looking::Soon(_) | Looking::Asked(_) => {
            "What would move is being asked: look at it, then press the key again"
        }
        Looking::Failed(why) => return Some(say!("What would move is not known: {why}")),
        Looking::Here if plan.moves().is_empty() => "Nothing would move",
        Looking::Here if plan.moving() == 0 => "All of them are kept back",
        Looking::Here if some.then == Then::Queue => return None,
        Looking::Here if some.takers.is_asking() => {
            "Who can take them is being asked: press the key again"
        }
        Looking::Here if some.takers.now.is_empty() => {
            "Nobody signed in can take all of these: choose a queue, or leave them to it"
        }
        Looking::Here => return None,
    };
    Some(literal(words))
}

/// The desk did not do it at all.
pub(in crate::console::update) fn not_done(model: &mut Model, operation: &OperationId) {
    if let Some(some) = screen(model).filter(|s| s.plan.operation.as_ref() == Some(operation)) {
        some.plan.operation = None;
    }
}

/// A result for each: told beside it, if the screen is still there, and in one sentence wherever one is.
pub(in crate::console::update) fn answered(
    model: &mut Model,
    many: &Many,
    results: Vec<(ConversationId, Answer)>,
    effects: &mut Vec<Effect>,
) {
    let total = results.len();
    let mut moved = Vec::new();
    let mut told = HashMap::new();
    let (mut handed, mut holders) = (Vec::new(), bouncing::holders(many));
    let mut names = names(model);
    for (id, answer) in results {
        let came = reporting::line(model, &many.deed, &answer);
        if matches!(answer, Answer::Done(_)) {
            moved.push(id.clone());
            if many.deed == ManyDeed::Unassign {
                let name = names.remove(&id);
                handed.push(Handed {
                    name: name.unwrap_or_else(|| model.name_of(&id)),
                    from: holders.remove(&id),
                    conversation: id.clone(),
                });
            } else {
                bouncing::wanted_back(model, &id);
            }
        }
        told.insert(id.clone(), came);
        match answer {
            Answer::Done(row) | Answer::Already(row) => {
                reporting::report(model, &id, row, effects);
            }
            Answer::Taken(row) => reporting::take_in(model, &id, row, effects),
            Answer::Refused(refused) if refused.kind == No::NotFound => {
                reporting::report(model, &id, None, effects);
            }
            Answer::Refused(_) | Answer::Unknown(_) => {}
        }
    }
    bouncing::handed_back(model, handed);
    let failed = told.values().filter(|(good, _)| !good).count();
    let here = screen(model).is_some_and(|s| s.plan.operation.as_ref() == Some(&many.operation));
    let takers = match screen(model).filter(|_| here) {
        Some(some) => {
            some.plan.came(told);
            if matches!(some.focus, Focus::Then | Focus::Stays) {
                some.focus = Focus::Moves;
            }
            some.takers
                .now
                .iter()
                .map(|taker| taker.name.clone())
                .collect()
        }
        None => Vec::new(),
    };
    if !moved.is_empty() {
        model.last_act = Some(LastAct {
            operation: many.operation.clone(),
            at: model.now,
            action: words::each(&many.deed).action(),
            what: doing(&many.deed, moved.len()),
            on: moved.clone(),
            undoable: true,
        });
    }
    let told = Told {
        takers,
        total,
        failed,
        here,
    };
    let (tone, text) = told.sentence(model, &many.deed);
    model.say(tone, text);
    if here {
        effects.push(Effect::LoadPeople(None)); // Everybody has another load now.
    }
}

/// What the conversations are called that the screen shows as moving, if it is still open.
fn names(model: &mut Model) -> HashMap<ConversationId, Safe> {
    let moves = screen(model).into_iter().flat_map(|some| some.plan.moves());
    let name = |row: &Row| (row.id.clone(), row.contact.shown().clone());
    moves.map(|moving| name(&moving.row)).collect()
}

/// The last act was taken back, or not: what is shown of it is over.
pub(in crate::console::update) fn taken_back(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(some) = screen(model) else { return };
    if some.plan.done().is_some() {
        looking::changed(model, effects);
        // What came of the undo was said just now, and is to be read.
        if let Some(some) = screen(model) {
            some.heard = None;
        }
    }
    effects.push(Effect::LoadPeople(None));
}

/// What `z` would take back.
fn doing(deed: &ManyDeed, count: usize) -> Safe {
    let what = words::count(count);
    match deed {
        ManyDeed::Assign(to) if to.len() > 1 => say!("spreading {what}"),
        ManyDeed::Assign(_) => say!("giving {what}"),
        _ => say!("handing back {what}"),
    }
}

/// What became of all, as it is told in one sentence.
struct Told {
    takers: Vec<Safe>,
    total: usize,
    failed: usize,
    /// The screen is still there, with the result of each.
    here: bool,
}

impl Told {
    fn sentence(&self, model: &Model, deed: &ManyDeed) -> (Tone, Safe) {
        let z = keys::named(model, Command::Undo);
        let r = keys::here(model, Place::Moving, Command::Retry);
        let good = self.total - self.failed;
        let what = match self.failed {
            0 => words::count(good),
            _ => say!("{good} of {}", self.total),
        };
        let done = match (deed, self.takers.as_slice()) {
            (ManyDeed::Assign(_), [taker]) => say!("Gave {what} to {taker}"),
            (ManyDeed::Assign(to), _) if to.len() == 1 => say!("Gave {what} away"),
            (ManyDeed::Assign(to), _) => say!("Spread {what} over {} people", to.len()),
            _ => say!("Handed back {what}"),
        };
        let failed = self.failed;
        match (good, failed, self.here) {
            (1, 0, _) => (Tone::Plain, say!("{done} · {z} takes it back")),
            (_, 0, _) => (Tone::Plain, say!("{done} · {z} takes all of it back")),
            (0, 1, true) => (Tone::Warning, say!("It stayed · {r} looks at it again")),
            (0, _, true) => (
                Tone::Warning,
                say!("All {failed} stayed · {r} looks at them again"),
            ),
            (0, ..) => (Tone::Warning, say!("Nothing moved: all {failed} stayed")),
            (_, _, true) => (
                Tone::Warning,
                say!("{done}, {failed} stayed · {r} looks again, {z} takes {good} back"),
            ),
            (_, _, false) => (
                Tone::Warning,
                say!("{done}, {failed} stayed · {z} takes {good} back"),
            ),
        }
    }
}
