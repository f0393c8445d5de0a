//! An act on several: which they are and whose, before anything is done; then what came of each (U7, R24).

use super::{canvas::Canvas, frame, strip::Strip, target::Target, window};
use crate::{
    console::{
        model::{Marked, Model, Preview},
        theme::{Role, Sign},
        words,
    },
    domain::{id::ConversationId, text::Safe},
    say,
};

/// The columns of the box.
const WIDTH: u16 = 84;

/// Draws the box.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, preview: &Preview) {
    let count = preview.items.len();
    let rows = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2);
    let room = canvas.area().height.saturating_sub(4);
    let inside = frame::centred(canvas, &title(model, preview), WIDTH, rows.min(room).max(3));
    let (words, role) = state(model, preview);
    let last = inside.height.saturating_sub(1);
    canvas.write(Strip::of(inside, last), &words, role);
    let lines = if last > 2 { last - 1 } else { last };
    let items = preview.items.iter().enumerate().skip(preview.top);
    for (y, (index, (id, marked))) in (0..lines).zip(items) {
        let strip = Strip::of(inside, y);
        canvas.offer(strip.area(), Target::PreviewItem(index));
        row(canvas, strip, model, preview, id, marked);
    }
    let below = count.saturating_sub(preview.top + usize::from(lines));
    if below > 0 {
        canvas.write(
            Strip::of(inside, lines),
            &say!("… {below} more below"),
            Role::Dim,
        );
    }
    canvas.place_cursor(inside.x, inside.y + last);
}

fn title(model: &Model, preview: &Preview) -> Safe {
    let act = words::verb(&words::like(model, &preview.deed)).act;
    let count = words::count(preview.items.len());
    say!("{act} {count}{}", preview.target)
}

/// What Enter does, for the footer: `hand back these 3`.
#[must_use]
pub fn act(model: &Model, preview: &Preview) -> Safe {
    let act = words::verb(&words::like(model, &preview.deed))
        .act
        .to_lowercase();
    say!("{act} these {}", preview.items.len())
}

/// How far it is, in one sentence.
fn state(model: &Model, preview: &Preview) -> (Safe, Role) {
    if preview.operation.is_some() && preview.results.is_none() {
        let acting = words::verb(&words::like(model, &preview.deed)).acting;
        return (
            say!("{acting} {}…", words::count(preview.items.len())),
            Role::Accent,
        );
    }
    match &preview.results {
        None => match &preview.reason {
            Some(reason) => (say!("Nothing is done yet · reason: {reason}"), Role::Text),
            None => (Safe::literal("Nothing is done yet"), Role::Text),
        },
        Some(results) => {
            let done = results.iter().filter(|(_, _, done)| *done).count();
            match results.len() - done {
                0 => (say!("All {done} done"), Role::Done),
                failed => (
                    say!("{done} done, {failed} not: these stay marked, r tries them again"),
                    Role::Warning,
                ),
            }
        }
    }
}

fn row(
    canvas: &mut Canvas<'_>,
    strip: Strip,
    model: &Model,
    preview: &Preview,
    id: &ConversationId,
    marked: &Marked,
) {
    let result = preview
        .results
        .as_ref()
        .and_then(|results| results.iter().find(|(of, _, _)| of == id));
    let (words, role) = match result {
        Some((_, words, true)) => (words.clone(), Role::Done),
        Some((_, words, false)) => (words.clone(), Role::Error),
        None if !is_in_sight(model, id) => (Safe::literal("out of sight"), Role::Warning),
        None => (Safe::default(), Role::Dim),
    };
    if let Some((_, _, done)) = result {
        let sign = if *done { Sign::Done } else { Sign::Undone };
        canvas.sign(strip.x, strip.y, sign, role);
    }
    let columns = strip.skip(2);
    let third = columns.width / 3;
    canvas.write(
        columns.take(third.saturating_sub(1)),
        marked.contact.shown(),
        Role::Text,
    );
    let rest = columns.skip(third);
    let held = match &marked.assignee {
        Some((id, _)) if model.user() == Some(id) => Safe::literal("yours"),
        Some((_, name)) => name.clone(),
        None => Safe::literal("unassigned"),
    };
    canvas.write(
        rest.take((rest.width / 2).saturating_sub(1)),
        &held,
        Role::Dim,
    );
    canvas.write(rest.skip(rest.width / 2), &words, role);
}

/// Whether its row is on the screen under the box.
fn is_in_sight(model: &Model, id: &ConversationId) -> bool {
    let index = model.list.inbox.find(id);
    index.is_some_and(|index| window::in_sight(model).contains(&index))
}
