//! The views with their counts, and the filter: one line above the list.

use ratatui::layout::Rect;

use super::{canvas::Canvas, finding, hit::Target, keys, strip::Strip};
use crate::{
    console::{
        command::{Command, Place},
        model::{Layer, Model},
        theme::Role,
    },
    desk::View,
    domain::text::Safe,
    say,
};

/// The views in their order, each with its name.
const VIEWS: [(View, &str); 3] = [
    (View::Mine, "Mine"),
    (View::Unassigned, "Unassigned"),
    (View::All, "All"),
];

/// How much of a tab is written.
#[derive(Clone, Copy)]
enum Form {
    /// `1 Mine 3`.
    Full,
    /// `Mine 3`.
    Named,
    /// The active one named, of the others the key and count: `1:3`.
    Brief,
}

/// Draws the tabs in the longest form that fits beside the filter, or the filter being typed.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let line = Strip::of(area, 0);
    if let Some(finding) = &model.finding {
        return finding::draw(canvas, area, model, finding);
    }
    if let Some(Layer::Filter(field)) = model.layers.last() {
        type_filter(canvas, line.inset(), &field.text);
        return;
    }
    let filter = if model.list.filter.is_empty() {
        Safe::default()
    } else {
        say!("/{}", model.list.filter)
    };
    let beside = canvas.width(&filter).min(line.width / 2);
    let room = line.less(beside + u16::from(beside > 0));
    let form = [Form::Full, Form::Named]
        .into_iter()
        .find(|form| columns(canvas, model, *form) <= room.width)
        .unwrap_or(Form::Brief);
    let mut left = room;
    for (view, name) in VIEWS {
        let active = view == model.list.view;
        let words = words(model, view, name, form);
        let (words, role) = match active {
            true if canvas.is_spoken() => (say!(" {words} shown "), Role::TabActive),
            true => (say!("[{words}]"), Role::TabActive),
            false => (say!(" {words} "), Role::Dim),
        };
        let rest = canvas.write(left, &words, role);
        canvas.offer(left.less(rest.width).area(), Target::Tab(view));
        left = rest;
    }
    canvas.write_right(line.less(1).skip(room.width), &filter, Role::Warning);
}

fn words(model: &Model, view: View, name: &str, form: Form) -> Safe {
    let list = &model.list;
    let key = model.keymap.first(Place::List, Command::Show(view));
    let key = key.map_or_else(Safe::default, |key| keys::name(key, model.ascii));
    let count = list.counts.of(view);
    match form {
        _ if !list.loaded => say!("{key} {name}"),
        Form::Full => say!("{key} {name} {count}"),
        Form::Named => say!("{name} {count}"),
        Form::Brief if view == list.view => say!("{name} {count}"),
        Form::Brief => say!("{key}:{count}"),
    }
}

fn columns(canvas: &Canvas<'_>, model: &Model, form: Form) -> u16 {
    VIEWS
        .iter()
        .map(|(view, name)| canvas.width(&words(model, *view, name, form)) + 2)
        .sum()
}

/// The filter while it is typed: its end stays in sight.
fn type_filter(canvas: &mut Canvas<'_>, line: Strip, text: &str) {
    let left = canvas.write(line, &Safe::literal("/ "), Role::Accent);
    let left = type_into(canvas, left, text);
    if text.is_empty() {
        canvas.write(
            left.skip(1),
            &Safe::literal("words of the name, digits of the number"),
            Role::Dim,
        );
    }
}

/// One line of text being typed, with the cursor at its end, which stays in sight.
pub fn type_into(canvas: &mut Canvas<'_>, line: Strip, text: &str) -> Strip {
    let text = canvas.shown(&Safe::line(text));
    let room = usize::from(line.width.saturating_sub(1));
    let mut hidden = text.width().saturating_sub(room);
    let from: usize = text
        .cells()
        .take_while(|(_, columns)| {
            let skipped = hidden > 0;
            hidden = hidden.saturating_sub(*columns);
            skipped
        })
        .map(|(cell, _)| cell.len())
        .sum();
    let left = canvas.write(line, &text.slice(from..text.len()), Role::Text);
    if left.width > 0 {
        canvas.place_cursor(left.x, left.y);
    }
    left
}
