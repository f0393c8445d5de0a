//! Exactly what would move and what would stay, and why; then what became of each (U7, R24). Only the window is drawn.

use super::parts::Parts;
use crate::{
    console::{
        command::{Command, Place},
        model::{
            Loaded, Model,
            some::{Focus, HandBackSome, Looking, Moving},
        },
        theme::{Role, Sign},
        view::{
            canvas::Canvas,
            entry::{first_word, short_channel},
            frame,
            strip::Strip,
            target::{Spot, Target},
        },
        words::{keys, time},
    },
    domain::{row::Row, text::Safe},
    say,
};

/// The columns of cursor and sign before a name.
const MARGIN: u16 = 2;
/// The columns of `waits 1 h 52 min`.
const WAIT: u16 = 16;
/// The columns of `WhatsApp`.
const CHANNEL: u16 = 8;
/// From here on a row says its queue and status too.
const WIDE: u16 = 64;
/// From here on it writes its channel and wait out.
const FULL: u16 = 40;

/// Draws both lists, with what one should know before.
pub(super) fn draw(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    heading(canvas, parts, some);
    heading_of_stays(canvas, parts, some);
    moves(canvas, parts, model, some);
    stays(canvas, parts, some);
    warnings(canvas, parts, some);
}

/// A name with a number, and a line behind it; where not all fits, which of them are shown.
fn titled(canvas: &mut Canvas<'_>, line: Strip, name: &Safe, aside: &Safe, shown: Option<Safe>) {
    let left = canvas.write(line.inset(), name, Role::Strong);
    let mut left = canvas.write(left, aside, Role::Dim);
    if let Some(shown) = shown
        && canvas.width(&shown) + 4 <= left.width
    {
        left = canvas.write_right(left, &shown, Role::Dim).less(1);
    }
    canvas.rule(left.skip(1), Role::Border);
}

/// Which of `count` are shown, if not all.
fn range(top: usize, count: usize, height: u16) -> Option<Safe> {
    let height = usize::from(height);
    (count > height && height > 0).then(|| say!("{}-{}", top + 1, (top + height).min(count)))
}

fn heading(canvas: &mut Canvas<'_>, parts: &Parts, some: &HandBackSome) {
    let line = Strip::of(parts.heading, 0);
    if line.width == 0 {
        return;
    }
    let plan = &some.plan;
    let top = parts.top(plan.top, plan.cursor(), plan.moves().len(), Focus::Moves);
    let shown = range(top, plan.moves().len(), parts.moves.height);
    if let Some(came) = plan.done() {
        let name = say!("MOVED {}", came.moved);
        let aside = match came.failed {
            0 => Safe::default(),
            failed => say!(", {failed} stayed"),
        };
        return titled(canvas, line, &name, &aside, shown);
    }
    let name = match plan.looking {
        Looking::Here => say!("MOVE {}", plan.moving()),
        _ => Safe::literal("MOVE"),
    };
    let mut aside = Safe::default();
    if plan.keeping() > 0 {
        aside = say!(", {} kept back", plan.keeping());
    }
    if plan.only().is_some() {
        aside.push(&Safe::literal(" of those that stayed"));
    }
    if is_looking(some) {
        aside = Safe::literal(" asking…");
    }
    titled(canvas, line, &name, &aside, shown);
}

fn heading_of_stays(canvas: &mut Canvas<'_>, parts: &Parts, some: &HandBackSome) {
    let line = Strip::of(parts.heading_of_stays, 0);
    if line.width == 0 {
        return;
    }
    let plan = &some.plan;
    let top = parts.top(
        plan.top_of_stays,
        plan.at_stay,
        plan.stays.len(),
        Focus::Stays,
    );
    let shown = range(top, plan.stays.len(), parts.stays.height);
    let known = some.plan.looking == Looking::Here;
    let name = match known {
        true => say!("STAY {}", some.plan.staying),
        false => Safe::literal("STAY"),
    };
    let aside = if known { whose(some) } else { Safe::default() };
    titled(canvas, line, &name, &aside, shown);
}

fn moves(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    let area = parts.moves;
    let plan = &some.plan;
    let first = Strip::of(area, 0).skip(MARGIN).less(1);
    let nothing = match &plan.looking {
        Looking::Failed(why) => {
            let again = keys::here(model, Place::Moving, Command::Retry);
            Some((
                say!("What would move is not known: {why} · {again} asks again"),
                Role::Warning,
            ))
        }
        Looking::Nowhere if some.load.loaded != Loaded::Yes => None,
        Looking::Nowhere if some.load.count_picked() == 0 => {
            Some((Safe::literal("Pick whose conversations first"), Role::Dim))
        }
        Looking::Nowhere => Some((Safe::literal("The number says none"), Role::Dim)),
        Looking::Here if plan.moves().is_empty() => {
            Some((Safe::literal("Nothing would move"), Role::Text))
        }
        _ => None,
    };
    if let Some((words, role)) = nothing {
        // There is nothing beside it either.
        let width = model.size.0.saturating_sub(first.x + 1);
        canvas.write(Strip { width, ..first }, &words, role);
        return;
    }
    let several = some.load.count_picked() > 1;
    let top = parts.top(plan.top, plan.cursor(), plan.moves().len(), Focus::Moves);
    let shown = plan.moves().iter().enumerate().skip(top);
    for (y, (index, moving)) in (0..area.height).zip(shown) {
        let strip = Strip::of(area, y);
        canvas.offer(strip.area(), Target::Some(Spot::Moving(index)));
        if index == plan.cursor() && some.focus == Focus::Moves {
            frame::mark(canvas, strip.x, strip.y);
        }
        // What is shown of another choice is dim until the answer is here.
        row(canvas, strip, model, moving, several, is_looking(some));
    }
}

fn row(
    canvas: &mut Canvas<'_>,
    strip: Strip,
    model: &Model,
    moving: &Moving,
    several: bool,
    dim: bool,
) {
    let row = &moving.row;
    let role = |role| if dim || moving.kept { Role::Dim } else { role };
    if let Some((moved, _)) = &moving.came {
        let (sign, role) = match moved {
            true => (Sign::Done, Role::Done),
            false => (Sign::Undone, Role::Error),
        };
        canvas.sign(strip.x + 1, strip.y, sign, role);
    }
    let margin = MARGIN + u16::from(moving.came.is_some()); // Air after the sign.
    let line = strip.skip(margin).less(1);
    let name = match strip.width {
        WIDE.. => 18,
        FULL.. => 15,
        _ => line.width.saturating_sub(14),
    };
    canvas.write(line.take(name), row.contact.shown(), role(Role::Text));
    let left = line.skip(name + 1);
    if let Some((moved, words)) = &moving.came {
        let role = if *moved { Role::Done } else { Role::Error };
        canvas.write(left, words, role);
        return;
    }
    let (end, end_role) = match moving.kept {
        true => (Safe::literal("kept back"), Role::Warning),
        false => (wait(model, row, strip.width), role(Role::Text)),
    };
    canvas.write_right(left, &end, end_role);
    // The columns stand where they stand, however long one waits.
    let left = left.less(if strip.width < FULL { 6 } else { WAIT + 1 });
    let who = match (several, strip.width < FULL) {
        (true, _) => holder(row),
        (false, true) => short_channel(&row.channel),
        (false, false) => row.channel.clone(),
    };
    canvas.write(left.take(CHANNEL), &who, Role::Dim);
    if strip.width >= WIDE {
        let status = row.status.clone().unwrap_or_default();
        let parts = [row.queue.name.clone(), status];
        let said = parts.iter().filter(|part| !part.is_empty());
        let words = Safe::join(&Safe::literal(" · "), said);
        canvas.write(left.skip(CHANNEL + 1), &words, Role::Dim);
    }
}

fn holder(row: &Row) -> Safe {
    row.assignee
        .as_ref()
        .map(|a| first_word(&a.name))
        .unwrap_or_default()
}

fn wait(model: &Model, row: &Row, width: u16) -> Safe {
    match (row.unanswered, width < FULL) {
        (true, true) => time::waiting(model, row.since, 4),
        (true, false) => time::waits(model, row.since),
        (false, true) => time::stamp(row.since, model.now, &model.zone),
        (false, false) => say!("since {}", time::stamp(row.since, model.now, &model.zone)),
    }
}

fn stays(canvas: &mut Canvas<'_>, parts: &Parts, some: &HandBackSome) {
    let area = parts.stays;
    let plan = &some.plan;
    if area.is_empty() || matches!(plan.looking, Looking::Nowhere | Looking::Failed(_)) {
        return;
    }
    let top = parts.top(
        plan.top_of_stays,
        plan.at_stay,
        plan.stays.len(),
        Focus::Stays,
    );
    for (y, (index, (row, why))) in (0..area.height).zip(plan.stays.iter().enumerate().skip(top)) {
        let strip = Strip::of(area, y);
        canvas.offer(strip.area(), Target::Some(Spot::Staying(index)));
        if index == plan.at_stay && some.focus == Focus::Stays {
            frame::mark(canvas, strip.x, strip.y);
        }
        let line = strip.skip(MARGIN).less(1);
        let name = (line.width * 3 / 8).min(18);
        let role = if is_looking(some) {
            Role::Dim
        } else {
            Role::Text
        };
        canvas.write(line.take(name.saturating_sub(1)), row.contact.shown(), role);
        canvas.write(line.skip(name), why, Role::Dim);
    }
}

fn warnings(canvas: &mut Canvas<'_>, parts: &Parts, some: &HandBackSome) {
    let warnings = &some.plan.warnings;
    let rows = usize::from(parts.warnings.height);
    for (y, words) in (0..parts.warnings.height).zip(warnings) {
        let line = Strip::of(parts.warnings, y).inset();
        let last = usize::from(y) + 1 == rows && warnings.len() > rows;
        let words = match last {
            true => say!("! {words} · and {} more", warnings.len() - rows),
            false => say!("! {words}"),
        };
        canvas.write(line, &words, Role::Warning);
    }
}

/// Whose they are, after *of*: `Anna's`, `theirs`.
fn whose(some: &HandBackSome) -> Safe {
    let mut picked = some.load.picked();
    match (picked.next(), picked.next()) {
        (Some(person), None) => say!(" of {}'s", first_word(&person.user.name)),
        (Some(_), Some(_)) => Safe::literal(" of theirs"),
        (None, _) => Safe::default(),
    }
}

/// Whether the desk is being asked.
fn is_looking(some: &HandBackSome) -> bool {
    matches!(some.plan.looking, Looking::Soon(_) | Looking::Asked(_))
}
