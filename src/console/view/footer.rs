//! The last two lines: what was said last, and the keys that count where one is.

use ratatui::layout::Rect;

use super::{
    canvas::Canvas, finding, header, layout::Layout, preview, strip::Strip, window::out_of_sight,
};
use crate::{
    console::{
        command::{Binding, Command, Place, TABLE},
        compose::{Kind, name_of},
        model::{Layer, Link, Model, Tone},
        theme::Role,
        words::{keys, time},
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
    if let Some((words, role)) = super::alone::state(model).or_else(|| super::some::state(model)) {
        canvas.write(line, &words, role);
        return;
    }
    if let Some(wrong) = finding::wrong(model) {
        canvas.write(line, &wrong, Role::Warning);
        return;
    }
    let Some(notice) = model.notices.back().filter(|_| !model.notice_is_over) else {
        return;
    };
    let left = canvas.write(line, &time::clock(notice.at, &model.zone), Role::Dim);
    let (words, role) = match notice.tone {
        Tone::Plain => (notice.text.clone(), Role::Text),
        Tone::Warning => (say!("! {}", notice.text), Role::Warning),
    };
    let left = left.skip(1);
    canvas.write(left, &in_brief(canvas, &words, left.width), role);
}

/// A notice where there is no room for all of it: what happened and what to do next, its first part and its last, before
/// what stands between them.
fn in_brief(canvas: &Canvas<'_>, words: &Safe, room: u16) -> Safe {
    const BETWEEN: &str = " · ";
    let mut parts: Vec<Safe> = words.as_str().split(BETWEEN).map(Safe::line).collect();
    let mut brief = words.clone();
    while canvas.width(&brief) > room && parts.len() > 2 {
        parts.remove(1);
        brief = Safe::join(&Safe::literal(BETWEEN), &parts);
    }
    match canvas.width(&brief) > room {
        true => words.clone(),
        false => brief,
    }
}

/// Draws the keys of a place, as many as fit, the way to the help always.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let mut left = Strip::of(area, 0).inset();
    let place = model.place();
    if place.reach().contains(&Place::Everywhere) && place != Place::Help {
        let key = keys::here(model, place, Command::Help);
        left = canvas
            .write_right(left, &Safe::literal("help"), Role::Dim)
            .less(1);
        left = canvas.write_right(left, &key, Role::Accent).less(2);
    }
    if let Some(subject) = subject(model) {
        left = canvas.write(left, &subject, Role::Text).skip(2);
    }
    if matches!(place, Place::Composer | Place::Note | Place::Waiting)
        && Layout::of(model).composer.height >= 3
    {
        return; // They are on the box one writes in.
    }
    for (key, what) in hints(model) {
        let columns = canvas.width(&key) + 1 + canvas.width(&what);
        if columns > left.width {
            break;
        }
        left = canvas.write(left, &key, Role::Accent).skip(1);
        left = canvas.write(left, &what, Role::Dim).skip(2);
    }
}

/// The keys that count now, each with what it does, in one line of at most so many columns.
#[must_use]
pub fn sentence(canvas: &Canvas<'_>, model: &Model, columns: u16) -> Safe {
    let mut sentence = Safe::default();
    for (key, what) in hints(model) {
        let longer = match sentence.is_empty() {
            true => say!("{key} {what}"),
            false => say!("{sentence}  {key} {what}"),
        };
        if canvas.width(&longer) > columns {
            break;
        }
        sentence = longer;
    }
    sentence
}

/// The keys that count now, nearest place first.
fn hints(model: &Model) -> Vec<(Safe, Safe)> {
    let place = model.place();
    let mut hints: Vec<(Safe, Safe)> = TABLE
        .iter()
        .filter(|b| place.reach().contains(&b.place) && b.command != Command::Help)
        .filter_map(|b| Some((keys::of(b, model), what(model, b)?)))
        .filter(|(key, _)| !key.is_empty())
        .collect();
    if place == Place::Menu {
        let letter = (Safe::literal("letter"), Safe::literal("does it at once"));
        hints.insert(hints.len().min(2), letter);
    }
    hints
}

/// What a key does now, if that is worth a place in the footer.
fn what(model: &Model, binding: &Binding) -> Option<Safe> {
    let usual = binding.footer.map(Safe::literal);
    match (binding.place, binding.command) {
        (Place::List, Command::Unassign) => marked(model).or(usual),
        (Place::List, Command::Take | Command::Reply) if !model.marks.is_empty() => None,
        (Place::Load | Place::Choice | Place::Words | Place::Moving, command) => {
            super::some::what(model, command, usual)
        }
        (Place::Find, Command::Complete) => {
            let finding = model.finding.as_ref();
            usual.filter(|_| finding.is_some_and(|finding| !finding.offers(model).is_empty()))
        }
        (Place::Drafts, Command::Undo) => usual.filter(|_| model.shelf.dropped.is_some()),
        (Place::Acts, command) => super::acts::what(model, command, usual),
        (Place::Composer | Place::Note, command) => {
            let still = model
                .composer
                .as_ref()
                .is_some_and(|c| c.is_still().is_some());
            usual.filter(|_| !still || command == Command::Back)
        }
        (Place::Preview, command) => match (model.layers.last(), command) {
            (Some(Layer::Preview(preview)), Command::Enter) if preview.results.is_some() => None,
            (Some(Layer::Preview(preview)), Command::Enter) => Some(preview::act(model, preview)),
            (Some(Layer::Preview(preview)), Command::Retry) => preview
                .results
                .as_ref()
                .is_some_and(|results| results.iter().any(|(_, _, done)| !done))
                .then(|| Safe::literal(binding.what)),
            _ => usual,
        },
        _ => usual,
    }
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
        (None, Some(open)) => Some(match open.kind {
            Kind::Reply => say!("Writing to {}", name_of(&open.row)),
            Kind::Note => say!("Note on {}", name_of(&open.row)),
        }),
        _ => None,
    }
}
