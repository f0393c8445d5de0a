//! The views with their counts, and the filter: one line above the list.

use ratatui::layout::Rect;

use super::{canvas::Canvas, field, finding, strip::Strip, target::Target};
use crate::{
    console::{
        command::{Command, Place},
        model::{Layer, Model},
        theme::Role,
        words::keys,
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
    /// The same without air between them; of the drafts the key and count, if there are some.
    Tight,
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
    let form = [Form::Full, Form::Named, Form::Tight]
        .into_iter()
        .find(|form| columns(canvas, model, *form) <= room.width)
        .unwrap_or(Form::Brief);
    // In line with the header above, where one column is left for it.
    let is_tight = matches!(form, Form::Tight) && columns(canvas, model, form) < room.width;
    let mut left = room.skip(u16::from(is_tight));
    for (target, words, active) in tabs(model, form) {
        let (words, role) = match active {
            true if canvas.is_spoken() => (say!(" {words} shown "), Role::TabActive),
            true if matches!(form, Form::Tight) => (say!("[{words}] "), Role::TabActive),
            true => (say!("[{words}]"), Role::TabActive),
            false if matches!(form, Form::Tight) => (say!("{words} "), Role::Dim),
            false => (say!(" {words} "), Role::Dim),
        };
        let rest = canvas.write(left, &words, role);
        canvas.offer(left.less(rest.width).area(), target);
        left = rest;
    }
    canvas.write_right(line.less(1).skip(room.width), &filter, Role::Warning);
}

/// The tabs, each with what a click on it means, its words, and whether it is the active one.
fn tabs(model: &Model, form: Form) -> Vec<(Target, Safe, bool)> {
    let (list, drafts) = (&model.list, model.drafts_shown().is_some());
    let key = |command| {
        let key = model.keymap.first(Place::List, command);
        key.map_or_else(Safe::default, |key| keys::name(key, model.ascii))
    };
    let views = VIEWS.into_iter().map(|(view, name)| {
        let active = view == list.view && !drafts;
        let count = list.loaded.then(|| list.counts.of(view));
        (
            Target::Tab(view),
            words(&key(Command::Show(view)), name, count, active, form),
            active,
        )
    });
    let count = u64::try_from(model.count_of_drafts()).ok();
    let brief = match form {
        Form::Tight if !drafts => Form::Brief,
        form => form,
    };
    let last = (
        Target::Drafts,
        words(&key(Command::ShowDrafts), "Drafts", count, drafts, brief),
        drafts,
    );
    let is_left_out = matches!(form, Form::Tight) && !drafts && count == Some(0);
    views.chain((!is_left_out).then_some(last)).collect()
}

fn words(key: &Safe, name: &str, count: Option<u64>, active: bool, form: Form) -> Safe {
    match (form, count) {
        (Form::Brief, Some(count)) if !active => say!("{key}:{count}"),
        (_, None) => say!("{key} {name}"),
        (Form::Full, Some(count)) => say!("{key} {name} {count}"),
        (_, Some(count)) => say!("{name} {count}"),
    }
}

fn columns(canvas: &Canvas<'_>, model: &Model, form: Form) -> u16 {
    let tabs = tabs(model, form);
    let air = |active: bool| match form {
        Form::Tight => 1 + 2 * u16::from(active),
        _ => 2,
    };
    let columns = |(_, words, active): &(Target, Safe, bool)| canvas.width(words) + air(*active);
    tabs.iter().map(columns).sum()
}

/// The filter while it is typed: its end stays in sight.
fn type_filter(canvas: &mut Canvas<'_>, line: Strip, text: &str) {
    let left = canvas.write(line, &Safe::literal("/ "), Role::Accent);
    let left = field::type_into(canvas, left, text);
    if text.is_empty() {
        canvas.write(
            left.skip(1),
            &Safe::literal("words of the name, digits of the number"),
            Role::Dim,
        );
    }
}
