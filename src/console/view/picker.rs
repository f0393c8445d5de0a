//! Choosing a queue by typing a part of its name (L4).

use ratatui::layout::Rect;

use super::{canvas::Canvas, hit::Target, layer, layout::Layout, strip::Strip, tabs};
use crate::{
    console::{
        model::{Model, Picker},
        theme::Role,
    },
    desk::Queue,
    domain::text::Safe,
    say,
};

/// The columns of the box.
const WIDTH: u16 = 50;

/// Draws the box under the queue's name in the header.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model, picker: &Picker) {
    let choices = model.found_queues(picker);
    let screen = canvas.area();
    let width = WIDTH.min(screen.width);
    let lines = u16::try_from(choices.len().max(1)).unwrap_or(u16::MAX);
    let y = layout.header.bottom();
    // The footer with the keys stays in sight.
    let room = screen.height.saturating_sub(y + 1);
    let height = lines.saturating_add(4).min(room);
    let area = Rect::new(0, y, width, height);
    let inside = layer::boxed(canvas, area, &Safe::literal("Which queue"));
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
        canvas.write(
            Strip::of(rows, 0).skip(1),
            &Safe::literal("No queue is called so"),
            Role::Dim,
        );
    }
    let top = layer::scrolled(picker.cursor, choices.len(), usize::from(rows.height));
    let shown = choices.iter().enumerate().skip(top);
    for (y, (index, choice)) in (0..rows.height).zip(shown) {
        let strip = Strip::of(rows, y);
        choice_row(canvas, strip, model, *choice, index == picker.cursor);
        canvas.offer(strip.area(), Target::PickerItem(index));
    }
    // Last, so that the hardware cursor is in the text.
    let line = canvas.write(Strip::of(inside, 0), &Safe::literal("Q "), Role::Accent);
    tabs::type_into(canvas, line, &picker.typed.text);
}

fn choice_row(
    canvas: &mut Canvas<'_>,
    strip: Strip,
    model: &Model,
    choice: Option<&Queue>,
    cursor: bool,
) {
    if cursor {
        layer::mark(canvas, strip.x.saturating_sub(1), strip.y);
    }
    let role = if cursor { Role::MenuCursor } else { Role::Text };
    let (name, open, unassigned) = match choice {
        Some(queue) => (queue.queue.name.clone(), queue.open, queue.unassigned),
        None => (
            Safe::literal("All queues"),
            model.queues.iter().map(|q| q.open).sum(),
            model.queues.iter().map(|q| q.unassigned).sum(),
        ),
    };
    let left = canvas.write_right(
        strip.skip(1),
        &say!("{unassigned:>4} unassigned"),
        Role::Dim,
    );
    let left = canvas.write_right(left, &say!("{open:>5} open"), Role::Dim);
    let present = choice.map(|q| &q.queue.id) == model.list.queue.as_ref();
    let name = if present {
        say!("{name} (shown)")
    } else {
        name
    };
    canvas.write(left.less(1), &name, role);
}
