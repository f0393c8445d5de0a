//! The choice: from whom, how many, which, why, and where to. The field that has the keys has a mark before it, and the
//! hardware cursor in it.

use super::parts::Parts;
use crate::{
    console::{
        model::{
            Model,
            some::{Focus, HandBackSome, MOST, Then},
        },
        theme::{Role, Sign},
        view::{
            canvas::Canvas,
            entry::first_word,
            field, scroll,
            strip::Strip,
            target::{Spot, Target},
        },
    },
    domain::text::Safe,
    say,
};

/// Where the first field of a line begins, its mark one column before.
const BEGIN: u16 = 9;
/// The columns of the number with its brackets.
const NUMBER: u16 = 6;
/// The columns a box has beside its value: brackets, a space and the sign that it opens.
const BOX: u16 = 4;

/// A line of its own, where each field has one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    From,
    Field(Focus),
    Then(usize),
}

/// Draws the fields.
pub(super) fn draw(canvas: &mut Canvas<'_>, parts: &Parts, model: &Model, some: &HandBackSome) {
    if parts.fields.is_empty() {
        return;
    }
    if !parts.are_together() {
        return one_each(canvas, parts, model, some);
    }
    let line = |row| Strip::of(parts.fields, row);
    from(canvas, line(0), some);
    which(canvas, line(1), some);
    reason(canvas, line(2), some);
    label(canvas, line(3), "Then");
    then(canvas, line(3), some);
}

/// Each field on a line of its own; the one that has the keys is in sight.
fn one_each(canvas: &mut Canvas<'_>, parts: &Parts, _: &Model, some: &HandBackSome) {
    let mut lines = vec![Line::From];
    lines.extend(
        [
            Focus::Number,
            Focus::Rule,
            Focus::Queue,
            Focus::Status,
            Focus::Reason,
        ]
        .map(Line::Field),
    );
    lines.extend((0..Then::ALL.len()).map(Line::Then));
    let way = Then::ALL.iter().position(|then| *then == some.then);
    let here = match some.focus {
        Focus::Then => Line::Then(way.unwrap_or(0)),
        focus => Line::Field(focus),
    };
    let at = lines.iter().position(|line| *line == here).unwrap_or(0);
    let height = usize::from(parts.fields.height);
    let top = scroll::in_sight(0, at, lines.len(), height);
    for (y, line) in (0..parts.fields.height).zip(lines.into_iter().skip(top)) {
        let strip = Strip::of(parts.fields, y);
        match line {
            Line::From => from(canvas, strip, some),
            Line::Field(Focus::Number) => number(canvas, strip, some),
            Line::Field(Focus::Reason) => reason(canvas, strip, some),
            Line::Field(focus) => {
                let name = match focus {
                    Focus::Rule => "Rule",
                    Focus::Queue => "Queue",
                    _ => "Status",
                };
                label(canvas, strip, name);
                let room = strip.skip(BEGIN - 1).less(1);
                choice(canvas, room, some, focus, &value(some, focus));
            }
            Line::Then(index) => {
                if index == 0 {
                    label(canvas, strip, "Then");
                }
                let room = strip.skip(BEGIN - 1).less(1);
                way_of(canvas, room, some, index);
            }
        }
    }
}

fn label(canvas: &mut Canvas<'_>, line: Strip, words: &'static str) {
    let room = line.take(BEGIN - 1).inset();
    canvas.write(room, &Safe::literal(words), Role::Dim);
}

/// Whose, and how much that is.
fn from(canvas: &mut Canvas<'_>, line: Strip, some: &HandBackSome) {
    label(canvas, line, "From");
    let room = line.skip(BEGIN).less(1);
    let names: Vec<Safe> = some.load.picked().map(|p| p.user.name.clone()).collect();
    if names.is_empty() {
        canvas.write(
            room,
            &Safe::literal("nobody yet: space picks, one or several"),
            Role::Dim,
        );
        return;
    }
    let all = some.load.picked().map(|person| person.open);
    let open = all.fold(0, u64::saturating_add);
    let words = Safe::join(&Safe::literal(", "), &names);
    let count = say!(" · {open} open");
    let room_for_names = room.less(canvas.width(&count));
    let left = canvas.write(room_for_names, &words, Role::Text);
    let after = Strip {
        width: room.x + room.width - left.x,
        ..left
    };
    canvas.write(after, &count, Role::Dim);
}

/// How many, the rule, the queue and the status, on one line.
fn which(canvas: &mut Canvas<'_>, line: Strip, some: &HandBackSome) {
    number(canvas, line, some);
    let left = line.skip(BEGIN + NUMBER + 1).less(1);
    let rule = value(some, Focus::Rule);
    let left = choice(canvas, left, some, Focus::Rule, &rule).skip(2);
    let (queue, status) = (value(some, Focus::Queue), value(some, Focus::Status));
    let labels = 5 + 1 + 2 + 6 + 1;
    let room = left.width.saturating_sub(labels + 2 * BOX);
    let wanted = canvas.width(&queue);
    let for_queue = wanted.min(room.saturating_sub(canvas.width(&status)).max(room / 2));
    let left = canvas.write(left, &Safe::literal("queue"), Role::Dim);
    let box_of_queue = left.take(1 + for_queue + BOX);
    choice(canvas, box_of_queue, some, Focus::Queue, &queue);
    let left = left.skip(box_of_queue.width + 2);
    let left = canvas.write(left, &Safe::literal("status"), Role::Dim);
    choice(canvas, left, some, Focus::Status, &status);
}

fn number(canvas: &mut Canvas<'_>, line: Strip, some: &HandBackSome) {
    label(canvas, line, "Number");
    let strip = line.skip(BEGIN - 1).take(1 + NUMBER);
    let hint = Safe::literal("all");
    text(canvas, strip, some, Focus::Number, &hint);
    let typed: u32 = some.number.text.parse().unwrap_or(0);
    if typed > u32::from(MOST) && line.width > 40 && some.focus == Focus::Number {
        let words = say!("at most {MOST} at once");
        let room = line.skip(BEGIN + NUMBER + 1).take(24);
        canvas.write(room, &words, Role::Warning);
    }
}

fn reason(canvas: &mut Canvas<'_>, line: Strip, some: &HandBackSome) {
    label(canvas, line, "Reason");
    let strip = line.skip(BEGIN - 1).less(1);
    let hint = match some
        .load
        .picked()
        .next()
        .filter(|_| some.load.count_picked() == 1)
    {
        Some(person) => say!(
            "shown to {} and to whoever takes them",
            first_word(&person.user.name)
        ),
        None => Safe::literal("shown to those who had them and to whoever takes them"),
    };
    text(canvas, strip, some, Focus::Reason, &hint);
}

/// A field one types in: a mark's column, then brackets with the text, or with what it is for.
fn text(canvas: &mut Canvas<'_>, strip: Strip, some: &HandBackSome, focus: Focus, hint: &Safe) {
    let field = match focus {
        Focus::Number => &some.number,
        _ => &some.reason,
    };
    canvas.offer(strip.area(), Target::Some(Spot::Part(focus)));
    let role = brackets(canvas, strip, some, focus);
    let inside = strip.skip(2).less(1);
    if some.focus == focus {
        let left = field::type_into(canvas, inside, &field.text);
        if field.text.is_empty() {
            canvas.write(left.skip(1), hint, Role::Dim);
        }
    } else if field.text.is_empty() {
        canvas.write(inside, hint, Role::Dim);
    } else {
        canvas.write(inside, &Safe::line(&field.text), role);
    }
}

/// A field one chooses for; gives what is left of the strip behind it.
fn choice(
    canvas: &mut Canvas<'_>,
    strip: Strip,
    some: &HandBackSome,
    focus: Focus,
    value: &Safe,
) -> Strip {
    let strip_of = strip.take(1 + BOX + canvas.width(value));
    canvas.offer(strip_of.area(), Target::Some(Spot::Part(focus)));
    let role = brackets(canvas, strip_of, some, focus);
    let inside = strip_of.skip(2).less(1);
    let rest = canvas.write(inside.less(2), value, role);
    if inside.width > 1 {
        canvas.sign(rest.x + 1, rest.y, Sign::Down, Role::Dim);
    }
    if some.focus == focus {
        canvas.place_cursor(inside.x, inside.y);
    }
    strip.skip(strip_of.width)
}

/// The mark and the brackets of a field; gives the role of what is in it.
fn brackets(canvas: &mut Canvas<'_>, strip: Strip, some: &HandBackSome, focus: Focus) -> Role {
    let has_keys = some.focus == focus;
    if strip.width < 4 {
        return Role::Text;
    }
    if has_keys {
        mark_focus(canvas, strip.x, strip.y);
    }
    let edge = if has_keys { Role::Cursor } else { Role::Dim };
    canvas.write(strip.skip(1).take(1), &Safe::literal("["), edge);
    canvas.write(strip.skip(strip.width - 1), &Safe::literal("]"), edge);
    if has_keys {
        Role::MenuCursor
    } else {
        Role::Text
    }
}

/// What a field says.
fn value(some: &HandBackSome, focus: Focus) -> Safe {
    match focus {
        Focus::Rule if some.untouched => Safe::literal("untouched only"),
        Focus::Rule => Safe::literal("oldest waiting"),
        Focus::Queue => some
            .queue
            .as_ref()
            .map_or(Safe::literal("any"), |q| q.name.clone()),
        _ => some
            .status
            .as_ref()
            .map_or(Safe::literal("any"), |s| s.name.clone()),
    }
}

/// The three ways it can go then, on one line.
fn then(canvas: &mut Canvas<'_>, line: Strip, some: &HandBackSome) {
    let mut left = line.skip(BEGIN - 1).less(1);
    for index in 0..Then::ALL.len() {
        let rest = way_of(canvas, left, some, index);
        left = rest.skip(1);
    }
}

/// One way it can go then; gives what is left of the strip behind it.
fn way_of(canvas: &mut Canvas<'_>, strip: Strip, some: &HandBackSome, index: usize) -> Strip {
    let way = Then::ALL[index];
    let chosen = some.then == way;
    let has_keys = chosen && some.focus == Focus::Then;
    let words = match (way, chosen, some.takers.now.as_slice()) {
        (Then::Queue, ..) => Safe::literal("leave to the queue"),
        (Then::Give, true, [taker]) => say!("give to {}", taker.name).cut(28, "…"),
        (Then::Give, ..) => Safe::literal("give to…"),
        (Then::Spread, true, []) if some.takers.is_asking() => {
            Safe::literal("spread: asking who can take them")
        }
        (Then::Spread, true, []) => Safe::literal("spread: nobody signed in can take them"),
        (Then::Spread, true, takers) => say!("spread over {} signed in", takers.len()),
        (Then::Spread, false, _) => Safe::literal("spread over those signed in"),
    };
    let sign = if chosen { "(x) " } else { "( ) " };
    if has_keys && strip.width > 0 {
        mark_focus(canvas, strip.x, strip.y);
        canvas.place_cursor(strip.x + 2, strip.y);
    }
    let role = match (has_keys, chosen) {
        (true, _) => Role::MenuCursor,
        (false, true) => Role::Text,
        (false, false) => Role::Dim,
    };
    let start = strip.skip(1);
    let left = canvas.write(start, &Safe::literal(sign), role);
    let left = canvas.write(left, &words, role);
    let whole = start.take(left.x - start.x);
    canvas.offer(whole.area(), Target::Some(Spot::Then(index)));
    left
}

/// The mark of where the keys go.
fn mark_focus(canvas: &mut Canvas<'_>, x: u16, y: u16) {
    canvas.sign(x, y, Sign::Cursor, Role::Cursor);
}
