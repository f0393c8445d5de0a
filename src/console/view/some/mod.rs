//! Handing back some (U7): load by advisor above, the choice below it, and at the bottom exactly what would move and what
//! would stay, before anything moves.
//!
//! On a small screen one part at a time: the one that has the keys.

mod fields;
mod load;
mod moving;

use ratatui::layout::Rect;

use super::{
    canvas::Canvas,
    entry::first_word,
    header, layer,
    layout::{Layout, bottom, top},
    strip::Strip,
    target::Target,
};
use crate::{
    console::{
        command::Command,
        model::{
            Layer, Model,
            some::{Focus, HandBackSome, Looking, Then},
        },
        theme::{Role, Sign},
    },
    domain::text::Safe,
    say,
};

/// From here on the parts stand together.
const TOGETHER: (u16, u16) = (70, 16);
/// What is chosen, on so many lines.
const FIELDS: u16 = 4;
/// Warnings shown at most.
const WARNINGS: u16 = 2;

/// The areas of the screen. One that is not shown is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// What this is, who one is, the line to the desk.
    pub title: Rect,
    /// The titles of the table's columns.
    pub columns: Rect,
    /// The people.
    pub people: Rect,
    /// What is chosen.
    pub fields: Rect,
    /// How many would move; on a wide screen beside it how many would stay.
    pub heading: Rect,
    /// What would move.
    pub moves: Rect,
    /// How many would stay.
    pub heading_of_stays: Rect,
    /// What would stay.
    pub stays: Rect,
    /// What one should know before.
    pub warnings: Rect,
}

impl Parts {
    /// The areas for what a model shows; none where no such screen is open.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let layout = Layout::of(model);
        let (Some(some), false) = (model.hand_back_some(), layout.too_small) else {
            return Self::default();
        };
        let mut left = Rect::new(0, 0, model.size.0, layout.notice.y);
        let mut parts = Self {
            title: top(&mut left, 1),
            ..Self::default()
        };
        let has_room = model.size.0 >= TOGETHER.0 && left.height >= TOGETHER.1;
        if has_room && !model.spoken {
            parts.together(left, some);
        } else {
            parts.alone(left, some);
        }
        parts
    }

    fn together(&mut self, mut left: Rect, some: &HandBackSome) {
        let people = u16::try_from(some.load.people().len().max(1)).unwrap_or(u16::MAX);
        let air = u16::from(left.height >= 30);
        top(&mut left, air);
        self.columns = top(&mut left, 1);
        let most = (left.height / 4).max(4);
        self.people = top(&mut left, people.min(most));
        top(&mut left, 1);
        self.fields = top(&mut left, FIELDS);
        top(&mut left, air);
        let warnings = u16::try_from(some.plan.warnings.len()).unwrap_or(WARNINGS);
        self.warnings = bottom(&mut left, warnings.min(WARNINGS));
        let width = match left.width {
            110.. => left.width * 5 / 8,
            _ => left.width * 11 / 20,
        };
        if some.plan.done().is_some() {
            // What became of each takes more words than what would; what stays is no news then.
            self.heading = top(&mut left, 1);
            self.moves = left;
            return;
        }
        let mut moves = Rect { width, ..left };
        let mut stays = Rect {
            x: width + 1,
            width: left.width - width - 1,
            ..left
        };
        self.heading = top(&mut moves, 1);
        self.heading_of_stays = top(&mut stays, 1);
        (self.moves, self.stays) = (moves, stays);
    }

    fn alone(&mut self, mut left: Rect, some: &HandBackSome) {
        let low = left.height < 6;
        match some.focus {
            Focus::Whose => {
                self.columns = top(&mut left, u16::from(!low));
                self.people = left;
            }
            Focus::Moves => {
                self.heading = top(&mut left, 1);
                let warnings = u16::try_from(some.plan.warnings.len()).unwrap_or(WARNINGS);
                let room = if low { 0 } else { WARNINGS };
                self.warnings = bottom(&mut left, warnings.min(room));
                self.moves = left;
            }
            Focus::Stays => {
                self.heading_of_stays = top(&mut left, 1);
                self.stays = left;
            }
            _ => self.fields = left,
        }
    }

    /// Where a list for one of the fields hangs.
    #[must_use]
    pub fn below_the_people(&self) -> u16 {
        match self.are_together() {
            true => self.fields.y,
            false => self.title.bottom(),
        }
    }

    /// Whether the parts stand together.
    #[must_use]
    pub fn are_together(&self) -> bool {
        !self.fields.is_empty() && !self.people.is_empty()
    }

    /// How many rows of a part are shown at once.
    #[must_use]
    pub fn lines(&self, part: Focus) -> usize {
        usize::from(match part {
            Focus::Moves => self.moves.height,
            Focus::Stays => self.stays.height,
            _ => self.people.height,
        })
    }

    /// The first row of a part to show so that its cursor is in sight.
    #[must_use]
    pub fn top(&self, top: usize, cursor: usize, count: usize, part: Focus) -> usize {
        match self.lines(part) {
            0 => top,
            lines => layer::in_sight(top, cursor, count, lines),
        }
    }
}

/// Draws the screen.
pub fn draw(canvas: &mut Canvas<'_>, model: &Model, some: &HandBackSome) {
    let parts = Parts::of(model);
    canvas.offer(canvas.area(), Target::Layer);
    title(canvas, &parts, model, some);
    load::draw(canvas, &parts, model, some);
    fields::draw(canvas, &parts, model, some);
    moving::draw(canvas, &parts, model, some);
}

/// The first line: what this is, who one is, and whether what is shown is true.
fn title(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    let line = Strip::of(parts.title, 0).inset();
    let (link, role) = header::link(model);
    let mut left = canvas.write_right(line, &link, role).less(2);
    let part = match some.focus {
        _ if parts.are_together() => Safe::default(),
        Focus::Whose => Safe::literal(": whose"),
        Focus::Moves => Safe::literal(": moves"),
        Focus::Stays => Safe::literal(": stays"),
        _ => Safe::literal(": which"),
    };
    let words = say!("Hand back some{part}");
    let columns = canvas.width(&words);
    if let Some(me) = model.me.as_ref().filter(|_| parts.are_together()) {
        let who = say!("{} · {}", me.user.name, me.organisation.name);
        if canvas.width(&who) + columns + 4 <= left.width {
            left = canvas.write_right(left, &who, Role::Dim);
        }
    }
    canvas.write(left, &words, Role::Strong);
}

/// The mark of where the keys go.
fn mark_focus(canvas: &mut Canvas<'_>, x: u16, y: u16) {
    canvas.sign(x, y, Sign::Cursor, Role::Cursor);
}

/// What the line above the keys says while there is nothing newer to say.
#[must_use]
pub fn state(model: &Model) -> Option<(Safe, Role)> {
    let some = model.hand_back_some()?;
    if model.said_since(some.heard.as_ref()) {
        return None; // It was said since this screen is open.
    }
    let count = some.plan.moving();
    Some(match (some.plan.done(), &some.plan.operation) {
        (None, Some(_)) => (say!("{}…", doing(some, count)), Role::Accent),
        (None, None) => (Safe::literal("Nothing has moved yet"), Role::Text),
        (Some(came), _) => (
            say!("{} moved, {} stayed", came.moved, came.failed),
            Role::Text,
        ),
    })
}

fn doing(some: &HandBackSome, count: usize) -> Safe {
    match (some.then, some.takers.now.as_slice()) {
        (Then::Queue, _) => say!("Handing back {count}"),
        (Then::Give, [taker]) => say!("Giving {count} to {}", taker.name),
        (_, takers) => say!("Spreading {count} over {}", takers.len()),
    }
}

/// What a key does now, if that is worth a place in the footer.
#[must_use]
pub fn what(model: &Model, command: Command, usual: Option<Safe>) -> Option<Safe> {
    let Some(Layer::Some(some)) = model.layers.last() else {
        return usual;
    };
    let (plan, field) = (&some.plan, some.focus);
    let failed = plan.done().map_or(0, |came| came.failed);
    match command {
        Command::HandBackThese if matches!(field, Focus::Rule) => Some(Safe::literal("change")),
        Command::HandBackThese if matches!(field, Focus::Queue | Focus::Status) => usual,
        Command::HandBackThese if some.then == Then::Give && some.takers.now.is_empty() => some
            .is_ready()
            .then(|| Safe::literal("choose who gets them")),
        Command::HandBackThese if some.then == Then::Spread && some.takers.now.is_empty() => None,
        Command::HandBackThese => some.is_ready().then(|| deed(some)),
        Command::Mark => match field {
            Focus::Moves if plan.done().is_some() => None,
            Focus::Moves => match plan.moves().get(plan.cursor()) {
                Some(moving) if moving.kept => Some(Safe::literal("let it go")),
                _ => usual,
            },
            Focus::Stays | Focus::Rule => None,
            Focus::Then if some.then == Then::Queue => None,
            Focus::Then => Some(Safe::literal("choose who")),
            Focus::Queue | Focus::Status => None, // ↵ does it too.
            _ => usual,
        },
        Command::Retry => (failed > 0 && field.place() == crate::console::command::Place::Moving)
            .then(|| say!("look again at {failed}")),
        Command::Undo => {
            let act = model.last_act.as_ref().filter(|act| act.undoable)?;
            let moved = plan.done().filter(|came| came.moved > 0);
            moved.and(usual).filter(|_| !act.on.is_empty())
        }
        Command::Back if plan.done().is_some() || plan.operation.is_some() => usual,
        Command::Back if model.size.0 >= 100 => Some(Safe::literal("leave, nothing moved")),
        _ => usual,
    }
}

/// What `↵` does.
fn deed(some: &HandBackSome) -> Safe {
    let count = some.plan.moving();
    let these = match count {
        1 => Safe::literal("this one"),
        _ => say!("these {count}"),
    };
    match (some.then, some.takers.now.as_slice()) {
        (Then::Queue, _) => say!("hand back {these}"),
        (Then::Give, [taker]) => say!("give {these} to {}", first_word(&taker.name)),
        (_, takers) => say!("spread {these} over {}", takers.len()),
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
