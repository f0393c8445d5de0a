//! What the fields of handing back some can be: the queue, the status, and who gets them.

use super::{Choice, Chosen, presence};
use crate::{
    console::model::{
        Model,
        some::{Focus, HandBackSome, Then},
    },
    domain::text::Safe,
    say,
};

/// What a field can be.
pub(super) fn choices(model: &Model, field: Focus) -> Vec<Choice> {
    let Some(some) = model.hand_back_some() else {
        return Vec::new();
    };
    match field {
        Focus::Queue => queues(model, some),
        Focus::Status => statuses(model, some),
        _ => people(model, some),
    }
}

fn queues(model: &Model, some: &HandBackSome) -> Vec<Choice> {
    let any = Choice::new(Chosen::Queue(None), Safe::literal("Any queue"));
    let each = model.queues.iter().map(|queue| Choice {
        facts: vec![say!("{:>4} open", queue.open)],
        ..Choice::new(
            Chosen::Queue(Some(queue.queue.id.clone())),
            queue.queue.name.clone(),
        )
    });
    let now = Chosen::Queue(some.queue.as_ref().map(|queue| queue.id.clone()));
    chosen(std::iter::once(any).chain(each).collect(), &now)
}

fn statuses(model: &Model, some: &HandBackSome) -> Vec<Choice> {
    let any = Choice::new(Chosen::Status(None), Safe::literal("Any status"));
    let each = model.statuses.iter().map(|status| {
        let word = status.word.clone();
        Choice::new(Chosen::Status(Some(word)), status.name.clone())
    });
    let now = Chosen::Status(some.status.as_ref().map(|status| status.word.clone()));
    chosen(std::iter::once(any).chain(each).collect(), &now)
}

/// Says which it is now.
fn chosen(mut choices: Vec<Choice>, now: &Chosen) -> Vec<Choice> {
    for choice in choices.iter_mut().filter(|choice| choice.chosen == *now) {
        choice.beside = Safe::literal("(chosen)");
    }
    choices
}

/// By name, whatever sorts the table.
fn people(model: &Model, some: &HandBackSome) -> Vec<Choice> {
    let takers = &some.takers;
    let candidates = takers.candidates(&some.load, some.then, model.user());
    let mut people: Vec<_> = candidates
        .map(|person| {
            let id = &person.user.id;
            let beside = match some.then {
                Then::Spread if takers.without.contains(id) => Safe::literal("(left out)"),
                Then::Spread => Safe::literal("gets some"),
                _ if takers.to.as_ref() == Some(id) => Safe::literal("(chosen)"),
                _ => person.organisation.name.clone(),
            };
            Choice {
                beside,
                also: person.username.clone(),
                facts: vec![
                    say!("{:<10}", presence(person.presence)),
                    say!("{:>4} open", person.open),
                ],
                ..Choice::new(Chosen::Person(id.clone()), person.user.name.clone())
            }
        })
        .collect();
    people.sort_by_key(|choice| choice.name.as_str().to_lowercase());
    people
}
