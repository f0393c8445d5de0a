//! Handing back some (U7): load by advisor above, the choice below it, and at the bottom exactly what would move and what
//! would stay, before anything moves.
//!
//! On a small screen one part at a time: the one that has the keys.

mod fields;
mod load;
mod moving;
mod parts;

pub use parts::Parts;

use super::{canvas::Canvas, entry::first_word, header, strip::Strip, target::Target};
use crate::{
    console::{
        command::Command,
        model::{
            Layer, Model,
            some::{Focus, HandBackSome, Then},
        },
        theme::Role,
    },
    domain::text::Safe,
    say,
};

/// Draws the screen.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, some: &HandBackSome) {
    let parts = Parts::of(model);
    canvas.offer(canvas.area(), Target::Layer);
    title(canvas, &parts, model, some);
    load::draw(canvas, &parts, model, some);
    fields::draw(canvas, &parts, model, some);
    moving::draw(canvas, &parts, model, some);
}

/// The first line: what this is, who one is, and whether what is shown is true.
fn title(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    let line = Strip::of(parts.title, 0).inset();
    let (link, role) = header::link(model);
    let mut left = canvas.write_right(line, &link, role).less(2);
    let part = match some.focus {
        _ if parts.are_together() => Safe::default(),
        Focus::Whose => Safe::literal(": whose"),
        Focus::Moves => Safe::literal(": moves"),
        Focus::Stays => Safe::literal(": stays"),
        _ => Safe::literal(": which"),
    };
    let words = say!("Hand back some{part}");
    let columns = canvas.width(&words);
    if let Some(me) = model.me.as_ref().filter(|_| parts.are_together()) {
        let who = say!("{} · {}", me.user.name, me.organisation.name);
        if canvas.width(&who) + columns + 4 <= left.width {
            left = canvas.write_right(left, &who, Role::Dim);
        }
    }
    canvas.write(left, &words, Role::Strong);
}

/// What the line above the keys says while there is nothing newer to say.
#[must_use]
pub fn state(model: &Model) -> Option<(Safe, Role)> {
    let some = model.hand_back_some()?;
    if model.said_since(some.heard.as_ref()) {
        return None; // It was said since this screen is open.
    }
    let count = some.plan.moving();
    Some(match (some.plan.done(), &some.plan.operation) {
        (None, Some(_)) => (say!("{}…", doing(some, count)), Role::Accent),
        (None, None) => (Safe::literal("Nothing has moved yet"), Role::Text),
        (Some(came), _) => (
            say!("{} moved, {} stayed", came.moved, came.failed),
            Role::Text,
        ),
    })
}

fn doing(some: &HandBackSome, count: usize) -> Safe {
    match (some.then, some.takers.now.as_slice()) {
        (Then::Queue, _) => say!("Handing back {count}"),
        (Then::Give, [taker]) => say!("Giving {count} to {}", taker.name),
        (_, takers) => say!("Spreading {count} over {}", takers.len()),
    }
}

/// What a key does now, if that is worth a place in the footer.
#[must_use]
pub fn what(model: &Model, command: Command, usual: Option<Safe>) -> Option<Safe> {
    let Some(Layer::Some(some)) = model.layers.last() else {
        return usual;
    };
    let (plan, field) = (&some.plan, some.focus);
    let failed = plan.done().map_or(0, |came| came.failed);
    match command {
        Command::HandBackThese if matches!(field, Focus::Rule) => Some(Safe::literal("change")),
        Command::HandBackThese if matches!(field, Focus::Queue | Focus::Status) => usual,
        Command::HandBackThese if some.then == Then::Give && some.takers.now.is_empty() => some
            .is_ready()
            .then(|| Safe::literal("choose who gets them")),
        Command::HandBackThese if some.then == Then::Spread && some.takers.now.is_empty() => None,
        Command::HandBackThese => some.is_ready().then(|| deed(some)),
        Command::Mark => match field {
            Focus::Moves if plan.done().is_some() => None,
            Focus::Moves => match plan.moves().get(plan.cursor()) {
                Some(moving) if moving.kept => Some(Safe::literal("let it go")),
                _ => usual,
            },
            Focus::Stays | Focus::Rule => None,
            Focus::Then if some.then == Then::Queue => None,
            Focus::Then => Some(Safe::literal("choose who")),
            Focus::Queue | Focus::Status => None, // ↵ does it too.
            _ => usual,
        },
        Command::Retry => (failed > 0 && field.place() == crate::console::command::Place::Moving)
            .then(|| say!("look again at {failed}")),
        Command::Undo => {
            let act = model.last_act.as_ref().filter(|act| act.undoable)?;
            let moved = plan.done().filter(|came| came.moved > 0);
            moved.and(usual).filter(|_| !act.on.is_empty())
        }
        Command::Back if plan.done().is_some() || plan.operation.is_some() => usual,
        Command::Back if model.size.0 >= 100 => Some(Safe::literal("leave, nothing moved")),
        _ => usual,
    }
}

/// What `↵` does.
fn deed(some: &HandBackSome) -> Safe {
    let count = some.plan.moving();
    let these = match count {
        1 => Safe::literal("this one"),
        _ => say!("these {count}"),
    };
    match (some.then, some.takers.now.as_slice()) {
        (Then::Queue, _) => say!("hand back {these}"),
        (Then::Give, [taker]) => say!("give {these} to {}", first_word(&taker.name)),
        (_, takers) => say!("spread {these} over {}", takers.len()),
    }
}
