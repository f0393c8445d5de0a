//! Load by advisor, as a table. The column that sorts has a sign in the gap beside its title; the person the cursor is
//! on a mark in the first column, those picked an `x`.

use super::parts::Parts;
use crate::{
    console::{
        command::Command,
        model::{
            Loaded, Model,
            some::{Column, Focus, HandBackSome},
        },
        theme::{Role, Sign},
        view::{
            canvas::Canvas,
            frame, scroll,
            strip::Strip,
            target::{Spot, Target},
        },
        words::{keys, time},
    },
    desk::{Colleague, Presence},
    domain::text::Safe,
    say,
};

/// The columns of cursor and mark before the names.
const MARGIN: u16 = 3;
/// From here on titles and times are written out.
const WIDE: u16 = 110;
/// From here on there is room for organisations, and for who writes and keeps drafts.
const MEDIUM: u16 = 70;

/// One column as it is drawn: its title, its width without the gap after it, and whether its text ends where it ends.
#[derive(Clone, Copy)]
struct Shown {
    column: Column,
    title: &'static str,
    width: u16,
    right: bool,
}

/// The titles in full.
pub(super) fn title(column: Column) -> &'static str {
    match column {
        Column::Advisor => "Advisor",
        Column::Organisation => "Organisation",
        Column::Open => "Open",
        Column::Unanswered => "Unanswered",
        Column::Oldest => "Oldest waits",
        Column::Replying => "Replying",
        Column::Drafts => "Drafts",
        Column::LastAction => "Last action",
        Column::State => "State",
    }
}

/// The columns that fit, from left to right; names get what the others leave.
fn shown(width: u16) -> Vec<Shown> {
    let (wide, medium) = (width >= WIDE, width >= MEDIUM);
    let of = |column, short: &'static str, columns: u16, right| Shown {
        column,
        title: if wide { title(column) } else { short },
        width: columns,
        right,
    };
    let by_width = |at_wide, at_medium, else_| match (wide, medium) {
        (true, _) => at_wide,
        (_, true) => at_medium,
        _ => else_,
    };
    let mut columns = vec![
        of(Column::Open, "Open", 4, true),
        of(Column::Unanswered, "Unansw.", by_width(10, 7, 7), true),
        of(Column::Oldest, "Oldest", by_width(12, 10, 6), true),
    ];
    if medium {
        columns.push(of(Column::Replying, "Repl.", by_width(8, 5, 5), true));
        columns.push(of(Column::Drafts, "Drafts", 6, true));
    }
    if wide {
        columns.push(of(Column::LastAction, "Last action", 11, true));
    }
    if width >= 46 {
        columns.push(of(Column::State, "State", by_width(16, 10, 8), false));
    }
    let taken: u16 = columns.iter().map(|c| c.width + c.gap(width)).sum();
    let names = width.saturating_sub(MARGIN + 1 + taken);
    let (name, organisation) = match medium {
        true => (
            (names * 3 / 5).min(26),
            (names * 2 / 5).saturating_sub(2).min(20),
        ),
        false => (names.saturating_sub(1), 0),
    };
    let mut all = vec![of(Column::Advisor, "Advisor", name, false)];
    if organisation > 0 {
        all.push(of(Column::Organisation, "Team", organisation, false));
    }
    all.append(&mut columns);
    all
}

impl Shown {
    /// The columns after it. The sign of the sorting column stands in the first, right behind the title, and never
    /// touches the title after it.
    fn gap(&self, width: u16) -> u16 {
        if self.right || width >= WIDE { 2 } else { 1 }
    }
}

/// Draws the table, or why there is none.
pub(super) fn draw(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    let columns = shown(parts.people.width);
    titles(canvas, parts, some, &columns);
    let first = Strip::of(parts.people, 0).skip(MARGIN).less(1);
    match &some.load.loaded {
        Loaded::Yes if some.load.people().is_empty() => {
            canvas.write(
                first,
                &Safe::literal("There is nobody to hand back from"),
                Role::Text,
            );
        }
        Loaded::Yes => {}
        Loaded::Failed(why) => {
            let words = say!(
                "The people cannot be had: {why} · {} asks again",
                keys::named(model, Command::Refresh)
            );
            canvas.write(first, &words, Role::Warning);
        }
        _ => {
            canvas.write(
                first,
                &Safe::literal("asking who has how much to do…"),
                Role::Dim,
            );
        }
    }
    let people = some.load.people();
    let height = usize::from(parts.people.height);
    let top = scroll::in_sight(
        some.load.top,
        some.load.cursor(),
        people.len(),
        height.max(1),
    );
    for (y, (index, person)) in (0..parts.people.height).zip(people.iter().enumerate().skip(top)) {
        let strip = Strip::of(parts.people, y);
        canvas.offer(strip.area(), Target::Some(Spot::Person(index)));
        row(
            canvas,
            strip,
            model,
            some,
            person,
            index == some.load.cursor(),
            &columns,
        );
    }
    let below = people.len().saturating_sub(top + height);
    if below > 0 && parts.are_together() {
        // In the line of air between the table and the choice.
        let air = Strip {
            x: 0,
            y: parts.people.bottom(),
            width: parts.people.width,
        };
        canvas.write(air.skip(MARGIN), &say!("… {below} more"), Role::Dim);
    }
}

fn titles(canvas: &mut Canvas<'_>, parts: &Parts, some: &HandBackSome, columns: &[Shown]) {
    if parts.columns.is_empty() {
        return;
    }
    let (sort, _) = some.load.sort();
    let sign = if some.load.rises() {
        Sign::Up
    } else {
        Sign::Down
    };
    let mut left = Strip::of(parts.columns, 0).skip(MARGIN);
    for column in columns {
        let cell = left.take(column.width);
        let sorts = column.column == sort;
        let role = if sorts { Role::Strong } else { Role::Dim };
        let words = Safe::literal(column.title);
        let after = match column.right {
            true => {
                canvas.write_right(cell, &words, role);
                cell.x + cell.width
            }
            false => canvas.write(cell, &words, role).x,
        };
        if sorts {
            canvas.sign(after, cell.y, sign, Role::Accent);
        }
        canvas.offer(cell.area(), Target::Some(Spot::Title(column.column)));
        left = left.skip(column.width + column.gap(parts.columns.width));
    }
}

fn row(
    canvas: &mut Canvas<'_>,
    strip: Strip,
    model: &Model,
    some: &HandBackSome,
    person: &Colleague,
    cursor: bool,
    columns: &[Shown],
) {
    if cursor && some.focus == Focus::Whose {
        frame::mark(canvas, strip.x, strip.y);
    } else if cursor {
        canvas.sign(strip.x, strip.y, Sign::Cursor, Role::CursorAside);
    }
    let picked = some.load.is_picked(&person.user.id);
    if picked {
        canvas.sign(strip.x + 1, strip.y, Sign::Marked, Role::Mark);
    }
    let mut left = strip.skip(MARGIN);
    for column in columns {
        let (words, role) = cell(model, person, column);
        let role = match column.column {
            Column::Advisor if picked => Role::Strong,
            _ => role,
        };
        let place = left.take(column.width);
        if column.right {
            canvas.write_right(place, &words, role);
        } else {
            canvas.write(place, &words, role);
        }
        left = left.skip(column.width + column.gap(strip.width));
    }
}

/// What stands in a cell; what is nothing is dim.
fn cell(model: &Model, person: &Colleague, shown: &Shown) -> (Safe, Role) {
    let count = |count: u64, role| match count {
        0 => (Safe::literal("0"), Role::Dim),
        _ => (say!("{count}"), role),
    };
    match shown.column {
        Column::Advisor => (person.user.name.clone(), Role::Text),
        Column::Organisation => (person.organisation.name.clone(), Role::Dim),
        Column::Open => count(person.open, Role::Text),
        Column::Unanswered => count(person.unanswered, Role::Unanswered),
        Column::Oldest => match person.oldest_waiting {
            Some(since) => (time::waiting(model, since, shown.width), Role::Text),
            None => (Safe::default(), Role::Dim),
        },
        Column::Replying => count(person.replying, Role::Warning),
        Column::Drafts => count(person.drafts, Role::Warning),
        Column::LastAction => match person.last_action {
            Some(at) => (time::stamp(at, model.now, &model.zone), Role::Dim),
            None => (Safe::default(), Role::Dim),
        },
        Column::State => state(model, person, shown.width),
    }
}

/// Signed in, away, signed out, in at most so many columns.
fn state(model: &Model, person: &Colleague, width: u16) -> (Safe, Role) {
    match (person.presence, person.since) {
        (Presence::SignedIn, _) if width < 9 => (Safe::literal("here"), Role::Text),
        (Presence::SignedIn, _) => (Safe::literal("signed in"), Role::Text),
        (Presence::Away, Some(since)) if width < 16 => (
            say!("away {}", time::wait_short(since, model.now)),
            Role::Warning,
        ),
        (Presence::Away, Some(since)) => {
            (say!("away {}", time::wait(since, model.now)), Role::Warning)
        }
        (Presence::Away, None) => (Safe::literal("away"), Role::Warning),
        (Presence::SignedOut, _) if width < 10 => (Safe::literal("out"), Role::Dim),
        (Presence::SignedOut, _) => (Safe::literal("signed out"), Role::Dim),
    }
}
