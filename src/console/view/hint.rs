//! Where to begin, the first time: a few keys, gone with the first one pressed.

use ratatui::layout::Rect;

use super::{canvas::Canvas, frame, layout::Layout, strip::Strip};
use crate::{
    console::{
        command::{Command, Place},
        model::Model,
        theme::Role,
        words::keys,
    },
    desk::View,
    domain::text::Safe,
    say,
};

/// The columns of the box, at most.
const WIDTH: u16 = 58;

/// Draws the box at the top of the messages, or of the list where they are not shown.
pub fn draw(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model) {
    let area = match layout.messages.is_empty() {
        true => layout.list,
        false => layout.messages,
    };
    let lines = lines(model);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    if area.width < 30 || area.height < height {
        return; // The footer says the most of it.
    }
    let width = WIDTH.min(area.width.saturating_sub(2));
    let title = Safe::literal("Your first time here");
    let place = Rect::new(
        area.x + 1,
        area.y + (area.height - height) / 2,
        width,
        height,
    );
    let cursor = canvas.cursor();
    let inside = frame::boxed(canvas, place, &title);
    for (y, (keys, what)) in (0..inside.height).zip(lines) {
        let line = Strip::of(inside, y);
        match keys.is_empty() {
            true => drop(canvas.write(line, &what, Role::Dim)),
            false => {
                canvas.write(line.take(7), &keys, Role::Accent);
                canvas.write(line.skip(8), &what, Role::Text);
            }
        }
    }
    if let Some((x, y)) = cursor {
        canvas.place_cursor(x, y);
    }
}

fn lines(model: &Model) -> Vec<(Safe, Safe)> {
    let key = |command| keys::here(model, Place::List, command);
    let line = |keys, what| (keys, Safe::literal(what));
    vec![
        (
            key(Command::Unassign),
            say!("hands it back, {} takes it back", key(Command::Undo)),
        ),
        line(key(Command::Menu), "all that can be done to it"),
        line(
            say!(
                "{} {}",
                key(Command::Show(View::Mine)),
                key(Command::Show(View::Unassigned))
            ),
            "what is yours, what nobody has",
        ),
        line(
            say!("{} {}", key(Command::Help), key(Command::ByName)),
            "every key, anything by its name",
        ),
        line(Safe::default(), "The next key puts this away for good"),
    ]
}
