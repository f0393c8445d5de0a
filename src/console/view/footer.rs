//! The last two lines: what was said last, and the keys that count where one is.

use ratatui::layout::Rect;

use super::{canvas::Canvas, header, keys, layout::Layout, strip::Strip, time};
use crate::{
    console::{
        command::{self, Command, Place, TABLE},
        compose::name_of,
        model::{Layer, Link, Model, Tone},
        theme::Role,
        update::{acting::out_of_sight, input::place},
    },
    domain::text::Safe,
    say,
};

/// Draws the last thing said to the advisor. Where no header says that the line is broken, this does.
pub fn draw_notice(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let line = Strip::of(area, 0).inset();
    if area.y < 6 && model.link != Link::Live {
        let (words, role) = header::link(model);
        canvas.write(line, &words, role);
        return;
    }
    let Some(notice) = model.notices.back() else {
        return;
    };
    let left = canvas.write(line, &time::clock(notice.at, &model.zone), Role::Dim);
    let (words, role) = match notice.tone {
        Tone::Plain => (notice.text.clone(), Role::Text),
        Tone::Warning => (say!("! {}", notice.text), Role::Warning),
    };
    canvas.write(left.skip(1), &words, role);
}

/// Draws the keys of a place, as many as fit, the way to the help always.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let mut left = Strip::of(area, 0).inset();
    let place = place(model);
    let ascii = canvas.is_ascii();
    if place.reach().contains(&Place::Everywhere) && place != Place::Help {
        let key = key(Place::Everywhere, Command::Help, ascii);
        left = canvas
            .write_right(left, &Safe::literal("help"), Role::Dim)
            .less(1);
        left = canvas.write_right(left, &key, Role::Accent).less(2);
    }
    if let Some(subject) = subject(model) {
        left = canvas.write(left, &subject, Role::Text).skip(2);
    }
    if place == Place::Composer && Layout::of(model).composer.height >= 3 {
        return; // They are on the box one writes in.
    }
    for (key, what) in hints(model, place) {
        let columns = canvas.width(&key) + 1 + canvas.width(&what);
        if columns > left.width {
            break;
        }
        left = canvas.write(left, &key, Role::Accent).skip(1);
        left = canvas.write(left, &what, Role::Dim).skip(2);
    }
}

/// The first key for a wish in a place.
#[must_use]
pub fn key(place: Place, command: Command, ascii: bool) -> Safe {
    TABLE
        .iter()
        .find(|b| b.place == place && b.command == command)
        .and_then(|b| b.keys.first())
        .map_or_else(Safe::default, |key| keys::name(*key, ascii))
}

/// The keys of one place in one line.
#[must_use]
pub fn sentence(place: Place, model: &Model) -> Safe {
    let parts: Vec<Safe> = command::footer(place)
        .filter(|(binding, _)| binding.place == place)
        .map(|(binding, what)| say!("{} {what}", keys::of(binding, model)))
        .collect();
    Safe::join(&Safe::literal("  "), &parts)
}

fn hints(model: &Model, place: Place) -> Vec<(Safe, Safe)> {
    let mut hints: Vec<(Safe, Safe)> = command::footer(place)
        .filter(|(binding, _)| binding.command != Command::Help)
        .map(|(binding, what)| {
            let what = match binding.command {
                Command::Unassign if place == Place::List => marked(model),
                _ => None,
            }
            .unwrap_or(Safe::literal(what));
            (keys::of(binding, model), what)
        })
        .collect();
    if place == Place::Menu {
        let letter = (Safe::literal("letter"), Safe::literal("does it at once"));
        hints.insert(hints.len().min(2), letter);
    }
    hints
}

/// What `u` does while there are marks (U7).
fn marked(model: &Model) -> Option<Safe> {
    let count = model.marks.len();
    let hidden = out_of_sight(model);
    match (count, hidden) {
        (0, _) => None,
        (_, 0) => Some(say!("hand back {count} marked")),
        _ => Some(say!("hand back {count} marked ({hidden} out of sight)")),
    }
}

/// What the keys are for, where that is not plain to see.
fn subject(model: &Model) -> Option<Safe> {
    match (model.layers.last(), &model.composer) {
        (Some(Layer::Menu(menu)), _) => {
            super::menu::row_of(model, menu).map(|row| say!("Actions for {}:", name_of(row)))
        }
        (None, Some(open)) => Some(say!("Writing to {}", name_of(&open.row))),
        _ => None,
    }
}
