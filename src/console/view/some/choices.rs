//! What a field can be, found by typing a part of its name.

use ratatui::layout::Rect;

use super::{Parts, Spot, load};
use crate::{
    console::{
        model::{
            Model, Picker,
            some::{Focus, HandBackSome, Then},
        },
        theme::Role,
        view::{canvas::Canvas, hit::Target, layer, strip::Strip, tabs},
    },
    desk::Status,
    domain::{
        id::{QueueId, UserId},
        row::Named,
        text::Safe,
    },
    say,
};

/// The columns of the box.
const WIDTH: u16 = 50;

/// One thing a field can be.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it is.
    pub is: Value,
    /// What it is called.
    pub name: Safe,
    /// What is worth knowing of it.
    pub aside: Safe,
    /// Whether it is so now.
    pub now: bool,
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// This queue, or any.
    Queue(Option<Named<QueueId>>),
    /// This status, or any.
    Status(Option<Status>),
    /// Given to this person.
    Give(Named<UserId>),
    /// Spread over this person too, or not.
    Spread(Named<UserId>),
}

/// What the typed text finds.
#[must_use]
pub fn found(model: &Model, some: &HandBackSome, picker: &Picker) -> Vec<Choice> {
    let typed = picker.typed.text.to_lowercase();
    let mut all = match some.focus {
        Focus::Queue => queues(model, some),
        Focus::Status => statuses(some),
        _ => people(model, some),
    };
    all.retain(|choice| choice.name.as_str().to_lowercase().contains(&typed));
    all
}

fn queues(model: &Model, some: &HandBackSome) -> Vec<Choice> {
    let any = Choice {
        is: Value::Queue(None),
        name: Safe::literal("any queue"),
        aside: Safe::default(),
        now: some.queue.is_none(),
    };
    let each = model.queues.iter().map(|queue| Choice {
        is: Value::Queue(Some(queue.queue.clone())),
        name: queue.queue.name.clone(),
        aside: say!("{} open", queue.open),
        now: some.queue.as_ref().is_some_and(|q| q.id == queue.queue.id),
    });
    std::iter::once(any).chain(each).collect()
}

fn statuses(some: &HandBackSome) -> Vec<Choice> {
    let any = Choice {
        is: Value::Status(None),
        name: Safe::literal("any status"),
        aside: Safe::default(),
        now: some.status.is_none(),
    };
    let each = some.statuses.iter().map(|status| Choice {
        is: Value::Status(Some(status.clone())),
        name: status.name.clone(),
        aside: Safe::default(),
        now: some.status.as_ref().is_some_and(|s| s.word == status.word),
    });
    std::iter::once(any).chain(each).collect()
}

/// By name, whatever sorts the table.
fn people(model: &Model, some: &HandBackSome) -> Vec<Choice> {
    let mut people: Vec<_> = some
        .takers
        .candidates(&some.load, some.then, model.user())
        .map(|person| {
            let user = person.user.clone();
            let (state, _) = load::state(model, person, u16::MAX);
            Choice {
                name: user.name.clone(),
                aside: say!("{} open  {state}", person.open),
                now: match some.then {
                    Then::Spread => !some.takers.without.contains(&user.id),
                    _ => some.takers.to.as_ref() == Some(&user.id),
                },
                is: match some.then {
                    Then::Spread => Value::Spread(user),
                    _ => Value::Give(user),
                },
            }
        })
        .collect();
    people.sort_by_key(|choice| choice.name.as_str().to_lowercase());
    people
}

/// Draws the box over the fields.
pub(super) fn draw(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    let Some(picker) = &some.picking else { return };
    let choices = found(model, some, picker);
    let title = match (some.focus, some.then) {
        (Focus::Queue, _) => "Of which queue",
        (Focus::Status, _) => "With which status",
        (_, Then::Spread) => "Over whom",
        _ => "To whom",
    };
    let screen = canvas.area();
    let lines = u16::try_from(choices.len().max(1)).unwrap_or(u16::MAX);
    let y = match parts.are_together() {
        true => parts.fields.y,
        false => parts.title.bottom(),
    };
    // The footer with the keys stays in sight.
    let room = screen.height.saturating_sub(y + 1);
    let height = lines.saturating_add(4).min(room);
    let width = WIDTH.min(screen.width);
    let x = match (parts.are_together(), some.focus) {
        (true, Focus::Queue | Focus::Status) => 22.min(screen.width - width),
        _ => 0,
    };
    let area = Rect::new(x, y, width, height);
    canvas.offer(screen, Target::Some(Spot::Part(some.focus)));
    let inside = layer::boxed(canvas, area, &Safe::literal(title));
    let typed = if inside.height > 3 {
        2
    } else {
        inside.height.min(1)
    };
    let rows = Rect {
        y: inside.y + typed,
        height: inside.height - typed,
        ..inside
    };
    if choices.is_empty() {
        let words = match some.takers.is_asking() {
            true => "asking who can take them…",
            false if some.focus == Focus::Then => "Nobody else can take all of these",
            false => "Nothing is called so",
        };
        canvas.write(Strip::of(rows, 0).skip(1), &Safe::literal(words), Role::Dim);
    }
    let top = layer::scrolled(picker.cursor, choices.len(), usize::from(rows.height));
    for (y, (index, choice)) in (0..rows.height).zip(choices.iter().enumerate().skip(top)) {
        let strip = Strip::of(rows, y);
        canvas.offer(strip.area(), Target::Some(Spot::Choice(index)));
        let cursor = index == picker.cursor;
        if cursor {
            layer::mark(canvas, strip.x.saturating_sub(1), strip.y);
        }
        let role = if cursor { Role::MenuCursor } else { Role::Text };
        let sign = if choice.now { "x " } else { "  " };
        let left = canvas
            .write_right(strip.skip(1), &choice.aside, Role::Dim)
            .less(1);
        let left = canvas.write(left, &Safe::literal(sign), Role::Mark);
        canvas.write(left, &choice.name, role);
    }
    // Last, so that the hardware cursor is in the text.
    let line = canvas.write(
        Strip::of(inside, 0).skip(1),
        &Safe::literal("/ "),
        Role::Accent,
    );
    tabs::type_into(canvas, line, &picker.typed.text);
}
